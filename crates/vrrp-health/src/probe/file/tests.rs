use std::os::unix::fs::symlink;
use std::process::Command;

use vrrp_lab::isolated;

use super::*;
use crate::probe::testing::{run, telling};

fn directory() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_file_is_followed_through_writing_deletion_and_renaming_into_place() {
    let directory = directory();
    let path = directory.path().join("drain");
    run(async {
        let (mut told, _watcher) = telling!(File::new(&path));
        assert_eq!(told.next().await, Outcome::Value(0));
        fs::write(&path, "-20\n").unwrap();
        told.until(Outcome::Value(-20)).await;
        fs::write(&path, "7").unwrap();
        told.until(Outcome::Value(7)).await;
        fs::remove_file(&path).unwrap();
        told.until(Outcome::Value(0)).await;
        fs::write(directory.path().join("new"), "0x10").unwrap();
        fs::rename(directory.path().join("new"), &path).unwrap();
        assert_eq!(told.next().await, Outcome::Value(16));
        fs::rename(&path, directory.path().join("old")).unwrap();
        assert_eq!(told.next().await, Outcome::Value(0));
    });
}

#[test]
fn garbage_is_nought_and_a_number_that_does_not_fit_leaves_the_last_one() {
    let directory = directory();
    let path = directory.path().join("value");
    fs::write(&path, "5").unwrap();
    run(async {
        let (mut told, _watcher) = telling!(File::new(&path));
        assert_eq!(told.next().await, Outcome::Value(5));
        let replace = |content: &str| {
            fs::write(directory.path().join("new"), content).unwrap();
            fs::rename(directory.path().join("new"), &path).unwrap();
        };
        replace("99999999999");
        replace("6 is more");
        assert_eq!(told.next().await, Outcome::Value(6));
        replace("more than 6");
        assert_eq!(told.next().await, Outcome::Value(0));
    });
}

#[test]
fn a_directory_may_be_missing_come_go_and_come_back() {
    let directory = directory();
    let (above, below) = (directory.path().join("a"), directory.path().join("a/b"));
    let path = below.join("value");
    run(async {
        let (mut told, _watcher) = telling!(File::new(&path));
        assert_eq!(told.next().await, Outcome::Value(0));
        fs::create_dir_all(&below).unwrap();
        fs::write(&path, "1").unwrap();
        told.until(Outcome::Value(1)).await;
        fs::rename(&above, directory.path().join("c")).unwrap();
        assert_eq!(told.next().await, Outcome::Value(0));
        fs::create_dir_all(&below).unwrap();
        fs::write(&path, "2").unwrap();
        told.until(Outcome::Value(2)).await;
        fs::remove_dir_all(&above).unwrap();
        told.until(Outcome::Value(0)).await;
    });
}

#[test]
fn a_symbolic_link_that_is_swapped_brings_its_new_number() {
    let directory = directory();
    let at = |name: &str| directory.path().join(name);
    for (version, number) in [("v1", "1"), ("v2", "2")] {
        fs::create_dir(at(version)).unwrap();
        fs::write(at(version).join("value"), number).unwrap();
    }
    symlink("v1", at("current")).unwrap();
    symlink("current/value", at("value")).unwrap();
    run(async {
        let (mut told, _watcher) = telling!(File::new(at("value")));
        assert_eq!(told.next().await, Outcome::Value(1));
        symlink("v2", at("next")).unwrap();
        fs::rename(at("next"), at("current")).unwrap();
        assert_eq!(told.next().await, Outcome::Value(2));
        fs::write(at("v2/new"), "3").unwrap();
        fs::rename(at("v2/new"), at("v2/value")).unwrap();
        assert_eq!(told.next().await, Outcome::Value(3));
    });
}

