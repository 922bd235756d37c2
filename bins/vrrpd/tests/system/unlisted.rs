//! Virtual routers without an address: what moves is what their scripts move.

use vrrp_lab::{Frame, Signal, isolated};

use crate::fixture::{Lan, SOON, advertises};

fn without_addresses(priority: u8) -> String {
    format!(
        "vrrp_instance V51 {{\n  version 2\n  interface eth0\n  virtual_router_id 51\n  priority {priority}\n  \
         advert_int 1\n}}\n"
    )
}

/// Longer than a Backup waits for somebody whom it does not understand.
fn five_advertisements(lan: &Lan, priority: u8) {
    let capture = lan.b.host.capture("eth0").unwrap();
    let mut heard = 0;
    let fifth = |frame: &Frame| {
        heard += u32::from(advertises(frame, 51, priority));
        heard == 5
    };
    capture.wait_for(fifth, SOON).unwrap();
}

#[test]
fn of_two_routers_without_an_address_one_serves_and_the_other_takes_over() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&without_addresses(150));
        a.active();
        let b = lan.b.vrrpd(&without_addresses(100));
        b.moved("backup", "started");
        let mark = b.mark();
        five_advertisements(&lan, 150);
        assert_eq!(b.moves_since(mark), vec![]);
        a.signal(Signal::SIGTERM);
        b.moved("active", "released");
    });
}

#[test]
#[ignore = "needs keepalived"]
fn beside_keepalived_a_router_without_an_address_follows_and_is_followed() {
    isolated(|| {
        let lan = Lan::new();
        let ours = lan.a.vrrpd(&without_addresses(150));
        ours.active();
        let theirs = lan.b.keepalived(&without_addresses(100));
        five_advertisements(&lan, 150);
        assert_eq!(theirs.times("Entering MASTER STATE"), 0, "{}", theirs.said());
        ours.signal(Signal::SIGTERM);
        theirs.became_active_since(0);
        assert!(ours.ended().success());

        let ours = lan.a.vrrpd(&without_addresses(50));
        ours.moved("backup", "started");
        let mark = ours.mark();
        five_advertisements(&lan, 100);
        assert_eq!(ours.moves_since(mark), vec![]);
        theirs.stop();
        ours.moved("active", "released");
    });
}
