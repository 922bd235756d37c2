//! What is odd is said once when it begins and once when it ends.

use vrrp_core::{
    Checksum, Condition, Config, Contest, Input, Name, Output, Outputs, Received, Reject, Verdict, VirtualRouter,
    Weight,
};
use vrrp_wire::{AdverInterval, Coverage, Priority, Version};

use crate::fixture::{
    active, address, advert, advertise, at, backup, config, heard, misfit, ms, router, run, says, tracking,
    with_priority,
};

fn held(router: &VirtualRouter) -> Vec<Condition> {
    router.conditions().collect()
}

#[test]
fn nothing_heard_in_initialize_raises_a_condition() {
    let mut router = router(config());
    assert!(router.handle(at(1), misfit(200, 3)).is_empty());
    assert_eq!(held(&router), []);
}

#[test]
fn a_contested_active_router_says_so_with_the_reason_and_stops_saying_so_after_a_down_interval() {
    let mut router = active(config());
    run(&mut router, at(500));
    let contested = Condition::Contested { by: address(1), reason: Contest::Lower(Priority::new(50)) };
    let orders = router.handle(at(500), advert(50, 1));
    assert_eq!(orders, [advertise(100), Output::Announce, Output::Raised(contested)]);
    let again = router.handle(at(900), advert(50, 1));
    assert_eq!(again, [advertise(100), Output::Announce]);
    assert_eq!(held(&router), [contested]);

    // The last evidence is from 0.9 s: it holds until the first Adver_Timer after 4.509375 s.
    let ordered = run(&mut router, at(20_000));
    assert!(ordered.contains(&(at(4_900), Output::Cleared(contested))));
    assert_eq!(held(&router), []);
}

#[test]
fn equal_priority_and_a_lower_address_is_another_reason() {
    let mut router = active(config());
    let _ = router.handle(at(500), advert(100, 1));
    let reason = Contest::LowerAddress(Priority::new(100));
    let by = address(1);
    assert_eq!(held(&router), [Condition::Contested { by, reason }]);
}

#[test]
fn a_speaker_whose_packets_are_discarded_contests_with_that_reason() {
    for reject in [Reject::Version { received: Version::V2 }, Reject::AuthenticationType, Reject::AuthenticationData] {
        let mut router = active(config());
        let condition = Condition::Contested { by: address(3), reason: Contest::Discarded(reject) };
        let orders = router.handle(at(500), Input::Rejected(address(3), reject));
        assert_eq!(orders, [Output::Raised(condition)]);
    }
}

#[test]
fn a_packet_that_is_not_for_us_contests_nothing() {
    for reject in [Reject::UnknownVrid, Reject::Delivery, Reject::NotAPeer] {
        let mut router = active(config());
        let orders = router.handle(at(500), Input::Rejected(address(3), reject));
        assert!(orders.is_empty(), "{reject}");
    }
}

#[test]
fn a_backup_is_not_contested() {
    let mut router = backup(config());
    let version = Version::V2;
    let reject = Reject::Version { received: version };
    assert!(router.handle(at(1), Input::Rejected(address(3), reject)).is_empty());
    let _ = router.handle(at(2), advert(50, 1));
    assert_eq!(held(&router), []);
}

#[test]
fn stepping_down_ends_the_contest() {
    let mut router = active(config());
    let _ = router.handle(at(500), advert(50, 1));
    let [contested] = held(&router)[..] else { panic!("not contested") };
    let orders = router.handle(at(600), advert(200, 3));
    assert_eq!(orders.iter().last(), Some(Output::Cleared(contested)));
    assert_eq!(held(&router), []);
}

#[test]
fn in_initialize_nobody_is_in_evidence() {
    let mut router = active(with_priority(255));
    let _ = router.handle(at(500), advert(255, 1));
    let _ = router.handle(at(501), Input::Rejected(address(2), Reject::Own));
    assert_eq!(held(&router).len(), 3, "{:?}", held(&router));
    let _ = router.handle(at(600), Input::Shutdown(vrrp_core::Stop::Now));
    assert_eq!(held(&router), []);
}

