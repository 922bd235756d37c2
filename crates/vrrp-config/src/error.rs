use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why a file's text cannot be had; it reaches the caller as a diagnostic.
#[derive(Debug, Error)]
pub(crate) enum FileError {
    /// The operating system refuses.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Larger than [`crate::Limits::file_bytes`].
    #[error("{} is larger than {limit} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit, in bytes.
        limit: usize,
    },
    /// Not UTF-8.
    #[error("{} is no UTF-8 text: line {line} holds other bytes", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// The first line with other bytes, from 1.
        line: usize,
    },
    /// A directory, a device, or executable: keepalived skips such files in an `include`.
    #[error("{} is executable or no regular file", path.display())]
    Unfit {
        /// The file.
        path: PathBuf,
    },
}
