//! What an operator asks for: which virtual routers it is about, and the answers to it.

use core::mem::take;
use std::sync::Arc;

use tokio::sync::oneshot;
use vrrp_core::{Instant, RouterId};

use super::Engine;
use super::routers::Runtime;
use crate::operator::{OperateError, Replies, Request};
use crate::status::Status;

/// Virtual routers looked at in one turn for a status; then packets and timers get theirs.
const TURN: usize = 64;

/// A status in the making, and who waits for it and for the next one.
#[derive(Debug, Default)]
pub(super) struct Snapshots {
    made: Option<Status>,
    waiting: Vec<oneshot::Sender<Arc<Status>>>,
    next: Vec<oneshot::Sender<Arc<Status>>>,
    todo: Vec<RouterId>,
}

impl Snapshots {
    /// At once while one is in the making.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        (self.made.is_some() || !self.next.is_empty()).then_some(now)
    }
}

impl Engine {
    /// Takes what an operator asks for.
    pub(super) fn operate(&mut self, request: Request) {
        match request {
            Request::Status(reply) => self.snapshots.next.push(reply),
            Request::Drain { router, how, ttl, replies } => {
                if let Some(units) = self.units(router, &replies) {
                    self.drain(units, how, ttl, &replies);
                }
            }
            Request::Undrain { router, replies } => {
                if let Some(units) = self.units(router, &replies) {
                    self.undrain(&units.concat(), &replies);
                }
            }
            Request::Takeover { router, ttl, undo, replies } => {
                if let Some(units) = self.units(router, &replies) {
                    self.take_over(&units.concat(), ttl, undo, &replies);
                }
            }
        }
    }

    /// The virtual routers that a request is about: those of one sync group together, every other by itself.
    fn units<T>(&self, router: Option<Arc<str>>, replies: &Replies<T>) -> Option<Vec<Vec<RouterId>>> {
        let refuse = |error| {
            // Whoever does not wait for the answer needs none.
            let _ = replies.send(Err(error));
            None
        };
        if self.stopping.is_some() {
            return refuse(OperateError::Stopping);
        }
        let mut ids: Vec<RouterId> = self.node.routers().map(|(id, _)| id).collect();
        if let Some(name) = router {
            ids.retain(|id| self.routers.get(*id).is_some_and(|runtime| runtime.spec.name == name));
            if ids.is_empty() {
                return refuse(OperateError::NoSuchRouter(name));
            }
        }
        let mut units: Vec<Vec<RouterId>> = Vec::new();
        for id in ids {
            let members = self.node.members(id);
            let unit = if members.is_empty() { vec![id] } else { members.to_vec() };
            if !units.contains(&unit) {
                units.push(unit);
            }
        }
        Some(units)
    }

    pub(super) fn name_of(&self, id: RouterId) -> Arc<str> {
        self.routers.get(id).map(Runtime::name).unwrap_or_default()
    }

    /// Goes on with the status that was asked for.
    pub(super) fn take_snapshot(&mut self, now: Instant) {
        if self.snapshots.made.is_none() {
            if self.snapshots.next.is_empty() {
                return;
            }
            self.snapshots.waiting = take(&mut self.snapshots.next);
            self.snapshots.todo = self.node.routers().map(|(id, _)| id).collect();
            self.snapshots.todo.reverse();
            self.snapshots.made = Some(self.empty_status(now));
        }
        let rest = self.snapshots.todo.len().saturating_sub(TURN);
        let part = self.snapshots.todo.split_off(rest);
        let part: Vec<_> = part.into_iter().rev().filter_map(|id| self.router_status(id)).collect();
        let Some(made) = &mut self.snapshots.made else { return };
        made.routers.extend(part);
        if self.snapshots.todo.is_empty()
            && let Some(made) = self.snapshots.made.take()
        {
            let made = Arc::new(made);
            take(&mut self.snapshots.waiting).into_iter().for_each(|reply| drop(reply.send(Arc::clone(&made))));
        }
    }
}
