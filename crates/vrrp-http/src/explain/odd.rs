//! What is odd here and on this LAN.

use vrrp_control::{Event, RouterStatus, Seconds, Sentence, Status};

use super::{ago, sentence, serves};

/// What is older is no news.
const LATELY: Seconds = Seconds(600.0);
/// A timer that fired later than this once is worth a word.
const LATE: Seconds = Seconds(0.1);

pub(super) fn odd(status: &Status, router: &RouterStatus, events: &[Event]) -> Vec<Sentence> {
    let mut odd: Vec<Sentence> =
        router.conditions.iter().map(|condition| sentence(&condition.token, &condition.words)).collect();
    odd.extend(addresses(router));
    odd.extend(rejected(router));
    odd.extend(peers(router));
    odd.extend(strangers(status, router));
    let worst = status.engine.worst_lag;
    if worst > LATE {
        odd.push(sentence("engine_late", format!("a timer of this daemon once fired {} late", ago(worst))));
    }
    let fresh =
        lately(status, router, events).into_iter().filter(|news| odd.iter().all(|known| known.token != news.token));
    let fresh: Vec<Sentence> = fresh.collect();
    odd.extend(fresh);
    odd
}

/// What happened to it that is over by now: the last of each kind.
fn lately(status: &Status, router: &RouterStatus, events: &[Event]) -> Vec<Sentence> {
    let mut kinds: Vec<Sentence> = Vec::new();
    for event in events.iter().rev() {
        let past = status.at.since(event.at);
        if event.router != router.name || past > LATELY {
            continue;
        }
        let token = match event.event.as_str() {
            "condition" if event.began == Some(true) => event.cause.as_deref().unwrap_or("condition"),
            "restored" | "refused" | "unprepared" | "near_miss" | "leftover" => event.event.as_str(),
            _ => continue,
        };
        if kinds.iter().all(|known| known.token != token) {
            kinds.push(sentence(token, format!("{} ago: {}", ago(past), event.words)));
        }
    }
    kinds
}

fn addresses(router: &RouterStatus) -> Vec<Sentence> {
    let wrong = router.addresses.iter().filter(|address| address.present != serves(router));
    let word = |address: &vrrp_control::AddressStatus| {
        let (address, link) = (&address.address, &address.link);
        if serves(router) {
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

fn rejected(router: &RouterStatus) -> Vec<Sentence> {
    let reason = |(reason, count): (&String, &u64)| {
        sentence(reason, format!("{count} packets for this virtual router were discarded: {reason}"))
    };
    router.counters.rejected.iter().map(reason).collect()
}

fn peers(router: &RouterStatus) -> Vec<Sentence> {
    let mut odd = Vec::new();
    if router.counters.near_misses > 0 {
        let words = format!("{} times it all but took over from a router that lives", router.counters.near_misses);
        odd.push(sentence("near_miss", words));
    }
    let lossy = router.peers.iter().filter(|peer| peer.missed > 0);
    odd.extend(lossy.map(|peer| {
        let (address, missed, received) = (peer.address, peer.missed, peer.received);
        sentence("missed", format!("{missed} advertisements of {address} are missing among {received}"))
    }));
    odd
}

/// What else speaks VRRP on the same link.
fn strangers(status: &Status, router: &RouterStatus) -> Vec<Sentence> {
    let near = status.strangers.iter().filter(|stranger| stranger.interface == router.interface);
    near.map(|stranger| match stranger.vrid {
        Some(vrid) => {
            sentence("stranger", format!("{} advertises VRID {vrid}, which is none of ours", stranger.source))
        }
        None => sentence("no_vrrp", format!("{} sends what is no VRRP under its protocol number", stranger.source)),
    })
    .collect()
}
