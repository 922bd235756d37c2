//! How hooks end, and what outlives them.

use core::time::Duration;
use std::fs;
use std::io::Read;
use std::time::Instant;

use vrrp_notify::{Ensure, HookName, Hooks, OnNewState, Outcome, State, Subject, Told};
use vrrp_script::{End, Program, Unrunnable};

use crate::stage::{Stage, is_alive, kill, router};

const MASTER: HookName = HookName::State(State::Master);
const BACKUP: HookName = HookName::State(State::Backup);

/// A router whose MASTER hook is the script `body`; its BACKUP hook does nothing.
fn master(stage: &Stage, body: &str) -> Subject {
    let hooks = Hooks { master: stage.hook("master", body), backup: stage.hook("backup", ":"), ..Hooks::default() };
    Subject { hooks, ..Subject::new(router()) }
}

#[test]
fn a_group_that_ignores_sigterm_is_killed_a_second_after_a_newer_state() {
    let mut stage = Stage::new();
    let alive = stage.gate("alive");
    stage.start_with(master(&stage, "trap '' TERM; sleep 60 > alive & wait"));
    stage.enter(State::Master);
    let mut child = alive.open();
    let told = Instant::now();
    stage.enter(State::Backup);
    assert_eq!(stage.ran(MASTER).end, End::Cancelled);
    // The other end closes when the child is gone.
    assert_eq!(child.read(&mut [0]).unwrap(), 0);
    assert!(told.elapsed() >= Duration::from_secs(1) && told.elapsed() < Duration::from_secs(10));
    assert_eq!(stage.ran(BACKUP).end, End::Exited(0));
}

#[test]
fn a_hook_may_tidy_up_when_it_makes_way() {
    let mut stage = Stage::new();
    let begun = stage.gate("begun");
    stage.start_with(master(&stage, "trap 'echo tidy > log; exit 0' TERM; echo > begun; sleep 60 & wait"));
    stage.enter(State::Master);
    let _ = begun.heard();
    stage.enter(State::Backup);
    assert_eq!(stage.ran(MASTER).end, End::Cancelled);
    assert_eq!(stage.ran(BACKUP).end, End::Exited(0));
    assert_eq!(stage.read("log"), "tidy\n");
}

#[test]
fn under_wait_a_newer_state_waits_for_the_hook() {
    let mut stage = Stage::new();
    let (begun, go_on) = (stage.gate("begun"), stage.path("go_on"));
    crate::stage::make_fifo(&go_on);
    let subject = master(&stage, "echo > begun; read word < go_on; exit 5");
    stage.start_with(Subject { on_new_state: OnNewState::Wait, ..subject });
    stage.enter(State::Master);
    let _ = begun.heard();
    stage.enter(State::Backup);
    fs::write(&go_on, "now\n").unwrap();
    assert_eq!(stage.ran(MASTER).end, End::Exited(5));
    assert_eq!(stage.ran(BACKUP).end, End::Exited(0));
}

#[test]
fn a_hook_ends_at_its_deadline_and_the_generic_one_follows() {
    let mut stage = Stage::new();
    let mut subject = master(&stage, "exec sleep 1000");
    subject.hooks.master.as_mut().unwrap().timeout = Some(Duration::from_millis(100));
    subject.hooks.any = stage.hook("any", ":");
    stage.start_with(subject);
    stage.enter(State::Master);
    assert_eq!(stage.ran(MASTER).end, End::TimedOut);
    assert_eq!(stage.ran(HookName::Any).end, End::Exited(0));
}

#[test]
fn exit_status_and_the_last_lines_of_output_are_recorded() {
    let mut stage = Stage::new();
    stage.start_with(master(&stage, "echo moving; echo no such address >&2; exit 3"));
    stage.enter(State::Master);
    let report = stage.ran(MASTER);
    assert_eq!((report.end, &*report.output), (End::Exited(3), "moving\nno such address"));
}

