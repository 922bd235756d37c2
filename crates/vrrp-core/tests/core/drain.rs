//! Drain: hand over without stopping, and stay out.

use core::net::IpAddr;

use vrrp_core::{
    AddressList, Cause, Condition, Config, Drain, Habits, Ineligible, Input, Name, Output, Stop, VirtualRouter,
};
use vrrp_wire::Family;

use crate::fixture::{active, advert, advertise, at, backup, claims, config, down_interval, name, run};

const GENTLE: Input = Input::Drain(Drain::IfRelieved);
const UNDRAIN: Input = Input::Clear(Ineligible::Drained);

/// Drained at 0.5 s, heard 10.0.0.3 at 1.1 s.
fn relieved(config: Config, how: Drain) -> (VirtualRouter, Vec<Output>) {
    let mut router = active(config);
    assert_eq!(router.handle(at(500), Input::Drain(how)), [advertise(0)]);
    let _ = router.handle(at(1_100), advert(90, 3));
    let ordered = run(&mut router, at(5_000));
    (router, ordered.into_iter().map(|(_, order)| order).collect())
}

#[test]
fn a_drained_router_serves_until_it_is_relieved_and_stays_out() {
    for how in [Drain::IfRelieved, Drain::Force] {
        let (mut router, orders) = relieved(config(), how);
        assert_eq!(orders[0], Output::Release);
        assert!(matches!(orders[1], Output::Moved { to: Name::Initialize, why: Cause::HandedOver { .. }, .. }));
        assert_eq!(router.causes(), [Ineligible::Drained]);
        assert!(router.handle(at(9_000), advert(0, 3)).is_empty());
        assert_eq!(router.next_timeout(), None);
    }
}

#[test]
fn where_announcements_are_listened_for_it_serves_until_they_are_heard() {
    let mut router = active(config());
    let _ = router.handle(at(500), GENTLE);
    assert!(router.handle(at(501), Input::Announced(false)).is_empty());
    let _ = router.handle(at(1_100), advert(90, 3));
    assert_eq!(run(&mut router, at(1_225)), [], "a busy successor");
    assert!(router.handle(at(1_225), Input::Announced(true)).is_empty());
    let ordered = run(&mut router, at(2_000));
    assert_eq!(ordered[0], (at(1_245), Output::Release));
    assert!(matches!(ordered[1].1, Output::Moved { why: Cause::HandedOver { .. }, .. }));
}

#[test]
fn announcements_before_the_successor_speaks_are_not_forgotten_and_without_any_the_wait_ends() {
    let mut router = active(config());
    let _ = router.handle(at(500), GENTLE);
    let _ = router.handle(at(501), Input::Announced(false));
    let _ = router.handle(at(800), Input::Announced(true));
    let _ = router.handle(at(900), advert(90, 3));
    assert_eq!(run(&mut router, at(2_000))[0], (at(920), Output::Release));

    let mut router = active(config());
    let _ = router.handle(at(500), GENTLE);
    let _ = router.handle(at(501), Input::Announced(false));
    let _ = router.handle(at(900), advert(90, 3));
    assert_eq!(run(&mut router, at(2_000))[0], (at(1_400), Output::Release));
}

#[test]
fn undrained_it_is_a_backup_like_any_other() {
    let (mut router, _) = relieved(config(), Drain::IfRelieved);
    let _ = router.handle(at(60_000), UNDRAIN);
    assert_eq!(name(&router), Name::Backup);
    assert_eq!(claims(&run(&mut router, at(70_000))), [at(60_000) + down_interval(100)]);
}

#[test]
fn one_that_nobody_relieves_serves_on_and_says_so_for_a_while() {
    let mut router = active(config());
    let _ = router.handle(at(500), GENTLE);
    let ordered = run(&mut router, at(1_600));
    let unrelieved = Condition::Unrelieved;
    assert_eq!(ordered[1].1, advertise(100));
    assert_eq!(ordered.last(), Some(&(at(1_600), Output::Raised(unrelieved))));
    assert_eq!(name(&router), Name::Active);
    assert_eq!(router.causes(), []);
    // For an Active_Down_Interval, and until it next advertises.
    let later = run(&mut router, at(20_000));
    assert!(later.contains(&(at(6_000), Output::Cleared(unrelieved))));
}

#[test]
fn by_force_it_goes_in_any_case() {
    let mut router = active(config());
    let _ = router.handle(at(500), Input::Drain(Drain::Force));
    let ordered = run(&mut router, at(1_600));
    assert_eq!(ordered[1], (at(1_600), Output::Release));
    assert_eq!(router.causes(), [Ineligible::Drained]);
}

#[test]
fn force_may_be_added_while_it_waits() {
    let mut router = active(config());
    let _ = router.handle(at(500), GENTLE);
    let _ = router.handle(at(600), Input::Drain(Drain::Force));
    run(&mut router, at(1_600));
    assert_eq!(router.causes(), [Ineligible::Drained]);
}

#[test]
fn a_backup_is_out_at_once_and_says_nothing() {
    let mut router = backup(config());
    let why = Cause::Ineligible(Ineligible::Drained);
    let moved = Output::Moved { from: Name::Backup, to: Name::Initialize, why };
    assert_eq!(router.handle(at(500), GENTLE), [moved]);
    assert!(router.handle(at(600), GENTLE).is_empty());
}

#[test]
fn one_drained_before_its_start_does_not_start() {
    let mut router = crate::fixture::router(config());
    let _ = router.handle(at(0), GENTLE);
    assert!(router.handle(at(0), Input::Startup).is_empty());
    let _ = router.handle(at(10), UNDRAIN);
    assert_eq!(name(&router), Name::Backup);
}

