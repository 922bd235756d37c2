use core::fmt;

use fastrand::Rng;
use vrrp_core::Instant;

use crate::invariants::{Invariant, Violation};
use crate::random::{self, Mode};
use crate::script::{Expectation, Script};
use crate::{Saboteur, Timeline};

/// One simulated stretch of time, made from nothing but a seed: the routers, their configurations, the faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Episode {
    /// Where everything comes from.
    pub seed: u64,
    /// Whether the faults end.
    pub mode: Mode,
}

/// What was found in a world that should not be: what is printed is all that is needed to understand and repeat it.
#[derive(Debug)]
pub struct Failure {
    /// The world and what happened to it.
    pub script: Script,
    /// What was found.
    pub finding: Finding,
    /// What happened until then.
    pub timeline: Timeline,
}

/// What can be found in a world that should not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// An invariant failed.
    Violation(Violation),
    /// An expectation was not met at its moment.
    Unmet(Instant, Expectation),
    /// The invariant that the script says it breaks held.
    Unbroken(Invariant),
}

impl Episode {
    /// What happens in it.
    pub fn script(self) -> Script {
        let mut rng = Rng::with_seed(self.seed);
        let mut setup = random::setup(&mut rng);
        let mut steps = random::faults(&mut rng, &setup, self.mode);
        random::tell(self.seed, &mut setup, self.mode, &mut steps);
        Script {
            comment: vec![format!(" {:?} episode {}", self.mode, self.seed)],
            seed: rng.u64(..),
            setup,
            steps,
            expectations: Vec::new(),
            breaks: None,
            end: random::end(self.mode),
        }
    }

    /// Runs the production core through it.
    ///
    /// # Errors
    /// The first invariant that failed, with the timeline.
    pub fn run(self) -> Result<(), Box<Failure>> {
        self.script().replay()
    }

    /// Runs it with a planted bug.
    ///
    /// # Errors
    /// The first invariant that failed, with the timeline.
    pub fn run_with(self, saboteur: Box<dyn Saboteur>) -> Result<(), Box<Failure>> {
        self.script().replay_with(saboteur)
    }
}

impl Failure {
    /// The invariant that failed, if one did.
    pub const fn invariant(&self) -> Option<Invariant> {
        match &self.finding {
            Finding::Violation(violation) => Some(violation.invariant),
            Finding::Unmet(..) | Finding::Unbroken(_) => None,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Violation(violation) => violation.fmt(f),
            Self::Unmet(at, expectation) => write!(f, "at {at} it is not so: {expectation}"),
            Self::Unbroken(invariant) => write!(f, "{invariant:?} holds, and was to be broken"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n\n{}\n{}", self.finding, self.script, self.timeline)
    }
}

impl core::error::Error for Failure {}
