use core::time::Duration;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::fault::Fault;
use crate::journal::{Event, Journal};
use crate::node::Make;
use crate::schedule::Target;

use super::Finding;
use super::clock::Clock;
use super::patience::{Blow, together};
use super::scene::Scene;
use super::steps::{Step, steps};

/// What was measured in one slot of the schedule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SlotFigures {
    /// Its place in the schedule, from 0.
    pub slot: usize,
    /// When it began.
    pub at: Duration,
    /// Its faults: which, upon whom, for how long.
    pub faults: Vec<(Fault, Target, Duration)>,
    /// How long the client's probes had no answer, in all.
    pub unserved: Duration,
    /// How much of that was longer than the peer of a silent router has to wait by the standard, or nobody was fit.
    pub unserved_avoidable: Duration,
    /// How long they might have had none.
    pub unserved_allowed: Duration,
    /// How long two routers had the address where the client could reach them.
    pub two_holders: Duration,
    /// How long they might have.
    pub two_allowed: Duration,
    /// How long the machine stalled.
    pub stalled: Duration,
}

/// The worst and the sums of all slots with one kind of fault.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Which fault upon whom.
    pub fault: String,
    /// How many slots.
    pub times: usize,
    /// The longest without service, and what was allowed then.
    pub unserved_worst: (Duration, Duration),
    /// The longest with two holders, and what was allowed then.
    pub two_worst: (Duration, Duration),
    /// All times without service.
    pub unserved: Duration,
    /// All times with two holders.
    pub two_holders: Duration,
}

/// What was measured in a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// How long the journal is.
    pub time: Duration,
    /// How many faults struck.
    pub faults: usize,
    /// How many of each kind.
    pub kinds: BTreeMap<Fault, usize>,
    /// All times without service.
    pub unserved: Duration,
    /// How much of them neither the silence of a parted host nor a time in which nobody was fit accounts for.
    pub unserved_avoidable: Duration,
    /// All times with two holders.
    pub two_holders: Duration,
    /// All times in which two answered one ARP request.
    pub two_answer: Duration,
    /// All times in which the machine stalled.
    pub stalled: Duration,
    /// By kind of fault.
    pub rows: Vec<Row>,
    /// By slot.
    pub slots: Vec<SlotFigures>,
}

/// A slot while the journal is read.
#[derive(Debug, Default)]
struct Tally {
    figures: SlotFigures,
    blows: Vec<Blow>,
    /// How long no router could be asked to serve.
    hopeless: Duration,
    /// The times without service.
    unserved: Vec<(Duration, Duration)>,
}

/// Measures a journal, and finds what went on for longer than the timers demand.
pub(super) fn measure(journal: &Journal, makes: [Make; 2], clock: &Clock, findings: &mut Vec<Finding>) -> Figures {
    let mut scene = Scene::new(makes);
    let mut tally: Option<Tally> = None;
    let mut figures = Figures::default();
    let mut last = Duration::ZERO;
    figures.two_answer = two_answer(journal);
    for (at, step) in steps(journal) {
        if let Some(tally) = &mut tally {
            let passed = at.saturating_sub(last);
            tally.figures.two_holders += if scene.holders() > 1 { passed } else { Duration::ZERO };
            tally.hopeless += if scene.somebody_could(last) { Duration::ZERO } else { passed };
        }
        last = at;
        scene.take(at, &step);
        let Step::Seen(event) = step else { continue };
        if let Event::Slot { number } = event {
            let mut next = Tally::default();
            (next.figures.slot, next.figures.at) = (number, at);
            // The last reply before an outage may have come just before the fault.
            let late = |(_, until): &mut (Duration, Duration)| *until > at;
            next.unserved.extend(tally.iter_mut().flat_map(|last| last.unserved.extract_if(.., late)));
            figures.close(tally.replace(next), at, clock, findings);
        } else if let Some(tally) = &mut tally {
            tally.take(at, &event);
        }
    }
    figures.close(tally.take(), last, clock, findings);
    figures.time = last;
    figures.stalled = clock.stalled(Duration::ZERO, last);
    figures.rows = rows(&figures.slots);
    figures
}

impl Tally {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other events are the checker's")]
    fn take(&mut self, at: Duration, event: &Event) {
        match *event {
            Event::Struck { fault, router, role, lasts } => {
                self.figures.faults.push((fault, role, lasts));
                self.blows.push(Blow { fault, router, role, lasts });
            }
            Event::Unserved { until } => self.unserved.push((at, until)),
            _ => {}
        }
    }
}

impl Figures {
    fn close(&mut self, tally: Option<Tally>, at: Duration, clock: &Clock, findings: &mut Vec<Finding>) {
        let Some(Tally { mut figures, blows, hopeless, unserved }) = tally else { return };
        figures.unserved = unserved.iter().map(|(from, until)| until.saturating_sub(*from)).sum();
        figures.stalled = clock.stalled(figures.at, at);
        let excused = together(&blows);
        figures.unserved_allowed = excused.none + hopeless + figures.stalled;
        figures.two_allowed = excused.two + figures.stalled;
        figures.unserved_avoidable = figures.unserved.saturating_sub(excused.silence + hopeless);
        let mut find = |what: &str, took: Duration, allowed: Duration| {
            if took > allowed {
                let what = format!("{what} for {took:?}, {allowed:?} allowed: {}", words(&figures.faults));
                findings.push(Finding { at, slot: figures.slot, what });
            }
        };
        find("nobody served the client", figures.unserved, figures.unserved_allowed);
        find("two routers had the address", figures.two_holders, figures.two_allowed);
        self.faults += figures.faults.len();
        for (fault, ..) in &figures.faults {
            *self.kinds.entry(*fault).or_default() += 1;
        }
        self.unserved += figures.unserved;
        self.unserved_avoidable += figures.unserved_avoidable;
        self.two_holders += figures.two_holders;
        self.slots.push(figures);
    }
}

/// How long two routers answered everybody who asked for the address.
fn two_answer(journal: &Journal) -> Duration {
    let by = |wanted: u8| {
        journal.entries.iter().filter_map(move |entry| {
            let Event::Answered { router, until } = entry.event else { return None };
            (router == wanted).then_some((entry.at, until))
        })
    };
    let common = |a: (Duration, Duration), b: (Duration, Duration)| a.1.min(b.1).saturating_sub(a.0.max(b.0));
    by(0).flat_map(|one| by(1).map(move |other| common(one, other))).sum()
}

/// The faults of a slot in words.
fn words(faults: &[(Fault, Target, Duration)]) -> String {
    let word = |(fault, target, _): &(Fault, Target, Duration)| match target {
        Target::Holder => format!("{fault} of the holder"),
        Target::Other => format!("{fault} of the other"),
    };
    faults.iter().map(word).collect::<Vec<_>>().join(" and ")
}

fn rows(slots: &[SlotFigures]) -> Vec<Row> {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for slot in slots {
        let fault = if slot.faults.len() > 1 { "two at once".to_owned() } else { words(&slot.faults) };
        let row = rows.entry(fault.clone()).or_insert_with(|| Row { fault, ..Row::default() });
        row.times += 1;
        row.unserved_worst = row.unserved_worst.max((slot.unserved, slot.unserved_allowed));
        row.two_worst = row.two_worst.max((slot.two_holders, slot.two_allowed));
        row.unserved += slot.unserved;
        row.two_holders += slot.two_holders;
    }
    rows.into_values().collect()
}
