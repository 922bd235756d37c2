//! While a router hands over: whether its successor has announced the addresses yet. It advertises before it has them, and
//! on a busy host long before.

use core::net::IpAddr;
use std::os::fd::AsFd;

use nix::poll::{PollFd, PollFlags};
use vrrp_core::{Input, InterfaceId, RouterId, State};
use vrrp_wire::Family;

use super::Engine;
use crate::socket::Witness;

/// What is listened for; nothing, unless a router hands over.
#[derive(Debug, Default)]
pub(super) struct Reliefs(Vec<Relief>);

/// A link on which successors are to announce addresses.
#[derive(Debug)]
struct Relief {
    on: (InterfaceId, Family),
    witness: Witness,
    waiting: Vec<(RouterId, Vec<IpAddr>)>,
}

impl Reliefs {
    pub(super) fn poll_fds(&self) -> impl Iterator<Item = PollFd<'_>> + '_ {
        self.0.iter().map(|relief| PollFd::new(relief.witness.as_fd(), PollFlags::POLLIN))
    }

    fn awaits(&self, id: RouterId) -> bool {
        self.0.iter().any(|relief| relief.waiting.iter().any(|(router, _)| *router == id))
    }
}

impl Relief {
    /// Takes what was announced off what is waited for; gives those that wait for nothing more.
    fn hear(&mut self) -> impl Iterator<Item = RouterId> + '_ {
        while let Some(announced) = self.witness.announced() {
            self.waiting.iter_mut().for_each(|(_, missing)| missing.retain(|address| *address != announced));
        }
        self.waiting.iter().filter(|(_, missing)| missing.is_empty()).map(|(id, _)| *id)
    }
}

impl Engine {
    /// Priority 0 has been sent: listens from now on for who announces the addresses.
    pub(super) fn await_relief(&mut self, id: RouterId) {
        if !self.hands_over(id) || self.listening.reliefs.awaits(id) {
            return;
        }
        let Some(key) = self.node.key(id) else { return };
        let addresses = self.advertised_on_link(id);
        let Some(index) = self.interfaces.link(key.interface).map(|link| link.index) else { return };
        if addresses.is_empty() {
            return;
        }
        let on = (key.interface, key.family);
        if let Some(relief) = self.listening.reliefs.0.iter_mut().find(|relief| relief.on == on) {
            relief.waiting.push((id, addresses));
        } else if let Ok(witness) = Witness::open(index, key.family) {
            self.listening.reliefs.0.push(Relief { on, witness, waiting: vec![(id, addresses)] });
        } else {
            // Unheard, they go a fixed moment after the successor's first advertisement.
            return;
        }
        self.handle(id, Input::Announced(false));
    }

    /// What has been announced since.
    pub(super) fn hear_relief(&mut self) {
        if self.listening.reliefs.0.is_empty() {
            return;
        }
        let heard: Vec<RouterId> = self.listening.reliefs.0.iter_mut().flat_map(Relief::hear).collect();
        for id in &heard {
            self.handle(*id, Input::Announced(true));
        }
        let mut reliefs = core::mem::take(&mut self.listening.reliefs.0);
        for relief in &mut reliefs {
            relief.waiting.retain(|(id, _)| !heard.contains(id) && self.hands_over(*id));
        }
        let (open, done): (Vec<_>, Vec<_>) = reliefs.into_iter().partition(|relief| !relief.waiting.is_empty());
        self.listening.reliefs.0 = open;
        if !done.is_empty() {
            // The kernel takes its time to close a packet socket. Without a thread to spare it takes ours.
            let _ = std::thread::Builder::new().name("vrrp-close".to_owned()).spawn(move || drop(done));
        }
    }

    fn hands_over(&self, id: RouterId) -> bool {
        self.node.router(id).is_some_and(|router| matches!(router.state(), State::Leaving(_)))
    }

    /// The addresses that every router with this VRID has, on the link that it speaks on.
    fn advertised_on_link(&self, id: RouterId) -> Vec<IpAddr> {
        let Some((router, runtime)) = self.node.router(id).zip(self.routers.get(id)) else { return Vec::new() };
        let link = self.interfaces.name(runtime.interface);
        let advertised = runtime.spec.addresses.iter().take(router.config().addresses.as_wire().len());
        advertised.filter(|address| Some(&address.link) == link.as_ref()).map(|address| address.address).collect()
    }
}
