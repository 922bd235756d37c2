//! What the invariants get to see.

use vrrp_core::{Condition, Config, Delivery, Name, Preempt, State};
use vrrp_wire::Version;

use super::World;
use crate::daemon::Daemon;
use crate::invariants::{View, preempts};
use crate::lan::{Ways, bit, stations};
use crate::router::Router;
use crate::setup::Make;
use crate::timeline::Entry;

impl World {
    /// Shows the watches what is the case now, if anything changed.
    pub(super) fn look(&mut self) {
        if !core::mem::take(&mut self.dirty) {
            return;
        }
        for place in 0..self.setup.virtual_routers.len() {
            let reaches = self.reached(place);
            if self.clients.get_mut(place).is_some_and(|client| client.note(self.now, reaches)) {
                let virtual_router = u8::try_from(place).unwrap_or(u8::MAX);
                self.timeline.note(self.now, Entry::Client { virtual_router, reaches });
            }
        }
        if self.watches.is_empty() {
            return;
        }
        let mut views: Vec<View> = (0..self.setup.virtual_routers.len()).map(|place| self.view(place)).collect();
        for place in 0..views.len() {
            let at_odds = self.at_odds(place);
            let lopsided = if at_odds { u16::MAX } else { self.lopsided(place, &views) };
            if let Some(view) = views.get_mut(place) {
                (view.lopsided, view.at_odds) = (lopsided, at_odds);
            }
        }
        for (place, view) in views.iter().enumerate() {
            if let Some(watch) = self.watches.get_mut(place) {
                watch.observe(self.now, view);
            }
        }
    }

    /// Whether routers differ in the sync group of a virtual router: two with one priority may then each have the better
    /// right, one by its own address and one by that of the first member.
    fn at_odds(&self, place: usize) -> bool {
        let grouped = |router: &Router| router.members(place).len() > 1;
        let some = self.routers.first().is_some_and(grouped);
        self.routers.iter().any(|router| grouped(router) != some)
    }

    /// The routers whose ways to the others differ from segment to segment of the sync group of `place`: who is to serve
    /// there is no question of one segment.
    fn lopsided(&self, place: usize, views: &[View]) -> u16 {
        let members = self.setup.members(place);
        let views = || members.iter().filter_map(|member| views.get(*member));
        let all = stations(u16::MAX >> (16 - self.setup.routers));
        let differs = |router: &u8| {
            let mut ways = views().map(|view| view.ways(*router));
            let first = ways.next();
            ways.any(|other| Some(other) != first)
        };
        all.filter(differs).fold(0, |set, router| set | bit(router))
    }

    fn view(&self, place: usize) -> View {
        let segment = self.segment_of(place).unwrap_or(0);
        let cached = self.clients.get(place).and_then(|client| client.cache());
        let mut view = View {
            heard_by: self.heard_by(segment, place),
            clean: self.segments.get(usize::from(segment)).map(|one| one.clean).unwrap_or_default(),
            in_order: self.segments.get(usize::from(segment)).map(|one| one.in_order).unwrap_or_default(),
            client: self.setup.routers,
            cached: cached.and_then(|mac| self.means(segment, mac)),
            ..View::default()
        };
        for router in &self.routers {
            let me = router.bit();
            let set = |holds: bool| if holds { me } else { 0 };
            view.ours |= set(router.make == Make::Ours);
            view.holding |= set(router.kernel.get(place).is_some_and(|kernel| kernel.present));
            if let Some(priority) = view.priority.get_mut(usize::from(router.number)) {
                *priority = self.software(router.number).and_then(|daemon| daemon.priority(place));
            }
            view.dead |= set(router.daemon.is_none());
            let Some(daemon) = router.running(self.now) else { continue };
            view.running |= me;
            view.unproven |= set(daemon.listens & bit(segment) != 0);
            let state = daemon.software.state(place);
            view.active |= set(state == Some(Name::Active));
            view.backup |= set(state == Some(Name::Backup));
            view.stopping |= set(daemon.stopping);
            view.banished |= set(router.banished.get(place).is_some_and(|banished| *banished));
            view.grouped |= set(router.members(place).len() > 1);
            view.mixed |= set(Self::is_mixed(router, daemon, place));
            view.group_leaves |= set(daemon.stopping || Self::leaves(router, daemon, place));
            // One that is started again goes on leaving first.
            let core = daemon.software.core(place);
            let leaving = core.is_some_and(|core| matches!(core.state(), State::Leaving(_)));
            let stops = daemon.stopping || leaving;
            view.leaving |= set(leaving);
            view.unrelieved |= set(core.is_some_and(|core| core.conditions().any(|one| one == Condition::Unrelieved)));
            let fit = !stops && self.is_fit(router, daemon, place);
            view.fit |= set(fit);
            view.eligible |= set(fit && Self::may_claim(router, daemon, place));
            let urged = Self::is_urged(daemon, place);
            let unwell = Self::is_unwell(router, daemon, place);
            view.urged |= set(urged);
            view.unwell |= set(unwell);
            view.incomplete |= set(Self::lacks_addresses(router, daemon, place));
            view.serves_on |= set(Self::serves_on(daemon, place));
            view.mispriced |= set(daemon.software.priority(place) != Self::right_priority(router, daemon, place));
            view.defers |= set(router.config(place).is_some_and(never_preempts) && !urged);
            view.damps |= set(self.damps(router, daemon, place));
            view.preempts |= set(Self::preempts(router, daemon, place));
            view.relieves |= set(router.config(place).is_some_and(|config| config.habits.preempt_degraded));
        }
        view
    }

