//! Who takes over from whom, and when: `Preempt_Mode`, keepalived's `nopreempt` and `preempt_delay`.

use vrrp_core::{Cause, Config, Habits, Heard, Input, Instant, Name, Output, Preempt, Received, Timer, VirtualRouter};
use vrrp_wire::{AdverInterval, Priority};

use crate::fixture::{
    active, active_down_timer, address, adver_timer, advert, advertise, advertisements, at, backup, config, heard, ms,
    run, with_priority,
};

/// RFC 9568 §6.1: the owner of the addresses always preempts, independent of the setting of `Preempt_Mode`.
#[test]
fn an_owner_in_backup_preempts_even_with_nopreempt() {
    let mut router = active(Config { preempt: Preempt::Never, ..with_priority(255) });
    // Another owner, of greater address: the only way into Backup for an owner.
    let _ = router.handle(at(500), advert(255, 3));
    assert_eq!(router.state().name(), Name::Backup);
    let down = active_down_timer(&router);
    let _ = router.handle(at(600), advert(100, 1));
    assert_eq!(active_down_timer(&router), down);
}

/// Hears 10.0.0.1 with priority 50 every half second from the origin to `until`; gives when the router, of priority 100
/// and an interval of half a second, became Active.
fn beside_priority_50(preempt: Preempt, until: u64) -> Option<Instant> {
    let mut router = backup(Config { preempt, interval: AdverInterval::from_centis(50).unwrap(), ..config() });
    for tick in 0..=until / 500 {
        let now = at(tick * 500);
        let _ = router.handle(now, half_second_advert(50));
        let claims = |(_, order): &(Instant, Output)| *order == Output::Claim;
        let end = now + ms(if tick == until / 500 { 10_000 } else { 499 });
        if let Some((moment, _)) = run(&mut router, end).into_iter().find(claims) {
            return Some(moment);
        }
    }
    None
}

fn half_second_advert(priority: u8) -> Input {
    Input::Advertisement(Received { interval: AdverInterval::from_centis(50).unwrap(), ..heard(priority, 1) })
}

/// keepalived, measured: 1.6 s and not quite 2.
#[test]
fn preemption_comes_one_down_interval_after_the_start() {
    let moment = beside_priority_50(Preempt::Immediately, 60_000);
    assert_eq!(moment, Some(Instant::from_nanos(1_804_687_500)));
}

/// keepalived, measured with `preempt_delay 3`: the delay, then what is left of the down timer that
/// the last followed advertisement started.
#[test]
fn preempt_delay_starts_at_the_first_lower_advertisement_and_the_down_timer_follows() {
    let moment = beside_priority_50(Preempt::After(ms(3_000)), 60_000);
    assert_eq!(moment, Some(Instant::from_nanos(2_500_000_000 + 1_804_687_500)));
}

#[test]
fn nopreempt_never_takes_over_from_a_living_router() {
    assert_eq!(beside_priority_50(Preempt::Never, 60_000).map(|moment| moment > at(60_000)), Some(true));
}

#[test]
fn nopreempt_takes_over_from_a_silent_router_after_the_down_interval() {
    let moment = beside_priority_50(Preempt::Never, 10_000);
    assert_eq!(moment, Some(Instant::from_nanos(11_804_687_500)));
}

/// ledger: backup-prio0
#[test]
fn nopreempt_takes_over_from_a_router_that_resigns_after_skew_time() {
    let mut router = backup(Config { preempt: Preempt::Never, ..config() });
    let _ = router.handle(at(500), advert(50, 1));
    let _ = router.handle(at(700), advert(0, 1));
    let Some((due, Timer::ActiveDown)) = router.next_timeout() else { panic!("no timer") };
    let orders = router.handle(due, Input::Timeout);
    let why = Cause::Released { by: address(1) };
    let moved = Output::Moved { from: Name::Backup, to: Name::Active, why };
    assert_eq!(orders.iter().last(), Some(moved));
}

#[test]
fn with_nobody_heard_preempt_delay_delays_nothing() {
    let mut router = backup(Config { preempt: Preempt::After(ms(300_000)), ..config() });
    let ordered = run(&mut router, at(4_000));
    assert!(ordered.iter().any(|(_, order)| *order == Output::Claim));
}

#[test]
fn a_priority_no_lower_than_ours_cancels_a_running_preempt_delay() {
    let mut router = backup(Config { preempt: Preempt::After(ms(3_000)), ..config() });
    let _ = router.handle(at(0), advert(50, 1));
    let _ = router.handle(at(2_900), advert(100, 1));
    // Without the cancellation this one would be discarded.
    let _ = router.handle(at(3_100), advert(50, 1));
    assert_eq!(active_down_timer(&router).as_nanos(), 3_100_000_000 + 3_609_375_000);
}

