use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::sync::Arc;

use nix::time::{ClockId, clock_gettime};

/// A sign of life of a [`Runner`](crate::Runner), for somebody else to look at: it beats twice a second.
#[derive(Debug, Clone)]
pub struct Heartbeat(Arc<AtomicU64>);

impl Heartbeat {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicU64::new(now())))
    }

    pub(crate) fn beat(&self) {
        self.0.store(now(), Ordering::Relaxed);
    }

    /// Returns when it last beat, in nanoseconds of `CLOCK_MONOTONIC`.
    pub fn last(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Returns the stamp itself, for whoever looks at it often.
    pub fn stamp(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.0)
    }

    /// Returns how long ago it last beat. More than two seconds are a runner that hangs.
    pub fn age(&self) -> Duration {
        Duration::from_nanos(now().saturating_sub(self.last()))
    }
}

/// Time while the machine sleeps does not count: the runner sleeps with it.
fn now() -> u64 {
    let now = clock_gettime(ClockId::CLOCK_MONOTONIC).map(Duration::from).unwrap_or_default();
    u64::try_from(now.as_nanos()).unwrap_or(u64::MAX)
}
