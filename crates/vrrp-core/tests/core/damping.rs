//! Preempting and failing again and again is held off, longer each time; taking over from a dead router never is.

use vrrp_core::{Condition, Config, Habits, Ineligible, Input, Instant, Name, Output, VirtualRouter};

use crate::fixture::{advert, at, backup, claims, config, down_interval, ms, name, run, with_priority};

const FAULT: Ineligible = Ineligible::Check(9);

/// Beside a living router of priority 50 until it has preempted, for a minute and a half at most; gives when.
fn preempts(router: &mut VirtualRouter, from: Instant) -> Option<Instant> {
    for second in 0..400 {
        let moment = from + ms(second * 1_000);
        let claimed = claims(&run(router, moment));
        if let Some(claimed) = claimed.first() {
            return Some(*claimed);
        }
        let _ = router.handle(moment, advert(50, 1));
    }
    None
}

/// Preempts, fails a second later and recovers after another; gives when it had recovered and what began.
fn flap(router: &mut VirtualRouter, from: Instant) -> (Instant, Option<Condition>) {
    let claimed = preempts(router, from).unwrap();
    let orders = router.handle(claimed + ms(1_000), Input::Raise(FAULT));
    let _ = router.handle(claimed + ms(2_000), Input::Clear(FAULT));
    assert_eq!(name(router), Name::Backup);
    let begun = |order| if let Output::Raised(condition) = order { Some(condition) } else { None };
    (claimed + ms(2_000), orders.iter().find_map(begun))
}

fn held(seconds: u64) -> Option<Condition> {
    Some(Condition::PreemptionHeld { hold_off: ms(seconds * 1_000) })
}

/// From the failure on, a second before `from`, no preemption for `seconds`, and then one.
fn assert_held_off(router: &VirtualRouter, from: Instant, seconds: u64) {
    let claimed = preempts(&mut router.clone(), from).unwrap();
    let (earliest, latest) = (from + ms(seconds * 1_000 - 1_000), from + ms(seconds * 1_000 + 5_000));
    assert!(earliest <= claimed && claimed <= latest, "{claimed} is not {seconds} s after {from}");
}

#[test]
fn the_first_flap_costs_nothing_the_second_10_s_and_each_after_it_twice_as_much() {
    let mut router = backup(config());
    let (first, begun) = flap(&mut router, at(1_000));
    assert_eq!(begun, None);
    assert!(preempts(&mut router.clone(), first).unwrap() <= first + down_interval(100));
    let mut from = first;
    for seconds in [10, 20, 40, 80, 160, 320, 320] {
        let (recovered, _) = flap(&mut router, from);
        assert!(router.conditions().any(|condition| Some(condition) == held(seconds)), "{seconds}");
        assert_held_off(&router, recovered, seconds);
        from = recovered;
    }
}

#[test]
fn the_hold_off_begins_and_ends_as_a_condition() {
    let mut router = backup(config());
    let (first, _) = flap(&mut router, at(1_000));
    let (second, begun) = flap(&mut router, first);
    assert_eq!(begun, held(10));
    let _ = router.handle(second + ms(8_000), advert(50, 1));
    assert_eq!(router.conditions().next(), held(10));
    let orders = router.handle(second + ms(9_000), advert(50, 1));
    assert_eq!(orders, [Output::Cleared(held(10).unwrap())]);
}

#[test]
fn a_dead_router_is_succeeded_without_any_hold_off() {
    let mut router = backup(config());
    let (first, _) = flap(&mut router, at(1_000));
    let (second, _) = flap(&mut router, first);
    let _ = router.handle(second, advert(50, 1));
    assert_eq!(claims(&run(&mut router, second + ms(9_000))), [second + down_interval(100)]);
}

#[test]
fn priority_0_is_succeeded_without_any_hold_off() {
    let mut router = backup(config());
    let (first, _) = flap(&mut router, at(1_000));
    let (second, _) = flap(&mut router, first);
    let _ = router.handle(second, advert(50, 1));
    let _ = router.handle(second + ms(500), advert(0, 1));
    assert_eq!(claims(&run(&mut router, second + ms(1_500))).len(), 1);
}

#[test]
fn ten_minutes_without_a_flap_are_forgiven() {
    let mut router = backup(config());
    let (first, _) = flap(&mut router, at(1_000));
    for second in 0..600 {
        let _ = router.handle(first + ms(second * 1_000), advert(200, 3));
    }
    let (second, begun) = flap(&mut router, first + ms(600_000));
    assert_eq!(begun, None);
    let (_, begun) = flap(&mut router, second);
    assert_eq!(begun, held(10));
}

#[test]
fn a_minute_of_service_is_no_flap() {
    let mut router = backup(config());
    let mut from = at(1_000);
    for _ in 0..4 {
        let claimed = preempts(&mut router, from).unwrap();
        run(&mut router, claimed + ms(60_000));
        let orders = router.handle(claimed + ms(60_000), Input::Raise(FAULT));
        assert!(!orders.iter().any(|order| matches!(order, Output::Raised(_))), "{orders:?}");
        from = claimed + ms(61_000);
        let _ = router.handle(from, Input::Clear(FAULT));
    }
}

#[test]
fn a_takeover_from_a_dead_router_that_fails_is_no_flap() {
    let mut router = backup(config());
    let mut from = at(1_000);
    for _ in 0..4 {
        let claimed = claims(&run(&mut router, from + ms(5_000)));
        assert_eq!(claimed.len(), 1);
        let orders = router.handle(from + ms(6_000), Input::Raise(FAULT));
        assert!(!orders.iter().any(|order| matches!(order, Output::Raised(_))), "{orders:?}");
        from = from + ms(7_000);
        let _ = router.handle(from, Input::Clear(FAULT));
    }
}

#[test]
fn drained_is_no_fault() {
    let mut router = backup(config());
    let mut from = at(1_000);
    for _ in 0..4 {
        let claimed = preempts(&mut router, from).unwrap();
        let _ = router.handle(claimed + ms(1_000), Input::Raise(Ineligible::Drained));
        from = claimed + ms(2_000);
        let _ = router.handle(from, Input::Clear(Ineligible::Drained));
        assert_eq!(router.conditions().count(), 0);
    }
}

#[test]
fn strict_and_the_owner_are_not_damped() {
    for config in [Config { habits: Habits::STRICT, ..config() }, with_priority(255)] {
        let owner = config.is_owner();
        let mut router = backup(config);
        let mut from = at(1_000);
        for _ in 0..4 {
            if owner {
                let _ = router.handle(from, Input::Raise(FAULT));
                let orders = router.handle(from + ms(1_000), Input::Clear(FAULT));
                assert!(orders.iter().any(|order| order == Output::Claim));
                from = from + ms(2_000);
            } else {
                let (recovered, begun) = flap(&mut router, from);
                assert_eq!(begun, None);
                from = recovered;
            }
        }
    }
}
