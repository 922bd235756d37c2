//! Wanted minus present: what is to be done, decided without touching anything.

use std::collections::BTreeSet;

use crate::key::Key;
use crate::present::{DADFAILED, Present};

/// What is to hold of one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Goal {
    /// Whose goal it is; handed through to the steps.
    pub(crate) entry: u32,
    pub(crate) key: Key,
    pub(crate) wanted: bool,
}

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Add,
    /// Puts our mark on an address that somebody else added.
    Take,
    Remove,
}

/// One request to the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) entry: u32,
    pub(crate) key: Key,
    pub(crate) action: Action,
}

/// Plans what makes `present` agree with the goals: removals first, then additions.
///
/// Where goals disagree on a key, the one that wants it wins. What does not carry our mark is never
/// removed. An address of ours that failed duplicate address detection is removed and added anew.
pub(crate) fn plan(goals: &[Goal], present: &Present, take_adopted: bool) -> Vec<Step> {
    let wanted: BTreeSet<Key> = goals.iter().filter(|goal| goal.wanted).map(|goal| goal.key).collect();
    let mut seen = BTreeSet::new();
    let (mut removals, mut additions) = (Vec::new(), Vec::new());
    for goal in goals {
        if wanted.contains(&goal.key) != goal.wanted || !seen.insert(goal.key) {
            continue;
        }
        let step = |action| Step { entry: goal.entry, key: goal.key, action };
        match (goal.wanted, present.find(&goal.key)) {
            (true, None) => additions.push(step(Action::Add)),
            (true, Some(found)) if found.ours && found.has(DADFAILED) => {
                removals.push(step(Action::Remove));
                additions.push(step(Action::Add));
            }
            (true, Some(found)) if !found.ours && take_adopted => additions.push(step(Action::Take)),
            (false, Some(found)) if found.ours => removals.push(step(Action::Remove)),
            (_, Some(_)) | (false, None) => {}
        }
    }
    removals.append(&mut additions);
    removals
}

#[cfg(test)]
mod tests;