#[test]
fn what_cannot_run_is_recorded() {
    let mut stage = Stage::new();
    let mut subject = master(&stage, ":");
    subject.hooks.master.as_mut().unwrap().program = Program::new(["/nonexistent/notify"]);
    stage.start_with(subject);
    stage.enter(State::Master);
    assert!(matches!(stage.ran(MASTER).end, End::Unrunnable(Unrunnable::Missing { .. })));
}

#[test]
fn a_service_that_a_hook_left_in_the_background_stays() {
    let mut stage = Stage::new();
    stage.start_with(master(&stage, "sleep 1000 > service.log 2>&1 & echo $! > service"));
    stage.enter(State::Master);
    assert_eq!(stage.ran(MASTER).end, End::Exited(0));
    stage.enter(State::Backup);
    assert_eq!(stage.ran(BACKUP).end, End::Exited(0));
    stage.stop(Duration::from_secs(5));
    let service = stage.read("service").trim_end().to_owned();
    assert!(is_alive(&service));
    kill(&service);
}

#[test]
fn what_must_be_ensured_is_tried_until_it_succeeds() {
    let mut stage = Stage::new();
    let program = stage.script("ensure", "echo try >> tries; test $(wc -l < tries) -ge 2", &[]);
    let ensure = Some(Ensure { program, timeout: Duration::from_secs(10) });
    stage.start_with(Subject { ensure, ..Subject::new(router()) });
    let told = Instant::now();
    stage.enter(State::Master);
    assert_eq!(stage.ran(HookName::Ensure).end, End::Exited(1));
    assert_eq!(stage.ran(HookName::Ensure).end, End::Exited(0));
    assert!(told.elapsed() >= Duration::from_secs(1));
    stage.tell(Told::Reasserted(State::Master));
    assert_eq!(stage.ran(HookName::Ensure).end, End::Exited(0));
}

#[test]
fn an_attempt_ends_when_there_is_nothing_to_ensure_any_longer() {
    let mut stage = Stage::new();
    let begun = stage.gate("begun");
    let program = stage.script("ensure", "echo > begun; exec sleep 1000", &[]);
    let ensure = Some(Ensure { program, timeout: Duration::from_secs(60) });
    let subject = Subject { ensure, on_new_state: OnNewState::Wait, ..master(&stage, ":") };
    stage.start_with(subject);
    stage.enter(State::Master);
    assert_eq!(stage.ran(MASTER).end, End::Exited(0));
    let _ = begun.heard();
    stage.enter(State::Backup);
    assert_eq!(stage.ran(HookName::Ensure).end, End::Cancelled);
    assert_eq!(stage.ran(BACKUP).end, End::Exited(0));
}

#[test]
fn a_stop_hook_has_a_second() {
    let mut stage = Stage::new();
    let hooks = Hooks { stop: stage.hook("stop", "exec sleep 1000"), ..Hooks::default() };
    stage.start_with(Subject { hooks, ..Subject::new(router()) });
    let told = Instant::now();
    stage.enter(State::Stop);
    stage.stop(Duration::from_secs(60));
    assert!(told.elapsed() >= Duration::from_secs(1) && told.elapsed() < Duration::from_secs(5));
    assert_eq!(stage.ran(HookName::State(State::Stop)).end, End::TimedOut);
}

#[test]
fn a_stop_without_patience_ends_what_runs_and_says_what_was_not_begun() {
    let mut stage = Stage::new();
    let begun = stage.gate("begun");
    let subject = master(&stage, "echo $$ > begun; exec sleep 1000");
    stage.start_with(Subject { on_new_state: OnNewState::Wait, ..subject });
    stage.enter(State::Master);
    let process = begun.heard();
    stage.enter(State::Backup);
    stage.notifier = None;
    assert!(!is_alive(&process));
    assert_eq!(stage.delivered(), (BACKUP, Outcome::Skipped));
    assert_eq!(stage.ran(MASTER).end, End::Cancelled);
}
