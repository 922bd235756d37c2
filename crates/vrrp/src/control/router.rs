use core::fmt::Display;
use core::net::IpAddr;
use std::sync::Arc;

use vrrp_control::{
    AddressStatus, Arrival, DiscardStatus, DrainStatus, Family, HeardStatus, Histogram, Moment, OtherList, PeerStatus,
    PriorityStatus, Remark, RouterCounters, RouterStatus, Seconds, TakeoverStatus, TimerStatus, TrackStatus,
    Transition,
};
use vrrp_core::Instant;

use super::{state, verdict};
use crate::Preempt;
use crate::status::{self, INTER_ARRIVAL_BOUNDS, RouterStatus as Snapshot, Status};

/// One virtual router, in words.
pub(super) fn status(all: &Status, router: &Snapshot) -> RouterStatus {
    let wall = |moment: Instant| Moment::from_unix_nanos(all.wall(moment));
    let conditions = router
        .conditions
        .iter()
        .map(|(condition, about)| remark(condition.token(), condition, about.as_ref(), condition.peer()));
    RouterStatus {
        name: router.name.to_string(),
        interface: router.interface.to_string(),
        vrid: router.vrid.get(),
        family: match router.family {
            crate::Family::V4 => Family::Ipv4,
            crate::Family::V6 => Family::Ipv6,
        },
        version: match router.version {
            crate::Version::V2 => 2,
            crate::Version::V3 => 3,
        },
        state: state(router.state),
        since: wall(router.since),
        leaving: router.leaving,
        priority: PriorityStatus { base: router.base.get(), effective: router.priority.get() },
        preempt: router.preempt != Preempt::Never,
        preempts_in: router.preempts_at.map(|at| at.since(all.now).into()),
        preempts_degraded: router.preempts_degraded,
        resigns_degraded: router.resigns_degraded,
        advertisement_interval: router.interval.duration().into(),
        active_down_interval: router.active_down_interval.into(),
        source: router.source,
        destinations: router.destinations.to_vec(),
        group: router.group.as_deref().map(str::to_owned),
        degraded: router.degraded,
        drain: router.drain.map(|drain| self::drain(all, drain)),
        takeover: router
            .takeover
            .map(|taken| TakeoverStatus { priority: taken.priority.get(), until: taken.until.map(wall) }),
        causes: causes(all, router),
        conditions: conditions.collect(),
        active_router: router.active_router.map(|heard| HeardStatus {
            address: heard.source,
            priority: heard.priority.get(),
            last_heard: wall(heard.at),
        }),
        addresses: addresses(router),
        tracks: router.tracks.iter().map(track).collect(),
        transition: router.transition.as_ref().map(|moved| transition(all, moved)),
        counters: counters(router),
        discards: router.discards.iter().map(|discard| self::discard(all, router, discard)).collect(),
        other_lists: router.other_lists.iter().map(other_list).collect(),
        recent: router.recent.iter().map(|arrival| self::arrival(all, arrival)).collect(),
        peers: router.peers.iter().map(|peer| self::peer(all, peer)).collect(),
        timer: router
            .timer
            .map(|(at, timer)| TimerStatus { timer: timer.token().to_owned(), fires_in: at.since(all.now).into() }),
        inter_arrival: inter_arrival(router),
    }
}

fn causes(all: &Status, router: &Snapshot) -> Vec<Remark> {
    let cause = |(cause, about): &(crate::Ineligible, Option<Arc<str>>)| {
        let until = router.causes_until.iter().find(|(held, _)| held == cause);
        let until = until.map(|(_, until)| Moment::from_unix_nanos(all.wall(*until)));
        Remark { until, ..remark(cause.token(), cause, about.as_ref(), None) }
    };
    router.causes.iter().map(cause).collect()
}

fn drain(all: &Status, drain: status::DrainStatus) -> DrainStatus {
    DrainStatus {
        since: Moment::from_unix_nanos(drain.since),
        until: drain.until.map(|until| Moment::from_unix_nanos(all.wall(until))),
        serving: drain.serving,
    }
}