#[test]
fn the_end_of_a_running_preempt_delay_and_who_is_followed_meanwhile_can_be_asked_for() {
    let mut router = backup(Config { preempt: Preempt::After(ms(3_000)), ..config() });
    assert_eq!((router.preempts_at(), router.followed()), (None, None));
    let _ = router.handle(at(500), advert(50, 1));
    let _ = router.handle(at(1_500), advert(50, 1));
    let followed = Heard { source: address(1), priority: Priority::new(50), at: at(1_500) };
    assert_eq!((router.preempts_at(), router.followed()), (Some(at(3_500)), Some(followed)));
    let _ = router.handle(at(2_000), advert(200, 3));
    assert_eq!(router.preempts_at(), None);
    run(&mut router, at(20_000));
    assert_eq!((router.preempts_at(), router.followed()), (None, None));
}

#[test]
fn the_cause_of_a_preemption_names_who_was_displaced() {
    let mut router = backup(config());
    let _ = router.handle(at(3_000), advert(50, 1));
    let due = active_down_timer(&router);
    let lower = Heard { source: address(1), priority: Priority::new(50), at: at(3_000) };
    let orders = router.handle(due, Input::Timeout);
    let moved = Output::Moved { from: Name::Backup, to: Name::Active, why: Cause::Preempting { lower } };
    assert_eq!(orders.iter().last(), Some(moved));
}

#[test]
fn lower_prio_no_advert_announces_and_does_not_advertise() {
    let mut router = active(Config { habits: Habits { lower_prio_no_advert: true, ..Habits::default() }, ..config() });
    run(&mut router, at(500));
    let orders = router.handle(at(500), advert(50, 1));
    assert_eq!(orders.iter().next(), Some(Output::Announce));
    assert_eq!(advertisements(&orders), 0);
    // Priority 0 is answered all the same.
    assert_eq!(router.handle(at(501), advert(0, 1)), [advertise(100)]);
}

/// A Backup with these habits that is about to preempt 10.0.0.1, and when.
fn about_to_preempt(habits: Habits) -> (VirtualRouter, Instant) {
    let mut router = backup(Config { habits, ..config() });
    let _ = router.handle(at(1_000), advert(50, 1));
    let due = router.next_timeout().unwrap().0;
    (router, due)
}

/// The displaced router stops serving as it hears the first advertisement: clients must know of the new one by then.
#[test]
fn a_preempting_router_has_and_announces_the_addresses_before_it_advertises() {
    let (mut router, due) = about_to_preempt(Habits::default());
    let orders = router.handle(due, Input::Timeout);
    assert_eq!(orders.iter().next(), Some(Output::Claim));
    assert_eq!(orders.len(), 2, "{orders:?}");
    assert_eq!(router.handle(due + ms(2), Input::Claimed), [Output::Announce]);
    let ordered = run(&mut router, due + ms(5));
    assert_eq!(ordered, [(due + ms(3), advertise(100))]);
    assert_eq!(adver_timer(&router), due + ms(1_003));
}

#[test]
fn a_kernel_that_does_not_answer_a_preempting_claim_delays_the_advertisement_by_200_ms() {
    let (mut router, due) = about_to_preempt(Habits::default());
    let _ = router.handle(due, Input::Timeout);
    assert_eq!(run(&mut router, due + ms(500)), [(due + ms(200), advertise(100))]);
}

#[test]
fn strictly_a_preempting_router_advertises_first() {
    let (mut router, due) = about_to_preempt(Habits::STRICT);
    let orders = router.handle(due, Input::Timeout);
    assert_eq!(orders.iter().take(2).collect::<Vec<_>>(), [advertise(100), Output::Claim]);
}

#[test]
fn higher_prio_send_advert_advertises_once_more_and_yields() {
    let mut router =
        active(Config { habits: Habits { higher_prio_send_advert: true, ..Habits::default() }, ..config() });
    let orders = router.handle(at(500), advert(200, 1));
    assert_eq!(orders.iter().next(), Some(advertise(100)));
    assert_eq!(orders.iter().nth(1), Some(Output::Release));
    assert!(router.handle(at(501), Input::Released).is_empty());
}

/// keepalived before 2.4 lowers its own priority for good; now the greater address keeps 255 and the other one returns.
#[test]
fn the_owner_that_lost_a_tie_returns_when_the_other_falls_silent() {
    let mut router = active(with_priority(255));
    let _ = router.handle(at(500), advert(255, 3));
    let ordered = run(&mut router, at(500) + ms(3_004));
    assert!(ordered.contains(&(active_since(&router), advertise(255))));
}

fn active_since(router: &VirtualRouter) -> Instant {
    adver_timer(router) - ms(1_000)
}
