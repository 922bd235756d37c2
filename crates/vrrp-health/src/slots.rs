//! When a check runs: in slots an interval apart, counted from its first.

use core::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

/// The least distance of two slots, for an interval of nothing.
const LEAST: Duration = Duration::from_millis(1);
/// First runs are spread by no more than this.
const SPREAD: Duration = Duration::from_secs(1);
/// How much of the spread each check is worth: few checks all start at once, as keepalived's do.
const SHARE: Duration = Duration::from_millis(2);

/// Returns the slot after `slot`: the first that is not over, so that a run which took longer skips those it missed.
pub(crate) fn next(slot: Instant, interval: Duration, now: Instant) -> Instant {
    let interval = interval.max(LEAST);
    let late = now.saturating_duration_since(slot);
    let whole = late.as_nanos() / interval.as_nanos();
    let over = late.as_nanos() % interval.as_nanos();
    let slots = if over == 0 { whole.max(1) } else { whole + 1 };
    let ahead = u64::try_from(slots * interval.as_nanos()).unwrap_or(u64::MAX);
    slot + Duration::from_nanos(ahead)
}

/// Returns how long the first run of a check waits, where there are `checks` of them.
pub(crate) fn first(random: &mut Rng, interval: Duration, checks: usize) -> Duration {
    let share = SHARE.saturating_mul(u32::try_from(checks).unwrap_or(u32::MAX));
    let most = interval.min(SPREAD).min(share);
    most.mul_f64(random.f64())
}

#[cfg(test)]
mod tests;
