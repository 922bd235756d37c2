//! What health checks mean for a virtual router: causes of ineligibility, and the effective priority.

use alloc::vec::Vec;

use vrrp_wire::Priority;

use crate::{Config, Ineligible, Instant, OnClaim, Requirement};

/// A health check, by a number that the driver chose and can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckId(pub u32);

/// What a check says at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verdict {
    /// Nothing yet: holds a start back, and stops nothing that runs.
    #[default]
    Unknown,
    /// Up.
    Up,
    /// Down.
    Down,
    /// A number, from a file (`track_file`).
    Value(i64),
    /// Whoever runs the check has fallen silent: as bad as down, with a name of its own.
    Silent,
}

/// How a check counts for one virtual router (`track_script`, `track_file`, `track_process`, `track_interface`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Track {
    /// Which check.
    pub check: CheckId,
    /// What it moves.
    pub weight: Weight,
}

/// What a check moves: the priority by so much, or with zero the router itself.
///
/// A positive amount is added while the check is up, a negative one is subtracted while it is down; a file's number is
/// multiplied by it. Without an amount a failure makes the router ineligible: keepalived's FAULT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weight {
    /// By how much; 0 for eligibility.
    pub amount: i16,
    /// Up counts as down and down as up.
    pub reverse: bool,
}

/// keepalived: a file whose number times its weight is this low is a fault.
const FILE_FAULT: i64 = -254;

/// The last verdict of every check that a router tracks or requires.
#[derive(Debug, Clone, Default)]
pub(crate) struct Verdicts(Vec<Known>);

/// What is known of one check.
#[derive(Debug, Clone, Copy)]
struct Known {
    check: CheckId,
    verdict: Verdict,
    /// When the last run that found it well began; none of a check that is told of changes rather than run.
    confirmed: Option<Instant>,
}

impl Weight {
    /// No weight: the check decides over eligibility.
    pub const NONE: Self = Self { amount: 0, reverse: false };

    /// This much, not reversed.
    pub const fn of(amount: i16) -> Self {
        Self { amount, reverse: false }
    }
}

impl Verdict {
    const fn reversed(self, reverse: bool) -> Self {
        match (self, reverse) {
            (Self::Up, true) => Self::Down,
            (Self::Down, true) => Self::Up,
            (other, _) => other,
        }
    }

    const fn is_failure(self) -> bool {
        matches!(self, Self::Down | Self::Silent)
    }
}

impl Track {
    /// What is added to the priority while the check says `verdict`.
    fn points(&self, verdict: Verdict) -> i64 {
        let amount = i64::from(self.weight.amount);
        match verdict.reversed(self.weight.reverse) {
            Verdict::Value(value) => {
                let product = value.saturating_mul(amount);
                if self.weight.reverse { product.saturating_neg() } else { product }
            }
            Verdict::Up => amount.max(0),
            Verdict::Down | Verdict::Silent => amount.min(0),
            Verdict::Unknown => 0,
        }
    }

    /// Whether the check, as it is, costs the router priority or keeps it from having more.
    fn degrades(&self, verdict: Verdict) -> bool {
        self.weight.amount != 0 && (self.points(verdict) < 0 || verdict.reversed(self.weight.reverse).is_failure())
    }

    /// The cause of ineligibility that the check is while it says `verdict`.
    fn cause(&self, verdict: Verdict) -> Option<Ineligible> {
        let CheckId(check) = self.check;
        if let Verdict::Value(value) = verdict {
            let fault = if self.weight.amount == 0 { value != 0 } else { self.points(verdict) <= FILE_FAULT };
            return fault.then_some(Ineligible::Check(check));
        }
        if self.weight.amount != 0 {
            return None;
        }
        match verdict.reversed(self.weight.reverse) {
            Verdict::Unknown => Some(Ineligible::CheckPending(check)),
            Verdict::Down => Some(Ineligible::Check(check)),
            Verdict::Silent => Some(Ineligible::CheckSilent(check)),
            Verdict::Up | Verdict::Value(_) => None,
        }
    }
}

