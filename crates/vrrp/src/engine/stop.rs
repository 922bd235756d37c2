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

    /// What is sent when the engine cannot go on: priority 0 for every Active router.
    ///
    /// Trusts nothing but the tables: the state machine is not asked any more.
    pub(crate) fn resign_everything(&mut self) {
        let active = self.node.routers().filter(|(_, router)| router.state().name() == Name::Active);
        self.advertisements = active.map(|(id, _)| (id, Priority::RELEASE)).collect();
        self.commands.clear();
        self.flush();
    }

    /// What is done after that: every address is released.
    pub(crate) fn release_everything(&mut self, reason: &str) {
        self.order_release();
        self.await_release();
        if let Some(file) = self.run_file.take() {
            file.remove();
        }
        self.tell_all(What::Died { reason: reason.into() });
    }

    /// Has the keeper take away what of the declared addresses carries our mark. Where the keeper has died, a new one does.
    fn order_release(&mut self) {
        if self.keeper.is_none() {
            let sink = self.inbox_sender.clone();
            self.keeper = Keeper::start(self.netlink_options(), move |news| {
                let _ = sink.send(Message::News(news));
            })
            .ok();
        }
        let commands = self.routers.iter().flat_map(|(id, runtime)| {
            [Command::Declare(owner(id), runtime.spec.addresses.to_vec()), Command::Release(owner(id))]
        });
        if let Some(keeper) = &self.keeper {
            keeper.send(commands.collect());
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only the end of holding matters here")]
    /// Waits for the keeper's word that nothing is held.
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
                    News::Died(_) => {
                        self.keeper = None;
                        self.order_release();
                    }
                    _ => {}
                }
            }
        }
    }
}
