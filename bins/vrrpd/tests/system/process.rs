//! The daemon as a process: refusals, capabilities, a read-only root.

use std::process::Command;

use vrrp_lab::isolated;

use crate::fixture::{CONFIG, Lan, SOON, VIP, Vrrpd, binary, instance, vrrpd_run};

/// A command that ends up as `vrrpd run` by way of another program.
fn by_way_of(program: &str, arguments: &[&str]) -> Command {
    let run = vrrpd_run(CONFIG, &[]);
    let mut command = Command::new(program);
    command.args(arguments).arg(run.get_program()).args(run.get_args());
    command
}

/// Waits for an exit that is a failure, and gives the log.
fn refused(vrrpd: &Vrrpd) -> String {
    let status = vrrpd.ended();
    assert_eq!(status.code(), Some(1), "{}", vrrpd.daemon.log().tail(20));
    vrrpd.daemon.log().tail(100)
}

fn two() -> String {
    let wrong = instance(52, 100, "0.1", "no_such_keyword").replace(VIP, "10.0.0.152");
    format!("{}{wrong}", instance(51, 150, "0.1", ""))
}

#[test]
fn a_router_whose_own_block_is_wrong_does_not_keep_the_others_from_running() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&two());
        a.wait(&[("event", "quarantined"), ("router", "V52")]);
        a.wait(&[("event", "ineligible"), ("router", "V52"), ("cause", "configuration"), ("began", "true")]);
        a.wait(&[("event", "moved"), ("router", "V51"), ("to", "active")]);
        lan.a.wait_holds(VIP, true);
        assert!(!lan.a.holds("10.0.0.152"));
    });
}

#[test]
fn strict_refuses_a_file_with_an_error_and_so_does_a_file_without_a_router() {
    isolated(|| {
        let lan = Lan::new();
        let strict = lan.a.vrrpd_with(&two(), &["--strict"]);
        refused(&strict);
        assert_eq!(strict.count(&[("event", "not_started")]), 1);
        let empty = lan.a.vrrpd("! nothing\n");
        refused(&empty);
        assert_eq!(empty.count(&[("event", "not_started")]), 1);
        assert!(!lan.a.holds(VIP));
    });
}

#[test]
fn a_second_daemon_for_the_same_router_is_refused_and_one_for_another_runs() {
    isolated(|| {
        let lan = Lan::new();
        let first = lan.a.vrrpd(&instance(51, 150, "0.1", ""));
        first.active();
        let mark = first.mark();
        let second = lan.a.vrrpd(&instance(51, 200, "0.1", ""));
        let log = refused(&second);
        assert!(log.contains("V51") && log.contains("eth0"), "{log}");
        let probe = lan.probe(VIP);
        probe.wait_for_replies(20, SOON).unwrap();
        let other = lan.a.vrrpd(&instance(52, 150, "0.1", "").replace(VIP, "10.0.0.152"));
        other.active();
        lan.a.wait_holds("10.0.0.152", true);
        probe.wait_for_replies(200, SOON).unwrap();
        assert_eq!(first.moves_since(mark), []);
        assert_eq!(first.count(&[("event", "restored")]), 0, "the second daemon took the first one's address");
        assert_eq!(probe.stop().lost, 0);
    });
}

#[test]
fn a_missing_capability_is_named() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.write(CONFIG, &instance(51, 150, "0.1", ""));
        for (drop, name) in [("-net_raw", "CAP_NET_RAW"), ("-net_admin", "CAP_NET_ADMIN")] {
            let vrrpd = lan.a.spawn(by_way_of("setpriv", &["--bounding-set", drop]));
            let log = refused(&vrrpd);
            assert!(log.contains(name), "{log}");
        }
        assert!(!lan.a.holds(VIP));
    });
}

#[test]
fn a_read_only_root_and_runtime_directory_are_no_hindrance() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.write(CONFIG, &instance(51, 150, "0.1", ""));
        let script = format!(
            "mount -o bind,remount,ro / && mount -t tmpfs -o ro none /run && exec {} run --log-format json --runtime-dir \
             /run/vrrpd --config {CONFIG}",
            binary().display()
        );
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", &script]);
        let a = lan.a.spawn(command);
        a.active();
        lan.a.wait_holds(VIP, true);
        a.signal(vrrp_lab::Signal::SIGTERM);
        assert!(a.ended().success());
        lan.a.wait_holds(VIP, false);
    });
}