fn remark(token: &str, words: &dyn Display, about: Option<&Arc<str>>, peer: Option<IpAddr>) -> Remark {
    let words = about.map_or_else(|| words.to_string(), |about| format!("{words} ({about})"));
    Remark { token: token.to_owned(), words, about: about.map(|about| about.to_string()), peer, until: None }
}

fn addresses(router: &Snapshot) -> Vec<AddressStatus> {
    let status = |(position, address): (usize, &crate::Address)| AddressStatus {
        address: format!("{}/{}", address.address, address.prefix),
        link: address.link.to_string(),
        present: !router.absent.contains(&address.address),
        advertised: position < router.advertised,
    };
    router.addresses.iter().enumerate().map(status).collect()
}

fn track(track: &status::TrackStatus) -> TrackStatus {
    let amount = |weight: crate::Weight| if weight.amount == 0 { None } else { Some(i32::from(weight.amount)) };
    TrackStatus {
        check: track.check.to_string(),
        verdict: verdict(track.verdict),
        weight: track.weight.and_then(amount),
        required: track.weight.is_none(),
    }
}

fn transition(all: &Status, moved: &status::Transition) -> Transition {
    Transition {
        at: Moment::from_unix_nanos(all.wall(moved.at)),
        from: state(moved.from),
        to: state(moved.to),
        cause: remark(moved.why.token(), &moved.why, moved.about.as_ref(), moved.why.peer()),
        priority: moved.priority.get(),
        heard: moved.heard.iter().map(|arrival| self::arrival(all, arrival)).collect(),
        engine_late: moved.engine_late.into(),
    }
}

fn arrival(all: &Status, arrival: &status::Arrival) -> Arrival {
    let at = Moment::from_unix_nanos(all.wall(arrival.at));
    Arrival { at, source: arrival.source, priority: arrival.priority.get() }
}

fn discard(all: &Status, router: &Snapshot, discard: &status::Discard) -> DiscardStatus {
    let status::Discard { at, source, reject } = discard;
    DiscardStatus {
        reason: reject.token().to_owned(),
        words: reject.to_string(),
        source: *source,
        at: Moment::from_unix_nanos(all.wall(*at)),
        times: router.counters.rejected(reject).into(),
    }
}

fn other_list(list: &status::OtherList) -> OtherList {
    OtherList { source: list.source, addresses: list.addresses.to_vec() }
}

fn peer(all: &Status, peer: &status::PeerStatus) -> PeerStatus {
    PeerStatus {
        address: peer.address,
        priority: peer.priority.get(),
        interval: peer.interval.duration().into(),
        last_heard: Moment::from_unix_nanos(all.wall(peer.last_heard)),
        received: peer.received.into(),
        missed: peer.missed.into(),
    }
}

fn counters(router: &Snapshot) -> RouterCounters {
    let core = &router.counters;
    RouterCounters {
        advertised: core.advertised,
        send_failed: router.send_failed.into(),
        received: core.received,
        rejected: core.rejections().map(|(token, count)| (token.to_owned(), count.into())).collect(),
        release_received: core.release_received.into(),
        release_sent: core.release_sent.into(),
        became_active: core.became_active.into(),
        ceased_active: core.ceased_active.into(),
        transitions: router.transitions.iter().map(|(token, count)| ((*token).to_owned(), (*count).into())).collect(),
        near_misses: router.near_misses.into(),
        announced: router.announced.into(),
    }
}

fn inter_arrival(router: &Snapshot) -> Histogram {
    let bounds = INTER_ARRIVAL_BOUNDS.iter().map(|hundredths| Seconds(f64::from(*hundredths) / 100.0));
    let counts: Vec<u64> = router.inter_arrival.iter().copied().map(u64::from).collect();
    #[expect(clippy::cast_precision_loss, reason = "the sum of a program's life is far below what a double holds")]
    let sum = Seconds(router.inter_arrival_sum as f64 / 100.0);
    Histogram { bounds: bounds.collect(), counts, sum }
}