impl Verdicts {
    /// Those of `before` that `config` still asks for; the others are unknown.
    pub(crate) fn of(config: &Config, before: &Self) -> Self {
        let tracked = config.tracks.iter().map(|track| track.check);
        let required = config.claim_requires.iter().map(|required| required.check);
        let mut checks: Vec<CheckId> = tracked.chain(required).collect();
        checks.sort_unstable();
        checks.dedup();
        let unknown = |check| Known { check, verdict: Verdict::Unknown, confirmed: None };
        Self(checks.into_iter().map(|check| before.find(check).copied().unwrap_or_else(|| unknown(check))).collect())
    }

    pub(crate) fn get(&self, check: CheckId) -> Verdict {
        self.find(check).map_or(Verdict::Unknown, |known| known.verdict)
    }

    fn find(&self, check: CheckId) -> Option<&Known> {
        let place = self.0.binary_search_by_key(&check, |known| known.check);
        place.ok().and_then(|place| self.0.get(place))
    }

    fn find_mut(&mut self, check: CheckId) -> Option<&mut Known> {
        let place = self.0.binary_search_by_key(&check, |known| known.check);
        place.ok().and_then(|place| self.0.get_mut(place))
    }

    /// Notes a verdict; says whether it is news for a check that matters here.
    pub(crate) fn note(&mut self, check: CheckId, verdict: Verdict) -> bool {
        let known = self.find_mut(check);
        known.is_some_and(|known| core::mem::replace(&mut known.verdict, verdict) != verdict)
    }

    /// Notes that a run which began at `began` found a check well.
    pub(crate) fn confirm(&mut self, check: CheckId, began: Instant) {
        if let Some(known) = self.find_mut(check) {
            known.confirmed = known.confirmed.max(Some(began));
        }
    }

    /// What stands against the router because of its checks.
    pub(crate) fn causes<'a>(&'a self, config: &'a Config) -> impl Iterator<Item = Ineligible> + 'a {
        config.tracks.iter().filter_map(|track| track.cause(self.get(track.check)))
    }

    /// The base priority and all weights, as keepalived adds them up: 1 to 254, and 255 is never moved.
    pub(crate) fn weighted(&self, config: &Config, base: Priority) -> Priority {
        if config.is_owner() {
            return Priority::OWNER;
        }
        let points = config.tracks.iter().map(|track| track.points(self.get(track.check)));
        let sum = points.fold(i64::from(base.get()), i64::saturating_add).clamp(1, 254);
        Priority::new(u8::try_from(sum).unwrap_or(u8::MAX))
    }

    /// Whether a check that moves the priority is failing.
    pub(crate) fn degraded(&self, config: &Config) -> bool {
        !config.is_owner() && config.tracks.iter().any(|track| track.degrades(self.get(track.check)))
    }

    /// The first required check that is not up, with what that means.
    pub(crate) fn unmet(&self, config: &Config) -> Option<(CheckId, OnClaim)> {
        self.unmet_since(config, Instant::ORIGIN)
    }

    /// As [`Verdicts::unmet`], where the word of a check that is run counts only if the run began no earlier than `since`:
    /// what was found before a router fell silent says nothing about who was cut off.
    pub(crate) fn unmet_since(&self, config: &Config, since: Instant) -> Option<(CheckId, OnClaim)> {
        let well = |known: &Known| matches!(known.verdict, Verdict::Up | Verdict::Value(0));
        let fresh = |known: &Known| known.confirmed.is_none_or(|began| began >= since);
        let met = |required: &&Requirement| self.find(required.check).is_some_and(|known| well(known) && fresh(known));
        let unmet = config.claim_requires.iter().find(|required| !met(required));
        unmet.map(|required| (required.check, required.otherwise))
    }
}
