use core::cell::RefCell;
use core::time::Duration;
use std::rc::Rc;
use std::sync::Arc;

use tokio::time::Instant;

use super::script::GRACE;
use crate::check::{Check, Schedule};
use crate::judge::Judge;
use crate::outcome::{Outcome, Verdict};
use crate::report::Report;

/// Who is given the reports.
pub(super) type Sink = Rc<RefCell<dyn FnMut(Report)>>;

/// What a killed run may take to be reaped.
const SLACK: Duration = Duration::from_secs(1);

/// Where a check stands, and who hears of it.
pub(super) struct Standing {
    name: Arc<str>,
    judge: Judge,
    runs: u64,
    /// Since when it runs.
    running: Option<Instant>,
    /// Whether its run is overdue, and was reported as that.
    silent: bool,
    sink: Sink,
}

impl Standing {
    pub(super) fn new(check: &Check, sink: Sink) -> Self {
        let judge = Judge::new(&check.schedule);
        Self { name: Arc::clone(&check.name), judge, runs: 0, running: None, silent: false, sink }
    }

    pub(super) fn adopt(&mut self, schedule: &Schedule, anew: bool) {
        self.judge.adopt(schedule, anew);
    }

    pub(super) fn begin(&mut self, now: Instant) {
        self.running = Some(now);
    }

    pub(super) fn rest(&mut self) {
        self.running = None;
    }

    /// Judges an outcome, and reports it.
    pub(super) fn take_in(&mut self, outcome: Outcome, took: Duration, output: Box<str>) {
        let changed = self.judge.take_in(&outcome) | core::mem::take(&mut self.silent);
        self.runs += 1;
        self.report(self.judge.verdict(), changed, outcome, took, output);
    }

    /// Reports a run that has neither ended nor could be ended, once.
    pub(super) fn look(&mut self, now: Instant, schedule: &Schedule) {
        let Some(since) = self.running.filter(|_| !self.silent) else { return };
        let took = now.saturating_duration_since(since);
        if took > schedule.interval + schedule.timeout + GRACE + SLACK {
            self.silent = true;
            self.report(Verdict::Silent, true, Outcome::TimedOut(took), took, Box::default());
        }
    }

    fn report(&self, verdict: Verdict, changed: bool, outcome: Outcome, took: Duration, output: Box<str>) {
        let check = Arc::clone(&self.name);
        let report = Report { check, verdict, changed, outcome, took, output, runs: self.runs };
        (self.sink.borrow_mut())(report);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Assume, Probe};
    use vrrp_script::Program;

    const SECOND: Duration = Duration::from_secs(1);

    fn standing() -> (Standing, Rc<RefCell<Vec<Report>>>, Schedule) {
        let schedule = Schedule { interval: SECOND, timeout: SECOND, rise: 1, fall: 1, assume: Assume::Unknown };
        let check = Check { name: "stuck".into(), probe: Probe::Script(Program::new(["true"])), schedule };
        let reports = Rc::new(RefCell::new(Vec::new()));
        let sink = Rc::clone(&reports);
        (Standing::new(&check, Rc::new(RefCell::new(move |report| sink.borrow_mut().push(report)))), reports, schedule)
    }

    #[test]
    fn a_run_that_cannot_be_ended_is_reported_as_silence_once() {
        let (mut standing, reports, schedule) = standing();
        let start = Instant::now();
        standing.take_in(Outcome::Ok, SECOND, Box::default());
        standing.begin(start);
        standing.look(start + SECOND * 5, &schedule);
        assert_eq!(reports.borrow().len(), 1);
        standing.look(start + SECOND * 6, &schedule);
        standing.look(start + SECOND * 7, &schedule);
        assert_eq!(reports.borrow().len(), 2);
        let silence = reports.borrow().last().cloned().unwrap();
        assert_eq!((silence.verdict, silence.changed, silence.runs), (Verdict::Silent, true, 1));
    }

    #[test]
    fn an_outcome_ends_the_silence_and_is_a_change_though_the_verdict_is_the_old_one() {
        let (mut standing, reports, schedule) = standing();
        standing.take_in(Outcome::Ok, SECOND, Box::default());
        standing.begin(Instant::now());
        standing.look(Instant::now() + SECOND * 60, &schedule);
        standing.take_in(Outcome::Ok, SECOND, Box::default());
        let report = reports.borrow().last().cloned().unwrap();
        assert_eq!((report.verdict, report.changed), (Verdict::Up, true));
    }

    #[test]
    fn an_outcome_that_ends_the_silence_with_another_verdict_is_one_change() {
        let (mut standing, reports, schedule) = standing();
        standing.take_in(Outcome::Ok, SECOND, Box::default());
        standing.begin(Instant::now());
        standing.look(Instant::now() + SECOND * 60, &schedule);
        standing.take_in(Outcome::Failed("gone".into()), SECOND, Box::default());
        let report = reports.borrow().last().cloned().unwrap();
        assert_eq!((report.verdict, report.changed, report.runs), (Verdict::Down, true, 2));
        standing.take_in(Outcome::Failed("gone".into()), SECOND, Box::default());
        assert!(!reports.borrow().last().unwrap().changed);
    }

    #[test]
    fn another_schedule_counts_from_the_next_outcome() {
        let (mut standing, reports, schedule) = standing();
        standing.take_in(Outcome::Ok, SECOND, Box::default());
        standing.adopt(&Schedule { fall: 2, ..schedule }, false);
        standing.take_in(Outcome::Failed("gone".into()), SECOND, Box::default());
        assert_eq!(reports.borrow().last().unwrap().verdict, Verdict::Up);
    }

    #[test]
    fn a_check_that_rests_is_not_silent() {
        let (mut standing, reports, schedule) = standing();
        standing.begin(Instant::now());
        standing.rest();
        standing.look(Instant::now() + SECOND * 60, &schedule);
        assert_eq!(reports.borrow().len(), 0);
    }
}
