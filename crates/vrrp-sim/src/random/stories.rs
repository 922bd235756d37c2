//! Faults that matter together, and that dice would hardly ever throw so.

use core::time::Duration;

use fastrand::Rng;
use vrrp_core::{Config, Habits, Instant, Track, Verdict, Weight};
use vrrp_wire::{AdverInterval, Authentication, Priority, Version};

use super::faults::FIXED;
use super::{Mode, end, pick};
use crate::faults::{Change, Fault, Forgery, InterfaceFault, RouterFault, SegmentFault, VirtualRouterFault};
use crate::invariants::Bounds;
use crate::setup::{Make, Setup, VirtualRouterSetup};

/// What sets the dice of the stories apart from those of the rest, so that a new story leaves the other episodes as they are.
const APART: u64 = 0x5704_1e5a;

/// Has stories happen in an episode, if it has any, among its other faults or in place of all of them that are no repairs.
pub(crate) fn tell(seed: u64, setup: &mut Setup, mode: Mode, steps: &mut Vec<(Instant, Fault)>) {
    let mut rng = Rng::with_seed(seed ^ APART);
    let until = match mode {
        Mode::Safety => end(mode),
        Mode::Liveness => FIXED,
    };
    passwords(&mut rng, setup);
    // Only where there is a sync group does a member that is back have others to heed.
    let grouped = !setup.groups.is_empty() && rng.bool();
    let mut story = match if grouped { 5 } else { rng.u8(0..10) } {
        0 => frozen(&mut rng, setup),
        1 => falls(&mut rng, setup, true),
        8 => falls(&mut rng, setup, false),
        2 => mute(&mut rng, setup),
        3 | 7 => forged(&mut rng, setup),
        4 => uneven(&mut rng, setup),
        5 => crashes(&mut rng, setup),
        6 => {
            refresh_soon(setup);
            absent(&mut rng, setup)
        }
        _ => Vec::new(),
    };
    story.retain(|(at, _)| *at < until);
    if !story.is_empty() && rng.u8(0..3) == 0 {
        steps.retain(|(at, _)| *at == Instant::ORIGIN || *at >= until);
    }
    steps.extend(story);
    steps.sort_by_key(|(at, _)| *at);
}

/// A host is frozen while it is cut off, and whoever took over meanwhile is gone before it goes on: nobody tells it that
/// the LAN believes in another.
fn frozen(rng: &mut Rng, setup: &Setup) -> Vec<(Instant, Fault)> {
    let frozen = rng.u8(0..setup.routers);
    let others = || (0..setup.routers).filter(move |router| *router != frozen);
    let begins = Instant::ORIGIN + Duration::from_millis(rng.u64(9_000..16_000));
    let lasts = Duration::from_millis(rng.u64(1_500..8_000));
    let gone = begins + lasts * rng.u32(700..990) / 1_000;
    let mut story = vec![(begins, Fault::Router(frozen, RouterFault::Stall(lasts)))];
    for segment in 0..setup.segments() {
        let cuts = others().map(|other| (begins, Fault::Segment(segment, SegmentFault::Cut(other, frozen))));
        story.extend(cuts);
        story.push((gone, Fault::Segment(segment, SegmentFault::Heal)));
    }
    let ends = pick(rng, &[RouterFault::PowerOff, RouterFault::Kill]);
    story.extend(others().map(|other| (gone, Fault::Router(other, ends))));
    story
}

/// The best router of a virtual router fails a check once it serves, recovers, and preempts again: one that makes it
/// ineligible, or one that makes it worth less.
fn falls(rng: &mut Rng, setup: &Setup, decides: bool) -> Vec<(Instant, Fault)> {
    let fits = |track: &&Track| !track.weight.reverse && (track.weight == Weight::NONE) == decides;
    let tracks = |config: &Config| config.tracks.iter().any(|track| fits(&track));
    let one = setup.virtual_routers.iter().find(|one| one.configs.iter().any(tracks));
    let Some((best, config)) = one.and_then(|one| (0..).zip(&one.configs).max_by_key(|(_, config)| config.priority))
    else {
        return Vec::new();
    };
    let Some(track) = config.tracks.iter().find(fits) else { return Vec::new() };
    let check = u8::try_from(track.check.0).unwrap_or(0);
    let Bounds { down, dual, .. } = Bounds::new(core::slice::from_ref(config), &setup.latency, Duration::ZERO);
    // One that is only worth less for it is given time to be followed by all before.
    let serves = if decides { down + dual } else { down * 2 + dual };
    let mut now = Instant::ORIGIN + Duration::from_secs(4);
    let mut story = Vec::new();
    for verdict in [Verdict::Down, Verdict::Up].into_iter().cycle().take(12) {
        story.push((now, Fault::Router(best, RouterFault::Check(check, verdict))));
        let lasts = if verdict == Verdict::Up { serves } else { dual };
        now = now + lasts * rng.u32(1_000..1_500) / 1_000;
    }
    story
}

