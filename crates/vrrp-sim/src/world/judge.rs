//! What a router is to be, worked out apart from the core.

use vrrp_core::{Cause, Condition, Config, Ineligible, Name, OnDegraded, State};
use vrrp_wire::Priority;

use super::World;
use crate::checks;
use crate::daemon::{Daemon, Doubts};
use crate::invariants::Invariant;
use crate::lan::bit;
use crate::router::Router;
use crate::setup::Make;

impl World {
    /// The effective priority: what the file, the checks, the sync group and an operator make of it.
    pub(super) fn right_priority(router: &Router, daemon: &Daemon, place: usize) -> Option<Priority> {
        let own = |member: usize| {
            let (config, base) = (router.config(member)?, *daemon.bases.get(member)?);
            Some((config.is_owner(), checks::weighted(config, &daemon.verdicts, base)))
        };
        let (owner, weighted) = own(place)?;
        let members = router.members(place).into_iter().filter_map(own);
        let lowest = members.filter(|(owner, _)| !owner).map(|(_, priority)| priority).min();
        let held = lowest.filter(|_| !owner).map_or(weighted, |lowest| lowest.min(weighted));
        let asked = daemon.takes_over.get(place).copied().flatten();
        Some(asked.map_or(held, |asked| asked.min(Priority::new(254)).max(held)))
    }

    /// Whether an operator has it take over.
    pub(super) fn is_urged(daemon: &Daemon, place: usize) -> bool {
        daemon.takes_over.get(place).is_some_and(Option::is_some)
    }

    /// Whether it hands over for a check that fails, and as long as that lasts takes the addresses from no living router.
    pub(super) fn is_unwell(router: &Router, daemon: &Daemon, place: usize) -> bool {
        let resigns =
            |config: &Config| config.on_degraded == OnDegraded::Resign && checks::degraded(config, &daemon.verdicts);
        router.make == Make::Ours && router.config(place).is_some_and(resigns)
    }

    /// Whether its kernel has not all the addresses of a router that serves.
    pub(super) fn lacks_addresses(router: &Router, daemon: &Daemon, place: usize) -> bool {
        let listed = router.kernel.get(place).filter(|kernel| kernel.present).map(|kernel| kernel.listed);
        let configured = router.config(place).map(|config| config.addresses.as_wire().len());
        let serves = daemon.software.core(place).is_some_and(|core| matches!(core.state(), State::Active(_)));
        serves && listed.is_some() && listed != configured
    }

    /// Whether it serves as if nobody were to relieve it; one that nobody relieved may.
    pub(super) fn serves_on(daemon: &Daemon, place: usize) -> bool {
        daemon.software.core(place).is_some_and(|core| {
            matches!(core.state(), State::Active(_)) && core.conditions().all(|one| one != Condition::Unrelieved)
        })
    }

    /// It asks the silent router, whose answer puts the claim off.
    pub(super) fn note_question(&mut self, number: u8, place: usize) {
        let daemon = self.routers.get_mut(usize::from(number)).and_then(|one| one.daemon.as_mut());
        if let Some(doubts) = daemon.and_then(|daemon| daemon.doubts.get_mut(place)) {
            doubts.asked = true;
        }
    }

    /// A Backup of ours that claims has what that requires, and reason to believe the silence.
    pub(super) fn judge_claim(&mut self, number: u8, place: usize, (from, to, why): (Name, Name, Cause)) {
        let now = self.now;
        let Some(segment) = self.segment_of(place) else { return };
        let Some(watch) = self.watches.get(place) else { return };
        let Some(router) = self.routers.get_mut(usize::from(number)).filter(|one| one.make == Make::Ours) else {
            return;
        };
        let (listens, owner) = (!router.ignores_link(place), router.config(place).is_none_or(Config::is_owner));
        let holds_back =
            |daemon: &Daemon| router.config(place).is_some_and(|one| checks::holds_back(one, &daemon.verdicts));
        let unmet = router.daemon.as_ref().is_some_and(holds_back);
        let heeds = listens && !owner && router.config(place).is_some_and(|one| one.habits.listen_after_link_up);
        let Some(daemon) = &mut router.daemon else { return };
        let unproven = heeds && daemon.listens & bit(segment) != 0;
        let Some(doubts) = daemon.doubts.get_mut(place) else { return };
        let Doubts { answered, linked, .. } = core::mem::take(doubts);
        // What came in while it stood still is read in the same turn.
        let fresh = daemon.stalled_since.is_none();
        if fresh && to == Name::Backup && matches!(why, Cause::Recovered(Ineligible::InterfaceDown(_))) {
            doubts.linked = Some(now);
        }
        let silence = watch.bounds().silence;
        let deaf = unproven && linked.is_some_and(|since| now < since + silence * 2);
        let doubted = deaf || answered.is_some_and(|since| now < since + silence);
        let silent = matches!(why, Cause::ActiveDown { .. });
        let claims = silent || matches!(why, Cause::Released { .. } | Cause::Preempting { .. });
        if (from, to) == (Name::Backup, Name::Active) && (claims && unmet || silent && doubted) {
            let violation = watch.violation(Invariant::S12, bit(number), now, now);
            self.violation = self.violation.or(Some(violation));
        }
    }
}
