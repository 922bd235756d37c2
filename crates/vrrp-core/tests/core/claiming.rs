//! `claim_requires`: no gateway, no claim.

use vrrp_core::{CheckId, Condition, Config, Input, Name, OnClaim, Output, Verdict, Withheld};

use crate::fixture::{advert, at, backup, claims, down_interval, ms, name, requiring, run, says, with_priority};

const WITHHELD: Condition = Condition::Withheld(Withheld::Requires(CheckId(7)));
const UP: Input = says(7, Verdict::Up);

#[test]
fn a_claim_whose_requirement_is_met_is_no_later() {
    let mut router = backup(requiring(OnClaim::HoldBack));
    assert!(router.handle(at(10), UP).is_empty());
    assert_eq!(claims(&run(&mut router, at(5_000))), [at(0) + down_interval(100)]);
}

#[test]
fn prefer_single_holds_back_for_ever_and_says_so_once() {
    for verdict in [Verdict::Unknown, Verdict::Down, Verdict::Silent, Verdict::Value(1)] {
        let mut router = backup(requiring(OnClaim::HoldBack));
        let _ = router.handle(at(1), says(7, verdict));
        let ordered = run(&mut router, at(600_000));
        assert_eq!(ordered, [(at(0) + down_interval(100), Output::Raised(WITHHELD))]);
        assert_eq!(name(&router), Name::Backup);
    }
}

#[test]
fn a_file_that_says_0_is_up() {
    let mut router = backup(requiring(OnClaim::HoldBack));
    let _ = router.handle(at(1), says(7, Verdict::Value(0)));
    assert_eq!(claims(&run(&mut router, at(5_000))).len(), 1);
}

/// A check each two seconds may have succeeded just before this host was cut off.
#[test]
fn what_a_check_found_before_the_silence_is_no_leave_to_claim() {
    let confirmed = |began| Input::Confirmed(CheckId(7), at(began));
    let mut cut_off = backup(requiring(OnClaim::HoldBack));
    let _ = cut_off.handle(at(10), UP);
    let _ = cut_off.handle(at(900), confirmed(890));
    let _ = cut_off.handle(at(1_000), advert(150, 1));
    assert_eq!(claims(&run(&mut cut_off, at(60_000))), []);

    let mut alone = backup(requiring(OnClaim::HoldBack));
    let _ = alone.handle(at(10), UP);
    let _ = alone.handle(at(1_000), advert(150, 1));
    let _ = alone.handle(at(2_900), confirmed(2_890));
    assert_eq!(claims(&run(&mut alone, at(60_000))), [at(1_000) + down_interval(100)], "no later for it");

    // Found well only after the claim was due: as soon as an Active router would have been heard.
    let mut slow = backup(requiring(OnClaim::HoldBack));
    let _ = slow.handle(at(10), UP);
    let _ = slow.handle(at(20), confirmed(10));
    let _ = slow.handle(at(1_000), advert(150, 1));
    run(&mut slow, at(5_000));
    let _ = slow.handle(at(5_000), confirmed(4_900));
    assert_eq!(claims(&run(&mut slow, at(60_000))), [at(6_000) + ms(1_000) * 156 / 256]);
}

/// A silence is to be explained; where somebody resigns or serves with a lower priority there is none.
#[test]
fn while_somebody_is_heard_what_a_check_found_before_is_leave_enough() {
    let confirmed = |began| Input::Confirmed(CheckId(7), at(began));
    let found = || {
        let mut router = backup(requiring(OnClaim::HoldBack));
        let _ = router.handle(at(10), UP);
        let _ = router.handle(at(20), confirmed(10));
        router
    };
    let mut released = found();
    let _ = released.handle(at(1_000), advert(150, 1));
    let _ = released.handle(at(1_500), advert(0, 1));
    assert_eq!(claims(&run(&mut released, at(60_000))), [at(1_500) + ms(1_000) * 156 / 256]);
    let mut preempting = found();
    let _ = preempting.handle(at(2_000), advert(50, 1));
    assert_eq!(claims(&run(&mut preempting, at(60_000))), [at(0) + down_interval(100)]);
}

/// It is found well each second: that is nothing new, and no reason to claim sooner than at the end of the silence.
#[test]
fn a_check_that_is_found_well_again_and_again_moves_no_timer() {
    let mut router = backup(requiring(OnClaim::HoldBack));
    let _ = router.handle(at(10), UP);
    let _ = router.handle(at(1_000), advert(150, 1));
    for millis in [1_100, 2_100, 3_100] {
        let _ = router.handle(at(millis), Input::Confirmed(CheckId(7), at(millis)));
    }
    assert_eq!(claims(&run(&mut router, at(60_000))), [at(1_000) + down_interval(100)]);
}

#[test]
fn prefer_availability_holds_back_for_one_more_interval() {
    let mut router = backup(requiring(OnClaim::HoldBackOnce));
    let first = at(0) + down_interval(100);
    let ordered = run(&mut router, at(10_000));
    assert_eq!(ordered[0], (first, Output::Raised(WITHHELD)));
    assert_eq!(claims(&ordered), [first + down_interval(100)]);
    assert!(ordered.contains(&(first + down_interval(100), Output::Cleared(WITHHELD))));
}

