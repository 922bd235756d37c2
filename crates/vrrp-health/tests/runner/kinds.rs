use core::time::Duration;
use std::fs;
use std::net::TcpListener;

use tempfile::tempdir;
use vrrp_health::{Check, Endpoint, File, Origin, Outcome, Probe, Schedule, Tcp, Verdict};

use crate::fixture::{Running, every, shell};

#[test]
fn a_file_tells_its_number_at_once_and_then_only_when_it_changes() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("load");
    fs::write(&path, "3\n").unwrap();
    let file = Check { name: "load".into(), probe: Probe::File(File::new(&path)), schedule: every(10) };
    let running = Running::start(vec![file, shell("clock", &directory, "exit 0", every(20))]);
    let first = running.until(|report| &*report.check == "load");
    assert_eq!((first.verdict, first.runs), (Verdict::Value(3), 1));
    for _ in 0..5 {
        assert_eq!(&*running.next().check, "clock", "what stays is not told again");
    }
    fs::write(&path, "-7\n").unwrap();
    // Whoever writes may be seen between emptying the file and filling it.
    running.until(|report| report.verdict == Verdict::Value(-7) && report.changed);
}

#[test]
fn a_service_that_dies_is_down_and_up_again_when_it_is_back() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let at = listener.local_addr().unwrap();
    let endpoint = Endpoint::parse(&at.to_string()).unwrap();
    let schedule = Schedule { timeout: Duration::from_secs(5), ..every(20) };
    let probe = Probe::Tcp(Tcp { endpoint, origin: Origin::default() });
    let running = Running::start(vec![Check { name: "web".into(), probe, schedule }]);
    assert_eq!(running.next().verdict, Verdict::Up);
    drop(listener);
    let down = running.until(|report| report.changed);
    assert!(down.verdict == Verdict::Down && matches!(down.outcome, Outcome::Failed(_)), "{down:?}");
    let _listener = TcpListener::bind(at).unwrap();
    assert_eq!(running.until(|report| report.changed).verdict, Verdict::Up);
}

#[test]
fn a_check_may_become_another_kind_and_keeps_its_verdict_until_that_has_spoken() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("load");
    fs::write(&path, "3\n").unwrap();
    let running = Running::start(vec![shell("api", &directory, "exit 0", every(60_000))]);
    assert_eq!(running.next().verdict, Verdict::Up);
    let file = Check { name: "api".into(), probe: Probe::File(File::new(&path)), schedule: every(10) };
    running.runner.reload(vec![file]).unwrap();
    let report = running.next();
    assert_eq!((report.verdict, report.runs), (Verdict::Value(3), 2));
    running.runner.reload(vec![shell("api", &directory, "exit 1", every(60_000))]).unwrap();
    assert_eq!(running.next().verdict, Verdict::Down);
}
