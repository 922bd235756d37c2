//! What health checks mean, worked out apart from the core: the oracle's reading, and that of the models of others.

use vrrp_core::{Config, OnClaim, Track, Verdict};
use vrrp_wire::Priority;

/// How many checks a router of a script runs at most.
pub(crate) const CHECKS: usize = 4;

/// What each check of a router says.
pub(crate) type Verdicts = Vec<Verdict>;

/// One verdict for each check that these configurations know of, and at least as many as a script may speak of.
pub(crate) fn verdicts<'a>(configs: impl Iterator<Item = &'a Config>, verdict: Verdict) -> Verdicts {
    let known = configs.flat_map(|config| {
        let tracked = config.tracks.iter().map(|track| track.check);
        tracked.chain(config.claim_requires.iter().map(|required| required.check))
    });
    let most = known.map(|check| usize::try_from(check.0).unwrap_or(0) + 1).max().unwrap_or(0);
    vec![verdict; most.max(CHECKS)]
}

/// What a check says; nothing where there is none of this number.
pub(crate) fn verdict(verdicts: &[Verdict], check: vrrp_core::CheckId) -> Verdict {
    let place = usize::try_from(check.0).unwrap_or(usize::MAX);
    verdicts.get(place).copied().unwrap_or_default()
}

/// Whether a check makes its router ineligible.
pub(crate) fn forbids(track: &Track, verdict: Verdict) -> bool {
    let weight = track.weight;
    match verdict {
        Verdict::Value(value) if weight.amount == 0 => value != 0,
        Verdict::Value(_) => points(track, verdict) <= -254,
        Verdict::Up => weight.amount == 0 && weight.reverse,
        Verdict::Down => weight.amount == 0 && !weight.reverse,
        Verdict::Silent => weight.amount == 0,
        Verdict::Unknown => false,
    }
}

/// Whether a start waits for the first word of the check.
pub(crate) fn pends(track: &Track, verdict: Verdict) -> bool {
    track.weight.amount == 0 && verdict == Verdict::Unknown
}

/// What a check adds to the priority.
pub(crate) fn points(track: &Track, verdict: Verdict) -> i64 {
    let amount = i64::from(track.weight.amount);
    match (verdict, track.weight.reverse) {
        (Verdict::Value(value), false) => value.saturating_mul(amount),
        (Verdict::Value(value), true) => value.saturating_mul(amount).saturating_neg(),
        (Verdict::Up, false) | (Verdict::Down, true) => amount.max(0),
        (Verdict::Down, false) | (Verdict::Up, true) | (Verdict::Silent, _) => amount.min(0),
        (Verdict::Unknown, _) => 0,
    }
}

/// Whether a check costs its router priority, or keeps it from having more.
pub(crate) fn degrades(track: &Track, verdict: Verdict) -> bool {
    let failing = match verdict {
        Verdict::Down => !track.weight.reverse,
        Verdict::Up => track.weight.reverse,
        Verdict::Silent => true,
        Verdict::Unknown | Verdict::Value(_) => false,
    };
    track.weight.amount != 0 && (failing || points(track, verdict) < 0)
}

/// What the checks make of a priority; the owner's is never moved.
pub(crate) fn weighted(config: &Config, verdicts: &[Verdict], base: Priority) -> Priority {
    if config.is_owner() {
        return Priority::OWNER;
    }
    let points = config.tracks.iter().map(|track| points(track, verdict(verdicts, track.check)));
    let sum = points.fold(i64::from(base.get()), i64::saturating_add);
    Priority::new(u8::try_from(sum.clamp(1, 254)).unwrap_or(u8::MAX))
}

/// Whether a check that moves the priority is failing.
pub(crate) fn degraded(config: &Config, verdicts: &[Verdict]) -> bool {
    let fails = |track: &Track| degrades(track, verdict(verdicts, track.check));
    !config.is_owner() && config.tracks.iter().any(fails)
}

/// Whether a claim is held back for a requirement that is not met, for as long as that lasts.
pub(crate) fn holds_back(config: &Config, verdicts: &[Verdict]) -> bool {
    config.claim_requires.iter().any(|required| {
        let met = matches!(verdict(verdicts, required.check), Verdict::Up | Verdict::Value(0));
        !met && required.otherwise == OnClaim::HoldBack
    })
}

/// Whether any check matters to the virtual router.
pub(crate) fn has_checks(config: &Config) -> bool {
    !config.tracks.is_empty() || !config.claim_requires.is_empty()
}
