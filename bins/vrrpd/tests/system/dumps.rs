//! keepalived's files: what an exporter makes of them, beside keepalived's own, and how they lie on disk.

use serde_json::Value;
use vrrp_lab::{Isolation, isolated};
use vrrp_wire::Authentication;

use crate::exporter::{PID, Series, scrape};
use crate::fixture::{Lan, VIP, Vrrpd, binary, instance, ip};
use crate::keepalived::Keepalived;
use crate::packet::Packet;
use crate::recorder::until;

/// One router of each kind and in each state, with nothing left to a default that differs: one that serves, one with a password, one whose check fails, one that was
/// relieved and serves again, one over IPv6.
const CONFIG: &str = "global_defs {
  vrrp_garp_master_refresh 0
}
vrrp_script good {
  script /usr/bin/true
  interval 1
  timeout 1
  weight 5
}
vrrp_script bad {
  script \"/usr/bin/false 'a b'\"
  interval 1
  timeout 1
}
vrrp_instance serves {
  version 3
  interface eth0
  virtual_router_id 51
  priority 150
  advert_int 0.2
  garp_master_delay 1
  track_script {
    good
  }
  virtual_ipaddress {
    10.0.0.100/24
    10.0.0.101 dev eth0 label eth0:x
  }
  virtual_ipaddress_excluded {
    10.0.1.100/24
    2001:db8::200/64
  }
}
vrrp_instance guarded {
  interface eth0
  virtual_router_id 52
  advert_int 1
  nopreempt
  authentication {
    auth_type PASS
    auth_pass s3cret
  }
  virtual_ipaddress {
    10.0.0.110
  }
}
vrrp_instance faulty {
  version 3
  interface eth0
  virtual_router_id 53
  track_script {
    bad
  }
  virtual_ipaddress {
    10.0.0.120/24
  }
}
vrrp_instance relieved {
  version 3
  interface eth0
  virtual_router_id 54
  advert_int 0.2
  virtual_ipaddress {
    10.0.0.130/24
  }
}
vrrp_instance six {
  interface eth0
  virtual_router_id 55
  advert_int 0.5
  virtual_ipaddress {
    fe80::100/64
    2001:db8::100/128
  }
}
";

/// What an exporter is to make of it: each instance's state, by its addresses.
const STATES: [(&str, i64); 9] = [
    ("vrrp_state serves eth0 51 10.0.0.100/24", 2),
    ("vrrp_state serves eth0 51 10.0.0.101", 2),
    ("vrrp_excluded_state serves eth0 51 10.0.1.100/24", 2),
    ("vrrp_excluded_state serves eth0 51 2001:db8::200/64", 2),
    ("vrrp_state guarded eth0 52 10.0.0.110", 2),
    ("vrrp_state faulty eth0 53 10.0.0.120/24", 3),
    ("vrrp_state relieved eth0 54 10.0.0.130/24", 2),
    ("vrrp_state six eth0 55 fe80::100/64", 2),
    ("vrrp_state six eth0 55 2001:db8::100", 2),
];
/// Counters and settings that are not 0.
const COUNTERS: [(&str, i64); 11] = [
    ("ip_ttl_errors serves eth0 51", 3),
    ("authentication_failure guarded eth0 52", 2),
    ("become_master serves eth0 51", 1),
    ("become_master guarded eth0 52", 1),
    ("become_master relieved eth0 54", 2),
    ("release_master relieved eth0 54", 1),
    ("become_master six eth0 55", 1),
    ("advertisements_received relieved eth0 54", 6),
    ("priority_zero_received relieved eth0 54", 1),
    ("gratuitous_arp_delay serves eth0 51", 1),
    ("gratuitous_arp_delay guarded eth0 52", 5),
];
/// Those that have the default of 5.
const DELAYS: [&str; 3] = ["faulty eth0 53", "relieved eth0 54", "six eth0 55"];
const SCRIPTS: [(&str, i64); 4] =
    [("script_status good", 1), ("script_status bad", 0), ("script_state good", 0), ("script_state bad", 0)];

