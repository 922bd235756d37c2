use std::path::{Path, PathBuf};

use thiserror::Error;
use vrrp_rehearsal::{ReplayError, SiteError};

impl SimulateError {
    /// What became of a file.
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::File { path: path.to_path_buf(), source }
    }
}

/// Why nothing is simulated.
#[derive(Debug, Error)]
pub(crate) enum SimulateError {
    /// There are not as many names as files.
    #[error("{names} names for {files} files")]
    Names {
        /// Names.
        names: usize,
        /// Files.
        files: usize,
    },
    /// The files cannot be put together.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// The report cannot be written down.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A log cannot be read, or a picture not be written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A log says nothing that could be replayed.
    #[error("{}: {source}", path.display())]
    Log {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: ReplayError,
    },
    /// The logs cannot be replayed.
    #[error(transparent)]
    Replay(#[from] ReplayError),
}
