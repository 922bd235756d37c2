//! Asked and commanded over the control socket: status, events, explanations, metrics, and clients that mean no good.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;

use serde_json::json;
use vrrp_lab::{Signal, isolated};

use crate::ask::{self, Followed, get, post, router};
use crate::fixture::{CONFIG, Lan, Node, VIP, instance, vrrpd_run};
use crate::recorder::until;

#[test]
fn status_says_who_serves_and_what_the_backup_hears() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", ""));
        a.active();
        let b = lan.b.vrrpd(&instance(51, 100, "0.1", ""));
        b.moved("backup", "started");
        let mut events = Followed::new(&lan.b);
        events.wait(&[("event", "moved"), ("to", "backup"), ("cause", "started"), ("router", "V51")]);
        let serving = router(&lan.a);
        assert_eq!(
            (&serving["state"], &serving["priority"]),
            (&json!("active"), &json!({"base": 150, "effective": 150}))
        );
        let address = json!({"address": format!("{VIP}/24"), "link": "eth0", "present": true, "advertised": true});
        assert_eq!(serving["addresses"], json!([address]));
        assert_eq!(serving["transition"]["cause"]["token"], "active_down");
        // Until it has heard enough to have something to show.
        let heard = (0..1000).map(|_| router(&lan.b)).find(|backup| backup["recent"].as_array().unwrap().len() > 2);
        let backup = heard.unwrap();
        assert_eq!((&backup["state"], &backup["active_router"]["priority"]), (&json!("backup"), &json!(150)));
        assert_eq!(backup["active_router"]["address"], "10.0.0.1");
        assert_eq!(backup["addresses"][0]["present"], false);
        assert_eq!((&backup["peers"][0]["address"], &backup["peers"][0]["missed"]), (&json!("10.0.0.1"), &json!(0)));
        assert_eq!(backup["timer"]["timer"], "active_down");
        let explained = get(&lan.b, "/v1/explain/V51").json();
        assert_eq!(explained["because"][0]["token"], "higher");
        a.signal(Signal::SIGTERM);
        events.wait(&[("event", "moved"), ("to", "active"), ("cause", "released")]);
    });
}

#[test]
fn the_configuration_is_shown_without_its_password_and_a_reload_says_first_what_it_will_do() {
    isolated(|| {
        let lan = Lan::new();
        let auth = "authentication {\n auth_type PASS\n auth_pass s3cret\n}";
        let config = |priority| instance(51, priority, "1", auth).replace("version 3", "version 2");
        let a = lan.a.vrrpd(&config(150));
        a.moved("backup", "started");
        let shown = get(&lan.a, "/v1/config");
        assert!(shown.text.contains("********") && !shown.text.contains("115,51"), "{}", shown.text);
        lan.a.write(CONFIG, &config(140));
        let plan = post(&lan.a, "/v1/reload?dry_run", "").json();
        assert_eq!((&plan["applied"], &plan["changes"][0]["subject"]), (&json!(false), &json!("V51")));
        assert_eq!(plan["changes"][0]["settings"], json!([["priority", "150", "140"]]));
        assert_eq!(router(&lan.a)["priority"]["base"], 150);
        assert_eq!(post(&lan.a, "/v1/reload", "").json()["applied"], true);
        assert_eq!(router(&lan.a)["priority"]["base"], 140);
        lan.a.write(CONFIG, "vrrp_instance V51 {");
        let refused = post(&lan.a, "/v1/reload", "").json();
        assert_eq!(refused["applied"], false);
        assert_eq!(refused["diagnostics"][0]["severity"], "error", "{refused}");
    });
}

#[test]
fn metrics_are_served_on_tcp_when_asked_for_and_an_address_that_cannot_be_had_is_an_error() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd_with(&instance(51, 150, "0.1", ""), &["--metrics", "127.0.0.1:9650", "--metrics-compat"]);
        a.active();
        let page = lan.a.host.on(|| {
            let mut stream = TcpStream::connect("127.0.0.1:9650").unwrap();
            stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
            let mut page = String::new();
            stream.read_to_string(&mut page).unwrap();
            page
        });
        let page = page.unwrap();
        let labels = r#"router="V51",interface="eth0",vrid="51",family="ipv4""#;
        for line in [
            format!("keepalived_state{{{labels},role=\"master\"}} 1.0"),
            format!("keepalived_vrrp_state_changes_total{{{labels}}} 2"),
            format!("vrrp_address_present{{{labels},address=\"{VIP}/24\"}} 1.0"),
            format!("keepalived_vrrp_state{{iname=\"V51\",intf=\"eth0\",vrid=\"51\",ip_address=\"{VIP}/24\"}} 2.0"),
        ] {
            assert!(page.contains(&line), "{line} is not in {page}");
        }
        let taken = ["--metrics", "127.0.0.1:9650", "--control", "/tmp/other.sock"];
        let second = lan.a.vrrpd_with(&instance(52, 150, "0.1", ""), &taken);
        second.wait(&[("event", "failed")]);
        assert!(!second.ended().success());
    });
}