/// The series that do not depend on when they are read: all but advertisements sent, and those that are 0.
fn expected(json: bool) -> Series {
    let delays = DELAYS.iter().map(|router| (format!("gratuitous_arp_delay {router}"), 5));
    let named = STATES.into_iter().chain(COUNTERS).chain(SCRIPTS.into_iter().filter(|_| !json));
    named.map(|(name, value)| (name.to_owned(), value)).chain(delays).collect()
}

/// Waits until an exporter makes of a host's files what is expected.
fn exported(lan: &Lan, program: &str, json: bool) {
    let names = |router: &str| format!("advertisements_sent {router}");
    until(&format!("what an exporter makes of {program}'s files, JSON: {json}"), || {
        let mut series = scrape(&lan.a, program, json)?;
        for router in ["serves eth0 51", "guarded eth0 52", "relieved eth0 54", "six eth0 55"] {
            if series.remove(&names(router)).is_none_or(|sent| sent == 0) {
                return Err(format!("{router} has sent nothing: {series:#?}"));
            }
        }
        let counters = series.len();
        // Five instances have fourteen counters each, and four were taken out.
        if !json && counters < 5 * 14 - 4 {
            return Err(format!("counters are missing: {series:#?}"));
        }
        // What is 0 and expected to be has a word rather than a count.
        series.retain(|name, value| *value != 0 || name.starts_with("script_"));
        if series == expected(json) { Ok(()) } else { Err(format!("{series:#?}")) }
    });
}

/// Which daemon is held to the story.
enum Subject {
    Ours(Vrrpd),
    Keepalived(Keepalived),
}

impl Subject {
    /// Waits until a router has so often become Active.
    fn became_active(&self, router: &str, times: usize) {
        let what = format!("{router} to become Active {times} times");
        until(&what, || {
            let seen = match self {
                Self::Ours(vrrpd) => vrrpd.count(&[("event", "moved"), ("router", router), ("to", "active")]),
                Self::Keepalived(keepalived) => keepalived.times(&format!("({router}) Entering MASTER STATE")),
            };
            if seen >= times { Ok(()) } else { Err(seen.to_string()) }
        });
    }
}

/// Five routers, and a stranger who sends what some of them take and others count as wrong.
fn story(lan: &Lan, subject: &Subject, program: &str) {
    for router in ["serves", "guarded", "relieved", "six"] {
        subject.became_active(router, 1);
    }
    let inject = |packet: &Packet| {
        let frame = packet.frame(lan.client.mac, lan.a.mac);
        lan.client.host.inject("eth0", &frame).unwrap();
    };
    let stranger = |vrid, address: &str| Packet::v3(vrid, ip("10.0.0.9"), &[ip(address)]);
    let addresses = [ip("10.0.0.100"), ip("10.0.0.101")];
    for _ in 0..3 {
        inject(&Packet { ttl: 254, ..Packet::v3(51, ip("10.0.0.9"), &addresses) });
    }
    let wrong = Authentication::Simple(*b"wrong\0\0\0");
    for _ in 0..2 {
        inject(&Packet { authentication: wrong, ..Packet::v2(52, ip("10.0.0.9"), &[ip("10.0.0.110")]) });
    }
    for _ in 0..5 {
        inject(&stranger(54, "10.0.0.130"));
    }
    subject.became_active("relieved", 2);
    inject(&Packet { priority: 0, ..stranger(54, "10.0.0.130") });
    exported(lan, program, false);
    exported(lan, program, true);
}

#[test]
fn an_exporter_makes_of_our_files_what_it_makes_of_keepalived_s() {
    isolated(|| {
        let lan = Lan::new();
        let vrrpd = lan.a.vrrpd_with(CONFIG, &["--dump-dir", "/tmp", "--pid", PID]);
        lan.a.script("/tmp/keepalived", &documented_stand_in());
        story(&lan, &Subject::Ours(vrrpd), "/tmp/keepalived");
        // What it makes of `keepalived --version`: a version, and whether there is JSON.
        let said = lan.a.host.run(&["sh", "-c", "/tmp/keepalived --version 2>&1"]).unwrap().stdout;
        assert!(said.starts_with("Keepalived v2.2.7 ") && said.contains("--enable-json"), "{said}");
    });
}

