//! The virtual routers of one host: whose packet, whose deadline.

use core::time::Duration;

use proptest::prelude::*;
use vrrp_core::{
    AddressList, Config, Input, Instant, InterfaceId, Key, Name, Node, Occupied, Output, Reject, RouterId,
    VirtualRouter,
};
use vrrp_wire::{AdverInterval, Family, Priority, Version, Vrid};

use crate::fixture::{QUIET, advert, advertisements, at};

fn of(vrid: u8, family: Family) -> Config {
    let addresses = match family {
        Family::V4 => AddressList::of(family, [[10, 0, 0, 100].into()]),
        Family::V6 => AddressList::of(family, [[0xfe80, 0, 0, 0, 0, 0, 0, 1].into()]),
    };
    Config { announce: QUIET, ..Config::new(Version::V3, Vrid::new(vrid).unwrap(), addresses) }
}

fn v4(vrid: u8) -> Config {
    of(vrid, Family::V4)
}

/// Lets everything fire that is due by `now`, at `now`.
fn expire(node: &mut Node, now: Instant) -> Vec<(RouterId, Vec<Output>)> {
    core::iter::from_fn(|| node.expire(now)).map(|(id, orders)| (id, orders.iter().collect())).collect()
}

#[test]
fn interface_family_and_vrid_together_tell_virtual_routers_apart() {
    let mut node = Node::new();
    let ids = [
        node.insert(InterfaceId(1), v4(51)),
        node.insert(InterfaceId(2), v4(51)),
        node.insert(InterfaceId(1), v4(52)),
        node.insert(InterfaceId(1), of(51, Family::V6)),
    ]
    .map(Result::unwrap);
    assert_eq!(node.insert(InterfaceId(1), v4(51)), Err(Occupied(ids[0])));
    let key = Key { interface: InterfaceId(1), family: Family::V6, vrid: Vrid::new(51).unwrap() };
    assert_eq!(node.find(&key), Some(ids[3]));
    assert_eq!(node.key(ids[3]), Some(key));
    assert_eq!(node.routers().count(), 4);
}

#[test]
fn two_thousand_routers_take_over_each_at_its_own_moment() {
    let mut node = Node::new();
    let mut ids = Vec::new();
    for interface in 0..8 {
        for vrid in 1..=250 {
            ids.push(node.insert(InterfaceId(interface), v4(vrid)).unwrap());
        }
    }
    for (place, &id) in ids.iter().enumerate() {
        let now = Instant::from_nanos(place as u64 * 1_000);
        let _ = node.handle(now, id, Input::Startup);
    }
    let mut claimed = Vec::new();
    while let Some(due) = node.next_timeout().filter(|due| *due < at(3_700)) {
        for (id, orders) in expire(&mut node, due) {
            assert!(orders.contains(&Output::Claim));
            claimed.push((due, id));
        }
    }
    let expected: Vec<_> = ids
        .iter()
        .enumerate()
        .map(|(place, &id)| (Instant::from_nanos(3_609_375_000 + place as u64 * 1_000), id))
        .collect();
    assert_eq!(claimed, expected);
}

#[test]
fn a_deadline_that_was_pushed_back_costs_an_idle_wake_up_and_no_takeover() {
    let mut node = Node::new();
    let id = node.insert(InterfaceId(1), v4(51)).unwrap();
    let _ = node.handle(at(0), id, Input::Startup);
    let early = node.next_timeout().unwrap();
    let _ = node.handle(at(3_000), id, advert(200, 3));
    let due = at(3_000) + Duration::from_nanos(3_609_375_000);
    // Whoever asks for the exact moment is spared the idle wake-up.
    assert_eq!(node.clone().exact_timeout(), Some(due));
    assert!(expire(&mut node, early).is_empty());
    assert_eq!(node.next_timeout().unwrap(), due);
}

#[test]
fn what_was_left_of_a_removed_router_fires_nothing_for_its_successor() {
    let mut node = Node::new();
    let old = node.insert(InterfaceId(1), v4(51)).unwrap();
    let _ = node.handle(at(0), old, Input::Startup);
    assert!(node.remove(old).is_some());
    assert!(node.remove(old).is_none());
    let new = node.insert(InterfaceId(1), v4(52)).unwrap();
    assert_eq!(new, old, "the number is given to another");
    let _ = node.handle(at(2_000), new, Input::Startup);
    assert!(expire(&mut node, at(4_000)).is_empty());
    assert_eq!(node.router(new).unwrap().state().name(), Name::Backup);
    assert_eq!(expire(&mut node, at(5_610)).len(), 1);
}

#[test]
fn nothing_happens_to_a_router_that_is_not_there() {
    let mut node = Node::new();
    let id = node.insert(InterfaceId(1), v4(51)).unwrap();
    let _ = node.remove(id);
    assert!(node.handle(at(0), id, Input::Resume).is_empty());
    assert!(node.reconfigure(at(0), id, v4(51)).is_empty());
    assert!(node.router(id).is_none());
    assert_eq!(node.next_timeout(), None);
}

#[test]
fn time_that_goes_backwards_stands_still() {
    let mut node = Node::new();
    let id = node.insert(InterfaceId(1), v4(51)).unwrap();
    let _ = node.handle(at(10_000), id, Input::Startup);
    let _ = node.handle(at(5_000), id, advert(200, 3));
    let down = at(10_000) + Duration::from_nanos(3_609_375_000);
    assert_eq!(node.next_timeout(), Some(down));
    assert!(expire(&mut node, at(1)).is_empty());
}

