use core::time::Duration;

use vrrp_core::{Config, Instant, OnDegraded, Preempt};
use vrrp_wire::{Priority, Version};

use super::View;
use crate::lan::{Station, bit, stations};

/// What is known of who follows an Active router that something was done to, which all others of its part follow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Succession {
    /// The Active router.
    gone: Station,
    /// Its Backups: all of them follow it, and wait from its last advertisement on.
    pub(super) heirs: u16,
    /// When it gave up by priority 0 and went on serving, if it did.
    pub(super) released: Option<Instant>,
    /// Since when a Backup that preempts has had a higher priority.
    pub(super) fallen: Option<Instant>,
    /// Whether a check is why, so that it was told at once.
    pub(super) checked: bool,
    /// Whether all relieve a router whose priority falls as soon as they hear of it.
    prompt: bool,
    interval: Duration,
    version: Version,
    /// By how much one must come before another to be heard in time.
    lead: Duration,
}

impl Succession {
    /// In a part of `members` that `gone` serves alone. Nobody is asked where the silence is doubted, nor where
    /// the Backups measure it by different intervals.
    pub(super) fn of(gone: Station, members: u16, configs: &[Config], lead: Duration) -> Option<Self> {
        let first = configs.first()?;
        let alike = |config: &Config| {
            (config.interval, config.version, config.down_timer_adverts)
                == (first.interval, first.version, first.down_timer_adverts)
        };
        let doubts = |config: &Config| config.habits.confirm_silence || !config.claim_requires.is_empty();
        let asked = configs.iter().all(|config| alike(config) && !doubts(config));
        let (interval, version) = (first.interval.duration(), first.version);
        let prompt = configs.iter().all(|one| one.habits.quick_relief && !matches!(one.preempt, Preempt::After(_)));
        let heirs = members & !bit(gone);
        let fresh = Self { gone, heirs, released: None, fallen: None, checked: false, prompt, interval, version, lead };
        asked.then_some(fresh)
    }

    /// `Skew_Time`, worked out anew: what is to be checked is no measure.
    fn skew(&self, priority: Priority) -> Duration {
        let whole = match self.version {
            Version::V2 => Duration::from_secs(1),
            Version::V3 => self.interval,
        };
        whole * (256 - u32::from(priority.get())) / 256
    }

    /// The Backups that may still follow, each with its `Skew_Time`.
    fn waiting(&self, view: &View) -> impl Iterator<Item = (Station, Duration)> {
        // An older advertisement that priority 0 has overtaken has them wait anew.
        let in_order = view.in_order.get(usize::from(self.gone)).copied().unwrap_or(0);
        let waiting = self.heirs & view.eligible & view.backup & !view.unproven & in_order;
        stations(waiting).filter_map(|heir| Some((heir, self.skew(view.priority(heir)?))))
    }

    pub(super) fn observe(&mut self, now: Instant, view: &View) {
        if view.leaving & bit(self.gone) != 0 {
            self.released = self.released.or(Some(now));
        }
        let serves = view.active & view.running & !view.leaving & bit(self.gone) != 0;
        let fallen = serves && self.prompt && better(self.heirs | bit(self.gone), view) != 0;
        self.fallen = if fallen { self.fallen.or(Some(now)) } else { None };
    }

    /// Whether something was done to this Active router.
    pub(super) fn is_of(&self, router: Station) -> bool {
        self.gone == router
    }

    /// How long after its priority has fallen below that of a Backup that preempts the best of these is Active.
    pub(super) fn relieved_within(&self, view: &View) -> Option<Duration> {
        let better = better(self.heirs | bit(self.gone), view);
        let preempts = |(heir, skew): (Station, Duration)| (better & bit(heir) != 0).then_some(skew);
        let skew = self.waiting(view).filter_map(preempts).min()?;
        let told = if self.checked { Duration::ZERO } else { self.interval };
        Some(told + skew + self.lead)
    }

    /// Whether a Backup follows before the hand-over is given up.
    pub(super) fn is_asked_of(&self, view: &View) -> bool {
        self.follows_within(view).is_some_and(|within| within + self.lead < self.interval + Duration::from_millis(100))
    }

    /// Whether somebody has followed, or is about to without a claim.
    pub(super) fn is_over(&self, view: &View) -> bool {
        view.active & view.running & !bit(self.gone) != 0
    }

    /// A better Backup that `router`, which claims, should have left it to.
    pub(super) fn passed_over(&self, router: Station, view: &View) -> Option<Station> {
        let serves = view.active & view.running & !view.leaving & bit(self.gone) != 0;
        if serves || self.heirs & bit(router) == 0 {
            return None;
        }
        let own = self.skew(view.priority(router)?);
        self.waiting(view)
            .find(|(heir, skew)| *skew + self.lead < own && view.joined(*heir, router))
            .map(|(better, _)| better)
    }

    /// How long after priority 0 the best Backup is Active.
    pub(super) fn follows_within(&self, view: &View) -> Option<Duration> {
        let skew = self.waiting(view).map(|(_, skew)| skew).min()?;
        // Priority 0 is sent twice; strictly, each starts the wait anew.
        Some(skew + Duration::from_millis(25) + self.lead)
    }
}

/// The routers of `members` with a higher priority than the Active one, none of them held back by how it is configured:
/// they are to preempt it.
pub(super) fn better(members: u16, view: &View) -> u16 {
    let active = stations(members & view.active).filter_map(|router| view.priority(router)).max();
    let preempts = members & view.backup & view.preempts;
    stations(preempts)
        .filter(|router| active.is_some() && view.priority(*router) > active)
        .fold(0, |set, one| set | bit(one))
}

/// Whether a configuration has a router preempt one of lower priority, once no check of its own fails.
pub(crate) fn preempts(config: &Config, degraded: bool) -> bool {
    let unwell = degraded && config.on_degraded == OnDegraded::Resign;
    config.is_owner() || config.preempt != Preempt::Never && !unwell
}
