//! A priority above the Active router's, because somebody asked for it: stored before it is applied, and over when its
//! time has come.

use core::net::IpAddr;
use core::time::Duration;

use vrrp_core::{Input, Instant, Name, RouterId, State};
use vrrp_wire::Priority;

use super::Engine;
use crate::clock;
use crate::event::What;
use crate::operator::{OperateError, Replies, TakeoverOutcome, TookOver, end};
use crate::status::{PeerStatus, TakeoverStatus};
use crate::takeover_file::{self, Entry};

/// The priority that nothing but the owner of the addresses can have more than.
const HIGHEST: Priority = Priority::new(254);

/// A virtual router, and how a takeover of it was taken.
type Taken = (RouterId, TakeoverOutcome);

/// The takeovers that stand.
#[derive(Debug, Default)]
pub(super) struct Takeovers(Vec<(RouterId, TakeoverStatus)>);

impl Takeovers {
    /// When the next one ends by itself.
    pub(super) fn due(&self) -> Option<Instant> {
        self.0.iter().filter_map(|(_, taken)| taken.until).min()
    }

    fn forget(&mut self, id: RouterId) -> bool {
        let before = self.0.len();
        self.0.retain(|(taken, _)| *taken != id);
        self.0.len() < before
    }
}

impl Engine {
    /// Raises the priority of sync groups and of single routers above the Active router's, or ends that.
    pub(super) fn take_over(
        &mut self,
        units: Vec<Vec<RouterId>>,
        ttl: Option<Duration>,
        undo: bool,
        replies: &Replies<TookOver>,
    ) {
        let taken = if undo { Ok(self.end_takeovers(&units.concat())) } else { self.begin_takeovers(&units, ttl) };
        let outcomes = match taken {
            Ok(outcomes) => outcomes,
            Err(error) => {
                let _ = replies.send(Err(OperateError::Store(error.to_string().into())));
                return;
            }
        };
        for (id, outcome) in outcomes {
            let priority = self.node.router(id).map_or(Priority::RELEASE, |router| router.priority());
            // Whoever does not wait for the answer needs none.
            let _ = replies.send(Ok(TookOver { router: self.name_of(id), outcome, priority }));
        }
    }

    /// Stores all that is to be begun at once, and then begins it.
    fn begin_takeovers(&mut self, units: &[Vec<RouterId>], ttl: Option<Duration>) -> std::io::Result<Vec<Taken>> {
        let until = end(clock::now(), ttl);
        let asked: Vec<_> = units.iter().flat_map(|unit| self.raised_together(unit)).collect();
        let before = self.takeovers.0.clone();
        let begun: Vec<(RouterId, Priority)> =
            asked.iter().filter_map(|(id, raised)| Some((*id, (*raised).ok()?))).collect();
        for (id, priority) in &begun {
            self.takeovers.forget(*id);
            self.takeovers.0.push((*id, TakeoverStatus { priority: *priority, until }));
        }
        if !begun.is_empty()
            && let Err(error) = self.store_takeovers()
        {
            self.takeovers.0 = before;
            return Err(error);
        }
        for (id, priority) in begun {
            self.tell_of(id, What::Takeover { began: true, priority });
            self.handle(id, Input::Takeover(Some(priority)));
        }
        Ok(asked.into_iter().map(|(id, raised)| (id, raised.err().unwrap_or(TakeoverOutcome::Raised))).collect())
    }

    /// All members of a unit, or none: a sync group of which one member cannot claim would be torn apart.
    fn raised_together(&self, unit: &[RouterId]) -> Vec<(RouterId, Result<Priority, TakeoverOutcome>)> {
        let raised: Vec<_> = unit.iter().map(|id| (*id, self.raised(*id))).collect();
        match raised.iter().find_map(|(_, raised)| raised.err().filter(|why| is_refusal(*why))) {
            Some(refusal) => unit.iter().map(|id| (*id, Err(refusal))).collect(),
            None => raised,
        }
    }

    /// What a takeover raises the priority of a router to, or why it does not.
    fn raised(&self, id: RouterId) -> Result<Priority, TakeoverOutcome> {
        let router = self.node.router(id).ok_or(TakeoverOutcome::Ineligible)?;
        if router.state().name() == Name::Active {
            return Err(TakeoverOutcome::AlreadyActive);
        }
        if !matches!(router.state(), State::Backup(_)) {
            return Err(TakeoverOutcome::Ineligible);
        }
        // Whoever speaks now counts, also one that is about to be preempted.
        let highest = self.speaking(id, clock::now()).max_by_key(|(_, priority)| *priority);
        if let Some((by, theirs)) = highest.filter(|(_, priority)| *priority >= HIGHEST) {
            return Err(TakeoverOutcome::Refused { by, theirs });
        }
        let above = highest.map_or(0, |(_, priority)| priority.get().saturating_add(1));
        Ok(router.priority().max(Priority::new(above)))
    }

