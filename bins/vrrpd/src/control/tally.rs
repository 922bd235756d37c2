use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vrrp::health::{self, Outcome as CheckOutcome};
use vrrp::notify::{Delivered, Outcome};
use vrrp_control::{Histogram, HookStatus, Seconds, Status};

/// The upper ends of the ranges that runs of a check are sorted into: from a look at a file to the longest timeout that is
/// usual.
const DURATIONS: [f64; 11] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// What became of checks and hooks, counted where they are reported.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    checks: BTreeMap<Arc<str>, Runs>,
    hooks: BTreeMap<String, HookStatus>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Runs {
    runs: u64,
    failures: u64,
    took: Duration,
    durations: [u64; DURATIONS.len() + 1],
    in_all: Duration,
}

impl Tally {
    /// Counts a run of a check.
    pub(crate) fn check(&self, report: &health::Report) {
        self.ran(&report.check, report.outcome != CheckOutcome::Ok, report.took);
    }

    fn ran(&self, check: &Arc<str>, failed: bool, took: Duration) {
        let mut counts = self.counts();
        counts.checks.entry(Arc::clone(check)).or_default().ran(failed, took);
    }

    /// Counts what became of a hook.
    pub(crate) fn hook(&self, delivered: &Delivered) {
        let hook = delivered.hook.to_string();
        let mut counts = self.counts();
        let status = counts.hooks.entry(hook.clone()).or_insert_with(|| HookStatus { hook, ..HookStatus::default() });
        match &delivered.outcome {
            Outcome::Skipped => status.superseded += 1,
            outcome if outcome.succeeded() => status.succeeded += 1,
            Outcome::Ran(_) => status.failed += 1,
        }
    }

    /// Adds what was counted to a status.
    pub(crate) fn complete(&self, status: &mut Status) {
        let counts = self.counts();
        for check in &mut status.checks {
            if let Some(runs) = counts.checks.get(check.name.as_str()) {
                check.runs = Some(runs.runs);
                check.failures = Some(runs.failures);
                check.took = Some(runs.took.into());
                check.durations = runs.histogram();
            }
        }
        status.hooks = counts.hooks.values().cloned().collect();
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // Nothing that holds it panics half way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Runs {
    fn ran(&mut self, failed: bool, took: Duration) {
        self.runs += 1;
        self.failures += u64::from(failed);
        self.took = took;
        self.in_all = self.in_all.saturating_add(took);
        let place = DURATIONS.iter().position(|bound| took.as_secs_f64() <= *bound).unwrap_or(DURATIONS.len());
        if let Some(count) = self.durations.get_mut(place) {
            *count += 1;
        }
    }

    fn histogram(&self) -> Histogram {
        let bounds = DURATIONS.map(Seconds).to_vec();
        Histogram { bounds, counts: self.durations.to_vec(), sum: self.in_all.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_a_check_are_counted_and_sorted_by_how_long_they_took() {
        let tally = Tally::default();
        for (failed, millis) in [(false, 5), (false, 6), (true, 11_000)] {
            tally.ran(&Arc::from("web"), failed, Duration::from_millis(millis));
        }
        let status = serde_json::json!({ "checks": [
            { "name": "web", "verdict": "down" }, { "name": "never_run", "verdict": "unknown" }
        ] });
        let mut status: Status = serde_json::from_value(status).unwrap();
        tally.complete(&mut status);
        let web = &status.checks[0];
        assert_eq!((web.runs, web.failures, web.took), (Some(3), Some(1), Some(Seconds(11.0))));
        assert_eq!(web.durations.counts, [0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!((web.durations.bounds.len(), web.durations.sum.0), (11, 11.011));
        assert_eq!((status.checks[1].runs, status.checks[1].durations.counts.len()), (None, 0));
    }
}
