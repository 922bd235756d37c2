//! The last transition, with its evidence.

use vrrp_control::{Arrival, RouterStatus, Seconds, Sentence, Status, Transition};

use super::{ago, sentence};

/// The engine is late beyond this.
const LATE: Seconds = Seconds(0.005);
/// Advertisements named one by one.
const NAMED: usize = 4;

pub(super) fn last_transition(status: &Status, router: &RouterStatus) -> Vec<Sentence> {
    let Some(moved) = &router.transition else {
        return Vec::new();
    };
    let Transition { at, from, to, cause, priority, .. } = moved;
    let words = format!("{} ago: {from} -> {to}, {}, priority {priority}", ago(status.at.since(*at)), cause.words);
    let mut sentences = vec![sentence(&cause.token, words)];
    sentences.extend(heard(moved));
    let late = moved.engine_late;
    let words = if late > LATE {
        format!("the engine was {} late, which this host is to blame for", ago(late))
    } else {
        "the engine was on time".to_owned()
    };
    sentences.push(sentence("engine_late", words));
    sentences
}

/// The last advertisements before it.
fn heard(moved: &Transition) -> Vec<Sentence> {
    let before: Vec<&Arrival> = moved.heard.iter().filter(|arrival| arrival.at <= moved.at).collect();
    let Some(last) = before.last() else {
        return vec![sentence("heard", "no advertisement had been heard before it")];
    };
    let gap = ago(moved.at.since(last.at));
    let mut sentences = vec![sentence(
        "heard",
        format!(
            "the last advertisement before it came {gap} earlier, from {} with priority {}",
            last.source, last.priority
        ),
    )];
    let gaps = before.windows(2).rev().take(NAMED).filter_map(|pair| match pair {
        [earlier, later] if earlier.source == later.source => Some(ago(later.at.since(earlier.at))),
        _ => None,
    });
    let gaps: Vec<String> = gaps.collect();
    if !gaps.is_empty() {
        sentences.push(sentence("gaps", format!("before that, the last first, they were {} apart", gaps.join(", "))));
    }
    sentences
}
