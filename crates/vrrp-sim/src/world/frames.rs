//! What is sent, and what arriving does.

use core::net::IpAddr;
use std::rc::Rc;

use vrrp_core::{Delivery, Input};
use vrrp_wire::arp::{self, ArpForm};
use vrrp_wire::{Advertisement, IpPair, MacAddr, Priority, ndp};

use super::{ASK, Event, REPROBE, World};
use crate::daemon::Packet;
use crate::lan::{Frame, Station, between, bit};
use crate::setup::{Make, mac, router_of, virtual_mac};
use crate::timeline::Entry;

impl World {
    /// Encodes the advertisement that the core ordered, and sends it to the group or to each peer.
    pub(super) fn advertise(&mut self, router: u8, place: usize, priority: Priority) {
        let virtual_router = u8::try_from(place).unwrap_or(u8::MAX);
        let Some(segment) = self.segment_of(place) else { return };
        let fails = !self.can_send(router, segment);
        self.timeline.note(
            self.now,
            if fails {
                Entry::Unsent { router, virtual_router }
            } else {
                Entry::Advertised { router, virtual_router, priority }
            },
        );
        let now = self.now;
        if let Some(watch) = self.watches.get_mut(place).filter(|_| priority == Priority::RELEASE) {
            watch.released(now);
        }
        for frame in self.advertisements(router, place, priority).unwrap_or_default() {
            if let Frame::Advertisement { destination, .. } = &frame {
                self.note_sent(router, segment, *destination);
            }
            self.send(segment, router, Some(place), &frame);
        }
        self.note_success(router, place, priority, fails);
    }

    /// One frame for each destination.
    fn advertisements(&self, router: u8, place: usize, priority: Priority) -> Option<Vec<Frame>> {
        let one = self.routers.get(usize::from(router))?;
        let config = one.config(place)?;
        let source = one.source_of(place)?;
        let software = self.software(router)?;
        let frame = |destination: IpAddr, hop_limit: u8| {
            let mut buf = [0; Advertisement::MAX_LEN];
            let ip = IpPair::new(source, destination)?;
            let payload = Rc::from(software.write(place, priority, &ip, &mut buf)?);
            Some(Frame::Advertisement { source, destination, hop_limit, payload })
        };
        Some(match &config.delivery {
            Delivery::Multicast { group } => frame(*group, 255).into_iter().collect(),
            Delivery::Unicast { peers, ttl, .. } => peers.iter().filter_map(|peer| frame(peer.address, *ttl)).collect(),
        })
    }

    /// The firewall remembers whom the host has sent to.
    fn note_sent(&mut self, router: u8, segment: u8, destination: IpAddr) {
        let now = self.now;
        let interface = self.routers.get_mut(usize::from(router)).and_then(|one| one.interface_mut(segment));
        let Some(interface) = interface.filter(|one| one.sends) else { return };
        if let Some(firewall) = &mut interface.firewall {
            let forgets = firewall.note(now, destination);
            self.dirty = true;
            self.schedule(forgets, Event::Forget);
        }
    }

    /// The file that outlives the daemon, and the daemon's own notice of whether sending works.
    fn note_success(&mut self, router: u8, place: usize, priority: Priority, fails: bool) {
        let now = self.now;
        if let Some(kernel) = self.kernel_mut(router, place)
            && (!fails || priority == Priority::RELEASE)
        {
            kernel.note_advertised(now, priority);
        }
        let daemon = self.routers.get_mut(usize::from(router)).and_then(|one| one.daemon.as_mut());
        let failing = daemon.and_then(|daemon| daemon.send_failing.get_mut(place));
        if let Some(failing) = failing
            && *failing != fails
            && priority != Priority::RELEASE
        {
            *failing = fails;
            self.tell(router, place, Input::SendFailing(fails));
            let ours = self.setup.make(router) == Make::Ours;
            if let Some(watch) = self.watches.get_mut(place).filter(|_| ours && !fails) {
                watch.promise(now, router);
            }
        }
    }

