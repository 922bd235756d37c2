//! What would change where it stands.

use vrrp_control::{Remark, RouterStatus, Sentence, State};

use super::{ago, sentence};

pub(super) fn would_change(router: &RouterStatus) -> Vec<Sentence> {
    match router.state {
        State::Initialize => router.causes.iter().map(remedy).collect(),
        State::Backup => becoming_active(router),
        State::Active => ceasing(router),
    }
}

/// What ends a cause.
fn remedy(cause: &Remark) -> Sentence {
    let about = cause.about.as_deref().unwrap_or("the interface");
    let words = match cause.token.as_str() {
        "configuration" => "its block of the configuration put right, and a reload".to_owned(),
        "interface_absent" => format!("{about} made"),
        "interface_down" => format!("{about} up, with a carrier"),
        "no_source_address" => format!("an address of its family on {about}"),
        "no_socket" => format!("a socket on {about}: it is tried again each second"),
        "no_peers" => "a unicast peer in the configuration".to_owned(),
        "claim_refused" => "an address that the kernel takes: it is tried again after a while".to_owned(),
        "send_failing" => "an advertisement that can be sent".to_owned(),
        "duplicate_source" => "the silence of whoever speaks from our own address".to_owned(),
        "startup_delay" => "the end of the delay after the start".to_owned(),
        "drained" => "an undrain, or the end of its time".to_owned(),
        "check" => format!("check {about} up"),
        "check_pending" => format!("the first result of check {about}"),
        "check_silent" => format!("news of check {about}: its runner has fallen silent"),
        "group" => format!("the recovery of {about}, which is in the same sync group"),
        _ => "its end".to_owned(),
    };
    sentence(&cause.token, words)
}

fn becoming_active(router: &RouterStatus) -> Vec<Sentence> {
    let down = ago(router.active_down_interval);
    let Some(active) = router.active_router else {
        return vec![sentence("silence", format!("the silence of everybody for {down}"))];
    };
    let mut changes = vec![
        sentence("silence", format!("the silence of {} for {down}", active.address)),
        sentence("release", format!("priority 0 from {}", active.address)),
    ];
    if active.priority < 254 {
        changes.push(sentence("takeover", format!("a takeover, with priority {} or more", active.priority + 1)));
    }
    if router.preempt && active.priority >= router.priority.effective {
        changes.push(sentence("priority", format!("a priority of ours above {}", active.priority)));
    }
    changes
}

fn ceasing(router: &RouterStatus) -> Vec<Sentence> {
    let ours = router.priority.effective;
    let mut changes = vec![sentence("higher", format!("an advertisement with a priority above {ours}"))];
    if let Some(source) = router.source {
        changes.push(sentence("tie", format!("one with priority {ours} from an address above {source}")));
    }
    let deciding = router.tracks.iter().filter(|track| track.weight.is_none() && !track.required);
    changes.extend(deciding.map(|track| sentence("check", format!("a failure of check {}", track.check))));
    changes.push(sentence("drain", "a drain or a stop, which hand over"));
    changes
}
