//! What goes wrong on the host: a named cause that goes away by itself, never an exit.

use vrrp_lab::{Signal, isolated};

use crate::fixture::{Lan, VIP, VIP6, Vrrpd, advertises, instance, ip, ms};
use crate::packet::Packet;
use crate::protocol::Protocol;

/// The one router of most tests here, Active.
fn alone(lan: &Lan) -> Vrrpd {
    let a = lan.a.vrrpd(&instance(51, 150, "0.1", ""));
    a.active();
    a
}

/// Waits until the router has become ineligible for this cause, and for it left its state.
fn out(vrrpd: &Vrrpd, mark: usize, cause: &str) {
    vrrpd.wait_since(mark, &[("event", "ineligible"), ("cause", cause), ("began", "true")]);
    vrrpd.moved_since(mark, "initialize", "ineligible");
}

/// Waits until this cause has gone and the router is Active again with its address in place.
fn back(vrrpd: &Vrrpd, lan: &Lan, mark: usize, cause: &str) {
    vrrpd.wait_since(mark, &[("event", "ineligible"), ("cause", cause), ("began", "false")]);
    vrrpd.moved_since(mark, "active", "active_down");
    vrrpd.wait_since(mark, &[("event", "placed")]);
    lan.a.wait_holds(VIP, true);
    assert!(vrrpd.daemon.is_running());
}

#[test]
fn a_stolen_address_is_back_within_milliseconds_and_nothing_moves() {
    isolated(|| {
        for (protocol, address) in [(Protocol::V3, format!("{VIP}/24")), (Protocol::V3Ipv6, format!("{VIP6}/64"))] {
            let lan = Lan::new();
            let a = lan.a.vrrpd(&protocol.config(1, 2, 150, ""));
            a.active();
            let capture = lan.client.host.capture("eth0").unwrap();
            let mark = a.mark();
            let start = std::time::Instant::now();
            lan.a.host.remove_address("eth0", &address).unwrap();
            lan.a.wait_holds(protocol.target(), true);
            let took = start.elapsed();
            eprintln!("{} was back after {took:?}", protocol.target());
            a.wait_since(mark, &[("event", "restored"), ("address", protocol.target())]);
            let announces = |frame: &vrrp_lab::Frame| {
                frame.arp().is_some_and(|arp| arp.is_gratuitous() && ip(VIP) == arp.sender_ip)
                    || frame.neighbor_advertisement().is_some_and(|na| ip(VIP6) == na.target)
            };
            capture.wait_for(announces, ms(5000)).unwrap();
            assert_eq!(a.moves_since(mark), []);
        }
    });
}

#[test]
fn a_link_that_is_switched_off_and_on_is_a_cause_that_comes_and_goes() {
    isolated(|| {
        let lan = Lan::new();
        let a = alone(&lan);
        let mark = a.mark();
        lan.a.host.link_down("eth0").unwrap();
        out(&a, mark, "interface_down");
        lan.a.wait_holds(VIP, false);
        let mark = a.mark();
        lan.a.host.link_up("eth0").unwrap();
        back(&a, &lan, mark, "interface_down");
    });
}

#[test]
fn a_link_that_is_deleted_and_made_again_is_used_again() {
    isolated(|| {
        let lan = Lan::new();
        let a = alone(&lan);
        for _ in 0..3 {
            let mark = a.mark();
            lan.a.run("ip link delete eth0");
            out(&a, mark, "interface_absent");
            let mark = a.mark();
            lan.a.host.attach(&lan.segment, "eth0", &["10.0.0.1/24"]).unwrap();
            back(&a, &lan, mark, "interface_absent");
        }
        let probe = lan.probe(VIP);
        probe.wait_for_replies(50, ms(5000)).unwrap();
    });
}

#[test]
fn a_link_that_is_renamed_is_absent_until_it_has_its_name_back() {
    isolated(|| {
        let lan = Lan::new();
        let a = alone(&lan);
        let mark = a.mark();
        lan.a.run("ip link set eth0 down");
        lan.a.run("ip link set eth0 name lan7");
        lan.a.run("ip link set lan7 up");
        a.wait_since(mark, &[("event", "ineligible"), ("cause", "interface_absent"), ("began", "true")]);
        lan.a.host.wait_for_address("lan7", ip(VIP), false, ms(5000)).unwrap();
        lan.a.run("ip link set lan7 down");
        let mark = a.mark();
        lan.a.run("ip link set lan7 name eth0");
        lan.a.host.link_up("eth0").unwrap();
        back(&a, &lan, mark, "interface_absent");
    });
}

