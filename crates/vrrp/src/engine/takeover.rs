//! A priority above the Active router's, because somebody asked for it.

use core::time::Duration;

use vrrp_core::{Input, Instant, Name, RouterId, State};
use vrrp_wire::Priority;

use super::Engine;
use crate::clock;
use crate::event::What;
use crate::operator::{Replies, TakeoverOutcome, TookOver, end};
use crate::status::TakeoverStatus;

/// The priority that nothing but the owner of the addresses can have more than.
const HIGHEST: Priority = Priority::new(254);

/// The takeovers that stand.
#[derive(Debug, Default)]
pub(super) struct Takeovers(Vec<(RouterId, TakeoverStatus)>);

impl Takeovers {
    /// When the next one ends by itself.
    pub(super) fn due(&self) -> Option<Instant> {
        self.0.iter().filter_map(|(_, taken)| taken.until).min()
    }

    pub(super) fn forget(&mut self, id: RouterId) -> bool {
        let before = self.0.len();
        self.0.retain(|(taken, _)| *taken != id);
        self.0.len() < before
    }
}

impl Engine {
    /// Raises the priority of these virtual routers above the Active router's, or ends that.
    pub(super) fn take_over(
        &mut self,
        ids: &[RouterId],
        ttl: Option<Duration>,
        undo: bool,
        replies: &Replies<TookOver>,
    ) {
        for id in ids {
            let outcome = if undo { self.end_takeover(*id) } else { self.begin_takeover(*id, ttl) };
            let priority = self.node.router(*id).map_or(Priority::RELEASE, |router| router.priority());
            // Whoever does not wait for the answer needs none.
            let _ = replies.send(Ok(TookOver { router: self.name_of(*id), outcome, priority }));
        }
    }

    fn begin_takeover(&mut self, id: RouterId, ttl: Option<Duration>) -> TakeoverOutcome {
        let Some(router) = self.node.router(id) else { return TakeoverOutcome::Ineligible };
        if router.state().name() == Name::Active {
            return TakeoverOutcome::AlreadyActive;
        }
        if !matches!(router.state(), State::Backup(_)) {
            return TakeoverOutcome::Ineligible;
        }
        let interval = router.config().interval.duration() * 4;
        let now = clock::now();
        // Whoever speaks now counts, also one that is about to be preempted.
        let peers = self.records.get(id).map(|record| record.peers.as_slice()).unwrap_or_default();
        let speaks = |heard: Instant, theirs: Duration| now.since(heard) < interval.max(theirs * 4);
        let highest = peers.iter().filter(|peer| speaks(peer.last_heard, peer.interval.duration()));
        let highest = highest.max_by_key(|peer| peer.priority);
        if let Some(peer) = highest.filter(|peer| peer.priority >= HIGHEST) {
            return TakeoverOutcome::Refused { by: peer.address, theirs: peer.priority };
        }
        let above = highest.map_or(0, |peer| peer.priority.get().saturating_add(1));
        let priority = router.priority().max(Priority::new(above));
        let until = end(now, ttl);
        self.takeovers.forget(id);
        self.takeovers.0.push((id, TakeoverStatus { priority, until }));
        self.tell_of(id, What::Takeover { began: true, priority });
        self.handle(id, Input::Takeover(Some(priority)));
        TakeoverOutcome::Raised
    }

    fn end_takeover(&mut self, id: RouterId) -> TakeoverOutcome {
        if self.takeovers.forget(id) {
            self.handle(id, Input::Takeover(None));
            let priority = self.node.router(id).map_or(Priority::RELEASE, |router| router.priority());
            self.tell_of(id, What::Takeover { began: false, priority });
        }
        TakeoverOutcome::Undone
    }

    /// Ends the takeovers whose time has come.
    pub(super) fn expire_takeovers(&mut self, now: Instant) {
        if self.takeovers.due().is_none_or(|due| due > now) {
            return;
        }
        let over =
            |(id, taken): &(RouterId, TakeoverStatus)| taken.until.is_some_and(|until| until <= now).then_some(*id);
        let over: Vec<RouterId> = self.takeovers.0.iter().filter_map(over).collect();
        for id in over {
            let _ = self.end_takeover(id);
        }
    }

    pub(super) fn takeover_of(&self, id: RouterId) -> Option<TakeoverStatus> {
        self.takeovers.0.iter().find(|(taken, _)| *taken == id).map(|(_, status)| *status)
    }
}
