//! What a process owes the system when it runs as PID 1 of a container: to bury the dead.

use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use tokio::signal::unix::{SignalKind, signal};

/// Reaps orphans for ever, if this is PID 1; else never returns and costs nothing.
pub(crate) async fn reap_orphans() {
    if std::process::id() == 1
        && let Ok(mut children) = signal(SignalKind::child())
    {
        while children.recv().await.is_some() {
            while matches!(waitpid(None, Some(WaitPidFlag::WNOHANG)), Ok(status) if status != WaitStatus::StillAlive) {}
        }
    }
    core::future::pending().await
}
