//! The phase before the addresses go live: a router that has one advertises at once and places its addresses when the
//! program says that it is ready, or at the deadline (`pre_active`).

use core::time::Duration;

use vrrp_core::{Cause, Instant, Name, Output, Outputs, RouterId};
use vrrp_netlink::Command;

use super::Engine;
use super::routers::owner;
use crate::clock;
use crate::event::What;

/// Claims that wait.
#[derive(Debug, Default)]
pub(super) struct Preparing(Vec<(Instant, RouterId)>);

impl Preparing {
    /// When the next one waits no longer.
    pub(super) fn due(&self) -> Option<Instant> {
        self.0.iter().map(|(until, _)| *until).min()
    }

    fn take(&mut self, id: RouterId) -> bool {
        let before = self.0.len();
        self.0.retain(|(_, waiting)| *waiting != id);
        self.0.len() < before
    }
}

impl Engine {
    /// How long the claim among these orders waits for the program. What is resumed has its addresses already.
    pub(super) fn preparation(&self, id: RouterId, outputs: &Outputs) -> Option<Duration> {
        let deadline = self.routers.get(id)?.spec.pre_active?;
        let begins = |order| matches!(order, Output::Moved { to: Name::Active, why, .. } if why != Cause::Resumed);
        outputs.iter().any(begins).then_some(deadline)
    }

    /// Places the addresses, at once or when the program is ready.
    pub(super) fn claim(&mut self, id: RouterId, wait: Option<Duration>) {
        match wait {
            Some(wait) => self.preparing.0.push((clock::now() + wait, id)),
            None => {
                self.set_holds(id);
                self.commands.push(Command::Claim(owner(id)));
            }
        }
    }

    /// The program is ready for the addresses of a router; says whether it was waited for.
    pub(super) fn prepared(&mut self, id: RouterId) -> bool {
        let waited = self.preparing.take(id);
        if waited {
            self.claim(id, None);
        }
        waited
    }

    /// Waits no longer for a router that gives its addresses up.
    pub(super) fn unprepare(&mut self, id: RouterId) {
        self.preparing.take(id);
    }

    /// Places the addresses of those that were waited for long enough.
    pub(super) fn expire_preparing(&mut self, now: Instant) {
        while let Some((_, id)) = self.preparing.0.iter().copied().find(|(until, _)| *until <= now) {
            self.prepared(id);
            self.tell_of(id, What::Unprepared);
        }
    }
}
