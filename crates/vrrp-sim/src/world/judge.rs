//! What a router is to be, worked out apart from the core.

use vrrp_core::{Cause, Condition, Config, Name, OnDegraded, State};
use vrrp_wire::Priority;

use super::World;
use crate::checks;
use crate::daemon::Daemon;
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

    /// A router that was silent took the addresses without what that requires.
    pub(super) fn judge_claim(&mut self, number: u8, place: usize, (from, to, why): (Name, Name, Cause)) {
        let claims = matches!(why, Cause::ActiveDown { .. } | Cause::Released { .. } | Cause::Preempting { .. });
        let Some(router) = self.routers.get(usize::from(number)).filter(|one| one.make == Make::Ours) else { return };
        let (Some(daemon), Some(config)) = (&router.daemon, router.config(place)) else { return };
        let unmet = checks::holds_back(config, &daemon.verdicts);
        if let Some(watch) = self.watches.get(place)
            && claims
            && unmet
            && (from, to) == (Name::Backup, Name::Active)
        {
            let violation = watch.violation(Invariant::S12, bit(number), self.now, self.now);
            self.violation = self.violation.or(Some(violation));
        }
    }
}
