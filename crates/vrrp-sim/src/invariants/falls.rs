use core::time::Duration;

use vrrp_core::Instant;

/// Addresses that are lost so soon after they were taken from a living router are a flap.
const FLAP: Duration = Duration::from_secs(60);
/// From the second flap on no living router is preempted for so long, and twice as long after each further one.
const FIRST: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(320);

/// How often a router has taken the addresses from a living one and lost them by its own fault, counted apart from what
/// counts them in the core. Nothing is forgiven within an episode.
#[derive(Debug, Clone, Copy)]
pub(super) struct Falls {
    preempted: Option<Instant>,
    flaps: u8,
    /// What the next flap holds it off for.
    next: Duration,
    held_until: Instant,
}

impl Falls {
    pub(super) const fn new() -> Self {
        Self { preempted: None, flaps: 0, next: FIRST, held_until: Instant::ORIGIN }
    }

    /// It is Active, in place of a living router or of nobody.
    pub(super) fn claimed(&mut self, now: Instant, preempting: bool) {
        self.preempted = preempting.then_some(now);
    }

    /// It is Active no longer, by its own fault.
    pub(super) fn fell(&mut self, now: Instant) {
        if self.preempted.take().is_none_or(|then| then + FLAP <= now) {
            return;
        }
        self.flaps = self.flaps.saturating_add(1);
        if self.flaps > 1 {
            self.held_until = now + self.next;
            self.next = (self.next * 2).min(LONGEST);
        }
    }

    /// Whether it preempts nobody for the present.
    pub(super) fn holds_off(&self, now: Instant) -> bool {
        now < self.held_until
    }
}
