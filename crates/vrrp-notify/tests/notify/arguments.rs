//! What a program is given: arguments and environment.

use core::time::Duration;

use vrrp_notify::{Deletion, HookName, Hooks, Kind, Notice, State, Subject, SubjectId, Told, run_once};
use vrrp_script::End;

use crate::stage::{Stage, router};

/// Appends the script's name and arguments to `log`.
const LOG: &str = "echo \"${0##*/} $*\" >> log";

fn logging(stage: &Stage, id: SubjectId) -> Subject {
    let hook = |name: &str| stage.hook(name, LOG);
    let mut any = hook("notify").unwrap();
    any.program = stage.script("notify", LOG, &["own"]);
    let hooks = Hooks {
        master: hook("notify_master"),
        backup: hook("notify_backup"),
        fault: hook("notify_fault"),
        stop: hook("notify_stop"),
        master_rx_lower_pri: hook("notify_master_rx_lower_pri"),
        any: Some(any),
        ..Hooks::default()
    };
    Subject { hooks, ..Subject::new(id) }
}

#[test]
fn the_hook_of_the_state_gets_its_own_arguments_and_the_generic_one_four_more() {
    let mut stage = Stage::new();
    stage.start_with(logging(&stage, router()));
    for (state, word) in [(State::Backup, "BACKUP"), (State::Master, "MASTER"), (State::Fault, "FAULT")] {
        stage.enter(state);
        assert_eq!(stage.ran(HookName::State(state)).end, End::Exited(0));
        assert_eq!(stage.ran(HookName::Any).end, End::Exited(0));
        let expected = format!("notify_{} \nnotify own INSTANCE VI_1 {word} 150\n", word.to_lowercase());
        assert!(stage.read("log").ends_with(&expected), "{}", stage.read("log"));
    }
    stage.enter(State::Stop);
    stage.stop(Duration::from_secs(5));
    assert!(stage.read("log").ends_with("notify_stop \nnotify own INSTANCE VI_1 STOP 150\n"));
}

#[test]
fn a_group_has_no_priority() {
    let mut stage = Stage::new();
    let group = SubjectId { kind: Kind::Group, name: "G1".into() };
    stage.start_with(logging(&stage, group.clone()));
    stage.notifier().tell(Notice::new(group, Told::Entered(State::Master), 150));
    let _ = (stage.ran(HookName::State(State::Master)), stage.ran(HookName::Any));
    assert_eq!(stage.read("log"), "notify_master \nnotify own GROUP G1 MASTER 0\n");
}

#[test]
fn an_end_without_notify_deleted_is_told_as_fault() {
    let mut stage = Stage::new();
    stage.start_with(logging(&stage, router()));
    stage.enter(State::Deleted);
    let _ = (stage.ran(HookName::State(State::Fault)), stage.ran(HookName::Any));
    assert_eq!(stage.read("log"), "notify_fault \nnotify own INSTANCE VI_1 FAULT 150\n");
}

#[test]
fn an_end_with_notify_deleted_is_told_as_such() {
    let mut stage = Stage::new();
    let mut subject = logging(&stage, router());
    subject.hooks.deleted = Deletion::AsDeleted(stage.hook("notify_deleted", LOG));
    stage.start_with(subject);
    stage.enter(State::Deleted);
    let _ = (stage.ran(HookName::State(State::Deleted)), stage.ran(HookName::Any));
    assert_eq!(stage.read("log"), "notify_deleted \nnotify own INSTANCE VI_1 DELETED 150\n");
}

#[test]
fn a_lower_priority_heard_has_a_hook_of_its_own_and_not_the_generic_one() {
    let mut stage = Stage::new();
    stage.start_with(logging(&stage, router()));
    stage.tell(Told::MasterRxLowerPri);
    let _ = stage.ran(HookName::MasterRxLowerPri);
    stage.stop(Duration::from_secs(5));
    assert_eq!(stage.read("log"), "notify_master_rx_lower_pri \n");
    assert!(stage.rest().is_empty());
}

#[test]
fn what_fifos_alone_hear_runs_no_hook() {
    let mut stage = Stage::new();
    stage.start_with(logging(&stage, router()));
    for told in [Told::Recalled(State::Master), Told::MasterPriority, Told::BackupPriority] {
        stage.tell(told);
    }
    stage.stop(Duration::from_secs(5));
    assert!(stage.rest().is_empty());
}

#[test]
fn the_environment_says_what_arguments_cannot() {
    let mut stage = Stage::new();
    let mut subject = Subject::new(router());
    subject.hooks.any = stage.hook("notify", "env | grep ^VRRP_ | sort > env");
    subject.variables = vec![("VRRP_INTERFACE".into(), "eth0".into()), ("VRRP_STATE".into(), "mine".into())];
    stage.start_with(subject);
    stage.enter(State::Backup);
    let _ = stage.ran(HookName::Any);
    assert!(!stage.read("env").contains("VRRP_PREVIOUS") && !stage.read("env").contains("VRRP_PEER"));
    stage.notifier().tell(Notice {
        generation: 7,
        cause: "the Active router fell silent".into(),
        peer: Some("192.0.2.2".into()),
        variables: vec![("VRRP_VRID".into(), "51".into())],
        ..Notice::new(router(), Told::Entered(State::Master), 100)
    });
    let _ = stage.ran(HookName::Any);
    let expected = "VRRP_CAUSE=the Active router fell silent\nVRRP_EVENT=ENTERED\nVRRP_GENERATION=7\n\
                    VRRP_INTERFACE=eth0\nVRRP_KIND=INSTANCE\nVRRP_NAME=VI_1\nVRRP_PEER=192.0.2.2\n\
                    VRRP_PREVIOUS=BACKUP\nVRRP_PRIORITY=100\nVRRP_STATE=MASTER\nVRRP_VRID=51\n";
    assert_eq!(stage.read("env"), expected);
    stage.tell(Told::Reasserted(State::Master));
    let _ = stage.ran(HookName::Any);
    assert!(stage.read("env").contains("VRRP_EVENT=REASSERTED\n"));
}

#[test]
fn a_startup_script_runs_once_to_its_end_or_its_deadline() {
    let stage = Stage::new();
    let quick = run_once(&stage.script("quick", "echo up; exit 4", &[]), Duration::from_secs(10));
    assert_eq!((quick.end, &*quick.output), (End::Exited(4), "up"));
    let slow = run_once(&stage.script("slow", "exec sleep 1000", &[]), Duration::from_millis(100));
    assert_eq!(slow.end, End::TimedOut);
}
