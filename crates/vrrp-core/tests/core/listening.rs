//! Listening before claiming: after link-up, and by asking the LAN (`confirm_silence`).

use vrrp_core::{Condition, Config, Habits, Ineligible, Input, Name, Output, Reject, Timer, VirtualRouter, Withheld};

use crate::fixture::{address, advert, at, backup, claims, config, down_interval, ms, name, run, says, with_priority};

const DOWN: Ineligible = Ineligible::InterfaceDown(1);
const DEAF: Output = Output::Raised(Condition::Withheld(Withheld::Deaf));
const ANSWERED: Output = Output::Raised(Condition::Withheld(Withheld::Answered));

/// A Backup whose carrier came up at 10 s.
fn linked(config: Config) -> VirtualRouter {
    let mut router = backup(config);
    let _ = router.handle(at(1_000), Input::Raise(DOWN));
    let _ = router.handle(at(10_000), Input::Clear(DOWN));
    router
}

#[test]
fn a_link_that_passes_nothing_is_listened_to_for_one_more_interval_and_no_longer() {
    let mut router = linked(config());
    let first = at(10_000) + down_interval(100);
    let ordered = run(&mut router, at(30_000));
    assert_eq!(ordered[0], (first, DEAF));
    assert_eq!(claims(&ordered), [first + down_interval(100)]);
    assert_eq!(router.conditions().count(), 0);
}

#[test]
fn any_frame_is_proof() {
    let foreign = Input::Rejected(address(3), Reject::Version { received: vrrp_wire::Version::V2 });
    for proof in [Input::Proof, foreign] {
        let mut router = linked(config());
        let _ = router.handle(at(10_500), proof);
        assert_eq!(claims(&run(&mut router, at(30_000))), [at(10_000) + down_interval(100)]);
    }
    let mut router = linked(config());
    let _ = router.handle(at(10_500), Input::Rejected(address(2), Reject::Own));
    assert_eq!(claims(&run(&mut router, at(30_000))), [at(10_000) + down_interval(100) * 2]);
}

#[test]
fn an_advertisement_is_proof() {
    for priority in [0, 50, 200] {
        let mut router = linked(config());
        let _ = router.handle(at(10_500), advert(priority, 3));
        let ordered = run(&mut router, at(30_000));
        assert!(!ordered.iter().any(|(_, order)| *order == DEAF), "{priority}");
    }
}

#[test]
fn what_is_heard_before_the_last_cause_ends_counts_from_link_up_on() {
    for proof in [Input::Proof, advert(200, 3)] {
        let mut router = backup(config());
        let _ = router.handle(at(1_000), Input::Raise(DOWN));
        let _ = router.handle(at(1_000), Input::Raise(Ineligible::NoSourceAddress(1)));
        let _ = router.handle(at(5_000), Input::Clear(DOWN));
        let _ = router.handle(at(6_000), proof);
        let _ = router.handle(at(10_000), Input::Clear(Ineligible::NoSourceAddress(1)));
        assert_eq!(claims(&run(&mut router, at(30_000))), [at(10_000) + down_interval(100)]);
    }
}

#[test]
fn a_start_a_strict_router_and_another_cause_wait_no_longer() {
    let mut started = backup(config());
    assert_eq!(claims(&run(&mut started, at(30_000))), [at(0) + down_interval(100)]);
    let mut strict = linked(Config { habits: Habits::STRICT, ..config() });
    assert_eq!(claims(&run(&mut strict, at(30_000))), [at(10_000) + down_interval(100)]);
    let mut checked = backup(config());
    let _ = checked.handle(at(1_000), Input::Raise(Ineligible::Check(1)));
    let _ = checked.handle(at(10_000), Input::Clear(Ineligible::Check(1)));
    assert_eq!(claims(&run(&mut checked, at(30_000))), [at(10_000) + down_interval(100)]);
}