#[test]
fn failing_sends_are_a_condition_until_sending_works_in_whatever_state_that_is() {
    let mut router = active(config());
    run(&mut router, at(500));
    let failing = Output::Raised(Condition::SendFailing);
    let works = Output::Cleared(Condition::SendFailing);
    assert_eq!(router.handle(at(500), Input::SendFailing(true)), [failing]);
    assert!(router.handle(at(501), Input::SendFailing(true)).is_empty());
    let orders = router.handle(at(600), Input::SendFailing(false));
    assert_eq!(orders, [works, Output::Announce]);
    assert!(router.handle(at(601), Input::SendFailing(false)).is_empty());

    let _ = router.handle(at(700), Input::SendFailing(true));
    let _ = router.handle(at(800), advert(200, 3));
    assert_eq!(held(&router), [Condition::SendFailing]);
    assert_eq!(router.handle(at(900), Input::SendFailing(false)), [works]);
}

/// ledger: two-owners, rx-own
#[test]
fn a_second_owner_is_a_condition_and_the_greater_address_stays() {
    let two = Output::Raised(Condition::TwoOwners { by: address(1) });
    let mut greater = active(with_priority(255));
    let orders = greater.handle(at(500), advert(255, 1));
    assert!(orders.iter().any(|order| order == two));
    assert_eq!(greater.state().name(), Name::Active);

    let mut lower = active(with_priority(255));
    let two = Output::Raised(Condition::TwoOwners { by: address(3) });
    let orders = lower.handle(at(500), advert(255, 3));
    assert!(orders.iter().any(|order| order == two));
    assert_eq!(lower.state().name(), Name::Backup);
    assert_eq!(lower.priority(), Priority::OWNER);
}

/// ledger: !two-owners
#[test]
fn an_owner_and_a_router_of_priority_254_are_not_two_owners() {
    let mut router = active(with_priority(255));
    let _ = router.handle(at(500), advert(254, 1));
    let reason = Contest::Lower(Priority::new(254));
    let by = address(1);
    assert_eq!(held(&router), [Condition::Contested { by, reason }]);
}

/// ledger: rx-interval-mismatch, !rx-interval-mismatch, rx-address-mismatch, !rx-address-mismatch
#[test]
fn what_a_peer_is_configured_to_differently_is_said_once_and_cleared_when_it_agrees() {
    let mut router = backup(config());
    let by = address(3);
    let theirs = AdverInterval::from_secs(2).unwrap();
    let odd = [
        Condition::IntervalDiffers { by, theirs },
        Condition::AddressesDiffer { by },
        Condition::ChecksumDiffers { by, theirs: Coverage::Message },
    ];
    let raised = odd.map(Output::Raised);
    assert_eq!(router.handle(at(1), misfit(200, 3)), raised);
    assert!(router.handle(at(2), misfit(200, 3)).is_empty());
    // Another peer that agrees says nothing about the one that does not.
    assert!(router.handle(at(3), advert(200, 4)).is_empty());
    let cleared = odd.map(Output::Cleared);
    assert_eq!(router.handle(at(4), advert(200, 3)), cleared);
    assert!(router.handle(at(5), advert(200, 3)).is_empty());
}

/// ledger: tx-checksum-v4
#[test]
fn auto_follows_the_form_that_is_heard_and_mixed_peers_are_a_condition() {
    let mut router = backup(Config { checksum: Checksum::Auto, ..config() });
    let message_only = |host| Input::Advertisement(Received { coverage: Coverage::Message, ..heard(200, host) });
    assert_eq!(router.coverage(), Coverage::PseudoHeader);
    assert!(router.handle(at(1), message_only(3)).is_empty());
    assert_eq!(router.coverage(), Coverage::Message);

    let mixed = Condition::ChecksumDiffers { by: address(4), theirs: Coverage::PseudoHeader };
    let orders = router.handle(at(2), advert(200, 4));
    assert_eq!(orders, [Output::Raised(mixed)]);
    assert_eq!(router.coverage(), Coverage::PseudoHeader);
    assert!(router.handle(at(3), message_only(3)).is_empty());
    assert_eq!(held(&router).len(), 1);
}

