use core::future::pending;
use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;
use vrrp_script::{Limit, Program, Report};

/// No program of these tests takes as long, unless something is wrong.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// A shell that runs `text`, with `$dir` a directory of its own.
pub(crate) fn shell(directory: &TempDir, text: &str) -> Program {
    let mut program = Program::new(["/bin/sh", "-c", text]);
    program.environment.push(("dir".into(), directory.path().to_str().unwrap().into()));
    program
}

pub(crate) fn limit(deadline: Duration) -> Limit {
    Limit { deadline: Some(deadline), grace: Duration::from_millis(200) }
}

pub(crate) async fn run(program: &Program) -> Report {
    program.run(limit(LONG), pending()).await
}

/// Returns the process whose number a program has written to `file`.
pub(crate) fn written(directory: &TempDir, file: &str) -> Pid {
    let path: PathBuf = directory.path().join(file);
    let number = until(|| fs::read_to_string(&path).ok()?.trim().parse().ok());
    Pid::from_raw(number)
}

/// Whether a process runs: one that waits to be reaped by somebody else does not.
pub(crate) fn lives(process: Pid) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let state = status.rsplit_once(") ").map(|(_, rest)| rest.starts_with(['Z', 'X']));
    state == Some(false)
}

/// Ends a process that a test started.
pub(crate) fn end(process: Pid) {
    kill(process, Signal::SIGKILL).unwrap();
    until(|| (!lives(process)).then_some(()));
}

/// Looks until there is something to see.
pub(crate) fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(started.elapsed() < LONG, "waited in vain");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Whether one of our children waits to be reaped.
pub(crate) fn zombie(process: Pid) -> bool {
    Path::new(&format!("/proc/{process}")).exists()
}