#[test]
fn a_control_socket_that_was_asked_for_must_be_had_and_the_default_one_is_missed_with_a_warning() {
    isolated(|| {
        let lan = Lan::new();
        let asked = lan.a.vrrpd_with(&instance(51, 150, "0.1", ""), &["--control", "/nowhere/vrrpd.sock"]);
        asked.wait(&[("event", "failed")]);
        assert!(!asked.ended().success());
        lan.a.run("mkdir -p /run/vrrpd/vrrpd.sock");
        let default = lan.a.vrrpd(&instance(51, 150, "0.1", ""));
        default.wait(&[("event", "control"), ("level", "WARN")]);
        default.active();
    });
}

#[test]
fn places_that_the_configuration_names_are_bound_and_one_that_cannot_be_ends_it_before_an_address_moves() {
    isolated(|| {
        let lan = Lan::new();
        let config = |metrics: &str| {
            let global = format!("control_socket /tmp/c.sock\n control_mode 0600\n metrics_address {metrics}");
            format!("global_defs {{\n {global}\n}}\n{}", instance(51, 150, "0.2", ""))
        };
        let capture = lan.client.host.capture("eth0").unwrap();
        let refused = lan.a.vrrpd(&config("192.0.2.1:9650"));
        refused.wait(&[("event", "failed")]);
        assert!(!refused.ended().success());
        assert_eq!(refused.count(&[("event", "moved")]), 0);
        assert!(!lan.a.exists("/tmp/c.sock"), "the control socket stayed behind");
        assert_eq!(capture.frames().iter().filter(|frame| frame.vrrp().is_some()).count(), 0);
        let served = lan.a.vrrpd(&config("127.0.0.1:9650"));
        served.wait(&[("event", "metrics")]);
        served.active();
        assert_eq!(lan.a.run("stat -c %A /tmp/c.sock").trim(), "srw-------");
        // The command line goes before the configuration.
        let command = vrrpd_run(CONFIG, &["--control", "/tmp/d.sock", "--metrics", "127.0.0.1:9651"]);
        lan.a.write(CONFIG, &config("127.0.0.1:9650").replace("_id 51", "_id 52").replace("0.100", "0.99"));
        let other = lan.a.spawn(command);
        other.wait(&[("event", "metrics"), ("address", "127.0.0.1:9651")]);
        assert!(lan.a.exists("/tmp/d.sock"));
    });
}

/// A router whose priority follows the number in a file: an event for each number.
fn counting(advert: &str) -> String {
    let file = "track_file n {\n  file /tmp/n\n  weight 1\n  init_file 0\n}\n";
    format!("{file}{}", instance(51, 150, advert, "track_file {\n    n\n  }"))
}

/// Makes so many events that whoever follows and does not read has no room for them.
fn many_events(node: &Node) {
    for number in 0..1000_u16 {
        node.write("/tmp/n", &format!("{}\n", number % 2));
        let priority = 150 + number % 2;
        until("another priority", || match &router(node)["priority"]["effective"] {
            effective if *effective == priority => Ok(()),
            other => Err(other.to_string()),
        });
    }
}

/// Connections that send garbage, half lines, nothing, a body that never comes, and ones that never read.
fn hostile(node: &Node) -> Vec<UnixStream> {
    let mut held = Vec::new();
    for request in [
        vec![0xff; 200_000],
        b"GET /v1/sta".to_vec(),
        Vec::new(),
        b"POST /v1/drain HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{".to_vec(),
    ] {
        let mut stream = ask::connect(node);
        // The server may close before it has read everything.
        let _ = stream.write_all(&request);
        held.push(stream);
    }
    for _ in 0..30 {
        let mut deaf = ask::connect(node);
        deaf.write_all(b"GET /v1/events?follow&since=0 HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        held.push(deaf);
    }
    held
}

/// The peer misses no advertisement meanwhile, and others are answered.
#[test]
fn clients_that_mean_no_good_delay_no_advertisement() {
    isolated(|| {
        let lan = Lan::new();
        // An interval of which a busy machine does not take the half away.
        let a = lan.a.vrrpd(&counting("2"));
        a.active();
        let b = lan.b.vrrpd(&instance(51, 100, "2", ""));
        b.moved("backup", "started");
        let peer = || router(&lan.b)["peers"][0].clone();
        let heard = |least: u64| {
            until("advertisements", || match peer()["received"].as_u64() {
                Some(received) if received >= least => Ok(received),
                other => Err(format!("{other:?}")),
            })
        };
        let before = heard(2);
        let marks = (a.mark(), b.mark());
        let mut held = hostile(&lan.a);
        many_events(&lan.a);
        for _ in 0..50 {
            assert_eq!(get(&lan.a, "/v1/status").status, 200);
            assert_eq!(get(&lan.a, "/metrics").status, 200);
            assert_eq!(post(&lan.a, "/v1/drain", "{\"router\": 7}").status, 400);
        }
        // Half a line and silence are given up: the connection ends.
        for stream in held.iter_mut().take(4).skip(1) {
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer);
            assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&answer));
        }
        heard(before + 3);
        assert_eq!(peer()["missed"], 0, "{}", peer());
        assert_eq!((a.moves_since(marks.0), b.moves_since(marks.1)), (vec![], vec![]));
        assert_eq!(router(&lan.a)["state"], "active");
        drop(held);
    });
}