    /// Whether it takes the addresses from a living router of lower priority: in a sync group a member that would not holds
    /// the others back.
    fn preempts(router: &Router, daemon: &Daemon, place: usize) -> bool {
        let one = |member: &usize| {
            let degraded = daemon.software.core(*member).is_some_and(vrrp_core::VirtualRouter::degraded);
            Self::is_urged(daemon, *member) || router.config(*member).is_some_and(|config| preempts(config, degraded))
        };
        let members = router.members(place);
        one(&place) && members.iter().all(one)
    }

    /// Whether it preempts nobody after it has fallen again and again. The members of a sync group fall together, and one
    /// whose own fault it is not takes the others along.
    fn damps(&self, router: &Router, daemon: &Daemon, place: usize) -> bool {
        let damped = |config: &Config| config.habits.damp_preemption && !config.is_owner();
        let asked = !Self::is_urged(daemon, place) && router.members(place).len() == 1 && !self.at_odds(place);
        asked && router.config(place).is_some_and(damped)
    }

    /// Which stations of a segment get frames from each station, links taken into account.
    pub(super) fn links(&self, segment: u8) -> Ways {
        let up = |router: &Router| router.interface(segment).is_some();
        let down = self.routers.iter().filter(|router| !up(router)).fold(0, |set, router| set | router.bit());
        let mut open = self.segments.get(usize::from(segment)).map(|one| one.open).unwrap_or_default();
        for (station, set) in (0..16).zip(&mut open) {
            *set = if down & bit(station) == 0 { *set & !down } else { 0 };
        }
        open
    }

    /// Who hears the advertisements of each router for a virtual router, and for the client who gets whose frames.
    fn heard_by(&self, segment: u8, place: usize) -> Ways {
        let mut heard = self.links(segment);
        let snooped = self.segments.get(usize::from(segment)).map_or(0, |one| one.snooped);
        for from in &self.routers {
            let Some(set) = heard.get_mut(usize::from(from.number)) else { continue };
            if !from.interface(segment).is_some_and(|one| one.sends && one.has_source) {
                *set = 0;
            }
            for to in stations(*set) {
                let Some(to) = self.routers.get(usize::from(to)) else { continue };
                if !self.takes(segment, place, from, to, snooped) {
                    *set &= !to.bit();
                }
            }
        }
        heard
    }

    /// Whether `to` takes the advertisements of `from`, if they get to its port.
    fn takes(&self, segment: u8, place: usize, from: &Router, to: &Router, snooped: u16) -> bool {
        let (Some(ours), Some(theirs)) = (from.config(place), to.config(place)) else { return false };
        let (Some(source), Some(own)) = (from.source_of(place), to.source_of(place)) else { return false };
        let destination = match &ours.delivery {
            Delivery::Multicast { group } if snooped & to.bit() == 0 => *group,
            Delivery::Unicast { peers, .. } if peers.iter().any(|peer| peer.address == own) => own,
            Delivery::Multicast { .. } | Delivery::Unicast { .. } => return false,
        };
        let firewall = to.interface(segment).and_then(|one| one.firewall.as_ref());
        let let_in = firewall.is_none_or(|firewall| firewall.lets_in(self.now, source, destination));
        let v2 = theirs.version == Version::V2 && to.make != Make::Ours;
        let picky = to.make == Make::Keepalived22 && ours.addresses != theirs.addresses
            || v2 && ours.interval != theirs.interval;
        let_in && source != own && !picky && agree(ours, theirs) && accepts(theirs, source)
    }
}

/// Whether it takes the addresses from no living router that is well.
fn never_preempts(config: &Config) -> bool {
    config.preempt == Preempt::Never && !config.is_owner()
}

/// Whether two configurations are of one virtual router on the wire.
fn agree(ours: &Config, theirs: &Config) -> bool {
    let multicast = |config: &Config| matches!(config.delivery, Delivery::Multicast { .. });
    ours.vrid == theirs.vrid && ours.version == theirs.version && multicast(ours) == multicast(theirs)
}

/// Whether a configuration takes unicast from `source`.
fn accepts(config: &Config, source: core::net::IpAddr) -> bool {
    match &config.delivery {
        Delivery::Multicast { .. } | Delivery::Unicast { check_source: false, .. } => true,
        Delivery::Unicast { peers, .. } => peers.iter().any(|peer| peer.address == source),
    }
}
