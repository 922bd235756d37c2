use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use nix::unistd::{Gid, Uid};

use super::*;

const ALICE: u32 = 1000;

fn who(user: u32, group: u32) -> Credentials {
    Credentials { user: Uid::from_raw(user), group: Gid::from_raw(group), groups: vec![Gid::from_raw(50)], ours: false }
}

fn component(path: &str, kind: Kind, owner: u32, group: u32, mode: u32) -> Component {
    Component { path: path.into(), kind, owner, group, mode }
}

/// A way on which nobody but root has a say.
fn way(file: Component) -> Vec<Component> {
    vec![
        component("/", Kind::Directory, 0, 0, 0o755),
        component("/bin", Kind::Link, 0, 0, 0o777),
        component("/usr", Kind::Directory, 0, 0, 0o755),
        component("/usr/bin", Kind::Directory, 0, 0, 0o775),
        file,
    ]
}

fn file(owner: u32, group: u32, mode: u32) -> Component {
    component("/usr/bin/check", Kind::File, owner, group, mode)
}

fn blamed(passed: &[Component], user: u32) -> Option<PathBuf> {
    let why = insecure(passed, &who(user, user))?;
    let Unrunnable::Insecure { path, .. } = why else { panic!("{why}") };
    Some(path)
}

#[test]
fn what_only_root_can_write_is_secure_though_a_link_leads_to_it() {
    assert_eq!(blamed(&way(file(0, 0, 0o755)), 0), None);
    assert_eq!(blamed(&way(file(0, 0, 0o775)), 0), None, "the group of root may write");
}

#[test]
fn a_file_that_others_than_root_can_write_is_insecure_for_root_alone() {
    for insecure in [file(ALICE, 0, 0o755), file(0, ALICE, 0o775), file(0, 0, 0o757)] {
        assert_eq!(blamed(&way(insecure.clone()), 0), Some("/usr/bin/check".into()), "{insecure:?}");
        assert_eq!(blamed(&way(insecure), ALICE), None);
    }
}

#[test]
fn a_directory_or_a_link_of_somebody_else_on_the_way_is_insecure() {
    for (index, step) in [
        component("/srv", Kind::Directory, ALICE, 0, 0o755),
        component("/srv", Kind::Directory, 0, ALICE, 0o775),
        component("/srv", Kind::Directory, 0, 0, 0o777),
        component("/srv", Kind::Link, ALICE, 0, 0o777),
    ]
    .into_iter()
    .enumerate()
    {
        let mut passed = way(file(0, 0, 0o755));
        passed.insert(index, step);
        assert_eq!(blamed(&passed, 0), Some("/srv".into()), "{index}");
    }
}

#[test]
fn a_sticky_directory_that_everybody_writes_is_tolerated() {
    let mut passed = way(file(0, 0, 0o755));
    passed.insert(1, component("/tmp", Kind::Directory, 0, 0, 0o1777));
    assert_eq!(blamed(&passed, 0), None);
}

#[test]
fn a_program_that_becomes_root_by_itself_is_judged_whoever_runs_it() {
    let mut passed = way(file(0, 0, 0o4755));
    passed.insert(1, component("/srv", Kind::Directory, ALICE, 0, 0o755));
    assert_eq!(blamed(&passed, ALICE), Some("/srv".into()));
}

#[test]
fn modes_say_who_may_run_a_file() {
    let denied = |file: Component, user, group| denied(&way(file), &who(user, group)).is_some();
    assert!(!denied(file(ALICE, 0, 0o100), ALICE, ALICE));
    assert!(denied(file(ALICE, 0, 0o011), ALICE, ALICE), "the owner's bits count for the owner");
    assert!(!denied(file(0, 50, 0o010), ALICE, ALICE), "one of their groups");
    assert!(denied(file(0, 50, 0o101), ALICE, ALICE));
    assert!(!denied(file(0, 0, 0o001), ALICE, ALICE));
    assert!(!denied(file(ALICE, ALICE, 0o010), 0, 0), "root needs any");
    assert!(denied(file(ALICE, ALICE, 0o644), 0, 0));
}

#[test]
fn a_directory_that_may_not_be_entered_is_named() {
    let mut passed = way(file(0, 0, 0o755));
    passed.insert(1, component("/root", Kind::Directory, 0, 0, 0o700));
    let closed = Unrunnable::Closed { path: "/root".into(), owner: 0, group: 0, mode: 0o700 };
    assert_eq!(denied(&passed, &who(ALICE, ALICE)), Some(closed));
    assert_eq!(denied(&passed, &who(0, 0)), None);
}

#[test]
fn the_way_to_a_file_has_every_directory_and_link() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().canonicalize().unwrap();
    fs::create_dir_all(root.join("usr/bin")).unwrap();
    fs::write(root.join("usr/bin/true"), "").unwrap();
    fs::set_permissions(root.join("usr/bin/true"), Permissions::from_mode(0o751)).unwrap();
    symlink("usr/bin", root.join("bin")).unwrap();
    symlink(root.join("bin/../bin/true"), root.join("yes")).unwrap();

    let passed = components(&root.join("yes")).unwrap();
    let below: Vec<_> = passed
        .iter()
        .filter_map(|step| step.path.strip_prefix(&root).ok())
        .map(|path| path.to_str().unwrap().to_owned())
        .filter(|path| !path.is_empty())
        .collect();
    assert_eq!(
        below,
        ["yes", "bin", "usr", "usr/bin", "usr/bin", "usr/bin/true"],
        "`..` is that of where the link led"
    );
    let last = passed.last().unwrap();
    assert_eq!((last.kind, last.mode), (Kind::File, 0o751));
}

#[test]
fn what_is_missing_is_named_by_its_first_missing_component() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("no");
    assert_eq!(components(&missing.join("such/file")), Err(Unrunnable::Missing { path: missing }));
}

#[test]
fn a_circle_of_links_leads_nowhere() {
    let directory = tempfile::tempdir().unwrap();
    symlink("b", directory.path().join("a")).unwrap();
    symlink("a", directory.path().join("b")).unwrap();
    assert!(matches!(components(&directory.path().join("a")), Err(Unrunnable::Missing { .. })));
}
