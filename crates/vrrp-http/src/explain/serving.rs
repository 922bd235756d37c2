//! Why it is Active: first what is wrong about that, then how it came to be.

use vrrp_control::{Remark, Sentence, State};

use super::because::discarded;
use super::facts::{Facts, list};
use super::sentence;

pub(super) fn serving(facts: &Facts<'_>) -> Vec<Sentence> {
    let router = facts.router;
    let mut reasons = Vec::new();
    if router.leaving {
        reasons.push(sentence("leaving", "it is handing over, and serves until its successor speaks"));
    }
    reasons.extend(wrong(facts));
    reasons.extend(became(facts));
    if !router.is_contested() {
        let words = format!("nobody is heard with a better right: its priority is {}", router.priority.effective);
        reasons.push(sentence("highest", words));
    }
    reasons
}

fn wrong(facts: &Facts<'_>) -> Vec<Sentence> {
    let router = facts.router;
    let mut wrong: Vec<Sentence> =
        router.conditions.iter().filter_map(|condition| odd_condition(facts, condition)).collect();
    let contested = router.conditions.iter().filter(|held| held.token == "contested").filter_map(|held| held.peer);
    let contested: Vec<_> = contested.collect();
    let fresh = facts.discards().filter(|discard| !contested.contains(&discard.source));
    let fresh: Vec<Sentence> = fresh.map(|discard| discarded(facts, discard)).collect();
    wrong.extend(fresh);
    wrong.extend(facts.conflicts.iter().filter(|conflict| holds(facts, conflict)).map(|conflict| {
        let (address, mac, link) = (conflict.address, &conflict.mac, &conflict.link);
        sentence("address_conflict", format!("{mac} answers for {address} on {link}, too: clients may go there"))
    }));
    let missing: Vec<&str> =
        router.addresses.iter().filter(|address| !address.present).map(|address| address.address.as_str()).collect();
    if !missing.is_empty() {
        let refused = facts.last_event("refused").filter(|event| facts.status.at.since(event.at).0 < 60.0);
        let why = refused.map(|event| format!(": {}", event.words)).unwrap_or_default();
        let words = format!("it is Active, but {} is not on this host{why}", missing.join(", "));
        wrong.push(sentence("address_missing", words));
    }
    wrong
}

fn odd_condition(facts: &Facts<'_>, condition: &Remark) -> Option<Sentence> {
    let words = match condition.token.as_str() {
        "contested" => contested(facts, condition),
        "two_owners" => format!("{}: only one may be the owner of the addresses", condition.words),
        "send_failing" => {
            let failed = facts.router.counters.send_failed;
            format!("its advertisements cannot be sent ({failed} so far): its peers will take it for dead")
        }
        "stalled" => format!("{}: others may have taken over meanwhile", condition.words),
        "unrelieved" => {
            let failing = facts.failing().join("; ");
            let why = if failing.is_empty() { String::new() } else { format!(", because {failing}") };
            format!("it wants to hand over{why}, but nobody took over, so it serves on")
        }
        _ => return None,
    };
    Some(sentence(&condition.token, words))
}

/// Another router claims the same addresses.
fn contested(facts: &Facts<'_>, condition: &Remark) -> String {
    let Some(peer) = condition.peer else { return condition.words.clone() };
    if let Some(discard) = facts.discards_of(peer) {
        return format!("{peer} is Active, too, and what it sends is discarded here: {}", discard.words);
    }
    let (ours, theirs) = (facts.router.priority.effective, facts.peer(peer).map_or(0, |peer| peer.priority));
    let heard = "it is heard here, and does not hear us or discards what it hears";
    format!("{peer} is Active, too, with priority {theirs} where ours is {ours}: {heard}")
}

/// Whether the conflict is about an address of this router.
pub(super) fn holds(facts: &Facts<'_>, conflict: &crate::host::Conflict) -> bool {
    let here = |address: &vrrp_control::AddressStatus| {
        let ip = address.address.split('/').next().unwrap_or_default();
        ip == conflict.address.to_string() && address.link == conflict.link
    };
    facts.router.addresses.iter().any(here)
}

/// How it became Active.
fn became(facts: &Facts<'_>) -> Option<Sentence> {
    let router = facts.router;
    let moved = router.transition.as_ref().filter(|moved| moved.to == State::Active)?;
    let since = facts.past(moved.at);
    let words = format!("it became Active {since} ago: {}", moved.cause.words);
    if let Some(taken) = router.takeover.filter(|taken| taken.priority == router.priority.effective) {
        let until = taken.until.map(|until| format!(", for another {}", facts.until(until)));
        let until = until.unwrap_or_else(|| ", until that is undone".to_owned());
        let base = router.priority.base;
        let order = format!("it was told to take over: its priority is {} instead of {base}{until}", taken.priority);
        return Some(sentence("takeover", format!("{order}; {words}")));
    }
    let wanted: Vec<_> = router.other_lists.iter().filter(|list| Some(list.source) == moved.cause.peer).collect();
    let other = wanted.first().map(|other| format!("; that one advertised {}", list(&other.addresses)));
    Some(sentence(&moved.cause.token, format!("{words}{}", other.unwrap_or_default())))
}
