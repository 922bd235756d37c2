//! `on_degraded`: what a router does whose weighted check fails.

use vrrp_core::{
    Cause, Condition, Config, Drain, Habits, Input, Name, OnDegraded, Output, Preempt, Stop, Verdict, Weight,
};

use crate::fixture::{
    active, active_down_timer, address, advert, advertise, at, backup, claims, down_interval, ms, name, run, says,
    tracking,
};

/// Priority 100, 20 less while check 1 or check 2 fails.
fn resigning() -> Config {
    let tracks = tracking(&[(1, Weight::of(-20)), (2, Weight::of(-20))]);
    Config { on_degraded: OnDegraded::Resign, ..tracks }
}

const FAILS: Input = says(1, Verdict::Down);
const RECOVERS: Input = says(1, Verdict::Up);
const UNRELIEVED: Output = Output::Raised(Condition::Unrelieved);

#[test]
fn by_default_it_serves_on_with_the_lower_priority() {
    let mut router = active(tracking(&[(1, Weight::of(-20))]));
    let orders = router.handle(at(500), FAILS);
    assert_eq!(orders.iter().last(), Some(advertise(80)), "before its time");
    assert_eq!(run(&mut router, at(1_500)).last(), Some(&(at(1_500), advertise(80))));
}

#[test]
fn it_resigns_while_serving_and_becomes_its_successors_backup() {
    let mut router = active(resigning());
    let orders = router.handle(at(500), FAILS);
    assert_eq!(orders.iter().last(), Some(advertise(0)));
    assert_eq!(name(&router), Name::Active);
    let _ = router.handle(at(1_100), advert(70, 3));
    let ordered = run(&mut router, at(1_200));
    assert_eq!(ordered[0], (at(1_120), Output::Release));
    assert!(matches!(ordered[1].1, Output::Moved { to: Name::Backup, why: Cause::HandedOver { .. }, .. }));
    assert_eq!(router.followed().map(|successor| successor.source), Some(address(3)));
    // No last lower advertisement after its own priority 0.
    assert!(router.handle(at(1_121), Input::Released).is_empty());
    assert!(run(&mut router, at(4_000)).is_empty());
}

/// keepalived's positive weights: the healthy one has more. A router without its bonus is as sick as one with a malus.
#[test]
fn whatever_a_check_is_worth_a_failing_one_is_resigned_for() {
    let reverse = true;
    for (weight, well, fails) in [
        (Weight::of(20), Verdict::Up, Verdict::Down),
        (Weight::of(20), Verdict::Up, Verdict::Silent),
        (Weight::of(-20), Verdict::Up, Verdict::Silent),
        (Weight { amount: 20, reverse }, Verdict::Down, Verdict::Up),
        (Weight { amount: -20, reverse }, Verdict::Down, Verdict::Up),
        (Weight::of(1), Verdict::Value(0), Verdict::Value(-1)),
        (Weight::of(-1), Verdict::Value(0), Verdict::Value(1)),
    ] {
        let config = tracking(&[(1, weight)]);
        let mut router = active(Config { on_degraded: OnDegraded::Resign, ..config });
        let _ = router.handle(at(100), says(1, well));
        assert!(!router.degraded(), "{weight:?} {well:?}");
        let orders = router.handle(at(500), says(1, fails));
        assert_eq!(orders.iter().last(), Some(advertise(0)), "{weight:?} {fails:?}");
    }
}

/// What a file adds is a gift, and what it does not add no illness.
#[test]
fn a_number_that_adds_or_adds_nothing_is_no_failure() {
    let mut router = active(Config { on_degraded: OnDegraded::Resign, ..tracking(&[(1, Weight::of(1))]) });
    for value in [5, 0, 3] {
        let orders = router.handle(at(500), says(1, Verdict::Value(value)));
        assert!(!orders.iter().any(|order| order == advertise(0)), "{value}");
    }
    assert!(!router.degraded());
}

/// A lower one too, and one that never preempts: they are well, and this one is not.
#[test]
fn while_degraded_it_takes_the_addresses_from_no_living_router() {
    let mut router = active(resigning());
    let _ = router.handle(at(500), FAILS);
    for second in 1..30 {
        let _ = router.handle(at(1_100 + second * 1_000), advert(70, 3));
        assert_eq!(claims(&run(&mut router, at(1_200 + second * 1_000))), []);
    }
    // It recovers, and preempts as it is configured to.
    let _ = router.handle(at(30_500), RECOVERS);
    assert_eq!(preempts(&mut router, 31), 1);
}

/// How often it claims beside a router of priority 70 that speaks each second, from this second on.
fn preempts(router: &mut vrrp_core::VirtualRouter, from: u64) -> usize {
    let mut claimed = 0;
    for second in from..from + 6 {
        claimed += claims(&run(router, at(second * 1_000 + 100))).len();
        if claimed == 0 {
            let _ = router.handle(at(second * 1_000 + 100), advert(70, 3));
        }
    }
    claimed
}

#[test]
fn where_it_is_to_stay_a_failing_check_does_not_keep_it_from_preempting_one_that_is_worse_still() {
    let mut router = backup(tracking(&[(1, Weight::of(-20))]));
    let _ = router.handle(at(100), FAILS);
    assert_eq!(preempts(&mut router, 1), 1);
}

