//! How everything stands, as values.

use core::net::IpAddr;
use std::sync::Arc;

use vrrp_core::{
    Condition, Delivery, Instant, Name, OnDegraded, Preempt, RouterId, State, VirtualRouter, Withheld,
    active_down_interval,
};

use super::Engine;
use super::routers::Runtime;
use crate::clock;
use crate::status::{RouterStatus, Status, TrackStatus};

impl Engine {
    /// A status without virtual routers.
    pub(super) fn empty_status(&self, now: Instant) -> Status {
        Status {
            now,
            at: clock::wall_time(),
            started: self.started,
            configured: self.configured,
            lag: self.lag,
            announcements_pending: self.announcements.pending(),
            stopping: self.stopping.is_some(),
            routers: Vec::new(),
            checks: self.checks.status(),
            strangers: self.strangers.status(),
        }
    }

    pub(super) fn router_status(&self, id: RouterId) -> Option<RouterStatus> {
        let (router, runtime, key) = (self.node.router(id)?, self.routers.get(id)?, self.node.key(id)?);
        let (record, config) = (self.records.get(id)?, router.config());
        let spec = &runtime.spec;
        Some(RouterStatus {
            name: runtime.name(),
            interface: self.interfaces.name(key.interface).unwrap_or_default(),
            vrid: key.vrid,
            family: key.family,
            version: config.version,
            state: router.state().name(),
            since: record.since,
            leaving: matches!(router.state(), State::Leaving(_)),
            base: config.priority,
            priority: router.priority(),
            preempt: config.preempt,
            preempts_at: preempts_at(router),
            preempts_degraded: config.habits.preempt_degraded,
            resigns_degraded: config.on_degraded == OnDegraded::Resign,
            interval: config.interval,
            active_down_interval: down_interval(router),
            source: router.source(),
            destinations: destinations(&config.delivery),
            group: spec.group.clone(),
            degraded: router.degraded(),
            drain: self.drain_of(id),
            takeover: self.takeover_of(id),
            causes: router.causes().iter().map(|cause| (*cause, self.about_cause(*cause))).collect(),
            causes_until: self.held.iter().filter(|(_, held, _)| *held == id).map(|(at, _, why)| (*why, *at)).collect(),
            conditions: router.conditions().map(|held| (held, self.about_condition(held))).collect(),
            active_router: router.followed(),
            addresses: Arc::clone(&spec.addresses),
            absent: absent(router, runtime),
            advertised: config.addresses.as_wire().len(),
            tracks: self.tracks_of(router),
            transition: record.transition.clone(),
            counters: *router.counters(),
            discards: record.discards.as_slice().into(),
            other_lists: record.other_lists.clone().into(),
            send_failed: record.send_failed,
            announced: record.announced,
            near_misses: record.near_misses,
            transitions: record.transitions.as_slice().into(),
            recent: record.recent(),
            peers: record.peers.as_slice().into(),
            timer: router.next_timeout(),
            inter_arrival: record.inter_arrival,
            inter_arrival_sum: record.inter_arrival_sum,
        })
    }

    fn tracks_of(&self, router: &VirtualRouter) -> Box<[TrackStatus]> {
        let config = router.config();
        let tracked = config.tracks.iter().map(|track| (track.check, Some(track.weight)));
        let required = config.claim_requires.iter().map(|required| (required.check, None));
        let named = |(check, weight)| TrackStatus {
            check: self.checks.name(check).unwrap_or_default(),
            verdict: router.verdict(check),
            weight,
        };
        tracked.chain(required).map(named).collect()
    }

    /// The name of the check or the router that a condition speaks of.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only conditions about a check or a router have a name")]
    pub(super) fn about_condition(&self, condition: Condition) -> Option<Arc<str>> {
        match condition {
            Condition::Withheld(Withheld::Requires(check)) => self.checks.name(check),
            Condition::Withheld(Withheld::Group(member)) => self.routers.get(member).map(Runtime::name),
            _ => None,
        }
    }
}

/// When a delay before it preempts whom it follows is over; the whole of it until the next advertisement begins it.
fn preempts_at(router: &VirtualRouter) -> Option<Instant> {
    let begun = router.preempts_at();
    let lower = router.followed().is_some_and(|heard| heard.priority < router.priority());
    match router.config().preempt {
        Preempt::After(delay) if lower => begun.or_else(|| Some(clock::now() + delay)),
        Preempt::Immediately | Preempt::After(_) | Preempt::Never => begun,
    }
}

fn down_interval(router: &VirtualRouter) -> core::time::Duration {
    let config = router.config();
    let interval = match router.state() {
        State::Backup(backup) => backup.active_adver_interval,
        State::Initialize | State::Active(_) | State::Leaving(_) => config.interval,
    };
    active_down_interval(config.version, router.priority(), interval, config.down_timer_adverts)
}

fn destinations(delivery: &Delivery) -> Box<[IpAddr]> {
    match delivery {
        Delivery::Multicast { group } => [*group].into(),
        Delivery::Unicast { peers, .. } => peers.iter().map(|peer| peer.address).collect(),
    }
}

/// The addresses that this host does not hold: of an Active router those that the kernel refuses, of any other all that
/// are not left over.
fn absent(router: &VirtualRouter, runtime: &Runtime) -> Box<[IpAddr]> {
    if router.state().name() == Name::Active {
        return runtime.missing.clone();
    }
    let all = runtime.spec.addresses.iter().map(|address| address.address);
    all.filter(|address| !runtime.leftovers.contains(address) && (!runtime.holds || runtime.missing.contains(address)))
        .collect()
}