#[test]
fn a_renamed_link_takes_no_address_along() {
    isolated(|| {
        let lan = Lan::new();
        let a = alone(&lan);
        let mark = a.mark();
        lan.a.run("ip link set eth0 name lan7");
        out(&a, mark, "interface_absent");
        lan.a.host.wait_for_address("lan7", ip(VIP), false, ms(5000)).unwrap();
    });
}

#[test]
fn an_interface_that_is_absent_at_the_start_is_waited_for() {
    isolated(|| {
        let lan = Lan::new();
        let other = lan.lab.bridge("lan1").unwrap();
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", "").replace("eth0", "eth7"));
        a.wait(&[("event", "ineligible"), ("cause", "interface_absent"), ("began", "true")]);
        let mark = a.mark();
        lan.a.host.attach(&other, "eth7", &["10.7.0.1/24"]).unwrap();
        a.moved_since(mark, "active", "active_down");
        lan.a.host.wait_for_address("eth7", ip(VIP), true, ms(5000)).unwrap();
    });
}

// ledger: tx-src-ip, !tx-src-ip
#[test]
fn an_interface_without_a_source_address_is_waited_for_and_its_loss_is_a_cause() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.host.remove_address("eth0", "10.0.0.1/24").unwrap();
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", "").replace("/24", "/32"));
        a.wait(&[("event", "ineligible"), ("cause", "no_source_address"), ("began", "true")]);
        for _ in 0..2 {
            let mark = a.mark();
            lan.a.host.add_address("eth0", "10.0.0.1/24").unwrap();
            back(&a, &lan, mark, "no_source_address");
            let mark = a.mark();
            lan.a.host.remove_address("eth0", "10.0.0.1/24").unwrap();
            out(&a, mark, "no_source_address");
            lan.a.wait_holds(VIP, false);
        }
    });
}

#[test]
fn sending_that_fails_is_a_condition_and_the_first_that_succeeds_announces_again() {
    isolated(|| {
        let lan = Lan::new();
        let a = alone(&lan);
        let mark = a.mark();
        lan.a.run("nft add table ip t");
        lan.a.run("nft add chain ip t out { type filter hook output priority 0 ; }");
        lan.a.run("nft add rule ip t out ip protocol 112 drop");
        let condition = |began| [("event", "condition"), ("cause", "send_failing"), ("began", began)];
        a.wait_since(mark, &condition("true"));
        assert_eq!(a.moves_since(mark), []);
        let capture = lan.client.host.capture("eth0").unwrap();
        lan.a.run("nft delete table ip t");
        a.wait_since(mark, &condition("false"));
        capture.wait_for(|frame| advertises(frame, 51, 150), ms(5000)).unwrap();
        capture.wait_for(|frame| frame.arp().is_some_and(|arp| arp.is_gratuitous()), ms(5000)).unwrap();
        assert_eq!(a.moves_since(mark), []);
    });
}

// ledger: !rx-own
#[test]
fn a_double_that_speaks_from_our_address_holds_a_fresh_router_back_and_moves_no_active_one() {
    isolated(|| {
        let lan = Lan::new();
        // IPv4 packets from an own address end in the kernel.
        let own = lan.a.mac.link_local().into();
        let packet = Packet::v3(51, own, &[ip("fe80::100"), ip(VIP6)]);
        let frames = vec![packet.frame(lan.client.mac, lan.a.mac)];
        let double = lan.client.host.flood("eth0", frames.clone(), 20, ms(3000)).unwrap();
        let config = Protocol::V3Ipv6.config(1, 2, 150, "");
        let a = lan.a.vrrpd(&config);
        out(&a, 0, "duplicate_source");
        assert!(!lan.a.holds(VIP6));
        drop(double);
        a.active();
        let mark = a.mark();
        let double = lan.client.host.flood("eth0", frames, 20, ms(1000)).unwrap();
        a.wait_since(mark, &[("event", "condition"), ("cause", "duplicate_source"), ("began", "true")]);
        double.finish().unwrap();
        assert_eq!(a.moves_since(mark), []);
        a.signal(Signal::SIGTERM);
        assert!(a.ended().success());
    });
}

#[test]
fn two_owners_are_shown_and_settled_by_address() {
    isolated(|| {
        let lan = Lan::new();
        let config = |own: &str| instance(51, 255, "0.2", "").replace(VIP, own);
        lan.a.host.add_address("eth0", &format!("{VIP}/24")).unwrap();
        let a = lan.a.vrrpd(&config(VIP));
        a.moved("active", "owner");
        lan.b.host.add_address("eth0", &format!("{VIP}/24")).unwrap();
        let b = lan.b.vrrpd(&config(VIP));
        b.moved("active", "owner");
        a.wait(&[("event", "condition"), ("cause", "two_owners"), ("began", "true")]);
        a.moved("backup", "tie");
        assert!(lan.a.holds(VIP), "it was not ours to remove");
    });
}
