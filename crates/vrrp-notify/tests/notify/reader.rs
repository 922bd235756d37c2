//! The program that reads a FIFO.

use core::time::Duration;
use std::time::Instant;

use vrrp_notify::{Event, Fifo, FifoEvent, Plan, State};
use vrrp_script::{End, Identity, Program, Report};

use crate::stage::{Stage, is_alive, kill};

fn plan(stage: &Stage, reader: Program) -> Plan {
    let fifo = Fifo { path: stage.path("fifo"), owner: Identity::Inherit, reader: Some(reader) };
    Plan { fifos: vec![fifo], ..Plan::default() }
}

fn ended(stage: &Stage) -> Report {
    match stage.event() {
        Event::Fifo(path, FifoEvent::ReaderEnded(report)) if path == stage.path("fifo") => report,
        other => panic!("{other:?}"),
    }
}

/// Says its process number and then each line that it reads.
const READER: &str = "echo $$ > begun; while read line; do echo \"$1 $line\" >> log; echo \"$line\" > said; done < $2";

#[test]
fn it_gets_the_path_last_and_every_line_to_the_end() {
    let mut stage = Stage::new();
    let begun = stage.gate("begun");
    let program =
        stage.script("reader", "exec < $2; echo > begun; while read line; do echo \"$1 $line\" >> log; done", &["x"]);
    stage.start(plan(&stage, program));
    let _ = begun.heard();
    stage.enter(State::Backup);
    stage.enter(State::Stop);
    stage.stop(Duration::from_secs(5));
    assert_eq!(ended(&stage).end, End::Exited(0));
    assert_eq!(stage.read("log"), "x INSTANCE \"VI_1\" BACKUP 150\nx INSTANCE \"VI_1\" STOP 150\n");
}

#[test]
fn one_that_does_not_heed_the_end_gets_sigterm() {
    let mut stage = Stage::new();
    let begun = stage.gate("begun");
    let body = "trap 'echo term >> log; exit 9' TERM; echo $$ > begun; sleep 1000 & wait";
    stage.start(plan(&stage, stage.script("reader", body, &[])));
    let process = begun.heard();
    stage.stop(Duration::from_secs(5));
    assert_eq!(stage.read("log"), "term\n");
    assert_eq!(ended(&stage).end, End::Cancelled);
    assert!(!is_alive(&process));
}

#[test]
fn one_that_dies_is_started_again_and_misses_no_line() {
    let mut stage = Stage::new();
    let (begun, said) = (stage.gate("begun"), stage.gate("said"));
    stage.start(plan(&stage, stage.script("reader", READER, &["x"])));
    let first = begun.heard();
    let died = Instant::now();
    kill(&first);
    assert_eq!(ended(&stage).end, End::Signalled(9));
    stage.enter(State::Master);
    assert_ne!(begun.heard(), first);
    assert!(died.elapsed() >= Duration::from_millis(900));
    assert_eq!(said.heard(), "INSTANCE \"VI_1\" MASTER 150");
}

#[test]
fn a_reload_neither_doubles_nor_replaces_it() {
    let mut stage = Stage::new();
    let (begun, said) = (stage.gate("begun"), stage.gate("said"));
    let wanted = plan(&stage, stage.script("reader", READER, &["x"]));
    stage.start(wanted.clone());
    let first = begun.heard();
    for _ in 0..3 {
        stage.notifier().reload(wanted.clone());
        stage.enter(State::Backup);
        let _ = said.heard();
        assert!(is_alive(&first));
    }
    stage.stop(Duration::from_secs(5));
    assert_eq!(stage.rest().len(), 1, "one reader has ended");
}

#[test]
fn another_reader_starts_when_the_one_before_is_gone() {
    let mut stage = Stage::new();
    let begun = stage.gate("begun");
    let body = "trap '' TERM; echo $$ > begun; sleep 1000";
    stage.start(plan(&stage, stage.script("reader", body, &["old"])));
    let first = begun.heard();
    stage.notifier().reload(plan(&stage, stage.script("other", "echo $$ > begun; exec sleep 1000", &["new"])));
    let second = begun.heard();
    assert_ne!(first, second);
    assert!(!is_alive(&first) && is_alive(&second));
    assert_eq!(ended(&stage).end, End::Cancelled);
}
