//! The only place where a clock is read.

use nix::time::{ClockId, clock_gettime};
use vrrp_core::Instant;

/// The monotonic clock that the core's time is counted on.
pub(crate) fn now() -> Instant {
    Instant::from_nanos(read(ClockId::CLOCK_MONOTONIC))
}

/// Nanoseconds since the machine started, time asleep included: what survives a restart of the daemon.
pub(crate) fn boot_time() -> u64 {
    read(ClockId::CLOCK_BOOTTIME)
}

/// Nanoseconds since the Unix epoch, for people and for the kernel's receive stamps; decides nothing.
pub(crate) fn wall_time() -> u64 {
    read(ClockId::CLOCK_REALTIME)
}

fn read(clock: ClockId) -> u64 {
    // The kernel refuses none of the three clocks above.
    let Ok(time) = clock_gettime(clock) else {
        return 0;
    };
    let seconds = u64::try_from(time.tv_sec()).unwrap_or(0);
    seconds * 1_000_000_000 + u64::try_from(time.tv_nsec()).unwrap_or(0)
}
