use core::time::Duration;
use std::fs;
use std::time::Instant;

use tempfile::tempdir;
use vrrp_health::{Check, Outcome, Runner, Schedule, StartError, Verdict};

use crate::fixture::{Running, every, shell};

#[test]
fn no_check_runs_twice_at_once_though_it_takes_longer_than_its_interval() {
    let directory = tempdir().unwrap();
    let text = "mkdir $dir/running || { echo twice; exit 9; }; sleep 0.05; rmdir $dir/running";
    let running = Running::start(vec![shell("slow", &directory, text, every(10))]);
    for _ in 0..10 {
        let report = running.next();
        assert_eq!(report.outcome, Outcome::Ok, "{}", report.output);
    }
}

#[test]
fn a_run_that_ignores_its_end_is_gone_before_the_next_one() {
    let directory = tempdir().unwrap();
    let text = "mkdir $dir/running || { echo twice; exit 9; }; trap 'sleep 0.3; rmdir $dir/running; exit' TERM; while :; do sleep 0.01; done";
    let schedule = Schedule { timeout: Duration::from_millis(50), ..every(50) };
    let running = Running::start(vec![shell("slow", &directory, text, schedule)]);
    for _ in 0..3 {
        assert_eq!(running.next().outcome, Outcome::TimedOut(schedule.timeout));
    }
}

#[test]
fn runs_are_an_interval_apart_from_start_to_start() {
    let directory = tempdir().unwrap();
    let running = Running::start(vec![shell("api", &directory, "sleep 0.05", every(200))]);
    running.next();
    let started = Instant::now();
    for _ in 0..5 {
        running.next();
    }
    let took = started.elapsed();
    assert!(took > Duration::from_millis(900), "{took:?} for five intervals of 200 ms");
}

#[test]
fn what_a_successful_check_left_running_lives_on() {
    let directory = tempdir().unwrap();
    let running = Running::start(vec![shell("api", &directory, "sleep 1000 & echo $! > $dir/left", every(60_000))]);
    assert_eq!(running.next().verdict, Verdict::Up);
    running.stop();
    let left = fs::read_to_string(directory.path().join("left")).unwrap();
    assert!(crate::fixture::lives(&left));
    let left = nix::unistd::Pid::from_raw(left.trim().parse().unwrap());
    nix::sys::signal::kill(left, nix::sys::signal::Signal::SIGKILL).unwrap();
}

#[test]
fn two_checks_of_one_name_are_refused() {
    let directory = tempdir().unwrap();
    let checks: Vec<Check> = ["true", "false"].map(|text| shell("api", &directory, text, every(1000))).into();
    assert!(matches!(Runner::start(checks, 1, drop), Err(StartError::Duplicate(why)) if &*why.name == "api"));
}
