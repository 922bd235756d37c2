use core::net::SocketAddr;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why a server could not begin to serve.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Another process answers at the control socket.
    #[error("another process serves the control socket {}", path.display())]
    Taken {
        /// The socket.
        path: PathBuf,
    },
    /// Something that is no socket lies in the way.
    #[error("{} is in the way of the control socket, and is no socket", path.display())]
    InTheWay {
        /// What.
        path: PathBuf,
    },
    /// The control socket could not be made.
    #[error("cannot make the control socket {}: {source}", path.display())]
    Control {
        /// The socket.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no group of this name.
    #[error("there is no group {0}")]
    NoSuchGroup(String),
    /// The address for metrics could not be listened on.
    #[error("cannot serve metrics on {address}: {source}")]
    Metrics {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// There is no thread to be had.
    #[error("cannot start the server's thread")]
    Thread(#[source] io::Error),
}
