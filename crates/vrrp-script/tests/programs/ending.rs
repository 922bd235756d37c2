use core::future::pending;
use core::time::Duration;
use std::time::Instant;

use nix::sys::signal::Signal;
use tempfile::tempdir;
use tokio::sync::oneshot;
use vrrp_script::{End, Limit, Program};

use crate::fixture::{LONG, end, limit, lives, run, shell, until, written, zombie};

const SOON: Duration = Duration::from_millis(150);

#[tokio::test]
async fn a_program_that_ends_at_once_is_reported_with_its_status() {
    assert_eq!(run(&Program::new(["true"])).await.end, End::Exited(0));
    assert_eq!(run(&Program::new(["false"])).await.end, End::Exited(1));
    assert_eq!(run(&Program::new(["/bin/sh", "-c", "exit 255"])).await.end, End::Exited(255));
}

#[tokio::test]
async fn a_signal_of_somebody_else_is_told_from_a_deadline() {
    let report = run(&Program::new(["/bin/sh", "-c", "kill -9 $$"])).await;
    assert_eq!(report.end, End::Signalled(Signal::SIGKILL as i32));
}

#[tokio::test]
async fn a_program_that_hangs_is_ended_at_its_deadline_with_all_that_it_started() {
    let directory = tempdir().unwrap();
    let program =
        shell(&directory, "(sleep 1000 & echo $! > $dir/below; wait) & echo $$ > $dir/leader; echo waiting; wait");
    let started = Instant::now();
    let report = program.run(limit(SOON), pending()).await;
    assert_eq!((report.end, &*report.output), (End::TimedOut, "waiting"));
    assert!((SOON..LONG).contains(&started.elapsed()) && report.took >= SOON);
    assert!(!zombie(written(&directory, "leader")), "the leader is reaped");
    let below = written(&directory, "below");
    until(|| (!lives(below)).then_some(()));
}

#[tokio::test]
async fn a_program_that_ignores_sigterm_is_killed_when_the_grace_is_over() {
    let directory = tempdir().unwrap();
    let program = shell(&directory, "trap '' TERM; echo $$ > $dir/leader; while :; do sleep 1000; done");
    let grace = Duration::from_millis(300);
    let started = Instant::now();
    let report = program.run(Limit { deadline: Some(SOON), grace }, pending()).await;
    assert_eq!(report.end, End::TimedOut);
    assert!(started.elapsed() >= SOON + grace, "{:?}", started.elapsed());
    assert!(!zombie(written(&directory, "leader")));
}

#[tokio::test]
async fn a_program_may_use_its_grace_and_has_timed_out_all_the_same() {
    let program = Program::new(["/bin/sh", "-c", "trap 'echo tidied; exit 0' TERM; while :; do sleep 0.01; done"]);
    let limit = Limit { deadline: Some(SOON), grace: LONG };
    let report = program.run(limit, pending()).await;
    assert_eq!(report.end, End::TimedOut);
    assert!(report.output.ends_with("tidied"), "{}", report.output);
    assert!(report.took < LONG / 2, "it is not waited for longer than it takes");
}

#[tokio::test]
async fn what_ignores_sigterm_does_not_outlive_its_leader() {
    let directory = tempdir().unwrap();
    let program = shell(&directory, "(trap '' TERM; sleep 1000) & echo $! > $dir/below; wait");
    assert_eq!(program.run(limit(SOON), pending()).await.end, End::TimedOut);
    let below = written(&directory, "below");
    until(|| (!lives(below)).then_some(()));
}

#[tokio::test]
async fn a_superseded_program_is_ended_without_a_deadline() {
    let directory = tempdir().unwrap();
    let program = shell(&directory, "echo $$ > $dir/leader; exec sleep 1000");
    let (cancel, cancelled) = oneshot::channel::<()>();
    let running = tokio::spawn(async move {
        let superseded = async { drop(cancelled.await) };
        program.run(Limit::default(), superseded).await
    });
    let looking = tokio::task::spawn_blocking(move || (written(&directory, "leader"), directory));
    let (leader, _directory) = looking.await.unwrap();
    assert!(lives(leader));
    cancel.send(()).unwrap();
    assert_eq!(running.await.unwrap().end, End::Cancelled);
    assert!(!zombie(leader));
}

#[tokio::test]
async fn a_run_that_nobody_wants_any_more_is_killed_and_reaped() {
    let directory = tempdir().unwrap();
    let program = shell(&directory, "trap '' TERM; sleep 1000 & echo $! > $dir/below; echo $$ > $dir/leader; wait");
    let run = program.prepare().await.unwrap().start().await.unwrap();
    let (leader, below) = (written(&directory, "leader"), written(&directory, "below"));
    assert_eq!(run.process(), leader.as_raw().unsigned_abs());
    drop(run);
    until(|| (!zombie(leader) && !lives(below)).then_some(()));
}

#[tokio::test]
async fn an_end_that_came_before_a_late_look_counts() {
    let mut run = Program::new(["true"]).prepare().await.unwrap().start().await.unwrap();
    let process = nix::unistd::Pid::from_raw(run.process().cast_signed());
    until(|| (!lives(process)).then_some(()));
    assert_eq!(run.try_ended(), Some(End::Exited(0)));
    assert!(!zombie(process));
}

/// `setsid` is how a program leaves its group, and `timeout` does so by itself.
#[tokio::test]
#[ignore = "needs root and cgroups of version 2"]
async fn what_left_the_group_is_killed_with_the_control_group() {
    let directory = tempdir().unwrap();
    let program = shell(&directory, "setsid sleep 1000 & echo $! > $dir/below; wait");
    assert_eq!(program.run(limit(SOON), pending()).await.end, End::TimedOut);
    let below = written(&directory, "below");
    until(|| (!lives(below)).then_some(()));
}

#[tokio::test]
#[ignore = "needs root and cgroups of version 2"]
async fn what_a_program_that_succeeded_left_behind_lives_on_in_its_control_group() {
    let directory = tempdir().unwrap();
    let program = shell(&directory, "setsid sleep 1000 & echo $! > $dir/below; exit 0");
    assert_eq!(run(&program).await.end, End::Exited(0));
    // Others come and go, and are ended at their deadlines.
    assert_eq!(shell(&directory, "sleep 1000").run(limit(SOON), pending()).await.end, End::TimedOut);
    let below = written(&directory, "below");
    assert!(lives(below));
    end(below);
}
