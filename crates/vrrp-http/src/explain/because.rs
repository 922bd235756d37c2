//! Why it stands where it stands, the decisive reason first.

use vrrp_control::{DiscardStatus, Sentence, State};

use super::facts::Facts;
use super::{out, sentence, serving, watching};

pub(super) fn because(facts: &Facts<'_>) -> Vec<Sentence> {
    let mut reasons = match facts.router.state {
        State::Initialize => out::out(facts),
        State::Backup => watching::watching(facts),
        State::Active => serving::serving(facts),
    };
    if facts.router.state != State::Initialize {
        let told = reasons.iter().any(|reason| reason.words.contains(" instead of "));
        reasons.extend(priority(facts).filter(|_| !told));
    }
    reasons
}

/// Somebody speaks for this virtual router and is not listened to.
pub(super) fn discarded(facts: &Facts<'_>, discard: &DiscardStatus) -> Sentence {
    let DiscardStatus { reason, words, source, at, times } = discard;
    let last = facts.past(*at);
    let words = format!(
        "what {source} sends for this virtual router is discarded: {words} ({times} so far, the last {last} ago)"
    );
    sentence(reason, words)
}

/// What makes the priority another one than is configured.
fn priority(facts: &Facts<'_>) -> Option<Sentence> {
    let router = facts.router;
    let (base, effective) = (router.priority.base, router.priority.effective);
    if base == effective || router.takeover.is_some() {
        return None;
    }
    let failing = facts.failing();
    let why = match (failing.as_slice(), &router.group) {
        ([], _) if router.tracks.iter().any(|track| track.weight.is_some()) => "by what its checks say".to_owned(),
        ([], Some(group)) => format!("the least of its sync group {group}"),
        ([], None) => return None,
        (failing, _) => failing.join("; "),
    };
    Some(sentence("priority", format!("its priority is {effective} instead of {base}: {why}")))
}
