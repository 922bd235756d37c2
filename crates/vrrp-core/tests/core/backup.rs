//! RFC 9568 §6.4.1 into Backup, and §6.4.2.

use vrrp_core::{
    Cause, Config, Habits, Heard, Ineligible, Input, Name, Output, Preempt, Received, Stop, Timer, VirtualRouter,
};
use vrrp_wire::{AdverInterval, Priority, Version};

use crate::fixture::{
    active, active_down_timer, address, advert, advertise, at, backup, config, heard, ms, router, run, with_priority,
};

const DOWN: u64 = 3_609_375_000;
const SKEW: u64 = 609_375_000;

fn moved(from: Name, to: Name, why: Cause) -> Output {
    Output::Moved { from, to, why }
}

/// ledger: init-backup
#[test]
fn startup_of_a_backup_starts_active_down_timer_with_its_own_interval() {
    let mut router = router(config());
    let moved = moved(Name::Initialize, Name::Backup, Cause::Started);
    assert_eq!(router.handle(at(1_000), Input::Startup), [moved]);
    assert_eq!(active_down_timer(&router).as_nanos(), 1_000_000_000 + DOWN);
}

/// ledger: init-backup, !init-backup
#[test]
fn a_router_with_a_cause_against_it_does_not_start_and_starts_when_the_last_one_goes() {
    let mut router = router(config());
    let (link, check) = (Ineligible::InterfaceDown(1), Ineligible::Check(7));
    let _ = router.handle(at(1), Input::Raise(link));
    let _ = router.handle(at(2), Input::Raise(check));
    let _ = router.handle(at(2), Input::Raise(check));
    assert!(router.handle(at(3), Input::Startup).is_empty());
    assert!(router.handle(at(4), Input::Clear(check)).is_empty());
    assert!(router.handle(at(5), Input::Clear(check)).is_empty());
    assert_eq!(router.causes(), [link]);
    let moved = moved(Name::Initialize, Name::Backup, Cause::Recovered(link));
    assert_eq!(router.handle(at(6), Input::Clear(link)), [moved]);
}

/// ledger: !init-backup
#[test]
fn a_cause_that_goes_away_does_not_start_a_router_that_was_stopped() {
    let mut router = backup(config());
    let _ = router.handle(at(1), Input::Shutdown(Stop::Now));
    let _ = router.handle(at(2), Input::Raise(Ineligible::Drained));
    assert!(router.handle(at(3), Input::Clear(Ineligible::Drained)).is_empty());
}

/// ledger: init-owner, !init-backup
#[test]
fn startup_of_an_owner_advertises_claims_and_announces() {
    let mut router = router(with_priority(255));
    let moved = moved(Name::Initialize, Name::Active, Cause::Owner);
    let orders = router.handle(at(1_000), Input::Startup);
    assert_eq!(orders, [advertise(255), Output::Claim, moved]);
    assert_eq!(router.handle(at(1_002), Input::Claimed), [Output::Announce]);
    assert_eq!(run(&mut router, at(2_000)).last(), Some(&(at(2_000), advertise(255))));
}

/// ledger: !init-owner, init-backup
#[test]
fn priority_254_does_not_start_as_active() {
    assert_eq!(backup(with_priority(254)).state().name(), Name::Backup);
}

/// A router that was Active a moment ago in a previous life goes on being it: nothing moves.
#[test]
fn resume_begins_as_active() {
    let mut router = router(config());
    let moved = moved(Name::Initialize, Name::Active, Cause::Resumed);
    let orders = router.handle(at(1), Input::Resume);
    assert_eq!(orders, [advertise(100), Output::Claim, moved]);
}

#[test]
fn a_resume_that_something_stands_against_releases_and_is_a_plain_start_then() {
    let mut router = router(config());
    let _ = router.handle(at(1), Input::Raise(Ineligible::Drained));
    assert_eq!(router.handle(at(2), Input::Resume), [Output::Release]);
    let _ = router.handle(at(3), Input::Clear(Ineligible::Drained));
    assert_eq!(router.state().name(), Name::Backup);
}

/// ledger: backup-shutdown, !backup-shutdown
#[test]
fn shutdown_of_a_backup_is_silent_and_cancels_the_timer() {
    let mut router = backup(config());
    let moved = moved(Name::Backup, Name::Initialize, Cause::Stopped);
    assert_eq!(router.handle(at(1), Input::Shutdown(Stop::HandOver)), [moved]);
    assert_eq!(router.next_timeout(), None);
    assert!(router.handle(at(60_000), Input::Timeout).is_empty());
}

