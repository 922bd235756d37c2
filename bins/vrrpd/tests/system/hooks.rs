//! Hooks in their order around the moves of an address, and what one that hangs may not do.

use std::path::Path;

use vrrp_lab::{Signal, isolated};

use crate::fixture::{Lan, SOON, VIP, advertises, adverts_of, instance, ip, ms};
use crate::recorder::{HOOKS, until};

/// Writes its argument down, and whether the address is on the host.
const LOOKS: &str = "ip -4 address show dev eth0 | grep -q 'inet 10.0.0.100/' && live=live || live=gone\n\
                     echo \"$1 $live $VRRP_STATE ${VRRP_PEER:-nobody}\" >> /tmp/hooks";

#[test]
fn the_address_is_not_live_before_pre_active_has_ended_and_others_hear_of_the_claim_at_once() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.script("/tmp/looks", LOOKS);
        lan.a.script("/tmp/pre", "while [ ! -e /tmp/go ]; do sleep 0.01; done\nexec /tmp/looks pre_active");
        let capture = lan.client.host.capture("eth0").unwrap();
        let watch = lan.a.host.watch_addresses().unwrap();
        let hooks = "pre_active /tmp/pre\n  pre_active_timeout 30\n  notify_master \"/tmp/looks notify_master\"";
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", hooks));
        a.wait(&[("event", "moved"), ("to", "active")]);
        for _ in 0..5 {
            let mark = capture.mark();
            capture.wait_for_since(mark, |frame| advertises(frame, 51, 150), SOON).unwrap();
        }
        assert_eq!(watch.history(ip(VIP)), [], "live before its time");
        assert_eq!(lan.a.read_lines(HOOKS), Vec::<String>::new(), "a hook before its time");
        lan.a.write("/tmp/go", "");
        lan.a.wait_holds(VIP, true);
        let lines = lan.a.wait_lines(HOOKS, 2);
        assert_eq!(lines[0], "pre_active gone MASTER nobody");
        assert!(lines[1].starts_with("notify_master"), "{lines:?}");
        assert_eq!(a.count(&[("event", "unprepared")]), 0);
    });
}

#[test]
fn a_pre_active_that_hangs_holds_the_address_up_to_its_deadline_and_no_advertisement() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.script("/tmp/pre", "sleep 1000");
        let capture = lan.client.host.capture("eth0").unwrap();
        let watch = lan.a.host.watch_addresses().unwrap();
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", "pre_active /tmp/pre\n  pre_active_timeout 1"));
        a.wait(&[("event", "unprepared")]);
        lan.a.wait_holds(VIP, true);
        let adverts = adverts_of(&capture.frames(), lan.a.mac, 51);
        let live = until("the address", || watch.history(ip(VIP)).first().copied().ok_or_else(|| "nothing".into()));
        let waited = live.0.since(adverts[0]);
        assert!((ms(950)..ms(1400)).contains(&waited), "{waited:?}");
        assert!(adverts.len() >= 8, "{} advertisements in {waited:?}", adverts.len());
    });
}

#[test]
fn notify_backup_and_post_active_run_when_the_address_is_gone_and_know_who_took_it() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.script("/tmp/looks", LOOKS);
        // A shell may take longer than the default on a busy machine, and would be ended.
        let hooks = "post_active \"/tmp/looks post_active\"\n  post_active_timeout 10\n  \
                     notify_backup \"/tmp/looks notify_backup\"";
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", hooks));
        a.active();
        for round in 0..5 {
            let seen = 1 + 3 * round;
            lan.a.wait_lines(HOOKS, seen);
            let b = lan.b.vrrpd_with(&instance(51, 200, "0.1", ""), &["--no-resume"]);
            b.active();
            let lines = lan.a.wait_lines(HOOKS, seen + 2);
            assert_eq!(lines[seen], "post_active gone BACKUP 10.0.0.2");
            assert_eq!(lines[seen + 1], "notify_backup gone BACKUP 10.0.0.2");
            b.signal(Signal::SIGTERM);
            lan.a.wait_holds(VIP, true);
            // A marker, so that every round has three lines.
            lan.a.host.run(&["sh", "-c", "echo round >> /tmp/hooks"]).unwrap();
        }
    });
}

#[test]
fn a_hook_that_hangs_delays_no_advertisement_and_the_next_state_ends_it() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.recorders();
        lan.a.script("/tmp/hangs", "trap '' TERM\necho $$ >> /tmp/pid\nwhile :; do sleep 1; done");
        let hooks = "notify_master /tmp/hangs\n  notify_backup \"/tmp/hook backup\"";
        let capture = lan.client.host.capture("eth0").unwrap();
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", hooks));
        a.active();
        let pid = lan.a.wait_lines("/tmp/pid", 1)[0].clone();
        let mark = adverts_of(&capture.frames(), lan.a.mac, 51).len() + 2;
        until("30 advertisements", || match adverts_of(&capture.frames(), lan.a.mac, 51).len() {
            count if count > mark + 30 => Ok(()),
            count => Err(count.to_string()),
        });
        let adverts = adverts_of(&capture.frames(), lan.a.mac, 51);
        let longest = adverts[mark..].windows(2).map(|pair| pair[1].since(pair[0])).max().unwrap();
        // Whoever waits for such a hook waits for seconds.
        assert!(longest < ms(1000), "{longest:?} between two advertisements");
        let before = lan.a.read_lines(HOOKS).len();
        let b = lan.b.vrrpd(&instance(51, 200, "0.1", ""));
        b.active();
        lan.a.wait_lines(HOOKS, before + 1);
        assert!(!lan.a.exists(&format!("/proc/{pid}")), "the hook of the former state lives on");
        let told = a.wait(&[("event", "hook"), ("hook", "notify_master")]);
        assert!(told.text("message").contains("superseded"), "{told:?}");
    });
}

