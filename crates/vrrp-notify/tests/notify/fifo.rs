//! The FIFO itself: its lines, its making and its end.

use core::time::Duration;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};

use vrrp_notify::{
    Event, Fifo, FifoError, FifoEvent, HookName, Hooks, Notice, Outcome, Plan, State, Subject, SubjectId, Told,
};
use vrrp_script::Identity;

use crate::stage::{Stage, make_fifo, router};

fn plan(stage: &Stage) -> Plan {
    let fifo = Fifo { path: stage.path("fifo"), owner: Identity::Inherit, reader: None };
    Plan { fifos: vec![fifo], ..Plan::default() }
}

/// Opens the FIFO for reading once it is there, which the notifier's answer to a preparation tells.
fn open(stage: &Stage) -> BufReader<File> {
    stage.notifier().prepare(vrrp_notify::Phase::PreActive, Notice::new(router(), Told::Entered(State::Master), 1));
    assert!(matches!(stage.event(), Event::Prepared(_)));
    BufReader::new(File::open(stage.path("fifo")).unwrap())
}

fn line(reader: &mut impl BufRead) -> String {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    line
}

fn refused(stage: &Stage) -> FifoError {
    match stage.event() {
        Event::Fifo(path, FifoEvent::Refused(error)) if path == stage.path("fifo") => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_notice_is_a_line_in_order() {
    let mut stage = Stage::new();
    stage.start(plan(&stage));
    let mut reader = open(&stage);
    stage.enter(State::Backup);
    stage.notifier().tell(Notice::new(SubjectId::group("G1"), Told::Entered(State::Backup), 150));
    for told in [
        Told::BackupPriority,
        Told::Entered(State::Master),
        Told::MasterRxLowerPri,
        Told::Reasserted(State::Master),
        Told::MasterPriority,
        Told::Recalled(State::Master),
        Told::Entered(State::Fault),
        Told::Entered(State::Stop),
    ] {
        stage.tell(told);
    }
    let expected = [
        "INSTANCE \"VI_1\" BACKUP 150\n",
        "GROUP \"G1\" BACKUP 0\n",
        "INSTANCE \"VI_1\" BACKUP_PRIORITY 150\n",
        "INSTANCE \"VI_1\" MASTER 150\n",
        "INSTANCE \"VI_1\" MASTER_RX_LOWER_PRI 150\n",
        "INSTANCE \"VI_1\" MASTER 150\n",
        "INSTANCE \"VI_1\" MASTER_PRIORITY 150\n",
        "INSTANCE \"VI_1\" MASTER 150\n",
        "INSTANCE \"VI_1\" FAULT 150\n",
        "INSTANCE \"VI_1\" STOP 150\n",
    ];
    for expected in expected {
        assert_eq!(line(&mut reader), expected);
    }
}

#[test]
fn it_is_made_for_us_alone_and_removed_at_the_end() {
    let mut stage = Stage::new();
    stage.start(plan(&stage));
    let _reader = open(&stage);
    let metadata = fs::metadata(stage.path("fifo")).unwrap();
    assert!(metadata.file_type().is_fifo());
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    stage.stop(Duration::from_secs(5));
    assert!(!stage.path("fifo").exists());
}

#[test]
fn one_that_was_there_stays() {
    let mut stage = Stage::new();
    make_fifo(&stage.path("fifo"));
    stage.start(plan(&stage));
    let mut reader = open(&stage);
    stage.enter(State::Backup);
    assert_eq!(line(&mut reader), "INSTANCE \"VI_1\" BACKUP 150\n");
    stage.stop(Duration::from_secs(5));
    assert!(stage.path("fifo").exists());
}

#[test]
fn one_that_somebody_put_in_its_place_is_not_removed() {
    let mut stage = Stage::new();
    stage.start(plan(&stage));
    let _reader = open(&stage);
    fs::remove_file(stage.path("fifo")).unwrap();
    fs::write(stage.path("fifo"), "precious").unwrap();
    stage.stop(Duration::from_secs(5));
    assert_eq!(stage.read("fifo"), "precious");
}

#[test]
fn what_is_no_fifo_is_refused() {
    let mut stage = Stage::new();
    fs::write(stage.path("fifo"), "precious").unwrap();
    stage.start(plan(&stage));
    assert!(matches!(refused(&stage), FifoError::NotFifo { .. }));
    stage.enter(State::Backup);
    stage.stop(Duration::from_secs(5));
    assert_eq!(stage.read("fifo"), "precious");
}

#[test]
fn a_link_to_a_fifo_is_refused() {
    let mut stage = Stage::new();
    make_fifo(&stage.path("elsewhere"));
    symlink(stage.path("elsewhere"), stage.path("fifo")).unwrap();
    stage.start(plan(&stage));
    assert!(matches!(refused(&stage), FifoError::NotFifo { .. }));
}

#[test]
fn a_missing_directory_and_a_missing_user_are_named() {
    let mut stage = Stage::new();
    let mut missing = plan(&stage);
    missing.fifos[0].path = stage.path("missing").join("fifo");
    missing.fifos.extend(plan(&stage).fifos);
    let user = Identity::Named { user: "no such user".into(), group: None, supplementary: false };
    missing.fifos[1].owner = user;
    stage.start(missing);
    assert!(matches!(stage.event(), Event::Fifo(_, FifoEvent::Refused(FifoError::Create { .. }))));
    assert!(matches!(refused(&stage), FifoError::NoUser(user) if &*user == "no such user"));
}

#[test]
fn without_a_reader_lines_are_dropped_counted_and_flow_again() {
    let mut stage = Stage::new();
    stage.start(plan(&stage));
    let mut reader = open(&stage);
    // 64 KiB is what a pipe holds unless somebody changed it.
    for _ in 0..4000 {
        stage.enter(State::Backup);
    }
    assert!(matches!(stage.event(), Event::Fifo(_, FifoEvent::Full)));
    stage.notifier().prepare(vrrp_notify::Phase::PreActive, Notice::new(router(), Told::MasterPriority, 1));
    assert!(matches!(stage.event(), Event::Prepared(_)));
    let mut lines = 0_u64;
    let mut buffered = vec![0; 1 << 16];
    lines += std::io::Read::read(&mut reader, &mut buffered).unwrap() as u64 / 28;
    stage.enter(State::Master);
    match stage.event() {
        Event::Fifo(_, FifoEvent::Flows { dropped }) => assert!(dropped > 0 && dropped + lines <= 4000, "{dropped}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_slow_hook_keeps_no_line_waiting() {
    let mut stage = Stage::new();
    let hooks = Hooks { any: stage.hook("slow", "exec sleep 1000"), ..Hooks::default() };
    let subject = Subject { hooks, ..Subject::new(router()) };
    stage.start(Plan { subjects: vec![subject], ..plan(&stage) });
    let mut reader = open(&stage);
    for (state, word) in [(State::Backup, "BACKUP"), (State::Master, "MASTER"), (State::Backup, "BACKUP")] {
        stage.enter(state);
        assert_eq!(line(&mut reader), format!("INSTANCE \"VI_1\" {word} 150\n"));
    }
    assert!(matches!(stage.delivered(), (HookName::Any, Outcome::Ran(_) | Outcome::Skipped)));
}

#[test]
fn a_reload_leaves_the_fifo_alone() {
    let mut stage = Stage::new();
    stage.start(plan(&stage));
    let mut reader = open(&stage);
    stage.notifier().reload(plan(&stage));
    stage.enter(State::Backup);
    assert_eq!(line(&mut reader), "INSTANCE \"VI_1\" BACKUP 150\n");
    stage.notifier().reload(Plan::default());
    stage.enter(State::Master);
    assert_eq!(line(&mut reader), "", "the end of the FIFO");
    assert!(OpenOptions::new().read(true).open(stage.path("fifo")).is_err());
}

#[test]
fn a_reload_makes_the_fifo_anew_that_somebody_removed() {
    let mut stage = Stage::new();
    stage.start(plan(&stage));
    let _before = open(&stage);
    fs::remove_file(stage.path("fifo")).unwrap();
    stage.notifier().reload(plan(&stage));
    let mut reader = open(&stage);
    stage.enter(State::Backup);
    assert_eq!(line(&mut reader), "INSTANCE \"VI_1\" BACKUP 150\n");
}
