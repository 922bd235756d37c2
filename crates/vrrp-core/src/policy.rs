//! Who may take the addresses from a living router, and what must be known before they are taken at all.

use core::time::Duration;

use crate::{CheckId, Instant};

/// Whether a Backup takes over from an Active router of lower priority (`Preempt_Mode`, RFC 9568 §6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preempt {
    /// It does, one `Active_Down_Interval` after it last accepted an advertisement.
    Immediately,
    /// It does once it has heard a lower priority for this long: keepalived's `preempt_delay`.
    After(Duration),
    /// It does not: keepalived's `nopreempt`.
    Never,
}

/// What an Active router does when a check that moves its priority begins to fail (`on_degraded`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnDegraded {
    /// It serves on with the lower priority: whoever has a higher one and preempts takes over, as with keepalived.
    #[default]
    Stay,
    /// It hands over by priority 0, so that even a peer that never preempts takes over; where nobody does, it serves on.
    /// As long as the check fails it takes the addresses from no living router.
    Resign,
}

/// A check that must be up before the router claims (`claim_requires`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// Which check.
    pub check: CheckId,
    /// What becomes of the claim when it is not.
    pub otherwise: OnClaim,
}

/// What becomes of a claim whose requirement is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnClaim {
    /// It is held back for as long as that lasts: rather nobody than two (`prefer-single`).
    #[default]
    HoldBack,
    /// It is held back for one more `Active_Down_Interval`: rather two than nobody (`prefer-availability`).
    HoldBackOnce,
}

/// A preemption this long before the addresses are lost again was a flap.
const FLAP: Duration = Duration::from_secs(60);
/// What came before is forgotten after so long without a flap.
const FORGIVE: Duration = Duration::from_secs(600);
/// The hold-off after the second flap; it doubles with each.
const FIRST_HOLD_OFF: Duration = Duration::from_secs(10);
/// It doubles this often at most: to 320 s.
const MOST_DOUBLINGS: u8 = 5;

/// The exponential hold-off against a router that preempts and fails, preempts and fails. It never delays a takeover.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Damping {
    flaps: u8,
    last_flap: Instant,
    preempted: Option<Instant>,
    /// Until then a living router is not preempted.
    pub(crate) until: Instant,
}

impl Damping {
    /// Notes that the addresses were taken from a living router, or otherwise.
    pub(crate) fn claimed(&mut self, now: Instant, preempting: bool) {
        self.preempted = preempting.then_some(now);
    }

    /// Notes that this router lost the addresses by its own fault; gives the hold-off, if one begins.
    pub(crate) fn failed(&mut self, now: Instant) -> Option<Duration> {
        let since = now.since(self.preempted.take()?);
        if since >= FLAP {
            return None;
        }
        let forgiven = now.since(self.last_flap) >= FORGIVE;
        self.flaps = if forgiven { 1 } else { self.flaps.saturating_add(1) };
        self.last_flap = now;
        let doublings = self.flaps.checked_sub(2)?.min(MOST_DOUBLINGS);
        let hold_off = FIRST_HOLD_OFF * (1 << doublings);
        self.until = now + hold_off;
        Some(hold_off)
    }
}
