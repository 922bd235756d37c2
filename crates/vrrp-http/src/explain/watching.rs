//! Why it is Backup: whom it follows and why it does not take over, or what keeps it from claiming.

use core::net::IpAddr;

use vrrp_control::{HeardStatus, Remark, RouterStatus, Sentence};

use super::because::discarded;
use super::facts::{Facts, list};
use super::{sentence, span};

pub(super) fn watching(facts: &Facts<'_>) -> Vec<Sentence> {
    let router = facts.router;
    let withheld = router.conditions.iter().filter(|held| held.token.starts_with("withheld_"));
    let mut reasons: Vec<Sentence> = withheld.map(|held| sentence(&held.token, kept(facts, held))).collect();
    if let Some(active) = facts.followed() {
        reasons.push(follows(facts, active));
    } else if !facts.is_withheld() {
        reasons.extend(facts.discards().map(|discard| discarded(facts, discard)));
        reasons.push(nobody(facts, router.active_router));
    }
    if let Some(taken) = router.takeover {
        let words = format!("it was told to take over, and advertises at least {} when it does", taken.priority);
        reasons.push(sentence("takeover", words));
    }
    reasons
}

/// What keeps it from claiming though the addresses seem free.
fn kept(facts: &Facts<'_>, held: &Remark) -> String {
    let about = held.about.as_deref().unwrap_or_default();
    let last = facts.router.active_router.map(|active| active.address.to_string());
    let last = last.unwrap_or_else(|| "the router that was Active".to_owned());
    match held.token.as_str() {
        "withheld_requires" => {
            format!("it would claim the addresses, but {}, and claiming requires it", facts.check(about))
        }
        "withheld_answered" => {
            format!(
                "it would claim the addresses, but {last}, whose advertisements are missing, still answers for them"
            )
        }
        "withheld_deaf" => {
            let link = &facts.router.interface;
            format!(
                "it would claim the addresses, but nothing at all has been received on {link} since its carrier came up"
            )
        }
        "withheld_group" => {
            format!("it hears nobody, but {about}, of the same sync group, still hears the Active router")
        }
        _ => held.words.clone(),
    }
}

/// Why the router that is followed is the Active one.
fn follows(facts: &Facts<'_>, active: HeardStatus) -> Sentence {
    let router = facts.router;
    let HeardStatus { address, priority, last_heard } = active;
    let ours = router.priority.effective;
    let heard = facts.past(last_heard);
    let is_active = format!("{address} is Active with priority {priority} (last heard {heard} ago)");
    let strange = strange(router, address);
    if priority > ours {
        let base = if ours < router.priority.base { instead(facts) } else { String::new() };
        return sentence("higher", format!("{is_active}, and ours is {ours}{base}{strange}"));
    }
    if priority == ours {
        let words = format!("{is_active}, as ours: a Backup does not take over from its equal{strange}");
        return sentence("equal", words);
    }
    let (token, why) = spared(facts);
    sentence(token, format!("{is_active}, ours is {ours}, but {why}{strange}"))
}

fn instead(facts: &Facts<'_>) -> String {
    let failing = facts.failing().join("; ");
    let base = facts.router.priority.base;
    if failing.is_empty() { format!(" instead of {base}") } else { format!(" instead of {base}, because {failing}") }
}

/// Why a router of lower priority is not preempted.
fn spared(facts: &Facts<'_>) -> (&'static str, String) {
    let router = facts.router;
    if let Some(held) = router.conditions.iter().find(|held| held.token == "preemption_held") {
        return ("preemption_held", format!("it {}", held.words));
    }
    if router.degraded && router.resigns_degraded {
        let failing = facts.failing().join("; ");
        return ("degraded", format!("{failing}, and it preempts nobody meanwhile (on_degraded resign)"));
    }
    if !router.preempt && router.preempts_degraded {
        let words = "it takes over from a silent or a sick router only (failback manual)";
        return ("failback_manual", words.to_owned());
    }
    if !router.preempt {
        return ("nopreempt", "it is configured not to preempt (nopreempt)".to_owned());
    }
    match router.preempts_in.map(span) {
        Some(delay) => (
            "preempt_delay",
            format!("it waits before it preempts, for another {delay} (preempt_delay, failback after)"),
        ),
        None => ("preempting", format!("not for long: it takes over in {}", facts.fires_in())),
    }
}

/// That the followed router does not serve our addresses.
fn strange(router: &RouterStatus, address: IpAddr) -> String {
    let Some(other) = router.other_lists.iter().find(|list| list.source == address) else { return String::new() };
    let ours = router.addresses.iter().filter(|ours| ours.advertised);
    let ours: Vec<&str> = ours.filter_map(|ours| ours.address.split('/').next()).collect();
    let theirs: Vec<String> = other.addresses.iter().map(ToString::to_string).collect();
    let missing: Vec<&str> = ours.iter().copied().filter(|ours| !theirs.iter().any(|their| their == ours)).collect();
    if missing.is_empty() {
        return String::new();
    }
    if missing.len() < ours.len() {
        return format!("; but it does not advertise {}", missing.join(", "));
    }
    let theirs = list(&other.addresses);
    format!("; but it advertises {theirs} and none of ours: is VRID {} used twice on this LAN?", router.vrid)
}

/// Nobody is followed: it waits, or is about to take over from whoever gave up, fell silent, or has the lower priority.
fn nobody(facts: &Facts<'_>, last: Option<HeardStatus>) -> Sentence {
    let fires = facts.fires_in();
    let gave_up = facts.router.peers.iter().find(|peer| peer.priority == 0 && facts.is_now(peer.last_heard));
    if let Some(gone) = gave_up {
        return sentence("released", format!("{} gave up by priority 0: it takes over in {fires}", gone.address));
    }
    if let Some(lower) = facts.lower() {
        let words = format!("it is about to preempt {} (priority {}), in {fires}", lower.address, lower.priority);
        return sentence("preempting", words);
    }
    match last {
        Some(last) => {
            let silent = facts.past(last.last_heard);
            let words = format!("{} has been silent for {silent}: Active_Down_Timer fires in {fires}", last.address);
            sentence("silent", words)
        }
        None => sentence("waiting", format!("it has heard nobody yet: Active_Down_Timer fires in {fires}")),
    }
}