/// The interface is found down at the start: the carrier did not rise while it ran.
#[test]
fn carrier_that_is_there_before_the_start_is_no_link_up() {
    let mut router = VirtualRouter::new(config(), 0);
    let _ = router.handle(at(0), Input::Raise(DOWN));
    let _ = router.handle(at(0), Input::Clear(DOWN));
    let _ = router.handle(at(0), Input::Startup);
    assert_eq!(claims(&run(&mut router, at(30_000))), [at(0) + down_interval(100)]);
}

#[test]
fn the_owner_claims_at_once() {
    let router = linked(with_priority(255));
    assert_eq!(name(&router), Name::Active);
}

/// Follows 10.0.0.3, silent since 1 s; asks.
fn asking(config: Config) -> VirtualRouter {
    let mut router = backup(Config { habits: Habits { confirm_silence: true, ..config.habits }, ..config });
    let _ = router.handle(at(1_000), advert(254, 3));
    router
}

#[test]
fn the_lan_is_asked_20_ms_before_the_claim_and_the_claim_is_no_later() {
    let mut router = asking(config());
    let due = at(1_000) + down_interval(100);
    assert_eq!(router.next_timeout(), Some((due - ms(20), Timer::Probe)));
    let ordered = run(&mut router, due);
    assert_eq!(ordered[0], (due - ms(20), Output::Probe(address(3))));
    assert_eq!(claims(&ordered), [due]);
}

#[test]
fn a_short_skew_leaves_a_quarter_of_it() {
    let mut router = asking(with_priority(254));
    let due = at(1_000) + down_interval(254);
    let lead = core::time::Duration::from_nanos(7_812_500 / 4);
    assert_eq!(run(&mut router, due)[0], (due - lead, Output::Probe(address(3))));
}

#[test]
fn an_answer_holds_the_claim_back_for_one_more_interval_and_no_longer() {
    let mut router = asking(config());
    let due = at(1_000) + down_interval(100);
    run(&mut router, due - ms(10));
    assert_eq!(router.handle(due - ms(10), Input::Answered), [ANSWERED]);
    assert!(router.handle(due - ms(9), Input::Answered).is_empty());
    let ordered = run(&mut router, at(30_000));
    assert_eq!(claims(&ordered), [due - ms(10) + down_interval(100)]);
    assert!(!ordered.iter().any(|(_, order)| matches!(order, Output::Probe(_))), "asked twice");
}

#[test]
fn an_answer_that_nobody_asked_for_holds_nothing_back() {
    let mut router = asking(config());
    assert!(router.handle(at(2_000), Input::Answered).is_empty());
    assert_eq!(claims(&run(&mut router, at(30_000))), [at(1_000) + down_interval(100)]);
}

#[test]
fn a_new_silence_is_asked_about_anew() {
    let mut router = asking(config());
    run(&mut router, at(4_600));
    let _ = router.handle(at(4_600), Input::Answered);
    assert_eq!(router.handle(at(5_000), advert(200, 3)).len(), 1);
    let asked = run(&mut router, at(8_600));
    assert_eq!(asked, [(at(5_000) + down_interval(100) - ms(20), Output::Probe(address(3)))]);
}

#[test]
fn nobody_is_asked_after_priority_0_beside_a_lower_router_or_where_nobody_was_heard() {
    let asks = |router: &mut VirtualRouter| {
        let ordered = run(router, at(30_000));
        assert_eq!(claims(&ordered).len(), 1);
        ordered.iter().any(|(_, order)| matches!(order, Output::Probe(_)))
    };
    let mut released = asking(config());
    let _ = released.handle(at(1_500), advert(0, 3));
    assert!(!asks(&mut released));
    let mut preempting = asking(config());
    let _ = preempting.handle(at(1_500), advert(50, 1));
    assert!(!asks(&mut preempting));
    let mut alone = backup(Config { habits: Habits { confirm_silence: true, ..config().habits }, ..config() });
    assert!(!asks(&mut alone));
}

#[test]
fn by_default_nobody_is_asked() {
    let mut router = backup(config());
    let _ = router.handle(at(1_000), advert(200, 3));
    let _ = router.handle(at(1_100), says(1, vrrp_core::Verdict::Up));
    assert!(!run(&mut router, at(30_000)).iter().any(|(_, order)| matches!(order, Output::Probe(_))));
}
