//! Sleeping until a moment, as exactly as the kernel does it.

use core::time::Duration;

use nix::errno::Errno;
use nix::sys::prctl::set_timerslack;
use nix::sys::time::TimeSpec;
use nix::time::{ClockId, ClockNanosleepFlags, clock_gettime, clock_nanosleep};

/// A grid of moments on the monotonic clock, kept without drift.
#[derive(Debug)]
pub(crate) struct Pace {
    next: Duration,
}

impl Pace {
    /// Starts now; the calling thread's timers become exact.
    pub(crate) fn start() -> Self {
        let _default_is_50_microseconds = set_timerslack(1);
        Self { next: now() }
    }

    /// Sleeps until `step` after the last moment. A thread that is late by more than `patience` starts a new grid now.
    pub(crate) fn step(&mut self, step: Duration, patience: Duration) {
        self.next += step;
        let now = now();
        if now > self.next + patience {
            self.next = now;
        }
        sleep_until(self.next);
    }
}

/// Reads the monotonic clock.
pub(crate) fn now() -> Duration {
    clock_gettime(ClockId::CLOCK_MONOTONIC).map_or(Duration::ZERO, Duration::from)
}

/// Sleeps until the monotonic clock shows `moment`.
pub(crate) fn sleep_until(moment: Duration) {
    let until = TimeSpec::from(moment);
    while clock_nanosleep(ClockId::CLOCK_MONOTONIC, ClockNanosleepFlags::TIMER_ABSTIME, &until) == Err(Errno::EINTR) {}
}
