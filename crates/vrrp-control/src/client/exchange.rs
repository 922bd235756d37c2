//! One request and its answer, on a connection of its own.

use std::path::Path;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;

use crate::Refusal;
use crate::error::ClientError;

/// No answer of a daemon is longer: ten thousand virtual routers fit.
const LONGEST: usize = 256 * 1024 * 1024;

/// Asks, and reads the whole answer.
pub(super) async fn whole(
    path: &Path,
    method: Method,
    target: &str,
    body: Option<Vec<u8>>,
) -> Result<Vec<u8>, ClientError> {
    read(open(path, method, target, body).await?).await
}

/// Asks; gives the body of an answer that says yes.
pub(super) async fn open(
    path: &Path,
    method: Method,
    target: &str,
    body: Option<Vec<u8>>,
) -> Result<Incoming, ClientError> {
    let stream = UnixStream::connect(path).await;
    let stream = stream.map_err(|source| ClientError::Connect { path: path.to_owned(), source })?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // It ends with the answer; how, the answer tells.
    tokio::spawn(connection);
    let request = Request::builder().method(method).uri(target).header(HOST, "vrrpd");
    let request = request.header(CONTENT_TYPE, "application/json");
    let request = request.body(Full::new(Bytes::from(body.unwrap_or_default())))?;
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    if status.is_success() {
        return Ok(answer.into_body());
    }
    let bytes = read(answer.into_body()).await?;
    let refusal = serde_json::from_slice(&bytes)
        .unwrap_or_else(|_| Refusal { error: "unknown".to_owned(), words: format!("the daemon refuses: {status}") });
    Err(ClientError::Refused { status: status.as_u16(), refusal })
}

async fn read(mut body: Incoming) -> Result<Vec<u8>, ClientError> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Some(data) = frame?.data_ref() {
            if bytes.len() + data.len() > LONGEST {
                return Err(ClientError::TooLong { limit: LONGEST });
            }
            bytes.extend_from_slice(data);
        }
    }
    Ok(bytes)
}
