use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::*;
use crate::present::Found;

const OTHERS: Found = Found { prefix: 32, flags: 0, ours: false, sequence: 0, order: 0 };
const OURS: Found = Found { ours: true, ..OTHERS };
const DUPLICATE: Found = Found { flags: DADFAILED, ..OURS };
const OTHERS_DUPLICATE: Found = Found { flags: DADFAILED, ..OTHERS };

fn key(last: u8) -> Key {
    Key::new(3, [192, 0, 2, last].into(), 32, [192, 0, 2, last].into())
}

fn holding(found: Option<Found>) -> Present {
    let mut present = Present::default();
    found.into_iter().for_each(|found| present.insert(key(1), found));
    present
}

fn actions(wanted: bool, found: Option<Found>, take_adopted: bool) -> Vec<Action> {
    let goal = Goal { entry: 0, key: key(1), wanted };
    plan(&[goal], &holding(found), take_adopted).into_iter().map(|step| step.action).collect()
}

/// Wanted, present, what is done, and what is done where adopted addresses are taken.
type Case = (bool, Option<Found>, &'static [Action], &'static [Action]);

#[test]
fn every_case_of_one_address() {
    use Action::{Add, Remove, Take};
    let table: [Case; 10] = [
        (true, None, &[Add], &[Add]),
        (true, Some(OURS), &[], &[]),
        (true, Some(OTHERS), &[], &[Take]),
        (true, Some(DUPLICATE), &[Remove, Add], &[Remove, Add]),
        (true, Some(OTHERS_DUPLICATE), &[], &[Take]),
        (false, None, &[], &[]),
        (false, Some(OURS), &[Remove], &[Remove]),
        (false, Some(OTHERS), &[], &[]),
        (false, Some(DUPLICATE), &[Remove], &[Remove]),
        (false, Some(OTHERS_DUPLICATE), &[], &[]),
    ];
    for (wanted, found, usual, taking) in table {
        assert_eq!(actions(wanted, found, false), usual, "{wanted} {found:?}");
        assert_eq!(actions(wanted, found, true), taking, "{wanted} {found:?} taking");
    }
}

#[test]
fn where_two_disagree_on_an_address_it_stays() {
    let goals = [Goal { entry: 0, key: key(1), wanted: false }, Goal { entry: 1, key: key(1), wanted: true }];
    assert_eq!(plan(&goals, &holding(Some(OURS)), false), []);
    let added = plan(&goals, &holding(None), false);
    assert_eq!(added, [Step { entry: 1, key: key(1), action: Action::Add }]);
}

fn anything_present() -> impl Strategy<Value = Present> {
    let found = prop_oneof![Just(OTHERS), Just(OURS), Just(DUPLICATE), Just(OTHERS_DUPLICATE)];
    btree_map(0..12_u8, found, 0..12).prop_map(|map| {
        let mut present = Present::default();
        map.into_iter().for_each(|(last, found)| present.insert(key(last), found));
        present
    })
}

fn any_goals() -> impl Strategy<Value = Vec<Goal>> {
    vec((0..12_u8, any::<bool>()), 0..24).prop_map(|list| {
        let goal = |(entry, (last, wanted))| Goal { entry, key: key(last), wanted };
        (0..).zip(list).map(goal).collect()
    })
}

/// The kernel, as far as these steps see it.
fn apply(steps: &[Step], present: &Present) -> Present {
    let mut present = present.clone();
    for step in steps {
        let found = present.find(&step.key).copied();
        match step.action {
            Action::Add => assert_eq!(found, None, "EEXIST"),
            Action::Take | Action::Remove => assert!(found.is_some(), "EADDRNOTAVAIL"),
        }
        match step.action {
            Action::Add | Action::Take => present.insert(step.key, OURS),
            Action::Remove => drop(present.remove(&step.key)),
        }
    }
    present
}

fn wants(goals: &[Goal], key: &Key) -> bool {
    goals.iter().any(|goal| goal.key == *key && goal.wanted)
}

proptest! {
    #[test]
    fn afterwards_the_wanted_is_there_and_of_ours_nothing_else(
        goals in any_goals(), before in anything_present(), take in any::<bool>(),
    ) {
        let after = apply(&plan(&goals, &before, take), &before);
        for goal in &goals {
            let found = after.find(&goal.key);
            if wants(&goals, &goal.key) {
                prop_assert!(found.is_some());
                prop_assert!(!take || found.is_some_and(|found| found.ours));
            } else {
                prop_assert!(found.is_none_or(|found| !found.ours));
            }
        }
    }

    #[test]
    fn what_others_added_is_never_removed(
        goals in any_goals(), before in anything_present(), take in any::<bool>(),
    ) {
        let after = apply(&plan(&goals, &before, take), &before);
        for (key, found) in before.iter() {
            if !found.ours || !goals.iter().any(|goal| goal.key == *key) {
                prop_assert!(after.find(key).is_some());
            }
        }
    }

    #[test]
    fn a_second_plan_is_empty(goals in any_goals(), before in anything_present(), take in any::<bool>()) {
        let after = apply(&plan(&goals, &before, take), &before);
        prop_assert_eq!(plan(&goals, &after, take), vec![]);
    }
}
