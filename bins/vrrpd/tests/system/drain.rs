//! Planned hand-overs: drained, undrained, told to take over.

use vrrp_lab::{Signal, isolated};

use crate::ask::{Followed, post, router};
use crate::fixture::{Lan, SOON, VIP, instance};

#[test]
fn a_drain_hands_over_without_a_lost_probe_and_an_undrain_brings_it_back() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", ""));
        a.active();
        let b = lan.b.vrrpd(&instance(51, 100, "0.1", ""));
        b.moved("backup", "started");
        let probe = lan.probe(VIP);
        probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
        for _ in 0..5 {
            let marks = (a.mark(), b.mark());
            let drained = post(&lan.a, "/v1/drain", r#"{"router": "V51"}"#);
            assert_eq!(drained.outcomes(), ["relieved"], "{}", drained.text);
            assert_eq!(drained.json()["outcomes"][0]["by"], "10.0.0.2");
            let status = router(&lan.a);
            assert_eq!((&status["state"], &status["causes"][0]["token"]), (&"initialize".into(), &"drained".into()));
            assert_eq!(status["drain"]["serving"], false);
            b.moved_since(marks.1, "active", "released");
            probe.wait_for_reply_from(lan.b.mac, SOON).unwrap();
            lan.a.wait_holds(VIP, false);
            assert_eq!(post(&lan.a, "/v1/undrain", "{}").json(), serde_json::json!(["V51"]));
            a.moved_since(marks.0, "active", "preempting");
            probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
            lan.b.wait_holds(VIP, false);
            assert!(router(&lan.a)["drain"].is_null());
        }
        assert_eq!(probe.stop().outages, [], "a probe was lost");
    });
}

#[test]
fn where_nobody_takes_over_a_drain_serves_on_and_says_so_unless_forced() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", ""));
        a.active();
        let probe = lan.probe(VIP);
        probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
        for _ in 0..2 {
            let drained = post(&lan.a, "/v1/drain", "{}");
            assert_eq!(drained.outcomes(), ["unrelieved"], "{}", drained.text);
            let status = router(&lan.a);
            assert_eq!((&status["state"], status["drain"].is_null()), (&"active".into(), true));
        }
        assert_eq!(probe.stop().outages, [], "a probe was lost");
        assert_eq!(a.count(&[("event", "drain")]), 2);
        assert_eq!(post(&lan.a, "/v1/drain", r#"{"force": true}"#).outcomes(), ["released"]);
        lan.a.wait_holds(VIP, false);
        assert_eq!(router(&lan.a)["drain"]["serving"], false);
    });
}

#[test]
fn a_drain_ends_with_its_time() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", ""));
        a.active();
        let b = lan.b.vrrpd(&instance(51, 100, "0.1", ""));
        b.moved("backup", "started");
        let mark = a.mark();
        assert_eq!(post(&lan.a, "/v1/drain", r#"{"ttl": 0}"#).status, 400);
        let drained = post(&lan.a, "/v1/drain", r#"{"ttl": 1.0}"#);
        assert_eq!(drained.outcomes(), ["relieved"]);
        assert!(drained.json()["outcomes"][0]["until"].is_number(), "{}", drained.text);
        a.moved_since(mark, "active", "preempting");
        assert!(router(&lan.a)["drain"].is_null());
    });
}

#[test]
fn a_drain_survives_a_restart_and_a_crash() {
    isolated(|| {
        let lan = Lan::new();
        let config = instance(51, 150, "0.1", "");
        let a = lan.a.vrrpd(&config);
        a.active();
        let b = lan.b.vrrpd(&instance(51, 100, "0.1", ""));
        b.moved("backup", "started");
        assert_eq!(post(&lan.a, "/v1/drain", r#"{"router": "V51", "ttl": 3600}"#).outcomes(), ["relieved"]);
        a.signal(Signal::SIGTERM);
        assert!(a.ended().success());
        let a = lan.a.vrrpd(&config);
        a.wait(&[("event", "ineligible"), ("cause", "drained")]);
        assert_eq!(router(&lan.a)["drain"]["serving"], false);
        a.daemon.kill().unwrap();
        let a = lan.a.vrrpd(&config);
        a.wait(&[("event", "ineligible"), ("cause", "drained")]);
        let status = router(&lan.a);
        assert_eq!((&status["state"], status["drain"]["until"].is_number()), (&"initialize".into(), true));
        assert_eq!(post(&lan.a, "/v1/undrain", "{}").json(), serde_json::json!(["V51"]));
        a.moved("active", "preempting");
        a.signal(Signal::SIGTERM);
        assert!(a.ended().success());
        let a = lan.a.vrrpd(&config);
        a.moved("active", "preempting");
    });
}

#[test]
fn a_takeover_preempts_the_better_router_until_it_is_undone_and_none_is_above_254() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", ""));
        a.active();
        let b = lan.b.vrrpd(&instance(51, 100, "0.1", ""));
        b.moved("backup", "started");
        let mut events = Followed::new(&lan.b);
        assert_eq!(post(&lan.a, "/v1/takeover", "{}").outcomes(), ["already_active"]);
        // Whom it has not heard yet it cannot outbid.
        (0..1000).find(|_| !router(&lan.b)["active_router"].is_null()).unwrap();
        let probe = lan.probe(VIP);
        probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
        let taken = post(&lan.b, "/v1/takeover", r#"{"router": "V51"}"#);
        assert_eq!(taken.outcomes(), ["raised"], "{}", taken.text);
        assert_eq!(taken.json()["outcomes"][0]["priority"], 151);
        events.wait(&[("event", "moved"), ("to", "active")]);
        assert_eq!(router(&lan.b)["takeover"]["priority"], 151);
        probe.wait_for_reply_from(lan.b.mac, SOON).unwrap();
        let mark = a.mark();
        assert_eq!(post(&lan.b, "/v1/takeover", r#"{"undo": true}"#).outcomes(), ["undone"]);
        a.moved_since(mark, "active", "preempting");
        probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
        assert_eq!(probe.stop().outages, [], "a probe was lost");
        a.reload(&instance(51, 254, "0.1", ""));
        (0..1000).find(|_| router(&lan.b)["active_router"]["priority"] == 254).unwrap();
        let refused = post(&lan.b, "/v1/takeover", "{}");
        assert_eq!(refused.outcomes(), ["refused"], "{}", refused.text);
        assert_eq!(router(&lan.b)["priority"]["effective"], 100);
    });
}
