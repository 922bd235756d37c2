//! What decides over eligibility besides links: checks, drains, takeovers, startup delays, and sync groups.

use core::time::Duration;

use vrrp_core::{CheckId, Drain, Ineligible, Input, Name, State, Verdict};
use vrrp_wire::Priority;

use super::{Event, World};
use crate::checks::{self, has_checks};
use crate::daemon::Daemon;
use crate::lan::between;
use crate::router::Router;
use crate::setup::Make;

/// How long the first round of checks takes.
const FIRST_RESULTS: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(300));

impl World {
    /// A daemon has started: its checks run for the first time, and its startup delay.
    pub(super) fn begin_checks(&mut self, number: u8) {
        let Some(router) = self.routers.get(usize::from(number)) else { return };
        let delayed_until = router.daemon.as_ref().and_then(|daemon| daemon.delayed_until);
        if router.configs.iter().any(|(_, config)| has_checks(config)) {
            let at = self.now + between(&mut self.rng, FIRST_RESULTS);
            self.schedule(at, Event::Results(number));
        }
        if let Some(until) = delayed_until {
            self.schedule(until, Event::DelayOver(number));
        }
    }

    /// Every check has said something.
    pub(super) fn results(&mut self, number: u8) {
        let Some(router) = self.routers.get(usize::from(number)) else { return };
        let verdicts = router.checks.clone();
        for (check, verdict) in (0..).zip(verdicts) {
            self.tell_check(number, check, verdict);
        }
    }

    pub(super) fn strike_check(&mut self, number: u8, check: u8, verdict: Verdict) {
        let Some(router) = self.routers.get_mut(usize::from(number)) else { return };
        if let Some(says) = router.checks.get_mut(usize::from(check)) {
            *says = verdict;
        }
        self.tell_check(number, check, verdict);
    }

    fn tell_check(&mut self, number: u8, check: u8, verdict: Verdict) {
        let Some(router) = self.routers.get_mut(usize::from(number)) else { return };
        let places = router.configs.len();
        let Some(daemon) = &mut router.daemon else { return };
        let Some(known) = daemon.verdicts.get_mut(usize::from(check)).filter(|known| **known != verdict) else {
            return;
        };
        *known = verdict;
        self.dirty = true;
        self.watches.iter_mut().for_each(|watch| watch.told(self.now, number));
        for place in 0..places {
            self.tell(number, place, Input::Check(CheckId(check.into()), verdict));
        }
    }

    /// The startup delay of a daemon that started so long ago is over.
    pub(super) fn delay_over(&mut self, number: u8) {
        let now = self.now;
        let Some(router) = self.routers.get_mut(usize::from(number)) else { return };
        let places = router.configs.len();
        let Some(daemon) = &mut router.daemon else { return };
        if daemon.delayed_until.take_if(|until| *until <= now).is_some() {
            self.dirty = true;
            for place in 0..places {
                self.tell(number, place, Input::Clear(Ineligible::StartupDelay));
            }
        }
    }

    /// The configuration is read again, with the sync groups or without.
    pub(super) fn strike_groups(&mut self, number: u8, grouped: bool) {
        let told = self.saboteur.groups(number);
        let Some(router) = self.routers.get_mut(usize::from(number)) else { return };
        router.grouped = grouped;
        let groups = if told { router.groups().to_vec() } else { Vec::new() };
        if let Some(daemon) = &mut router.daemon {
            daemon.tell_groups(groups);
            self.wake(number);
        }
    }

    /// An operator speaks to a whole sync group.
    pub(super) fn strike_members(&mut self, number: u8, place: usize, input: Input) {
        let members = self.routers.get(usize::from(number)).map(|router| router.members(place)).unwrap_or_default();
        for place in members {
            self.tell(number, place, input);
        }
    }

