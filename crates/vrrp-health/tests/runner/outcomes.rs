use core::time::Duration;
use std::fs;
use std::time::Instant;

use tempfile::tempdir;
use vrrp_health::{Check, Outcome, Probe, Schedule, Verdict};
use vrrp_script::{Identity, Program};

use crate::fixture::{LONG, Running, every, shell};

#[test]
fn a_script_that_succeeds_is_up_after_its_first_run() {
    let directory = tempdir().unwrap();
    let started = Instant::now();
    let running = Running::start(vec![shell("api", &directory, "echo fine", every(60_000))]);
    let report = running.next();
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    assert_eq!((&*report.check, report.verdict, report.changed, report.runs), ("api", Verdict::Up, true, 1));
    assert_eq!((report.outcome, &*report.output), (Outcome::Ok, "fine"));
    assert_eq!(running.stop(), []);
}

#[test]
fn a_failure_carries_status_and_last_line() {
    let directory = tempdir().unwrap();
    let running =
        Running::start(vec![shell("api", &directory, "echo trying; echo no route >&2; exit 7", every(60_000))]);
    let report = running.next();
    assert_eq!((report.verdict, report.outcome), (Verdict::Down, Outcome::Failed("exit status 7: no route".into())));
    assert_eq!(&*report.output, "trying\nno route");
}

#[test]
fn a_script_that_hangs_is_down_at_its_deadline_and_not_a_grace_later() {
    let directory = tempdir().unwrap();
    let timeout = Duration::from_millis(200);
    let schedule = Schedule { timeout, ..every(60_000) };
    let text = "trap '' TERM; echo waiting; while :; do sleep 1000; done";
    let running = Running::start(vec![shell("api", &directory, text, schedule)]);
    let report = running.next();
    assert_eq!((report.verdict, report.outcome), (Verdict::Down, Outcome::TimedOut(timeout)));
    assert_eq!(&*report.output, "waiting");
    assert!(report.took >= timeout && report.took < Duration::from_millis(1500), "{:?}", report.took);
}

#[test]
fn a_script_that_hung_once_runs_again() {
    let directory = tempdir().unwrap();
    let text = "[ -e $dir/hung ] && exit 0; touch $dir/hung; (sleep 1000 & wait) & wait";
    let schedule = Schedule { timeout: Duration::from_millis(100), ..every(100) };
    let running = Running::start(vec![shell("api", &directory, text, schedule)]);
    assert_eq!(running.next().verdict, Verdict::Down);
    let recovered = running.next();
    assert_eq!((recovered.verdict, recovered.changed), (Verdict::Up, true));
}

#[test]
fn a_script_that_cannot_run_counts_as_down_and_is_tried_again() {
    let directory = tempdir().unwrap();
    let path = directory.path().canonicalize().unwrap().join("check");
    let probe = Probe::Script(Program::new([path.to_str().unwrap()]));
    let running = Running::start(vec![Check { name: "api".into(), probe, schedule: every(50) }]);
    let report = running.next();
    let words = format!("{} does not exist", path.display());
    assert_eq!((report.verdict, report.outcome), (Verdict::Down, Outcome::CouldNotRun(words.into())));
    std::os::unix::fs::symlink("/bin/true", &path).unwrap();
    running.until(|report| report.verdict == Verdict::Up);
}

#[test]
fn an_unknown_user_is_a_reason_not_to_run() {
    let identity = Identity::Named { user: "no-such-user".into(), group: None, supplementary: false };
    let probe = Probe::Script(Program { identity, ..Program::new(["true"]) });
    let running = Running::start(vec![Check { name: "api".into(), probe, schedule: every(60_000) }]);
    assert_eq!(running.next().outcome, Outcome::CouldNotRun("there is no user no-such-user".into()));
}

#[test]
fn fall_failures_in_a_row_are_needed_once_it_was_up() {
    let directory = tempdir().unwrap();
    let schedule = Schedule { fall: 3, ..every(20) };
    let running = Running::start(vec![shell("api", &directory, "! [ -e $dir/sick ]", schedule)]);
    running.until(|report| report.verdict == Verdict::Up);
    fs::write(directory.path().join("sick"), "").unwrap();
    let failed = running.until(|report| report.outcome != Outcome::Ok);
    assert_eq!((failed.verdict, failed.changed), (Verdict::Up, false));
    assert_eq!(running.next().verdict, Verdict::Up);
    let third = running.next();
    assert_eq!((third.verdict, third.changed, third.runs), (Verdict::Down, true, failed.runs + 2));
}

#[test]
fn a_flood_of_output_does_not_hold_up_other_checks() {
    let directory = tempdir().unwrap();
    let flood = Schedule { timeout: Duration::from_millis(500), ..every(60_000) };
    let checks =
        vec![shell("flood", &directory, "exec yes nothing", flood), shell("api", &directory, "exit 0", every(50))];
    let running = Running::start(checks);
    let mut beside = 0;
    let report = running.until(|report| {
        beside += u32::from(&*report.check == "api");
        &*report.check == "flood"
    });
    assert_eq!(report.outcome, Outcome::TimedOut(flood.timeout));
    assert!(report.took < LONG / 4, "{:?}", report.took);
    assert!(beside >= 3, "{beside} of 10 runs beside the flood");
}