/// A router cannot send for a while, and whoever took over meanwhile is gone before it can: nobody tells it that the LAN
/// believes in another.
fn mute(rng: &mut Rng, setup: &Setup) -> Vec<(Instant, Fault)> {
    let mute = rng.u8(0..setup.routers);
    let begins = Instant::ORIGIN + Duration::from_millis(rng.u64(9_000..16_000));
    let lasts = Duration::from_millis(rng.u64(1_500..8_000));
    let gone = begins + lasts * rng.u32(700..990) / 1_000;
    let others = (0..setup.routers).filter(|router| *router != mute);
    let mut story: Vec<_> = others.map(|other| (gone, Fault::Router(other, RouterFault::PowerOff))).collect();
    for segment in 0..setup.segments() {
        story.push((begins, Fault::Interface(mute, segment, InterfaceFault::Sends(false))));
        story.push((begins + lasts, Fault::Interface(mute, segment, InterfaceFault::Sends(true))));
    }
    story
}

/// Somebody sends what must be discarded, as often as an Active router advertises.
fn forged(rng: &mut Rng, setup: &Setup) -> Vec<(Instant, Fault)> {
    let one = setup.virtual_routers.iter().find_map(|one| Some((one.segment, one.configs.first()?)));
    let Some((segment, config)) = one else { return Vec::new() };
    let guarded = config.authentication != Authentication::None && rng.bool();
    let what = if guarded { Forgery::Password } else { pick(rng, &Forgery::ALL) };
    let mut now = Instant::ORIGIN + Duration::from_millis(rng.u64(3_000..12_000));
    let mut story = Vec::new();
    for _ in 0..rng.usize(10..60) {
        story.push((now, Fault::Segment(segment, SegmentFault::Forge(what))));
        now = now + config.interval.duration() * rng.u32(200..1_500) / 1_000;
    }
    story
}

/// Every other VRRPv2 virtual router of ours asks for a password.
fn passwords(rng: &mut Rng, setup: &mut Setup) {
    let ours = setup.software.iter().all(|make| *make == Make::Ours);
    let asks = |config: &Config| ours && config.version == Version::V2 && config.habits != Habits::STRICT;
    for one in setup.virtual_routers.iter_mut().filter(|one| one.configs.iter().all(asks)) {
        let authentication = pick(rng, &[Authentication::None, Authentication::Simple(*b"eightoct")]);
        for config in &mut one.configs {
            config.authentication = authentication;
        }
    }
}

/// One router is given an interval that is some times as long as that of the others.
fn uneven(rng: &mut Rng, setup: &Setup) -> Vec<(Instant, Fault)> {
    let ours = setup.software.iter().all(|make| *make == Make::Ours);
    let at = Instant::ORIGIN + Duration::from_millis(rng.u64(2_000..8_000));
    let router = rng.u8(0..setup.routers);
    let longer = |config: &Config| {
        let centis = u16::try_from(config.interval.duration().as_millis() / 10).ok()?;
        AdverInterval::from_centis(if centis > 100 { return None } else { centis * 5 }).ok()
    };
    let places = (0..).zip(&setup.virtual_routers).filter(|_| ours);
    let evenly = places.filter(|(_, one)| one.configs.iter().all(|config| config.habits != Habits::STRICT));
    let reload = |(place, one): (u8, &VirtualRouterSetup)| {
        let interval = longer(one.configs.get(usize::from(router))?)?;
        Some((at, Fault::VirtualRouter(router, place, VirtualRouterFault::Reload(Change::Interval(interval)))))
    };
    evenly.filter_map(reload).collect()
}

/// A daemon dies and is back before anybody misses it, again and again.
fn crashes(rng: &mut Rng, setup: &Setup) -> Vec<(Instant, Fault)> {
    let router = rng.u8(0..setup.routers);
    let intervals = setup.virtual_routers.iter().flat_map(|one| &one.configs).map(|config| config.interval.duration());
    let shortest = intervals.min().unwrap_or_default();
    let mut now = Instant::ORIGIN + Duration::from_millis(rng.u64(3_000..8_000));
    let mut story = Vec::new();
    for _ in 0..rng.u8(1..5) {
        story.push((now, Fault::Router(router, RouterFault::Kill)));
        let back = now + shortest * rng.u32(100..2_900) / 1_000;
        story.push((back, Fault::Router(router, RouterFault::Start)));
        now = back + Duration::from_millis(rng.u64(100..5_000));
    }
    story
}

/// The clients are cut off while the addresses move to another router for good.
fn absent(rng: &mut Rng, setup: &Setup) -> Vec<(Instant, Fault)> {
    let begins = Instant::ORIGIN + Duration::from_millis(rng.u64(5_000..7_000));
    let moves = begins + Duration::from_millis(100);
    let ends = begins + Duration::from_millis(rng.u64(8_000..12_000));
    let mut story = Vec::new();
    for segment in 0..setup.segments() {
        story.push((begins, Fault::Segment(segment, SegmentFault::Partition(1 << setup.routers))));
        story.push((ends, Fault::Segment(segment, SegmentFault::Heal)));
    }
    for (place, one) in (0..).zip(&setup.virtual_routers) {
        let best = (0..).zip(&one.configs).max_by_key(|(_, config)| config.priority);
        let falls = VirtualRouterFault::Reload(Change::Priority(Priority::new(1)));
        story.extend(best.map(|(best, _): (u8, _)| (moves, Fault::VirtualRouter(best, place, falls))));
    }
    story
}

/// The addresses are announced again every few seconds: sooner than a client asks by itself.
fn refresh_soon(setup: &mut Setup) {
    for config in setup.virtual_routers.iter_mut().flat_map(|one| &mut one.configs) {
        config.announce.refresh = Duration::from_secs(5);
    }
}
