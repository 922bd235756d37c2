use thiserror::Error;

use crate::SiteError;

/// Why logs cannot be replayed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The configurations cannot be put together.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// A log is no log of events.
    #[error("no log of events as `vrrpctl events --json` prints it: {0}")]
    Log(#[from] serde_json::Error),
    /// A log has no event.
    #[error("a log without events")]
    Empty,
    /// There are not as many logs as configurations.
    #[error("{logs} logs for {nodes} configurations")]
    Count {
        /// Logs.
        logs: usize,
        /// Configurations.
        nodes: usize,
    },
}
