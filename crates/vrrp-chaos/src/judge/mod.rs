//! A journal against the simulator's checker.

mod clock;
mod figures;
mod patience;
mod scene;
mod steps;

use core::time::Duration;

use serde::Serialize;
use vrrp_core::{Config, Instant, Name};
use vrrp_sim::{Invariant, Latency, Setup, Violation, Watch};

use crate::fault::Fault;
use crate::journal::{Event, Journal, Process};
use crate::node::{Make, PRIORITIES, config};

use clock::Clock;
use scene::Scene;
use steps::{Step, steps};

pub use figures::{Figures, Row, SlotFigures};

/// What a real machine takes, at the most, where nothing stalls: a frame, the kernel, the scheduler and a read of its log.
const LATENCY: Latency = Latency {
    wire: (Duration::ZERO, Duration::from_millis(5)),
    kernel: (Duration::ZERO, Duration::from_millis(60)),
    wake: (Duration::ZERO, Duration::from_millis(60)),
};

/// What has failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// When it was known.
    pub at: Duration,
    /// In which slot of the schedule.
    pub slot: usize,
    /// What has failed, and for how long.
    pub what: String,
}

/// The verdict on a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// What has failed, in the order of time.
    pub findings: Vec<Finding>,
    /// What was measured.
    pub figures: Figures,
}

/// Judges a journal: the invariants S1 to S5, S7, S9, L1 and L3 of `vrrp-sim` by its own checker, and for each slot of
/// the schedule the time without service and the time with two holders against what the timers demand.
///
/// What a daemon says of itself (S6, L2) and sync groups (S8) are not to be seen from outside. Time in which the
/// machine stalled does not count.
pub fn judge(journal: &Journal, makes: [Make; 2]) -> Verdict {
    let clock = Clock::new(journal);
    let mut findings = Court::new(makes, clock.clone()).map(|court| court.hear(journal)).unwrap_or_default();
    let figures = figures::measure(journal, makes, &clock, &mut findings);
    findings.sort_by_key(|finding| finding.at);
    Verdict { findings, figures }
}

/// The checker and what it is shown.
struct Court {
    setup: Setup,
    clock: Clock,
    watch: Watch,
    scene: Scene,
    slot: usize,
    /// Since when nothing but a reload without a change has been done.
    reloaded: bool,
    /// What was found last, so that one thing that goes on is one finding in each slot.
    found: Option<(usize, Invariant, u16)>,
    findings: Vec<Finding>,
}

impl Court {
    fn new(makes: [Make; 2], clock: Clock) -> Option<Self> {
        let configs: Vec<Config> = PRIORITIES.into_iter().filter_map(config).collect();
        let setup = Setup { latency: LATENCY, ..Setup::one_segment(configs) };
        let watch = Watch::new(&setup, 0, Duration::ZERO)?;
        let scene = Scene::new(makes);
        Some(Self { setup, clock, watch, scene, slot: 0, reloaded: false, found: None, findings: Vec::new() })
    }

    fn hear(mut self, journal: &Journal) -> Vec<Finding> {
        for (at, step) in steps(journal) {
            let now = self.clock.judged(at);
            if let Some(violation) = self.watch.check(now) {
                self.find(at, violation);
            }
            let before = self.scene.clone();
            self.scene.take(at, &step);
            if let Step::Seen(Event::Process { router, is: Process::Died }) = step {
                let what = format!("the daemon of r{router} ended, and nobody had ended it");
                self.findings.push(Finding { at, slot: self.slot, what });
            }
            self.tell(now, &step);
            let view = self.scene.view(at);
            self.moves(at, now, &before);
            self.watch.observe(now, &view);
        }
        self.findings
    }

    /// Tells the watch what was done to the world.
    fn tell(&mut self, now: Instant, step: &Step) {
        match step {
            Step::Seen(Event::Slot { number }) => (self.slot, self.reloaded) = (*number, false),
            Step::Seen(Event::Struck { fault, router, .. } | Event::Over { fault, router }) => {
                self.reloaded = matches!(step, Step::Seen(Event::Struck { fault: Fault::Reload, .. })) || self.reloaded;
                let segment = matches!(fault, Fault::Deaf | Fault::Mute | Fault::Partition);
                self.watch.struck(now, (!segment).then_some(*router));
            }
            Step::Seen(Event::Process { router, is }) => {
                self.watch.struck(now, Some(*router));
                if *is == Process::Thawed {
                    self.watch.woke(now);
                }
            }
            Step::Seen(Event::Link { router, .. } | Event::Check { router, .. }) => {
                self.watch.struck(now, Some(*router));
            }
            Step::Seen(Event::Way { .. }) | Step::Due => self.watch.struck(now, None),
            Step::Seen(Event::Priority { priority, .. }) => {
                if let Some(config) = config(*priority) {
                    self.watch.reconfigured(&config);
                }
            }
            Step::Seen(Event::Advertised { priority: 0, .. }) => self.watch.released(now),
            Step::Seen(Event::Address { router, present: true }) => self.watch.promise(now, *router),
            Step::Claim { claims: false, .. } => self.watch.released(now),
            Step::Seen(_) | Step::Claim { .. } | Step::Leaving { .. } => {}
        }
    }

    /// Tells the watch who has moved.
    fn moves(&mut self, at: Duration, now: Instant, before: &Scene) {
        let states = before.routers.iter().zip(&self.scene.routers).map(|(was, is)| (was.state(), is.state()));
        let moved: Vec<_> = (0..).zip(states).filter(|(_, (from, to))| from != to).collect();
        for (router, (from, to)) in moved {
            let mut violation = self.watch.moved(now, router, (from, to));
            if self.reloaded && (from == Name::Active || to == Name::Active) {
                violation = violation.or_else(|| Some(self.watch.violation(Invariant::S5, 1 << router, now, now)));
            }
            if let Some(violation) = violation {
                self.find(at, violation);
            }
        }
    }

    /// Writes a violation down and watches anew, as if nothing had been before.
    fn find(&mut self, at: Duration, violation: Violation) {
        let Violation { invariant, routers, since, until, .. } = violation;
        let known = (self.slot, invariant, routers);
        if self.found != Some(known) {
            self.found = Some(known);
            let what = format!("{violation}, {:?} allowed", until.since(since));
            self.findings.push(Finding { at, slot: self.slot, what });
        }
        let Some(mut watch) = Watch::new(&self.setup, 0, Duration::ZERO) else { return };
        for one in [50, 200].into_iter().filter_map(config) {
            watch.reconfigured(&one);
        }
        let now = self.clock.judged(at);
        for (router, one) in (0..).zip(&self.scene.routers) {
            let _new = watch.moved(now, router, (Name::Initialize, one.state()));
        }
        watch.observe(now, &self.scene.view(at));
        self.watch = watch;
    }
}
