use std::time::Instant;

use vrrp_lab::{Frame, Host, Lab, Segment, isolated};

use super::*;
use crate::probe::testing::{failed, run};

const SHORT: Duration = Duration::from_millis(500);
const LONG: Duration = Duration::from_secs(10);

fn gateway(targets: &[&str]) -> Gateway {
    Gateway::new(targets.iter().map(|target| target.parse().unwrap()))
}

fn probe(host: &Host, gateway: &Gateway, deadline: Duration) -> Outcome {
    host.on(|| run(gateway.probe(deadline))).unwrap()
}

/// `one` and `two` on a LAN; neither answers pings, so that what answers is ARP and Neighbor Discovery.
fn pair(lab: &Lab) -> (Segment, Host, Host) {
    let lan = lab.bridge("lan0").unwrap();
    let [one, two] = ["one", "two"].map(|name| lab.host(name).unwrap());
    one.attach(&lan, "eth0", &["10.0.0.1/24", "2001:db8::1/64"]).unwrap();
    two.attach(&lan, "eth0", &["10.0.0.2/24", "2001:db8::2/64"]).unwrap();
    for host in [&one, &two] {
        host.sysctl("net/ipv4/icmp_echo_ignore_all", "1").unwrap();
        host.sysctl("net/ipv6/icmp/echo_ignore_all", "1").unwrap();
    }
    (lan, one, two)
}

#[test]
fn a_neighbor_that_drops_pings_answers_dies_unnoticed_by_the_cache_and_returns() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (lan, one, two) = pair(&lab);
        for (target, cached) in [("10.0.0.2", "10.0.0.2"), ("2001:db8::2", "2001:db8::2")] {
            assert_eq!(probe(&one, &gateway(&[target]), LONG), Outcome::Ok, "{target}");
            one.run(&[
                "ip",
                "neigh",
                "replace",
                cached,
                "lladdr",
                "02:00:00:00:00:99",
                "nud",
                "permanent",
                "dev",
                "eth0",
            ])
            .unwrap();
            assert_eq!(probe(&one, &gateway(&[target]), LONG), Outcome::Ok, "{target}");
            lan.partition(&[&one], &[&two]).unwrap();
            let words = format!("{target} does not answer (0 of 1 reachable, 1 needed)");
            assert_eq!(probe(&one, &gateway(&[target]), SHORT), failed(&words));
            lan.heal_all().unwrap();
            assert_eq!(probe(&one, &gateway(&[target]), LONG), Outcome::Ok, "{target}");
        }
    });
}

#[test]
fn a_request_that_is_lost_is_sent_again() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (lan, one, two) = pair(&lab);
        lan.cut(&one, &two).unwrap();
        let sent = one.capture("eth0").unwrap();
        std::thread::scope(|scope| {
            let probing = scope.spawn(|| probe(&one, &gateway(&["10.0.0.2"]), LONG));
            let is_request = |frame: &Frame| frame.arp().is_some_and(|arp| arp.operation == 1);
            sent.wait_for(is_request, LONG).unwrap();
            lan.heal(&one, &two).unwrap();
            assert_eq!(probing.join().unwrap(), Outcome::Ok);
        });
    });
}

#[test]
fn a_link_local_neighbor_needs_its_interface_named() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (_lan, one, two) = pair(&lab);
        let addresses = two.addresses("eth0").unwrap();
        let local = addresses.iter().map(|address| address.ip).find(|ip| ip.to_string().starts_with("fe80")).unwrap();
        let named = Gateway { interface: Some("eth0".into()), ..Gateway::new([local]) };
        assert_eq!(probe(&one, &named, LONG), Outcome::Ok);
        let words = format!("{local} is link-local and needs an interface (0 of 1 reachable, 1 needed)");
        assert_eq!(probe(&one, &Gateway::new([local]), LONG), Outcome::CouldNotRun(words.into()));
        let absent = Gateway { interface: Some("eth7".into()), ..Gateway::new([local]) };
        let words = format!("{local} cannot be asked: eth7 is absent (0 of 1 reachable, 1 needed)");
        assert_eq!(probe(&one, &absent, LONG), failed(&words));
    });
}

#[test]
fn a_quorum_is_reached_without_waiting_for_the_silent_and_missed_with_their_names() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (_lan, one, _two) = pair(&lab);
        let started = Instant::now();
        let two = Gateway { quorum: 2, ..gateway(&["10.0.0.9", "10.0.0.2", "2001:db8::2"]) };
        assert_eq!(probe(&one, &two, LONG), Outcome::Ok);
        assert!(started.elapsed() < LONG / 2, "{:?}", started.elapsed());
        let three = Gateway { quorum: 3, ..two.clone() };
        assert_eq!(probe(&one, &three, SHORT), failed("10.0.0.9 does not answer (2 of 3 reachable, 3 needed)"));
        let none = gateway(&["10.0.0.9", "10.0.0.8", "2001:db8::9"]);
        let words = "10.0.0.9, 10.0.0.8 and 2001:db8::9 do not answer (0 of 3 reachable, 1 needed)";
        assert_eq!(probe(&one, &none, SHORT), failed(words));
        let four = Gateway { quorum: 4, ..two };
        let words = "4 of 3 targets can never answer";
        assert_eq!(probe(&one, &four, LONG), Outcome::CouldNotRun(words.into()));
    });
}

