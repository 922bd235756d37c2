use core::time::Duration;
use std::time::Instant;

use tempfile::tempdir;

use crate::fixture::{LONG, Running, assert_gone, every, shell, written};

#[test]
fn stopping_kills_what_runs_at_once_with_all_that_it_started() {
    let directory = tempdir().unwrap();
    let text = "trap '' TERM; sleep 1000 & echo $$ $! > $dir/processes; wait";
    let running = Running::start(vec![shell("api", &directory, text, every(60_000))]);
    let processes = written(&directory.path().join("processes"));
    let started = Instant::now();
    assert_eq!(running.stop(), []);
    assert!(started.elapsed() < LONG / 4, "{:?}", started.elapsed());
    for process in processes.split_whitespace() {
        assert_gone(process);
    }
}

#[test]
fn a_runner_that_is_dropped_stops() {
    let directory = tempdir().unwrap();
    let running = Running::start(vec![shell("api", &directory, "echo $$ > $dir/runs; exec sleep 1000", every(60_000))]);
    let runs = written(&directory.path().join("runs"));
    drop(running);
    assert_gone(&runs);
}

#[test]
fn the_heart_beats_while_checks_hang_and_stops_with_the_runner() {
    let directory = tempdir().unwrap();
    let running = Running::start(vec![shell("api", &directory, "sleep 1000", every(10))]);
    let heartbeat = running.runner.heartbeat();
    let first = heartbeat.last();
    let started = Instant::now();
    while heartbeat.last() == first {
        assert!(started.elapsed() < LONG, "no beat");
        std::thread::sleep(Duration::from_millis(5));
    }
    running.stop();
    let last = heartbeat.last();
    assert!(last > first);
    std::thread::sleep(Duration::from_millis(20));
    assert!(heartbeat.last() == last && heartbeat.age() >= Duration::from_millis(20));
}
