//! What is sent, and what arriving does.

use core::net::IpAddr;
use std::rc::Rc;

use vrrp_core::{Delivery, Instant};
use vrrp_wire::arp::{self, ArpForm};
use vrrp_wire::{Advertisement, IpPair, MacAddr, Priority, ndp};

use super::{ASK, Event, REPROBE, World};
use crate::lan::{Frame, Station, between, bit};
use crate::node::Packet;
use crate::setup::{mac, router_of, source};
use crate::timeline::Entry;

impl World {
    /// Encodes the advertisement that the core ordered, and sends it to the group or to each peer.
    pub(super) fn advertise(&mut self, router: u8, place: usize, priority: Priority) {
        let now = self.now;
        let virtual_router = u8::try_from(place).unwrap_or(u8::MAX);
        self.timeline.note(now, Entry::Advertised { router, virtual_router, priority });
        let Some(segment) = self.segment_of(place) else { return };
        let Some(core) = self.core(router, place) else { return };
        let own = source(core.config().family(), segment, router);
        let (to, hop_limit): (Vec<IpAddr>, u8) = match &core.config().delivery {
            Delivery::Multicast { group } => (vec![*group], 255),
            Delivery::Unicast { peers, ttl, .. } => (peers.iter().map(|peer| peer.address).collect(), *ttl),
        };
        let mut frames = Vec::new();
        for destination in to {
            let mut buf = [0; Advertisement::MAX_LEN];
            let encoded = IpPair::new(own, destination)
                .and_then(|ip| core.advertisement(priority).encode(&ip, core.coverage(), &mut buf).ok());
            if let Some(bytes) = encoded {
                frames.push(Frame::Advertisement { source: own, destination, hop_limit, payload: Rc::from(bytes) });
            }
        }
        if let Some(kernel) = self.routers.get_mut(usize::from(router)).and_then(|one| one.kernel.get_mut(place)) {
            kernel.note_advertised(now, priority);
        }
        for frame in frames {
            self.send(segment, router, &frame);
        }
    }

    /// One round of announcements: every address that is in place, in each form.
    pub(super) fn announce(&mut self, router: u8, place: usize) {
        let virtual_router = u8::try_from(place).unwrap_or(u8::MAX);
        self.timeline.note(self.now, Entry::Announced { router, virtual_router });
        let Some(segment) = self.segment_of(place).filter(|_| self.holds(router, place)) else { return };
        let Some(core) = self.core(router, place) else { return };
        let own = mac(segment, router);
        let frames: Vec<Rc<[u8]>> = core
            .config()
            .addresses
            .as_wire()
            .iter()
            .flat_map(|address| match address {
                IpAddr::V4(address) => [ArpForm::Request, ArpForm::Reply]
                    .map(|form| Rc::from(&arp::gratuitous(own, address, form)[..]))
                    .to_vec(),
                IpAddr::V6(address) => vec![Rc::from(&ndp::unsolicited(own, address, true)[..])],
            })
            .collect();
        for frame in frames {
            self.send(segment, router, &Frame::Announcement(frame));
        }
    }

    /// A frame to all other stations of the segment.
    fn send(&mut self, segment: u8, from: Station, frame: &Frame) {
        for to in (0..=self.setup.routers).filter(|to| *to != from) {
            self.send_to(segment, from, to, frame);
        }
    }

    fn send_to(&mut self, segment: u8, from: Station, to: Station, frame: &Frame) {
        let down = |station: Station| {
            self.routers.get(usize::from(station)).is_some_and(|one| one.links_down & bit(segment) != 0)
        };
        if down(from) || down(to) {
            return;
        }
        let wire = self.setup.latency.wire;
        let Some(one) = self.segments.get_mut(usize::from(segment)) else { return };
        for arrives in one.carry(&mut self.rng, self.now, wire, (from, to)).into_iter().flatten() {
            self.schedule(arrives, Event::Frame { segment, to, frame: frame.clone() });
        }
    }

    pub(super) fn arrive(&mut self, segment: u8, to: Station, frame: Frame) {
        if to < self.setup.routers {
            self.arrive_at_router(segment, to, frame);
        } else {
            self.arrive_at_client(segment, &frame);
        }
    }

    fn arrive_at_router(&mut self, segment: u8, router: u8, frame: Frame) {
        let now = self.now;
        match frame {
            Frame::Advertisement { source: from, destination, hop_limit, payload } => {
                if !destination.is_multicast() && destination != source(family(destination), segment, router) {
                    return;
                }
                let packet = Packet { at: now, segment, source: from, destination, hop_limit, payload };
                let daemon = self.routers.get_mut(usize::from(router)).and_then(|one| one.daemon.as_mut());
                if let Some(daemon) = daemon {
                    daemon.arrive(packet);
                    self.wake(router);
                }
            }
            // The kernel of a router answers for as long as it has the address, whoever runs on it.
            Frame::Request { virtual_router } if self.holds(router, virtual_router) => {
                let reply = Frame::Reply { virtual_router, mac: mac(segment, router) };
                self.send_to(segment, router, self.setup.routers, &reply);
            }
            Frame::Request { .. } | Frame::Reply { .. } | Frame::Announcement(_) => {}
        }
    }

    fn arrive_at_client(&mut self, segment: u8, frame: &Frame) {
        let now = self.now;
        self.dirty = true;
        match frame {
            Frame::Announcement(bytes) => {
                for (one, client) in self.setup.virtual_routers.iter().zip(&mut self.clients) {
                    if one.segment == segment {
                        client.hear_announcement(now, bytes);
                    }
                }
            }
            Frame::Reply { virtual_router, mac } => {
                if let Some(client) = self.clients.get_mut(*virtual_router) {
                    client.hear_reply(now, *mac);
                }
            }
            Frame::Advertisement { .. } | Frame::Request { .. } => self.dirty = false,
        }
    }

    /// A client without an entry asks.
    pub(super) fn resolve(&mut self, place: usize) {
        let unresolved = self.clients.get(place).is_some_and(|client| client.cache().is_none());
        if let Some(segment) = self.segment_of(place).filter(|_| unresolved) {
            self.send(segment, self.setup.routers, &Frame::Request { virtual_router: place });
        }
        self.schedule(self.now + ASK, Event::Resolve(place));
    }

    /// A client probes its entry, and forgets it when nobody answers.
    pub(super) fn probe(&mut self, place: usize) {
        if let Some(client) = self.clients.get_mut(place).filter(|client| client.reaches().is_none()) {
            client.forget();
            self.dirty = true;
        }
        let next: Instant = self.now + between(&mut self.rng, REPROBE);
        self.schedule(next, Event::Probe(place));
    }

    /// The router that the packets of a client reach: the one it has cached, if it has the address and both hear
    /// each other.
    pub(super) fn reached(&self, place: usize) -> Option<u8> {
        let segment = self.segment_of(place)?;
        let cached: MacAddr = self.clients.get(place)?.cache()?;
        let router = router_of(segment, cached)?;
        let heard = self.heard_by(segment);
        let client = self.setup.routers;
        let hears = |from: Station, to: Station| heard.get(usize::from(from)).is_some_and(|set| set & bit(to) != 0);
        (self.holds(router, place) && hears(router, client) && hears(client, router)).then_some(router)
    }

    pub(super) fn segment_of(&self, place: usize) -> Option<u8> {
        self.setup.virtual_routers.get(place).map(|one| one.segment)
    }
}

const fn family(address: IpAddr) -> vrrp_wire::Family {
    vrrp_wire::Family::of(address)
}
