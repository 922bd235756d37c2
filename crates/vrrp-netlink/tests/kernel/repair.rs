//! What others do to addresses and links, and how the wanted set comes back.
#![expect(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "test code")]

use core::time::Duration;

use crate::support::{Kept, alone, find, ip, keep, kernel, veth};
use netlink_packet_route::address::AddressFlags as Flags;
use vrrp_netlink::{Address, Event, Options, OwnerId};

const ONE: OwnerId = OwnerId(1);

fn address(text: &str, prefix: u8) -> Address {
    Address::new(text.parse().unwrap(), prefix, "v0")
}

fn claimed(addresses: Vec<Address>) -> Kept {
    let mut kept = keep(Options::default());
    kept.keeper.declare(ONE, addresses);
    kept.keeper.claim(ONE);
    kept.placed(1);
    kept
}

fn restored(kept: &mut Kept) -> (Duration, u32) {
    kept.until("restored", |event| match event {
        Event::Restored { missing_for, times, .. } => Some((*missing_for, *times)),
        _ => None,
    })
}

/// Takes an address away; tells how long it was missing.
fn steal(kept: &mut Kept, text: &str) -> Duration {
    ip(&format!("address del {text} dev v0"));
    let (missing_for, times) = restored(kept);
    assert_eq!(times, 1);
    missing_for
}

fn is_restored(event: &Event) -> bool {
    matches!(event, Event::Restored { .. })
}

/// A secondary of an administrator and one of another owner, in the subnet of a primary of ours.
fn secondaries(kept: &mut Kept) -> (crate::support::Seen, crate::support::Seen) {
    ip("address add 192.0.2.3/24 dev v0 label v0:mine");
    kept.keeper.declare(OwnerId(2), vec![address("192.0.2.2", 24)]);
    kept.keeper.claim(OwnerId(2));
    kept.placed(2);
    let (theirs, other) = (find("192.0.2.3").unwrap(), find("192.0.2.2").unwrap());
    assert!(theirs.flags.contains(Flags::Secondary) && other.flags.contains(Flags::Secondary));
    (theirs, other)
}

