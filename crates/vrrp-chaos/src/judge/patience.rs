//! What the timers demand of each fault: for how long nobody may serve, and for how long two may hold the address.

use core::time::Duration;

use crate::fault::Fault;
use crate::node::PRIORITIES;
use crate::schedule::Target;

/// `Advertisement_Interval` of every run.
const INTERVAL: Duration = Duration::from_secs(1);
/// What a frame, two kernels, an ARP exchange and the start of a process take beyond the timers.
pub(super) const MARGIN: Duration = Duration::from_millis(300);

/// One fault as it struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Blow {
    pub(super) fault: Fault,
    pub(super) router: u8,
    pub(super) role: Target,
    pub(super) lasts: Duration,
}

/// For how long nobody may serve, and for how long two routers may hold the address where the client reaches them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Patience {
    pub(super) none: Duration,
    pub(super) two: Duration,
    /// Of the time without service, what only silence can tell the peer of: the standard has it wait so long.
    pub(super) silence: Duration,
}

/// `Skew_Time` (RFC 9568 §6.1).
fn skew(router: u8) -> Duration {
    let [first, second] = PRIORITIES;
    let priority = if router == 0 { first } else { second };
    INTERVAL * (256 - u32::from(priority)) / 256
}

/// `Active_Down_Interval`.
fn down(router: u8) -> Duration {
    INTERVAL * 3 + skew(router)
}

impl Blow {
    /// What this fault alone excuses.
    ///
    /// The peer's timer runs from the last advertisement, up to an interval before the fault. Whatever comes back with
    /// the better priority takes over by its next advertisement, so that an interval with two is excused always.
    pub(super) fn excuses(&self) -> Patience {
        let peer = 1 - self.router;
        let holds = self.role == Target::Holder;
        let overlap = self.lasts.saturating_sub(down(peer).saturating_sub(INTERVAL));
        let none = if !holds {
            Duration::ZERO
        } else if self.is_one_of(&[Fault::Terminate, Fault::Sick]) {
            skew(peer)
        } else if self.is_one_of(&[Fault::LinkDown, Fault::PortDown, Fault::Partition]) {
            down(peer)
        } else if self.fault == Fault::Kill && self.lasts > INTERVAL * 2 {
            // What is left in the kernel serves until the daemon is back, and it resumes within three intervals.
            down(peer).saturating_sub(self.lasts)
        } else {
            Duration::ZERO
        };
        let two = if holds && self.is_one_of(&[Fault::Kill, Fault::Freeze, Fault::Mute]) {
            overlap
        } else if !holds && self.fault == Fault::Deaf {
            // Here it is the other that does not hear the holder.
            self.lasts.saturating_sub(down(self.router).saturating_sub(INTERVAL))
        } else {
            Duration::ZERO
        };
        let silent = holds && self.is_one_of(&[Fault::LinkDown, Fault::PortDown, Fault::Partition]);
        let silence = if silent { down(peer) } else { Duration::ZERO };
        Patience { none: none + MARGIN, two: two + INTERVAL + MARGIN, silence }
    }

    fn is_one_of(&self, faults: &[Fault]) -> bool {
        faults.contains(&self.fault)
    }
}

/// What all faults of a slot excuse together; with two of them, each may strike whoever holds the address by then.
pub(super) fn together(blows: &[Blow]) -> Patience {
    let alone = blows.len() == 1;
    let each = |blow: &Blow| if alone { *blow } else { Blow { role: Target::Holder, ..*blow } };
    blows.iter().map(|blow| each(blow).excuses()).fold(Patience::default(), |sum, one| Patience {
        none: sum.none + one.none,
        two: sum.two + one.two,
        silence: sum.silence + one.silence,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blow(fault: Fault, role: Target, millis: u64) -> Blow {
        Blow { fault, router: 0, role, lasts: Duration::from_millis(millis) }
    }

    #[test]
    fn a_dead_link_of_the_holder_excuses_the_peers_patience_and_of_the_other_nothing() {
        let dead = blow(Fault::LinkDown, Target::Holder, 5_000).excuses();
        assert_eq!(dead.none, Duration::from_nanos(3_609_375_000) + MARGIN);
        assert_eq!(blow(Fault::LinkDown, Target::Other, 5_000).excuses().none, MARGIN);
    }

    #[test]
    fn a_frozen_holder_excuses_two_for_as_long_as_it_outlasts_the_peers_patience() {
        let two = |millis| blow(Fault::Freeze, Target::Holder, millis).excuses().two;
        assert_eq!(two(2_000), INTERVAL + MARGIN);
        assert_eq!(two(4_609), INTERVAL * 3 + MARGIN - Duration::from_micros(375));
    }
}