    pub(super) fn drain(&mut self, number: u8, place: usize, how: Option<Drain>) {
        let Some(router) = self.routers.get_mut(usize::from(number)) else { return };
        for member in router.members(place) {
            if let Some(drained) = router.drained.get_mut(member) {
                *drained = how.is_some();
            }
            if let Some(banished) = router.banished.get_mut(member) {
                *banished = how == Some(Drain::Force);
            }
        }
        let input = how.map_or(Input::Clear(Ineligible::Drained), Input::Drain);
        self.strike_members(number, place, input);
    }

    pub(super) fn take_over(&mut self, number: u8, place: usize, priority: Option<Priority>) {
        let Some(router) = self.routers.get_mut(usize::from(number)) else { return };
        let members = router.members(place);
        if let Some(daemon) = &mut router.daemon {
            for (_, asked) in (0..).zip(&mut daemon.takes_over).filter(|(member, _)| members.contains(member)) {
                *asked = priority;
            }
        }
        self.strike_members(number, place, Input::Takeover(priority));
    }

    /// Whether a router and all that move with it may serve, as the world stands.
    pub(super) fn is_fit(&self, router: &Router, daemon: &Daemon, place: usize) -> bool {
        router.members(place).into_iter().all(|member| {
            let segment = self.segment_of(member).unwrap_or(0);
            router.faults(segment).next().is_none()
                && daemon.delayed_until.is_none_or(|until| until <= self.now)
                && !is_out(router, daemon, member)
                && !fails_checks(router, daemon, member)
        })
    }

    /// Whether it would claim, as far as requirements go; one that serves is not asked again.
    pub(super) fn may_claim(router: &Router, daemon: &Daemon, place: usize) -> bool {
        let held =
            |member: &usize| router.config(*member).is_some_and(|config| checks::holds_back(config, &daemon.verdicts));
        daemon.software.state(place) == Some(Name::Active) || !router.members(place).iter().any(held)
    }

    /// Whether the members of a sync group, told by its first, are not all in one state. One that is new to a group that
    /// serves may wait for the first result of a check: that stops nobody who serves.
    pub(super) fn is_mixed(router: &Router, daemon: &Daemon, place: usize) -> bool {
        let members = router.members(place);
        let first = members.first() == Some(&place) && members.len() > 1 && router.make == Make::Ours;
        let state = |member: &usize| daemon.software.state(*member);
        let serves = members.iter().any(|member| state(member) == Some(Name::Active));
        let mut judged =
            members.iter().filter(|member| !(serves && waits_for_result(router, daemon, **member))).map(state);
        let one = judged.next();
        first && judged.any(|other| Some(other) != one)
    }

    /// Whether a member of the sync group of a virtual router hands over.
    pub(super) fn leaves(router: &Router, daemon: &Daemon, place: usize) -> bool {
        router
            .members(place)
            .into_iter()
            .any(|member| daemon.software.core(member).is_some_and(|core| matches!(core.state(), State::Leaving(_))))
    }
}

/// Whether it is drained, and has heeded it: one that nobody relieved serves on.
fn is_out(router: &Router, daemon: &Daemon, place: usize) -> bool {
    let core = daemon.software.core(place);
    let heeded = core.is_none_or(|core| core.causes().contains(&Ineligible::Drained));
    heeded && router.make == Make::Ours && router.drained.get(place).is_some_and(|drained| *drained)
}

/// Whether a check that has had no result holds its start back.
fn waits_for_result(router: &Router, daemon: &Daemon, place: usize) -> bool {
    let mut tracks = router.config(place).into_iter().flat_map(|config| &config.tracks);
    let starts = daemon.software.state(place) == Some(Name::Initialize);
    starts && tracks.any(|track| checks::pends(track, checks::verdict(&daemon.verdicts, track.check)))
}

/// Whether a check stands against it. One without a result holds a start back, and stops nothing that runs.
fn fails_checks(router: &Router, daemon: &Daemon, place: usize) -> bool {
    let Some(config) = router.config(place).filter(|_| router.make != Make::Frr) else { return false };
    let fails = |track: &vrrp_core::Track| checks::forbids(track, checks::verdict(&daemon.verdicts, track.check));
    config.tracks.iter().any(fails) || (router.make == Make::Ours && waits_for_result(router, daemon, place))
}