#[test]
fn a_claim_that_was_put_off_once_comes_no_sooner_because_the_requirement_is_met() {
    let mut router = backup(requiring(OnClaim::HoldBackOnce));
    run(&mut router, at(4_000));
    let _ = router.handle(at(4_000), UP);
    let _ = router.handle(at(4_100), Input::Confirmed(CheckId(7), at(4_050)));
    assert_eq!(claims(&run(&mut router, at(10_000))), [at(0) + down_interval(100) * 2]);
}

#[test]
fn prefer_availability_holds_back_for_one_more_interval_beside_a_lower_router_too() {
    let mut router = backup(requiring(OnClaim::HoldBackOnce));
    let mut claimed = Vec::new();
    for second in 0..10 {
        claimed.extend(claims(&run(&mut router, at(second * 1_000))));
        if claimed.is_empty() {
            let _ = router.handle(at(second * 1_000), advert(50, 1));
        }
    }
    assert_eq!(claimed, [at(0) + down_interval(100) * 2]);
}

#[test]
fn a_requirement_met_again_gives_whoever_serves_a_whole_interval_to_be_heard() {
    let mut router = backup(requiring(OnClaim::HoldBack));
    run(&mut router, at(60_000));
    let _ = router.handle(at(60_000), UP);
    let ordered = run(&mut router, at(70_000));
    assert_eq!(claims(&ordered), [at(60_000) + down_interval(100)]);
    assert!(ordered.contains(&(at(60_000) + down_interval(100), Output::Cleared(WITHHELD))));
}

#[test]
fn a_claim_that_was_put_off_once_comes_no_later_because_the_requirement_is_met() {
    let mut router = backup(requiring(OnClaim::HoldBackOnce));
    let first = at(0) + down_interval(100);
    run(&mut router, at(6_000));
    let _ = router.handle(at(6_000), UP);
    assert_eq!(claims(&run(&mut router, at(10_000))), [first + down_interval(100)]);
}

#[test]
fn an_active_router_heard_again_ends_the_condition() {
    let mut router = backup(requiring(OnClaim::HoldBack));
    run(&mut router, at(10_000));
    assert_eq!(router.handle(at(10_000), advert(200, 3)), [Output::Cleared(WITHHELD)]);
    // A silence that begins anew is one of its own.
    let ordered = run(&mut router, at(20_000));
    assert_eq!(ordered, [(at(10_000) + down_interval(100), Output::Raised(WITHHELD))]);
}

#[test]
fn priority_0_makes_no_claim_without_the_gateway() {
    let mut router = backup(requiring(OnClaim::HoldBack));
    let _ = router.handle(at(500), advert(200, 3));
    let _ = router.handle(at(600), advert(0, 3));
    assert_eq!(claims(&run(&mut router, at(60_000))), []);
}

#[test]
fn a_lower_router_is_not_preempted_without_the_gateway() {
    let mut router = backup(requiring(OnClaim::HoldBack));
    for second in 0..30 {
        let _ = router.handle(at(second * 1_000), advert(50, 1));
        assert_eq!(claims(&run(&mut router, at(second * 1_000 + 999))), []);
    }
    let _ = router.handle(at(30_000), UP);
    let mut claimed = Vec::new();
    for second in 30..34 {
        claimed.extend(claims(&run(&mut router, at(second * 1_000))));
        let _ = router.handle(at(second * 1_000), advert(50, 1));
    }
    assert!(claimed.is_empty(), "a whole interval");
    assert_eq!(claims(&run(&mut router, at(30_000) + down_interval(100))).len(), 1);
}

#[test]
fn an_active_router_keeps_what_it_has_without_the_gateway() {
    let mut router = backup(requiring(OnClaim::HoldBack));
    let _ = router.handle(at(10), UP);
    run(&mut router, at(5_000));
    assert_eq!(name(&router), Name::Active);
    assert!(router.handle(at(5_001), says(7, Verdict::Down)).is_empty());
    run(&mut router, at(60_000));
    assert_eq!(name(&router), Name::Active);
}

#[test]
fn an_owner_without_the_gateway_waits_as_backup() {
    let mut router =
        backup(Config { claim_requires: requiring(OnClaim::HoldBack).claim_requires, ..with_priority(255) });
    assert_eq!(name(&router), Name::Backup);
    assert_eq!(claims(&run(&mut router, at(60_000))), []);
    let _ = router.handle(at(60_000), UP);
    assert_eq!(claims(&run(&mut router, at(70_000))), [at(60_000) + down_interval(255)]);
}

#[test]
fn initialize_ends_the_condition() {
    let mut router = backup(requiring(OnClaim::HoldBack));
    run(&mut router, at(10_000));
    let cause = vrrp_core::Ineligible::InterfaceDown(1);
    let orders = router.handle(at(10_000) + ms(1), Input::Raise(cause));
    assert_eq!(orders.iter().last(), Some(Output::Cleared(WITHHELD)));
}
