use core::time::Duration;

use proptest::prelude::*;

use super::*;

fn schedule(rise: u32, fall: u32, assume: Assume) -> Schedule {
    let interval = Duration::from_secs(1);
    Schedule { interval, timeout: interval, rise, fall, assume }
}

fn outcome(good: bool) -> Outcome {
    if good { Outcome::Ok } else { Outcome::Failed("exit status 1".into()) }
}

/// Returns the verdicts after each of the outcomes, `+` for good and `-` for bad.
fn verdicts(judge: &mut Judge, outcomes: &str) -> String {
    let word = |sign| {
        judge.take_in(&outcome(sign == '+'));
        match judge.verdict() {
            Verdict::Unknown => '?',
            Verdict::Up => 'U',
            Verdict::Down => 'D',
            Verdict::Value(_) => 'V',
            Verdict::Silent => 'S',
        }
    };
    outcomes.chars().map(word).collect()
}

#[test]
fn one_success_is_enough_at_the_start_whatever_rise_says() {
    assert_eq!(verdicts(&mut Judge::new(&schedule(3, 2, Assume::Unknown)), "+"), "U");
}

#[test]
fn one_failure_is_enough_at_the_start_whatever_fall_says() {
    assert_eq!(verdicts(&mut Judge::new(&schedule(3, 2, Assume::Unknown)), "-++-+++"), "DDDDDDU");
}

#[test]
fn what_is_assumed_down_needs_rise_successes_in_a_row() {
    assert_eq!(verdicts(&mut Judge::new(&schedule(3, 2, Assume::Down)), "++-+++"), "DDDDDU");
}

#[test]
fn fall_failures_in_a_row_make_it_down_and_a_success_between_starts_again() {
    assert_eq!(verdicts(&mut Judge::new(&schedule(1, 3, Assume::Unknown)), "+--+---"), "UUUUUUD");
}

#[test]
fn a_number_is_its_own_verdict_and_only_another_one_changes_it() {
    let mut judge = Judge::new(&schedule(1, 2, Assume::Unknown));
    assert!(judge.take_in(&Outcome::Value(-10)));
    assert!(!judge.take_in(&Outcome::Value(-10)));
    assert!(judge.take_in(&Outcome::Value(7)));
    assert_eq!(judge.verdict(), Verdict::Value(7));
    assert!(!judge.take_in(&outcome(false)));
    assert!(judge.take_in(&Outcome::TimedOut(Duration::from_secs(1))));
    assert_eq!(judge.verdict(), Verdict::Down);
}

#[test]
fn other_parameters_leave_the_verdict_as_it_is() {
    let mut judge = Judge::new(&schedule(1, 5, Assume::Unknown));
    assert_eq!(verdicts(&mut judge, "+-"), "UU");
    judge.adopt(&schedule(2, 2, Assume::Unknown), false);
    assert_eq!(verdicts(&mut judge, "--"), "UD");
    judge.adopt(&schedule(4, 2, Assume::Unknown), false);
    assert_eq!(verdicts(&mut judge, "++++"), "DDDU");
}

#[test]
fn a_success_that_is_missing_is_missing_under_other_parameters_too() {
    let mut judge = Judge::new(&schedule(3, 1, Assume::Down));
    assert_eq!(verdicts(&mut judge, "++"), "DD");
    judge.adopt(&schedule(5, 1, Assume::Down), false);
    assert_eq!(verdicts(&mut judge, "+"), "U", "one was missing of three, and one of five is");
    let mut judge = Judge::new(&schedule(4, 1, Assume::Down));
    assert_eq!(verdicts(&mut judge, "+"), "D");
    judge.adopt(&schedule(6, 1, Assume::Down), false);
    assert_eq!(verdicts(&mut judge, "+++"), "DDU");
}

