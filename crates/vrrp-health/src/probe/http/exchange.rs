//! One request and its answer over a connection that is then closed.

use core::error::Error as _;
use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;
use std::io;

use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::probe::connect::io_words;

/// How much of a body is read.
pub(super) const MOST_BODY: usize = 1 << 20;
/// How long the status line and headers may be together.
const MOST_HEAD: usize = 64 << 10;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("{}", words(.0))]
    Http(#[from] hyper::Error),
    #[error("body is longer than {MOST_BODY} bytes")]
    LongBody,
}

/// An answer; the body only where it was wanted.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
}

/// Sends `request` and reads the answer, its body only when `wanted` says so of the status.
pub(super) async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    request: Request<Empty<Bytes>>,
    wanted: impl FnOnce(StatusCode) -> bool,
) -> Result<Answer, Fault> {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(MOST_HEAD);
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await?;
    let answer = async move {
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = if wanted(status) { body(response).await? } else { Vec::new() };
        Ok(Answer { status, body })
    };
    beside(connection, answer).await
}

/// Runs `answer` to its end and `connection` for as long as that takes. No task is spawned: whoever drops this has
/// dropped it all.
async fn beside(
    connection: impl Future<Output = hyper::Result<()>>,
    answer: impl Future<Output = Result<Answer, Fault>>,
) -> Result<Answer, Fault> {
    let (mut connection, mut answer) = (pin!(connection), pin!(answer));
    let mut closed = None;
    poll_fn(|context| {
        if closed.is_none()
            && let Poll::Ready(done) = connection.as_mut().poll(context)
        {
            closed = Some(done.err());
        }
        let answer = core::task::ready!(answer.as_mut().poll(context));
        Poll::Ready(answer.map_err(|fault| first_cause(fault, closed.take().flatten())))
    })
    .await
}

/// A request that was cancelled was so because of what became of the connection.
fn first_cause(fault: Fault, connection: Option<hyper::Error>) -> Fault {
    match (&fault, connection) {
        (Fault::Http(error), Some(cause)) if error.is_canceled() || error.is_closed() => Fault::Http(cause),
        _ => fault,
    }
}

async fn body(response: Response<Incoming>) -> Result<Vec<u8>, Fault> {
    let mut incoming = response.into_body();
    let mut body = Vec::new();
    while let Some(frame) = incoming.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        if body.len() + data.len() > MOST_BODY {
            return Err(Fault::LongBody);
        }
        body.extend_from_slice(&data);
    }
    Ok(body)
}

fn words(error: &hyper::Error) -> String {
    if error.is_parse() {
        return format!("the answer cannot be read as HTTP: {error}");
    }
    let cause = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    let early = error.is_incomplete_message() || error.is_canceled() || error.is_closed();
    if early || cause.is_some_and(|cause| cause.kind() == io::ErrorKind::UnexpectedEof) {
        return "connection closed before the answer was complete".to_owned();
    }
    cause.map_or_else(|| error.to_string(), io_words)
}