/// ledger: !backup-shutdown
#[test]
fn a_router_in_initialize_takes_no_part_whatever_it_hears() {
    let mut router = backup(config());
    let _ = router.handle(at(1), Input::Shutdown(Stop::Now));
    for second in 1..60 {
        for input in [advert(200, 3), advert(50, 3), advert(0, 3), Input::Timeout] {
            assert!(router.handle(at(second * 1_000), input).is_empty());
        }
        assert_eq!((router.state().name(), router.next_timeout()), (Name::Initialize, None));
    }
}

/// ledger: backup-timeout
#[test]
fn backup_takes_over_when_active_down_timer_fires() {
    let mut router = backup(config());
    let due = active_down_timer(&router);
    assert_eq!(router.next_timeout(), Some((due, Timer::ActiveDown)));
    let why = Cause::ActiveDown { last: None };
    let moved = moved(Name::Backup, Name::Active, why);
    let orders = router.handle(due, Input::Timeout);
    assert_eq!(orders, [advertise(100), Output::Claim, moved]);
    assert_eq!(router.next_timeout(), Some((due + ms(1_000), Timer::Adver)));
}

/// ledger: !backup-timeout
#[test]
fn backup_does_not_take_over_a_nanosecond_earlier() {
    let mut router = backup(config());
    let due = active_down_timer(&router);
    let early = due - core::time::Duration::from_nanos(1);
    assert!(router.handle(early, Input::Timeout).is_empty());
    assert_eq!(router.next_timeout(), Some((due, Timer::ActiveDown)));
}

#[test]
fn the_cause_of_a_takeover_names_who_fell_silent() {
    let mut router = backup(config());
    let _ = router.handle(at(700), advert(200, 3));
    let last = Heard { source: address(3), priority: Priority::new(200), at: at(700) };
    let due = active_down_timer(&router);
    let why = Cause::ActiveDown { last: Some(last) };
    let orders = router.handle(due, Input::Timeout);
    assert_eq!(orders.iter().last(), Some(moved(Name::Backup, Name::Active, why)));
}

/// ledger: backup-prio0
#[test]
fn priority_0_leaves_skew_time() {
    let mut router = backup(config());
    let _ = router.handle(at(500), advert(200, 3));
    assert!(router.handle(at(1_000), advert(0, 3)).is_empty());
    assert_eq!(active_down_timer(&router).as_nanos(), 1_000_000_000 + SKEW);
}

/// ledger: !backup-prio0
#[test]
fn priority_0_sent_twice_does_not_start_skew_time_over() {
    let mut router = backup(config());
    let _ = router.handle(at(500), advert(200, 3));
    let _ = router.handle(at(1_000), advert(0, 3));
    let _ = router.handle(at(1_020), advert(0, 3));
    assert_eq!(active_down_timer(&router).as_nanos(), 1_000_000_000 + SKEW);
}

/// ledger: backup-prio0
#[test]
fn priority_0_of_a_router_that_was_seen_to_serve_counts_though_its_priority_was_lower() {
    let mut router = backup(config());
    let _ = router.handle(at(500), advert(50, 3));
    let _ = router.handle(at(1_000), advert(0, 3));
    assert_eq!(active_down_timer(&router).as_nanos(), 1_000_000_000 + SKEW);
}

/// ledger: backup-prio0
#[test]
fn priority_0_of_a_lower_router_that_is_about_to_be_preempted_counts_whoever_was_followed_before() {
    let mut router = backup(config());
    let _ = router.handle(at(500), advert(200, 3));
    let _ = router.handle(at(900), advert(50, 1));
    let _ = router.handle(at(1_000), advert(0, 1));
    assert_eq!(active_down_timer(&router).as_nanos(), 1_000_000_000 + SKEW);
}

/// ledger: !backup-prio0
#[test]
fn priority_0_of_a_bystander_moves_no_backup_that_follows_another() {
    let mut router = backup(with_priority(200));
    // The Active router answers each half interval, as a limited one does; our Skew_Time is 219 ms.
    for half in 0..30 {
        let now = at(1_000 + half * 500);
        let _ = router.handle(now, advert(250, 3));
        for packet in 0..100 {
            let _ = router.handle(now + ms(5 * packet), advert(0, 66));
            let _ = router.handle(now + ms(5 * packet), Input::Timeout);
        }
        assert_eq!(router.state().name(), Name::Backup);
    }
}

