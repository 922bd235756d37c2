//! The ways out: hand over, release at once, abandon everything in place, and what is left to do after a panic.

use core::time::Duration;
use std::time::Instant as WallInstant;

use vrrp_core::{Input, Instant, Name, RouterId, Stop};
use vrrp_netlink::{Command, Event as News, Keeper};
use vrrp_wire::Priority;

use super::Engine;
use super::routers::owner;
use crate::clock;
use crate::event::What;
use crate::node::Message;

/// How long the kernel may take to remove what is released at the end.
const LAST_RELEASE: Duration = Duration::from_secs(2);

/// A stop under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stopping {
    /// When it is given up, whatever is left.
    pub(super) until: Instant,
}

impl Engine {
    /// Tells every router to stop. The second time, or with [`Stop::Now`], nobody waits for a successor.
    pub(super) fn stop(&mut self, how: Stop) {
        let how = if self.stopping.is_some() { Stop::Now } else { how };
        let ids: Vec<RouterId> = self.node.routers().map(|(id, _)| id).collect();
        let longest = self.node.routers().map(|(_, router)| router.config().interval.duration()).max();
        let patience = if how == Stop::HandOver { longest.unwrap_or_default() } else { Duration::ZERO };
        self.stopping = Some(Stopping { until: clock::now() + patience + LAST_RELEASE });
        for id in ids {
            self.handle(id, Input::Shutdown(how));
        }
    }

    /// Whether the engine has nothing left to do.
    pub(super) fn finished(&mut self) -> bool {
        if self.abandoned {
            return true;
        }
        let Some(Stopping { until }) = self.stopping else {
            return false;
        };
        let still = self.node.routers().any(|(_, router)| router.state().name() != Name::Initialize);
        let holding = self.routers.iter().any(|(_, runtime)| runtime.holds);
        let over = clock::now() >= until;
        if !over && (still || holding) {
            return false;
        }
        if over && holding {
            self.trouble("the kernel did not acknowledge the release of every address in time");
        }
        if let Some(file) = self.run_file.take() {
            file.remove();
        }
        true
    }

    /// What must be done when the engine cannot go on: priority 0 for every Active router, and every address released.
    ///
    /// Trusts nothing but the tables: the state machine is not asked any more.
    pub(crate) fn release_everything(&mut self, reason: &str) {
        let active = |engine: &Self| -> Vec<RouterId> {
            let routers = engine.node.routers();
            routers.filter(|(_, router)| router.state().name() == Name::Active).map(|(id, _)| id).collect()
        };
        self.advertisements = active(self).into_iter().map(|id| (id, Priority::RELEASE)).collect();
        self.commands = self.routers.iter().map(|(id, _)| Command::Release(owner(id))).collect();
        self.flush();
        self.await_release();
        if let Some(file) = self.run_file.take() {
            file.remove();
        }
        self.tell_all(What::Died { reason: reason.into() });
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only the end of holding matters here")]
    /// Waits for the keeper's word that nothing is held; where the keeper itself has died, a new one sweeps.
    fn await_release(&mut self) {
        let deadline = WallInstant::now() + LAST_RELEASE;
        let mut holding: Vec<RouterId> =
            self.routers.iter().filter(|(_, router)| router.holds).map(|(id, _)| id).collect();
        while !holding.is_empty() {
            let Ok(message) = self.inbox.recv_timeout(deadline.saturating_duration_since(WallInstant::now())) else {
                break;
            };
            let Message::News(news) = message else {
                continue;
            };
            for item in news {
                match item {
                    News::Released { owner: whose } => holding.retain(|id| owner(*id) != whose),
                    News::Swept { .. } => holding.clear(),
                    News::Died(_) => self.sweep_with_new_keeper(),
                    _ => {}
                }
            }
        }
    }

    pub(super) fn sweep_with_new_keeper(&mut self) {
        self.keeper = None;
        let sink = self.inbox_sender.clone();
        if let Ok(keeper) = Keeper::start(self.netlink_options(), move |news| sink.send(Message::News(news))) {
            if self.sole_sweeper.is_some() {
                keeper.sweep();
            }
            self.keeper = Some(keeper);
        }
    }
}