#[test]
fn with_on_new_state_wait_the_hook_of_the_former_state_ends_first() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.recorders();
        lan.a.script("/tmp/slow", "sleep 1\nexec /tmp/hook master");
        let hooks = "on_new_state wait\n  notify_master /tmp/slow\n  notify_backup \"/tmp/hook backup\"";
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", hooks));
        a.active();
        let b = lan.b.vrrpd(&instance(51, 200, "0.1", ""));
        b.active();
        assert_eq!(lan.a.wait_lines(HOOKS, 3), ["backup", "master", "backup"]);
    });
}

#[test]
fn a_router_that_was_contested_moves_the_cloud_address_back() {
    isolated(|| {
        let lan = Lan::new();
        // What both hosts' hooks move: it is outside the directories that hosts have for themselves.
        let shared = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let cloud = shared.path().join("owner");
        let config = |name: &str, priority| {
            let command = format!("notify_master \"/tmp/move {name} {}\"", cloud.display());
            instance(51, priority, "0.1", &command)
        };
        for node in [&lan.a, &lan.b] {
            node.script("/tmp/move", "echo \"$1\" > \"$2\"");
        }
        let owner = |name: &str| {
            let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
            until(&format!("the address at {name}"), || {
                let owner = read(&cloud);
                if owner.trim() == name { Ok(()) } else { Err(owner) }
            });
        };
        let a = lan.a.vrrpd(&config("a", 150));
        a.active();
        owner("a");
        let b = lan.b.vrrpd(&config("b", 100));
        b.moved("backup", "started");
        // b hears nobody and claims; a hears the lower b, and serves on.
        lan.segment.cut(&lan.a.host, &lan.b.host).unwrap();
        owner("b");
        a.wait(&[("event", "condition"), ("cause", "contested"), ("began", "true")]);
        let mark = a.mark();
        lan.segment.heal_all().unwrap();
        b.moved("backup", "higher");
        a.wait_since(mark, &[("event", "condition"), ("cause", "contested"), ("began", "false")]);
        owner("a");
        assert_eq!(a.moves_since(mark), []);
    });
}

#[test]
fn ensure_is_tried_until_it_succeeds() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.script("/tmp/ensure", "echo try >> /tmp/hooks\n[ -e /tmp/reachable ]");
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", "ensure /tmp/ensure"));
        a.active();
        lan.a.wait_lines(HOOKS, 2);
        lan.a.write("/tmp/reachable", "");
        let succeeded = |lines: &[crate::fixture::Line]| {
            lines.iter().filter(|line| line.is(&[("event", "hook"), ("hook", "ensure"), ("level", "INFO")])).count()
        };
        until("success", || if succeeded(&a.lines()) == 1 { Ok(()) } else { Err("none".into()) });
        let tries = lan.a.read_lines(HOOKS).len();
        // Longer than the first pauses between tries.
        std::thread::sleep(ms(2500));
        assert_eq!(lan.a.read_lines(HOOKS).len(), tries, "tried again after it had succeeded");
    });
}

#[test]
fn ensure_is_ended_as_soon_as_another_router_serves() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.script("/tmp/ensure", "echo $$ >> /tmp/pid\nexec sleep 1000");
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", "ensure /tmp/ensure"));
        a.active();
        let pid = lan.a.wait_lines("/tmp/pid", 1)[0].clone();
        let b = lan.b.vrrpd(&instance(51, 200, "0.1", ""));
        b.active();
        a.wait(&[("event", "hook"), ("hook", "ensure")]);
        assert!(!lan.a.exists(&format!("/proc/{pid}")));
        std::thread::sleep(ms(1500));
        assert_eq!(lan.a.read_lines("/tmp/pid").len(), 1, "tried again while another router serves");
    });
}