/// ledger: backup-prio0
#[test]
fn strict_takes_everybodys_priority_0() {
    let mut router = backup(Config { habits: Habits::STRICT, ..config() });
    let _ = router.handle(at(500), advert(200, 3));
    let _ = router.handle(at(1_000), advert(0, 66));
    let _ = router.handle(at(1_020), advert(0, 66));
    assert_eq!(active_down_timer(&router).as_nanos(), 1_020_000_000 + SKEW);
}

/// The core's share: whoever is no longer Active has its addresses taken away, and a Backup never has them put in place.
///
/// ledger: backup-no-arp, !backup-no-arp
#[test]
fn a_backup_neither_claims_nor_announces_and_gives_up_what_it_had() {
    let mut router = backup(config());
    for second in 1..60 {
        let _ = router.handle(at(second * 1_000), advert(200, 3));
        for input in [Input::Claimed, Input::Timeout, Input::SendFailing(false)] {
            assert!(router.handle(at(second * 1_000 + 1), input).is_empty());
        }
    }
    let mut active = active(config());
    let orders = active.handle(at(1_000), advert(200, 3));
    assert!(orders.iter().any(|order| order == Output::Release));
    assert!(active.handle(at(1_001), Input::Claimed).is_empty());
}

/// ledger: backup-adopt, !backup-discard
#[test]
fn an_advertisement_of_no_lower_priority_restarts_the_timer_with_its_interval() {
    for priority in [100, 101, 255] {
        let mut router = backup(config());
        let slow = Received { interval: AdverInterval::from_secs(2).unwrap(), ..heard(priority, 3) };
        let _ = router.handle(at(1_000), Input::Advertisement(slow));
        assert_eq!(active_down_timer(&router).as_nanos(), 1_000_000_000 + 2 * DOWN);
    }
}

/// ledger: backup-discard, !backup-adopt
#[test]
fn an_advertisement_of_lower_priority_is_discarded_and_the_timer_runs_on() {
    let mut router = backup(config());
    let due = active_down_timer(&router);
    let _ = router.handle(at(1_000), advert(99, 250));
    assert_eq!(active_down_timer(&router), due);
}

/// ledger: backup-adopt, !backup-discard
#[test]
fn without_preempt_mode_a_lower_priority_restarts_the_timer_too() {
    let mut router = backup(Config { preempt: Preempt::Never, ..config() });
    let slow = Received { interval: AdverInterval::from_secs(2).unwrap(), ..heard(99, 250) };
    let _ = router.handle(at(1_000), Input::Advertisement(slow));
    assert_eq!(active_down_timer(&router).as_nanos(), 1_000_000_000 + 2 * DOWN);
}

/// ledger: v2-interval
#[test]
fn two_v2_routers_with_different_intervals_are_timed_by_the_longer() {
    let v2 = |secs| Config { version: Version::V2, interval: AdverInterval::from_secs(secs).unwrap(), ..config() };
    let says = |router: &mut VirtualRouter, secs| {
        let received = Received { interval: AdverInterval::from_secs(secs).unwrap(), ..heard(200, 3) };
        let _ = router.handle(at(0), Input::Advertisement(received));
        active_down_timer(router).as_nanos()
    };
    assert_eq!(says(&mut backup(v2(1)), 2), 6_000_000_000 + SKEW);
    assert_eq!(says(&mut backup(v2(2)), 1), 6_000_000_000 + SKEW);
    assert_eq!(says(&mut backup(v2(1)), 1), DOWN);
}

/// ledger: active-yield
#[test]
fn an_active_router_yields_to_a_higher_priority_and_to_a_greater_address() {
    for (input, tie) in [(advert(101, 1), false), (advert(100, 3), true)] {
        let mut router = active(config());
        let orders = router.handle(at(1_000), input);
        assert_eq!(orders.iter().next(), Some(Output::Release));
        assert_eq!(active_down_timer(&router).as_nanos(), 1_000_000_000 + DOWN);
        let Some(Output::Moved { why, .. }) = orders.iter().nth(1) else { panic!("did not move") };
        assert_eq!(matches!(why, Cause::Tie { .. }), tie, "{why}");
    }
}