alone! {
    fn a_stolen_address_is_back_within_milliseconds() {
        veth("v0");
        let mut kept = claimed(vec![address("192.0.2.1", 32), address("2001:db8::1", 128)]);
        for text in ["192.0.2.1/32", "2001:db8::1/128"] {
            // The least of some: a busy machine delays the others.
            let least = (0..5).map(|_| steal(&mut kept, text)).min().unwrap();
            assert!(least < Duration::from_millis(5), "{least:?}");
        }
        assert_eq!(find("192.0.2.1").unwrap().protocol, Some(112));
        assert!(find("2001:db8::1").is_some());
        let more = kept.so_far();
        assert!(!more.iter().any(|event| is_restored(event) || matches!(event, Event::Placed { .. })), "{more:?}");
    }

    fn an_address_that_is_not_tracked_stays_away_until_the_next_claim() {
        veth("v0");
        let mut loose = address("192.0.2.1", 32);
        loose.tracked = false;
        let mut kept = claimed(vec![loose, address("192.0.2.2", 32)]);
        ip("address del 192.0.2.1/32 dev v0");
        ip("address del 192.0.2.2/32 dev v0");
        restored(&mut kept);
        kept.so_far();
        assert_eq!(find("192.0.2.1"), None);
        kept.keeper.claim(ONE);
        kept.placed(1);
        assert!(find("192.0.2.1").is_some());
    }

    fn secondaries_that_the_kernel_drops_with_their_primary_come_back() {
        veth("v0");
        std::fs::write("/proc/sys/net/ipv4/conf/v0/promote_secondaries", "0").unwrap();
        ip("address add 192.0.2.1/24 dev v0");
        let mut kept = claimed((10..20).map(|last| address(&format!("192.0.2.{last}"), 24)).collect());
        assert!(find("192.0.2.15").unwrap().flags.contains(Flags::Secondary));
        ip("address del 192.0.2.1/24 dev v0");
        for _ in 10..20 {
            restored(&mut kept);
        }
        assert_eq!(kernel().iter().filter(|seen| seen.protocol == Some(112)).count(), 10);
    }

    fn releasing_a_primary_takes_no_secondary_with_it_whosever_it_is() {
        veth("v0");
        std::fs::write("/proc/sys/net/ipv4/conf/v0/promote_secondaries", "0").unwrap();
        let mut kept = claimed(vec![address("192.0.2.1", 24)]);
        let (theirs, other) = secondaries(&mut kept);
        ip("route add 203.0.113.0/24 via 192.0.2.200");
        kept.keeper.release(ONE);
        kept.released(1);
        assert_eq!(find("192.0.2.1"), None);
        assert_eq!(find("192.0.2.3").unwrap().stamps.0, theirs.stamps.0, "not for an instant");
        assert_eq!(find("192.0.2.2").unwrap().stamps.0, other.stamps.0, "not for an instant");
        ip("route get 203.0.113.1 from 192.0.2.3");
        let switch = std::fs::read_to_string("/proc/sys/net/ipv4/conf/v0/promote_secondaries").unwrap();
        assert_eq!(switch.trim(), "0", "as it was before");
        assert!(!kept.so_far().iter().any(is_restored));
    }

    fn where_the_switch_cannot_be_set_what_others_lost_is_put_back() {
        veth("v0");
        std::fs::write("/proc/sys/net/ipv4/conf/v0/promote_secondaries", "0").unwrap();
        let mut kept = claimed(vec![address("192.0.2.1", 24)]);
        let (theirs, _) = secondaries(&mut kept);
        crate::support::seal_sysctl();
        kept.keeper.release(ONE);
        kept.released(1);
        restored(&mut kept);
        assert_eq!(find("192.0.2.1"), None);
        assert!(find("192.0.2.2").is_some());
        let again = find("192.0.2.3").unwrap();
        assert_eq!((&again.label, again.scope, again.protocol), (&theirs.label, theirs.scope, theirs.protocol));
        let events = kept.so_far();
        let reported = events.iter().rev().find_map(|event| match event {
            Event::Link(link) if &*link.name == "v0" => Some(link.sources.len()),
            _ => None,
        });
        assert_eq!(reported, Some(1), "known again as a source");
    }

    fn ipv6_addresses_return_when_their_link_does() {
        veth("v0");
        let mut kept = claimed(vec![address("2001:db8::1", 64), address("192.0.2.1", 32)]);
        ip("link set v0 down");
        kept.so_far();
        assert_eq!(find("2001:db8::1"), None, "the kernel dropped it");
        ip("link set v0 up");
        kept.placed(1);
        let flags = find("2001:db8::1").unwrap().flags;
        assert!(!flags.contains(Flags::Tentative));
        assert!(!kept.so_far().iter().any(is_restored), "the kernel is no thief");
    }

    fn a_link_that_comes_late_gets_its_addresses() {
        let mut kept = keep(Options::default());
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32), address("2001:db8::1", 64)]);
        kept.keeper.claim(ONE);
        let missing = kept.until("an answer", |event| match event {
            Event::Placed { missing, .. } => Some(missing.len()),
            _ => None,
        });
        assert_eq!(missing, 2);
        veth("v0");
        kept.placed(1);
        assert!(find("192.0.2.1").is_some() && find("2001:db8::1").is_some());
    }

    fn a_link_made_anew_gets_its_addresses_under_its_new_index() {
        veth("v0");
        let mut kept = claimed(vec![address("192.0.2.1", 32), address("2001:db8::1", 64)]);
        let before = find("192.0.2.1").unwrap().index;
        ip("link del v0");
        kept.until("gone", |event| match event {
            Event::LinkGone { name, .. } if &**name == "v0" => Some(()),
            _ => None,
        });
        veth("v0");
        kept.placed(1);
        assert_ne!(find("192.0.2.1").unwrap().index, before);
        assert!(find("2001:db8::1").is_some());
    }

    fn a_link_that_takes_another_name_gives_its_addresses_up_to_the_one_that_takes_the_old_name() {
        veth("v0");
        veth("w0");
        let mut kept = claimed(vec![address("192.0.2.1", 32)]);
        let old = find("192.0.2.1").unwrap().index;
        ip("link set v0 down");
        ip("link set v0 name x0");
        ip("link set x0 up");
        kept.so_far();
        assert_eq!(find("192.0.2.1"), None, "it was wanted on v0");
        ip("link set w0 down");
        ip("link set w0 name v0");
        kept.placed(1);
        let seen: Vec<u32> =
            kernel().iter().filter(|seen| seen.protocol == Some(112)).map(|seen| seen.index).collect();
        assert_eq!(seen.len(), 1);
        assert_ne!(seen[0], old);
    }

    fn an_address_of_ours_that_failed_duplicate_detection_is_repaired() {
        veth("v0");
        ip("address add 2001:db8::1/64 dev v0-peer nodad");
        let mut kept = keep(Options::default());
        kept.keeper.declare(ONE, vec![address("2001:db8::1", 64)]);
        // As an earlier run that forgot nodad would have left it.
        crate::support::add_marked("v0", "2001:db8::1", 64);
        let mut flags = find("2001:db8::1").unwrap().flags;
        while !flags.contains(Flags::Dadfailed) {
            std::thread::yield_now();
            flags = kernel().iter().find(|seen| seen.protocol == Some(112)).unwrap().flags;
        }
        kept.keeper.claim(ONE);
        kept.placed(1);
        let flags = kernel().iter().find(|seen| seen.protocol == Some(112)).unwrap().flags;
        assert!(!flags.intersects(Flags::Dadfailed | Flags::Tentative), "{flags:?}");
    }

    fn a_thief_in_a_loop_is_answered_each_time_and_reported_seldom() {
        veth("v0");
        let mut kept = claimed(vec![address("192.0.2.1", 32)]);
        let mut thefts = 0;
        while thefts < 40 {
            if find("192.0.2.1").is_some() {
                ip("address del 192.0.2.1/32 dev v0");
                thefts += 1;
            }
        }
        let (mut events, mut times) = (0, 0);
        while times < thefts {
            times += restored(&mut kept).1;
            events += 1;
        }
        assert_eq!(times, thefts);
        assert!(events <= 8 + 4, "{events}");
        assert!(find("192.0.2.1").is_some());
    }
}
