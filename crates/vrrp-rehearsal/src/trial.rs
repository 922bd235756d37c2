//! One run of the simulated world: what fails when, and what is the case meanwhile.

use core::time::Duration;

use vrrp_core::{Instant, Name};
use vrrp_sim::{Honest, World};

use crate::Site;
use crate::failure::{Failure, said};
use crate::recording::{Recording, Ways};

/// What happens one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Trial {
    /// What fails and recovers before anything is looked at.
    pub(crate) prelude: Option<Failure>,
    /// What fails, each while those before last; all recover together.
    pub(crate) failures: Vec<Failure>,
}

/// What a trial was like.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) trial: Trial,
    pub(crate) recording: Recording,
    /// When the first failure begins, all at rest before.
    pub(crate) begin: Instant,
    /// When the last one begins.
    pub(crate) last: Instant,
    /// When all has come to rest again, and the failures end.
    pub(crate) healed: Instant,
    /// When all has come to rest after that.
    pub(crate) end: Instant,
    /// Links and ways as the failures leave them.
    pub(crate) ways: Ways,
    /// The state of each virtual router on each node before the failures end; none of one that does not run.
    pub(crate) states: Vec<Vec<Option<Name>>>,
}

impl Run {
    /// The state of a virtual router on a node, before the failures end.
    pub(crate) fn state(&self, router: u8, node: u8) -> Option<Name> {
        *self.states.get(usize::from(router))?.get(usize::from(node))?
    }

    /// Whether a check of a node fails, before the failures end.
    pub(crate) fn fails(&self, site: &Site, check: u8, node: u8) -> bool {
        self.trial.failures.iter().any(|failure| failure.fails(site, check, node))
    }
}

/// The moment just before another.
fn before(at: Instant) -> Instant {
    at - Duration::from_nanos(1)
}

/// Runs a trial.
pub(crate) fn run(site: &Site, seed: u64, trial: Trial) -> Run {
    let mut world = World::unwatched(site.setup.clone(), seed, Box::new(Honest));
    for (check, place) in site.checks.iter().zip(0..) {
        check.parts().for_each(|(node, part)| world.at(Instant::ORIGIN, said(node, place, part.well)));
    }
    let patience = site.patience();
    let mut marks = Vec::new();
    let mut at = Instant::ORIGIN + patience;
    if let Some(prelude) = trial.prelude {
        marks.push((at, prelude.name(site)));
        prelude.begins(site, at).into_iter().for_each(|(at, fault)| world.at(at, fault));
        at = at + patience;
        marks.push((at, "all is well".to_owned()));
        prelude.ends(site, at).into_iter().for_each(|(at, fault)| world.at(at, fault));
        at = at + patience;
    }
    let (begin, mut last) = (at, at);
    let mut ways = Ways::new(site);
    for failure in &trial.failures {
        marks.push((at, failure.name(site)));
        for (moment, fault) in failure.begins(site, at) {
            ways.take(&fault);
            world.at(moment, fault);
        }
        last = at;
        at = at + patience;
    }
    let healed = at;
    marks.extend((!trial.failures.is_empty()).then(|| (healed, "all is well".to_owned())));
    for failure in &trial.failures {
        failure.ends(site, healed).into_iter().for_each(|(at, fault)| world.at(at, fault));
    }
    let end = if trial.failures.is_empty() { healed } else { healed + patience };
    // Nobody watches: there is nothing to be violated.
    let _unviolated = world.run(before(healed));
    let states = states(site, &world);
    let _unviolated = world.run(end);
    let recording = Recording::read(site, world.timeline(), marks, end);
    Run { trial, recording, begin, last, healed, end, ways, states }
}

fn states(site: &Site, world: &World) -> Vec<Vec<Option<Name>>> {
    let of = |place: usize| (0..site.count()).map(|node| world.state(node, place)).collect();
    (0..site.routers.len()).map(of).collect()
}
