mod message;
mod question;
mod socket;
#[cfg(test)]
mod tests;

use core::net::SocketAddr;
use core::time::Duration;
use std::io;
use std::sync::Arc;

pub use question::DnsQuestion;

use message::{Reply, judge, query};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UdpSocket;
use tokio::time::timeout;

use super::connect::{connect, io_words};
use super::{Endpoint, Origin};
use crate::Outcome;

/// A DNS answer: over UDP, and over TCP where it is too long for a datagram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dns {
    /// The server that is asked.
    pub server: SocketAddr,
    /// What it is asked.
    pub question: DnsQuestion,
    /// What one of the answers must be, as zone files write it (an address, a name, a text with or without quotes).
    /// Without it any answer of the type is well.
    pub expect: Option<Arc<str>>,
    /// After how long without an answer the question is asked once more: half the deadline is meant.
    pub again: Duration,
    /// Where from.
    pub origin: Origin,
}

impl Dns {
    /// Asks the server. It waits for as long as it is waited for.
    pub async fn probe(&self) -> Outcome {
        match self.ask().await {
            Ok(outcome) | Err(outcome) => outcome,
        }
    }

    async fn ask(&self) -> Result<Outcome, Outcome> {
        let id = fastrand::u16(..);
        let query = query(&self.question, id).map_err(|error| Outcome::CouldNotRun(error.to_string().into()))?;
        match self.ask_by_datagram(&query, id).await? {
            Reply::Judged(outcome) => Ok(outcome),
            Reply::NotOurs | Reply::Truncated => self.ask_by_stream(&query, id).await,
        }
    }

    async fn ask_by_datagram(&self, query: &[u8], id: u16) -> Result<Reply, Outcome> {
        let socket = socket::open(self.server, &self.origin)?;
        let failed = |error: io::Error| self.failed(&error);
        socket.send(query).await.map_err(failed)?;
        if let Ok(reply) = timeout(self.again, self.reply(&socket, id)).await {
            return reply.map_err(failed);
        }
        socket.send(query).await.map_err(failed)?;
        self.reply(&socket, id).await.map_err(failed)
    }

    /// Waits for a datagram that answers; others are let pass (RFC 5452 §9.1).
    async fn reply(&self, socket: &UdpSocket, id: u16) -> io::Result<Reply> {
        let mut buffer = vec![0; 4096];
        loop {
            let length = socket.recv(&mut buffer).await?;
            let datagram = buffer.get(..length).unwrap_or_default();
            match self.judge(datagram, id) {
                Reply::NotOurs => {}
                reply @ (Reply::Truncated | Reply::Judged(_)) => return Ok(reply),
            }
        }
    }

    /// Asks over TCP, where a message has its length before it (RFC 1035 §4.2.2).
    async fn ask_by_stream(&self, query: &[u8], id: u16) -> Result<Outcome, Outcome> {
        let mut stream = connect(&Endpoint::from(self.server), &self.origin).await?;
        let failed = |error: io::Error| self.failed(&error);
        let length = u16::try_from(query.len()).unwrap_or(u16::MAX);
        let framed = [&length.to_be_bytes(), query].concat();
        stream.write_all(&framed).await.map_err(failed)?;
        let length = stream.read_u16().await.map_err(failed)?;
        let mut answer = vec![0; usize::from(length)];
        stream.read_exact(&mut answer).await.map_err(failed)?;
        match self.judge(&answer, id) {
            Reply::Judged(outcome) => Ok(outcome),
            Reply::NotOurs => Err(Outcome::Failed("the answer over TCP is to another question".into())),
            Reply::Truncated => Err(Outcome::Failed("the answer over TCP is cut short".into())),
        }
    }

    fn judge(&self, message: &[u8], id: u16) -> Reply {
        judge(message, id, &self.question, self.expect.as_deref())
    }

    fn failed(&self, error: &io::Error) -> Outcome {
        let early = error.kind() == io::ErrorKind::UnexpectedEof;
        let words = if early { "connection closed before the answer was complete".to_owned() } else { io_words(error) };
        Outcome::Failed(format!("{words} ({})", self.server).into())
    }
}
