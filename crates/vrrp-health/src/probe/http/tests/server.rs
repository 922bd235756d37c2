use core::future::Future;
use core::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A server on loopback that ends with the test.
pub(super) struct Server {
    pub(super) at: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// A server that does `serve` with each connection.
    pub(super) async fn start<F, S>(serve: F) -> Self
    where
        F: Fn(TcpStream) -> S + Send + 'static,
        S: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let at = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream));
            }
        });
        Self { at, task }
    }

    /// A server that says `answer` to each request, and what it was asked.
    pub(super) async fn answering(answer: impl Into<Vec<u8>>) -> (Self, Arc<Mutex<String>>) {
        let (answer, asked) = (Arc::new(answer.into()), Arc::new(Mutex::default()));
        let seen = Arc::clone(&asked);
        let server = Self::start(move |mut stream| {
            let (answer, seen) = (Arc::clone(&answer), Arc::clone(&seen));
            async move {
                let head = request(&mut stream).await;
                *seen.lock().unwrap() = head;
                say(&mut stream, &answer).await;
            }
        });
        (server.await, asked)
    }

    /// Stops listening, and returns when nobody listens any more.
    pub(super) async fn stop(mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Reads a request's head.
pub(super) async fn request(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { break };
        head.push(byte);
    }
    String::from_utf8(head).unwrap()
}

/// Writes all of `answer`, as far as somebody listens.
pub(super) async fn say(stream: &mut (impl AsyncWrite + Unpin), answer: &[u8]) {
    if stream.write_all(answer).await.is_ok() {
        let _ = stream.shutdown().await;
    }
}

/// An answer with this status, and this body.
pub(super) fn answer(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}
