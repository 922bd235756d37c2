//! Checks without a weight: keepalived's FAULT.

use vrrp_core::{Cause, CheckId, Config, Ineligible, Input, Name, Output, Verdict, VirtualRouter, Weight};
use vrrp_wire::{AdverInterval, Priority};

use crate::fixture::{active, advertise, at, backup, name, router, run, says, tracking, with_priority};

fn two() -> Config {
    tracking(&[(1, Weight::NONE), (2, Weight::NONE)])
}

/// A Backup whose two checks are up.
fn well() -> VirtualRouter {
    let mut router = backup(two());
    let _ = router.handle(at(0), says(1, Verdict::Up));
    let _ = router.handle(at(0), says(2, Verdict::Up));
    assert_eq!(name(&router), Name::Backup);
    router
}

#[test]
fn a_start_waits_for_the_first_result_of_every_check() {
    let mut router = backup(two());
    assert_eq!(name(&router), Name::Initialize);
    assert_eq!(router.causes(), [Ineligible::CheckPending(1), Ineligible::CheckPending(2)]);
    assert!(router.handle(at(1_000), says(1, Verdict::Up)).is_empty());
    let why = Cause::Recovered(Ineligible::CheckPending(2));
    let moved = Output::Moved { from: Name::Initialize, to: Name::Backup, why };
    assert_eq!(router.handle(at(2_000), says(2, Verdict::Up)), [moved]);
}

#[test]
fn a_first_result_that_is_a_failure_leaves_no_moment_of_eligibility() {
    let mut router = backup(tracking(&[(1, Weight::NONE)]));
    assert!(router.handle(at(1), says(1, Verdict::Down)).is_empty());
    assert_eq!(router.causes(), [Ineligible::Check(1)]);
}

#[test]
fn a_failing_check_of_an_active_router_resigns_and_releases() {
    let mut router = active(two());
    let _ = router.handle(at(1), says(1, Verdict::Up));
    let orders = router.handle(at(500), says(1, Verdict::Down));
    let why = Cause::Ineligible(Ineligible::Check(1));
    let moved = Output::Moved { from: Name::Active, to: Name::Initialize, why };
    assert_eq!(orders, [advertise(0), Output::Release, moved]);
}

#[test]
fn a_silent_runner_is_a_cause_of_its_own() {
    let mut router = well();
    let _ = router.handle(at(1), says(1, Verdict::Silent));
    assert_eq!(router.causes(), [Ineligible::CheckSilent(1)]);
    // From one cause to the other it stays where it is.
    assert!(router.handle(at(2), says(1, Verdict::Down)).is_empty());
    assert_eq!(router.causes(), [Ineligible::Check(1)]);
}

#[test]
fn recovery_needs_every_check() {
    let mut router = well();
    let _ = router.handle(at(1), says(1, Verdict::Down));
    let _ = router.handle(at(2), says(2, Verdict::Down));
    assert!(router.handle(at(3), says(1, Verdict::Up)).is_empty());
    let _ = router.handle(at(4), says(2, Verdict::Up));
    assert_eq!(name(&router), Name::Backup);
    assert_eq!(router.causes(), []);
}

#[test]
fn reversed_it_is_up_that_fails() {
    let mut router = backup(tracking(&[(1, Weight { amount: 0, reverse: true })]));
    let _ = router.handle(at(1), says(1, Verdict::Up));
    assert_eq!(router.causes(), [Ineligible::Check(1)]);
    let _ = router.handle(at(2), says(1, Verdict::Down));
    assert_eq!(name(&router), Name::Backup);
}

#[test]
fn a_file_without_a_weight_fails_unless_it_says_0() {
    let mut router = backup(tracking(&[(1, Weight::NONE)]));
    let _ = router.handle(at(1), says(1, Verdict::Value(0)));
    assert_eq!(name(&router), Name::Backup);
    let _ = router.handle(at(2), says(1, Verdict::Value(1)));
    assert_eq!(router.causes(), [Ineligible::Check(1)]);
}

