//! Why a router is Active, and what is wrong about that.

use vrrp_lab::{Signal, isolated};

use super::{explained, is_explained, said};
use crate::ask::post;
use crate::fixture::{Lan, Node, VIP, instance, ip, ms};
use crate::packet::Packet;

/// Nothing of VRRP leaves this host any more.
fn mute(node: &Node) {
    node.run("nft add table ip t");
    node.run("nft add chain ip t out { type filter hook output priority 0 ; }");
    node.run("nft add rule ip t out ip protocol 112 drop");
}

#[test]
fn a_link_that_carries_one_way_only_and_a_router_that_took_over() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.2", ""));
        a.active();
        let b = lan.b.vrrpd(&instance(51, 100, "0.2", ""));
        is_explained(&lan.b, "V51", "A better one serves");
        lan.segment.cut(&lan.a.host, &lan.b.host).unwrap();
        is_explained(&lan.b, "V51", "The other one fell silent");
        is_explained(&lan.a, "V51", "One-way link: both serve");
        lan.segment.heal_all().unwrap();
        is_explained(&lan.b, "V51", "A better one serves");
        assert_eq!(post(&lan.b, "/v1/takeover", "{}").outcomes(), ["raised"]);
        is_explained(&lan.b, "V51", "It took over by command");
        post(&lan.b, "/v1/takeover", r#"{"undo": true}"#);
        is_explained(&lan.b, "V51", "A better one serves");
        // What is over is no reason: neither the contest nor the takeover.
        super::wait(&lan.a, "V51", "serves in peace", |explained| said(explained, "because")[0].0 == "preempting");
        a.signal(Signal::SIGTERM);
        is_explained(&lan.b, "V51", "The other one gave up");
        drop(b);
    });
}

#[test]
fn routers_that_do_not_understand_each_other_name_what_differs() {
    isolated(|| {
        let lan = Lan::new();
        let version2 = |priority| instance(51, priority, "1", "").replace("version 3", "version 2");
        let pass = |word: &str, priority| {
            let auth = format!("advert_int 1\n  authentication {{\n    auth_type PASS\n    auth_pass {word}\n  }}");
            version2(priority).replace("advert_int 1", &auth)
        };
        let a = lan.a.vrrpd(&pass("one", 150));
        let b = lan.b.vrrpd(&pass("two", 100));
        is_explained(&lan.a, "V51", "Passwords differ");
        is_explained(&lan.b, "V51", "Passwords differ");
        b.reload(&instance(51, 100, "1", ""));
        a.reload(&version2(150));
        is_explained(&lan.a, "V51", "Versions differ");
    });
}

#[test]
fn packets_that_do_not_count_are_named_while_they_come() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.2", ""));
        a.active();
        let flood = |change: fn(&mut Packet)| {
            let mut packet = Packet::v3(51, ip("10.0.0.9"), &[ip(VIP)]);
            packet.priority = 100;
            change(&mut packet);
            let frame = packet.frame(lan.client.mac, lan.a.mac);
            lan.client.host.flood("eth0", vec![frame], 10, super::LONG).unwrap()
        };
        let routed = flood(|packet| packet.ttl = 64);
        is_explained(&lan.a, "V51", "Packets come through a router, or are forged");
        drop(routed);
        // When it is over it is no reason any more, and is told with its age.
        is_explained(&lan.a, "V51", "Nobody was heard");
        is_explained(&lan.a, "V51", "Forged or routed packets");
        let unicast = "unicast_src_ip 10.0.0.1\n  unicast_peer {\n    10.0.0.2\n  }";
        a.reload(&instance(51, 150, "0.2", &format!("check_unicast_src\n  {unicast}")));
        let spoken = flood(|packet| packet.destination = ip("10.0.0.1"));
        is_explained(&lan.a, "V51", "Somebody who is no peer (`check_unicast_src`)");
        a.reload(&instance(51, 150, "0.2", unicast));
        is_explained(&lan.a, "V51", "A speaker that is no peer");
        drop(spoken);
    });
}

#[test]
fn an_address_that_another_host_has_and_sending_that_fails() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.2", ""));
        a.active();
        is_explained(&lan.a, "V51", "Nobody was heard");
        lan.client.host.add_address("eth0", &format!("{VIP}/24")).unwrap();
        is_explained(&lan.a, "V51", "Another host has the address");
        let conflict = &said(&explained(&lan.a, "V51"), "because")[0].1;
        assert!(conflict.contains(&lan.client.mac.to_string()), "{conflict}");
        lan.client.host.remove_address("eth0", &format!("{VIP}/24")).unwrap();
        is_explained(&lan.a, "V51", "Nobody was heard");
        mute(&lan.a);
        is_explained(&lan.a, "V51", "Sending fails");
        lan.a.run("nft delete table ip t");
        is_explained(&lan.a, "V51", "Nobody was heard");
    });
}

#[test]
fn a_host_that_stood_still_says_so_and_remembers_how_late_it_was() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.5", ""));
        a.active();
        let seen = (0..10).any(|_| {
            a.signal(Signal::SIGSTOP);
            // Longer than Active_Down_Interval.
            std::thread::sleep(ms(3000));
            a.signal(Signal::SIGCONT);
            // It holds for one Active_Down_Interval, which a busy machine may sleep through.
            let end = std::time::Instant::now() + ms(3000);
            core::iter::from_fn(|| (std::time::Instant::now() < end).then(|| explained(&lan.a, "V51")))
                .any(|explained| said(&explained, "because")[0].0 == "stalled")
        });
        assert!(seen);
        is_explained(&lan.a, "V51", "The engine was late");
        is_explained(&lan.a, "V51", "Nobody was heard");
        a.signal(Signal::SIGSTOP);
        std::thread::sleep(ms(3000));
        a.signal(Signal::SIGCONT);
        is_explained(&lan.a, "V51", "The host stood still");
    });
}
