use core::time::Duration;

use fastrand::Rng;
use vrrp_core::Instant;
use vrrp_wire::Priority;

use super::{Mode, end, health, pick};
use crate::faults::{Change, Fault, InterfaceFault, RouterFault, SegmentFault, VirtualRouterFault};
use crate::lan::{Noise, between};
use crate::setup::{Make, Setup};

/// The longest that a frame is held back.
const HELD_FOR: Duration = Duration::from_millis(20);
/// When faults begin, and when they end in [`Mode::Liveness`].
const BEGIN: Instant = Instant::from_nanos(3_000_000_000);
pub(super) const FIXED: Instant = Instant::from_nanos(20_000_000_000);

/// The faults of one episode, in the order of their moments.
pub(crate) fn faults(rng: &mut Rng, setup: &Setup, mode: Mode) -> Vec<(Instant, Fault)> {
    let until = match mode {
        Mode::Safety => end(mode),
        Mode::Liveness => FIXED,
    };
    let mut faults = health::opposite_order(rng, setup);
    let mut now = BEGIN;
    // Some episodes are a rush, some leave time to settle between two faults.
    let pause = pick(rng, &[200, 1_000, 4_000]);
    while now < until {
        faults.push((now, fault(rng, setup)));
        now = now + between(rng, (Duration::from_millis(1), Duration::from_millis(pause)));
    }
    faults.extend(health::flaps(rng, setup, until));
    faults.sort_by_key(|(at, _)| *at);
    if mode == Mode::Liveness {
        faults.extend(repairs(rng, setup).into_iter().map(|fault| (until, fault)));
    }
    faults
}

fn fault(rng: &mut Rng, setup: &Setup) -> Fault {
    let segment = rng.u8(0..setup.segments());
    let router = rng.u8(0..setup.routers);
    if rng.u8(0..4) == 0
        && let Some(fault) = health::fault(rng, setup)
    {
        return fault;
    }
    match rng.u8(0..16) {
        0..=5 => Fault::Segment(segment, segment_fault(rng, setup.routers)),
        6..=10 => Fault::Router(router, router_fault(rng)),
        11 | 12 => Fault::Interface(router, segment, interface_fault(rng)),
        _ => {
            let place = rng.u8(0..u8::try_from(setup.virtual_routers.len()).unwrap_or(1));
            // It discards other lists, and what it discards keeps it from advertising.
            let picky = setup.software.contains(&Make::Keepalived22);
            Fault::VirtualRouter(router, place, virtual_router_fault(rng, picky))
        }
    }
}

fn segment_fault(rng: &mut Rng, routers: u8) -> SegmentFault {
    let station = |rng: &mut Rng| rng.u8(0..=routers);
    match rng.u8(0..16) {
        0 | 1 => SegmentFault::Cut(station(rng), station(rng)),
        2 | 3 => SegmentFault::Partition(rng.u16(..) & 0x7fff >> (14 - routers)),
        4..=9 => SegmentFault::Heal,
        10 => SegmentFault::Noise(None, None, noise(rng)),
        11 => SegmentFault::Noise(Some(station(rng)), Some(station(rng)), noise(rng)),
        12 | 13 => SegmentFault::Noise(None, None, Noise::default()),
        14 => SegmentFault::Snoop(rng.u8(0..routers)),
        _ => pick(rng, &[SegmentFault::Flush, SegmentFault::Spoof(0, 1)]),
    }
}

fn router_fault(rng: &mut Rng) -> RouterFault {
    match rng.u8(0..10) {
        0 => RouterFault::Kill,
        1 => RouterFault::PowerOff,
        2..=4 => RouterFault::Start,
        5 => RouterFault::Stop,
        6 | 7 => RouterFault::Stall(between(rng, (Duration::from_millis(1), Duration::from_secs(8)))),
        8 => RouterFault::ClockForward(Duration::from_millis(rng.u64(0..7_200_000))),
        _ => RouterFault::ClockBack(Duration::from_millis(rng.u64(0..7_200_000))),
    }
}

fn interface_fault(rng: &mut Rng) -> InterfaceFault {
    match rng.u8(0..12) {
        0..=2 => InterfaceFault::Link(false),
        3..=5 => InterfaceFault::Link(true),
        6 => InterfaceFault::Sends(false),
        7 | 8 => InterfaceFault::Sends(true),
        9 => InterfaceFault::Source(rng.bool()),
        10 => InterfaceFault::Source(true),
        _ => InterfaceFault::Firewall(rng.bool().then(|| Duration::from_secs(rng.u64(20..60)))),
    }
}

fn virtual_router_fault(rng: &mut Rng, picky: bool) -> VirtualRouterFault {
    match rng.u8(0..8) {
        0 | 1 => VirtualRouterFault::Priority(Priority::new(rng.u8(..))),
        2 => VirtualRouterFault::Steal,
        3 => VirtualRouterFault::Thief(rng.bool().then(|| Duration::from_millis(rng.u64(1..2_000)))),
        4 => VirtualRouterFault::Thief(None),
        5 | 6 => VirtualRouterFault::Reload(Change::Nothing),
        _ => {
            let priority = Priority::new(pick(rng, &[1, 60, 100, 120, 200, 254]));
            let list = if picky { Change::Nothing } else { Change::Addresses(2) };
            VirtualRouterFault::Reload(pick(rng, &[Change::Priority(priority), list]))
        }
    }
}

fn noise(rng: &mut Rng) -> Noise {
    Noise {
        lost: pick(rng, &[0, 50, 300]),
        doubled: pick(rng, &[0, 100]),
        held: pick(rng, &[0, 200]),
        held_for: HELD_FOR,
        delay: Duration::from_millis(pick(rng, &[0, 0, 5])),
    }
}

/// What is repaired, and what stays as it is for good.
fn repairs(rng: &mut Rng, setup: &Setup) -> Vec<Fault> {
    let mut repairs = Vec::new();
    for segment in 0..setup.segments() {
        let mut on = |what| repairs.push(Fault::Segment(segment, what));
        let noise = Noise { lost: 0, ..noise(rng) };
        on(SegmentFault::Noise(None, None, noise));
        on(SegmentFault::Heal);
        match rng.u8(0..6) {
            0 => on(SegmentFault::Partition(rng.u16(..) & 0x7fff >> (14 - setup.routers))),
            1 => on(SegmentFault::Cut(rng.u8(0..setup.routers), rng.u8(0..setup.routers))),
            2 => on(SegmentFault::Snoop(rng.u8(0..setup.routers))),
            _ => {}
        }
        for router in 0..setup.routers {
            let mut on = |what| repairs.push(Fault::Interface(router, segment, what));
            on(InterfaceFault::Link(rng.u8(0..8) != 0));
            on(InterfaceFault::Sends(rng.u8(0..8) != 0));
            on(InterfaceFault::Source(rng.u8(0..8) != 0));
            let memory = Duration::from_secs(rng.u64(20..60));
            on(InterfaceFault::Firewall((rng.u8(0..8) == 0).then_some(memory)));
        }
    }
    for router in 0..setup.routers {
        let what = match rng.u8(0..8) {
            0 => RouterFault::Kill,
            1 => RouterFault::PowerOff,
            _ => RouterFault::Start,
        };
        repairs.push(Fault::Router(router, what));
        repairs.extend(health::repairs(rng, setup, router));
        for place in (0..).take(setup.virtual_routers.len()) {
            repairs.push(Fault::VirtualRouter(router, place, VirtualRouterFault::Thief(None)));
        }
    }
    repairs
}
