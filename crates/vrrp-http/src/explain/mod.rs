//! Why a virtual router is, or is not, Active: sentences made from a status, each with the word that a program knows it by.

mod because;
mod change;
mod last;
mod odd;

#[cfg(test)]
mod tests;

use vrrp_control::{Event, Explanation, RouterStatus, Seconds, Sentence, State, Status};

/// Explains one virtual router of a status, with what happened lately.
pub fn explain(status: &Status, router: &RouterStatus, events: &[Event]) -> Explanation {
    let because = because::because(status, router);
    Explanation {
        router: router.name.clone(),
        state: router.state,
        headline: headline(status, router, &because),
        because,
        would_change: change::would_change(router),
        last_transition: last::last_transition(status, router),
        odd: odd::odd(status, router, events),
    }
}

fn headline(status: &Status, router: &RouterStatus, because: &[Sentence]) -> String {
    let why = because.first().map(|first| format!(": {}", first.words)).unwrap_or_default();
    let since = ago(status.at.since(router.since));
    format!("{} is {} since {since}{why}", router.name, router.standing())
}

fn sentence(token: impl Into<String>, words: impl Into<String>) -> Sentence {
    Sentence::new(token, words)
}

/// A length of time as people say it.
fn ago(seconds: Seconds) -> String {
    let Seconds(all) = seconds;
    if all < 1.0 {
        format!("{:.0} ms", all * 1000.0)
    } else if all < 120.0 {
        format!("{all:.1} s")
    } else if all < 7200.0 {
        format!("{:.0} min", all / 60.0)
    } else if all < 172_800.0 {
        format!("{:.1} h", all / 3600.0)
    } else {
        format!("{:.1} days", all / 86_400.0)
    }
}

/// Whether this router serves.
fn serves(router: &RouterStatus) -> bool {
    router.state == State::Active
}