#[test]
fn an_address_of_this_host_never_counts() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (_lan, one, _two) = pair(&lab);
        for own in ["10.0.0.1", "2001:db8::1", "127.0.0.1", "127.9.9.9", "::1"] {
            let words = format!("{own} is an address of this host (0 of 1 reachable, 1 needed)");
            assert_eq!(probe(&one, &gateway(&[own]), LONG), failed(&words));
            let named = Gateway { interface: Some("eth0".into()), ..gateway(&[own]) };
            assert_eq!(probe(&one, &named, LONG), failed(&words), "on eth0");
        }
    });
}

#[test]
fn a_link_that_is_down_and_a_network_without_route_are_said() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (_lan, one, _two) = pair(&lab);
        let words = "192.0.2.1 cannot be asked: Network is unreachable (os error 101) (0 of 1 reachable, 1 needed)";
        assert_eq!(probe(&one, &gateway(&["192.0.2.1"]), LONG), failed(words));
        one.link_down("eth0").unwrap();
        let outcome = probe(&one, &gateway(&["10.0.0.2", "2001:db8::2"]), SHORT);
        assert!(matches!(&outcome, Outcome::Failed(words) if words.contains("0 of 2 reachable")), "{outcome:?}");
    });
}

/// `near` and `far`, with a router between them.
fn routed(lab: &Lab) -> (Segment, Host, Host, Host) {
    let [left, right] = ["lan1", "lan2"].map(|name| lab.bridge(name).unwrap());
    let [near, far] = ["near", "far"].map(|name| lab.host(name).unwrap());
    let router = lab.router("router").unwrap();
    router.sysctl("net/ipv6/conf/all/forwarding", "1").unwrap();
    near.attach(&left, "eth0", &["10.1.0.2/24", "2001:db8:1::2/64"]).unwrap();
    router.attach(&left, "eth0", &["10.1.0.1/24", "2001:db8:1::1/64"]).unwrap();
    router.attach(&right, "eth1", &["10.2.0.1/24", "2001:db8:2::1/64"]).unwrap();
    far.attach(&right, "eth0", &["10.2.0.2/24", "2001:db8:2::2/64"]).unwrap();
    for (host, net) in [(&near, "1"), (&far, "2")] {
        host.run(&["ip", "route", "add", "default", "via", &format!("10.{net}.0.1")]).unwrap();
        host.run(&["ip", "-6", "route", "add", "default", "via", &format!("2001:db8:{net}::1")]).unwrap();
    }
    (right, near, router, far)
}

#[test]
fn a_host_beyond_a_router_answers_echo_by_either_kind_of_socket_dies_and_returns() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (right, near, router, far) = routed(&lab);
        // At first the range is empty.
        for range in [None, Some("0\t0")] {
            if let Some(range) = range {
                near.sysctl("net/ipv4/ping_group_range", range).unwrap();
            }
            for target in ["10.2.0.2", "2001:db8:2::2"] {
                assert_eq!(probe(&near, &gateway(&[target]), LONG), Outcome::Ok, "{target}, {range:?}");
                right.partition(&[&router], &[&far]).unwrap();
                let words = format!("{target} does not answer (0 of 1 reachable, 1 needed)");
                assert_eq!(probe(&near, &gateway(&[target]), SHORT), failed(&words), "{range:?}");
                right.heal_all().unwrap();
                assert_eq!(probe(&near, &gateway(&[target]), LONG), Outcome::Ok, "{target}, {range:?}");
            }
        }
        let from = Gateway {
            interface: Some("eth0".into()),
            source: Some("10.1.0.2".parse().unwrap()),
            ..gateway(&["10.2.0.2"])
        };
        assert_eq!(probe(&near, &from, LONG), Outcome::Ok);
        let words = "2001:db8:2::2 cannot be asked from 10.1.0.2 (0 of 1 reachable, 1 needed)";
        let from = Gateway { source: from.source, ..gateway(&["2001:db8:2::2"]) };
        assert_eq!(probe(&near, &from, LONG), Outcome::CouldNotRun(words.into()));
    });
}

#[test]
fn a_process_without_the_capability_says_which_one_it_needs() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (_right, near, _router, _far) = routed(&lab);
        let outcomes = near
            .on(|| {
                drop_capabilities();
                ["10.1.0.1", "2001:db8:1::1", "10.2.0.2", "2001:db8:2::2"]
                    .map(|target| run(gateway(&[target]).probe(LONG)))
            })
            .unwrap();
        let needs = ["ARP needs CAP_NET_RAW", "Neighbor Discovery needs CAP_NET_RAW", "ICMP echo needs CAP_NET_RAW"];
        for (outcome, needs) in outcomes.iter().zip(needs.iter().chain([&needs[2]])) {
            assert!(matches!(outcome, Outcome::CouldNotRun(words) if words.contains(needs)), "{outcome:?}");
        }
    });
}

/// Drops all effective capabilities of this thread.
fn drop_capabilities() {
    caps::clear(None, caps::CapSet::Effective).unwrap();
}
