//! A graceful stop: priority 0 is said, the addresses stay until the successor speaks.

use vrrp_core::{Cause, Config, Drain, Habits, Heard, Ineligible, Input, Name, Output, Outputs, Stop};

use crate::fixture::{active, address, advert, advertise, at, backup, config, misfit, ms, run, with_priority};

/// ledger: active-shutdown
#[test]
fn the_addresses_are_held_until_20_ms_after_the_successors_first_advertisement() {
    let mut router = active(config());
    run(&mut router, at(10_500));
    let orders = router.handle(at(10_500), Input::Shutdown(Stop::HandOver));
    assert_eq!(orders, [advertise(0)]);
    assert_eq!(router.state().name(), Name::Active);

    assert!(router.handle(at(11_000), advert(90, 3)).is_empty());
    let Input::Advertisement(received) = advert(90, 3) else { unreachable!() };
    let to = Heard { source: received.source, priority: received.priority, at: at(11_000) };
    let moved = Output::Moved { from: Name::Active, to: Name::Initialize, why: Cause::HandedOver { to } };
    assert!(router.handle(at(11_019), advert(90, 3)).is_empty());
    assert_eq!(router.handle(at(11_020), Input::Timeout), [Output::Release, moved]);
    // No last lower advertisement after our own hand-over, nor anything else.
    assert!(router.handle(at(11_021), Input::Released).is_empty());
    assert_eq!(router.next_timeout(), None);
}

/// ledger: active-shutdown
#[test]
fn a_successor_that_speaks_late_does_not_prolong_the_hand_over() {
    let mut router = active(config());
    let _ = router.handle(at(500), Input::Shutdown(Stop::HandOver));
    let _ = router.handle(at(1_599), advert(90, 3));
    let orders = router.handle(at(1_600), Input::Timeout);
    assert_eq!(orders.iter().next(), Some(Output::Release));
}

/// ledger: active-shutdown, !active-shutdown, tx-priority-range
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

/// Its last lower advertisement may come after our priority 0: it does not serve.
#[test]
fn the_farewell_of_a_router_that_was_just_preempted_is_no_successor() {
    let mut router = backup(config());
    let _ = router.handle(at(1_000), advert(50, 1));
    let due = router.next_timeout().unwrap().0;
    let _ = router.handle(due, Input::Timeout);
    let _ = router.handle(due + ms(1), Input::Claimed);
    run(&mut router, due + ms(2));
    let stop = due + ms(3);
    assert_eq!(router.handle(stop, Input::Shutdown(Stop::HandOver)), [advertise(0)]);
    assert!(router.handle(stop, advert(50, 1)).is_empty());
    assert_eq!(run(&mut router, stop + ms(800)), [(stop + ms(20), advertise(0))]);
    // Now it has taken over.
    let _ = router.handle(stop + ms(805), advert(50, 1));
    let ordered = run(&mut router, stop + ms(2_000));
    assert_eq!(ordered.first(), Some(&(stop + ms(825), Output::Release)));
}

/// keepalived and FRR say no farewell.
#[test]
fn a_router_that_was_just_preempted_succeeds_once_its_skew_time_has_passed() {
    let mut router = backup(config());
    let _ = router.handle(at(1_000), advert(50, 1));
    let due = router.next_timeout().unwrap().0;
    let _ = router.handle(due, Input::Timeout);
    run(&mut router, due + ms(30));
    let stop = due + ms(40);
    let _ = router.handle(stop, Input::Shutdown(Stop::HandOver));
    run(&mut router, stop + ms(804));
    let _ = router.handle(stop + ms(804), advert(50, 1));
    let ordered = run(&mut router, stop + ms(2_000));
    assert_eq!(ordered.first(), Some(&(stop + ms(824), Output::Release)));
}

/// Three quarters of the `Skew_Time` of priority 50 at an interval of a second.
#[test]
fn a_farewell_is_believed_to_be_one_for_three_quarters_of_its_senders_skew_time() {
    let limit = core::time::Duration::from_nanos(603_515_625);
    for (after, succeeds) in [(limit - core::time::Duration::from_nanos(1), false), (limit, true)] {
        let mut router = backup(config());
        let _ = router.handle(at(1_000), advert(50, 1));
        let due = router.next_timeout().unwrap().0;
        run(&mut router, due + ms(30));
        let stop = due + ms(40);
        let _ = router.handle(stop, Input::Shutdown(Stop::HandOver));
        run(&mut router, stop + ms(600));
        let _ = router.handle(stop + after, advert(50, 1));
        let released = run(&mut router, stop + ms(5_000)).first().map(|(moment, _)| *moment);
        let expected = if succeeds { stop + after + ms(20) } else { stop + ms(1_100) };
        assert_eq!(released, Some(expected));
    }
}

#[test]
fn a_router_started_again_during_its_hand_over_begins_anew_after_it() {
    let mut router = active(config());
    let _ = router.handle(at(500), Input::Shutdown(Stop::HandOver));
    assert!(router.handle(at(600), Input::Startup).is_empty());
    let _ = router.handle(at(700), advert(90, 3));
    run(&mut router, at(720));
    assert_eq!(router.state().name(), Name::Backup);

    let mut stopped = active(config());
    let _ = stopped.handle(at(500), Input::Shutdown(Stop::HandOver));
    let _ = stopped.handle(at(600), Input::Startup);
    let _ = stopped.handle(at(650), Input::Shutdown(Stop::HandOver));
    let _ = stopped.handle(at(700), advert(90, 3));
    run(&mut stopped, at(720));
    assert_eq!(stopped.state().name(), Name::Initialize);
}

/// The input that gives the most orders there can be.
#[test]
fn no_input_gives_more_orders_than_there_is_room_for() {
    let mut router = active(with_priority(255));
    let _ = router.handle(at(9_000), Input::Timeout);
    let _ = router.handle(at(9_001), Input::Drain(Drain::IfRelieved));
    run(&mut router, at(10_101));
    let _ = router.handle(at(10_102), advert(255, 1));
    let _ = router.handle(at(10_102), Input::Rejected(address(2), vrrp_core::Reject::Own));
    assert_eq!(router.conditions().count(), 5);
    let _ = router.handle(at(10_103), Input::Shutdown(Stop::HandOver));
    let _ = router.handle(at(10_104), Input::Startup);
    let _ = router.handle(at(10_105), misfit(254, 3));
    let orders = router.handle(at(10_125), Input::Timeout);
    assert_eq!(orders.len(), Outputs::CAPACITY);
    assert_eq!(router.state().name(), Name::Active);
}