/// Strictly nothing is held after priority 0; whether anybody relieves it cannot be known otherwise.
#[test]
fn strictly_it_waits_to_be_relieved_all_the_same() {
    let (router, _) = relieved(Config { habits: Habits::STRICT, ..config() }, Drain::IfRelieved);
    assert_eq!(router.causes(), [Ineligible::Drained]);
    let mut forced = active(Config { habits: Habits::STRICT, ..config() });
    let orders = forced.handle(at(500), Input::Drain(Drain::Force));
    assert_eq!(orders.iter().take(2).collect::<Vec<_>>(), [advertise(0), Output::Release]);
    assert_eq!(forced.causes(), [Ineligible::Drained]);
}

#[test]
fn undrained_while_it_hands_over_it_becomes_the_successors_backup() {
    let mut router = active(config());
    let _ = router.handle(at(500), GENTLE);
    let _ = router.handle(at(700), UNDRAIN);
    let _ = router.handle(at(1_100), advert(90, 3));
    run(&mut router, at(1_120));
    assert_eq!(name(&router), Name::Backup);

    let mut unrelieved = active(config());
    let _ = unrelieved.handle(at(500), Input::Drain(Drain::Force));
    let _ = unrelieved.handle(at(700), UNDRAIN);
    run(&mut unrelieved, at(1_600));
    assert_eq!(name(&unrelieved), Name::Active);
    assert_eq!(unrelieved.conditions().count(), 0);
}

#[test]
fn a_fault_while_it_hands_over_does_not_undo_the_drain() {
    let mut router = active(config());
    let fault = Ineligible::InterfaceDown(1);
    let _ = router.handle(at(500), GENTLE);
    let _ = router.handle(at(600), Input::Raise(fault));
    assert_eq!(router.causes(), [fault, Ineligible::Drained]);
    let _ = router.handle(at(900), Input::Clear(fault));
    assert_eq!(name(&router), Name::Initialize);
}

/// Whoever stops waits for nobody to relieve it; but what was drained stays out when it is started again.
#[test]
fn a_stop_ends_the_wait_of_a_drain_and_not_the_drain() {
    let mut router = active(config());
    let _ = router.handle(at(500), GENTLE);
    let _ = router.handle(at(600), Input::Shutdown(Stop::HandOver));
    run(&mut router, at(1_600));
    let drained = (Name::Initialize, &[Ineligible::Drained][..]);
    assert_eq!((name(&router), router.causes()), drained);
    let _ = router.handle(at(1_700), Input::Startup);
    assert_eq!((name(&router), router.causes()), drained);
    let _ = router.handle(at(1_800), UNDRAIN);
    assert_eq!(name(&router), Name::Backup);
}

#[test]
fn a_drain_is_heeded_by_one_that_stops_and_by_one_that_was_started_again_meanwhile() {
    for restarted in [false, true] {
        let mut router = active(config());
        let _ = router.handle(at(500), Input::Shutdown(Stop::HandOver));
        if restarted {
            let _ = router.handle(at(550), Input::Startup);
        }
        let _ = router.handle(at(600), Input::Drain(Drain::Force));
        run(&mut router, at(1_700));
        let _ = router.handle(at(1_800), Input::Startup);
        assert_eq!((name(&router), router.causes()), (Name::Initialize, &[Ineligible::Drained][..]), "{restarted}");
    }
}

/// Started again, it is no longer one that leaves whoever is there.
#[test]
fn one_that_was_started_again_serves_on_when_nobody_relieves_it_of_its_drain() {
    let mut router = active(config());
    let _ = router.handle(at(500), Input::Shutdown(Stop::HandOver));
    let _ = router.handle(at(550), Input::Startup);
    let _ = router.handle(at(600), GENTLE);
    run(&mut router, at(1_700));
    assert_eq!((name(&router), router.causes()), (Name::Active, &[][..]));
}

#[test]
fn a_drain_that_is_taken_back_does_not_take_the_stop_back() {
    let mut router = active(config());
    let _ = router.handle(at(500), Input::Shutdown(Stop::HandOver));
    let _ = router.handle(at(550), GENTLE);
    let _ = router.handle(at(600), UNDRAIN);
    run(&mut router, at(1_700));
    assert_eq!((name(&router), router.causes()), (Name::Initialize, &[][..]));
}

#[test]
fn an_address_that_comes_with_a_reload_during_a_drain_is_served_where_nobody_relieves() {
    let mut router = active(config());
    run(&mut router, at(10_000));
    let _ = router.handle(at(10_000), GENTLE);
    let addresses = AddressList::of(Family::V4, [100, 101].map(|host| IpAddr::from([10, 0, 0, host])));
    assert_eq!(router.reconfigure(at(10_010), Config { addresses, ..config() }), [Output::Claim]);
    assert_eq!(router.handle(at(10_012), Input::Claimed), [Output::Announce]);
    run(&mut router, at(11_100));
    assert_eq!(name(&router), Name::Active);

    // It was told to stop, but is started again, and drained.
    let mut stopped = active(config());
    let _ = stopped.handle(at(10_000), Input::Shutdown(Stop::HandOver));
    let addresses = AddressList::of(Family::V4, [IpAddr::from([10, 0, 0, 101])]);
    assert_eq!(stopped.reconfigure(at(10_010), Config { addresses, ..config() }), [Output::Claim]);
    let _ = stopped.handle(at(10_020), Input::Startup);
    let _ = stopped.handle(at(10_030), GENTLE);
    run(&mut stopped, at(11_100));
    assert_eq!(name(&stopped), Name::Active);
}
