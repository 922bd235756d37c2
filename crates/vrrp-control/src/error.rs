use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::Refusal;

/// Why a question to the daemon has no answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClientError {
    /// Nobody answers at the socket.
    #[error("cannot reach the daemon at {}: {source}", path.display())]
    Connect {
        /// The socket.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The conversation broke off.
    #[error("the daemon did not answer: {0}")]
    Http(#[from] hyper::Error),
    /// The answer could not be understood.
    #[error("the daemon's answer cannot be understood: {0}")]
    Json(#[from] serde_json::Error),
    /// The answer is longer than any that makes sense.
    #[error("the daemon's answer is longer than {limit} bytes")]
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// The daemon refuses.
    #[error("{}", refusal.words)]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Why.
        refusal: Refusal,
    },
    /// The request could not be written down.
    #[error("the request cannot be written: {0}")]
    Request(#[from] hyper::http::Error),
}
