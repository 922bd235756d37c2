//! A graceful stop: priority 0 is said, the addresses stay until the successor speaks.

use vrrp_core::{Cause, Config, Habits, Heard, Ineligible, Input, Name, Output, Outputs, Stop};

use crate::fixture::{active, address, advert, advertise, at, config, misfit, run, with_priority};

/// ledger: active-shutdown
#[test]
fn the_addresses_are_held_until_the_successor_has_spoken_and_had_a_moment_to_announce() {
    let mut router = active(config());
    run(&mut router, at(10_500));
    let orders = router.handle(at(10_500), Input::Shutdown(Stop::HandOver));
    assert_eq!(orders, [advertise(0)]);
    assert_eq!(router.state().name(), Name::Active);

    // It announces the addresses after it has advertised: clients still send here for that moment.
    assert!(router.handle(at(11_000), advert(90, 3)).is_empty());
    assert!(router.handle(at(11_010), advert(90, 3)).is_empty());
    let orders = router.handle(at(11_020), Input::Timeout);
    let Input::Advertisement(received) = advert(90, 3) else { unreachable!() };
    let to = Heard { source: received.source, priority: received.priority, at: at(11_000) };
    let moved = Output::Moved { from: Name::Active, to: Name::Initialize, why: Cause::HandedOver { to } };
    assert_eq!(orders, [Output::Release, moved]);
    // No last lower advertisement after our own hand-over, nor anything else.
    assert!(router.handle(at(11_021), Input::Released).is_empty());
    assert_eq!(router.next_timeout(), None);
}

/// ledger: active-shutdown
#[test]
fn priority_0_is_repeated_once_and_nothing_else_is_advertised() {
    let mut router = active(config());
    run(&mut router, at(10_500));
    let _ = router.handle(at(10_500), Input::Shutdown(Stop::HandOver));
    let ordered = run(&mut router, at(11_599));
    assert_eq!(ordered, [(at(10_520), advertise(0))]);
    let _ = router.handle(at(11_599), advert(0, 3));
    assert_eq!(router.state().name(), Name::Active);
}

/// ledger: active-shutdown
#[test]
fn an_interval_and_100_ms_without_a_successor_end_the_hand_over() {
    let mut router = active(config());
    run(&mut router, at(10_500));
    let _ = router.handle(at(10_500), Input::Shutdown(Stop::HandOver));
    let ordered = run(&mut router, at(60_000));
    let gone = Output::Moved { from: Name::Active, to: Name::Initialize, why: Cause::NobodyTookOver };
    let bound = at(11_600);
    assert_eq!(ordered[1..], [(bound, Output::Release), (bound, gone)]);
}

/// ledger: active-shutdown
#[test]
fn a_stop_at_once_and_strict_release_at_once() {
    let strict = Config { habits: Habits::STRICT, ..config() };
    for (config, how) in [(config(), Stop::Now), (strict, Stop::HandOver)] {
        let mut router = active(config);
        let moved = Output::Moved { from: Name::Active, to: Name::Initialize, why: Cause::Stopped };
        let orders = router.handle(at(500), Input::Shutdown(how));
        assert_eq!(orders, [advertise(0), Output::Release, moved]);
    }
}

#[test]
fn a_second_stop_does_not_wait() {
    let mut router = active(config());
    let _ = router.handle(at(500), Input::Shutdown(Stop::HandOver));
    assert!(router.handle(at(600), Input::Shutdown(Stop::HandOver)).is_empty());
    let orders = router.handle(at(700), Input::Shutdown(Stop::Now));
    assert_eq!(orders.iter().next(), Some(Output::Release));
    assert_eq!(router.state().name(), Name::Initialize);
}

#[test]
fn a_fault_during_the_hand_over_ends_it() {
    let mut router = active(config());
    let _ = router.handle(at(500), Input::Shutdown(Stop::HandOver));
    let cause = Ineligible::InterfaceDown(1);
    let orders = router.handle(at(600), Input::Raise(cause));
    let moved = Output::Moved { from: Name::Active, to: Name::Initialize, why: Cause::Ineligible(cause) };
    assert_eq!(orders, [Output::Release, moved]);
}

#[test]
fn a_router_started_again_during_its_hand_over_begins_anew_after_it() {
    let mut router = active(config());
    let _ = router.handle(at(500), Input::Shutdown(Stop::HandOver));
    assert!(router.handle(at(600), Input::Startup).is_empty());
    let _ = router.handle(at(700), advert(90, 3));
    let _ = router.handle(at(720), Input::Timeout);
    assert_eq!(router.state().name(), Name::Backup);

    let mut stopped = active(config());
    let _ = stopped.handle(at(500), Input::Shutdown(Stop::HandOver));
    let _ = stopped.handle(at(600), Input::Startup);
    let _ = stopped.handle(at(650), Input::Shutdown(Stop::HandOver));
    let _ = stopped.handle(at(700), advert(90, 3));
    let _ = stopped.handle(at(720), Input::Timeout);
    assert_eq!(stopped.state().name(), Name::Initialize);
}

/// Releases (1), moves (1), ends four conditions, and claims (3).
#[test]
fn an_owner_that_was_started_again_during_its_hand_over_orders_all_of_it_at_once() {
    let mut router = active(with_priority(255));
    let _ = router.handle(at(100), advert(255, 1));
    let own = Input::Rejected(address(2), vrrp_core::Reject::Own);
    let _ = router.handle(at(100), own);
    let _ = router.handle(at(9_000), Input::Timeout);
    let _ = router.handle(at(9_001), advert(255, 1));
    let _ = router.handle(at(9_001), own);
    let _ = router.handle(at(9_002), Input::Shutdown(Stop::HandOver));
    let _ = router.handle(at(9_003), Input::Startup);
    let _ = router.handle(at(9_004), misfit(254, 3));
    let orders = router.handle(at(9_024), Input::Timeout);
    assert_eq!(orders.len(), 9, "{orders:?}");
    assert!(orders.len() <= Outputs::CAPACITY);
    assert_eq!(router.state().name(), Name::Active);
}
