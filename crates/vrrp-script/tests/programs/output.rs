use core::future::pending;
use core::time::Duration;

use tokio::time::Instant;
use vrrp_script::{End, Program};

use crate::fixture::{limit, run};

#[tokio::test]
async fn standard_output_and_standard_error_are_kept_in_their_order() {
    let program = Program::new(["/bin/sh", "-c", "echo one; echo two >&2; echo three; printf four"]);
    assert_eq!(&*run(&program).await.output, "one\ntwo\nthree\nfour");
}

#[tokio::test]
async fn of_much_output_the_end_is_kept_and_the_program_is_not_held_up() {
    let program = Program::new(["/bin/sh", "-c", "head -c 5000000 /dev/zero | tr '\\0' 'x'; echo; echo the end"]);
    let report = run(&program).await;
    assert_eq!((report.end, &*report.output), (End::Exited(0), "the end"));
}

#[tokio::test]
async fn a_flood_delays_neither_the_deadline_nor_anybody_else() {
    let flood = Program::new(["/bin/sh", "-c", "exec yes 'I have nothing to say'"]);
    let flood = tokio::spawn(async move { flood.run(limit(Duration::from_millis(300)), pending()).await });
    let started = Instant::now();
    let mut beats = 0;
    while started.elapsed() < Duration::from_millis(200) {
        tokio::time::sleep(Duration::from_millis(10)).await;
        beats += 1;
    }
    assert!(beats >= 4, "{beats} of 20 beats beside the flood");
    let report = flood.await.unwrap();
    assert_eq!(report.end, End::TimedOut);
    assert!(report.took < Duration::from_secs(3), "{:?}", report.took);
    assert!(report.output.lines().count() == 20, "{}", report.output);
}

#[tokio::test]
async fn nothing_is_read_by_a_program() {
    assert_eq!(run(&Program::new(["/bin/sh", "-c", "cat; echo done"])).await.output, "done".into());
}