/// The program that the documentation puts in keepalived's place for the exporter.
fn documented_stand_in() -> String {
    let page = include_str!("../../../../docs/src/control.md");
    let script = page.split("#!/bin/sh\n").nth(1).unwrap().split("```").next().unwrap();
    script.replace("exec vrrpd", &format!("exec {}", binary().display()))
}

#[test]
#[ignore = "needs keepalived"]
fn an_exporter_makes_of_keepalived_s_files_what_these_tests_say() {
    Isolation::default().real_root().run(|| {
        let lan = Lan::new();
        let keepalived = lan.a.keepalived_until(CONFIG, "Startup complete");
        story(&lan, &Subject::Keepalived(keepalived), "/usr/sbin/keepalived");
    });
}

/// The lines about routers and what they track, but for what no two runs have in common and what only keepalived has.
fn layout(text: &str) -> Vec<String> {
    let mut kept = Vec::new();
    let mut within = false;
    for line in text.lines() {
        if line.starts_with("------<") {
            within = ["Topology", "Sync groups", "Scripts", "Track"].iter().any(|section| line.contains(section));
        }
        // Sockets by their descriptors.
        if within && !line.starts_with("   fd_in") {
            // A router that has become Active follows nobody's interval here.
            let varying = ["Last transition", "Read timeout", "Master down timer", "Password"];
            let varies = varying.iter().find(|field| line.contains(**field));
            kept.push(varies.map_or_else(|| line.to_owned(), |field| format!("   {field} = ...")));
        }
    }
    kept
}

/// The same of JSON.
fn layout_of_json(text: &str) -> Value {
    let mut all: Value = serde_json::from_str(text).unwrap();
    for instance in all.as_array_mut().unwrap() {
        // keepalived remembers whom it followed when it was last Backup.
        for field in ["last_transition", "auth_data", "master_priority", "master_adver_int"] {
            instance["data"][field] = Value::Null;
        }
        instance["stats"]["advert_sent"] = Value::Null;
    }
    all
}

/// One story after the other, each on a LAN of its own.
#[test]
#[ignore = "needs keepalived"]
fn our_files_have_keepalived_s_lines_in_keepalived_s_order() {
    Isolation::default().real_root().run(|| {
        let read = |lan: &Lan, name: &str| lan.a.host.read_file(format!("/tmp/keepalived.{name}")).unwrap();
        let theirs = Lan::new();
        let keepalived = theirs.a.keepalived_until(CONFIG, "Startup complete");
        story(&theirs, &Subject::Keepalived(keepalived), "/usr/sbin/keepalived");
        let ours = Lan::new();
        let vrrpd = ours.a.vrrpd_with(CONFIG, &["--dump-dir", "/tmp", "--pid", PID]);
        story(&ours, &Subject::Ours(vrrpd), binary().to_str().unwrap());
        assert_eq!(layout(&read(&ours, "data")), layout(&read(&theirs, "data")));
        assert_eq!(layout_of_json(&read(&ours, "json")), layout_of_json(&read(&theirs, "json")));
    });
}

fn kill(lan: &Lan, function: &str) {
    let number = lan.a.run(&format!("{} --signum={function}", binary().display()));
    let pid = lan.a.host.read_file(PID).unwrap();
    lan.a.run(&format!("kill -{} {}", number.trim(), pid.trim()));
}

fn router() -> String {
    instance(51, 150, "0.2", "")
}

