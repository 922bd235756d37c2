mod question;

use core::net::SocketAddr;
use core::time::Duration;
use std::sync::Arc;

pub use question::DnsQuestion;

use super::Origin;
use crate::Outcome;

/// A DNS answer.
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
    /// Asks the server.
    pub(crate) async fn probe(&self) -> Outcome {
        Outcome::CouldNotRun("not built".into())
    }
}
