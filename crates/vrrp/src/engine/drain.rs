//! Out of service because somebody asked for it: stored before it is applied, over when its time has come, and never at
//! the cost of the addresses unless that is forced.

use core::mem::take;
use core::time::Duration;
use std::sync::Arc;

use vrrp_core::{Cause, Drain, Ineligible, Input, Instant, Name, RouterId, State};

use super::Engine;
use crate::clock;
use crate::drain_file::{self, Entry};
use crate::event::What;
use crate::operator::{DrainOutcome, Drained, OperateError, Replies, end};
use crate::status::DrainStatus;

/// The drains that stand, and those whose outcome is not known yet.
#[derive(Debug, Default)]
pub(super) struct Drains {
    standing: Vec<Standing>,
    pending: Vec<Pending>,
}

/// One virtual router that is drained, or is to be.
#[derive(Debug, Clone, Copy)]
struct Standing {
    id: RouterId,
    /// Nanoseconds since the Unix epoch.
    since: u64,
    until: Option<Instant>,
    /// Whether a successor is still looked for.
    trying: bool,
}

/// A sync group, or a router by itself, whose Active members hand over.
#[derive(Debug)]
struct Pending {
    unit: Vec<RouterId>,
    /// Its Active members, each with what became of it.
    members: Vec<(RouterId, Option<DrainOutcome>)>,
    how: Drain,
    replies: Option<Replies<Drained>>,
}

impl Drains {
    /// When the next one ends by itself.
    pub(super) fn due(&self) -> Option<Instant> {
        self.standing.iter().filter(|standing| !standing.trying).filter_map(|standing| standing.until).min()
    }

    /// A router that is no more.
    pub(super) fn forget(&mut self, id: RouterId) -> bool {
        let before = self.standing.len();
        self.standing.retain(|standing| standing.id != id);
        for pending in &mut self.pending {
            pending.unit.retain(|member| *member != id);
            pending.members.retain(|(member, _)| *member != id);
        }
        self.standing.len() < before
    }
}

impl Engine {
    /// Drains sync groups and single routers.
    pub(super) fn drain(
        &mut self,
        units: Vec<Vec<RouterId>>,
        how: Drain,
        ttl: Option<Duration>,
        replies: &Replies<Drained>,
    ) {
        let (since, until) = (clock::wall_time(), end(clock::now(), ttl));
        let (alone, units): (Vec<_>, Vec<_>) =
            units.into_iter().partition(|unit| how == Drain::IfRelieved && self.stands_alone(unit));
        let before = self.drains.standing.clone();
        for unit in &units {
            let trying = unit.iter().any(|id| self.serves(*id));
            self.drains.standing.retain(|standing| !unit.contains(&standing.id));
            self.drains.standing.extend(unit.iter().map(|id| Standing { id: *id, since, until, trying }));
        }
        if let Err(error) = self.store_drains() {
            self.drains.standing = before;
            let _ = replies.send(Err(OperateError::Store(error.to_string().into())));
            return;
        }
        for id in alone.concat() {
            self.apply_drain(id, DrainOutcome::Unrelieved, Some(replies));
        }
        for unit in units {
            self.drain_unit(unit, how, Some(replies.clone()));
        }
        self.settle_drains();
    }

    /// Whether a unit that does not serve yet has a Backup that hears nobody: without it there would be no router left.
    fn stands_alone(&self, unit: &[RouterId]) -> bool {
        let backup = |id: RouterId| self.node.router(id).is_some_and(|it| matches!(it.state(), State::Backup(_)));
        let now = clock::now();
        let serves = unit.iter().any(|id| self.serves(*id));
        !serves && unit.iter().any(|id| backup(*id) && self.speaking(*id, now).next().is_none())
    }

    /// Has the Active members of a unit hand over; where there are none, all are out at once.
    fn drain_unit(&mut self, unit: Vec<RouterId>, how: Drain, replies: Option<Replies<Drained>>) {
        let members: Vec<_> = unit.iter().copied().filter(|id| self.serves(*id)).map(|id| (id, None)).collect();
        self.drains.pending.push(Pending { unit, members: members.clone(), how, replies });
        for (id, _) in members {
            self.handle(id, Input::Drain(how));
        }
    }

