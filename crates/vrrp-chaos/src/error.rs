use std::io;
use std::path::PathBuf;

use vrrp_lab::{DaemonError, EnterError, LabError};

/// A journal could not be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The file system refuses.
    #[error("{}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line is no entry of a journal.
    #[error("line {number} of the journal")]
    Line {
        /// Which line, from 1.
        number: usize,
        /// Why.
        source: serde_json::Error,
    },
}

/// A run could not go on: that says nothing about the daemons, but for one that does not start or does not end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChaosError {
    /// The LAN.
    #[error(transparent)]
    Lab(#[from] LabError),
    /// A daemon.
    #[error(transparent)]
    Daemon(#[from] DaemonError),
    /// The namespaces.
    #[error(transparent)]
    Enter(#[from] EnterError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The directory for what a run leaves.
    #[error("{}", path.display())]
    File {
        /// Which file or directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No such daemon.
    #[error("{word:?} is neither `ours` nor `keepalived`")]
    Make {
        /// What was given instead.
        word: String,
    },
}
