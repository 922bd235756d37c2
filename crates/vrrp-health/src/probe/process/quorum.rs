//! When a number of processes is told as up or down: the delays of `vrrp_track_process`.

use core::ops::RangeInclusive;
use core::time::Duration;

use tokio::time::Instant;

use super::Process;

/// What changed a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A process that is counted forked.
    Fork,
    /// One ended.
    Exit,
    /// A program was started or took another name, or was there before.
    Other,
}

/// How many run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) running: u32,
    /// What made it so.
    pub(crate) cause: Cause,
}

/// Whether enough and not too many run, and since when that is to be told.
#[derive(Debug)]
pub(crate) struct Quorum {
    wanted: RangeInclusive<u32>,
    fork_delay: Duration,
    terminate_delay: Duration,
    told: Option<bool>,
    due: Option<Instant>,
}

impl Quorum {
    pub(crate) fn new(process: &Process) -> Self {
        let most = process.quorum_max.unwrap_or(u32::MAX);
        Self {
            wanted: process.quorum.min(most)..=most,
            fork_delay: process.fork_delay,
            terminate_delay: process.terminate_delay,
            told: None,
            due: None,
        }
    }

    /// Hears a number, or that time has passed; what is to be told now.
    pub(crate) fn heard(&mut self, count: Count, now: Instant) -> Option<bool> {
        let up = self.wanted.contains(&count.running);
        if self.told == Some(up) {
            self.due = None;
            return None;
        }
        let delay = match count.cause {
            _ if self.told.is_none() => Duration::ZERO,
            Cause::Fork => self.fork_delay,
            Cause::Exit => self.terminate_delay,
            Cause::Other => Duration::ZERO,
        };
        let due = *self.due.get_or_insert(now + delay);
        if now < due && !delay.is_zero() {
            return None;
        }
        self.due = None;
        self.told = Some(up);
        Some(up)
    }

    /// When to come back with the same number.
    pub(crate) const fn due(&self) -> Option<Instant> {
        self.due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn delayed() -> Process {
        Process { fork_delay: 2 * SECOND, terminate_delay: 3 * SECOND, quorum_max: Some(2), ..Process::new("a") }
    }

    #[test]
    fn a_loss_is_told_after_its_delay_unless_it_is_made_good() {
        let (mut quorum, start) = (Quorum::new(&delayed()), Instant::now());
        let count = |running, cause| Count { running, cause };
        assert_eq!(quorum.heard(count(1, Cause::Exit), start), Some(true), "the first is told at once");
        assert_eq!(quorum.heard(count(0, Cause::Exit), start), None);
        assert_eq!(quorum.due(), Some(start + 3 * SECOND));
        assert_eq!(quorum.heard(count(1, Cause::Other), start + 2 * SECOND), None, "made good");
        assert_eq!(quorum.due(), None);
        assert_eq!(quorum.heard(count(0, Cause::Exit), start + 4 * SECOND), None);
        assert_eq!(quorum.heard(count(0, Cause::Exit), start + 7 * SECOND), Some(false));
        assert_eq!(quorum.heard(count(1, Cause::Other), start + 8 * SECOND), Some(true), "a start has no delay");
    }

    #[test]
    fn a_fork_has_a_delay_of_its_own() {
        let (mut quorum, start) = (Quorum::new(&delayed()), Instant::now());
        let count = |running, cause| Count { running, cause };
        assert_eq!(quorum.heard(count(2, Cause::Other), start), Some(true));
        assert_eq!(quorum.heard(count(3, Cause::Fork), start), None);
        assert_eq!(quorum.heard(count(4, Cause::Fork), start + SECOND), None);
        assert_eq!(quorum.due(), Some(start + 2 * SECOND), "the delay runs from the first");
        assert_eq!(quorum.heard(count(4, Cause::Fork), start + 2 * SECOND), Some(false));
    }

    #[test]
    fn a_most_of_none_is_up_while_none_runs() {
        let mut quorum = Quorum::new(&Process { quorum_max: Some(0), ..Process::new("a") });
        let now = Instant::now();
        assert_eq!(quorum.heard(Count { running: 0, cause: Cause::Other }, now), Some(true));
        assert_eq!(quorum.heard(Count { running: 1, cause: Cause::Other }, now), Some(false));
        assert_eq!(quorum.heard(Count { running: 0, cause: Cause::Exit }, now), Some(true));
    }
}
