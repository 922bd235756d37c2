//! The real `vrrpctl` against the real daemon, as an operator would use it: what it prints, what it changes, and by which
//! exit status it ends.

use serde_json::Value;
use vrrp_lab::{Signal, isolated};

use crate::fixture::{CONFIG, Lan, Node, SOON, VIP, Vrrpd, instance};

/// One virtual router with a check, and a password that nobody is to see.
fn configured(priority: u8) -> String {
    let settings = "authentication {\n auth_type PASS\n auth_pass s3cret\n}\n track_script {\n  chk\n }";
    let router = instance(51, priority, "1", settings).replace("version 3", "version 2");
    format!("global_defs {{\n script_user root\n}}\nvrrp_script chk {{\n script /bin/true\n interval 1\n}}\n{router}")
}

/// Two routers on two links, in one sync group or each by itself.
fn two(priority: u8, group: &str) -> String {
    let second = instance(52, priority, "0.2", "").replace("eth0", "eth1").replace(VIP, "10.1.0.100");
    format!("{}{second}{group}", instance(51, priority, "0.2", ""))
}

const GROUP: &str = "vrrp_sync_group G {\n group {\n V51\n V52\n }\n}\n";

fn lan_of_two() -> Lan {
    let lan = Lan::new();
    let other = lan.lab.bridge("lan1").unwrap();
    for (node, number) in [(&lan.a, 1), (&lan.b, 2)] {
        node.host.attach(&other, "eth1", &[&format!("10.1.0.{number}/24")]).unwrap();
    }
    lan
}

/// A pair that has settled: `a` is Active and `b` has heard it.
fn pair(lan: &Lan, a: &str, b: &str) -> (Vrrpd, Vrrpd) {
    let active = lan.a.vrrpd(a);
    active.active();
    let backup = lan.b.vrrpd(b);
    backup.wait(&[("event", "moved"), ("to", "backup")]);
    until(|| !status(&lan.b, "V51")["active_router"].is_null());
    (active, backup)
}

/// Asks until it is so; each question is a program of its own.
pub(crate) fn until(mut so: impl FnMut() -> bool) {
    let end = std::time::Instant::now() + SOON;
    while !so() {
        assert!(std::time::Instant::now() < end, "it does not come to that");
    }
}

fn status(node: &Node, router: &str) -> Value {
    let status = node.vrrpctl(&["status", "--json"]).json();
    let routers = status["routers"].as_array().unwrap();
    routers.iter().find(|one| one["name"] == router).unwrap().clone()
}

/// The words for the outcomes, in their order.
fn outcomes(reply: &Value) -> Vec<&str> {
    reply["outcomes"].as_array().unwrap().iter().map(|one| one["outcome"].as_str().unwrap()).collect()
}

#[test]
fn everything_is_seen_with_vrrpctl() {
    isolated(|| {
        let lan = Lan::new();
        let (_a, _b) = pair(&lan, &configured(150), &configured(100));
        let seen = |words: &[&str]| lan.b.vrrpctl(words).well();
        let table = seen(&["status"]);
        assert!(table.contains("V51") && table.contains("Backup (BACKUP)") && table.contains("10.0.0.1"), "{table}");
        assert!(!table.contains('\u{1b}'), "no colours in a pipe: {table}");
        let why = seen(&["explain", "V51"]);
        assert!(why.contains("150"), "{why}");
        let events = seen(&["events", "--json"]);
        let moved = events.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let moved: Vec<Value> = moved.filter(|event| event["event"] == "moved").collect();
        assert_eq!((&moved[0]["to"], &moved[0]["router"]), (&"backup".into(), &"V51".into()));
        let later = seen(&["events", "--since", &moved[0]["seq"].to_string(), "--json"]);
        assert!(later.lines().all(|line| !line.contains("\"started\"")), "{later}");
        until(|| seen(&["checks"]).contains("up"));
        assert!(seen(&["checks"]).contains("chk"));
        let counters = lan.b.vrrpctl(&["counters", "--json"]).json();
        assert!(counters.to_string().contains("received"), "{counters}");
        let config = seen(&["config"]);
        assert!(config.contains("V51") && !config.contains("s3cret"), "{config}");
        assert_eq!(seen(&["log-level", "debug"]), "debug\n");
    });
}