    /// Looks what became of the hand-overs that drains began.
    pub(super) fn settle_drains(&mut self) {
        if self.drains.pending.is_empty() {
            return;
        }
        let mut pending = take(&mut self.drains.pending);
        for drain in &mut pending {
            for (id, outcome) in drain.members.iter_mut().filter(|(_, outcome)| outcome.is_none()) {
                *outcome = self.drain_outcome(*id, drain.how);
            }
        }
        let (settled, open): (Vec<_>, Vec<_>) =
            pending.into_iter().partition(|drain| drain.members.iter().all(|(_, outcome)| outcome.is_some()));
        self.drains.pending.extend(open);
        if settled.is_empty() {
            return;
        }
        let settled: Vec<_> = settled.into_iter().map(|drain| (self.decide_drain(&drain), drain.replies)).collect();
        // Once for all of them: each time is one more file.
        self.keep_drains();
        for (outcomes, replies) in settled {
            for (id, outcome) in outcomes {
                self.apply_drain(id, outcome, replies.as_ref());
            }
        }
    }

    /// What became of the hand-over of one router; `None` while it is under way.
    fn drain_outcome(&self, id: RouterId, how: Drain) -> Option<DrainOutcome> {
        let router = self.node.router(id)?;
        let why = self.records.get(id).and_then(|record| record.transition.as_ref()).map(|moved| moved.why);
        match (router.state(), why) {
            (State::Leaving(_), _) => None,
            (State::Active(_), _) => Some(DrainOutcome::Unrelieved),
            (State::Initialize, Some(Cause::HandedOver { to })) => Some(DrainOutcome::Relieved { by: Some(to.source) }),
            (State::Initialize, Some(Cause::Group(_) | Cause::Ineligible(Ineligible::Group(_)))) => {
                Some(DrainOutcome::Relieved { by: None })
            }
            (State::Initialize, _) if how == Drain::Force => Some(DrainOutcome::Released),
            // Stopped, or failed, before anybody took over: it comes back.
            (State::Initialize, _) => Some(DrainOutcome::Unrelieved),
            // A strict router has let go already, and waits for whoever claims.
            (State::Backup(_), _) => match router.followed() {
                Some(heard) => Some(DrainOutcome::Relieved { by: Some(heard.source) }),
                None if how == Drain::Force => Some(DrainOutcome::Released),
                None => None,
            },
        }
    }

    /// The outcome is known: all members of the unit are out, or none is. Gives the outcome of each.
    fn decide_drain(&mut self, drain: &Pending) -> Vec<(RouterId, DrainOutcome)> {
        let unrelieved = drain.members.iter().any(|(_, outcome)| *outcome == Some(DrainOutcome::Unrelieved));
        let outcome = |drains: &Drains, id: RouterId| {
            let member = drain.members.iter().find(|(member, _)| *member == id).and_then(|(_, outcome)| *outcome);
            match member {
                _ if !drains.standing.iter().any(|standing| standing.id == id) => DrainOutcome::Undone,
                _ if unrelieved => DrainOutcome::Unrelieved,
                None => DrainOutcome::Idle,
                Some(outcome) => outcome,
            }
        };
        let outcomes = drain.unit.iter().map(|id| (*id, outcome(&self.drains, *id))).collect();
        if unrelieved {
            self.drains.standing.retain(|standing| !drain.unit.contains(&standing.id));
        }
        let decided = self.drains.standing.iter_mut().filter(|standing| drain.unit.contains(&standing.id));
        decided.for_each(|standing| standing.trying = false);
        outcomes
    }

    fn apply_drain(&mut self, id: RouterId, outcome: DrainOutcome, replies: Option<&Replies<Drained>>) {
        match outcome {
            DrainOutcome::Unrelieved => {
                self.clear_drained(id);
                self.tell_of(id, What::Drain { outcome });
            }
            DrainOutcome::Undone => self.clear_drained(id),
            DrainOutcome::Relieved { .. } | DrainOutcome::Idle | DrainOutcome::Released => {
                if !self.is_held_by(id, Ineligible::Drained) {
                    self.handle(id, Input::Raise(Ineligible::Drained));
                }
                self.tell_of(id, What::Drain { outcome });
            }
        }
        if let Some(replies) = replies {
            // Whoever does not wait for the answer needs none.
            let _ = replies.send(Ok(Drained { router: self.name_of(id), outcome }));
        }
    }

    /// Ends the drains of these routers.
    pub(super) fn undrain(&mut self, ids: &[RouterId], replies: &Replies<Arc<str>>) {
        let drained: Vec<RouterId> = ids.iter().copied().filter(|id| self.drain_of(*id).is_some()).collect();
        self.end_drains(&drained);
        for id in drained {
            let _ = replies.send(Ok(self.name_of(id)));
        }
    }

