use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use nix::unistd::{getegid, geteuid};
use tempfile::{TempDir, tempdir};
use vrrp_script::{End, Program, Unrunnable};

use crate::fixture::run;

fn script(directory: &TempDir, text: &str, mode: u32) -> PathBuf {
    let path = directory.path().canonicalize().unwrap().join("script");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    path
}

fn program(path: &std::path::Path) -> Program {
    Program::new([path.to_str().unwrap(), "an argument"])
}

/// Asserts that it does not run and that `vrrpd check` would have said why.
async fn assert_refused(program: &Program, why: Unrunnable) {
    assert_eq!(run(program).await.end, End::Unrunnable(why.clone()));
    assert!(program.inspect().contains(&why), "{:?}", program.inspect());
}

#[tokio::test]
async fn a_program_that_is_missing_is_named_by_what_is_missing_of_its_path() {
    let directory = tempdir().unwrap();
    let gone = directory.path().canonicalize().unwrap().join("no");
    assert_refused(&program(&gone.join("such/script")), Unrunnable::Missing { path: gone }).await;
}

#[tokio::test]
async fn a_name_that_no_directory_has_is_said_with_the_directories() {
    let mut program = Program::new(["no-such-program"]);
    program.environment.push(("PATH".into(), "/usr/bin:/bin".into()));
    let why = Unrunnable::NotInPath { name: "no-such-program".into(), search: "/usr/bin:/bin".into() };
    assert_eq!(why.to_string(), "no-such-program is in no directory of /usr/bin:/bin");
    assert_refused(&program, why).await;
}

#[tokio::test]
async fn a_file_that_is_not_executable_is_named_with_owner_and_mode() {
    let directory = tempdir().unwrap();
    let path = script(&directory, "#!/bin/sh\n", 0o644);
    let (owner, group) = (geteuid().as_raw(), getegid().as_raw());
    let why = Unrunnable::NotExecutable { path: path.clone(), owner, group, mode: 0o644 };
    let words = format!("{} is not executable (owner {owner}:{group}, mode 644)", path.display());
    assert_eq!(why.to_string(), words);
    assert_refused(&program(&path), why).await;
}

#[tokio::test]
async fn an_interpreter_that_is_missing_is_named() {
    let directory = tempdir().unwrap();
    let path = script(&directory, "#! /usr/bin/pyhton -u\n", 0o755);
    let why = Unrunnable::NoInterpreter { path: path.clone(), interpreter: "/usr/bin/pyhton".into() };
    assert_refused(&program(&path), why).await;
}

#[tokio::test]
async fn a_directory_is_no_program() {
    assert_refused(&Program::new(["/usr"]), Unrunnable::NotAFile { path: "/usr".into() }).await;
}

#[tokio::test]
async fn nothing_is_no_program() {
    assert_refused(&Program::new([""; 0]), Unrunnable::Empty).await;
}

#[tokio::test]
async fn a_script_that_names_no_interpreter_is_given_to_the_shell() {
    let directory = tempdir().unwrap();
    let path = script(&directory, "echo \"$1\"; exit 7\n", 0o755);
    let report = run(&program(&path)).await;
    assert_eq!((report.end, &*report.output), (End::Exited(7), "an argument"));
    assert_eq!(program(&path).inspect().iter().filter(|why| !matches!(why, Unrunnable::Insecure { .. })).count(), 0);
}

/// Everybody may write it; root must not run it when that is forbidden, and hears of it when it is not.
#[tokio::test]
async fn an_insecure_program_is_refused_to_root_when_security_is_on_and_reported_when_it_is_off() {
    let directory = tempdir().unwrap();
    let path = script(&directory, "#!/bin/sh\nexit 0\n", 0o777);
    let open = program(&path);
    let closed = Program { secure: true, ..open.clone() };
    assert_eq!(run(&open).await.end, End::Exited(0));
    if geteuid().is_root() || getegid().as_raw() == 0 {
        let [why @ Unrunnable::Insecure { .. }] = &open.inspect()[..] else { panic!("{:?}", open.inspect()) };
        assert_refused(&closed, why.clone()).await;
    } else {
        assert_eq!(open.inspect(), []);
        assert_eq!(run(&closed).await.end, End::Exited(0), "it has no rights to lose");
    }
}

#[tokio::test]
async fn a_program_of_the_system_is_secure_by_name_and_through_a_link() {
    for name in ["true", "/bin/true", "/usr/bin/true"] {
        let program = Program { secure: true, ..Program::new([name]) };
        assert_eq!(run(&program).await.end, End::Exited(0), "{name}");
        assert_eq!(program.inspect(), [], "{name}");
    }
}
