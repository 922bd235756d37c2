//! What checks add to the priority and take from it.

use vrrp_core::{Config, Input, Output, Verdict, VirtualRouter, Weight};
use vrrp_wire::Priority;

use crate::fixture::{
    active_down_timer, advert, advertise, at, backup, config, down_interval, says, tracking, with_priority,
};

const REVERSE: Weight = Weight { amount: 0, reverse: true };

/// The effective priority of a router of priority 100 that tracks one check, after its news.
fn priority(weight: Weight, verdict: Verdict) -> u8 {
    let mut router = backup(tracking(&[(1, weight)]));
    let _ = router.handle(at(1), says(1, verdict));
    router.priority().get()
}

#[test]
fn a_positive_weight_is_added_while_the_check_is_up() {
    assert_eq!(priority(Weight::of(20), Verdict::Up), 120);
    assert_eq!(priority(Weight::of(20), Verdict::Down), 100);
    assert_eq!(priority(Weight::of(20), Verdict::Unknown), 100);
}

#[test]
fn a_negative_weight_is_subtracted_while_the_check_is_down_or_its_runner_silent() {
    assert_eq!(priority(Weight::of(-20), Verdict::Up), 100);
    assert_eq!(priority(Weight::of(-20), Verdict::Down), 80);
    assert_eq!(priority(Weight::of(-20), Verdict::Silent), 80);
    assert_eq!(priority(Weight::of(-20), Verdict::Unknown), 100);
}

#[test]
fn reverse_swaps_up_and_down_and_makes_no_silence_good() {
    let up = Weight { amount: 20, ..REVERSE };
    let down = Weight { amount: -20, ..REVERSE };
    assert_eq!([Verdict::Up, Verdict::Down].map(|verdict| priority(up, verdict)), [100, 120]);
    assert_eq!([Verdict::Up, Verdict::Down].map(|verdict| priority(down, verdict)), [80, 100]);
    assert_eq!(priority(up, Verdict::Silent), 100);
    assert_eq!(priority(down, Verdict::Silent), 80);
}

#[test]
fn a_files_number_times_its_weight_is_added() {
    assert_eq!(priority(Weight::of(1), Verdict::Value(-20)), 80);
    assert_eq!(priority(Weight::of(5), Verdict::Value(7)), 135);
    assert_eq!(priority(Weight::of(-5), Verdict::Value(7)), 65);
    assert_eq!(priority(Weight { amount: 5, reverse: true }, Verdict::Value(7)), 65);
    assert_eq!(priority(Weight::of(5), Verdict::Value(0)), 100);
}

#[test]
fn the_sum_stays_between_1_and_254() {
    assert_eq!(priority(Weight::of(253), Verdict::Up), 254);
    assert_eq!(priority(Weight::of(-253), Verdict::Down), 1);
    assert_eq!(priority(Weight::of(2), Verdict::Value(i64::MAX)), 254);
    let two = tracking(&[(1, Weight::of(200)), (2, Weight::of(-150))]);
    let mut router = backup(two);
    let _ = router.handle(at(1), says(1, Verdict::Up));
    assert_eq!(router.priority().get(), 254);
    // Added up before they are bounded: 100 + 200 - 150.
    let _ = router.handle(at(2), says(2, Verdict::Down));
    assert_eq!(router.priority().get(), 150);
}

#[test]
fn two_tracks_of_one_check_both_count() {
    let mut router = backup(tracking(&[(1, Weight::of(10)), (1, Weight::of(-30))]));
    let _ = router.handle(at(1), says(1, Verdict::Up));
    assert_eq!(router.priority().get(), 110);
    let _ = router.handle(at(2), says(1, Verdict::Down));
    assert_eq!(router.priority().get(), 70);
}

#[test]
fn the_owner_is_not_moved() {
    let owner = Config { tracks: tracking(&[(1, Weight::of(-20))]).tracks, ..with_priority(255) };
    let mut router = VirtualRouter::new(owner, 0);
    assert!(router.handle(at(1), says(1, Verdict::Down)).is_empty());
    assert_eq!(router.priority(), Priority::OWNER);
    assert!(!router.degraded());
}

#[test]
fn a_file_whose_product_is_254_below_zero_is_a_fault() {
    for (value, faulty) in [(-253, false), (-254, true), (i64::MIN, true)] {
        let mut router = backup(tracking(&[(1, Weight::of(1))]));
        let _ = router.handle(at(1), says(1, Verdict::Value(value)));
        assert_eq!(!router.causes().is_empty(), faulty, "{value}");
    }
}

#[test]
fn a_check_that_nobody_tracks_moves_nothing() {
    let mut router = backup(config());
    assert!(router.handle(at(1), says(1, Verdict::Down)).is_empty());
}

#[test]
fn news_that_is_none_orders_nothing() {
    let mut router = backup(tracking(&[(1, Weight::of(-20))]));
    let told = Output::Priority { from: Priority::new(100), to: Priority::new(80) };
    assert_eq!(router.handle(at(1), says(1, Verdict::Down)), [told]);
    assert!(router.handle(at(2), says(1, Verdict::Down)).is_empty());
    assert!(router.handle(at(3), says(1, Verdict::Silent)).is_empty());
}

#[test]
fn a_weight_moves_the_running_timer_of_a_backup() {
    let mut router = backup(tracking(&[(1, Weight::of(-20))]));
    let _ = router.handle(at(1_000), says(1, Verdict::Down));
    assert_eq!(active_down_timer(&router), at(0) + down_interval(80));
}

/// Otherwise it would take the addresses from a better router, and lose them again at its next advertisement.
#[test]
fn a_router_about_to_be_preempted_is_followed_once_it_is_the_better() {
    let mut router = backup(tracking(&[(1, Weight::of(-20))]));
    let _ = router.handle(at(3_000), advert(90, 1));
    let _ = router.handle(at(3_100), says(1, Verdict::Down));
    assert_eq!(active_down_timer(&router), at(3_000) + down_interval(80));

    let mut reloaded = backup(config());
    let _ = reloaded.handle(at(3_000), advert(90, 1));
    let _ = reloaded.reconfigure(at(3_100), with_priority(80));
    assert_eq!(active_down_timer(&reloaded), at(3_000) + down_interval(80));
}

#[test]
fn the_base_priority_and_the_weights_add_up() {
    let mut router = backup(tracking(&[(1, Weight::of(-20))]));
    let _ = router.handle(at(1), says(1, Verdict::Down));
    let _ = router.handle(at(2), Input::Priority(Priority::new(150)));
    assert_eq!(router.priority().get(), 130);
    let mut active = crate::fixture::active(tracking(&[(1, Weight::of(-20))]));
    let _ = active.handle(at(2), says(1, Verdict::Down));
    let ordered = crate::fixture::run(&mut active, at(1_002));
    assert_eq!(ordered.last(), Some(&(at(1_002), advertise(80))));
}