    /// A router that is no more is not drained when it comes again.
    pub(super) fn forget_drain(&mut self, id: RouterId) {
        if self.drains.forget(id) {
            self.keep_drains();
        }
    }

    /// Ends the drains whose time has come.
    pub(super) fn expire_drains(&mut self, now: Instant) {
        if self.drains.due().is_none_or(|due| due > now) {
            return;
        }
        let over = |standing: &&Standing| !standing.trying && standing.until.is_some_and(|until| until <= now);
        let over: Vec<RouterId> = self.drains.standing.iter().filter(over).map(|standing| standing.id).collect();
        self.end_drains(&over);
    }

    fn end_drains(&mut self, ids: &[RouterId]) {
        self.drains.standing.retain(|standing| !ids.contains(&standing.id));
        self.keep_drains();
        ids.iter().for_each(|id| self.clear_drained(*id));
    }

    /// One that hands over because of it is told so too: it stays.
    fn clear_drained(&mut self, id: RouterId) {
        let leaving = self.node.router(id).is_some_and(|router| matches!(router.state(), State::Leaving(_)));
        if leaving || self.is_held_by(id, Ineligible::Drained) {
            self.handle(id, Input::Clear(Ineligible::Drained));
        }
    }

    pub(super) fn drain_of(&self, id: RouterId) -> Option<DrainStatus> {
        let standing = self.drains.standing.iter().find(|standing| standing.id == id)?;
        Some(DrainStatus { since: standing.since, until: standing.until, serving: standing.trying })
    }

    fn serves(&self, id: RouterId) -> bool {
        self.node.router(id).is_some_and(|router| router.state().name() == Name::Active)
    }
}

impl Engine {
    /// Before the routers are launched: those that an earlier run had drained stay out. Gives those of which it had not
    /// found out whether anybody takes over.
    pub(super) fn remember_drains(&mut self, ids: &[RouterId]) -> Vec<RouterId> {
        let stored = self.run_directory.as_deref().map(drain_file::read).unwrap_or_default();
        let (now, boot) = (clock::now(), clock::boot_time());
        let mut undecided = Vec::new();
        for entry in stored.into_iter().filter(|entry| entry.until.is_none_or(|until| until > boot)) {
            let Some(id) = ids.iter().copied().find(|id| self.identity(*id).as_ref() == Some(&entry.identity)) else {
                continue;
            };
            let until = entry.until.map(|until| now + Duration::from_nanos(until.saturating_sub(boot)));
            self.drains.standing.push(Standing { id, since: entry.since, until, trying: entry.trying });
            if entry.trying {
                undecided.push(id);
            } else {
                self.handle(id, Input::Raise(Ineligible::Drained));
            }
        }
        undecided
    }

    /// After the launch: tries again what an earlier run had begun to try. What serves no more was never relieved, and
    /// may be the only one there is: it is not drained.
    pub(super) fn drain_anew(&mut self, undecided: Vec<RouterId>) {
        if undecided.is_empty() {
            return;
        }
        let (serving, rest): (Vec<_>, Vec<_>) = undecided.into_iter().partition(|id| self.serves(*id));
        self.end_drains(&rest);
        for id in serving {
            self.drain_unit(vec![id], Drain::IfRelieved, None);
        }
        self.settle_drains();
    }

    /// Stores what is drained; that it cannot be undoes nothing here.
    fn keep_drains(&self) {
        if let Err(error) = self.store_drains() {
            self.trouble(format!("what is drained cannot be stored: {error}"));
        }
    }

    /// Keeps in the runtime directory what is drained.
    fn store_drains(&self) -> std::io::Result<()> {
        let Some(directory) = self.run_directory.as_deref() else { return Ok(()) };
        let (now, boot) = (clock::now(), clock::boot_time());
        let left = |until: Instant| u64::try_from(until.since(now).as_nanos()).unwrap_or(u64::MAX);
        let entry = |standing: &Standing| {
            let Standing { id, since, until, trying } = *standing;
            let until = until.map(|until| boot.saturating_add(left(until)));
            Some(Entry { identity: self.identity(id)?, trying, since, until })
        };
        drain_file::write(directory, &self.drains.standing.iter().filter_map(entry).collect::<Vec<_>>())
    }
}
