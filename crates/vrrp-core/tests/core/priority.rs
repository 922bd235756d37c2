//! The effective priority, which tracking may move at any moment.

use vrrp_core::{Config, Input, Output, Received, VirtualRouter};
use vrrp_wire::{AdverInterval, Priority, Version};

use crate::fixture::{active, active_down_timer, advert, advertise, at, backup, config, heard, ms, run, with_priority};

/// ledger: !tx-priority-range
#[test]
fn no_tracking_makes_a_backup_say_0_or_255() {
    for (asked, effective) in [(0, 1), (1, 1), (254, 254), (255, 254)] {
        let mut router = active(config());
        let _ = router.handle(at(1), Input::Priority(Priority::new(asked)));
        assert_eq!(router.priority(), Priority::new(effective));
        assert_eq!(run(&mut router, at(1_000)).last(), Some(&(at(1_000), advertise(effective))));
    }
    assert_eq!(VirtualRouter::new(with_priority(0), 0).priority(), Priority::new(1));
}

/// ledger: tx-priority-range
#[test]
fn nothing_moves_the_owners_priority() {
    let mut router = active(with_priority(255));
    let _ = router.handle(at(1), Input::Priority(Priority::new(10)));
    assert_eq!(router.priority(), Priority::OWNER);
}

#[test]
fn a_backups_running_timer_follows_its_priority() {
    let mut router = backup(config());
    let _ = router.handle(at(1_000), Input::Priority(Priority::new(200)));
    assert_eq!(active_down_timer(&router).as_nanos(), 3_218_750_000);

    let mut released = backup(config());
    let _ = released.handle(at(1_000), advert(0, 1));
    let _ = released.handle(at(1_100), Input::Priority(Priority::new(200)));
    assert_eq!(active_down_timer(&released).as_nanos(), 1_218_750_000);
}

#[test]
fn a_new_priority_in_the_configuration_moves_the_running_timer_alike() {
    let mut router = backup(config());
    let _ = router.handle(at(1_000), advert(0, 1));
    let told = Output::Priority { from: Priority::new(100), to: Priority::new(200) };
    assert_eq!(router.reconfigure(at(1_100), with_priority(200)), [told]);
    assert_eq!(active_down_timer(&router).as_nanos(), 1_218_750_000);
}

#[test]
fn a_new_interval_in_the_configuration_keeps_a_resignation_a_matter_of_skew() {
    let mut router = backup(config());
    let _ = router.handle(at(1_000), advert(0, 1));
    let slower = Config { interval: AdverInterval::from_secs(2).unwrap(), ..config() };
    assert!(router.reconfigure(at(1_100), slower).is_empty());
    assert_eq!(active_down_timer(&router), at(1_000) + ms(1_000) * 39 / 32);
}

/// ledger: v2-interval
#[test]
fn a_shorter_interval_in_the_configuration_does_not_outrun_a_v2_router_that_still_has_the_longer() {
    let every =
        |seconds| Config { version: Version::V2, interval: AdverInterval::from_secs(seconds).unwrap(), ..config() };
    let mut router = backup(every(5));
    let active = Received { interval: AdverInterval::from_secs(5).unwrap(), ..heard(200, 1) };
    let _ = router.handle(at(1_000), Input::Advertisement(active));
    assert!(router.reconfigure(at(1_100), every(1)).is_empty());
    assert_eq!(active_down_timer(&router).as_nanos(), 1_000_000_000 + 15_609_375_000);
    let _ = router.handle(at(6_000), advert(200, 1));
    assert_eq!(active_down_timer(&router).as_nanos(), 6_000_000_000 + 3_609_375_000);
}

#[test]
fn an_equal_configuration_changes_nothing_and_sends_nothing() {
    for router in [backup(config()), active(config())] {
        let mut reloaded = router.clone();
        assert!(reloaded.reconfigure(at(100), config()).is_empty());
        assert_eq!(reloaded.next_timeout(), router.next_timeout());
    }
}
