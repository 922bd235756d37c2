//! Before a claim: whether the link passes traffic at all (after a carrier came up), and whether the silent router still
//! answers for the addresses (`confirm_silence`).

use core::net::IpAddr;
use core::time::Duration;
use std::os::fd::AsFd;

use nix::poll::{PollFd, PollFlags};
use vrrp_core::{Input, Instant, InterfaceId, RouterId};
use vrrp_wire::MacAddr;

use super::Engine;
use super::relief::Reliefs;
use crate::clock;
use crate::socket::{Ear, Prober};

/// An answer that takes longer than this comes from nobody on the link.
const PATIENCE: Duration = Duration::from_millis(100);
/// Nobody is kept from claiming for longer than this by a link that says nothing, so an ear is of no use after it.
const EAR_LIFE: Duration = Duration::from_secs(60);
/// Of a router's addresses, how many are asked for: one that answers is enough.
const ASKED: usize = 4;

/// What is listened for at present; nothing, nearly always.
#[derive(Debug, Default)]
pub(super) struct Listening {
    ears: Vec<Listener>,
    probes: Vec<Probe>,
    pub(super) reliefs: Reliefs,
}

/// An interface whose carrier has come up and that has not been heard.
#[derive(Debug)]
struct Listener {
    interface: InterfaceId,
    ear: Ear,
    until: Instant,
}

/// A question to the LAN, until it is answered or overdue.
#[derive(Debug)]
struct Probe {
    router: RouterId,
    prober: Prober,
    /// The address that the silent router advertised from.
    last: IpAddr,
    /// Who answers for it.
    last_mac: Option<MacAddr>,
    /// Who answers for the virtual addresses.
    holders: Vec<MacAddr>,
    until: Instant,
}

impl Listening {
    pub(super) fn due(&self) -> Option<Instant> {
        self.probes.iter().map(|probe| probe.until).min()
    }

    pub(super) fn poll_fds(&self) -> impl Iterator<Item = PollFd<'_>> + '_ {
        let probes = self.probes.iter().map(|probe| PollFd::new(probe.prober.as_fd(), PollFlags::POLLIN));
        probes.chain(self.reliefs.poll_fds())
    }
}

impl Probe {
    /// Whether the silent router itself answers for a virtual address. A virtual MAC address is anybody's.
    fn is_answered(&self) -> bool {
        self.last_mac.is_some_and(|mac| !mac.is_virtual_router() && self.holders.contains(&mac))
    }
}

impl Engine {
    /// A carrier has come up: listens whether anything comes in.
    pub(super) fn prick_ears(&mut self, interface: InterfaceId) {
        let Some(index) = self.interfaces.link(interface).map(|link| link.index) else { return };
        self.listening.ears.retain(|listener| listener.interface != interface);
        // Without an ear only advertisements prove that the link passes traffic, and the claim is that much later.
        if let Ok(ear) = Ear::open(index) {
            let until = clock::now() + EAR_LIFE;
            self.listening.ears.push(Listener { interface, ear, until });
        }
    }

    /// Before timers fire: what has been heard since the carrier came up, and what was answered.
    pub(super) fn listen(&mut self, now: Instant) {
        if self.listening.ears.is_empty() && self.listening.probes.is_empty() {
            return;
        }
        let heard: Vec<InterfaceId> =
            self.listening.ears.iter().filter(|ear| ear.hears()).map(|l| l.interface).collect();
        self.listening.ears.retain(|listener| !heard.contains(&listener.interface) && now < listener.until);
        for id in heard.into_iter().flat_map(|interface| self.routers_on(interface)).collect::<Vec<_>>() {
            self.handle(id, Input::Proof);
        }
        let mut probes = core::mem::take(&mut self.listening.probes);
        probes.iter_mut().for_each(|probe| self.take_answers(probe));
        let (answered, open): (Vec<_>, Vec<_>) = probes.into_iter().partition(Probe::is_answered);
        self.listening.probes.extend(open.into_iter().filter(|probe| now < probe.until));
        for probe in answered {
            self.handle(probe.router, Input::Answered);
        }
    }

    /// Asks the LAN for the addresses of a router, and for the one that the silent router advertised from.
    pub(super) fn probe(&mut self, id: RouterId, last: IpAddr) {
        let Some(family) = self.node.key(id).map(|key| key.family) else { return };
        let Some(link) = self.routers.get(id).and_then(|runtime| self.interfaces.link(runtime.interface)) else {
            return;
        };
        let (index, mac) = (link.index, link.mac);
        let opened = Prober::open(index, family);
        let (Ok(prober), Some(mac)) = (opened, mac) else {
            return self
                .trouble("cannot ask the LAN before claiming: no packet socket, or a link without Ethernet addresses");
        };
        let mac = MacAddr::from(mac);
        let wanted = self.addresses_on(id).take(ASKED);
        for address in wanted.chain([last]) {
            // An unsent question is an unanswered one: the claim is not later for it.
            let _ = prober.ask(mac, address);
        }
        let until = clock::now() + PATIENCE;
        self.listening.probes.push(Probe { router: id, prober, last, last_mac: None, holders: Vec::new(), until });
    }

    fn take_answers(&self, probe: &mut Probe) {
        while let Some((address, mac)) = probe.prober.answer() {
            if address == probe.last {
                probe.last_mac = Some(mac);
            } else if self.addresses_on(probe.router).any(|wanted| wanted == address) && !probe.holders.contains(&mac) {
                probe.holders.push(mac);
            }
        }
    }

    /// The addresses of a router that are on the link it speaks on.
    fn addresses_on(&self, id: RouterId) -> impl Iterator<Item = IpAddr> + '_ {
        let runtime = self.routers.get(id);
        let link = runtime.and_then(|runtime| self.interfaces.name(runtime.interface));
        let addresses = runtime.into_iter().flat_map(|runtime| runtime.spec.addresses.iter());
        addresses.filter(move |address| Some(&address.link) == link.as_ref()).map(|address| address.address)
    }
}

impl Listener {
    fn hears(&self) -> bool {
        self.ear.has_heard().unwrap_or(false)
    }
}
