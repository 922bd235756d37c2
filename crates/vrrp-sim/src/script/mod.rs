//! A world and what happens in it, as a text that replays exactly.

mod checks;
mod error;
mod expectation;
mod read;
mod read_fault;
mod words;
mod write;

use core::time::Duration;

use vrrp_core::Instant;

use crate::faults::{Fault, SegmentFault};
use crate::invariants::Invariant;
use crate::{Failure, Finding, Honest, Saboteur, Setup, World};

pub use error::{ScriptError, ScriptErrorKind};
pub use expectation::Expectation;

/// A world, what happens to it, and what is expected of it.
///
/// Its text is the form in which failures are printed and seeds are kept:
///
/// ```
/// let text = "
/// ## The Active router's host stands still for longer than its peers wait, and comes back.
/// seed 1
/// end 30s
/// router r0 ours
/// router r1 keepalived-2.2
/// v0 segment 0 version 3 family ipv4 vrid 51
/// v0 r0 priority 200 interval 1s addresses 1
/// v0 r1 priority 100 interval 1s addresses 1
/// at 10s r0 stall 8s
/// at 17s expect r1 v0 active
/// at 29s expect r0 v0 active
/// ";
/// let script: vrrp_sim::Script = text.parse()?;
/// script.replay()?;
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Script {
    /// What the text says before anything else, line by line: which story taught it.
    pub comment: Vec<String>,
    /// Where latencies and losses come from.
    pub seed: u64,
    /// What the world is made of.
    pub setup: Setup,
    /// What happens to it.
    pub steps: Vec<(Instant, Fault)>,
    /// What is to be found at which moments.
    pub expectations: Vec<(Instant, Expectation)>,
    /// The invariant that this world breaks; the text shows what somebody's daemon does.
    pub breaks: Option<Invariant>,
    /// When it ends.
    pub end: Instant,
}

impl Script {
    /// Runs it as it is.
    ///
    /// # Errors
    /// What was found that should not be, with the timeline.
    pub fn replay(&self) -> Result<(), Box<Failure>> {
        self.replay_with(Box::new(Honest))
    }

    /// Runs it with a planted bug.
    ///
    /// # Errors
    /// What was found that should not be, with the timeline.
    pub fn replay_with(&self, saboteur: Box<dyn Saboteur>) -> Result<(), Box<Failure>> {
        let mut world = self.world(saboteur);
        let found = self.find(&mut world);
        match (found, self.breaks) {
            (None, None) => Ok(()),
            (Some(Finding::Violation(violation)), Some(breaks)) if violation.invariant == breaks => Ok(()),
            (Some(finding), _) => Err(self.failure(&world, finding)),
            (None, Some(breaks)) => Err(self.failure(&world, Finding::Unbroken(breaks))),
        }
    }

    fn failure(&self, world: &World, finding: Finding) -> Box<Failure> {
        Box::new(Failure { script: self.clone(), finding, timeline: world.timeline().clone() })
    }

    /// The world at its beginning.
    pub fn world(&self, saboteur: Box<dyn Saboteur>) -> World {
        let mut world = World::with_held_frames(self.setup.clone(), self.seed, saboteur, self.held_for());
        for (at, fault) in &self.steps {
            world.at(*at, *fault);
        }
        world
    }

    /// The longest that a frame is late.
    fn held_for(&self) -> Duration {
        let late = self.steps.iter().map(|(_, fault)| match fault {
            Fault::Segment(_, SegmentFault::Noise(_, _, noise)) => noise.latest(),
            Fault::Segment(..) | Fault::Router(..) | Fault::Interface(..) | Fault::VirtualRouter(..) => Duration::ZERO,
        });
        late.max().unwrap_or_default()
    }

    fn find(&self, world: &mut World) -> Option<Finding> {
        let mut expectations = self.expectations.clone();
        expectations.sort_by_key(|(at, _)| *at);
        for (at, expectation) in expectations {
            if let Err(violation) = world.run(at) {
                return Some(Finding::Violation(violation));
            }
            if !expectation.is_met(world) {
                return Some(Finding::Unmet(at, expectation));
            }
        }
        world.run(self.end).err().map(Finding::Violation)
    }
}
