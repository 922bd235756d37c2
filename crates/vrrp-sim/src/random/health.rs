//! Checks, sync groups, drains, takeovers and startup delays out of a seed.

use core::time::Duration;

use fastrand::Rng;
use vrrp_core::{
    CheckId, Config, Drain, Habits, Instant, OnClaim, OnDegraded, Preempt, Requirement, Track, Verdict, Weight,
};
use vrrp_wire::Priority;

use super::pick;
use crate::checks::has_checks;
use crate::faults::{Fault, InterfaceFault, RouterFault, VirtualRouterFault};
use crate::setup::{Make, Setup};

/// The checks that episodes play with.
const PLAYED: u8 = 3;

/// Gives two of three setups checks, makes every other pair of virtual routers of ours a sync group, and delays some starts.
pub(super) fn add(rng: &mut Rng, setup: &mut Setup) {
    let ours = setup.software.iter().all(|make| *make == Make::Ours);
    let owned = setup.virtual_routers.iter().flat_map(|one| &one.configs).any(Config::is_owner);
    if ours && rng.u8(0..6) == 0 {
        setup.startup_delays = (0..setup.routers).map(|_| Duration::from_millis(rng.u64(0..4_000))).collect();
    }
    // keepalived tells nobody that its priority fell, and its `nopreempt` spares a sick router.
    if ours && rng.u8(0..3) != 0 {
        let shared = shared_checks(rng);
        for one in &mut setup.virtual_routers {
            let tracks = tracks(rng);
            for config in one.configs.iter_mut().filter(|config| config.habits != Habits::STRICT) {
                config.tracks.clone_from(&tracks);
                config.claim_requires.clone_from(&shared.claim_requires);
                config.on_degraded = shared.on_degraded;
                config.habits.damp_preemption = shared.damped;
                if config.preempt == Preempt::Never {
                    config.habits.preempt_degraded = shared.preempt_degraded;
                }
            }
        }
    }
    if ours && !owned && setup.virtual_routers.len() > 1 && rng.bool() {
        setup.groups = vec![vec![0, 1]];
        join(rng, setup);
    }
}

/// What all virtual routers of an episode have in common.
struct Shared {
    claim_requires: Box<[Requirement]>,
    on_degraded: OnDegraded,
    damped: bool,
    preempt_degraded: bool,
}

fn shared_checks(rng: &mut Rng) -> Shared {
    let check = CheckId(rng.u32(0..u32::from(PLAYED)));
    let requirement = match rng.u8(0..6) {
        0 => Some(OnClaim::HoldBack),
        1 => Some(OnClaim::HoldBackOnce),
        _ => None,
    };
    Shared {
        claim_requires: requirement.map(|otherwise| Requirement { check, otherwise }).into_iter().collect(),
        on_degraded: pick(rng, &[OnDegraded::Stay, OnDegraded::Resign]),
        damped: rng.u8(0..4) != 0,
        preempt_degraded: rng.bool(),
    }
}

fn tracks(rng: &mut Rng) -> Box<[Track]> {
    let mut tracks = Vec::new();
    for check in 0..rng.u32(0..=u32::from(PLAYED)) {
        let amount = pick(rng, &[0, 0, -50, -120, 60]);
        let reverse = rng.u8(0..8) == 0;
        tracks.push(Track { check: CheckId(check), weight: Weight { amount, reverse } });
    }
    tracks.into()
}

/// The members of a sync group are configured alike in what decides who serves.
fn join(rng: &mut Rng, setup: &mut Setup) {
    let one_priority = rng.bool();
    let [first, second] = setup.virtual_routers.as_mut_slice() else { return };
    let Some(second_interval) = second.configs.first().map(|config| config.interval) else { return };
    for (leader, member) in first.configs.iter().zip(&mut second.configs) {
        member.preempt = leader.preempt;
        member.habits = leader.habits;
        member.claim_requires.clone_from(&leader.claim_requires);
        member.on_degraded = leader.on_degraded;
        if one_priority {
            member.priority = leader.priority;
        }
        // Strictly, another VRRPv2 interval is discarded (RFC 3768 §7.1): two that discard each other both serve.
        if member.habits == Habits::STRICT {
            member.interval = second_interval;
        }
    }
}

