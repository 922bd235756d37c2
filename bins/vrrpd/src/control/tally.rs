use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vrrp::health::{self, Outcome as CheckOutcome};
use vrrp::notify::{Delivered, Outcome};
use vrrp_control::{HookStatus, Status};

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
}

impl Tally {
    /// Counts a run of a check.
    pub(crate) fn check(&self, report: &health::Report) {
        let mut counts = self.counts();
        let runs = counts.checks.entry(Arc::clone(&report.check)).or_default();
        runs.runs += 1;
        runs.failures += u64::from(report.outcome != CheckOutcome::Ok);
        runs.took = report.took;
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
            }
        }
        status.hooks = counts.hooks.values().cloned().collect();
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // Nothing that holds it panics half way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
