use vrrp_core::Instant;

use super::View;
use super::succession::better;
use crate::lan::bit;

/// Eligible routers that are all joined, and nobody else with them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) members: u16,
    pub(super) has_client: bool,
    pub(super) since: Instant,
    pub(super) not_one: Option<Instant>,
    pub(super) misled: Option<Instant>,
    /// Whether the client is owed an announcement.
    pub(super) promised: bool,
    /// Since when a router that preempts has had a higher priority than the Active one.
    pub(super) outranked: Option<Instant>,
    /// Whether all members are ours.
    pub(super) ours: bool,
}

impl Part {
    pub(super) const fn new(now: Instant, members: u16, has_client: bool) -> Self {
        Self {
            members,
            has_client,
            since: now,
            not_one: None,
            misled: None,
            promised: false,
            outranked: None,
            ours: false,
        }
    }

    pub(super) fn observe(&mut self, now: Instant, view: &View) {
        let active = view.active & self.members;
        let serving = active & view.holding;
        let one = serving.count_ones() == 1 && serving == active;
        self.ours = self.members & !view.ours == 0;
        self.not_one = if one { None } else { self.not_one.or(Some(now)) };
        let outranked = self.ours && better(self.members, view) != 0;
        self.outranked = if outranked { self.outranked.or(Some(now)) } else { None };
        let promises = self.has_client && one && serving & view.ours != 0;
        let right = !promises || view.cached.is_none_or(|router| bit(router) == serving);
        self.misled = if right { None } else { self.misled.or(Some(now)) };
        if right && one {
            self.promised = false;
        }
    }
}
