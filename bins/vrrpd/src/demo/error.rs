use std::io;
use std::path::PathBuf;

use vrrp_lab::{DaemonError, EnterError, LabError};

/// Why a demonstration could not be shown to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    /// The namespaces could not be entered.
    #[error(transparent)]
    Enter(#[from] EnterError),
    /// The LAN could not be made, or the client did not see in time what it should.
    #[error(transparent)]
    Lab(#[from] LabError),
    /// A router could not be started or stopped.
    #[error(transparent)]
    Daemon(#[from] DaemonError),
    /// A router did not end as it should.
    #[error("the daemon on {router} ended with {status}")]
    Status {
        /// Whose.
        router: &'static str,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// The plot could not be written.
    #[error("cannot write {}: {source}", .path.display())]
    Plot {
        /// Where to.
        path: PathBuf,
        /// The kernel's refusal.
        source: io::Error,
    },
}
