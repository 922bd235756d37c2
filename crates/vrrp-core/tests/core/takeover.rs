//! Takeover on request: a priority for as long as it is asked for.

use vrrp_core::{Config, Input, Preempt, Verdict, Weight};
use vrrp_wire::Priority;

use crate::fixture::{active, advert, advertise, at, backup, claims, config, run, says, tracking, with_priority};

const fn asks(priority: u8) -> Input {
    Input::Takeover(Some(Priority::new(priority)))
}

#[test]
fn a_takeover_raises_the_priority_and_never_lowers_it() {
    let mut router = active(config());
    for (asked, effective) in [(150, 150), (90, 100), (255, 254), (0, 100)] {
        let _ = router.handle(at(1), asks(asked));
        assert_eq!(router.priority().get(), effective, "{asked}");
    }
}

#[test]
fn a_takeover_preempts_even_where_nobody_preempts() {
    let mut router = backup(Config { preempt: Preempt::Never, ..with_priority(80) });
    let mut claimed = Vec::new();
    for second in 1..20 {
        claimed.extend(claims(&run(&mut router, at(second * 1_000))));
        if claimed.is_empty() {
            let _ = router.handle(at(second * 1_000), advert(90, 1));
        }
        if second == 10 {
            let _ = router.handle(at(10_100), asks(91));
        }
    }
    assert_eq!(claimed.len(), 1);
    assert!(at(10_000) < claimed[0] && claimed[0] < at(14_000));
}

#[test]
fn its_end_gives_the_priority_back_and_keeps_the_addresses() {
    let mut router = active(with_priority(80));
    let _ = router.handle(at(1), asks(91));
    assert_eq!(run(&mut router, at(1_000)).last(), Some(&(at(1_000), advertise(91))));
    let _ = router.handle(at(1_001), Input::Takeover(None));
    assert_eq!(run(&mut router, at(2_000)), [(at(2_000), advertise(80))]);
}

#[test]
fn a_failing_check_does_not_move_a_takeover_below_what_was_asked() {
    let mut router = active(tracking(&[(1, Weight::of(-20))]));
    let _ = router.handle(at(1), asks(120));
    assert!(router.handle(at(2), says(1, Verdict::Down)).is_empty());
    let _ = router.handle(at(3), Input::Takeover(None));
    assert_eq!(router.priority().get(), 80);
}

#[test]
fn asking_again_for_the_same_orders_nothing_and_the_owner_needs_none() {
    let mut router = active(config());
    let _ = router.handle(at(1), asks(120));
    assert!(router.handle(at(2), asks(120)).is_empty());
    let mut owner = active(with_priority(255));
    assert!(owner.handle(at(2), asks(254)).is_empty());
    assert_eq!(owner.priority(), Priority::OWNER);
}
