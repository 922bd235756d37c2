//! `failback`: a healthy router is left alone where that is configured, a sick one is not.

use vrrp_core::{Config, Drain, Habits, Ineligible, Input, Preempt, Verdict, VirtualRouter, Weight};
use vrrp_wire::Priority;

use crate::fixture::{
    active, advert, at, backup, claims, config, down_interval, ms, run, says, tracking, with_priority,
};

/// `failback manual`: never, but a sick one.
fn manual(priority: u8) -> Config {
    let habits = Habits { preempt_degraded: true, ..config().habits };
    Config { preempt: Preempt::Never, habits, ..with_priority(priority) }
}

/// Hears 10.0.0.1 with this priority every second, up to and with second `until`; gives when it claimed.
fn beside(router: &mut VirtualRouter, seconds: core::ops::RangeInclusive<u64>, priority: u8) -> Vec<u64> {
    let mut claimed = Vec::new();
    for second in seconds {
        claimed.extend(claims(&run(router, at(second * 1_000))).iter().map(|moment| moment.as_nanos()));
        if claimed.is_empty() {
            let _ = router.handle(at(second * 1_000), advert(priority, 1));
        }
    }
    claimed
}

#[test]
fn a_healthy_router_of_lower_priority_is_never_preempted() {
    let mut router = backup(manual(100));
    assert_eq!(beside(&mut router, 1..=600, 90), []);
}

/// With weights and `nopreempt` on both, keepalived leaves the addresses with the sick one for ever.
#[test]
fn an_active_router_that_falls_sick_is_preempted() {
    let mut router = backup(manual(80));
    assert_eq!(beside(&mut router, 1..=10, 90), []);
    let since = at(11_000) + ms(1_000) * (256 - 80) / 256;
    assert_eq!(beside(&mut router, 11..=20, 70), [since.as_nanos()]);
}

#[test]
fn one_that_falls_sick_and_is_still_better_is_followed() {
    let mut router = backup(manual(60));
    assert_eq!(beside(&mut router, 1..=10, 90), []);
    assert_eq!(beside(&mut router, 11..=60, 70), []);
}

#[test]
fn strictly_it_is_given_the_whole_active_down_interval_and_one_that_recovers_in_time_is_left_alone() {
    let manual = manual(80);
    let habits = Habits { quick_relief: false, ..manual.habits };
    let mut router = backup(Config { habits, ..manual });
    assert_eq!(beside(&mut router, 1..=10, 90), []);
    assert_eq!(beside(&mut router, 11..=12, 70), []);
    assert_eq!(beside(&mut router, 13..=60, 90), []);
}

#[test]
fn keepalived_does_not_preempt_the_sick_one_and_an_imported_file_neither() {
    let mut router = backup(Config { preempt: Preempt::Never, ..with_priority(80) });
    assert_eq!(beside(&mut router, 1..=10, 90), []);
    assert_eq!(beside(&mut router, 11..=60, 70), []);
}

/// What the router before it had says nothing about a healthy one of lower priority.
#[test]
fn another_active_router_is_measured_by_its_own_past() {
    let mut router = backup(manual(100));
    let _ = router.handle(at(1_000), advert(200, 3));
    let _ = router.handle(at(2_000), advert(0, 3));
    assert_eq!(beside(&mut router, 2..=60, 90), []);
}

/// The same when it was heard as one to be preempted, and turned out the better for a while.
#[test]
fn a_router_that_became_the_better_one_is_measured_by_its_own_past() {
    let tracks = tracking(&[(1, Weight::of(-20))]).tracks;
    let delayed = Config { tracks, preempt: Preempt::After(ms(2_000)), ..manual(100) };
    let mut router = backup(delayed);
    let _ = router.handle(at(500), advert(200, 3));
    let _ = router.handle(at(600), advert(90, 1));
    let _ = router.handle(at(2_650), advert(90, 1));
    // It is about to be preempted; now it is the better one.
    let _ = router.handle(at(2_700), says(1, Verdict::Down));
    let _ = router.handle(at(3_000), says(1, Verdict::Up));
    // Lower again: a whole delay, and then a whole interval.
    let first = 3_600;
    let mut claimed = Vec::new();
    for second in 0..10 {
        claimed.extend(claims(&run(&mut router, at(first + second * 1_000))));
        if claimed.is_empty() {
            let _ = router.handle(at(first + second * 1_000), advert(90, 1));
        }
    }
    assert_eq!(claimed.len(), 1);
    assert!(claimed[0] > at(first + 2_000) + ms(2_000), "{claimed:?}");
}

