use core::time::Duration;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use nix::sys::time::TimeSpec;
use nix::sys::timerfd::{ClockId, Expiration, TimerFd, TimerFlags, TimerSetTimeFlags};
use vrrp_core::Instant;

/// The engine's next deadline, as a descriptor that becomes readable then.
///
/// The time-out of `poll` itself is no use: the kernel may be late by a thousandth of it.
#[derive(Debug)]
pub(super) struct Alarm {
    timer: TimerFd,
    set: Option<Instant>,
}

impl Alarm {
    pub(super) fn new() -> io::Result<Self> {
        let flags = TimerFlags::TFD_CLOEXEC | TimerFlags::TFD_NONBLOCK;
        Ok(Self { timer: TimerFd::new(ClockId::CLOCK_MONOTONIC, flags)?, set: None })
    }

    /// Rings at `moment`, at once if it is past, or never.
    pub(super) fn set(&mut self, moment: Option<Instant>) {
        if moment == self.set {
            // It is never read, so one that has rung rings until it is set anew.
            return;
        }
        let done = match moment {
            // The moment 0 would disarm it.
            Some(at) => {
                let at = TimeSpec::from_duration(Duration::from_nanos(at.as_nanos().max(1)));
                self.timer.set(Expiration::OneShot(at), TimerSetTimeFlags::TFD_TIMER_ABSTIME)
            }
            None => self.timer.unset(),
        };
        // The kernel refuses no valid moment.
        debug_assert!(done.is_ok(), "{done:?}");
        self.set = moment;
    }
}

impl AsFd for Alarm {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.timer.as_fd()
    }
}