    /// One round of announcements: every address that is in place, in each form.
    pub(super) fn announce(&mut self, router: u8, place: usize) {
        let virtual_router = u8::try_from(place).unwrap_or(u8::MAX);
        self.timeline.note(self.now, Entry::Announced { router, virtual_router });
        let Some(segment) = self.segment_of(place).filter(|_| self.holds(router, place)) else { return };
        let Some(own) = self.mac_of(router, place) else { return };
        let Some(config) = self.routers.get(usize::from(router)).and_then(|one| one.config(place)) else { return };
        let addresses = config.addresses.as_wire();
        let form = |address: IpAddr| -> Vec<Rc<[u8]>> {
            match address {
                IpAddr::V4(address) => [ArpForm::Request, ArpForm::Reply]
                    .map(|form| Rc::from(&arp::gratuitous(own, address, form)[..]))
                    .to_vec(),
                IpAddr::V6(address) => vec![Rc::from(&ndp::unsolicited(own, address, true)[..])],
            }
        };
        let frames: Vec<Rc<[u8]>> = addresses.iter().flat_map(form).collect();
        for frame in frames {
            self.send(segment, router, Some(place), &Frame::Announcement(frame));
        }
    }

    /// A frame to all other stations of the segment, from the client or for a virtual router.
    fn send(&mut self, segment: u8, from: Station, place: Option<usize>, frame: &Frame) {
        if !self.learns(segment, from, place) {
            return;
        }
        let multicast = matches!(frame, Frame::Advertisement { destination, .. } if destination.is_multicast());
        let snooped = self.segments.get(usize::from(segment)).filter(|_| multicast).map_or(0, |one| one.snooped);
        for to in (0..=self.setup.routers).filter(|to| *to != from && bit(*to) & snooped == 0) {
            self.carry(segment, from, to, frame);
        }
    }

    /// The frame reaches the switch, which learns from it; it does not if the sender cannot send.
    fn learns(&mut self, segment: u8, from: Station, place: Option<usize>) -> bool {
        if from < self.setup.routers && !self.can_send(from, segment) {
            return false;
        }
        let mac = place.and_then(|place| self.mac_of(from, place));
        if let (Some(mac), Some(one)) = (mac, self.segments.get_mut(usize::from(segment))) {
            one.table.learn(self.now, mac, from);
        }
        true
    }

