//! Setups and faults out of a seed.

mod faults;
mod health;
mod stories;

use core::time::Duration;

use fastrand::Rng;
use vrrp_core::{Config, Delivery, Habits, Instant, Peer, Preempt};
use vrrp_wire::{AdverInterval, Family, Priority, Version, Vrid};

use crate::Latency;
use crate::setup::{Make, Setup, VirtualRouterSetup, source};
use crate::world::addresses;

pub(crate) use faults::faults;
pub(crate) use stories::tell;

/// Whether the faults of an episode ever end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// They roll until the end: nothing forbidden may happen meanwhile.
    Safety,
    /// They stop after a while, some of them for good and some repaired: from then on what should happen must.
    Liveness,
}

/// When an episode of this mode ends.
pub(crate) const fn end(mode: Mode) -> Instant {
    match mode {
        Mode::Safety => Instant::from_nanos(40_000_000_000),
        Mode::Liveness => Instant::from_nanos(100_000_000_000),
    }
}

/// Two to four routers, one or two virtual routers on one or two segments, most with checks and every other
/// pair a sync group; in one setup of three somebody else's daemons
/// are among them.
pub(crate) fn setup(rng: &mut Rng) -> Setup {
    let routers = rng.u8(2..=4);
    let mixed = rng.u8(0..3) == 0;
    let software: Vec<Make> = (0..routers).map(|_| if mixed { make(rng) } else { Make::Ours }).collect();
    let virtual_routers = (0..rng.u8(1..=2)).map(|number| virtual_router(rng, number, &software)).collect();
    let mut setup = Setup {
        routers,
        software,
        virtual_routers,
        groups: Vec::new(),
        startup_delays: Vec::new(),
        particular: Vec::new(),
        latency: Latency::default(),
    };
    health::add(rng, &mut setup);
    setup
}

fn make(rng: &mut Rng) -> Make {
    pick(rng, &[Make::Ours, Make::Ours, Make::Keepalived22, Make::Keepalived24, Make::Frr])
}

fn virtual_router(rng: &mut Rng, number: u8, software: &[Make]) -> VirtualRouterSetup {
    let routers = u8::try_from(software.len()).unwrap_or(u8::MAX);
    let segment = rng.u8(0..=number);
    let family = pick(rng, &[Family::V4, Family::V4, Family::V6]);
    let version = if family == Family::V4 { pick(rng, &[Version::V2, Version::V3, Version::V3]) } else { Version::V3 };
    let vrid = Vrid::new(51 + number).unwrap_or_else(|| unreachable!("51 is a VRID"));
    let intervals: &[u16] = if version == Version::V2 { &[100, 200] } else { &[10, 20, 50, 100, 200] };
    let mut shared = Config::new(version, vrid, addresses(family, segment, number.into(), 1));
    shared.interval = interval(rng, intervals);
    shared.preempt = preempt(rng);
    // FRR knows no unicast and no owner, and neither it nor keepalived takes another VRRPv2 interval.
    if rng.u8(0..5) == 0 && !software.contains(&Make::Frr) {
        shared.delivery = unicast(family, segment, routers);
    }
    match rng.u8(0..10) {
        0 => shared.habits = Habits::STRICT,
        1 => shared.habits.confirm_silence = true,
        _ => {}
    }
    let owner = (rng.u8(0..10) == 0 && !software.contains(&Make::Frr)).then(|| rng.u8(0..routers));
    let ours = software.iter().all(|make| *make == Make::Ours);
    let one_interval = shared.habits == Habits::STRICT || !ours || rng.u8(0..8) != 0;
    let configs = (0..routers)
        .map(|router| {
            let mut config = shared.clone();
            config.priority = Priority::new(pick(rng, &[1, 50, 100, 100, 150, 200, 254]));
            if owner == Some(router) {
                config.priority = Priority::OWNER;
            }
            if !one_interval {
                config.interval = interval(rng, intervals);
            }
            config
        })
        .collect();
    VirtualRouterSetup { segment, configs }
}

fn preempt(rng: &mut Rng) -> Preempt {
    match rng.u8(0..6) {
        0 => Preempt::Never,
        1 => Preempt::After(Duration::from_millis(rng.u64(0..3_000))),
        _ => Preempt::Immediately,
    }
}

fn unicast(family: Family, segment: u8, routers: u8) -> Delivery {
    let peer = |router| Peer { address: source(family, segment, router), min_ttl: 0, max_ttl: 255 };
    Delivery::Unicast { peers: (0..routers).map(peer).collect(), ttl: 64, check_source: true }
}

fn interval(rng: &mut Rng, centis: &[u16]) -> AdverInterval {
    AdverInterval::from_centis(pick(rng, centis)).unwrap_or(AdverInterval::DEFAULT)
}

fn pick<T: Copy>(rng: &mut Rng, choices: &[T]) -> T {
    let place = rng.usize(0..choices.len());
    choices.get(place).copied().unwrap_or_else(|| unreachable!("within the choices"))
}
