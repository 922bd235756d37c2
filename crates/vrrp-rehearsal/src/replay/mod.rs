//! Event logs of real nodes, held against the simulation.

mod compare;
mod error;
mod log;
mod observed;
mod text;

use core::time::Duration;

use serde::Serialize;
use vrrp_control::Event;
use vrrp_core::Instant;
use vrrp_sim::{Fault, Honest, RouterFault, World};

use crate::failure::said;
use crate::recording::Recording;
use crate::{Node, Outcome, Rehearsal, Report, Site};
use observed::{Observed, Stimulus};

pub use compare::{Compared, Difference};
pub use error::ReplayError;
pub use log::Log;

/// What nodes recorded, beside what the simulator makes of the same failures.
#[derive(Debug, Serialize)]
pub struct Replay {
    /// What was done to the simulated world.
    pub done: Vec<Done>,
    /// Every change of state, recorded and simulated.
    pub moves: Vec<Compared>,
    /// By how much a simulated change may be earlier or later and still be the same: an interval, and 0.2 s.
    pub tolerance: f64,
    /// What was simulated, for a picture.
    #[serde(skip)]
    report: Report,
}

/// Something that was done to the simulated world, because a log says so.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Done {
    /// Seconds since the first event.
    pub at: f64,
    /// What.
    pub what: String,
    /// Whether no log says it in so many words, and it follows from what the logs say.
    pub assumed: bool,
}

impl Replay {
    /// Replays the logs of nodes, one for each configuration and in their order.
    ///
    /// # Errors
    /// Why they cannot be.
    pub fn run(nodes: &[Node], logs: &[Log], rehearsal: &Rehearsal) -> Result<Self, ReplayError> {
        if nodes.len() != logs.len() {
            return Err(ReplayError::Count { logs: logs.len(), nodes: nodes.len() });
        }
        let site = Site::new(nodes, rehearsal.software, &rehearsal.joins)?;
        // Nodes that ran before their logs begin have come to rest by then.
        let lead = if logs.iter().all(begins_with_start) { Duration::from_secs(1) } else { site.patience() };
        let observed = Observed::new(&site, logs, lead);
        let stimuli = observed.stimuli();
        let last = observed.events.last().map_or(Instant::ORIGIN, |(at, ..)| *at);
        let end = last + Duration::from_secs(2);
        let recording = simulate(&site, rehearsal.seed, logs, &stimuli, end);
        let tolerance = tolerance(&site);
        let zero = Instant::ORIGIN + lead;
        let moves = compare::compare(&observed, &recording, (zero, tolerance));
        let done = stimuli.iter().map(|stimulus| Done {
            at: compare::seconds(zero, stimulus.at),
            what: stimulus.words.clone(),
            assumed: stimulus.assumed,
        });
        let done = done.collect();
        let outcome = Outcome::replayed(&site, recording, zero);
        let report = Report::new(rehearsal, &site, Vec::new(), vec![outcome], Vec::new());
        Ok(Self { done, moves, tolerance: tolerance.as_secs_f64(), report })
    }

    /// Whether the simulation is what was recorded.
    pub fn is_faithful(&self) -> bool {
        self.moves.iter().all(|one| one.difference == Difference::Same)
    }

    /// What was simulated, as a picture.
    pub fn svg(&self) -> String {
        self.report.svg(&self.report.outcomes)
    }
}

/// Whether a log tells of the start of its daemon.
fn begins_with_start(log: &Log) -> bool {
    let first = log.events.iter().find(|event| event.event == "moved" || event.event == "ineligible");
    first.is_some_and(is_start)
}

fn is_start(event: &Event) -> bool {
    matches!(event.cause.as_deref(), Some("started" | "owner" | "resumed" | "check_pending" | "startup_delay"))
}

/// How far apart the same may be: within an interval an advertisement may have been sent sooner or later.
fn tolerance(site: &Site) -> Duration {
    let parts = site.routers.iter().flat_map(crate::SiteRouter::parts);
    let longest = parts.map(|(_, part)| part.protocol.interval.duration()).max().unwrap_or_default();
    longest + Duration::from_millis(200)
}

fn simulate(site: &Site, seed: u64, logs: &[Log], stimuli: &[Stimulus], end: Instant) -> Recording {
    let mut world = World::unwatched(site.setup.clone(), seed, Box::new(Honest));
    for (check, place) in site.checks.iter().zip(0..) {
        check.parts().for_each(|(node, part)| world.at(Instant::ORIGIN, said(node, place, part.well)));
    }
    for (node, _) in (0..).zip(logs).filter(|(_, log)| begins_with_start(log)) {
        world.at(Instant::ORIGIN, Fault::Router(node, RouterFault::PowerOff));
    }
    let mut marks = Vec::new();
    for stimulus in stimuli {
        world.at(stimulus.at, stimulus.fault);
        marks.push((stimulus.at, stimulus.words.clone()));
    }
    let _unviolated = world.run(end);
    Recording::read(site, world.timeline(), marks, end)
}
