use core::time::Duration;
use std::io;
use std::path::PathBuf;

use thiserror::Error as ThisError;
use vrrp_control::ClientError;

use crate::exit::Exit;

/// Why a command has no outcome.
#[derive(Debug, ThisError)]
pub(crate) enum Error {
    /// The socket is not there, or nobody listens.
    #[error(
        "no daemon answers at {}: {source}\n  is vrrpd running? its socket is where its own --control says",
        path.display()
    )]
    NoDaemon {
        /// The socket.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The socket may not be opened.
    #[error("may not open {}: {source}\n  become root, or join the group that owns it", path.display())]
    NoPermission {
        /// The socket.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Somebody listens and does not answer.
    #[error("no answer at {} for {after:?}", path.display())]
    Silent {
        /// The socket.
        path: PathBuf,
        /// How long.
        after: Duration,
    },
    /// The stream of events is over.
    #[error("the daemon has ended the stream of events")]
    Ended,
    /// The daemon says that this user may not.
    #[error("{words}\n  only root and the group of {} may change anything", path.display())]
    Forbidden {
        /// The socket.
        path: PathBuf,
        /// The daemon's words.
        words: String,
    },
    /// The daemon speaks otherwise.
    #[error("the daemon is version {daemon}, this is vrrpctl {ours}: {source}", ours = env!("CARGO_PKG_VERSION"))]
    OtherVersion {
        /// The daemon's version.
        daemon: String,
        /// What was not understood.
        source: ClientError,
    },
    /// Anything else that a client can meet.
    #[error(transparent)]
    Client(ClientError),
    /// There is no such virtual router.
    #[error("there is no virtual router {name:?}{}", list(known))]
    NoSuchRouter {
        /// The name asked for.
        name: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// Standard output, a file or the terminal failed.
    #[error("{what}: {source}")]
    Io {
        /// What was being written.
        what: String,
        /// Why.
        source: io::Error,
    },
    /// `watch` draws, and has nowhere to.
    #[error("watch needs a terminal; in a pipe use `status`, or `events --follow`")]
    NoTerminal,
    /// What was to be printed could not be written down.
    #[error("cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The program could not start its own machinery.
    #[error("cannot start: {0}")]
    Runtime(io::Error),
}

impl Error {
    /// What the exit status says of it.
    pub(crate) const fn exit(&self) -> Exit {
        match self {
            Self::NoDaemon { .. } | Self::Silent { .. } | Self::Ended => Exit::NoDaemon,
            Self::NoPermission { .. } | Self::Forbidden { .. } => Exit::NotPermitted,
            Self::OtherVersion { .. } => Exit::OtherVersion,
            Self::Client(_)
            | Self::NoSuchRouter { .. }
            | Self::Io { .. }
            | Self::NoTerminal
            | Self::Json(_)
            | Self::Runtime(_) => Exit::Failed,
        }
    }

    /// That writing `what` failed.
    pub(crate) fn writing(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!("; there is {}", names.join(", ")) }
}
