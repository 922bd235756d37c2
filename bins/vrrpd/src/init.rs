//! What a process owes the system when it runs as PID 1 of a container: to bury the dead.

use core::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

/// Until a check or a hook has reaped its own, behind which orphans may be hidden.
const A_MOMENT: Duration = Duration::from_millis(20);

/// Reaps orphans for ever, if this is PID 1; else never returns and costs nothing. Checks and hooks reap their own.
pub(crate) async fn reap_orphans() {
    if std::process::id() == 1
        && let Ok(mut children) = signal(SignalKind::child())
    {
        while children.recv().await.is_some() {
            while !vrrp::bury_orphans() {
                tokio::time::sleep(A_MOMENT).await;
            }
        }
    }
    core::future::pending().await
}