#[test]
fn the_files_are_ours_alone_and_a_link_in_their_place_is_replaced() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.write("/tmp/precious", "precious");
        lan.a.run("ln -s /tmp/precious /tmp/keepalived.stats");
        let config = format!("global_defs {{\n dump_directory /tmp\n}}\n{}", router());
        let vrrpd = lan.a.vrrpd_with(&config, &["-p", PID, "--vrrp_pid", "/run/vrrp.pid"]);
        vrrpd.active();
        assert_eq!(lan.a.run("cat /run/vrrp.pid"), lan.a.run(&format!("cat {PID}")));
        for (function, file) in [("DATA", "data"), ("STATS", "stats"), ("JSON", "json")] {
            kill(&lan, function);
            let path = format!("/tmp/keepalived.{file}");
            until(&path, || {
                let (text, lies) = (lan.a.host.read_file(&path), lan.a.run("ls -l /tmp"));
                if text.is_ok_and(|text| text.contains("V51")) { Ok(()) } else { Err(lies) }
            });
            assert_eq!(lan.a.run(&format!("stat -c %A {path}")).trim(), "-rw-------");
        }
        assert_eq!(lan.a.run("cat /tmp/precious"), "precious");
        assert!(!lan.a.run("ls -A /tmp").contains(".keepalived"), "something is left behind");
        vrrpd.signal(vrrp_lab::Signal::SIGTERM);
        assert!(vrrpd.ended().success());
        assert!(!lan.a.exists(PID) && !lan.a.exists("/run/vrrp.pid"));
    });
}

#[test]
fn what_was_counted_before_somebody_began_anew_is_not_counted_again() {
    isolated(|| {
        let lan = Lan::new();
        let vrrpd = lan.a.vrrpd_with(&router(), &["--dump-dir", "/tmp", "-p", PID]);
        vrrpd.active();
        let masters = |function: &str, count: u32| {
            until(&format!("{function}: {count}"), || {
                kill(&lan, function);
                let text = lan.a.host.read_file("/tmp/keepalived.stats").unwrap_or_default();
                if text.contains(&format!("  Became master: {count}\n")) { Ok(()) } else { Err(text) }
            });
        };
        masters("STATS", 1);
        masters("STATS_CLEAR", 0);
        masters("STATS", 0);
    });
}

#[test]
fn a_signal_that_asks_for_files_nobody_wants_says_once_how_they_would_be_had() {
    isolated(|| {
        let lan = Lan::new();
        let vrrpd = lan.a.vrrpd_with(&router(), &["-p", PID]);
        vrrpd.active();
        let before = lan.a.run("ls -A /tmp");
        for function in ["DATA", "STATS", "JSON", "STATS_CLEAR"] {
            kill(&lan, function);
        }
        let said = vrrpd.wait(&[("event", "dump"), ("level", "WARN")]);
        assert!(said.text("message").contains("dump_directory"), "{said:?}");
        // It is taken up by a reload.
        vrrpd.reload(&format!("global_defs {{\n dump_directory /tmp\n}}\n{}", router()));
        vrrpd.wait(&[("event", "configuration")]);
        assert_eq!((lan.a.run("ls -A /tmp"), vrrpd.count(&[("event", "dump"), ("level", "WARN")])), (before, 1));
        kill(&lan, "DATA");
        until("keepalived.data", || lan.a.host.read_file("/tmp/keepalived.data").map_err(|error| error.to_string()));
    });
}

#[test]
fn a_directory_that_is_a_link_or_is_not_there_is_said_and_nothing_is_written() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.run("ln -s /run /tmp/elsewhere");
        let vrrpd = lan.a.vrrpd_with(&router(), &["--dump-dir", "/tmp/elsewhere", "-p", PID]);
        vrrpd.active();
        kill(&lan, "DATA");
        let said = vrrpd.wait(&[("event", "dump"), ("level", "WARN")]);
        assert!(said.text("message").starts_with("cannot write /tmp/elsewhere/keepalived.data"), "{said:?}");
        assert!(!lan.a.exists("/run/keepalived.data"));
        assert!(lan.a.holds(VIP));
    });
}