/// ledger: !active-yield
#[test]
fn an_active_router_does_not_yield_to_a_lower_priority_or_address() {
    for input in [advert(99, 250), advert(100, 1), advert(100, 2)] {
        let mut router = active(config());
        let _ = router.handle(at(1_000), input);
        assert_eq!(router.state().name(), Name::Active);
    }
}

/// ledger: active-yield, !active-yield
#[test]
fn addresses_are_compared_unsigned_and_in_network_order() {
    let mut router = router(config());
    let _ = router.handle(at(0), Input::Source([10, 0, 0, 200].into()));
    let _ = router.handle(at(0), Input::Resume);
    let from = |source: [u8; 4]| Input::Advertisement(Received { source: source.into(), ..heard(100, 1) });
    let _ = router.handle(at(1), from([10, 0, 0, 199]));
    let _ = router.handle(at(2), from([9, 255, 255, 255]));
    assert_eq!(router.state().name(), Name::Active);
    let _ = router.handle(at(3), from([192, 0, 0, 1]));
    assert_eq!(router.state().name(), Name::Backup);
}

/// ledger: active-yield
#[test]
fn the_better_routers_interval_is_adopted() {
    let mut router = active(config());
    let slow = Received { interval: AdverInterval::from_secs(2).unwrap(), ..heard(200, 3) };
    let _ = router.handle(at(1_000), Input::Advertisement(slow));
    assert_eq!(active_down_timer(&router).as_nanos(), 1_000_000_000 + 2 * DOWN);
}

/// ledger: active-advertise
#[test]
fn adver_timer_advertises_and_starts_over() {
    let mut router = active(Config { announce: crate::fixture::QUIET, ..config() });
    let ordered = run(&mut router, at(3_500));
    let expected = [1_000, 2_000, 3_000].map(|millis| (at(millis), advertise(100)));
    assert_eq!(ordered, expected);
}

/// ledger: !active-advertise
#[test]
fn a_backup_does_not_advertise() {
    let mut router = backup(config());
    for second in 1..60 {
        let _ = router.handle(at(second * 1_000), advert(200, 3));
        assert!(run(&mut router, at(second * 1_000 + 999)).is_empty());
    }
}

/// The last lower advertisement of a router that has just yielded comes after the winner's, and may be quicker.
#[test]
fn a_router_on_its_way_out_does_not_shorten_the_wait_for_the_one_that_is_followed() {
    let every = |priority, host, centis| {
        let interval = AdverInterval::from_centis(centis).unwrap();
        let Input::Advertisement(received) = advert(priority, host) else { unreachable!() };
        Input::Advertisement(Received { interval, ..received })
    };
    let mut router = backup(config());
    let _ = router.handle(at(1_000), every(200, 3, 100));
    let due = active_down_timer(&router);
    let _ = router.handle(at(1_002), every(150, 1, 10));
    assert!(active_down_timer(&router) >= due);
    assert_eq!(router.followed().map(|heard| heard.source), Some(address(3)));
    // A slower one is given the time that it needs: the one that is followed may yield to it.
    let _ = router.handle(at(1_003), every(150, 1, 200));
    assert_eq!(active_down_timer(&router), at(1_003) + ms(2_000) * 3 + ms(2_000) * 156 / 256);
    // Once the one that is followed is overdue, the other is as good as any.
    let _ = router.handle(due, every(150, 1, 10));
    assert_eq!(router.followed().map(|heard| heard.source), Some(address(1)));

    // Strictly, and after a resignation, everybody is whom there is.
    let mut strict = backup(Config { habits: Habits::STRICT, ..config() });
    let _ = strict.handle(at(1_000), every(200, 3, 100));
    let _ = strict.handle(at(1_002), every(150, 1, 10));
    assert_eq!(active_down_timer(&strict), at(1_002) + ms(100) * 3 + ms(100) * 156 / 256);
    let mut resigned = backup(config());
    for (millis, input) in [(1_000, every(200, 3, 100)), (1_001, advert(0, 3)), (1_002, every(150, 1, 100))] {
        let _ = resigned.handle(at(millis), input);
    }
    assert_eq!(resigned.followed().map(|heard| heard.source), Some(address(1)));
}
