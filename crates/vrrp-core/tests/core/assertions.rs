//! Answers to those who claim with a worse right, or resign while we serve: prompt, and limited.

use core::time::Duration;

use vrrp_core::{Config, Habits, Input, Instant, Name, Output, Timer, VirtualRouter};

use crate::fixture::{active, adver_timer, advert, advertise, advertisements, at, config, heard, run, with_priority};

/// Lets `input` come `every` so often from 1 s to 16 s; gives the moments of what the router advertised.
fn flood(router: &mut VirtualRouter, input: Input, every: Duration) -> Vec<Instant> {
    let mut advertised = Vec::new();
    let mut now = at(1_000);
    while now < at(16_000) {
        let fired = run(router, now);
        advertised
            .extend(fired.iter().filter(|(_, order)| matches!(order, Output::Advertise(_))).map(|(moment, _)| *moment));
        let orders = router.handle(now, input);
        advertised.extend(core::iter::repeat_n(now, advertisements(&orders)));
        now = now + every;
    }
    advertised
}

/// ledger: active-assert
#[test]
fn a_lower_priority_is_answered_at_once_by_an_advertisement_and_an_announcement() {
    let mut router = active(config());
    run(&mut router, at(500));
    let orders = router.handle(at(500), advert(99, 9));
    assert_eq!(orders.iter().next(), Some(advertise(100)));
    assert_eq!(orders.iter().nth(1), Some(Output::Announce));
    assert_eq!(adver_timer(&router), at(1_500));
}

/// ledger: !active-assert
#[test]
fn a_higher_priority_is_not_answered() {
    let mut router = active(config());
    let orders = router.handle(at(500), advert(101, 1));
    assert_eq!(advertisements(&orders), 0);
}

/// ledger: active-prio0
#[test]
fn priority_0_is_answered_at_once_and_restarts_adver_timer() {
    let mut router = active(config());
    run(&mut router, at(500));
    assert_eq!(router.handle(at(500), advert(0, 9)), [advertise(100)]);
    assert_eq!(adver_timer(&router), at(1_500));
}

/// ledger: !active-prio0
#[test]
fn priority_0_does_not_make_an_active_router_yield() {
    let mut router = active(with_priority(1));
    let _ = router.handle(at(500), advert(0, 250));
    assert_eq!(router.state().name(), Name::Active);
}

#[test]
fn a_burst_is_answered_five_times_at_once_then_once_per_half_interval() {
    let mut router = active(config());
    run(&mut router, at(500));
    for _ in 0..5 {
        assert_eq!(router.handle(at(500), advert(0, 9)), [advertise(100)]);
    }
    for _ in 0..100 {
        assert!(router.handle(at(500), advert(0, 9)).is_empty());
    }
    assert_eq!(router.handle(at(1_000), Input::Timeout), [advertise(100)]);
    assert!(router.handle(at(1_000), advert(0, 9)).is_empty());
    assert_eq!(run(&mut router, at(1_500)), [(at(1_500), advertise(100))]);
}

#[test]
fn the_last_of_a_burst_is_always_answered_by_advertisement_and_announcement() {
    let mut router = active(config());
    run(&mut router, at(500));
    for _ in 0..6 {
        let _ = router.handle(at(500), advert(50, 9));
    }
    // The rounds of the fifth answer's burst go on meanwhile.
    run(&mut router, at(999));
    assert_eq!(router.handle(at(1_000), Input::Timeout), [advertise(100), Output::Announce]);
}

/// One that resigned is owed an advertisement, one that claimed here an announcement: neither takes the other's away.
#[test]
fn what_is_owed_to_two_is_paid_in_full() {
    let habits = Habits { lower_prio_no_advert: true, ..config().habits };
    for owed in [[advert(0, 9), advert(50, 8)], [advert(50, 8), advert(0, 9)]] {
        let mut router = active(Config { habits, ..config() });
        run(&mut router, at(500));
        for _ in 0..5 {
            assert_eq!(router.handle(at(500), advert(0, 9)), [advertise(100)]);
        }
        for input in owed {
            assert_eq!(advertisements(&router.handle(at(500), input)), 0);
        }
        run(&mut router, at(999));
        assert_eq!(router.handle(at(1_000), Input::Timeout), [advertise(100), Output::Announce]);
    }
}

