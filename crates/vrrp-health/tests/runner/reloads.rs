use core::time::Duration;
use std::fs;

use tempfile::tempdir;
use vrrp_health::{Outcome, Schedule, Verdict};

use crate::fixture::{Running, assert_gone, every, shell, written};

#[test]
fn a_check_that_is_the_same_goes_on_as_if_nothing_had_been() {
    let directory = tempdir().unwrap();
    let check = shell("api", &directory, "exit 0", every(60_000));
    let running = Running::start(vec![check.clone()]);
    running.next();
    running.runner.reload(vec![check, shell("new", &directory, "exit 0", every(60_000))]).unwrap();
    assert_eq!(&*running.next().check, "new");
    assert_eq!(running.stop(), [], "its next slot is a minute away");
}

#[test]
fn other_parameters_keep_the_verdict_and_the_count() {
    let directory = tempdir().unwrap();
    let before = shell("api", &directory, "! [ -e $dir/sick ]", every(60_000));
    let running = Running::start(vec![before.clone()]);
    assert_eq!(running.next().verdict, Verdict::Up);
    fs::write(directory.path().join("sick"), "").unwrap();
    let schedule = Schedule { interval: Duration::from_millis(50), fall: 2, ..before.schedule };
    running.runner.reload(vec![vrrp_health::Check { schedule, ..before }]).unwrap();
    let failed = running.next();
    assert_eq!((failed.verdict, failed.changed, failed.runs), (Verdict::Up, false, 2));
    assert_eq!(running.next().verdict, Verdict::Down);
}

#[test]
fn another_script_runs_at_once_and_its_first_outcome_decides() {
    let directory = tempdir().unwrap();
    let schedule = Schedule { fall: 3, ..every(60_000) };
    let running = Running::start(vec![shell("api", &directory, "exit 0", schedule)]);
    assert_eq!(running.next().verdict, Verdict::Up);
    running.runner.reload(vec![shell("api", &directory, "exit 5", schedule)]).unwrap();
    let report = running.next();
    assert_eq!((report.verdict, report.changed), (Verdict::Down, true));
    assert_eq!(report.outcome, Outcome::Failed("exit status 5".into()));
}

#[test]
fn another_script_does_not_wait_for_the_one_that_hangs() {
    let directory = tempdir().unwrap();
    let running = Running::start(vec![shell("api", &directory, "echo $$ > $dir/hangs; sleep 1000", every(60_000))]);
    let hangs = written(&directory.path().join("hangs"));
    running.runner.reload(vec![shell("api", &directory, "exit 0", every(60_000))]).unwrap();
    let report = running.next();
    assert_eq!((report.verdict, report.runs), (Verdict::Up, 1));
    assert_gone(&hangs);
}

#[test]
fn a_check_that_is_gone_says_nothing_more_and_its_run_is_ended() {
    let directory = tempdir().unwrap();
    let running = Running::start(vec![shell("old", &directory, "echo $$ > $dir/runs; sleep 1000", every(60_000))]);
    let runs = written(&directory.path().join("runs"));
    running.runner.reload(vec![shell("new", &directory, "exit 0", every(60_000))]).unwrap();
    assert_eq!(&*running.next().check, "new");
    assert_eq!(running.stop(), []);
    assert_gone(&runs);
}
