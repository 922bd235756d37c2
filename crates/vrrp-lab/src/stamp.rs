use core::fmt;
use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

/// A moment of the wall clock (`CLOCK_REALTIME`) in nanoseconds: the clock of the kernel's receive time stamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Stamp(u64);

impl Stamp {
    /// Reads the clock.
    pub fn now() -> Self {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
        Self::from_epoch(elapsed.unwrap_or_default())
    }

    /// Returns the moment this long after 1 January 1970; a moment after the year 2554 becomes the last one.
    pub fn from_epoch(elapsed: Duration) -> Self {
        Self(u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX))
    }

    /// Returns the time since 1 January 1970.
    pub const fn since_epoch(self) -> Duration {
        Duration::from_nanos(self.0)
    }

    /// Returns how long after `earlier` this moment is, or zero if it is before it.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }

    /// Returns the moment `delay` later.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self::from_epoch(self.since_epoch().saturating_add(delay))
    }
}

impl fmt::Display for Stamp {
    /// Writes seconds and microseconds of the epoch, as tcpdump's `-tt` does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let elapsed = self.since_epoch();
        write!(f, "{}.{:06}", elapsed.as_secs(), elapsed.subsec_micros())
    }
}
