//! What is odd on the LAN, and the evidence of the last transition.

use vrrp_lab::{Signal, isolated};

use super::{check, is_explained, said, tracking, wait};
use crate::ask::router;
use crate::fixture::{Lan, VIP, instance, ip, ms};
use crate::packet::Packet;

#[test]
fn a_peer_with_another_interval_another_list_or_another_checksum_form_is_named() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.2", "checksum message"));
        a.active();
        let b = lan.b.vrrpd(&instance(51, 100, "0.2", ""));
        is_explained(&lan.b, "V51", "Another checksum form");
        b.reload(&instance(51, 100, "0.4", ""));
        is_explained(&lan.b, "V51", "Another interval");
        b.reload(&instance(51, 100, "0.2", "").replace(VIP, "10.0.0.101"));
        is_explained(&lan.b, "V51", "Another list of addresses");
        lan.b.host.add_address("eth0", "10.0.0.101/24").unwrap();
        is_explained(&lan.b, "V51", "An address on a router that does not serve");
        // When the peer has fallen silent, what was odd about it is told of the past.
        a.daemon.kill().unwrap();
        let past = |words: &str| words.contains("(when it was last heard, ");
        wait(&lan.b, "V51", "the past", |explained| {
            said(explained, "odd").iter().any(|(token, words)| token == "addresses_differ" && past(words))
        });
    });
}

#[test]
fn others_virtual_routers_and_hands_on_our_addresses_are_named() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.2", ""));
        a.active();
        lan.a.host.remove_address("eth0", &format!("{VIP}/24")).unwrap();
        is_explained(&lan.a, "V51", "Somebody removes addresses");
        let b = lan.b.vrrpd(&instance(9, 100, "0.2", "").replace(VIP, "10.0.0.101"));
        b.active();
        is_explained(&lan.a, "V51", "Others' virtual routers");
    });
}

#[test]
fn advertisements_that_are_missing_are_near_misses_before_there_is_a_failover() {
    isolated(|| {
        let lan = Lan::new();
        let b = lan.b.vrrpd(&instance(51, 100, "1", ""));
        b.moved("backup", "started");
        let mut packet = Packet::v3(51, ip("10.0.0.9"), &[ip(VIP)]);
        packet.centis = 100;
        let frame = packet.frame(lan.client.mac, lan.b.mac);
        let near = (0..8).any(|_| {
            lan.client.host.inject("eth0", &frame).unwrap();
            // Two of three advertisements, and not yet three and Skew_Time.
            std::thread::sleep(ms(3000));
            lan.client.host.inject("eth0", &frame).unwrap();
            let counted = |_: i32| router(&lan.b)["counters"]["near_misses"] != 0;
            (0..10).any(counted)
        });
        assert!(near);
        is_explained(&lan.b, "V51", "Near misses");
        is_explained(&lan.b, "V51", "Lost advertisements");
    });
}

#[test]
fn the_last_transition_has_the_check_and_the_advertisements_that_it_goes_back_to() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.2", ""));
        a.active();
        lan.b.script("/tmp/chk", "[ ! -e /tmp/sick ]");
        let b = lan.b.vrrpd(&tracking(&check("chk", "/tmp/chk", ""), "chk", 100, ""));
        b.moved("backup", "recovered");
        wait(&lan.b, "V51", "a follower", |explained| said(explained, "because")[0].0 == "higher");
        // The engine of the Backup stands still while the Active router dies.
        b.signal(Signal::SIGSTOP);
        a.daemon.kill().unwrap();
        std::thread::sleep(ms(2000));
        b.signal(Signal::SIGCONT);
        wait(&lan.b, "V51", "a late takeover", |explained| {
            let last = said(explained, "last_transition");
            let words = |token: &str| last.iter().find(|(known, _)| known == token).map(|(_, words)| words.as_str());
            let taken = last[0].0 == "active_down" && last[0].1.contains("10.0.0.1 priority 150 fell silent");
            let heard = words("heard").is_some_and(|words| words.contains("Z, from 10.0.0.1 with priority 150"));
            taken
                && heard
                && words("engine_late").is_some_and(|words| words.contains("late, which this host is to blame"))
        });
        lan.b.write("/tmp/sick", "");
        wait(&lan.b, "V51", "the check", |explained| {
            let last = said(explained, "last_transition");
            last[0].0 == "ineligible"
                && last[1].0 == "check"
                && last[1].1.starts_with("check chk: down, exit status 1, ")
        });
    });
}
