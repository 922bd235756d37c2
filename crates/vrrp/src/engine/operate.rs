//! What an operator asks for: which virtual routers it is about, and the answers to it.

use std::sync::Arc;

use vrrp_core::{Instant, RouterId};

use super::Engine;
use super::routers::Runtime;
use crate::capture::Capture;
use crate::clock;
use crate::operator::{OperateError, Replies, Request};

impl Engine {
    /// Takes what an operator asks for.
    pub(super) fn operate(&mut self, request: Request) {
        match request {
            Request::Status(reply) => self.answers.snapshots.ask(reply),
            Request::Capture(reply) => self.answers.captures.ask(reply),
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
                    self.take_over(units, ttl, undo, &replies);
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
        let mut ids = self.all_routers();
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

    /// Goes on with the status and the capture that were asked for.
    pub(super) fn take_snapshot(&mut self, now: Instant) {
        if self.answers.snapshots.begins() {
            self.answers.snapshots.begin(self.empty_status(now), self.all_routers());
        }
        let part: Vec<_> = self.answers.snapshots.turn().filter_map(|id| self.router_status(id)).collect();
        self.answers.snapshots.add(|status| status.routers.extend(part));
        if self.answers.captures.begins() {
            self.answers.captures.begin(Capture::new(now, clock::wall_time()), self.all_routers());
        }
        let part = self.answers.captures.turn().filter_map(|id| self.records.get(id));
        self.answers
            .captures
            .add(|capture| part.flat_map(|record| record.packets()).for_each(|ring| capture.add(ring)));
    }

    fn all_routers(&self) -> Vec<RouterId> {
        self.node.routers().map(|(id, _)| id).collect()
    }
}
