//! Checks that look at the own host.

use std::process::Command;

use vrrp_lab::{Daemon, isolated};

use super::{Guarded, script};
use crate::fixture::{Lan, VIP, ms};

#[test]
fn a_script_decides_by_its_exit_status_and_its_timeout() {
    isolated(|| {
        let lan = Lan::new();
        script(&lan.a, "/tmp/check.sh", "[ ! -e /tmp/hang ] || exec sleep 60\n[ ! -e /tmp/bad ]");
        let block = "vrrp_script c {\nscript /tmp/check.sh\ninterval 0.2\ntimeout 0.2\nrise 2\nfall 2\n}";
        let guarded = Guarded::new(&lan, block, "track_script");
        for sign in ["/tmp/bad", "/tmp/hang"] {
            guarded.fails_when(|| lan.a.write(sign, ""));
            guarded.recovers_when(|| drop(lan.a.run(&format!("rm {sign}"))));
        }
    });
}

#[test]
fn a_weight_moves_the_priority_on_the_wire() {
    isolated(|| {
        let lan = Lan::new();
        script(&lan.a, "/tmp/check.sh", "[ ! -e /tmp/bad ]");
        let block = "vrrp_script c {\nscript /tmp/check.sh\ninterval 0.2\nweight -20\n}";
        let guarded = Guarded::new(&lan, block, "track_script");
        let capture = lan.client.host.capture("eth0").unwrap();
        guarded.has_priority_when(130, || lan.a.write("/tmp/bad", ""));
        capture.wait_for(|frame| crate::fixture::advertises(frame, 51, 130), ms(5000)).unwrap();
        guarded.has_priority_when(150, || drop(lan.a.run("rm /tmp/bad")));
    });
}

#[test]
fn a_number_in_a_file_drains_the_router() {
    isolated(|| {
        let lan = Lan::new();
        let block = "track_file c {\nfile /tmp/drain\nweight 1\ninit_file 0\n}";
        let guarded = Guarded::new(&lan, block, "track_file");
        guarded.has_priority_when(130, || lan.a.write("/tmp/drain", "-20\n"));
        guarded.has_priority_when(150, || lan.a.write("/tmp/drain", "0\n"));
        guarded.fails_when(|| lan.a.write("/tmp/drain", "-254\n"));
        guarded.recovers_when(|| lan.a.write("/tmp/drain", "0\n"));
    });
}

#[test]
fn a_process_that_ends_is_missed_and_one_that_comes_back_is_found() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.run("cp /bin/sleep /tmp/modeld");
        let modeld = || -> Daemon {
            let mut command = Command::new("/tmp/modeld");
            lan.a
                .host
                .spawn({
                    command.arg("600");
                    command
                })
                .unwrap()
        };
        let first = modeld();
        let guarded = Guarded::new(&lan, "vrrp_track_process c {\nprocess modeld\n}", "track_process");
        guarded.fails_when(|| assert!(!first.kill().unwrap().success()));
        let mut second = None;
        guarded.recovers_when(|| second = Some(modeld()));
        drop(second);
    });
}

#[test]
fn another_interface_that_goes_down_is_a_cause_or_costs_priority() {
    isolated(|| {
        let lan = Lan::new();
        let uplink = lan.lab.bridge("lan1").unwrap();
        lan.a.host.attach(&uplink, "eth1", &["10.1.0.1/24"]).unwrap();
        let config = |list: &str| crate::fixture::instance(51, 150, "0.1", &format!("track_interface {{\n{list}\n}}"));
        let a = lan.a.vrrpd(&config("eth1"));
        a.active();
        let mark = a.mark();
        uplink.port_down(&lan.a.host).unwrap();
        a.wait_since(mark, &[("event", "ineligible"), ("began", "true"), ("about", "interface eth1")]);
        a.moved_since(mark, "initialize", "ineligible");
        lan.a.wait_holds(VIP, false);
        let mark = a.mark();
        uplink.port_up(&lan.a.host).unwrap();
        a.moved_since(mark, "active", "active_down");
        let mark = a.mark();
        a.reload(&config("eth1 weight -20"));
        a.wait_since(mark, &[("event", "configuration")]);
        let mark = a.mark();
        uplink.port_down(&lan.a.host).unwrap();
        a.wait_since(mark, &[("event", "priority"), ("priority", "130")]);
        uplink.port_up(&lan.a.host).unwrap();
        a.wait_since(mark, &[("event", "priority"), ("priority", "150")]);
        assert_eq!(a.moves_since(mark), []);
    });
}

/// Processes of the host that were started with this command line.
fn running(command: &str) -> usize {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
    lines.filter(|line| String::from_utf8_lossy(line).trim_end_matches('\0').replace('\0', " ") == command).count()
}

#[test]
fn a_script_that_forks_floods_and_ignores_sigterm_leaves_nothing_behind_and_delays_nothing() {
    isolated(|| {
        let lan = Lan::new();
        let text = "[ -e /tmp/bad ] || exit 0\ntrap '' TERM\nsleep 301 &\nyes | head -c 3000000\nsleep 302";
        script(&lan.a, "/tmp/check.sh", text);
        let block = "vrrp_script c {\nscript /tmp/check.sh\ninterval 0.3\nweight -20\n}";
        let guarded = Guarded::new(&lan, block, "track_script");
        let b = lan.b.vrrpd(&crate::fixture::instance(51, 100, "0.1", ""));
        b.moved("backup", "started");
        guarded.has_priority_when(130, || lan.a.write("/tmp/bad", ""));
        let capture = lan.client.host.capture("eth0").unwrap();
        for _ in 0..20 {
            capture
                .wait_for_since(capture.mark(), |frame| crate::fixture::advertises(frame, 51, 130), ms(5000))
                .unwrap();
        }
        guarded.has_priority_when(150, || drop(lan.a.run("rm /tmp/bad")));
        assert_eq!(b.moves_since(0).len(), 1, "{:?}", b.moves_since(0));
        assert_eq!((running("sleep 301"), running("sleep 302"), running("yes")), (0, 0, 0));
    });
}
