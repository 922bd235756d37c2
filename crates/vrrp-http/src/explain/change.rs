//! What would change where it stands.

use vrrp_control::{DiscardStatus, HeardStatus, Remark, Sentence, State, Verdict};

use super::facts::Facts;
use super::{sentence, serving, span};

pub(super) fn would_change(facts: &Facts<'_>) -> Vec<Sentence> {
    match facts.router.state {
        State::Initialize if facts.router.causes.is_empty() => {
            vec![sentence("start", "a start of the daemon, or a configuration that has it")]
        }
        State::Initialize => facts.router.causes.iter().map(|cause| remedy(facts, cause)).collect(),
        State::Backup => becoming_active(facts),
        State::Active => ceasing(facts),
    }
}

/// What ends a cause.
fn remedy(facts: &Facts<'_>, cause: &Remark) -> Sentence {
    let about = cause.about.as_deref().unwrap_or("the interface");
    let family = facts.router.family;
    let words = match cause.token.as_str() {
        "configuration" => "its block of the configuration put right, and a reload".to_owned(),
        "interface_absent" => format!("{about} made: it is used as soon as it is there"),
        "interface_down" => format!("{about} up, with a carrier"),
        "no_source_address" => format!("an {family} address on {about}"),
        "no_socket" => format!("a socket on {about}: it is tried again each second"),
        "no_peers" => "a unicast peer in the configuration".to_owned(),
        "claim_refused" => "an address that the kernel takes: it is tried again after a while".to_owned(),
        "send_failing" => "an advertisement that can be sent".to_owned(),
        "duplicate_source" => "the silence of whoever speaks from our own address, for ten seconds".to_owned(),
        "startup_delay" => "the end of the delay after the start".to_owned(),
        "drained" => "an undrain (vrrpctl undrain), or the end of its time".to_owned(),
        "check" => format!("check {about} up"),
        "check_pending" => format!("the first result of check {about}"),
        "check_silent" => format!("news of check {about}: its runner has fallen silent"),
        "group" => format!("the recovery of {about}, which is in the same sync group"),
        _ => "its end".to_owned(),
    };
    sentence(&cause.token, words)
}

fn becoming_active(facts: &Facts<'_>) -> Vec<Sentence> {
    let router = facts.router;
    let mut changes: Vec<Sentence> = router.conditions.iter().filter_map(|held| unhindered(facts, held)).collect();
    changes.extend(facts.discards().map(listening));
    match facts.followed() {
        Some(active) => changes.extend(displacing(facts, active)),
        None => changes.extend(unhindered_claim(facts)),
    }
    changes
}

/// What ends a condition that keeps it from claiming.
fn unhindered(facts: &Facts<'_>, held: &Remark) -> Option<Sentence> {
    let about = held.about.as_deref().unwrap_or_default();
    let words = match held.token.as_str() {
        "withheld_requires" => format!("check {about} up"),
        "withheld_answered" => format!("silence that lasts: it claims in {} all the same", facts.fires_in()),
        "withheld_deaf" => format!("anything received, or {} more of nothing", facts.fires_in()),
        "withheld_group" => format!("silence on the link of {about}, too"),
        _ => return None,
    };
    Some(sentence(&held.token, words))
}

fn unhindered_claim(facts: &Facts<'_>) -> Option<Sentence> {
    let fires = facts.fires_in();
    (!facts.is_withheld()).then(|| {
        sentence("silence", format!("nothing but time: it takes over in {fires} unless a better one is heard"))
    })
}

