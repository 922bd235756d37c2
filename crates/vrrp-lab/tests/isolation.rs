//! What happens in a lab stays there, and ends with it.

use core::time::Duration;
use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::thread;

use nix::sys::prctl::set_child_subreaper;
use nix::sys::wait::waitpid;
use nix::unistd::Pid;
use vrrp_lab::{Entered, Isolation, Lab, Setting, enter, forbidden, is_real_root, isolated};

const SOON: Duration = Duration::from_secs(20);
const PROGRAM: &str = "VRRP_LAB_TEST_PROGRAM";
const PIPE: &str = "VRRP_LAB_TEST_PIPE";

#[test]
fn a_failure_inside_fails_the_test_with_its_output() {
    let panic = thread::spawn(|| {
        let name = "a_failure_inside_fails_the_test_with_its_output";
        Isolation::default().named(name).run(|| panic!("the reason {}", 40 + 2));
    });
    let message = panic.join().unwrap_err();
    let message = message.downcast_ref::<String>().expect("a message");
    assert!(message.contains("the reason 42"), "{message}");
}

#[test]
fn a_test_that_is_not_found_inside_fails() {
    let panic = thread::spawn(|| Isolation::default().named("no_such_test").run(|| ()));
    let message = panic.join().unwrap_err();
    let message = message.downcast_ref::<String>().expect("a message");
    assert!(message.contains("no test no_such_test was found"), "{message}");
}

#[test]
fn run_and_tmp_inside_are_private() {
    const MARKS: [&str; 2] = ["/tmp/vrrp-lab-mark", "/run/vrrp-lab-mark"];
    isolated(|| {
        for mark in MARKS {
            fs::write(mark, "inside").unwrap();
        }
        assert_eq!(std::process::id(), 1, "a PID namespace of its own");
        assert_eq!(fs::read_link("/proc/self").unwrap(), Path::new("1"));
    });
    assert!(!vrrp_lab::is_inside());
    assert!(MARKS.iter().all(|mark| !Path::new(mark).exists()));
}

#[test]
fn a_system_that_forbids_user_namespaces_is_told_apart_by_its_setting() {
    isolated(|| {
        assert!(forbidden().is_none());
        fs::write("/proc/sys/user/max_user_namespaces", "0").unwrap();
        let found = forbidden().unwrap();
        assert_eq!(found.setting, Setting::MaxUserNamespaces);
        assert!(found.to_string().contains("sysctl user.max_user_namespaces="), "{found}");
    });
}

#[test]
fn a_program_that_enters_runs_again_inside_and_passes_its_exit_code_on() {
    const NAME: &str = "a_program_that_enters_runs_again_inside_and_passes_its_exit_code_on";
    if env::var_os(PROGRAM).is_none() {
        let mut program = Command::new("/proc/self/exe");
        let output = program.args([NAME, "--exact", "--nocapture"]).env(PROGRAM, "1").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("h1 is here"), "{output:?}");
        return;
    }
    match enter().unwrap() {
        Entered::Inside => {
            let lab = Lab::new().unwrap();
            eprintln!("{} is here", lab.host("h1").unwrap().name());
            std::process::exit(7);
        }
        Entered::Finished(code) => {
            assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::from(7)))
        }
    }
}

#[test]
fn real_root_has_no_user_namespace_and_everybody_else_is_told() {
    let outcome = thread::spawn(|| {
        let name = "real_root_has_no_user_namespace_and_everybody_else_is_told";
        Isolation::default().named(name).real_root().run(|| {
            let map = fs::read_to_string("/proc/self/uid_map").unwrap();
            assert!(map.split_whitespace().eq(["0", "0", "4294967295"]), "{map}");
            assert_eq!(Lab::new().unwrap().host("h1").unwrap().run(&["id", "-u"]).unwrap().stdout, "0\n");
        });
    });
    match outcome.join() {
        Ok(()) => assert!(is_real_root()),
        Err(panic) => {
            let message = panic.downcast_ref::<String>().expect("a message");
            assert!(!is_real_root() && message.contains("needs real root"), "{message}");
        }
    }
}

/// Inside: a lab whose daemon has a child in another session, and everybody holds the pipe open.
fn lab_that_waits_for_ever(pipe: &Path) {
    let lab = Lab::new().expect("a lab");
    let host = lab.host("h1").expect("a host");
    let mut command = Command::new("sh");
    let script = "exec 9>\"$0\"; setsid sleep 1000 & echo ready >&9; exec sleep 1000";
    command.args(["-c", script]).arg(pipe);
    let daemon = host.spawn(command).expect("a daemon");
    let _held = File::options().write(true).open(pipe).expect("the pipe");
    daemon.exit_status(Duration::from_secs(1000)).expect("never");
}

#[test]
fn nothing_is_left_behind_when_a_lab_is_killed() {
    if let Some(pipe) = env::var_os(PIPE) {
        isolated(|| lab_that_waits_for_ever(Path::new(&pipe)));
        return;
    }
    let pipe = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("pipe-{}", std::process::id()));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut outer = Command::new("/proc/self/exe")
        .args(["nothing_is_left_behind_when_a_lab_is_killed", "--exact", "--nocapture"])
        .env(PIPE, &pipe)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (tell, told) = mpsc::channel();
    let (tell_end, ended) = mpsc::channel();
    let path = pipe.clone();
    thread::spawn(move || {
        let mut pipe = BufReader::new(File::open(path).unwrap());
        let mut word = String::new();
        pipe.read_line(&mut word).unwrap();
        tell.send(word).unwrap();
        let mut rest = String::new();
        pipe.read_to_string(&mut rest).unwrap();
        tell.send(rest).unwrap();
    });
    assert_eq!(told.recv_timeout(SOON).unwrap(), "ready\n");
    let family = descendants(outer.id());
    let [(waiter, _), (inner, _), _, _] = family[..] else {
        panic!("waiter, inner, daemon and its child, but: {family:?}")
    };
    // Orphans become ours, so that their end can be waited for.
    set_child_subreaper(true).unwrap();
    outer.kill().unwrap();
    outer.wait().unwrap();
    thread::spawn(move || {
        for pid in [waiter, inner] {
            waitpid(Pid::from_raw(i32::try_from(pid).unwrap()), None).unwrap();
            tell_end.send(pid).unwrap();
        }
    });
    for pid in [waiter, inner] {
        assert_eq!(ended.recv_timeout(SOON).expect("its end"), pid);
    }
    // The pipe ends when the last process that held it is gone.
    assert_eq!(told.recv_timeout(SOON).expect("the end of the pipe"), "");
    fs::remove_file(&pipe).unwrap();
    for (pid, start) in family {
        assert_ne!(field(pid, 19), Some(start), "process {pid} is still there");
    }
}

/// All processes below `pid`, each with its start time, which tells it from a later one of its number.
fn descendants(pid: u32) -> Vec<(u32, String)> {
    let all: Vec<u32> = fs::read_dir("/proc")
        .expect("/proc")
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    let parents: Vec<(u32, u32)> = all.iter().filter_map(|pid| Some((*pid, field(*pid, 1)?.parse().ok()?))).collect();
    let mut family = vec![pid];
    let mut next = 0;
    while let Some(parent) = family.get(next).copied() {
        family.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(child, _)| *child));
        next += 1;
    }
    family.into_iter().skip(1).filter_map(|pid| Some((pid, field(pid, 19)?))).collect()
}

/// A field of `/proc/PID/stat`, counted from the one after the name.
fn field(pid: u32, number: usize) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    fields.split(' ').nth(number).map(str::to_owned)
}