#[test]
fn a_check_that_forgets_its_result_stops_nothing_that_runs() {
    let mut router = well();
    assert!(router.handle(at(1), says(1, Verdict::Unknown)).is_empty());
    assert_eq!(name(&router), Name::Backup);
}

#[test]
fn a_router_resumes_although_its_checks_have_no_result_yet() {
    let mut router = router(two());
    let orders = router.handle(at(0), Input::Resume);
    assert_eq!(orders.iter().take(2).collect::<Vec<_>>(), [advertise(100), Output::Claim]);
    assert_eq!(router.causes(), []);
    assert!(router.handle(at(1), says(1, Verdict::Up)).is_empty());
    let _ = router.handle(at(2), says(2, Verdict::Down));
    assert_eq!(name(&router), Name::Initialize);
}

#[test]
fn a_router_with_a_failed_check_does_not_resume_and_releases_what_it_had() {
    let mut router = router(two());
    let _ = router.handle(at(0), says(2, Verdict::Down));
    assert_eq!(router.handle(at(0), Input::Resume), [Output::Release]);
    assert_eq!(router.causes(), [Ineligible::Check(2)]);
}

#[test]
fn a_reload_keeps_what_the_checks_have_said() {
    let mut router = active(tracking(&[(1, Weight::of(-20))]));
    let _ = router.handle(at(1), says(1, Verdict::Down));
    let slower = Config { interval: AdverInterval::from_secs(2).unwrap(), ..tracking(&[(1, Weight::of(-30))]) };
    let orders = router.reconfigure(at(2), slower);
    let told = Output::Priority { from: Priority::new(80), to: Priority::new(70) };
    assert_eq!(orders, [told, advertise(70), Output::Claim]);
    assert_eq!(router.verdict(CheckId(1)), Verdict::Down);
}

#[test]
fn a_new_check_of_a_reload_stops_nothing_until_it_fails() {
    for mut router in [active(two()), well()] {
        let before = name(&router);
        let three = tracking(&[(1, Weight::NONE), (2, Weight::NONE), (3, Weight::NONE)]);
        let _ = router.reconfigure(at(100), three);
        assert_eq!(name(&router), before);
        assert_eq!(router.causes(), []);
        let _ = router.handle(at(200), says(3, Verdict::Down));
        assert_eq!(router.causes(), [Ineligible::Check(3)]);
    }
}

#[test]
fn a_reload_that_makes_a_failing_check_decide_claims_nothing_first() {
    let mut router = active(tracking(&[(1, Weight::of(-20))]));
    let _ = router.handle(at(1), says(1, Verdict::Down));
    let orders = router.reconfigure(at(2), tracking(&[(1, Weight::NONE)]));
    assert!(!orders.iter().any(|order| order == Output::Claim), "{orders:?}");
    assert_eq!(name(&router), Name::Initialize);
}

#[test]
fn a_reload_without_the_failing_check_recovers() {
    let mut router = well();
    let _ = router.handle(at(1), says(1, Verdict::Down));
    let _ = router.reconfigure(at(2), tracking(&[(2, Weight::NONE)]));
    assert_eq!(name(&router), Name::Backup);
}

#[test]
fn an_owner_that_recovers_by_a_reload_claims_once() {
    let mut router = backup(Config { tracks: two().tracks, ..with_priority(255) });
    let _ = router.handle(at(1), says(1, Verdict::Down));
    let orders = router.reconfigure(at(2), with_priority(255));
    let moved = Output::Moved { from: Name::Initialize, to: Name::Active, why: Cause::Owner };
    assert_eq!(orders, [advertise(255), Output::Claim, moved]);
}

#[test]
fn an_owner_waits_for_its_checks_and_then_serves_at_once() {
    let owner = Config { tracks: two().tracks, ..with_priority(255) };
    let mut router = backup(owner);
    let _ = router.handle(at(1), says(1, Verdict::Up));
    let orders = router.handle(at(2), says(2, Verdict::Up));
    assert_eq!(orders.iter().next(), Some(advertise(255)));
    assert!(run(&mut router, at(100)).is_empty());
}