/// ledger: !tx-checksum-v4
#[test]
fn without_auto_the_configured_form_is_sent_whatever_is_heard() {
    for (checksum, form) in [(Checksum::PseudoHeader, Coverage::PseudoHeader), (Checksum::Message, Coverage::Message)] {
        let mut router = backup(Config { checksum, ..config() });
        let _ = router.handle(at(1), misfit(200, 3));
        let _ = router.handle(at(2), advert(200, 4));
        assert_eq!(router.coverage(), form);
    }
}

/// VRRPv2 knows one form, and IPv6 the other: there is nothing to differ in.
#[test]
fn where_there_is_only_one_checksum_form_none_differs() {
    let mut v2 = backup(Config { version: Version::V2, ..config() });
    let message_only = Received { coverage: Coverage::Message, ..heard(200, 3) };
    assert!(v2.handle(at(1), Input::Advertisement(message_only)).is_empty());
    let mut v6 = backup(Config { checksum: Checksum::Message, ..config() });
    let source = [0xfe80, 0, 0, 0, 0, 0, 0, 3].into();
    assert!(v6.handle(at(1), Input::Advertisement(Received { source, ..heard(200, 3) })).is_empty());
}

/// ledger: self-flap
#[test]
fn a_host_that_stood_still_says_so_announces_again_and_gets_over_it() {
    let mut router = active(config());
    run(&mut router, at(10_000));
    let orders = router.handle(at(15_000), Input::Timeout);
    let stalled = Condition::Stalled;
    assert_eq!(orders, [advertise(100), Output::Raised(stalled), Output::Announce]);
    let ordered = run(&mut router, at(25_000));
    assert!(ordered.contains(&(at(19_000), Output::Cleared(stalled))));
}

/// What waited for it is heard before its timers fire, and each of these sets `Adver_Timer` anew.
#[test]
fn whatever_a_host_that_stood_still_takes_in_first_does_not_hide_that_it_did() {
    let fell = |router: &mut VirtualRouter| router.handle(at(15_000), says(1, Verdict::Down));
    let released = |router: &mut VirtualRouter| router.handle(at(15_000), advert(0, 1));
    let reloaded = |router: &mut VirtualRouter| {
        let checked = tracking(&[(1, Weight::of(-10))]);
        router.reconfigure(at(15_000), Config { priority: Priority::new(90), ..checked })
    };
    for wakes in [&fell as &dyn Fn(&mut VirtualRouter) -> Outputs, &released, &reloaded] {
        let mut router = active(tracking(&[(1, Weight::of(-10))]));
        let _ = router.handle(at(0), says(1, Verdict::Up));
        run(&mut router, at(10_000));
        let orders = wakes(&mut router);
        assert!(orders.iter().any(|order| order == Output::Raised(Condition::Stalled)), "{orders:?}");
        assert_eq!(run(&mut router, at(15_000)), [(at(15_000), Output::Announce)]);
    }
}

/// ledger: !self-flap
#[test]
fn a_late_wake_up_within_the_down_interval_is_no_stall() {
    let mut router = active(config());
    run(&mut router, at(10_000));
    let _ = router.handle(at(11_000) + ms(3_600), Input::Timeout);
    assert_eq!(held(&router), []);
}

#[test]
fn the_last_lower_advertisement_of_a_router_that_was_preempted_contests_nothing_the_next_one_does() {
    let mut router = backup(config());
    let _ = router.handle(at(1_000), advert(50, 1));
    let due = router.next_timeout().unwrap().0;
    let orders = router.handle(due, Input::Timeout);
    assert!(orders.iter().any(|order| matches!(order, Output::Moved { why: vrrp_core::Cause::Preempting { .. }, .. })));
    // It has not been told yet, and so means nothing by it.
    assert!(router.handle(due, advert(50, 1)).is_empty());
    let due = due + ms(200);
    run(&mut router, due);
    let orders = router.handle(due, advert(50, 1));
    assert!(!orders.iter().any(|order| matches!(order, Output::Raised(_))), "{orders:?}");
    let orders = router.handle(due, advert(50, 1));
    assert!(orders.iter().any(|order| matches!(order, Output::Raised(Condition::Contested { .. }))), "{orders:?}");
}
