//! Claiming and releasing, and how addresses look in the kernel.

#![expect(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "test code")]

use core::net::IpAddr;

use crate::support::{alone, find, ip, keep, kernel, veth};
use netlink_packet_route::address::AddressFlags as Flags;
use vrrp_netlink::{Address, Command, Event, Lifetime, Options, OwnerId, Scope};

const ONE: OwnerId = OwnerId(1);
const TWO: OwnerId = OwnerId(2);

fn address(text: &str, prefix: u8) -> Address {
    Address::new(text.parse().unwrap(), prefix, "v0")
}

alone! {
    fn a_claim_adds_the_marked_address_and_a_release_removes_it() {
        veth("v0");
        let mut kept = keep(Options::default());
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32), address("2001:db8::1", 128)]);
        kept.so_far();
        assert_eq!(find("192.0.2.1"), None, "declaring adds nothing");
        kept.keeper.claim(ONE);
        kept.placed(1);
        assert_eq!(find("192.0.2.1").unwrap().protocol, Some(112));
        assert_eq!(find("2001:db8::1").unwrap().protocol, Some(112));
        kept.keeper.release(ONE);
        kept.released(1);
        assert_eq!((find("192.0.2.1"), find("2001:db8::1")), (None, None));
    }

    fn ipv6_is_usable_at_once_and_a_host_address_is_no_source() {
        veth("v0");
        ip("link set v0-peer down");
        let mut kept = keep(Options::default());
        let mut forever = address("2001:db8::3", 128);
        forever.preferred_lft = Some(Lifetime::Forever);
        kept.keeper.declare(ONE, vec![address("2001:db8::1", 128), address("2001:db8:1::1", 64), forever]);
        kept.keeper.claim(ONE);
        kept.placed(1);
        for text in ["2001:db8::1", "2001:db8:1::1", "2001:db8::3"] {
            let flags = find(text).unwrap().flags;
            assert!(flags.contains(Flags::Nodad) && !flags.contains(Flags::Tentative), "{text} {flags:?}");
        }
        assert_eq!(find("2001:db8::1").unwrap().preferred, 0);
        assert!(find("2001:db8::1").unwrap().flags.contains(Flags::Deprecated));
        assert_eq!(find("2001:db8:1::1").unwrap().preferred, u32::MAX);
        assert_eq!(find("2001:db8::3").unwrap().preferred, u32::MAX);
    }

    fn label_broadcast_scope_peer_and_flags_appear_as_asked() {
        veth("v0");
        let mut kept = keep(Options::default());
        let mut dressed = address("192.0.2.1", 24);
        dressed.label = Some("v0:vip".into());
        dressed.broadcast = Some([192, 0, 2, 255].into());
        dressed.scope = Some(Scope::LINK);
        dressed.flags.noprefixroute = true;
        let mut far = address("192.0.2.2", 32);
        far.peer = Some(([198, 51, 100, 0].into(), 24));
        let mut six = address("2001:db8::1", 64);
        six.flags.home = true;
        six.flags.noprefixroute = true;
        six.flags.mngtmpaddr = true;
        kept.keeper.declare(ONE, vec![dressed, far, six]);
        kept.keeper.claim(ONE);
        kept.placed(1);
        let seen = find("192.0.2.1").unwrap();
        assert_eq!((seen.label.as_deref(), seen.scope, seen.prefix), (Some("v0:vip"), 253, 24));
        assert_eq!(seen.broadcast, Some([192, 0, 2, 255].into()));
        assert!(seen.flags.contains(Flags::Noprefixroute));
        let seen = find("192.0.2.2").unwrap();
        assert_eq!((seen.far, seen.prefix), (IpAddr::from([198, 51, 100, 0]), 24));
        assert_eq!(seen.label.as_deref(), Some("v0"));
        let seen = find("2001:db8::1").unwrap();
        assert!(seen.flags.contains(Flags::Homeaddress | Flags::Noprefixroute | Flags::Managetempaddr));
        kept.keeper.release(ONE);
        kept.released(1);
        assert_eq!(kernel().iter().filter(|seen| seen.protocol == Some(112)).count(), 0);
    }

    fn an_address_that_two_claim_stays_until_both_release() {
        veth("v0");
        let mut kept = keep(Options::default());
        for owner in [ONE, TWO] {
            kept.keeper.declare(owner, vec![address("192.0.2.1", 32)]);
        }
        kept.keeper.send(vec![Command::Claim(ONE), Command::Claim(TWO)]);
        kept.placed(1);
        kept.placed(2);
        kept.keeper.release(ONE);
        kept.released(1);
        assert!(find("192.0.2.1").is_some());
        kept.keeper.release(TWO);
        kept.released(2);
        assert_eq!(find("192.0.2.1"), None);
    }

    fn a_new_declaration_of_a_claimed_owner_applies_the_difference_only() {
        veth("v0");
        let mut kept = keep(Options::default());
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32), address("192.0.2.2", 32)]);
        kept.keeper.claim(ONE);
        kept.placed(1);
        let mut labelled = address("192.0.2.3", 32);
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32), labelled.clone()]);
        kept.placed(1);
        kept.so_far();
        assert!(find("192.0.2.1").is_some());
        assert_eq!(find("192.0.2.2"), None);
        assert!(find("192.0.2.3").is_some());
        labelled.label = Some("v0:new".into());
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32), labelled]);
        kept.placed(1);
        assert_eq!(find("192.0.2.3").unwrap().label.as_deref(), Some("v0:new"));
    }

    fn a_forgotten_owner_leaves_nothing() {
        veth("v0");
        let mut kept = keep(Options::default());
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32), address("2001:db8::1", 64)]);
        kept.keeper.claim(ONE);
        kept.placed(1);
        kept.keeper.forget(ONE);
        kept.released(1);
        assert_eq!((find("192.0.2.1"), find("2001:db8::1")), (None, None));
        kept.keeper.claim(ONE);
        kept.placed(1);
        assert_eq!(find("192.0.2.1"), None, "what was declared before is forgotten");
    }

    fn what_was_asked_before_the_keeper_is_dropped_is_done() {
        veth("v0");
        let mut kept = keep(Options::default());
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32)]);
        kept.keeper.claim(ONE);
        kept.placed(1);
        kept.keeper.release(ONE);
        drop(kept);
        assert_eq!(find("192.0.2.1"), None);
    }

    fn a_keeper_that_is_dropped_leaves_claimed_addresses_in_place() {
        veth("v0");
        let mut kept = keep(Options::default());
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32)]);
        kept.keeper.claim(ONE);
        kept.placed(1);
        drop(kept);
        assert!(find("192.0.2.1").is_some());
    }

    fn a_refusal_is_reported_in_the_kernels_words_and_ends_with_its_cause() {
        veth("v0");
        std::fs::write("/proc/sys/net/ipv6/conf/v0/disable_ipv6", "1").unwrap();
        let mut kept = keep(Options::default());
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32), address("2001:db8::1", 64)]);
        kept.keeper.claim(ONE);
        let (errno, text, attempts) = kept.until("refused", |event| match event {
            Event::Refused { owner: ONE, errno, text, attempts, .. } => Some((*errno, text.clone(), *attempts)),
            _ => None,
        });
        assert_eq!((errno, attempts), (13, 1), "EACCES");
        assert!(text.unwrap().contains("IPv6 is disabled"));
        let missing = kept.until("placed in part", |event| match event {
            Event::Placed { missing, .. } => Some(missing.clone()),
            _ => None,
        });
        assert_eq!(*missing, ["2001:db8::1".parse::<IpAddr>().unwrap()]);
        assert!(find("192.0.2.1").is_some());
        std::fs::write("/proc/sys/net/ipv6/conf/v0/disable_ipv6", "0").unwrap();
        kept.placed(1);
        assert!(find("2001:db8::1").is_some());
    }

    fn a_label_that_cannot_be_is_refused() {
        veth("v0");
        let mut kept = keep(Options::default());
        let mut long = address("192.0.2.1", 32);
        long.label = Some("v0:a-label-that-is-too-long".into());
        kept.keeper.declare(ONE, vec![long]);
        kept.keeper.claim(ONE);
        let errno = kept.until("refused", |event| match event {
            Event::Refused { errno, .. } => Some(*errno),
            _ => None,
        });
        assert_eq!(errno, 34, "ERANGE");
        assert_eq!(find("192.0.2.1"), None);
    }
}