#[test]
fn a_delay_spares_a_healthy_router_and_no_sick_one() {
    let patient = || Config { preempt: Preempt::After(ms(300_000)), ..manual(80) };
    let mut router = backup(patient());
    assert_eq!(beside(&mut router, 1..=100, 70), []);
    let mut router = backup(patient());
    assert_eq!(beside(&mut router, 1..=10, 90), []);
    assert_eq!(beside(&mut router, 11..=20, 70).len(), 1);
}

/// Our own priority rises: that makes nobody sick.
#[test]
fn a_rise_of_our_own_is_no_fall_of_theirs() {
    let mut router = backup(manual(80));
    assert_eq!(beside(&mut router, 1..=10, 90), []);
    let _ = router.handle(at(10_001), Input::Priority(Priority::new(120)));
    assert_eq!(beside(&mut router, 11..=60, 90), []);
}

/// Its service is down meanwhile; a better Backup than this one comes first by the skew.
#[test]
fn a_router_that_falls_sick_is_relieved_after_skew_time() {
    let mut router = backup(with_priority(80));
    assert_eq!(beside(&mut router, 1..=10, 90), []);
    let since = at(11_000) + ms(1_000) * (256 - 80) / 256;
    assert_eq!(beside(&mut router, 11..=20, 70), [since.as_nanos()]);
    // One that had the lower priority all along is given the whole interval.
    let mut other = backup(with_priority(80));
    assert_eq!(beside(&mut other, 1..=20, 70), [(at(0) + down_interval(80)).as_nanos()]);
}

/// Whoever it yielded to, or handed over to, is known by the first advertisement already.
#[test]
fn a_router_that_falls_sick_right_after_it_took_over_is_relieved_after_skew_time() {
    let skew = ms(1_000) * (256 - 100) / 256;
    let mut yielded = active(config());
    let _ = yielded.handle(at(500), advert(200, 1));
    run(&mut yielded, at(1_000));
    let _ = yielded.handle(at(1_500), advert(50, 1));
    assert_eq!(claims(&run(&mut yielded, at(9_000))), [at(1_500) + skew]);

    let mut relieved = active(config());
    let _ = relieved.handle(at(500), Input::Drain(Drain::Force));
    let _ = relieved.handle(at(600), Input::Clear(Ineligible::Drained));
    let _ = relieved.handle(at(1_000), advert(90, 1));
    run(&mut relieved, at(1_500));
    let _ = relieved.handle(at(2_000), advert(50, 1));
    assert_eq!(claims(&run(&mut relieved, at(9_000))), [at(2_000) + skew]);
}

#[test]
fn a_better_router_that_has_been_silent_for_an_active_down_interval_delays_no_relief() {
    let falls = at(4_001) + down_interval(80);
    for (moment, hastily) in [(falls - ms(1), false), (falls, true)] {
        let mut router = backup(with_priority(80));
        for second in 1..=7 {
            let _ = router.handle(at(second * 1_000), advert(200, 1));
            if second < 5 {
                let _ = router.handle(at(second * 1_000 + 1), advert(100, 3));
            }
        }
        let _ = router.handle(moment, advert(10, 1));
        let claimed = if hastily { moment + ms(1_000) * (256 - 80) / 256 } else { at(7_000) + down_interval(80) };
        assert_eq!(claims(&run(&mut router, at(20_000))), [claimed]);
    }
}

/// A router between the two serves beside the one that fell: it is not claimed from, whenever in the interval it speaks.
#[test]
fn where_a_better_router_speaks_too_nobody_is_relieved_in_haste() {
    for phase in [1, 900] {
        let mut router = backup(with_priority(80));
        for second in 1..=20_u64 {
            assert_eq!(claims(&run(&mut router, at(second * 1_000))), []);
            let _ = router.handle(at(second * 1_000), advert(if second < 10 { 200 } else { 10 }, 1));
            assert_eq!(claims(&run(&mut router, at(second * 1_000 + phase))), []);
            let _ = router.handle(at(second * 1_000 + phase), advert(100, 3));
        }
    }
}
