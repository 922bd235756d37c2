//! Health checks from a configuration: a runner whose verdicts go to a node.

mod spec;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use vrrp_config::model::{self as file, Model};
use vrrp_health::{Check, Probe, Runner, Verdict as Said};
pub use vrrp_health::{Duplicate, Outcome, Report, StartError};

use crate::script::Scripts;
use crate::{Reporter, Verdict};

/// The health checks of a configuration.
#[derive(Debug)]
pub struct Health {
    runner: Runner,
    node: Reporter,
    /// Checks whose every success matters.
    required: Arc<Mutex<BTreeSet<String>>>,
}

impl Health {
    /// Runs the checks that some virtual router tracks or requires, and reports to `node`. Every run goes to `sink`, on a
    /// thread that must not be kept waiting.
    ///
    /// # Errors
    /// [`StartError`] when there is no thread to be had.
    pub fn start(
        model: &Model,
        node: Reporter,
        mut sink: impl FnMut(Report) + Send + 'static,
    ) -> Result<Self, StartError> {
        let (checks, unusable) = checks(model);
        create_files(&checks);
        let required = Arc::new(Mutex::new(required(model)));
        let asked = Arc::clone(&required);
        let reporter = node.clone();
        let runner = Runner::start(checks, fastrand::u64(..), move |report| {
            if report.changed {
                reporter.check(report.check.clone(), verdict(report.verdict), words(&report.outcome));
            }
            if report.outcome == Outcome::Ok
                && asked.lock().unwrap_or_else(PoisonError::into_inner).contains(&*report.check)
            {
                reporter.confirmed(report.check.clone(), report.took);
            }
            sink(report);
        })?;
        node.pulse(runner.heartbeat().stamp());
        let health = Self { runner, node, required };
        health.tell_unusable(unusable);
        Ok(health)
    }

    /// Runs the checks of another configuration. One that stays keeps its verdict.
    ///
    /// # Errors
    /// [`Duplicate`] when two have one name; then the former ones run on.
    pub fn reload(&self, model: &Model) -> Result<(), Duplicate> {
        let (checks, unusable) = checks(model);
        *self.required.lock().unwrap_or_else(PoisonError::into_inner) = required(model);
        self.runner.reload(checks)?;
        self.tell_unusable(unusable);
        Ok(())
    }

    /// Ends what runs.
    pub fn stop(self) {
        self.runner.stop();
    }

    /// A check that cannot be made of what the configuration says is down: never one that silently does not count.
    fn tell_unusable(&self, unusable: Vec<(String, String)>) {
        for (name, words) in unusable {
            self.node.check(name, Verdict::Down, format!("cannot be run: {words}"));
        }
    }
}

/// The checks that some claim requires and that are run again and again; others are told of changes, and are never stale.
fn required(model: &Model) -> BTreeSet<String> {
    let required = model.routers.iter().flat_map(|router| &router.claim_requires);
    let names: BTreeSet<&str> = required.map(|required| required.check.as_str()).collect();
    let run = model.checks.iter().filter(|check| names.contains(check.name.as_str()) && !check.probe.is_watched());
    run.map(|check| check.name.clone()).collect()
}

/// Makes the files that are to be there from the start (`init_file`).
fn create_files(checks: &[Check]) {
    for check in checks {
        if let Probe::File(file) = &check.probe
            && let Err(error) = file.create()
        {
            tracing::warn!(check = &*check.name, "{error}");
        }
    }
}

/// Why a command of the configuration could not be run on this host, or who else could have written it: in words, with
/// the component, owner and mode that are to blame.
pub fn unrunnable(command: &file::Command, scripts: &file::Scripts) -> Option<String> {
    let found = Scripts::of(scripts).program(command).inspect();
    let words: Vec<String> = found.iter().map(ToString::to_string).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// The checks that somebody asks for, and those that cannot be made, with the reason.
fn checks(model: &Model) -> (Vec<Check>, Vec<(String, String)>) {
    let tracked = model.routers.iter().flat_map(|router| &router.track);
    let grouped = model.sync_groups.iter().flat_map(|group| &group.track);
    let required = model.routers.iter().flat_map(|router| &router.claim_requires);
    let wanted: BTreeSet<&str> = tracked
        .chain(grouped)
        .map(|track| track.check.as_str())
        .chain(required.map(|required| required.check.as_str()))
        .collect();
    let (mut checks, mut unusable) = (Vec::new(), Vec::new());
    for check in model.checks.iter().filter(|check| wanted.contains(check.name.as_str())) {
        match spec::check(check, &model.global) {
            Ok(check) => checks.push(check),
            Err(error) => unusable.push((check.name.clone(), error.to_string())),
        }
    }
    (checks, unusable)
}

const fn verdict(said: Said) -> Verdict {
    match said {
        Said::Unknown => Verdict::Unknown,
        Said::Up => Verdict::Up,
        Said::Down => Verdict::Down,
        Said::Value(value) => Verdict::Value(value),
        Said::Silent => Verdict::Silent,
    }
}

fn words(outcome: &Outcome) -> String {
    // A file's number is the verdict itself.
    if matches!(outcome, Outcome::Ok | Outcome::Value(_)) { String::new() } else { outcome.to_string() }
}
