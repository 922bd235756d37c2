use core::cell::Cell;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use vrrp_lab::isolated;

use super::*;
use crate::probe::testing::{failed, run, telling};

/// A program under a name of our own: a copy of `sleep` that sleeps for long. It ends when dropped, and is not reaped before.
struct Sleeper(Child);

fn copy_of(program: &str, directory: &Path, name: &str) -> PathBuf {
    let path = directory.join(name);
    fs::copy(format!("/bin/{program}"), &path).unwrap();
    path
}

fn start(path: &Path) -> Sleeper {
    Sleeper(Command::new(path).arg("1000").spawn().unwrap())
}

impl Sleeper {
    fn kill_without_reaping(&mut self) {
        self.0.kill().unwrap();
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        let _already_dead = self.0.kill();
        let _status = self.0.wait();
    }
}

#[test]
fn a_process_starts_dies_without_being_reaped_and_starts_again() {
    isolated(|| {
        let directory = tempfile::tempdir().unwrap();
        let path = copy_of("sleep", directory.path(), "a) Z (b");
        run(async {
            let (mut told, _watcher) = telling!(Process::new("a) Z (b"));
            assert_eq!(told.next().await, failed("0 of a) Z (b run, 1 needed"));
            let mut sleeper = start(&path);
            assert_eq!(told.next().await, Outcome::Ok);
            sleeper.kill_without_reaping();
            assert_eq!(told.next().await, failed("0 of a) Z (b run, 1 needed"));
            let _another = start(&path);
            assert_eq!(told.next().await, Outcome::Ok);
        });
    });
}

#[test]
fn a_process_that_runs_another_program_counts_under_its_new_name() {
    isolated(|| {
        let directory = tempfile::tempdir().unwrap();
        let path = copy_of("sleep", directory.path(), "later-name");
        run(async {
            let script = format!("read line; exec {} 1000", path.display());
            let mut shell = Command::new("bash").args(["-c", &script]).stdin(Stdio::piped()).spawn().unwrap();
            let (mut of_shell, _watcher) = telling!(Process::new("bash"));
            let (mut of_sleep, _watcher) = telling!(Process::new("later-name"));
            of_shell.until(Outcome::Ok).await;
            assert_eq!(of_sleep.next().await, failed("0 of later-name run, 1 needed"));
            shell.stdin.take().unwrap().write_all(b"\n").unwrap();
            assert_eq!(of_sleep.next().await, Outcome::Ok);
            assert_eq!(of_shell.next().await, failed("0 of bash run, 1 needed"));
            shell.kill().unwrap();
            assert_eq!(of_sleep.next().await, failed("0 of later-name run, 1 needed"));
            shell.wait().unwrap();
        });
    });
}

#[test]
fn a_quorum_has_a_least_and_a_most() {
    isolated(|| {
        let directory = tempfile::tempdir().unwrap();
        let path = copy_of("sleep", directory.path(), "member");
        let wanted = Process { quorum: 2, quorum_max: Some(2), ..Process::new("member") };
        run(async {
            let mut sleepers = vec![start(&path)];
            let (mut told, _watcher) = telling!(wanted);
            assert_eq!(told.next().await, failed("1 of member run, 2 needed"));
            sleepers.push(start(&path));
            assert_eq!(told.next().await, Outcome::Ok);
            sleepers.push(start(&path));
            assert_eq!(told.next().await, failed("3 of member run, at most 2 may"));
            drop(sleepers.pop());
            assert_eq!(told.next().await, Outcome::Ok);
            drop(sleepers.pop());
            assert_eq!(told.next().await, failed("1 of member run, 2 needed"));
        });
    });
}

#[test]
fn a_command_line_is_compared_where_parameters_are_given() {
    isolated(|| {
        let parameters = |parameter: &str| Parameters::Exact(vec![parameter.into()]);
        run(async {
            let sleep = || Process::new("sleep");
            let (mut other, _watcher) = telling!(Process { parameters: parameters("999"), ..sleep() });
            let (mut same, _watcher) = telling!(Process { parameters: parameters("1000"), ..sleep() });
            assert_eq!(other.next().await, failed("0 of sleep run, 1 needed"));
            same.until(failed("0 of sleep run, 1 needed")).await;
            let _sleeper = start(Path::new("sleep"));
            same.until(Outcome::Ok).await;
            assert!(other.is_silent());
        });
    });
}

#[test]
fn five_hundred_watchers_are_counted_together_and_the_first_death_reaches_all() {
    isolated(|| {
        let directory = tempfile::tempdir().unwrap();
        let path = copy_of("sleep", directory.path(), "shared");
        run(async {
            let mut sleeper = start(&path);
            let (mut first, _watcher) = telling!(Process::new("shared"));
            first.until(Outcome::Ok).await;
            let mut watchers: Vec<_> = (0..500).map(|_| telling!(Process::new("shared"))).collect();
            for (told, _watcher) in &mut watchers {
                assert_eq!(told.next().await, Outcome::Ok);
            }
            let pidfds = || {
                let links = fs::read_dir("/proc/self/fd").unwrap();
                let links = links.filter_map(|entry| fs::read_link(entry.unwrap().path()).ok());
                links.filter(|link| link.to_string_lossy().contains("pidfd")).count()
            };
            let before = Cell::new(pidfds());
            sleeper.kill_without_reaping();
            for (told, _watcher) in &mut watchers {
                assert_eq!(told.next().await, failed("0 of shared run, 1 needed"));
            }
            assert_eq!(pidfds() + 1, before.get(), "one descriptor for all, closed with the process");
        });
    });
}

#[test]
fn a_user_namespace_hears_nothing_from_the_kernel_and_reads_proc() {
    isolated(|| assert_eq!(Process::source(), ProcessSource::Procfs));
}

#[test]
#[ignore = "needs root in the initial namespaces"]
fn the_kernel_tells_of_forks_execs_and_deaths_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = copy_of("sleep", directory.path(), "told-by-kernel");
    assert_eq!(Process::source(), ProcessSource::Connector);
    run(async {
        let (mut told, _watcher) = telling!(Process { quorum: 2, ..Process::new("told-by-kernel") });
        assert_eq!(told.next().await, failed("0 of told-by-kernel run, 2 needed"));
        for _ in 0..20 {
            let mut sleepers = [start(&path), start(&path)];
            assert_eq!(told.next().await, Outcome::Ok);
            sleepers[0].kill_without_reaping();
            assert_eq!(told.next().await, failed("1 of told-by-kernel run, 2 needed"));
        }
    });
    run(async {
        let forking = copy_of("bash", directory.path(), "forks-by-kernel");
        let (mut told, _watcher) = telling!(Process { quorum: 3, ..Process::new("forks-by-kernel") });
        assert_eq!(told.next().await, failed("0 of forks-by-kernel run, 3 needed"));
        let script = "(read a <&3) & (read b <&3) & read c <&3; :";
        let mut command = Command::new("bash");
        command.args(["-c", &format!("exec 3<&0; exec {} -c '{script}'", forking.display())]);
        let mut shell = command.stdin(Stdio::piped()).spawn().unwrap();
        assert_eq!(told.next().await, Outcome::Ok);
        drop(shell.stdin.take());
        // They die together: how many of them are in one look is the kernel's affair.
        assert!(matches!(told.next().await, Outcome::Failed(_)));
        shell.wait().unwrap();
    });
}
