//! What is told of links and of the addresses that may serve as a source.
#![expect(clippy::wildcard_enum_match_arm, reason = "test code")]

use crate::support::{Kept, alone, ip, keep, veth};
use vrrp_netlink::{Address, Event, LinkState, Options, OwnerId, Resync};

const ONE: OwnerId = OwnerId(1);

/// Waits for a state of `v0` of which something holds.
fn state(kept: &mut Kept, what: &str, holds: impl Fn(&LinkState) -> bool) -> LinkState {
    kept.until(what, |event| match event {
        Event::Link(link) if &*link.name == "v0" && holds(link) => Some(link.clone()),
        _ => None,
    })
}

fn sources(link: &LinkState) -> Vec<(String, bool)> {
    link.sources.iter().map(|source| (format!("{}/{}", source.address, source.prefix), source.declared)).collect()
}

fn source(text: &str, declared: bool) -> (String, bool) {
    (text.to_owned(), declared)
}

alone! {
    fn what_is_there_at_the_start_is_told_first() {
        veth("v0");
        ip("link set v0 address 02:00:00:00:00:07 mtu 1400");
        let mut kept = keep(Options::default());
        let mut links = Vec::new();
        kept.until("the end of the first listing", |event| match event {
            Event::Link(link) => {
                links.push(link.clone());
                None
            }
            Event::Resynced { reason: Resync::Start } => Some(()),
            other => panic!("{other:?}"),
        });
        assert_eq!(links.len(), 3);
        let link = links.iter().find(|link| &*link.name == "v0").unwrap();
        assert_eq!(link.mac, Some([2, 0, 0, 0, 0, 7]));
        assert_eq!((link.mtu, link.up, link.running), (1400, true, true));
        assert_eq!((link.multicast, link.loopback), (true, false));
        assert!(links.iter().find(|link| &*link.name == "lo").unwrap().loopback);
    }

    fn a_link_is_told_of_as_it_comes_changes_and_goes() {
        let mut kept = keep(Options::default());
        veth("v0");
        let link = state(&mut kept, "running", |link| link.running);
        ip("link set v0-peer down");
        let cut = state(&mut kept, "no carrier", |link| !link.running);
        assert!(cut.up);
        ip("link set v0 down");
        state(&mut kept, "down", |link| !link.up);
        ip("link set v0 name w0");
        let renamed = kept.until("renamed", |event| match event {
            Event::Link(link) if &*link.name == "w0" => Some(link.index),
            _ => None,
        });
        assert_eq!(renamed, link.index);
        ip("link del w0");
        let gone = kept.until("gone", |event| match event {
            Event::LinkGone { name, index } if &**name == "w0" => Some(*index),
            _ => None,
        });
        assert_eq!(gone, link.index);
    }

    fn a_link_that_leaves_its_bridge_is_not_gone() {
        veth("v0");
        ip("link add br0 type bridge");
        ip("link set v0 master br0");
        let mut kept = keep(Options::default());
        ip("link set v0 nomaster");
        let events = kept.so_far();
        assert!(!events.iter().any(|event| matches!(event, Event::LinkGone { .. })), "{events:?}");
    }

    fn sources_come_in_the_kernels_order_without_what_we_added() {
        veth("v0");
        std::fs::write("/proc/sys/net/ipv4/conf/v0/promote_secondaries", "1").unwrap();
        for text in ["192.0.2.9/24", "192.0.2.8/24", "198.51.100.1/24", "fe80::9/64 nodad", "2001:db8::9/64 nodad"] {
            ip(&format!("address add dev v0 {text}"));
        }
        let mut kept = keep(Options::default());
        let link = state(&mut kept, "listed", |_| true);
        let expected = ["192.0.2.9/24", "198.51.100.1/24", "192.0.2.8/24", "fe80::9/64"];
        assert_eq!(sources(&link), expected.map(|text| source(text, false)));
        let virtual_addresses = vec![
            Address::new([192, 0, 2, 1].into(), 24, "v0"),
            Address::new([198, 51, 100, 1].into(), 24, "v0"),
            Address::new("fe80::1".parse().unwrap(), 64, "v0"),
        ];
        kept.keeper.declare(ONE, virtual_addresses);
        let link = state(&mut kept, "declared", |_| true);
        assert_eq!(sources(&link)[1], source("198.51.100.1/24", true), "an address owner's");
        kept.keeper.claim(ONE);
        kept.placed(1);
        let events = kept.so_far();
        assert!(!events.iter().any(|event| matches!(event, Event::Link(_))), "our own are no news: {events:?}");
        ip("address del 192.0.2.9/24 dev v0");
        let link = state(&mut kept, "the next in line", |link| link.sources.len() == 3);
        assert_eq!(sources(&link)[1], source("192.0.2.8/24", false));
        assert_eq!(sources(&link)[0], source("198.51.100.1/24", true));
    }

    fn a_tentative_link_local_is_no_source_until_it_is_settled() {
        veth("v0");
        let mut kept = keep(Options::default());
        state(&mut kept, "listed", |_| true);
        ip("address add fe80::9/64 dev v0");
        let link = state(&mut kept, "settled", |link| !link.sources.is_empty());
        assert_eq!(sources(&link), [source("fe80::9/64", false)]);
        let settled = crate::support::find("fe80::9").unwrap().flags;
        assert!(!settled.contains(netlink_packet_route::address::AddressFlags::Tentative));
    }
}
