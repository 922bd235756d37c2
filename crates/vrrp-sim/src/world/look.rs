//! What the invariants get to see.

use vrrp_core::{Config, Delivery, Name, Preempt, State};
use vrrp_wire::Version;

use super::World;
use crate::invariants::View;
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
            let view = self.view(place);
            if let Some(watch) = self.watches.get_mut(place) {
                watch.observe(self.now, &view);
            }
        }
    }

    fn view(&self, place: usize) -> View {
        let segment = self.segment_of(place).unwrap_or(0);
        let cached = self.clients.get(place).and_then(|client| client.cache());
        let mut view = View {
            heard_by: self.heard_by(segment, place),
            clean: self.segments.get(usize::from(segment)).map(|one| one.clean).unwrap_or_default(),
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
            // One that is started again goes on leaving first.
            let core = daemon.software.core(place);
            let leaving = core.is_some_and(|core| matches!(core.state(), State::Leaving(_)));
            let stops = daemon.stopping || leaving;
            view.eligible |= set(router.faults(segment).next().is_none() && !stops);
            view.defers |=
                set(router.config(place).is_some_and(|one| one.preempt == Preempt::Never && !one.is_owner()));
        }
        view
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
        let family = theirs.family();
        let (Some(source), Some(own)) = (from.source(family, segment), to.source(family, segment)) else {
            return false;
        };
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