#[test]
fn every_exit_status_of_vrrpctl_comes_when_it_should() {
    isolated(|| {
        let lan = Lan::new();
        let code = |node: &Node, words: &[&str]| node.vrrpctl(words).code;
        assert_eq!(code(&lan.a, &["status"]), Some(3), "nobody answers");
        assert_eq!(code(&lan.a, &["drain"]), Some(2), "of what?");
        let (a, _b) = pair(&lan, &instance(51, 254, "0.2", ""), &instance(51, 100, "0.2", ""));
        let unknown = lan.a.vrrpctl(&["drain", "V9"]);
        assert!(unknown.code == Some(1) && unknown.stderr.contains("V9"), "{unknown:?}");
        assert_eq!(code(&lan.b, &["takeover", "V51"]), Some(6), "nothing is above 254");
        lan.a.write(CONFIG, &instance(51, 200, "0.2", ""));
        let plan = lan.a.vrrpctl(&["reload", "--dry-run"]).well();
        assert!(plan.contains("priority: 254 -> 200"), "{plan}");
        assert_eq!(status(&lan.a, "V51")["priority"]["base"], 254);
        lan.a.write(CONFIG, "vrrp_instance V51 {");
        assert_eq!(code(&lan.a, &["reload", "--dry-run"]), Some(7));
        assert_eq!(code(&lan.a, &["reload"]), Some(7));
        lan.a.write(CONFIG, &instance(51, 200, "0.2", ""));
        lan.a.vrrpctl(&["reload"]).well();
        assert_eq!(status(&lan.a, "V51")["priority"]["base"], 200);
        lan.segment.partition(&[&lan.a.host], &[&lan.b.host]).unwrap();
        assert_eq!(code(&lan.a, &["drain", "V51"]), Some(5), "nobody took over");
        assert_eq!(code(&lan.a, &["drain", "V51", "--force"]), Some(0));
        lan.a.wait_holds(VIP, false);
        a.signal(Signal::SIGTERM);
        assert!(a.ended().success());
        assert_eq!(code(&lan.a, &["status"]), Some(3));
    });
}

#[test]
fn a_drain_of_all_is_stored_shown_kept_over_a_restart_and_ended() {
    isolated(|| {
        let lan = lan_of_two();
        let (a, b) = pair(&lan, &two(150, ""), &two(100, ""));
        b.wait(&[("event", "moved"), ("router", "V52"), ("to", "backup")]);
        until(|| status(&lan.a, "V52")["state"] == "active");
        let drained = lan.a.vrrpctl(&["drain", "--all", "--ttl", "1h", "--json"]).json();
        assert_eq!(outcomes(&drained), ["relieved", "relieved"], "{drained}");
        assert!(drained["outcomes"][0]["until"].is_number(), "{drained}");
        a.signal(Signal::SIGKILL);
        a.ended();
        let a = lan.a.vrrpd(&two(150, ""));
        a.wait(&[("event", "ineligible"), ("router", "V52"), ("cause", "drained")]);
        for router in ["V51", "V52"] {
            let status = status(&lan.a, router);
            assert!(status["drain"]["until"].is_number(), "{status}");
        }
        assert_eq!(lan.a.vrrpctl(&["status"]).well().matches("Drained (FAULT)").count(), 2);
        let ended = lan.a.vrrpctl(&["undrain", "V52"]).well();
        assert!(ended.contains("V52") && !ended.contains("V51"), "{ended}");
        a.wait(&[("event", "moved"), ("router", "V52"), ("to", "active")]);
        // One that has come back when its time was over needs no undrain.
        lan.a.vrrpctl(&["undrain", "--all"]).well();
        a.wait(&[("event", "moved"), ("router", "V51"), ("to", "active")]);
        let mark = a.mark();
        let drained = lan.a.vrrpctl(&["drain", "V51", "--ttl", "1s", "--json"]).json();
        assert_eq!(outcomes(&drained), ["relieved"], "{drained}");
        a.wait_since(mark, &[("event", "moved"), ("router", "V51"), ("to", "active"), ("cause", "preempting")]);
    });
}

