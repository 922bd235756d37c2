//! News from the kernel: links, and what became of the wanted addresses.

use core::net::IpAddr;
use core::time::Duration;
use std::sync::Arc;

use vrrp_core::{Ineligible, Input, Instant, Name, RouterId};
use vrrp_netlink::{Death, Event as News, OwnerId};

use super::Engine;
use super::routers::Runtime;
use crate::clock;
use crate::event::What;
use crate::node::Message;

/// A claim that the kernel refuses for longer than this makes the router resign.
const REFUSAL: Duration = Duration::from_secs(1);
/// The first wait before a router that resigned so may try again; it doubles up to [`LONGEST_HOLD`].
const FIRST_HOLD: Duration = Duration::from_secs(2);
const LONGEST_HOLD: Duration = Duration::from_secs(60);

impl Engine {
    /// Reads every message that has come; an error ends the engine.
    pub(super) fn read_inbox(&mut self) -> Result<(), Box<str>> {
        self.waker.clear();
        while let Ok(message) = self.inbox.try_recv() {
            match message {
                Message::News(news) => self.take_news(news)?,
                Message::Stop(how) => self.stop(how),
                Message::Reload(routers, reply) => {
                    let reloaded = self.reload(routers);
                    let _ = reply.send(reloaded);
                }
                Message::Check { name, verdict, words } => self.take_verdict(&name, verdict, words),
                Message::Confirmed { name, took } => self.confirm(&name, took),
                Message::Pulse(beat) => self.watch_pulse(beat),
                Message::Prepared(router) => {
                    let named = self.routers.iter().find(|(_, runtime)| runtime.spec.name == router).map(|(id, _)| id);
                    if let Some(id) = named {
                        self.prepared(id);
                    }
                }
                Message::Abandon => self.abandoned = true,
                Message::Operate(request) => self.operate(request),
                Message::Panic => panic_now(),
                Message::LoseKeeper => self.take_news(vec![News::Died(Death::Panicked)])?,
            }
        }
        Ok(())
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "what is not about the host is about a router")]
    fn take_news(&mut self, news: Vec<News>) -> Result<(), Box<str>> {
        for item in news {
            match item {
                News::Link(link) => {
                    let changed = self.interfaces.update(link);
                    changed.iter().for_each(|name| self.link_changed(name));
                }
                News::LinkGone { name, index } => {
                    self.interfaces.gone(&name, index);
                    self.miss_addresses_on(&name);
                    self.link_changed(&name);
                }
                News::Swept { removed, .. } if removed > 0 => self.tell_all(What::Swept { removed }),
                News::Resynced { reason: vrrp_netlink::Resync::Overrun | vrrp_netlink::Resync::Inconsistent } => {
                    self.tell_all(What::Resynced);
                }
                News::Died(death) => {
                    self.keeper = None;
                    return Err(format!("addresses are no longer kept: {death}").into());
                }
                other => self.take_news_of_router(other),
            }
        }
        Ok(())
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "news of links is taken elsewhere")]
    pub(super) fn take_news_of_router(&mut self, news: News) {
        match news {
            News::Placed { owner, missing } => self.placed(router_of(owner), missing),
            News::Released { owner } => {
                let id = router_of(owner);
                // A claim may have been made since.
                let active = self.node.router(id).is_some_and(|router| router.state().name() == Name::Active);
                if let Some(runtime) = self.routers.get_mut(id) {
                    runtime.holds = active;
                    runtime.leftovers.clear();
                }
                if !active {
                    self.tell_of(id, What::Vacated);
                }
                self.handle(id, Input::Released);
            }
            News::Restored { owner, address, link, missing_for, times } => {
                let id = router_of(owner);
                self.tell_of(id, What::Restored { address, link, missing_for, times });
                self.handle(id, Input::Claimed);
            }
            News::Refused { owner, address, link, errno, text, refused_for, .. } => {
                let id = router_of(owner);
                self.tell_of(id, What::Refused { address, link, errno, text });
                if refused_for >= REFUSAL {
                    self.refused(id, address);
                }
            }
            News::PresentUnwanted { owner, address, link, .. } if !self.is_active(router_of(owner)) => {
                self.note_leftover(router_of(owner), address, true);
                self.tell_of(router_of(owner), What::Leftover { address, link, began: true });
            }
            // Of an address that is wanted again, the claim tells.
            News::PresentUnwantedEnded { owner, address } if !self.is_active(router_of(owner)) => {
                let link = Arc::from("");
                self.note_leftover(router_of(owner), address, false);
                self.tell_of(router_of(owner), What::Leftover { address, link, began: false });
            }
            _ => {}
        }
    }

    fn note_leftover(&mut self, id: RouterId, address: IpAddr, began: bool) {
        if let Some(runtime) = self.routers.get_mut(id) {
            runtime.leftovers.retain(|left| *left != address);
            runtime.leftovers.extend(began.then_some(address));
        }
    }

    /// The kernel holds what it can of a claim: only that is announced.
    fn placed(&mut self, id: RouterId, missing: Box<[IpAddr]>) {
        let Some(runtime) = self.routers.get_mut(id) else {
            return;
        };
        let some_in_place = missing.len() < runtime.spec.addresses.len();
        if missing.is_empty() {
            runtime.refusals = 0;
        }
        runtime.missing.clone_from(&missing);
        if self.is_active(id) {
            self.tell_of(id, What::Placed { missing });
        }
        if some_in_place {
            self.handle(id, Input::Claimed);
        }
    }

    /// An Active router whose addresses go with another link than its own says so.
    fn miss_addresses_on(&mut self, link: &Arc<str>) {
        let active: Vec<RouterId> = self.routers.iter().map(|(id, _)| id).filter(|id| self.is_active(*id)).collect();
        for id in active {
            let Some(runtime) = self.routers.get_mut(id) else { continue };
            let lost = runtime.spec.addresses.iter().filter(|address| address.link == *link);
            let lost = lost.map(|address| address.address).filter(|lost| !runtime.missing.contains(lost));
            let missing: Box<[IpAddr]> = runtime.missing.iter().copied().chain(lost).collect();
            if missing.len() > runtime.missing.len() {
                runtime.missing.clone_from(&missing);
                self.tell_of(id, What::Placed { missing });
            }
        }
    }

    fn is_active(&self, id: RouterId) -> bool {
        self.node.router(id).is_some_and(|router| router.state().name() == Name::Active)
    }

    /// Resigns a router that cannot hold its addresses, and tries again after a while. That the kernel does not let go of
    /// an address which is no longer declared is no reason.
    fn refused(&mut self, id: RouterId, address: IpAddr) {
        let active = self.is_active(id);
        let declares = |runtime: &&mut Runtime| runtime.spec.addresses.iter().any(|known| known.address == address);
        let Some(runtime) = self.routers.get_mut(id).filter(|_| active).filter(declares) else {
            return;
        };
        let hold = FIRST_HOLD.saturating_mul(1 << runtime.refusals.min(5)).min(LONGEST_HOLD);
        runtime.refusals += 1;
        self.hold(id, Ineligible::ClaimRefused, clock::now() + hold);
    }

    /// Makes a router ineligible until a moment.
    pub(super) fn hold(&mut self, id: RouterId, cause: Ineligible, until: Instant) {
        self.held.push((until, id, cause));
        self.raise(id, cause);
    }

    pub(super) fn raise(&mut self, id: RouterId, cause: Ineligible) {
        let about = self.about_cause(cause);
        self.tell_of(id, What::Ineligible { cause, about, began: true });
        self.handle(id, Input::Raise(cause));
    }

    pub(super) fn clear(&mut self, id: RouterId, cause: Ineligible) {
        let about = self.about_cause(cause);
        self.tell_of(id, What::Ineligible { cause, about, began: false });
        self.handle(id, Input::Clear(cause));
    }

    /// Raises and clears causes of one router so that of these exactly those hold that are said to.
    pub(super) fn settle(&mut self, id: RouterId, causes: &[(Ineligible, bool)]) {
        // What begins comes before what ends: a router is not eligible for the moment between.
        for begins in [true, false] {
            for (cause, holds) in causes.iter().filter(|(_, holds)| *holds == begins) {
                if self.is_held_by(id, *cause) != *holds {
                    if begins { self.raise(id, *cause) } else { self.clear(id, *cause) }
                }
            }
        }
    }

    pub(super) fn is_held_by(&self, id: RouterId, cause: Ineligible) -> bool {
        self.node.router(id).is_some_and(|router| router.causes().contains(&cause))
    }

    /// Ends the holds whose time has come.
    pub(super) fn expire_held(&mut self, now: Instant) {
        while let Some(index) = self.held.iter().position(|(until, ..)| *until <= now) {
            let (_, id, cause) = self.held.swap_remove(index);
            self.clear(id, cause);
        }
    }
}

/// The virtual router that the keeper knows by this number.
const fn router_of(owner: OwnerId) -> RouterId {
    RouterId::from_index(owner.0)
}

#[expect(clippy::panic, reason = "staged: shows that a panic of the engine releases the addresses")]
fn panic_now() {
    panic!("asked to")
}
