//! A node's status and events as `vrrp-control` says them: words and sentences, made off the engine's thread.

mod event;
mod router;

use core::time::Duration;

use vrrp_control::{CheckStatus, EngineStatus, Histogram, Moment, Seconds, State, Status, StrangerStatus, Verdict};

use crate::status::{LAG_BOUNDS, Status as Snapshot};
use crate::{Drained, Name, TookOver};

pub use event::event;

/// How everything stands, in words. What the node does not know (its version, the number of the last event) is left for
/// the caller.
pub fn status(snapshot: &Snapshot) -> Status {
    let lag = &snapshot.lag;
    Status {
        version: String::new(),
        at: Moment::from_unix_nanos(snapshot.at),
        started: Moment::from_unix_nanos(snapshot.wall(snapshot.started)),
        configured: Moment::from_unix_nanos(snapshot.wall(snapshot.configured)),
        engine: EngineStatus {
            lag: Histogram {
                bounds: LAG_BOUNDS.iter().copied().map(Seconds::from).collect(),
                counts: lag.counts.iter().copied().map(u64::from).collect(),
                sum: lag.sum.into(),
            },
            worst_lag: lag.worst.into(),
            worst_lag_at: lag.worst_at.map(|at| Moment::from_unix_nanos(snapshot.wall(at))),
            announcements_pending: snapshot.announcements_pending,
            stopping: snapshot.stopping,
        },
        routers: snapshot.routers.iter().map(|router| router::status(snapshot, router)).collect(),
        checks: checks(snapshot),
        hooks: Vec::new(),
        strangers: snapshot.strangers.iter().map(|one| stranger(snapshot, one)).collect(),
        last_event: 0,
    }
}

/// What became of a drain, in words.
pub fn drained(drained: &Drained, until: Option<Moment>) -> vrrp_control::Drained {
    use crate::DrainOutcome as Ours;
    use vrrp_control::DrainOutcome as Said;
    let (outcome, by) = match drained.outcome {
        Ours::Relieved { by } => (Said::Relieved, by),
        Ours::Idle => (Said::Idle, None),
        Ours::Unrelieved => (Said::Unrelieved, None),
        Ours::Released => (Said::Released, None),
        Ours::Undone => (Said::Undone, None),
    };
    let stands = !matches!(outcome, Said::Unrelieved | Said::Undone);
    let words = drained.outcome.to_string();
    vrrp_control::Drained { router: drained.router.to_string(), outcome, by, until: until.filter(|_| stands), words }
}

/// What became of a takeover, in words.
pub fn took_over(took_over: &TookOver, until: Option<Moment>) -> vrrp_control::TookOver {
    use crate::TakeoverOutcome as Ours;
    use vrrp_control::TakeoverOutcome as Said;
    let priority = took_over.priority;
    let (outcome, words) = match took_over.outcome {
        Ours::Raised => (Said::Raised, format!("advertises priority {priority} and preempts")),
        Ours::AlreadyActive => (Said::AlreadyActive, "it is Active already".to_owned()),
        Ours::Refused { by, theirs } => {
            (Said::Refused, format!("refused: {by} has priority {theirs}, and there is none above 254 to take"))
        }
        Ours::Ineligible => (Said::Ineligible, "refused: something stands against it, see its causes".to_owned()),
        Ours::Undone => (Said::Undone, format!("takes nothing over: its own priority {priority} counts")),
    };
    vrrp_control::TookOver {
        router: took_over.router.to_string(),
        outcome,
        priority: priority.get(),
        until: until.filter(|_| outcome == Said::Raised),
        words,
    }
}

/// Those that a router names: of one that a reload took away, whatever it said last is nobody's trouble.
fn checks(snapshot: &Snapshot) -> Vec<CheckStatus> {
    let all = snapshot.checks.iter().map(|check| check_status(snapshot, check));
    all.filter(|check| !check.routers.is_empty()).collect()
}

fn check_status(snapshot: &Snapshot, check: &crate::status::CheckStatus) -> CheckStatus {
    let cares = |router: &&crate::status::RouterStatus| router.tracks.iter().any(|track| track.check == check.name);
    CheckStatus {
        name: check.name.to_string(),
        verdict: verdict(check.verdict),
        words: check.words.to_string(),
        since: check.since.map(|since| Moment::from_unix_nanos(snapshot.wall(since))),
        runs: None,
        failures: None,
        took: None,
        durations: Histogram::default(),
        routers: snapshot.routers.iter().filter(cares).map(|router| router.name.to_string()).collect(),
    }
}

fn stranger(snapshot: &Snapshot, stranger: &crate::status::Stranger) -> StrangerStatus {
    StrangerStatus {
        interface: stranger.interface.to_string(),
        source: stranger.source,
        vrid: stranger.vrid.map(|vrid| vrid.get()),
        last_heard: Some(Moment::from_unix_nanos(snapshot.wall(stranger.last_heard))),
    }
}

const fn state(name: Name) -> State {
    match name {
        Name::Initialize => State::Initialize,
        Name::Backup => State::Backup,
        Name::Active => State::Active,
    }
}

const fn verdict(verdict: crate::Verdict) -> Verdict {
    match verdict {
        crate::Verdict::Unknown => Verdict::Unknown,
        crate::Verdict::Up => Verdict::Up,
        crate::Verdict::Down => Verdict::Down,
        crate::Verdict::Value(value) => Verdict::Value(value),
        crate::Verdict::Silent => Verdict::Silent,
    }
}

/// A length of time as a duration of ours.
pub fn ttl(seconds: Option<Seconds>) -> Option<Duration> {
    seconds.map(Seconds::duration)
}
