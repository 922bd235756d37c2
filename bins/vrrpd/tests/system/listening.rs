//! After a carrier has come up: whether the link passes traffic at all, before anything is claimed on it.

use vrrp_lab::isolated;

use crate::fixture::{Lan, SOON, VIP, advertises, instance};

const DEAF: [(&str, &str); 2] = [("event", "condition"), ("cause", "withheld_deaf")];

#[test]
fn a_link_that_is_up_and_still_deaf_makes_no_second_active() {
    isolated(|| {
        let lan = Lan::new();
        let b = lan.b.vrrpd(&instance(51, 150, "0.5", ""));
        b.active();
        let a = lan.a.vrrpd(&instance(51, 100, "0.5", ""));
        a.moved("backup", "started");
        let mark = a.mark();
        lan.segment.port_down(&lan.a.host).unwrap();
        a.moved_since(mark, "initialize", "ineligible");
        // The carrier rises, and the port forwards nothing yet.
        lan.segment.partition(&[&lan.a.host], &[&lan.b.host, &lan.client.host]).unwrap();
        let capture = lan.a.host.capture("eth0").unwrap();
        let mark = a.mark();
        lan.segment.port_up(&lan.a.host).unwrap();
        a.moved_since(mark, "backup", "recovered");
        a.wait_since(mark, &[DEAF[0], DEAF[1], ("began", "true")]);
        lan.segment.heal_all().unwrap();
        a.wait_since(mark, &[DEAF[0], DEAF[1], ("began", "false")]);
        capture.wait_for(|frame| advertises(frame, 51, 150), SOON).unwrap();
        assert_eq!(a.moves_since(mark).len(), 1, "{:?}", a.moves_since(mark));
        assert!(!capture.frames().iter().any(|frame| advertises(frame, 51, 100)));
        assert!(!lan.a.holds(VIP));
        assert_eq!(b.moves_since(0).len(), 2, "{:?}", b.moves_since(0));
    });
}

#[test]
fn a_link_that_stays_deaf_holds_the_claim_for_one_interval_and_no_longer() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", ""));
        a.active();
        lan.segment.partition(&[&lan.a.host], &[&lan.b.host, &lan.client.host]).unwrap();
        let mark = a.mark();
        lan.segment.port_down(&lan.a.host).unwrap();
        a.moved_since(mark, "initialize", "ineligible");
        lan.segment.port_up(&lan.a.host).unwrap();
        a.wait_since(mark, &[DEAF[0], DEAF[1], ("began", "true")]);
        a.moved_since(mark, "active", "active_down");
        assert_eq!(a.count(&[DEAF[0], DEAF[1], ("began", "true")]), 1);
        lan.a.wait_holds(VIP, true);
    });
}

#[test]
fn a_link_that_flaps_and_is_heard_claims_no_later_for_it() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.5", ""));
        a.active();
        // A client that finds nobody asks the whole link who has the address.
        let probe = lan.probe(VIP);
        probe.wait_for_replies(10, SOON).unwrap();
        for _ in 0..3 {
            let mark = a.mark();
            lan.segment.port_down(&lan.a.host).unwrap();
            a.moved_since(mark, "initialize", "ineligible");
            lan.segment.port_up(&lan.a.host).unwrap();
            a.moved_since(mark, "active", "active_down");
            probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
        }
        assert_eq!(a.count(&DEAF), 0);
    });
}
