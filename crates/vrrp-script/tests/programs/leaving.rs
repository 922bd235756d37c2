use core::time::Duration;

use tempfile::tempdir;
use vrrp_script::End;

use crate::fixture::{LONG, end, lives, run, shell, until, written};

#[tokio::test]
async fn what_a_successful_program_started_lives_on() {
    let directory = tempdir().unwrap();
    let report = run(&shell(&directory, "sleep 1000 & echo $! > $dir/left; echo started")).await;
    assert_eq!((report.end, &*report.output), (End::Exited(0), "started"));
    assert!(report.took < LONG / 2, "nobody waits for who holds the output open");
    let left = written(&directory, "left");
    assert!(lives(left));
    end(left);
}

#[tokio::test]
async fn what_a_failed_program_started_lives_on() {
    let directory = tempdir().unwrap();
    let report = run(&shell(&directory, "sleep 1000 & echo $! > $dir/left; exit 4")).await;
    assert_eq!(report.end, End::Exited(4));
    let left = written(&directory, "left");
    assert!(lives(left));
    end(left);
}

/// A closed pipe would end it, a full one would stop it.
#[tokio::test]
async fn what_is_left_running_may_go_on_writing() {
    let directory = tempdir().unwrap();
    let writer = "i=0; while [ $i -lt 200 ]; do i=$((i+1)); printf '%2000s' x || exit; done; echo $i > $dir/done";
    let report =
        run(&shell(&directory, &format!("trap '' PIPE; ({writer}; exec sleep 1000) & echo $! > $dir/left"))).await;
    assert_eq!(report.end, End::Exited(0));
    let left = written(&directory, "left");
    let done = directory.path().join("done");
    for _ in 0..1000 {
        if done.exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    until(|| std::fs::read_to_string(&done).ok().filter(|text| text == "200\n"));
    end(left);
}
