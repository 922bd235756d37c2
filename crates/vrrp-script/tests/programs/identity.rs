use std::fs;

use nix::unistd::{getegid, geteuid};
use vrrp_script::{End, Identity, Program, Unrunnable};

use crate::fixture::run;

const STRANGER: u32 = 64_999;

fn id_as(user: u32, group: u32) -> Program {
    let (user, group) = (user.to_string().into(), Some(group.to_string().into()));
    let identity = Identity::Named { user, group, supplementary: false };
    Program { identity, ..Program::new(["/bin/sh", "-c", "id -u; id -g; id -G"]) }
}

/// Whether we are root, and not only in a user namespace in which there is nobody else.
fn may_become_anybody() -> bool {
    let map = fs::read_to_string("/proc/self/uid_map").unwrap();
    geteuid().is_root() && map.split_whitespace().eq(["0", "0", "4294967295"])
}

#[tokio::test]
async fn as_another_user_it_has_nothing_of_ours_or_does_not_run() {
    let report = run(&id_as(STRANGER, STRANGER)).await;
    if may_become_anybody() {
        assert_eq!((report.end, &*report.output), (End::Exited(0), "64999\n64999\n64999"));
    } else {
        let End::Unrunnable(Unrunnable::NotPermitted { user, group, .. }) = report.end else { panic!("{report:?}") };
        assert_eq!((user, group), (STRANGER, STRANGER));
    }
}

#[tokio::test]
async fn to_stay_who_we_are_needs_no_right() {
    let (user, group) = (geteuid().as_raw(), getegid().as_raw());
    let report = run(&id_as(user, group)).await;
    assert_eq!(report.end, End::Exited(0), "{}", report.output);
    assert!(report.output.starts_with(&format!("{user}\n{group}\n")), "{}", report.output);
}

#[tokio::test]
async fn an_unknown_user_is_a_reason_of_its_own() {
    let identity = Identity::Named { user: "no-such-user".into(), group: None, supplementary: true };
    let program = Program { identity, ..Program::new(["true"]) };
    assert_eq!(run(&program).await.end, End::Unrunnable(Unrunnable::NoUser("no-such-user".into())));
    assert_eq!(program.inspect(), [Unrunnable::NoUser("no-such-user".into())]);
}