#[test]
fn an_adver_timer_that_fires_first_pays_what_is_owed() {
    let mut router = active(Config { habits: Habits { lower_prio_no_advert: true, ..Habits::default() }, ..config() });
    run(&mut router, at(900));
    for _ in 0..6 {
        let _ = router.handle(at(900), advert(50, 9));
    }
    run(&mut router, at(999));
    assert_eq!(router.handle(at(1_000), Input::Timeout), [advertise(100), Output::Announce]);
}

/// The issue with keepalived here: 138,000 answers in 15 s.
/// ledger: !active-assert, !active-prio0
#[test]
fn a_flood_is_answered_at_most_fifty_times_in_fifteen_intervals_and_delays_no_advertisement() {
    for (input, every) in [
        (advert(50, 9), Duration::from_micros(20)),
        (advert(0, 9), Duration::from_micros(20)),
        (advert(50, 9), Duration::from_millis(250)),
        (advert(0, 9), Duration::from_millis(250)),
    ] {
        let mut router = active(config());
        run(&mut router, at(1_000));
        let advertised = flood(&mut router, input, every);
        assert!(advertised.len() <= 50, "{}", advertised.len());
        for pair in advertised.windows(2) {
            assert!(pair[1].since(pair[0]) <= Duration::from_secs(1));
        }
        assert_eq!(router.state().name(), Name::Active);
    }
}

#[test]
fn rejected_packets_delay_no_advertisement_and_cause_none() {
    let mut router = active(config());
    run(&mut router, at(1_000));
    let garbage = Input::Rejected(heard(50, 9).source, vrrp_core::Reject::Malformed(vrrp_wire::DecodeError::CountZero));
    let advertised = flood(&mut router, garbage, Duration::from_micros(20));
    let regular: Vec<_> = (2..16).map(|second| at(second * 1_000)).collect();
    assert_eq!(advertised, regular);
}

/// RFC 9568 §6.4.3 to the letter, as `vrrp_strict` has it.
#[test]
fn strict_answers_one_for_one() {
    let mut router = active(Config { habits: Habits::STRICT, ..config() });
    let answers: usize = (0..100).map(|_| advertisements(&router.handle(at(500), advert(50, 9)))).sum();
    assert_eq!(answers, 100);
}

#[test]
fn adver_timer_does_not_drift_however_late_the_wake_ups() {
    let mut router = active(config());
    let mut last = Instant::ORIGIN;
    let mut sent = 0;
    while sent < 10_000 {
        let (due, timer) = router.next_timeout().unwrap();
        let late = Duration::from_nanos(due.as_nanos() % 7_919 * 10_000);
        let orders = router.handle(due + late, Input::Timeout);
        sent += advertisements(&orders);
        if timer == Timer::Adver {
            last = due;
        }
    }
    assert_eq!(last, at(10_000 * 1_000));
    assert_eq!(adver_timer(&router), at(10_001 * 1_000));
}

#[test]
fn a_wake_up_that_is_a_whole_interval_late_advertises_once() {
    let mut router = active(config());
    let orders = router.handle(at(2_000), Input::Timeout);
    assert_eq!(advertisements(&orders), 1);
    assert_eq!(adver_timer(&router), at(3_000));
}

#[test]
fn intervals_missed_in_a_stall_are_not_made_up_for() {
    let mut router = active(config());
    let orders = router.handle(at(2_700), Input::Timeout);
    assert_eq!(advertisements(&orders), 1);
    assert_eq!(adver_timer(&router), at(3_700));
}