/// In some worlds who has the greater address on one segment has the lesser on the other.
pub(super) fn opposite_order(rng: &mut Rng, setup: &Setup) -> Vec<(Instant, Fault)> {
    if setup.segments() < 2 || rng.u8(0..3) != 0 {
        return Vec::new();
    }
    let multicast = |config: &Config| matches!(config.delivery, vrrp_core::Delivery::Multicast { .. });
    if !setup.virtual_routers.iter().flat_map(|one| &one.configs).all(multicast) {
        return Vec::new();
    }
    let renumbered = |router: u8| Fault::Interface(router, 1, InterfaceFault::Renumber(60 - router));
    (0..setup.routers).map(|router| (Instant::ORIGIN, renumbered(router))).collect()
}

/// Something about health, where the world has it.
pub(super) fn fault(rng: &mut Rng, setup: &Setup) -> Option<Fault> {
    let router = rng.u8(0..setup.routers);
    let place = rng.u8(0..u8::try_from(setup.virtual_routers.len()).unwrap_or(1));
    if setup.make(router) != Make::Ours {
        return None;
    }
    Some(match rng.u8(0..12) {
        0..=6 => return check(rng, setup, router),
        7 => Fault::VirtualRouter(
            router,
            place,
            VirtualRouterFault::Drain(pick(rng, &[Drain::IfRelieved, Drain::Force])),
        ),
        8 | 9 => Fault::VirtualRouter(router, place, VirtualRouterFault::Undrain),
        10 => {
            let priority = pick(rng, &[None, None, Some(Priority::new(254)), Some(Priority::new(120))]);
            Fault::VirtualRouter(router, place, VirtualRouterFault::Takeover(priority))
        }
        _ if setup.groups.is_empty() => return None,
        _ => Fault::Router(router, RouterFault::Grouped(rng.u8(0..3) != 0)),
    })
}

fn check(rng: &mut Rng, setup: &Setup, router: u8) -> Option<Fault> {
    let checked = setup.virtual_routers.iter().flat_map(|one| &one.configs).any(has_checks);
    let verdict = pick(
        rng,
        &[
            Verdict::Up,
            Verdict::Up,
            Verdict::Up,
            Verdict::Down,
            Verdict::Down,
            Verdict::Silent,
            Verdict::Unknown,
            Verdict::Value(0),
            Verdict::Value(1),
            Verdict::Value(-3),
        ],
    );
    checked.then(|| Fault::Router(router, RouterFault::Check(rng.u8(0..PLAYED), verdict)))
}

/// A check that fails and recovers again and again, in some worlds: in others nothing.
pub(super) fn flaps(rng: &mut Rng, setup: &Setup, until: Instant) -> Vec<(Instant, Fault)> {
    let router = rng.u8(0..setup.routers);
    let checked = setup.virtual_routers.iter().flat_map(|one| &one.configs).any(has_checks);
    if !checked || rng.u8(0..3) != 0 {
        return Vec::new();
    }
    let check = rng.u8(0..PLAYED);
    let pause = Duration::from_millis(pick(rng, &[300, 2_000, 6_000]));
    let mut now = Instant::ORIGIN + Duration::from_millis(rng.u64(3_000..10_000));
    let mut flaps = Vec::new();
    for verdict in [Verdict::Down, Verdict::Up].into_iter().cycle().take(rng.usize(2..12)) {
        flaps.push((now, Fault::Router(router, RouterFault::Check(check, verdict))));
        now = now + pause * rng.u32(500..1_500) / 1_000;
    }
    flaps.retain(|(at, _)| *at < until);
    flaps
}

/// What of it is repaired, and what stays as it is for good.
pub(super) fn repairs(rng: &mut Rng, setup: &Setup, router: u8) -> Vec<Fault> {
    if setup.make(router) != Make::Ours {
        return Vec::new();
    }
    let mut repairs = vec![Fault::Router(router, RouterFault::Grouped(true))];
    for check in 0..PLAYED {
        let verdict = if rng.u8(0..6) == 0 { pick(rng, &[Verdict::Down, Verdict::Silent]) } else { Verdict::Up };
        repairs.push(Fault::Router(router, RouterFault::Check(check, verdict)));
    }
    for place in (0..).take(setup.virtual_routers.len()) {
        repairs.push(Fault::VirtualRouter(router, place, VirtualRouterFault::Takeover(None)));
        if rng.u8(0..8) != 0 {
            repairs.push(Fault::VirtualRouter(router, place, VirtualRouterFault::Undrain));
        }
    }
    repairs
}
