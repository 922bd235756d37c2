//! Faults and setups out of a seed.

use core::time::Duration;

use fastrand::Rng;
use vrrp_core::{AddressList, Config, Delivery, Habits, Instant, Peer, Preempt};
use vrrp_wire::{AdverInterval, Family, Priority, Version, Vrid};

use crate::lan::between;
use crate::setup::{Setup, VirtualRouterSetup, source};
use crate::{Fault, Latency, Noise};

/// Whether the faults of an episode ever end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// They roll until the end: nothing forbidden may happen meanwhile.
    Safety,
    /// They stop after a while, some of them for good and some repaired: from then on what should happen must.
    Liveness,
}

/// The longest that a frame is held back in a random episode.
pub(crate) const HELD_FOR: Duration = Duration::from_millis(20);
/// When faults begin, and when they end in [`Mode::Liveness`].
const BEGIN: Instant = Instant::from_nanos(3_000_000_000);
const FIXED: Instant = Instant::from_nanos(20_000_000_000);

/// When an episode of this mode ends.
pub(crate) const fn end(mode: Mode) -> Instant {
    match mode {
        Mode::Safety => Instant::from_nanos(40_000_000_000),
        Mode::Liveness => Instant::from_nanos(80_000_000_000),
    }
}

/// Two to four routers, one or two virtual routers on one or two segments.
pub(crate) fn setup(rng: &mut Rng) -> Setup {
    let routers = rng.u8(2..=4);
    let virtual_routers = (0..rng.u8(1..=2)).map(|number| virtual_router(rng, number, routers)).collect();
    Setup { routers, virtual_routers, latency: Latency::default() }
}

fn virtual_router(rng: &mut Rng, number: u8, routers: u8) -> VirtualRouterSetup {
    let segment = rng.u8(0..=number);
    let family = pick(rng, &[Family::V4, Family::V4, Family::V6]);
    let version = if family == Family::V4 { pick(rng, &[Version::V2, Version::V3, Version::V3]) } else { Version::V3 };
    let address = source(family, segment, 100 + number);
    let vrid = Vrid::new(51 + number).unwrap_or_else(|| unreachable!("51 is a VRID"));
    let intervals: &[u16] = if version == Version::V2 { &[100, 200] } else { &[10, 20, 50, 100, 200] };
    let mut shared = Config::new(version, vrid, AddressList::of(family, [address]));
    shared.interval = interval(rng, intervals);
    shared.preempt = preempt(rng);
    if rng.u8(0..5) == 0 {
        shared.delivery = unicast(family, segment, routers);
    }
    if rng.u8(0..10) == 0 {
        shared.habits = Habits::STRICT;
    }
    let owner = (rng.u8(0..10) == 0).then(|| rng.u8(0..routers));
    let one_interval = shared.habits == Habits::STRICT || rng.u8(0..8) != 0;
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

/// The faults of one episode, in the order of their moments.
pub(crate) fn faults(rng: &mut Rng, setup: &Setup, mode: Mode) -> Vec<(Instant, Fault)> {
    let until = match mode {
        Mode::Safety => end(mode),
        Mode::Liveness => FIXED,
    };
    let mut faults = Vec::new();
    let mut now = BEGIN;
    // Some episodes are a rush, some leave time to settle between two faults.
    let pause = pick(rng, &[200, 1_000, 4_000]);
    while now < until {
        faults.push((now, fault(rng, setup)));
        now = now + between(rng, (Duration::from_millis(1), Duration::from_millis(pause)));
    }
    if mode == Mode::Liveness {
        faults.extend(repairs(rng, setup).into_iter().map(|fault| (until, fault)));
    }
    faults
}

fn fault(rng: &mut Rng, setup: &Setup) -> Fault {
    let segment = rng.u8(0..setup.segments());
    let router = rng.u8(0..setup.routers);
    let virtual_router = rng.u8(0..u8::try_from(setup.virtual_routers.len()).unwrap_or(1));
    match rng.u8(0..16) {
        0 => {
            let station = |rng: &mut Rng| rng.u8(0..=setup.routers);
            Fault::Cut { segment, from: station(rng), to: station(rng) }
        }
        1 | 2 => Fault::Partition { segment, group: rng.u16(..) },
        3..=5 => Fault::Heal { segment },
        6 => Fault::Noise { segment, noise: noise(rng) },
        7 => Fault::Noise { segment, noise: Noise::default() },
        8 => Fault::Kill { router, addresses_stay: rng.bool() },
        9 | 10 => Fault::Start { router },
        11 => Fault::Stop { router },
        12 => Fault::Stall { router, lasts: between(rng, (Duration::from_millis(1), Duration::from_secs(8))) },
        13 => Fault::Link { router, segment, up: rng.bool() },
        14 => Fault::Priority { router, virtual_router, priority: Priority::new(rng.u8(..)) },
        _ => Fault::Steal { router, virtual_router },
    }
}

fn noise(rng: &mut Rng) -> Noise {
    Noise {
        lost: pick(rng, &[0, 50, 300]),
        doubled: pick(rng, &[0, 100]),
        held: pick(rng, &[0, 200]),
        held_for: HELD_FOR,
    }
}

/// What is repaired, and what stays as it is for good.
fn repairs(rng: &mut Rng, setup: &Setup) -> Vec<Fault> {
    let mut repairs = Vec::new();
    for segment in 0..setup.segments() {
        let noise = Noise { lost: 0, ..noise(rng) };
        repairs.push(Fault::Noise { segment, noise });
        repairs.push(Fault::Heal { segment });
        match rng.u8(0..4) {
            0 => repairs.push(Fault::Partition { segment, group: rng.u16(..) }),
            1 => repairs.push(Fault::Cut { segment, from: rng.u8(0..setup.routers), to: rng.u8(0..setup.routers) }),
            _ => {}
        }
        for router in 0..setup.routers {
            repairs.push(Fault::Link { router, segment, up: rng.u8(0..8) != 0 });
        }
    }
    for router in 0..setup.routers {
        repairs.push(match rng.u8(0..4) {
            0 => Fault::Kill { router, addresses_stay: rng.bool() },
            _ => Fault::Start { router },
        });
    }
    repairs
}

fn pick<T: Copy>(rng: &mut Rng, choices: &[T]) -> T {
    let place = rng.usize(0..choices.len());
    choices.get(place).copied().unwrap_or_else(|| unreachable!("within the choices"))
}
