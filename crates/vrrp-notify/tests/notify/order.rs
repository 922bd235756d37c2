//! What waits for what: phases, contests, subjects beside one another, reloads.

use core::time::Duration;
use std::time::Instant;

use vrrp_notify::{
    Barrier, Event, HookName, Hooks, Notice, OnNewState, Outcome, Phase, Plan, Prepared, Readiness, State, Subject,
    SubjectId, Told,
};
use vrrp_script::End;

use crate::stage::{Stage, router};

const MASTER: HookName = HookName::State(State::Master);
const BACKUP: HookName = HookName::State(State::Backup);

fn upcoming(generation: u64) -> Notice {
    Notice { generation, ..Notice::new(router(), Told::Entered(State::Master), 150) }
}

fn readiness(stage: &Stage) -> (Phase, u64, Readiness) {
    loop {
        if let Event::Prepared(Prepared { phase, generation, why, .. }) = stage.event() {
            return (phase, generation, why);
        }
    }
}

/// A router that logs its states, and runs `body` before its address goes live.
fn prepared(stage: &Stage, body: &str, deadline: Duration) -> Subject {
    let log = |name: &str| stage.hook(name, "echo \"${0##*/} $VRRP_EVENT $VRRP_STATE\" >> log");
    let program = stage.script("pre_active", body, &[]);
    let hooks = Hooks { master: log("master"), backup: log("backup"), ..Hooks::default() };
    Subject { hooks, pre_active: Some(Barrier { program, deadline }), ..Subject::new(router()) }
}

#[test]
fn the_address_goes_live_after_the_program_of_the_phase() {
    let mut stage = Stage::new();
    let body = "echo \"pre $VRRP_EVENT $VRRP_STATE\" >> log";
    stage.start_with(prepared(&stage, body, Duration::from_secs(10)));
    stage.notifier().prepare(Phase::PreActive, upcoming(3));
    assert_eq!(readiness(&stage), (Phase::PreActive, 3, Readiness::Succeeded));
    assert_eq!(stage.ran(HookName::Phase(Phase::PreActive)).end, End::Exited(0));
    stage.enter(State::Master);
    let _ = stage.ran(MASTER);
    assert_eq!(stage.read("log"), "pre PRE_ACTIVE MASTER\nmaster ENTERED MASTER\n");
}

#[test]
fn the_address_waits_no_longer_than_the_deadline() {
    let mut stage = Stage::new();
    stage.start_with(prepared(&stage, "trap '' TERM; sleep 1000 & wait", Duration::from_millis(200)));
    let asked = Instant::now();
    stage.notifier().prepare(Phase::PreActive, upcoming(1));
    assert_eq!(readiness(&stage), (Phase::PreActive, 1, Readiness::Deadline));
    assert!(asked.elapsed() >= Duration::from_millis(200));
    stage.enter(State::Master);
    assert_eq!(stage.ran(HookName::Phase(Phase::PreActive)).end, End::TimedOut);
    assert_eq!(stage.ran(MASTER).end, End::Exited(0));
}

#[test]
fn a_phase_that_fails_or_is_not_configured_keeps_no_address_waiting() {
    let mut stage = Stage::new();
    stage.start_with(prepared(&stage, "exit 1", Duration::from_secs(10)));
    stage.notifier().prepare(Phase::PreActive, upcoming(1));
    assert_eq!(readiness(&stage), (Phase::PreActive, 1, Readiness::Failed));
    stage.notifier().prepare(Phase::PostActive, upcoming(2));
    assert_eq!(readiness(&stage), (Phase::PostActive, 2, Readiness::Nothing));
}

#[test]
fn a_preparation_that_was_taken_back_lets_the_hook_run_that_it_ended() {
    let mut stage = Stage::new();
    let begun = stage.gate("begun");
    let mut subject = prepared(&stage, "exec sleep 1000", Duration::from_secs(60));
    subject.hooks.backup =
        stage.hook("backup", "test -e again && again=1; touch again; echo > begun; test $again || exec sleep 1000");
    stage.start_with(subject);
    stage.enter(State::Backup);
    let _ = begun.heard();
    stage.notifier().prepare(Phase::PreActive, upcoming(1));
    assert_eq!(stage.ran(BACKUP).end, End::Cancelled);
    stage.notifier().stand_down(router());
    assert_eq!(readiness(&stage).2, Readiness::Failed);
    let _ = begun.heard();
    assert_eq!(stage.ran(HookName::Phase(Phase::PreActive)).end, End::Cancelled);
    assert_eq!(stage.ran(BACKUP).end, End::Exited(0));
}

