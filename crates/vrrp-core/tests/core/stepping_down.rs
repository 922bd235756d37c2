//! The last lower advertisement: the better router may not know that it was not alone, and then does not announce.

use core::time::Duration;

use vrrp_core::{Config, Habits, Input, Output, Stop, Timer};
use vrrp_wire::Priority;

use crate::fixture::{active, advert, advertise, advertisements, at, config, ms, run};

#[test]
fn it_goes_out_once_when_the_kernel_says_that_the_addresses_are_gone() {
    let mut router = active(config());
    let orders = router.handle(at(500), advert(200, 3));
    assert_eq!(advertisements(&orders), 0);
    assert_eq!(router.handle(at(507), Input::Released), [advertise(100)]);
    assert!(router.handle(at(508), Input::Released).is_empty());
    assert!(run(&mut router, at(4_000)).is_empty());
}

#[test]
fn it_goes_out_after_50_ms_when_the_kernel_says_nothing() {
    let mut router = active(config());
    let _ = router.handle(at(500), advert(200, 3));
    assert_eq!(router.next_timeout(), Some((at(550), Timer::LastLower)));
    let early = at(550) - Duration::from_nanos(1);
    assert!(router.handle(early, Input::Timeout).is_empty());
    assert_eq!(router.handle(at(550), Input::Timeout), [advertise(100)]);
    assert!(router.handle(at(600), Input::Released).is_empty());
}

#[test]
fn it_carries_our_effective_priority_and_never_0() {
    let mut router = active(config());
    let _ = router.handle(at(100), Input::Priority(Priority::new(70)));
    let _ = router.handle(at(500), advert(200, 3));
    assert_eq!(router.handle(at(507), Input::Released), [advertise(70)]);
}

#[test]
fn it_starts_no_wait_over() {
    let mut router = active(config());
    let _ = router.handle(at(500), advert(200, 3));
    let _ = router.handle(at(507), Input::Released);
    let down = at(500) + Duration::from_nanos(3_609_375_000);
    assert_eq!(router.next_timeout(), Some((down, Timer::ActiveDown)));
}

#[test]
fn it_does_not_follow_a_stop() {
    let mut router = active(config());
    let _ = router.handle(at(500), Input::Shutdown(Stop::Now));
    assert!(router.handle(at(507), Input::Released).is_empty());
}

#[test]
fn strict_and_a_switch_keep_it_in() {
    let habits = Habits { last_lower_advertisement: false, ..Habits::default() };
    for habits in [habits, Habits::STRICT] {
        let mut router = active(Config { habits, ..config() });
        let _ = router.handle(at(500), advert(200, 3));
        assert!(router.handle(at(507), Input::Released).is_empty());
        let Some((_, Timer::ActiveDown)) = router.next_timeout() else { panic!("waits for something else") };
    }
}

/// What it is for: an Active router that hears it announces.
#[test]
fn the_better_router_announces_on_hearing_it() {
    let mut better = active(config());
    run(&mut better, at(20_000));
    let orders = better.handle(at(20_000) + ms(1), advert(50, 1));
    assert!(orders.iter().any(|order| order == Output::Announce));
}
