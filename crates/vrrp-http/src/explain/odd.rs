//! What is odd here and on this LAN: what holds first, then what is over, with its age.

use core::net::IpAddr;

use vrrp_control::{Remark, Seconds, Sentence};

use super::facts::{Facts, list};
use super::{sentence, span};

/// What is older is no news.
const LATELY: Seconds = Seconds(600.0);
/// A timer that fired later than this once is worth a word.
const LATE: Seconds = Seconds(0.1);
/// Somebody else's virtual router that was not seen for so long is gone.
const SEEN: Seconds = Seconds(10.0);

pub(super) fn odd(facts: &Facts<'_>) -> Vec<Sentence> {
    let mut odd: Vec<Sentence> =
        facts.router.conditions.iter().map(|held| sentence(&held.token, condition(facts, held))).collect();
    odd.extend(addresses(facts));
    odd.extend(rejected(facts));
    odd.extend(peers(facts));
    odd.extend(strangers(facts));
    odd.extend(late(facts));
    let over = lately(facts).into_iter().filter(|news| odd.iter().all(|known| known.token != news.token));
    let over: Vec<Sentence> = over.collect();
    odd.extend(over);
    odd
}

/// A condition, with what is ours beside what is theirs, and how old the evidence is.
fn condition(facts: &Facts<'_>, held: &Remark) -> String {
    let (router, words) = (facts.router, &held.words);
    let words = match held.token.as_str() {
        "interval_differs" => {
            let theirs = held.peer.and_then(|by| facts.peer(by)).map(|peer| (peer.address, span(peer.interval)));
            let ours = span(router.advertisement_interval);
            theirs.map_or_else(
                || words.clone(),
                |(by, theirs)| format!("{by} advertises every {theirs}, this one every {ours}"),
            )
        }
        "addresses_differ" => held.peer.and_then(|by| other_addresses(facts, by)).unwrap_or_else(|| words.clone()),
        _ => words.clone(),
    };
    let peer = held.peer.and_then(|by| facts.peer(by)).filter(|peer| !facts.is_now(peer.last_heard));
    match peer {
        Some(peer) => format!("{words} (when it was last heard, {} ago)", facts.past(peer.last_heard)),
        None => words,
    }
}

fn other_addresses(facts: &Facts<'_>, by: IpAddr) -> Option<String> {
    let theirs = facts.router.other_lists.iter().find(|list| list.source == by)?;
    let ours = facts.router.addresses.iter().filter(|ours| ours.advertised);
    let ours: Vec<&str> = ours.filter_map(|ours| ours.address.split('/').next()).collect();
    Some(format!("{by} advertises {}, this one {}", list(&theirs.addresses), ours.join(", ")))
}

/// What happened to it that is over by now: the last of each kind.
fn lately(facts: &Facts<'_>) -> Vec<Sentence> {
    let mut kinds: Vec<Sentence> = Vec::new();
    for event in facts.events.iter().rev() {
        let past = facts.status.at.since(event.at);
        if event.router != facts.router.name || past > LATELY {
            continue;
        }
        let token = match event.event.as_str() {
            "condition" if event.began == Some(true) => event.cause.as_deref().unwrap_or("condition"),
            "restored" | "refused" | "unprepared" | "near_miss" => event.event.as_str(),
            _ => continue,
        };
        if kinds.iter().all(|known| known.token != token) {
            let over = if event.event == "condition" { ", and over by now" } else { "" };
            kinds.push(sentence(token, format!("{} ago{over}: {}", span(past), event.words)));
        }
    }
    kinds
}

fn addresses(facts: &Facts<'_>) -> Vec<Sentence> {
    let wrong = facts.router.addresses.iter().filter(|address| address.present != facts.serves());
    let word = |address: &vrrp_control::AddressStatus| {
        let (address, link) = (&address.address, &address.link);
        if facts.serves() {
            sentence("address_missing", format!("it is Active, and {address} is not on {link}"))
        } else {
            sentence(
                "address_present",
                format!("it is not Active, and {address} is on this host: two may answer for it"),
            )
        }
    };
    wrong.map(word).collect()
}

fn rejected(facts: &Facts<'_>) -> Vec<Sentence> {
    let one = |discard: &vrrp_control::DiscardStatus| {
        let (words, source, times) = (&discard.words, discard.source, discard.times);
        let last = facts.past(discard.at);
        let packets = if times == 1 { "packet was" } else { "packets were" };
        let words = format!("{times} {packets} discarded, the last {last} ago, from {source}: {words}");
        sentence(&discard.reason, words)
    };
    facts.router.discards.iter().map(one).collect()
}

fn peers(facts: &Facts<'_>) -> Vec<Sentence> {
    let router = facts.router;
    let mut odd = Vec::new();
    if router.counters.near_misses > 0 {
        let last = facts.last_event("near_miss");
        let last = last.map(|last| format!(", the last {} ago: {}", facts.past(last.at), last.words));
        let times = router.counters.near_misses;
        let words =
            format!("it all but took over from a router that lives ({times} so far){}", last.unwrap_or_default());
        odd.push(sentence("near_miss", words));
    }
    for peer in router.peers.iter().filter(|peer| peer.missed > 0) {
        let (address, missed, received) = (peer.address, peer.missed, peer.received);
        let words = format!("of {address} {received} advertisements were heard, and {missed} are missing between them");
        odd.push(sentence("missed", words));
    }
    let unicast = router.destinations.iter().all(|destination| !destination.is_multicast());
    for peer in router.peers.iter().filter(|peer| unicast && !router.destinations.contains(&peer.address)) {
        let (address, past) = (peer.address, facts.past(peer.last_heard));
        let words = format!("{address} is no unicast peer, and advertises this virtual router (last heard {past} ago)");
        odd.push(sentence("not_a_peer", words));
    }
    odd
}

/// What else speaks VRRP on the same link.
fn strangers(facts: &Facts<'_>) -> Vec<Sentence> {
    let mut odd = Vec::new();
    for stranger in facts.status.strangers.iter().filter(|stranger| stranger.interface == facts.router.interface) {
        let past = stranger.last_heard.map(|last| facts.status.at.since(last)).unwrap_or_default();
        if past > LATELY {
            continue;
        }
        let seen = if past > SEEN { format!(" (last seen {} ago)", span(past)) } else { String::new() };
        let source = stranger.source;
        odd.push(match stranger.vrid {
            Some(vrid) => sentence("stranger", format!("{source} advertises VRID {vrid}, which is none of ours{seen}")),
            None => sentence("no_vrrp", format!("{source} sends what is no VRRP under its protocol number{seen}")),
        });
    }
    odd
}

/// This host stood still, or was overloaded.
fn late(facts: &Facts<'_>) -> Option<Sentence> {
    let engine = &facts.status.engine;
    let past = engine.worst_lag_at.map(|at| facts.status.at.since(at)).filter(|past| *past <= LATELY)?;
    let words = format!(
        "a timer of this daemon fired {} late, {} ago: the host stood still, or was overloaded",
        span(engine.worst_lag),
        span(past)
    );
    (engine.worst_lag > LATE).then(|| sentence("engine_late", words))
}