#[test]
fn a_contest_that_was_won_runs_the_hook_again() {
    let mut stage = Stage::new();
    stage.start_with(prepared(&stage, ":", Duration::from_secs(1)));
    stage.enter(State::Master);
    let _ = stage.ran(MASTER);
    stage.tell(Told::Reasserted(State::Master));
    let _ = stage.ran(MASTER);
    assert_eq!(stage.read("log"), "master ENTERED MASTER\nmaster REASSERTED MASTER\n");
}

#[test]
fn a_slow_hook_of_one_router_keeps_no_other_waiting() {
    let mut stage = Stage::new();
    let slow = Subject {
        hooks: Hooks { master: stage.hook("slow", "exec sleep 1000"), ..Hooks::default() },
        ..Subject::new(SubjectId::instance("slow"))
    };
    let quick = Subject {
        hooks: Hooks { master: stage.hook("quick", ":"), ..Hooks::default() },
        ..Subject::new(SubjectId::instance("quick"))
    };
    stage.start(Plan { subjects: vec![slow, quick], ..Plan::default() });
    for name in ["slow", "quick"] {
        stage.notifier().tell(Notice::new(SubjectId::instance(name), Told::Entered(State::Master), 100));
    }
    assert_eq!(stage.ran(MASTER).end, End::Exited(0));
}

#[test]
fn a_burst_of_states_delivers_the_last() {
    let mut stage = Stage::new();
    stage.start_with(prepared(&stage, ":", Duration::from_secs(1)));
    for _ in 0..50 {
        stage.enter(State::Backup);
        stage.enter(State::Master);
    }
    stage.stop(Duration::from_secs(20));
    let last = stage.rest().into_iter().rev().find_map(|event| match event {
        Event::Delivered(delivered) if delivered.outcome != Outcome::Skipped => Some(delivered),
        _ => None,
    });
    let last = last.unwrap();
    assert!(last.hook == MASTER && last.outcome.succeeded(), "{last:?}");
    assert!(stage.read("log").ends_with("master ENTERED MASTER\n"));
}

#[test]
fn a_router_that_a_reload_removes_hears_of_its_end() {
    let mut stage = Stage::new();
    let begun = stage.gate("begun");
    let mut subject = prepared(&stage, ":", Duration::from_secs(1));
    subject.on_new_state = OnNewState::Wait;
    subject.hooks.fault = stage.hook("fault", "echo > begun");
    stage.start_with(subject.clone());
    stage.enter(State::Deleted);
    stage.notifier().reload(Plan::default());
    let _ = begun.heard();
    assert_eq!(stage.ran(HookName::State(State::Fault)).end, End::Exited(0));
    stage.enter(State::Backup);
    stage.notifier().reload(Plan { subjects: vec![subject], ..Plan::default() });
    stage.enter(State::Master);
    assert_eq!(stage.ran(MASTER).end, End::Exited(0));
    assert_eq!(stage.read("log"), "master ENTERED MASTER\n");
}

#[test]
fn a_hook_that_runs_survives_a_reload_that_changes_it() {
    let mut stage = Stage::new();
    let (begun, go_on) = (stage.gate("begun"), stage.path("go_on"));
    crate::stage::make_fifo(&go_on);
    let mut subject = prepared(&stage, ":", Duration::from_secs(1));
    subject.hooks.master = stage.hook("first", "echo > begun; read word < go_on; exit 3");
    stage.start_with(subject.clone());
    stage.enter(State::Master);
    let _ = begun.heard();
    subject.hooks.master = stage.hook("second", "exit 4");
    stage.notifier().reload(Plan { subjects: vec![subject], ..Plan::default() });
    std::fs::write(&go_on, "now\n").unwrap();
    assert_eq!(stage.ran(MASTER).end, End::Exited(3));
    stage.tell(Told::Reasserted(State::Master));
    assert_eq!(stage.ran(MASTER).end, End::Exited(4));
}
