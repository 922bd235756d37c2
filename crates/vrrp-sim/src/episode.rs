use core::fmt;

use fastrand::Rng;

use crate::script::{self, HELD_FOR, Mode};
use crate::{Honest, Saboteur, Timeline, Violation, World};

/// One simulated stretch of time, made from nothing but a seed: the routers, their configurations, the faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Episode {
    /// Where everything comes from.
    pub seed: u64,
    /// Whether the faults end.
    pub mode: Mode,
}

/// An episode in which an invariant failed: what is printed is all that is needed to understand and repeat it.
#[derive(Debug)]
pub struct Failure {
    /// The episode.
    pub episode: Episode,
    /// What failed.
    pub violation: Violation,
    /// What happened until then.
    pub timeline: Timeline,
    /// What it happened to.
    pub setup: String,
}

impl Episode {
    /// Runs the production core through it.
    ///
    /// # Errors
    /// The first invariant that failed, with the timeline.
    pub fn run(self) -> Result<(), Box<Failure>> {
        self.run_with(Box::new(Honest))
    }

    /// Runs it with a planted bug.
    ///
    /// # Errors
    /// The first invariant that failed, with the timeline.
    pub fn run_with(self, saboteur: Box<dyn Saboteur>) -> Result<(), Box<Failure>> {
        let mut rng = Rng::with_seed(self.seed);
        let setup = script::setup(&mut rng);
        let faults = script::faults(&mut rng, &setup, self.mode);
        let mut world = World::with_held_frames(setup.clone(), rng.u64(..), saboteur, HELD_FOR);
        for (at, fault) in faults {
            world.at(at, fault);
        }
        world.run(script::end(self.mode)).map_err(|violation| {
            let timeline = world.timeline().clone();
            Box::new(Failure { episode: self, violation, timeline, setup: describe(&setup) })
        })
    }
}

fn describe(setup: &crate::Setup) -> String {
    let mut text = String::new();
    for (place, one) in setup.virtual_routers.iter().enumerate() {
        for (router, config) in one.configs.iter().enumerate() {
            text += &format!(
                "r{router} v{place}: segment {}, version {}, priority {}, every {}, preempts {:?}, {}\n",
                one.segment,
                config.version,
                config.priority,
                config.interval,
                config.preempt,
                if config.habits.limit_assertions { "by experience" } else { "strict" },
            );
        }
    }
    text
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.episode)?;
        writeln!(f, "{}", self.violation)?;
        f.write_str(&self.setup)?;
        self.timeline.fmt(f)
    }
}
