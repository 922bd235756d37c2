//! From a failure that nobody can read to one that everybody can.

use core::time::Duration;

use vrrp_core::Instant;

use crate::faults::{Fault, RouterFault};
use crate::setup::Make;
use crate::{Failure, Finding, Saboteur, Script};

/// The failure of the smallest script found that fails as `failure` does, by leaving out and by rounding; `saboteur`
/// makes the bug that is planted in it anew for each try.
///
/// Steps go first, in ever smaller blocks; then virtual routers and routers that do not matter; then odd moments.
pub fn shrink(failure: Box<Failure>, saboteur: &dyn Fn() -> Box<dyn Saboteur>) -> Box<Failure> {
    let mut best = failure;
    best.script.breaks = None;
    loop {
        let size = measure(&best.script);
        best = without_steps(best, saboteur);
        best = first_that_fails(best, saboteur, fewer_virtual_routers);
        best = first_that_fails(best, saboteur, fewer_routers);
        best = first_that_fails(best, saboteur, plainer);
        best = first_that_fails(best, saboteur, rounder);
        best = earlier_end(best, saboteur);
        if measure(&best.script) >= size {
            return best;
        }
    }
}

/// Less is better: steps, then what there is, then how odd the moments are.
fn measure(script: &Script) -> (usize, usize, usize) {
    let routers = usize::from(script.setup.routers);
    let plain = script.to_string().len();
    (script.steps.len(), routers + script.setup.virtual_routers.len(), plain)
}

/// The failure of `script`, if it fails as `like` does.
fn fails(script: Script, like: &Failure, saboteur: &dyn Fn() -> Box<dyn Saboteur>) -> Option<Box<Failure>> {
    let failure = script.replay_with(saboteur()).err()?;
    let same = match (failure.finding, like.finding) {
        (Finding::Violation(one), Finding::Violation(other)) => one.invariant == other.invariant,
        (one, other) => one == other,
    };
    same.then_some(failure)
}

/// Delta debugging: halves, quarters, ... of the steps are left out for as long as it goes on failing.
fn without_steps(mut best: Box<Failure>, saboteur: &dyn Fn() -> Box<dyn Saboteur>) -> Box<Failure> {
    let mut block = best.script.steps.len().div_ceil(2);
    while block > 0 {
        let mut at = 0;
        while at < best.script.steps.len() {
            let mut script = best.script.clone();
            let until = (at + block).min(script.steps.len());
            script.steps.drain(at..until);
            match fails(script, &best, saboteur) {
                Some(smaller) => best = smaller,
                None => at += block,
            }
        }
        block /= 2;
    }
    best
}

/// Tries every change that `changes` proposes, each on what the last left.
fn first_that_fails(
    mut best: Box<Failure>,
    saboteur: &dyn Fn() -> Box<dyn Saboteur>,
    changes: fn(&Script) -> Vec<Script>,
) -> Box<Failure> {
    loop {
        let size = measure(&best.script);
        let smaller = changes(&best.script)
            .into_iter()
            .filter(|script| measure(script) < size)
            .find_map(|script| fails(script, &best, saboteur));
        match smaller {
            Some(smaller) => best = smaller,
            None => return best,
        }
    }
}

/// Without the last virtual router, or without the first where the last stays.
fn fewer_virtual_routers(script: &Script) -> Vec<Script> {
    let mut smaller = script.clone();
    let last = smaller.setup.virtual_routers.len().saturating_sub(1);
    if last == 0 {
        return Vec::new();
    }
    smaller.setup.virtual_routers.truncate(last);
    smaller.setup.groups.iter_mut().for_each(|group| group.retain(|member| usize::from(*member) != last));
    smaller.setup.groups.retain(|group| group.len() > 1);
    smaller
        .steps
        .retain(|(_, fault)| !matches!(fault, Fault::VirtualRouter(_, place, _) if usize::from(*place) == last));
    let segments = smaller.setup.segments();
    smaller
        .steps
        .retain(|(_, fault)| !matches!(fault, Fault::Segment(on, _) | Fault::Interface(_, on, _) if *on >= segments));
    vec![smaller]
}

/// Without the last router.
fn fewer_routers(script: &Script) -> Vec<Script> {
    let mut smaller = script.clone();
    if smaller.setup.routers <= 1 {
        return Vec::new();
    }
    smaller.setup.routers -= 1;
    let left = smaller.setup.routers;
    smaller.setup.software.truncate(left.into());
    smaller.setup.virtual_routers.iter_mut().for_each(|one| one.configs.truncate(left.into()));
    smaller.steps.retain(|(_, fault)| match fault {
        Fault::Segment(..) => true,
        Fault::Router(router, _) | Fault::Interface(router, ..) | Fault::VirtualRouter(router, ..) => *router < left,
    });
    vec![smaller]
}

/// One router each time with ours on it, or dead from the beginning.
fn plainer(script: &Script) -> Vec<Script> {
    let all = 0..script.setup.routers;
    let ours = all.clone().filter(|router| script.setup.make(*router) != Make::Ours).map(|router| {
        let mut plainer = script.clone();
        plainer.setup.software.resize(script.setup.routers.into(), Make::Ours);
        if let Some(make) = plainer.setup.software.get_mut(usize::from(router)) {
            *make = Make::Ours;
        }
        plainer
    });
    ours.collect()
}

/// One moment each time, or one stall, on a rounder figure.
fn rounder(script: &Script) -> Vec<Script> {
    let mut rounder = Vec::new();
    for place in 0..script.steps.len() {
        for grain in [1_000, 100, 10, 1] {
            let mut moved = script.clone();
            let Some((at, fault)) = moved.steps.get_mut(place) else { continue };
            let before = (*at, *fault);
            *at = Instant::ORIGIN + rounded(at.since(Instant::ORIGIN), grain);
            if before != (*at, *fault) && moved.steps.is_sorted_by_key(|(at, _)| *at) {
                rounder.push(moved);
            }
            let mut eased = script.clone();
            let Some((_, fault)) = eased.steps.get_mut(place) else { continue };
            if let Fault::Router(router, RouterFault::Stall(lasts)) = *fault {
                *fault = Fault::Router(router, RouterFault::Stall(rounded(lasts, grain)));
                rounder.push(eased);
            }
        }
    }
    rounder
}

/// To whole multiples of `grain` milliseconds.
fn rounded(time: Duration, grain: u128) -> Duration {
    let millis = time.as_nanos() / 1_000_000 / grain * grain;
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

/// Ends soon after what failed.
fn earlier_end(best: Box<Failure>, saboteur: &dyn Fn() -> Box<dyn Saboteur>) -> Box<Failure> {
    let Finding::Violation(violation) = best.finding else { return best };
    let mut script = best.script.clone();
    let whole = violation.until.as_nanos() / 1_000_000_000 + 2;
    script.end = script.end.min(Instant::from_nanos(whole * 1_000_000_000));
    fails(script, &best, saboteur).unwrap_or(best)
}