#[test]
fn a_file_system_that_tells_of_no_changes_is_refused() {
    run(async {
        for (path, kind) in [("/proc/sys/kernel/ostype", "proc"), ("/sys/class/net/lo/carrier", "sysfs")] {
            let (mut told, _watcher) = telling!(File::new(path));
            let words = format!("{path} is on {kind}, which tells of no changes");
            assert_eq!(told.next().await, Outcome::CouldNotRun(words.into()));
        }
    });
}

#[test]
fn a_file_is_made_to_hold_its_first_number_and_only_overwritten_when_told_to() {
    let directory = directory();
    let path = directory.path().join("value");
    let content = || fs::read_to_string(&path).unwrap();
    let with = |value, overwrite| File { init: Some(Init { value, overwrite }), ..File::new(&path) };
    File::new(&path).create().unwrap();
    assert!(!path.exists());
    with(3, false).create().unwrap();
    assert_eq!(content(), "3\n");
    with(4, false).create().unwrap();
    assert_eq!(content(), "3\n");
    with(-4, true).create().unwrap();
    assert_eq!(content(), "-4\n");
    let folder = File { path: directory.path().into(), init: Some(Init { value: 0, overwrite: true }) };
    assert!(matches!(folder.create(), Err(FileError::NotRegular { .. })));
    let nowhere = File { path: directory.path().join("no/where"), init: Some(Init::default()) };
    assert!(matches!(nowhere.create(), Err(FileError::Write { .. })));
}

fn inotify_instances() -> usize {
    let links = fs::read_dir("/proc/self/fd").unwrap().filter_map(|entry| fs::read_link(entry.unwrap().path()).ok());
    links.filter(|link| link.to_string_lossy().contains("inotify")).count()
}

#[test]
fn five_hundred_files_share_one_inotify_instance_and_the_last_one_closes_it() {
    isolated(|| {
        let directory = directory();
        run(async {
            let paths: Vec<_> = (0..500).map(|number| directory.path().join(number.to_string())).collect();
            let mut watchers: Vec<_> = paths.iter().map(|path| telling!(File::new(path))).collect();
            for (told, _watcher) in &mut watchers {
                assert_eq!(told.next().await, Outcome::Value(0));
            }
            // The instance, and the second descriptor of it that tokio waits on.
            assert_eq!(inotify_instances(), 2);
            for (number, path) in paths.iter().enumerate() {
                fs::write(path, number.to_string()).unwrap();
            }
            for (number, (told, watcher)) in watchers.iter_mut().enumerate().skip(1) {
                told.until(Outcome::Value(i64::try_from(number).unwrap())).await;
                watcher.abort();
                let _cancelled = watcher.await;
            }
            assert_eq!(inotify_instances(), 2);
            let (_, first) = watchers.swap_remove(0);
            first.abort();
            let _cancelled = first.await;
            tokio::task::yield_now().await;
            assert_eq!(inotify_instances(), 0);
        });
    });
}

#[test]
fn a_kernel_that_has_no_instance_left_is_named_and_asked_again() {
    isolated(|| {
        let limit = |limit: &str| fs::write("/proc/sys/user/max_inotify_instances", limit).unwrap();
        let directory = directory();
        let path = directory.path().join("value");
        fs::write(&path, "9").unwrap();
        limit("0");
        run(async {
            let (mut told, _watcher) = telling!(File::new(&path));
            let told_first = told.next().await;
            assert!(
                matches!(&told_first, Outcome::CouldNotRun(words) if words.contains("cannot be watched")),
                "{told_first:?}"
            );
            limit("100");
            assert_eq!(told.next().await, Outcome::Value(9));
        });
    });
}

#[test]
fn a_program_that_writes_line_by_line_is_heard_when_it_closes() {
    let directory = directory();
    let path = directory.path().join("value");
    run(async {
        let (mut told, _watcher) = telling!(File::new(&path));
        assert_eq!(told.next().await, Outcome::Value(0));
        let script = format!("echo 1 > {0}; echo 2 > {0}", path.display());
        assert!(Command::new("sh").args(["-c", &script]).status().unwrap().success());
        told.until(Outcome::Value(2)).await;
    });
}
