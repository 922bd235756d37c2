use proptest::prelude::*;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_run_that_was_quick_is_followed_an_interval_after_it_started() {
    let slot = Instant::now();
    assert_eq!(next(slot, SECOND, slot + SECOND / 10), slot + SECOND);
    assert_eq!(next(slot, SECOND, slot), slot + SECOND);
}

#[test]
fn a_run_that_took_too_long_skips_the_slots_it_missed() {
    let slot = Instant::now();
    assert_eq!(next(slot, SECOND, slot + SECOND * 5 / 2), slot + SECOND * 3);
    assert_eq!(next(slot, SECOND, slot + SECOND * 2), slot + SECOND * 2);
}

#[test]
fn few_checks_start_at_once_and_many_within_a_second() {
    let mut random = fastrand::Rng::with_seed(7);
    assert!((0..10).all(|_| first(&mut random, SECOND * 60, 10) < Duration::from_millis(20)));
    let many: Vec<_> = (0..500).map(|_| first(&mut random, SECOND * 60, 500)).collect();
    assert!(many.iter().all(|wait| *wait <= SECOND));
    let early = many.iter().filter(|wait| **wait < SECOND / 2).count();
    assert!((200..300).contains(&early), "{early} of 500 in the first half");
}

#[test]
fn the_same_seed_makes_the_same_start() {
    let starts = |seed| {
        let mut random = fastrand::Rng::with_seed(seed);
        (0..9).map(|_| first(&mut random, SECOND, 99)).collect::<Vec<_>>()
    };
    assert_eq!(starts(1), starts(1));
    assert_ne!(starts(1), starts(2));
}

proptest! {
    #[test]
    fn the_next_slot_is_on_the_grid_and_the_first_that_is_not_over(interval in 0_u64..3_000_000, late in 0_u64..20_000_000) {
        let slot = Instant::now();
        let (interval, now) = (Duration::from_micros(interval), slot + Duration::from_micros(late));
        let next = next(slot, interval, now);
        let interval = interval.max(LEAST);
        prop_assert_eq!((next - slot).as_nanos() % interval.as_nanos(), 0);
        prop_assert!(next > slot && next >= now);
        prop_assert!(next - interval <= slot.max(now) );
    }
}