    /// The routers that a Backup hears now: the one it follows, and those of its peers that are not overdue.
    pub(super) fn speaking(&self, id: RouterId, now: Instant) -> impl Iterator<Item = (IpAddr, Priority)> + '_ {
        let router = self.node.router(id);
        let interval = router.map(|router| router.config().interval.duration() * 4).unwrap_or_default();
        let speaks = move |peer: &&PeerStatus| now.since(peer.last_heard) < interval.max(peer.interval.duration() * 4);
        let peers = self.records.get(id).map(|record| record.peers.as_slice()).unwrap_or_default();
        let peers = peers.iter().filter(speaks).map(|peer| (peer.address, peer.priority));
        let followed = router.and_then(|router| router.followed()).map(|heard| (heard.source, heard.priority));
        peers.chain(followed).filter(|(_, priority)| *priority != Priority::RELEASE)
    }

    fn end_takeovers(&mut self, ids: &[RouterId]) -> Vec<Taken> {
        let ended: Vec<RouterId> = ids.iter().copied().filter(|id| self.takeovers.forget(*id)).collect();
        self.keep_takeovers();
        for id in ended {
            self.handle(id, Input::Takeover(None));
            let priority = self.node.router(id).map_or(Priority::RELEASE, |router| router.priority());
            self.tell_of(id, What::Takeover { began: false, priority });
        }
        ids.iter().map(|id| (*id, TakeoverOutcome::Undone)).collect()
    }

    /// A router that is no more takes nothing over when it comes again.
    pub(super) fn forget_takeover(&mut self, id: RouterId) {
        if self.takeovers.forget(id) {
            self.keep_takeovers();
        }
    }

    /// Ends the takeovers whose time has come.
    pub(super) fn expire_takeovers(&mut self, now: Instant) {
        if self.takeovers.due().is_none_or(|due| due > now) {
            return;
        }
        let over =
            |(id, taken): &(RouterId, TakeoverStatus)| taken.until.is_some_and(|until| until <= now).then_some(*id);
        let over: Vec<RouterId> = self.takeovers.0.iter().filter_map(over).collect();
        let _ = self.end_takeovers(&over);
    }

    pub(super) fn takeover_of(&self, id: RouterId) -> Option<TakeoverStatus> {
        self.takeovers.0.iter().find(|(taken, _)| *taken == id).map(|(_, status)| *status)
    }
    /// Before the routers are launched: those that an earlier run was told to take over with keep that priority.
    pub(super) fn remember_takeovers(&mut self, ids: &[RouterId]) {
        let stored = self.run_directory.as_deref().map(takeover_file::read).unwrap_or_default();
        let (now, boot) = (clock::now(), clock::boot_time());
        for entry in stored.into_iter().filter(|entry| entry.until.is_none_or(|until| until > boot)) {
            let Some(id) = ids.iter().copied().find(|id| self.identity(*id).as_ref() == Some(&entry.identity)) else {
                continue;
            };
            let until = entry.until.map(|until| now + Duration::from_nanos(until.saturating_sub(boot)));
            self.takeovers.0.push((id, TakeoverStatus { priority: entry.priority, until }));
            self.handle(id, Input::Takeover(Some(entry.priority)));
        }
    }

    /// Stores what stands; that it cannot be undoes nothing here.
    fn keep_takeovers(&self) {
        if let Err(error) = self.store_takeovers() {
            self.trouble(format!("takeovers cannot be stored: {error}"));
        }
    }

    fn store_takeovers(&self) -> std::io::Result<()> {
        let Some(directory) = self.run_directory.as_deref() else { return Ok(()) };
        let (now, boot) = (clock::now(), clock::boot_time());
        let left = |until: Instant| u64::try_from(until.since(now).as_nanos()).unwrap_or(u64::MAX);
        let entry = |(id, TakeoverStatus { priority, until }): &(RouterId, TakeoverStatus)| {
            let until = until.map(|until| boot.saturating_add(left(until)));
            Some(Entry { identity: self.identity(*id)?, priority: *priority, until })
        };
        takeover_file::write(directory, &self.takeovers.0.iter().filter_map(entry).collect::<Vec<_>>())
    }
}

/// Whether a router that is told so cannot take over at all.
const fn is_refusal(outcome: TakeoverOutcome) -> bool {
    matches!(outcome, TakeoverOutcome::Refused { .. } | TakeoverOutcome::Ineligible)
}
