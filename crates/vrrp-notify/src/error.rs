//! What can go wrong, one enum for each operation.

use core::time::Duration;
use std::io;
use std::path::PathBuf;

/// Why the notifier did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// There was no thread to be had.
    #[error("no thread for notification")]
    Thread(#[source] io::Error),
    /// The thread could not have timers and sockets.
    #[error("no timers and sockets for notification")]
    Runtime(#[source] io::Error),
}

/// Why a FIFO cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FifoError {
    /// It could not be made.
    #[error("{} cannot be made", path.display())]
    Create {
        /// The FIFO.
        path: PathBuf,
        /// What the kernel says.
        source: io::Error,
    },
    /// It could not be given to its owner.
    #[error("{} cannot be given to its owner", path.display())]
    Owner {
        /// The FIFO.
        path: PathBuf,
        /// What the kernel says.
        source: io::Error,
    },
    /// It could not be opened.
    #[error("{} cannot be opened", path.display())]
    Open {
        /// The FIFO.
        path: PathBuf,
        /// What the kernel says.
        source: io::Error,
    },
    /// What is there is no FIFO.
    #[error("{} is no FIFO", path.display())]
    NotFifo {
        /// What stands in its place.
        path: PathBuf,
    },
    /// It is somebody else's, who could be reading along.
    #[error("{} belongs to user {owner}, neither to us nor to its configured owner", path.display())]
    Foreign {
        /// The FIFO.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
    },
    /// There is no such user.
    #[error("there is no user {0}")]
    NoUser(Box<str>),
    /// There is no such group.
    #[error("there is no group {0}")]
    NoGroup(Box<str>),
}

/// Why a mail did not go out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MailError {
    /// The message could not be put together.
    #[error("the message cannot be written")]
    Message(#[from] lettre::error::Error),
    /// The server refused it or went away.
    #[error("the mail server did not take it: {}", reasons(.0))]
    Smtp(#[from] lettre::transport::smtp::Error),
    /// The server did not take it in time.
    #[error("the mail server did not take it within {0:?}")]
    Timeout(Duration),
    /// Too many mails were waiting for the server.
    #[error("too many mails were waiting")]
    Overrun,
}

/// Why a text is no mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no mail address")]
pub struct MailboxError {
    /// The text.
    pub text: Box<str>,
}

/// An error and what lies behind it, in one line.
fn reasons(error: &dyn core::error::Error) -> String {
    let behind = core::iter::successors(error.source(), |error| error.source());
    behind.fold(error.to_string(), |words, error| format!("{words}: {error}"))
}