#[test]
fn the_heap_does_not_grow_under_a_flood() {
    let mut node = Node::new();
    let id = node.insert(InterfaceId(1), v4(51)).unwrap();
    let _ = node.handle(at(0), id, Input::Startup);
    let before = format!("{node:?}").len();
    for packet in 0..50_000_u64 {
        let now = Instant::from_nanos(packet * 20_000);
        let priority = if packet % 2 == 0 { 200 } else { 0 };
        let _ = node.handle(now, id, advert(priority, 3));
    }
    assert!(format!("{node:?}").len() < 2 * before);
}

/// What moves no deadline leaves nothing in the heap either.
#[test]
fn the_heap_does_not_grow_under_a_flood_that_moves_nothing() {
    let mut node = Node::new();
    let id = node.insert(InterfaceId(1), v4(51)).unwrap();
    let _ = node.handle(at(0), id, Input::Startup);
    let foreign = Input::Rejected([10, 0, 0, 3].into(), Reject::NotAPeer);
    let before = format!("{node:?}").len();
    for packet in 0..10_000_u64 {
        let _ = node.handle(Instant::from_nanos(packet * 20_000), id, foreign);
    }
    assert!(format!("{node:?}").len() < 2 * before);
}

#[test]
fn a_router_of_a_node_takes_a_new_configuration_and_wakes_the_node_for_it() {
    let mut node = Node::new();
    let id = node.insert(InterfaceId(1), v4(51)).unwrap();
    let _ = node.handle(at(0), id, Input::Resume);
    let interval = AdverInterval::from_centis(10).unwrap();
    let orders = node.reconfigure(at(500), id, Config { interval, ..v4(51) });
    assert_eq!(orders, [Output::Advertise(Priority::DEFAULT), Output::Claim]);
    assert_eq!(node.exact_timeout(), Some(at(600)));
    assert_eq!(expire(&mut node, at(600)).len(), 1);
}

#[derive(Debug, Clone)]
enum Step {
    Insert(u8),
    Remove(u8),
    Tell(u8, u8),
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (1..9_u8).prop_map(Step::Insert),
        1 => (1..9_u8).prop_map(Step::Remove),
        6 => (1..9_u8, 0..6_u8).prop_map(|(vrid, what)| Step::Tell(vrid, what)),
        6 => (0..2_500_u64).prop_map(Step::Wait),
    ];
    proptest::collection::vec(step, 1..150)
}

fn told(what: u8) -> Input {
    match what {
        0 => Input::Startup,
        1 => Input::Resume,
        2 => advert(200, 3),
        3 => advert(0, 3),
        4 => Input::Claimed,
        _ => Input::Shutdown(vrrp_core::Stop::Now),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// The naive model: every router by itself, asked one after the other whether it is due.
    #[test]
    fn the_heap_fires_what_a_naive_host_would_fire(steps in steps()) {
        let mut node = Node::new();
        let mut naive: Vec<(u8, RouterId, VirtualRouter)> = Vec::new();
        let mut now = at(0);
        for step in steps {
            match step {
                Step::Insert(vrid) => {
                    if let Ok(id) = node.insert(InterfaceId(0), v4(vrid)) {
                        naive.push((vrid, id, VirtualRouter::new(v4(vrid), vrid.into())));
                    }
                }
                Step::Remove(vrid) => {
                    if let Some(place) = naive.iter().position(|(other, ..)| *other == vrid) {
                        let (_, id, _) = naive.remove(place);
                        prop_assert!(node.remove(id).is_some());
                    }
                }
                Step::Tell(vrid, what) => {
                    if let Some((_, id, router)) = naive.iter_mut().find(|(other, ..)| *other == vrid) {
                        let orders: Vec<_> = node.handle(now, *id, told(what)).iter().collect();
                        let expected: Vec<_> = router.handle(now, told(what)).iter().collect();
                        prop_assert_eq!(orders, expected);
                    }
                }
                Step::Wait(millis) => {
                    now = now + Duration::from_millis(millis);
                    let mut fired = expire(&mut node, now);
                    let mut expected = Vec::new();
                    for (_, id, router) in &mut naive {
                        while router.next_timeout().is_some_and(|(due, _)| due <= now) {
                            let orders = router.handle(now, Input::Timeout);
                            expected.push((*id, orders.iter().collect::<Vec<_>>()));
                        }
                    }
                    fired.sort_by_key(|(id, _)| *id);
                    expected.sort_by_key(|(id, _)| *id);
                    prop_assert_eq!(fired, expected);
                }
            }
            let earliest = naive.iter().filter_map(|(_, _, router)| router.next_timeout()).min_by_key(|(due, _)| *due);
            if let Some((due, _)) = earliest {
                prop_assert!(node.next_timeout().is_some_and(|wakes| wakes <= due));
            }
            prop_assert_eq!(node.exact_timeout(), earliest.map(|(due, _)| due));
        }
    }
}

#[test]
fn a_node_advertises_for_each_of_its_active_routers() {
    let mut node = Node::new();
    for vrid in 1..=3 {
        let id = node.insert(InterfaceId(1), v4(vrid)).unwrap();
        assert_eq!(advertisements(&node.handle(at(0), id, Input::Resume)), 1);
    }
    assert_eq!(expire(&mut node, at(1_000)).len(), 3);
}
