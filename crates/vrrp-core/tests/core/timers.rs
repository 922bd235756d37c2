//! The arithmetic of RFC 9568 §6.1 and RFC 3768 §6.1, to the nanosecond; and what a hash spreads.

use core::time::Duration;

use vrrp_core::{
    AddressList, Config, Habits, Input, Instant, InterfaceId, Node, Output, VirtualRouter, active_down_interval,
    skew_time,
};
use vrrp_wire::{AdverInterval, Family, Priority, Version, Vrid};

use crate::fixture::{QUIET, advert, advertisements, at, config};

fn skew(version: Version, priority: u8, centis: u16) -> u128 {
    let interval = AdverInterval::from_centis(centis).unwrap();
    skew_time(version, Priority::new(priority), interval).as_nanos()
}

fn down(version: Version, priority: u8, centis: u16) -> u128 {
    let interval = AdverInterval::from_centis(centis).unwrap();
    active_down_interval(version, Priority::new(priority), interval, 3).as_nanos()
}

#[test]
fn skew_time_is_a_share_of_the_active_routers_interval() {
    assert_eq!(skew(Version::V3, 1, 1), 9_960_937);
    assert_eq!(skew(Version::V3, 100, 1), 6_093_750);
    assert_eq!(skew(Version::V3, 254, 1), 78_125);
    assert_eq!(skew(Version::V3, 255, 1), 39_062);
    assert_eq!(skew(Version::V3, 1, 4_095), 40_790_039_062);
    assert_eq!(skew(Version::V3, 100, 4_095), 24_953_906_250);
    assert_eq!(skew(Version::V3, 254, 4_095), 319_921_875);
    assert_eq!(skew(Version::V3, 255, 4_095), 159_960_937);
}

/// ledger: v2-skew, !v2-skew
#[test]
fn skew_time_of_v2_is_a_share_of_a_second_whatever_the_interval() {
    for centis in [100, 200, 25_500] {
        assert_eq!(skew(Version::V2, 1, centis), 996_093_750);
        assert_eq!(skew(Version::V2, 100, centis), 609_375_000);
        assert_eq!(skew(Version::V2, 254, centis), 7_812_500);
        assert_eq!(skew(Version::V2, 255, centis), 3_906_250);
    }
}

#[test]
fn active_down_interval_is_three_intervals_and_skew_time() {
    assert_eq!(down(Version::V3, 1, 1), 39_960_937);
    assert_eq!(down(Version::V3, 255, 1), 30_039_062);
    assert_eq!(down(Version::V3, 1, 4_095), 163_640_039_062);
    assert_eq!(down(Version::V3, 255, 4_095), 123_009_960_937);
}

/// ledger: v2-skew
#[test]
fn the_samples_of_keepalived_come_out() {
    assert_eq!(down(Version::V3, 150, 100), 3_414_062_500);
    assert_eq!(down(Version::V2, 90, 100), 3_648_437_500);
}

#[test]
fn down_timer_adverts_stands_for_the_three() {
    let interval = AdverInterval::DEFAULT;
    let two = active_down_interval(Version::V3, Priority::DEFAULT, interval, 2);
    assert_eq!(two.as_nanos(), 2_609_375_000);
}

/// ledger: v2-skew
#[test]
fn a_v2_backup_waits_by_its_own_interval() {
    let mut router = VirtualRouter::new(
        Config { version: Version::V2, interval: AdverInterval::from_secs(2).unwrap(), ..config() },
        0,
    );
    let _ = router.handle(at(0), Input::Startup);
    let (due, _) = router.next_timeout().unwrap();
    assert_eq!(due.as_nanos(), 6_609_375_000);
}

/// The gaps between the first advertisements after a claim, of the router of this VRID.
fn gaps(vrid: u8, habits: Habits) -> Vec<Duration> {
    moments(vrid, habits).windows(2).map(|pair| pair[1].since(pair[0])).collect()
}

/// When the router of this VRID advertises, from its claim on.
fn moments(vrid: u8, habits: Habits) -> Vec<Instant> {
    let addresses = AddressList::of(Family::V4, [[10, 0, 0, 100].into()]);
    let mut node = Node::new();
    let config = Config { habits, announce: QUIET, ..Config::new(Version::V3, Vrid::new(vrid).unwrap(), addresses) };
    let id = node.insert(InterfaceId(1), config).unwrap();
    let mut sent = Vec::new();
    let orders = node.handle(Instant::ORIGIN, id, Input::Resume);
    sent.extend(core::iter::repeat_n(at(0), advertisements(&orders)));
    while sent.len() < 6 {
        let due = node.next_timeout().unwrap();
        while let Some((_, orders)) = node.expire(due) {
            sent.extend(core::iter::repeat_n(due, advertisements(&orders)));
        }
    }
    sent
}

#[test]
fn only_the_second_interval_after_a_claim_is_shortened_and_none_is_lengthened() {
    let second = Duration::from_secs(1);
    let mut shortened = 0;
    for vrid in 1..=255 {
        let gaps = gaps(vrid, Habits::default());
        assert_eq!([gaps[0], gaps[2], gaps[3], gaps[4]], [second; 4]);
        assert!(gaps[1] <= second && !gaps[1].is_zero(), "{:?}", gaps[1]);
        shortened += usize::from(gaps[1] < second);
    }
    assert!(shortened > 230);
}

#[test]
fn strict_shortens_nothing() {
    assert_eq!(gaps(51, Habits::STRICT), [Duration::from_secs(1); 5]);
}

#[test]
fn two_hundred_and_fifty_routers_that_move_together_spread_over_sixteen_slots_and_each_slot_wakes_the_host_once() {
    let mut slots = std::collections::BTreeMap::new();
    for vrid in 1..=250 {
        let last = moments(vrid, Habits::default())[5];
        *slots.entry(last.as_nanos() % 1_000_000_000).or_insert(0) += 1;
    }
    assert_eq!(slots.len(), 16, "{slots:?}");
    assert!(slots.keys().all(|phase| phase % 62_500_000 == 0), "{slots:?}");
    assert!(slots.values().all(|routers| (12..=22).contains(routers)), "{slots:?}");
}

#[test]
fn an_assertion_does_not_take_the_shortening_away() {
    let spread = Config { habits: Habits::default(), ..config() };
    let mut router = VirtualRouter::new(spread, 12_345);
    let _ = router.handle(at(0), Input::Resume);
    let _ = router.handle(at(400), advert(0, 9));
    let first = router.next_timeout().unwrap().0;
    assert_eq!(first, at(1_400));
    let orders = router.handle(first, Input::Timeout);
    assert_eq!(orders.iter().next(), Some(Output::Advertise(Priority::DEFAULT)));
    assert!(router.next_timeout().unwrap().0 < at(2_400));
}