#[test]
fn where_nobody_takes_over_it_serves_on_and_says_so() {
    let mut router = active(resigning());
    let _ = router.handle(at(500), FAILS);
    let ordered = run(&mut router, at(1_600));
    let after: Vec<_> = ordered.iter().filter(|(moment, _)| *moment == at(1_600)).map(|(_, order)| *order).collect();
    assert_eq!(after, [advertise(80), Output::Announce, UNRELIEVED]);
    assert!(!ordered.iter().any(|(_, order)| *order == Output::Release));
    // As long as it is degraded, whatever the time.
    run(&mut router, at(60_000));
    assert_eq!(router.conditions().collect::<Vec<_>>(), [Condition::Unrelieved]);
    let orders = router.handle(at(60_001), RECOVERS);
    assert_eq!(orders.iter().last(), Some(Output::Cleared(Condition::Unrelieved)));
}

#[test]
fn it_does_not_resign_again_for_a_second_failing_check() {
    let mut router = active(resigning());
    let _ = router.handle(at(500), FAILS);
    run(&mut router, at(5_000));
    let orders = router.handle(at(5_000), says(2, Verdict::Down));
    assert!(!orders.iter().any(|order| order == advertise(0)), "{orders:?}");
    assert_eq!(router.conditions().collect::<Vec<_>>(), [Condition::Unrelieved], "one of two recovers, or fails");
    assert_eq!(run(&mut router, at(6_000)).last().map(|(_, order)| *order), Some(advertise(60)));
    // Well in between, it does.
    let _ = router.handle(at(6_100), RECOVERS);
    let _ = router.handle(at(6_100), says(2, Verdict::Up));
    assert_eq!(router.handle(at(7_000), FAILS).iter().last(), Some(advertise(0)));
}

#[test]
fn one_that_recovers_while_it_hands_over_has_nothing_to_complain_of() {
    let mut router = active(resigning());
    let _ = router.handle(at(500), FAILS);
    let _ = router.handle(at(900), RECOVERS);
    let ordered = run(&mut router, at(1_600));
    assert!(ordered.contains(&(at(1_600), advertise(100))));
    assert!(!ordered.iter().any(|(_, order)| *order == UNRELIEVED));
}

#[test]
fn strictly_it_releases_with_priority_0_and_waits_a_whole_interval() {
    let mut router = active(Config { habits: Habits::STRICT, ..resigning() });
    let orders: Vec<_> = router.handle(at(500), FAILS).iter().collect();
    assert_eq!(orders[1..3], [advertise(0), Output::Release]);
    assert_eq!(name(&router), Name::Backup);
    assert_eq!(active_down_timer(&router), at(500) + down_interval(80));
}

#[test]
fn degraded_in_backup_it_stays_put_and_claims_all_the_same_when_the_active_router_dies() {
    let mut router = backup(resigning());
    let _ = router.handle(at(500), advert(200, 3));
    assert!(!router.handle(at(600), FAILS).iter().any(|order| matches!(order, Output::Advertise(_))));
    assert_eq!(name(&router), Name::Backup);
    let ordered = run(&mut router, at(5_000));
    assert_eq!(claims(&ordered), [at(500) + down_interval(80)]);
    assert!(ordered.contains(&(at(500) + down_interval(80), advertise(80))));
}

#[test]
fn priority_0_of_the_active_router_is_reason_enough_for_a_degraded_one() {
    let mut router = backup(Config { preempt: Preempt::Never, ..resigning() });
    let _ = router.handle(at(500), advert(200, 3));
    let _ = router.handle(at(600), FAILS);
    let _ = router.handle(at(700), advert(0, 3));
    assert_eq!(claims(&run(&mut router, at(5_000))).len(), 1);
}

#[test]
fn a_stop_while_it_resigns_ends_in_initialize() {
    let mut router = active(resigning());
    let _ = router.handle(at(500), FAILS);
    assert!(router.handle(at(600), Input::Shutdown(Stop::HandOver)).is_empty());
    let _ = router.handle(at(1_100), advert(70, 3));
    run(&mut router, at(1_100) + ms(20));
    assert_eq!(name(&router), Name::Initialize);
}

#[test]
fn a_drain_while_it_resigns_drains() {
    let mut router = active(resigning());
    let _ = router.handle(at(500), FAILS);
    let _ = router.handle(at(600), Input::Drain(Drain::IfRelieved));
    let _ = router.handle(at(1_100), advert(70, 3));
    run(&mut router, at(1_120));
    assert_eq!(router.causes(), [vrrp_core::Ineligible::Drained]);
}

/// A healthy peer that came meanwhile may never preempt, and is not heard.
#[test]
fn one_that_nobody_relieved_asks_again_each_minute_for_as_long_as_it_fails() {
    let resigns = |ordered: &[(_, Output)]| ordered.iter().filter(|(_, order)| *order == advertise(0)).count();
    let mut router = active(resigning());
    let first = router.handle(at(500), FAILS);
    assert!(first.iter().any(|order| order == advertise(0)));
    let _ = run(&mut router, at(50_000));
    let again = run(&mut router, at(70_000));
    assert_eq!(resigns(&again), 2, "priority 0, and once more");
    let asked = again.iter().find(|(_, order)| *order == advertise(0)).unwrap().0;
    assert_eq!(asked, at(62_000), "in place of an advertisement");
    assert_eq!(name(&router), Name::Active);
    let _ = run(&mut router, at(80_000));
    let _ = router.handle(at(80_000), RECOVERS);
    assert_eq!(resigns(&run(&mut router, at(200_000))), 0);
}
