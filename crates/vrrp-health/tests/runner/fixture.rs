use core::time::Duration;
use std::fs;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use tempfile::TempDir;
use vrrp_health::{Assume, Check, Probe, Report, Runner, Schedule};
use vrrp_script::Program;

/// Nothing here takes as long, unless something is wrong.
pub(crate) const LONG: Duration = Duration::from_secs(20);

pub(crate) const fn every(milliseconds: u64) -> Schedule {
    let interval = Duration::from_millis(milliseconds);
    Schedule { interval, timeout: LONG, rise: 1, fall: 1, assume: Assume::Unknown }
}

/// A check by a shell that runs `text`, with `$dir` a directory of the test.
pub(crate) fn shell(name: &str, directory: &TempDir, text: &str, schedule: Schedule) -> Check {
    let mut program = Program::new(["/bin/sh", "-c", text]);
    program.environment.push(("dir".into(), directory.path().to_str().unwrap().into()));
    Check { name: name.into(), probe: Probe::Script(program), schedule }
}

/// A runner whose reports can be waited for.
pub(crate) struct Running {
    pub(crate) runner: Runner,
    reports: Receiver<Report>,
}

impl Running {
    pub(crate) fn start(checks: Vec<Check>) -> Self {
        let (told, reports) = channel();
        let runner = Runner::start(checks, 1, move |report| drop(told.send(report))).unwrap();
        Self { runner, reports }
    }

    pub(crate) fn next(&self) -> Report {
        self.reports.recv_timeout(LONG).unwrap()
    }

    /// Returns the next report that is as wanted.
    pub(crate) fn until(&self, mut wanted: impl FnMut(&Report) -> bool) -> Report {
        loop {
            let report = self.next();
            if wanted(&report) {
                return report;
            }
        }
    }

    /// Stops the runner and returns what it had still to say.
    pub(crate) fn stop(self) -> Vec<Report> {
        self.runner.stop();
        self.reports.into_iter().collect()
    }
}

/// Reads a file that a script writes, until it says something.
pub(crate) fn written(path: &Path) -> String {
    let started = Instant::now();
    loop {
        match fs::read_to_string(path) {
            Ok(text) if text.ends_with('\n') => return text,
            _ => std::thread::yield_now(),
        }
        assert!(started.elapsed() < LONG, "waited in vain for {}", path.display());
    }
}

/// Whether a process runs: one that waits to be reaped does not.
pub(crate) fn lives(process: &str) -> bool {
    let status = fs::read_to_string(format!("/proc/{}/stat", process.trim())).unwrap_or_default();
    status.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
}

/// Waits until a process that was killed is gone.
pub(crate) fn assert_gone(process: &str) {
    let started = Instant::now();
    while lives(process) {
        assert!(started.elapsed() < LONG, "{process} lives on");
        std::thread::yield_now();
    }
}
