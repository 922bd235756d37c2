//! Who decides a tie in a sync group: its first member, and another only while the first is cut off from what it hears.

use core::net::IpAddr;

use vrrp_core::{Config, Datagram, Input, Instant, InterfaceId, Name, Node, RouterId, VirtualRouter};
use vrrp_wire::{Coverage, IpPair, Priority, Vrid};

use crate::fixture::{address, at, config};

const LINK: InterfaceId = InterfaceId(1);

/// Two members at 10.0.0.2 that are Active, VRID 1 first.
fn serving() -> (Node, [RouterId; 2]) {
    let mut node = Node::new();
    let ids = [1, 2].map(|vrid| {
        let config = Config { vrid: Vrid::new(vrid).unwrap(), ..config() };
        let id = node.insert(LINK, config).unwrap();
        let _ = node.handle(at(0), id, Input::Source(address(2)));
        id
    });
    node.group([ids.to_vec()]);
    for id in ids {
        let _ = node.handle(at(0), id, Input::Resume);
    }
    (node, ids)
}

/// The router of this VRID hears 10.0.0.9 with the priority that we have, and what follows from it is done.
fn hear(node: &mut Node, now: Instant, vrid: u8) {
    let sender = VirtualRouter::new(Config { vrid: Vrid::new(vrid).unwrap(), ..config() }, 0);
    let destination = IpAddr::V4(vrrp_wire::GROUP_V4);
    let ip = IpPair::new(address(9), destination).unwrap();
    let mut buffer = [0; 64];
    let advertisement = sender.advertisement(Priority::DEFAULT);
    let payload: &[u8] = advertisement.encode(&ip, Coverage::PseudoHeader, &mut buffer).unwrap();
    let _ = node.receive(now, LINK, &Datagram { source: address(9), destination, hop_limit: 255, payload });
    while node.expire(now).is_some() {}
}

/// [`hear`]; gives whether the group still serves.
fn serves_on(node: &mut Node, now: Instant, vrid: u8) -> bool {
    hear(node, now, vrid);
    let names: Vec<Name> = node.routers().map(|(_, router)| router.state().name()).collect();
    assert_eq!(names[0], names[1], "they move together");
    names[0] == Name::Active
}

#[test]
fn the_first_member_decides_at_once() {
    let (mut node, _) = serving();
    assert!(!serves_on(&mut node, at(500), 1));
}

#[test]
fn another_decides_once_it_has_heard_for_more_than_an_interval_and_a_half_what_the_first_does_not() {
    let (mut node, _) = serving();
    for millis in [500, 1_500, 2_000] {
        assert!(serves_on(&mut node, at(millis), 2), "{millis}");
    }
    assert!(!serves_on(&mut node, at(2_001), 2));
}

/// A lower address: the first answers it and serves on, and so it is not cut off.
#[test]
fn while_the_first_member_hears_anybody_within_its_patience_the_others_leave_it_to_it() {
    let (mut node, ids) = serving();
    let _ = node.handle(at(100), ids[0], Input::Source(address(200)));
    for millis in [500, 1_600, 2_700, 3_800] {
        assert!(serves_on(&mut node, at(millis), if millis == 500 { 1 } else { 2 }), "{millis}");
    }
    // 3.609 s after it last heard somebody it is silent about them, and an interval and a half later it is cut off.
    for millis in [4_200, 5_200] {
        assert!(serves_on(&mut node, at(millis), 2), "{millis}");
    }
    assert!(!serves_on(&mut node, at(5_701), 2));
}

/// One stray frame, and another long after it, are no router that the first member ought to hear.
#[test]
fn what_was_heard_long_ago_is_no_evidence_that_the_first_member_is_cut_off() {
    let (mut node, _) = serving();
    for millis in [500, 4_500, 5_500] {
        assert!(serves_on(&mut node, at(millis), 2), "{millis}");
    }
    assert!(!serves_on(&mut node, at(6_001), 2));
}

#[test]
fn one_that_is_in_no_group_any_more_decides_for_itself() {
    let (mut node, ids) = serving();
    node.group([]);
    hear(&mut node, at(500), 2);
    let names = ids.map(|id| node.router(id).unwrap().state().name());
    assert_eq!(names, [Name::Active, Name::Backup]);
}

#[test]
fn the_second_member_is_the_first_once_that_one_is_removed() {
    let (mut node, ids) = serving();
    let _ = node.remove(ids[0]);
    hear(&mut node, at(500), 2);
    assert_eq!(node.router(ids[1]).unwrap().state().name(), Name::Backup);
}