    fn carry(&mut self, segment: u8, from: Station, to: Station, frame: &Frame) {
        let down = |station: Station| {
            self.routers.get(usize::from(station)).is_some_and(|one| one.interface(segment).is_none())
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

    /// The first frame after the link came up shows that it passes traffic.
    fn prove(&mut self, segment: u8, router: u8) {
        let daemon = self.routers.get_mut(usize::from(router)).and_then(|one| one.daemon.as_mut());
        let Some(daemon) = daemon else { return };
        for (one, doubts) in self.setup.virtual_routers.iter().zip(&mut daemon.doubts) {
            doubts.linked = doubts.linked.filter(|_| one.segment != segment);
        }
        if daemon.listens & bit(segment) == 0 {
            return;
        }
        daemon.listens &= !bit(segment);
        for place in 0..self.setup.virtual_routers.len() {
            if self.segment_of(place) == Some(segment) {
                self.tell(router, place, Input::Proof);
            }
        }
    }

    fn arrive_at_router(&mut self, segment: u8, router: u8, frame: Frame) {
        self.prove(segment, router);
        match frame {
            Frame::Advertisement { source, destination, hop_limit, payload } => {
                let now = self.now;
                let Some(one) = self.routers.get_mut(usize::from(router)) else { return };
                let firewall = one.interface(segment).and_then(|interface| interface.firewall.as_ref());
                let let_in = firewall.is_none_or(|firewall| firewall.lets_in(now, source, destination));
                if !let_in || !one.takes(segment, destination) {
                    return;
                }
                let stamp = one.clocks(now).wall;
                if let Some(daemon) = &mut one.daemon {
                    daemon.arrive(Packet { stamp, segment, source, destination, hop_limit, payload });
                    self.wake(router);
                }
            }
            // The kernel of a router answers for as long as it has the address, whoever runs on it.
            Frame::Request { virtual_router } if self.holds(router, virtual_router) => {
                if let Some(mac) = self.mac_of(router, virtual_router)
                    && self.learns(segment, router, Some(virtual_router))
                {
                    self.carry(segment, router, self.setup.routers, &Frame::Reply { virtual_router, mac });
                }
            }
            Frame::Question { virtual_router, asker, last } => {
                self.answer(segment, router, virtual_router, (asker, last));
            }
            Frame::Answer { virtual_router } => self.tell(router, virtual_router, Input::Answered),
            Frame::Request { .. } | Frame::Reply { .. } | Frame::Announcement(_) => {}
        }
    }

    /// Asks the LAN for the address before it is claimed.
    pub(super) fn ask(&mut self, router: u8, place: usize, last: IpAddr) {
        if let Some(segment) = self.segment_of(place) {
            let question = Frame::Question { virtual_router: place, asker: router, last };
            self.send(segment, router, Some(place), &question);
        }
    }

    /// The kernel answers for the address and for the host: what has both is the silent router itself. A virtual
    /// hardware address is anybody's.
    fn answer(&mut self, segment: u8, router: u8, place: usize, (asker, last): (Station, IpAddr)) {
        let Some(one) = self.routers.get(usize::from(router)) else { return };
        let is_last = one.make != Make::Frr && one.source_of(place) == Some(last);
        if is_last && self.holds(router, place) && self.learns(segment, router, Some(place)) {
            self.carry(segment, router, asker, &Frame::Answer { virtual_router: place });
        }
    }

    fn arrive_at_client(&mut self, segment: u8, frame: &Frame) {
        let now = self.now;
        self.dirty |= matches!(frame, Frame::Announcement(_) | Frame::Reply { .. });
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
            Frame::Advertisement { .. } | Frame::Request { .. } | Frame::Question { .. } | Frame::Answer { .. } => {}
        }
    }

    /// A client without an entry asks.
    pub(super) fn resolve(&mut self, place: usize) {
        let unresolved = self.clients.get(place).is_some_and(|client| client.cache().is_none());
        if let Some(segment) = self.segment_of(place).filter(|_| unresolved) {
            self.send(segment, self.setup.routers, None, &Frame::Request { virtual_router: place });
        }
        self.schedule(self.now + ASK, Event::Resolve(place));
    }

    /// A client probes its entry, and forgets it when nobody answers.
    pub(super) fn probe(&mut self, place: usize) {
        if let Some(client) = self.clients.get_mut(place).filter(|client| client.reaches().is_none()) {
            client.forget();
            self.dirty = true;
        }
        let next = self.now + between(&mut self.rng, REPROBE);
        self.schedule(next, Event::Probe(place));
    }

    /// The router that the packets of a client reach: the switch takes them to a port, and there the address must be,
    /// with both ways open.
    pub(super) fn reached(&self, place: usize) -> Option<u8> {
        let segment = self.segment_of(place)?;
        let cached = self.clients.get(place)?.cache()?;
        let table = &self.segments.get(usize::from(segment))?.table;
        let behind = |router: &u8| table.port(self.now, cached).is_none_or(|port| port == *router);
        let takes = |router: &u8| self.holds(*router, place) && self.mac_of(*router, place) == Some(cached);
        let router = (0..self.setup.routers).filter(behind).find(takes)?;
        let (open, client) = (self.links(segment), self.setup.routers);
        let hears = |from: Station, to: Station| open.get(usize::from(from)).is_some_and(|set| set & bit(to) != 0);
        (hears(router, client) && hears(client, router)).then_some(router)
    }

    /// The router that a client means by a hardware address.
    pub(super) fn means(&self, segment: u8, mac: MacAddr) -> Option<u8> {
        let behind = || self.segments.get(usize::from(segment))?.table.port(self.now, mac);
        router_of(segment, mac).or_else(behind)
    }

    /// The hardware address that a router answers with for a virtual router.
    fn mac_of(&self, router: u8, place: usize) -> Option<MacAddr> {
        let segment = self.segment_of(place)?;
        let one = self.routers.get(usize::from(router))?;
        match one.make {
            Make::Frr => one.config(place).map(|config| virtual_mac(config.family(), config.vrid)),
            Make::Ours | Make::Keepalived22 | Make::Keepalived24 => Some(mac(segment, router)),
        }
    }

    fn can_send(&self, router: u8, segment: u8) -> bool {
        let interface = self.routers.get(usize::from(router)).and_then(|one| one.interfaces.get(usize::from(segment)));
        interface.is_some_and(|one| one.sends && one.has_source)
    }

    pub(super) fn segment_of(&self, place: usize) -> Option<u8> {
        self.setup.virtual_routers.get(place).map(|one| one.segment)
    }
}