#[test]
fn a_reload_leaves_hooks_that_run_and_fifos_that_are_read() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.script(
            "/tmp/slow",
            "echo begins >> /tmp/hooks\nwhile [ ! -e /tmp/go ]; do sleep 0.02; done\necho ends >> /tmp/hooks",
        );
        lan.a.recorders();
        let global = "global_defs {\n  notify_fifo /tmp/all.fifo\n  notify_fifo_script /tmp/reader\n}\n";
        let config = |priority| format!("{global}{}", instance(51, priority, "0.1", "notify_master /tmp/slow"));
        let a = lan.a.vrrpd(&config(150));
        a.active();
        lan.a.wait_line(HOOKS, "begins");
        let inode = lan.a.run("stat -c %i /tmp/all.fifo");
        for priority in [150, 160, 160] {
            let mark = a.mark();
            a.reload(&config(priority));
            a.wait_since(mark, &[("event", "configuration")]);
        }
        assert_eq!(lan.a.run("stat -c %i /tmp/all.fifo"), inode);
        lan.a.write("/tmp/go", "");
        assert_eq!(lan.a.wait_lines(HOOKS, 2), ["begins", "ends"]);
        a.wait(&[("event", "hook"), ("hook", "notify_master"), ("level", "INFO")]);
        let b = lan.b.vrrpd(&instance(51, 200, "0.1", ""));
        b.active();
        lan.a.wait_line(crate::recorder::LINES, "INSTANCE \"V51\" BACKUP 160");
    });
}

#[test]
fn hooks_that_hang_keep_a_stop_waiting_for_a_moment_only() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.script("/tmp/hangs", "trap '' TERM\necho $$ >> /tmp/pid\nwhile :; do sleep 1; done");
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", "notify_master /tmp/hangs\n  notify_stop /tmp/hangs"));
        a.active();
        lan.a.wait_lines("/tmp/pid", 1);
        a.signal(Signal::SIGTERM);
        assert!(a.ended().success());
        assert!(!lan.a.holds(VIP));
        for pid in lan.a.read_lines("/tmp/pid") {
            assert!(!lan.a.exists(&format!("/proc/{pid}")), "a hook lives on");
        }
    });
}

#[test]
fn a_daemon_that_leaves_its_addresses_for_a_restart_tells_nobody_that_it_stops() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.recorders();
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", "notify \"/tmp/hook any\""));
        a.active();
        lan.a.wait_line(HOOKS, "any INSTANCE V51 MASTER 150");
        a.signal(Signal::SIGQUIT);
        a.ended();
        assert!(lan.a.holds(VIP));
        assert_eq!(lan.a.read_lines(HOOKS), ["any INSTANCE V51 BACKUP 150", "any INSTANCE V51 MASTER 150"]);
        let again = lan.a.vrrpd(&instance(51, 150, "0.1", "notify \"/tmp/hook any\""));
        again.moved("active", "resumed");
        assert_eq!(lan.a.wait_lines(HOOKS, 3)[2], "any INSTANCE V51 MASTER 150");
    });
}

#[test]
fn a_claim_that_is_given_up_before_pre_active_has_ended_places_no_address() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.recorders();
        lan.a.script("/tmp/pre", "echo $$ >> /tmp/pid\nexec sleep 1000");
        let watch = lan.a.host.watch_addresses().unwrap();
        let hooks = "pre_active /tmp/pre\n  pre_active_timeout 30\n  notify_master \"/tmp/hook master\"\n  notify_backup \
                     \"/tmp/hook backup\"\n  notify_stop \"/tmp/hook stop\"";
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", hooks));
        let first = lan.a.wait_lines("/tmp/pid", 1)[0].clone();
        let b = lan.b.vrrpd(&instance(51, 200, "0.1", ""));
        b.active();
        lan.a.wait_lines(HOOKS, 2);
        assert!(!lan.a.exists(&format!("/proc/{first}")), "the program of a phase that is over runs on");
        // And again, with a stop in its place.
        b.signal(Signal::SIGTERM);
        let second = lan.a.wait_lines("/tmp/pid", 2)[1].clone();
        a.signal(Signal::SIGTERM);
        assert!(a.ended().success());
        assert!(!lan.a.exists(&format!("/proc/{second}")));
        assert_eq!(watch.history(ip(VIP)), [], "live for a moment");
        assert_eq!(lan.a.read_lines(HOOKS), ["backup", "backup", "stop"]);
    });
}

#[test]
fn post_active_of_a_stop_ends_before_notify_stop_runs() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.script("/tmp/looks", LOOKS);
        lan.a.script("/tmp/post", "sleep 1\nexec /tmp/looks post_active");
        let hooks = "post_active /tmp/post\n  post_active_timeout 5\n  notify_stop \"/tmp/looks notify_stop\"";
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", hooks));
        a.active();
        a.signal(Signal::SIGTERM);
        assert!(a.ended().success());
        assert_eq!(lan.a.read_lines(HOOKS), ["post_active gone STOP nobody", "notify_stop gone STOP nobody"]);
    });
}

#[test]
fn post_active_of_a_router_that_a_reload_removes_ends_before_notify_deleted_runs() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.script("/tmp/post", "sleep 1\necho post_active >> /tmp/hooks");
        lan.a.recorders();
        let other = instance(52, 150, "0.1", "").replace(VIP, "10.0.0.152");
        let hooks = "post_active /tmp/post\n  post_active_timeout 5\n  notify_deleted \"/tmp/hook deleted\"";
        let a = lan.a.vrrpd(&format!("{other}{}", instance(51, 150, "0.1", hooks)));
        a.wait(&[("event", "placed"), ("router", "V51")]);
        a.reload(&other);
        assert_eq!(lan.a.wait_lines(HOOKS, 2), ["post_active", "deleted"]);
    });
}
