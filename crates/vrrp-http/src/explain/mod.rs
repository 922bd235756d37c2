//! Why a virtual router is, or is not, Active: sentences made from a status, each with the word that a program knows it by.
//!
//! What is over is told with its age, and never as the reason for what is.

mod because;
mod change;
mod facts;
mod last;
mod odd;
mod out;
mod serving;
mod span;
mod watching;

#[cfg(test)]
mod tests;

use vrrp_control::{Event, Explanation, RouterStatus, Sentence, Status};

use crate::host::Conflict;
use facts::Facts;
use span::span;

/// Explains one virtual router of a status, with what happened lately and who else answers for its addresses.
pub fn explain(status: &Status, router: &RouterStatus, events: &[Event], conflicts: &[Conflict]) -> Explanation {
    let facts = Facts { status, router, events, conflicts };
    let because = because::because(&facts);
    let mut odd = odd::odd(&facts);
    // What is a reason is not told twice.
    odd.retain(|odd| because.iter().all(|reason| reason.token != odd.token));
    Explanation {
        router: router.name.clone(),
        state: router.state,
        headline: headline(&facts, &because),
        because,
        would_change: change::would_change(&facts),
        last_transition: last::last_transition(&facts),
        odd,
    }
}

fn headline(facts: &Facts<'_>, because: &[Sentence]) -> String {
    let router = facts.router;
    let why = because.first().map(|first| format!(": {}", first.words)).unwrap_or_default();
    format!("{} has been {} for {}{why}", router.name, router.standing(), facts.past(router.since))
}

fn sentence(token: impl Into<String>, words: impl Into<String>) -> Sentence {
    Sentence::new(token, words)
}
