//! Why it stands where it stands, the decisive reason first.

use vrrp_control::{HeardStatus, RouterStatus, Sentence, State, Status, Verdict};

use super::{ago, sentence};

pub(super) fn because(status: &Status, router: &RouterStatus) -> Vec<Sentence> {
    let mut reasons = match router.state {
        State::Initialize => out(status, router),
        State::Backup => watching(status, router),
        State::Active => serving(status, router),
    };
    reasons.extend(priority(router));
    reasons
}

fn out(status: &Status, router: &RouterStatus) -> Vec<Sentence> {
    if router.causes.is_empty() {
        return vec![sentence("stopped", "it was told to stop")];
    }
    let cause = |cause: &vrrp_control::Remark| {
        if cause.token != "drained" {
            return sentence(&cause.token, &cause.words);
        }
        let until = router.drain.and_then(|drain| drain.until);
        let until = until.map(|until| format!("for another {}", ago(until.since(status.at))));
        sentence("drained", format!("somebody drained it, {}", until.unwrap_or_else(|| "until undrained".to_owned())))
    };
    router.causes.iter().map(cause).collect()
}

fn watching(status: &Status, router: &RouterStatus) -> Vec<Sentence> {
    let mut reasons = Vec::new();
    let withheld = |token: &str| token.starts_with("withheld_") || token == "preemption_held";
    let held = router.conditions.iter().filter(|held| withheld(&held.token));
    reasons.extend(held.map(|held| sentence(&held.token, &held.words)));
    match router.active_router {
        Some(active) => reasons.insert(0, followed(status, router, active)),
        None => reasons.extend(nobody(status, router)),
    }
    reasons
}

/// Why the router that is followed is the Active one.
fn followed(status: &Status, router: &RouterStatus, active: HeardStatus) -> Sentence {
    let HeardStatus { address, priority, last_heard } = active;
    let ours = router.priority.effective;
    let heard = ago(status.at.since(last_heard));
    let is_active = format!("{address} is Active with priority {priority} (last heard {heard} ago)");
    if priority > ours {
        return sentence("higher", format!("{is_active}, and ours is {ours}"));
    }
    if priority == ours {
        return sentence("equal", format!("{is_active}, as ours: a Backup does not take over from its equal"));
    }
    if router.preempt {
        return sentence("preempt_delay", format!("{is_active}, ours is {ours}: it preempts when its delay is over"));
    }
    sentence("nopreempt", format!("{is_active}, ours is {ours}, but it is configured not to preempt (nopreempt)"))
}

/// Nobody is followed: it waits, or is about to take over from whoever has the lower priority.
fn nobody(status: &Status, router: &RouterStatus) -> Option<Sentence> {
    let fires = router.timer.as_ref().filter(|timer| timer.timer == "active_down");
    let fires = fires.map(|timer| ago(timer.fires_in)).unwrap_or_else(|| "a moment".to_owned());
    let recent = router.peers.iter().filter(|peer| status.at.since(peer.last_heard) < router.active_down_interval);
    let lower = recent.filter(|peer| peer.priority > 0 && peer.priority < router.priority.effective);
    let Some(lower) = lower.max_by_key(|peer| peer.priority) else {
        return Some(sentence("waiting", format!("it has heard nobody yet: Active_Down_Timer fires in {fires}")));
    };
    let words = format!("it is about to preempt {} (priority {}), in {fires}", lower.address, lower.priority);
    Some(sentence("preempting", words))
}

fn serving(status: &Status, router: &RouterStatus) -> Vec<Sentence> {
    let mut reasons = Vec::new();
    if router.leaving {
        reasons.push(sentence("leaving", "it is handing over, and serves until its successor speaks"));
    }
    if let Some(moved) = router.transition.as_ref().filter(|moved| moved.to == State::Active) {
        let since = ago(status.at.since(moved.at));
        reasons.push(sentence(&moved.cause.token, format!("{since} ago: {}", moved.cause.words)));
    }
    let contested = router.conditions.iter().filter(|held| held.token == "contested" || held.token == "two_owners");
    reasons.extend(contested.map(|held| sentence(&held.token, format!("{}, so it stays Active", held.words))));
    if !router.is_contested() {
        let words = format!("nobody advertises a priority above ours, {}", router.priority.effective);
        reasons.push(sentence("highest", words));
    }
    reasons
}

/// What makes the priority another one than is configured.
fn priority(router: &RouterStatus) -> Vec<Sentence> {
    let (base, effective) = (router.priority.base, router.priority.effective);
    let mut reasons = Vec::new();
    if let Some(taken) = router.takeover {
        let words = format!("it was told to take over: it advertises at least {}", taken.priority);
        reasons.push(sentence("takeover", words));
    }
    if base == effective {
        return reasons;
    }
    let fails = |verdict| matches!(verdict, Verdict::Down | Verdict::Silent);
    let failing = router.tracks.iter().filter(|track| track.weight.is_some_and(|weight| weight < 0));
    let failing: Vec<&str> = failing.filter(|track| fails(track.verdict)).map(|track| track.check.as_str()).collect();
    let checks = if failing.is_empty() { String::new() } else { format!(", failing: {}", failing.join(", ")) };
    reasons.push(sentence("priority", format!("its priority is {effective} instead of {base}{checks}")));
    reasons
}
