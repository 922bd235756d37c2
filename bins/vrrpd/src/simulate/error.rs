use std::path::PathBuf;

use thiserror::Error;
use vrrp_rehearsal::SiteError;

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
    /// A picture cannot be written.
    #[error("{}: {source}", path.display())]
    Write {
        /// Where to.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}