#[test]
fn a_takeover_of_one_member_is_one_of_its_whole_sync_group() {
    isolated(|| {
        let lan = lan_of_two();
        let (a, b) = pair(&lan, &two(150, GROUP), &two(100, GROUP));
        until(|| !status(&lan.b, "V52")["active_router"].is_null());
        let mark = (a.mark(), b.mark());
        let taken = lan.b.vrrpctl(&["takeover", "V52", "--json"]).json();
        assert_eq!(outcomes(&taken), ["raised", "raised"], "{taken}");
        for router in ["V51", "V52"] {
            b.wait_since(mark.1, &[("event", "moved"), ("router", router), ("to", "active")]);
            a.wait_since(mark.0, &[("event", "moved"), ("router", router), ("to", "backup")]);
            assert_eq!(status(&lan.b, router)["takeover"]["priority"], 151);
        }
        let mark = a.mark();
        let undone = lan.b.vrrpctl(&["takeover", "V51", "--undo", "--json"]).json();
        assert_eq!(outcomes(&undone), ["undone", "undone"], "{undone}");
        for router in ["V51", "V52"] {
            a.wait_since(mark, &[("event", "moved"), ("router", router), ("to", "active")]);
        }
    });
}

#[test]
fn a_sync_group_of_which_one_member_cannot_take_over_is_left_as_it_is() {
    isolated(|| {
        let lan = lan_of_two();
        let better = two(150, "").replacen("priority 150", "priority 254", 1);
        let (_a, b) = pair(&lan, &better, &two(100, GROUP));
        until(|| !status(&lan.b, "V52")["active_router"].is_null());
        let mark = b.mark();
        let refused = lan.b.vrrpctl(&["takeover", "V52", "--json"]);
        assert_eq!(refused.code, Some(6), "{refused:?}");
        for router in ["V51", "V52"] {
            let status = status(&lan.b, router);
            assert_eq!((&status["takeover"], &status["priority"]["effective"]), (&Value::Null, &100.into()));
        }
        assert_eq!(b.moves_since(mark), []);
    });
}

#[test]
fn a_takeover_survives_a_restart_and_ends_with_its_time() {
    isolated(|| {
        let lan = Lan::new();
        let config = instance(51, 100, "0.2", "");
        let (a, b) = pair(&lan, &instance(51, 150, "0.2", ""), &config);
        lan.b.vrrpctl(&["takeover", "V51"]).well();
        b.moved("active", "preempting");
        a.moved("backup", "higher");
        let mark = a.mark();
        b.signal(Signal::SIGKILL);
        b.ended();
        let b = lan.b.vrrpd(&config);
        b.moved("active", "resumed");
        assert_eq!(status(&lan.b, "V51")["priority"]["effective"], 151);
        let again = lan.b.vrrpctl(&["takeover", "V51", "--undo"]).well();
        assert!(again.contains("V51"), "{again}");
        a.moved_since(mark, "active", "preempting");
        b.moved("backup", "higher");
        let mark = (a.mark(), b.mark());
        let taken = lan.b.vrrpctl(&["takeover", "V51", "--ttl", "1s", "--json"]).json();
        assert!(taken["outcomes"][0]["until"].is_number(), "{taken}");
        b.moved_since(mark.1, "active", "preempting");
        a.moved_since(mark.0, "active", "preempting");
        let after = status(&lan.b, "V51");
        assert!(after["takeover"].is_null() && after["priority"]["effective"] == 100, "{after}");
    });
}