#[test]
fn what_looks_at_something_else_keeps_its_verdict_until_the_first_outcome() {
    let mut judge = Judge::new(&schedule(3, 3, Assume::Unknown));
    assert_eq!(verdicts(&mut judge, "+"), "U");
    judge.adopt(&schedule(3, 3, Assume::Unknown), true);
    assert_eq!(judge.verdict(), Verdict::Up);
    assert_eq!(verdicts(&mut judge, "-"), "D");
}

#[test]
fn what_never_failed_has_all_failures_of_the_other_parameters_before_it() {
    let mut judge = Judge::new(&schedule(1, 1, Assume::Unknown));
    assert_eq!(verdicts(&mut judge, "+"), "U");
    judge.adopt(&schedule(1, 3, Assume::Unknown), false);
    assert_eq!(verdicts(&mut judge, "---"), "UUD");
}

#[test]
fn failures_that_were_counted_stay_counted_under_other_parameters() {
    let mut judge = Judge::new(&schedule(1, 5, Assume::Unknown));
    assert_eq!(verdicts(&mut judge, "+---"), "UUUU");
    judge.adopt(&schedule(2, 6, Assume::Unknown), false);
    assert_eq!(verdicts(&mut judge, "--"), "UD");
}

#[test]
fn what_has_not_run_yet_is_decided_by_its_first_outcome_whatever_was_reloaded() {
    let mut judge = Judge::new(&schedule(1, 1, Assume::Unknown));
    judge.adopt(&schedule(3, 1, Assume::Unknown), false);
    assert_eq!(verdicts(&mut judge, "+"), "U");
}

/// keepalived's words on rise and fall, counted the long way round.
fn told(rise: u32, fall: u32, assume: Assume, outcomes: &[bool]) -> Vec<bool> {
    let streak = |until: usize, good: bool| outcomes.iter().take(until + 1).rev().take_while(|o| **o == good).count();
    let mut up = None;
    let mut verdicts = Vec::new();
    for (index, good) in outcomes.iter().enumerate() {
        let enough = |needed: u32| streak(index, *good) >= usize::try_from(needed).unwrap();
        up = Some(match (up, assume) {
            (None, Assume::Unknown) => *good,
            (None, Assume::Down) => *good && enough(rise),
            (Some(false), _) => *good && enough(rise),
            (Some(true), _) => *good || !enough(fall),
        });
        verdicts.extend(up);
    }
    verdicts
}

proptest! {
    #[test]
    fn the_one_number_counts_as_rise_and_fall_are_told(
        rise in 1_u32..6, fall in 1_u32..6, down: bool, outcomes in prop::collection::vec(any::<bool>(), 0..60),
    ) {
        let assume = if down { Assume::Down } else { Assume::Unknown };
        let mut judge = Judge::new(&schedule(rise, fall, assume));
        let ups: Vec<bool> = outcomes.iter().map(|good| {
            let before = judge.verdict();
            let changed = judge.take_in(&outcome(*good));
            assert_eq!(changed, judge.verdict() != before);
            judge.verdict() == Verdict::Up
        }).collect();
        prop_assert_eq!(ups, told(rise, fall, assume, &outcomes));
    }

    #[test]
    fn no_reload_changes_a_verdict_or_makes_one_out_of_reach(
        steps in prop::collection::vec((0_u32..6, 0_u32..6, any::<bool>(), any::<bool>()), 1..40),
    ) {
        let mut judge = Judge::new(&schedule(1, 1, Assume::Unknown));
        for (rise, fall, anew, good) in steps {
            let before = judge.verdict();
            judge.adopt(&schedule(rise, fall, Assume::Unknown), anew);
            prop_assert_eq!(judge.verdict(), before);
            judge.take_in(&outcome(good));
        }
        let mut ahead = judge;
        (0..5).for_each(|_| { ahead.take_in(&outcome(true)); });
        prop_assert_eq!(ahead.verdict(), Verdict::Up);
        (0..5).for_each(|_| { judge.take_in(&outcome(false)); });
        prop_assert_eq!(judge.verdict(), Verdict::Down);
    }
}
