//! The last transition, with its evidence.

use vrrp_control::{Arrival, Moment, Seconds, Sentence, Transition};

use super::facts::Facts;
use super::span::clock;
use super::{sentence, span};

/// The engine is late beyond this.
const LATE: Seconds = Seconds(0.005);
/// Advertisements named one by one.
const NAMED: usize = 4;
/// What a check said so long before is not what moved the router.
const PROMPTLY: Seconds = Seconds(1.0);

pub(super) fn last_transition(facts: &Facts<'_>) -> Vec<Sentence> {
    let Some(moved) = &facts.router.transition else {
        return Vec::new();
    };
    let Transition { at, from, to, cause, priority, .. } = moved;
    let (past, clock) = (facts.past(*at), clock(*at));
    let words = format!("{past} ago, at {clock}: {from} -> {to}, {}, priority {priority}", cause.words);
    let mut sentences = vec![sentence(&cause.token, words)];
    sentences.extend(checked(facts, moved));
    sentences.extend(heard(moved));
    let late = moved.engine_late;
    let words = if late > LATE {
        format!("the engine was {} late, which this host is to blame for", span(late))
    } else {
        format!("the engine was on time (within {})", span(LATE))
    };
    sentences.push(sentence("engine_late", words));
    sentences
}

/// What the check that moved it, or its priority, had said just before.
fn checked(facts: &Facts<'_>, moved: &Transition) -> Option<Sentence> {
    let before = |at: Moment| at <= moved.at && moved.at.since(at) <= PROMPTLY;
    let decides = |name: &str| {
        let named = moved.cause.about.as_deref() == Some(name);
        named || facts.router.tracks.iter().any(|track| track.check == name && track.weight.is_some())
    };
    let said = facts
        .events
        .iter()
        .rev()
        .find(|event| event.event == "check" && before(event.at) && event.about.as_deref().is_some_and(decides))?;
    let earlier = span(moved.at.since(said.at));
    Some(sentence("check", format!("{}, {earlier} before it", said.words)))
}

/// The last advertisements before it, with when they came.
fn heard(moved: &Transition) -> Vec<Sentence> {
    let before: Vec<&Arrival> = moved.heard.iter().filter(|arrival| arrival.at <= moved.at).collect();
    let Some(last) = before.last() else {
        return vec![sentence("heard", "no advertisement had been heard before it")];
    };
    let gap = span(moved.at.since(last.at));
    let Arrival { source, priority, at } = last;
    let words = format!(
        "the last advertisement before it came {gap} earlier, at {}, from {source} with priority {priority}",
        clock(*at)
    );
    let mut sentences = vec![sentence("heard", words)];
    let gaps = before.windows(2).rev().take(NAMED).filter_map(|pair| match pair {
        [earlier, later] if earlier.source == later.source => Some(span(later.at.since(earlier.at))),
        _ => None,
    });
    let gaps: Vec<String> = gaps.collect();
    if !gaps.is_empty() {
        sentences.push(sentence("gaps", format!("before that, the last first, they were {} apart", gaps.join(", "))));
    }
    sentences
}