/// What would have a Backup take over from the router that it follows.
fn displacing(facts: &Facts<'_>, active: HeardStatus) -> Vec<Sentence> {
    let router = facts.router;
    let HeardStatus { address, priority, .. } = active;
    let ours = router.priority.effective;
    let mut changes = Vec::new();
    let degraded = router.degraded && router.resigns_degraded;
    if ours <= priority && router.preempt && !degraded {
        let failing = facts.failing();
        let first = if failing.is_empty() { String::new() } else { "its checks up again, or ".to_owned() };
        changes.push(sentence("priority", format!("{first}a priority of ours above {priority}")));
    } else if ours > priority && degraded {
        changes.push(sentence("check", "its checks up again"));
    } else if ours > priority && router.preempt {
        let delay = router.preempts_in.map(span).unwrap_or_else(|| facts.fires_in());
        changes.push(sentence("preempt_delay", format!("time: it preempts in {delay}")));
    }
    let down = span(router.active_down_interval);
    changes.push(sentence("silence", format!("the silence of {address} for {down}")));
    changes.push(sentence("release", format!("priority 0 from {address}: a stop or a drain there")));
    if router.preempts_degraded && !router.preempt {
        changes.push(sentence("sickness", format!("a priority of {address} that falls below ours")));
    }
    if priority < 254 {
        let least = u16::from(priority) + 1;
        changes.push(sentence("takeover", format!("a takeover (vrrpctl takeover), with priority {least} or more")));
    }
    changes
}

fn ceasing(facts: &Facts<'_>) -> Vec<Sentence> {
    let router = facts.router;
    let ours = router.priority.effective;
    let mut changes: Vec<Sentence> = router.conditions.iter().filter_map(|held| settled(facts, held)).collect();
    changes.extend(facts.discards().map(listening));
    if let Some(conflict) = facts.conflicts.iter().find(|conflict| serving::holds(facts, conflict)) {
        let words = format!("{} taken away from the host with MAC address {}", conflict.address, conflict.mac);
        changes.push(sentence("address_conflict", words));
    }
    let missing: Vec<&str> =
        router.addresses.iter().filter(|address| !address.present).map(|address| address.address.as_str()).collect();
    if !missing.is_empty() {
        let words = format!("a kernel that takes {}: refused for a second, the router resigns", missing.join(", "));
        changes.push(sentence("address_missing", words));
    }
    if let Some(taken) = router.takeover {
        let words = format!(
            "the end of the takeover (vrrpctl takeover --undo), which raised {} to {}",
            router.priority.base, taken.priority
        );
        changes.push(sentence("takeover", words));
    }
    if ours < 255 {
        changes.push(sentence("higher", format!("an advertisement with a priority above {ours}")));
    }
    if let Some(source) = router.source {
        changes.push(sentence("tie", format!("one with priority {ours} from an address above {source}")));
    }
    for track in router.tracks.iter().filter(|track| !track.required && track.verdict == Verdict::Up) {
        let then = track.weight.map(|weight| format!(", which takes {} off its priority", weight.unsigned_abs()));
        changes.push(sentence("check", format!("a failure of check {}{}", track.check, then.unwrap_or_default())));
    }
    changes.push(sentence("drain", "a drain (vrrpctl drain) or a stop, which hand over"));
    changes
}

/// What ends what is wrong while it is Active.
fn settled(facts: &Facts<'_>, held: &Remark) -> Option<Sentence> {
    let words = match held.token.as_str() {
        "contested" => {
            let peer = held.peer.filter(|peer| facts.discards_of(*peer).is_none())?;
            format!(
                "advertisements of ours that reach {peer} and count there: see the path, filters and explain on {peer}"
            )
        }
        "two_owners" => "a priority below 255 on one of the two".to_owned(),
        "send_failing" => {
            let link = &facts.router.interface;
            format!("an advertisement that can be sent on {link}: see its routes, filters and limits")
        }
        "stalled" => "a host that does not stand still".to_owned(),
        "unrelieved" => "its checks up again, or a peer that takes over".to_owned(),
        _ => return None,
    };
    Some(sentence(&held.token, words))
}

/// What would have discarded packets count.
fn listening(discard: &DiscardStatus) -> Sentence {
    let source = discard.source;
    let words = match discard.reason.as_str() {
        "hop_limit" => {
            format!("packets of {source} that arrive as they were sent: a router lies between, or they are forged")
        }
        "authentication_data" => format!("the same auth_pass here and on {source}"),
        "authentication_type" => format!("the same auth_type here and on {source}"),
        "version" => format!("the same version here and on {source}"),
        "interval" => format!("the same advert_int here and on {source}"),
        "not_a_peer" => format!("{source} among the unicast peers, or its silence"),
        "delivery" => format!("multicast on both, here and on {source}, or unicast on both"),
        _ => format!("well-formed advertisements from {source}"),
    };
    sentence(&discard.reason, words)
}
