//! Why it takes no part.

use vrrp_control::{Remark, Sentence};

use super::facts::Facts;
use super::{sentence, span};

pub(super) fn out(facts: &Facts<'_>) -> Vec<Sentence> {
    let causes = &facts.router.causes;
    if causes.is_empty() {
        return vec![sentence("stopped", "it was told to stop")];
    }
    causes.iter().map(|cause| sentence(&cause.token, words(facts, cause))).collect()
}

fn words(facts: &Facts<'_>, cause: &Remark) -> String {
    let router = facts.router;
    let about = cause.about.as_deref().unwrap_or(&router.interface);
    let until = cause.until.map(|until| format!(", for another {}", facts.until(until))).unwrap_or_default();
    match cause.token.as_str() {
        "configuration" => "its block of the configuration is wrong (vrrpd check says what)".to_owned(),
        "interface_absent" => format!("there is no interface {about}"),
        "interface_down" => format!("{about} is down, or has no carrier"),
        "no_source_address" => {
            format!("{about} has no {} address that advertisements could come from", router.family)
        }
        "no_socket" => format!("no socket can be had on {about}: it would be deaf"),
        "no_peers" => "it speaks unicast and has no peer".to_owned(),
        "claim_refused" => {
            let refused = facts.last_event("refused").map(|event| event.words.clone());
            format!("{}{until}", refused.unwrap_or_else(|| "the kernel refuses one of its addresses".to_owned()))
        }
        "duplicate_source" => {
            let own = router.source.map(|own| format!(", {own}")).unwrap_or_default();
            format!("somebody else advertises VRID {} from our own address{own}{until}", router.vrid)
        }
        "startup_delay" => format!("it waits out the delay after the start{until}"),
        "drained" => drained(facts),
        "check" | "check_pending" | "check_silent" => facts.check(about),
        "group" => member(facts, about),
        _ => cause.words.clone(),
    }
}

fn drained(facts: &Facts<'_>) -> String {
    let Some(drain) = facts.router.drain else { return "somebody drained it".to_owned() };
    let ends = drain.until.map(|until| span(until.since(facts.status.at)));
    let ends = ends.map_or_else(|| "until it is undrained".to_owned(), |ends| format!("for another {ends}"));
    format!("somebody drained it {} ago, {ends}", facts.past(drain.since))
}

/// Another member of the sync group may not serve: its own cause is the reason.
fn member(facts: &Facts<'_>, name: &str) -> String {
    let member = facts.status.router(name);
    let own = member.and_then(|member| member.causes.iter().find(|cause| cause.token != "group").map(|c| (member, c)));
    let why = own.map(|(member, cause)| format!(": {}", words(&Facts { router: member, ..*facts }, cause)));
    format!("{name}, of the same sync group, may not serve{}", why.unwrap_or_default())
}
