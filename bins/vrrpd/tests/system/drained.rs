//! `vrrpctl drain` at an interval of one second, with every kind of peer and with none, under a client that asks every
//! millisecond. How long the client waited at most is a figure for `examples/drains`.

use vrrp_lab::{Probe, ProbeConfig, isolated};

use crate::ask::{get, router};
use crate::fixture::{Lan, SOON, VIP, instance, ip};

/// By what the drained router gets the addresses back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Back {
    /// It is the better one, and preempts.
    Preempting,
    /// The peer would be the better one, but does not preempt.
    Takeover,
}

impl Back {
    const fn priority(self) -> u8 {
        match self {
            Self::Preempting => 150,
            Self::Takeover => 100,
        }
    }
}

/// A client for which an answer that comes late has come: the machine may be busy.
fn patient(lan: &Lan) -> Probe {
    let config = ProbeConfig { late_after: SOON, ..ProbeConfig::new("eth0", ip(VIP)) };
    lan.client.host.probe(&config).unwrap()
}

/// `a` hands over to whoever is on `b`, and gets the addresses back, twice.
fn no_drain_loses_a_probe(lan: &Lan, back: Back) {
    let probe = patient(lan);
    probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
    for _ in 0..2 {
        let said = lan.a.vrrpctl(&["drain", "V51"]).well();
        assert!(said.contains("10.0.0.2"), "{said}");
        probe.wait_for_reply_from(lan.b.mac, SOON).unwrap();
        lan.a.wait_holds(VIP, false);
        let status = lan.a.vrrpctl(&["status"]).well();
        assert!(status.contains("Drained (FAULT)"), "{status}");
        lan.a.vrrpctl(&["undrain", "V51"]).well();
        if back == Back::Takeover {
            let said = lan.a.vrrpctl(&["takeover", "V51"]).well();
            assert!(said.contains("151"), "{said}");
        }
        probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
        lan.b.wait_holds(VIP, false);
        if back == Back::Takeover {
            lan.a.vrrpctl(&["takeover", "V51", "--undo"]).well();
        }
    }
    let report = probe.stop();
    assert_eq!(report.lost, 0, "{:?}", report.outages);
}

/// With keepalived as the peer, which may be the better one as long as it does not take the addresses unasked.
fn no_drain_loses_a_probe_to_keepalived(back: Back, priority: u8, policy: &str) {
    let lan = Lan::new();
    let a = lan.a.vrrpd(&instance(51, back.priority(), "1", ""));
    a.active();
    let _keepalived = lan.b.keepalived(&instance(51, priority, "1", &format!("state BACKUP\n  {policy}")));
    no_drain_loses_a_probe(&lan, back);
}

#[test]
fn a_drain_to_our_own_peer_loses_no_probe() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, Back::Preempting.priority(), "1", ""));
        a.active();
        let b = lan.b.vrrpd(&instance(51, 100, "1", ""));
        b.moved("backup", "started");
        no_drain_loses_a_probe(&lan, Back::Preempting);
    });
}

#[test]
#[ignore = "needs keepalived"]
fn a_drain_to_a_keepalived_that_preempts_loses_no_probe() {
    isolated(|| no_drain_loses_a_probe_to_keepalived(Back::Preempting, 100, ""));
}

#[test]
#[ignore = "needs keepalived"]
fn a_drain_to_a_keepalived_that_does_not_preempt_loses_no_probe() {
    isolated(|| no_drain_loses_a_probe_to_keepalived(Back::Takeover, 150, "nopreempt"));
}

#[test]
#[ignore = "needs keepalived"]
fn a_drain_to_a_keepalived_that_preempts_after_a_delay_loses_no_probe() {
    isolated(|| no_drain_loses_a_probe_to_keepalived(Back::Takeover, 150, "preempt_delay 1000"));
}

#[test]
fn a_drain_to_nobody_loses_no_probe_and_says_by_its_exit_status_that_it_serves_on() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "1", ""));
        a.active();
        let probe = patient(&lan);
        probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
        for _ in 0..2 {
            let said = lan.a.vrrpctl(&["drain", "V51"]);
            assert_eq!(said.code, Some(5), "{said:?}");
            assert!(said.stdout.contains("serves on"), "{said:?}");
            let status = router(&lan.a);
            assert_eq!((&status["state"], status["drain"].is_null()), (&"active".into(), true));
        }
        assert_eq!(get(&lan.a, "/healthz").status, 200);
        let report = probe.stop();
        assert_eq!(report.lost, 0, "{:?}", report.outages);
    });
}
