//! When the addresses are announced: not before they are in place, and then often enough.

use vrrp_core::{AddressList, AnnouncePolicy, Config, Input, Output, Timer, VirtualRouter};
use vrrp_wire::Family;

use crate::fixture::{active, address, advert, at, backup, config, ms, router, run, with_priority};

/// ledger: announce-delay, !announce-delay
#[test]
fn the_first_announcement_comes_with_the_kernels_acknowledgement() {
    let mut router = backup(config());
    let claim = router.handle(at(3_610), Input::Timeout);
    assert!(!claim.iter().any(|order| order == Output::Announce));
    assert_eq!(router.handle(at(3_613), Input::Claimed), [Output::Announce]);
}

/// ledger: !announce-delay
#[test]
fn without_the_kernels_acknowledgement_nothing_is_ever_announced() {
    let mut router = router(config());
    let _ = router.handle(at(0), Input::Resume);
    let _ = router.handle(at(10), advert(50, 1));
    let _ = router.handle(at(15), Input::SendFailing(true));
    let _ = router.handle(at(20), Input::SendFailing(false));
    let ordered = run(&mut router, at(60_000));
    assert!(!ordered.iter().any(|(_, order)| *order == Output::Announce));
}

#[test]
fn an_announcement_that_must_wait_for_the_kernel_wakes_nobody() {
    let mut router = router(config());
    let _ = router.handle(at(0), Input::Resume);
    let _ = router.handle(at(10), advert(50, 1));
    assert_eq!(router.next_timeout(), Some((at(1_010), Timer::Adver)));
}

#[test]
fn a_burst_has_five_rounds_with_doubling_gaps_then_a_second_burst_then_refreshes() {
    let mut router = active(config());
    let rounds: Vec<_> = run(&mut router, at(70_000))
        .into_iter()
        .filter(|(_, order)| *order == Output::Announce)
        .map(|(moment, _)| moment)
        .collect();
    // The first round was made at the claim itself.
    let expected = [10, 30, 70, 150, 5_150, 5_160, 5_180, 5_220, 5_300, 35_300, 65_300];
    assert_eq!(rounds, expected.map(at));
}

/// Hundreds of routers that claimed together would else announce together, each half minute.
#[test]
fn refreshes_are_spread_over_an_eighth_of_their_period_and_none_comes_early() {
    let announce = AnnouncePolicy { repeat: 1, delay: ms(0), ..config().announce };
    let refreshes: Vec<_> = (0..64)
        .map(|spread| {
            let mut router = VirtualRouter::new(Config { announce, ..config() }, spread);
            let _ = router.handle(at(0), Input::Resume);
            let _ = router.handle(at(0), Input::Claimed);
            let ordered = run(&mut router, at(40_000));
            ordered.iter().find(|(_, order)| *order == Output::Announce).unwrap().0
        })
        .collect();
    assert!(refreshes.iter().all(|moment| (at(30_000)..at(33_750)).contains(moment)), "{refreshes:?}");
    let (first, last) = (refreshes.iter().min().unwrap(), refreshes.iter().max().unwrap());
    assert!(last.since(*first) > ms(3_000), "{first} to {last}");
}

#[test]
fn a_policy_of_zeroes_announces_once() {
    let mut router = active(Config {
        announce: AnnouncePolicy {
            repeat: 0,
            delay: ms(0),
            refresh: ms(0),
            refresh_repeat: 0,
            lower_prio_repeat: 0,
            lower_prio_delay: ms(0),
        },
        ..config()
    });
    let _ = router.handle(at(10), advert(50, 1));
    let ordered = run(&mut router, at(60_000));
    assert!(!ordered.iter().any(|(_, order)| *order == Output::Announce));
    assert_eq!(router.handle(at(60_000), Input::Claimed), [Output::Announce]);
}

#[test]
fn the_advertisement_after_an_assertion_announces_too_for_the_other_may_yield_to_it_and_announce_until_then() {
    let announce = AnnouncePolicy { lower_prio_repeat: 2, ..config().announce };
    let mut router = active(Config { announce, ..config() });
    run(&mut router, at(20_000));
    let asserted = router.handle(at(20_100), advert(50, 1));
    assert_eq!(asserted.iter().filter(|order| *order == Output::Announce).count(), 1);
    let rounds: Vec<_> = run(&mut router, at(24_000))
        .into_iter()
        .filter(|(_, order)| *order == Output::Announce)
        .map(|(moment, _)| moment)
        .collect();
    assert_eq!(rounds, [20_110, 21_100, 21_110].map(at));
}

#[test]
fn an_address_that_is_put_back_is_announced_again() {
    let mut router = active(config());
    run(&mut router, at(20_000));
    assert_eq!(router.handle(at(20_000), Input::Claimed), [Output::Announce]);
    assert_eq!(router.next_timeout(), Some((at(20_010), Timer::Announce)));
}

#[test]
fn a_reload_announces_where_addresses_changed_and_only_there() {
    let changed = AddressList::of(Family::V4, [address(100), address(101)]);
    for (reload, announces) in [(Config { addresses: changed, ..config() }, true), (with_priority(150), false)] {
        let mut router = active(config());
        run(&mut router, at(20_000));
        let _ = router.reconfigure(at(20_100), reload);
        let soon = run(&mut router, at(20_500));
        assert_eq!(soon.iter().any(|(_, order)| *order == Output::Announce), announces);
    }
}

#[test]
fn rounds_missed_in_a_stall_are_not_made_up_for() {
    let mut router = active(config());
    assert_eq!(router.handle(at(120), Input::Timeout), [Output::Announce]);
    assert_eq!(router.next_timeout(), Some((at(140), Timer::Announce)));
}
