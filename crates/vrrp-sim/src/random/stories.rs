//! Faults that matter together, and that dice would hardly ever throw so.

use core::time::Duration;

use fastrand::Rng;
use vrrp_core::{Config, Instant, Track, Verdict, Weight};

use super::faults::FIXED;
use super::{Mode, end, pick};
use crate::faults::{Fault, RouterFault, SegmentFault};
use crate::invariants::Bounds;
use crate::setup::Setup;

/// What sets the dice of the stories apart from those of the rest, so that a new story leaves the other episodes as they are.
const APART: u64 = 0x5704_1e5a;

/// Has stories happen in an episode, if it has any, among its other faults or in place of all of them that are no repairs.
pub(crate) fn tell(seed: u64, setup: &Setup, mode: Mode, steps: &mut Vec<(Instant, Fault)>) {
    let mut rng = Rng::with_seed(seed ^ APART);
    let until = match mode {
        Mode::Safety => end(mode),
        Mode::Liveness => FIXED,
    };
    let mut story = match rng.u8(0..6) {
        0 => frozen(&mut rng, setup),
        1 | 2 => falls(&mut rng, setup),
        _ => Vec::new(),
    };
    story.retain(|(at, _)| *at < until);
    if !story.is_empty() && rng.bool() {
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

/// The best router of a virtual router preempts, fails a check once it serves, recovers, and preempts again; nothing
/// where no check makes it ineligible.
fn falls(rng: &mut Rng, setup: &Setup) -> Vec<(Instant, Fault)> {
    let one = setup.virtual_routers.iter().find(|one| one.configs.iter().any(|config| deciding(config).is_some()));
    let Some((best, config)) = one.and_then(|one| (0..).zip(&one.configs).max_by_key(|(_, config)| config.priority))
    else {
        return Vec::new();
    };
    let Some(check) = deciding(config) else { return Vec::new() };
    let Bounds { down, dual, .. } = Bounds::new(core::slice::from_ref(config), &setup.latency, Duration::ZERO);
    let mut now = Instant::ORIGIN + Duration::from_secs(4);
    let mut story = Vec::new();
    for verdict in [Verdict::Down, Verdict::Up].into_iter().cycle().take(12) {
        story.push((now, Fault::Router(best, RouterFault::Check(check, verdict))));
        let lasts = if verdict == Verdict::Up { down + dual } else { dual };
        now = now + lasts * rng.u32(1_000..1_500) / 1_000;
    }
    story
}

/// A check of the router that makes it ineligible when it fails, by its number.
fn deciding(config: &Config) -> Option<u8> {
    let decides = |track: &&Track| track.weight == Weight::NONE;
    let track = config.tracks.iter().find(decides)?;
    u8::try_from(track.check.0).ok()
}
