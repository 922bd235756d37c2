//! What each virtual router has lived through lately: the evidence that is shown to people. It decides nothing.

use core::net::{IpAddr, Ipv6Addr};
use core::time::Duration;

use vrrp_core::{Datagram, Instant, Received, Reject, RouterId, State, VirtualRouter};
use vrrp_wire::{AdverInterval, Advertisement, IpPair, PROTOCOL, Priority, TRAFFIC_CLASS, ipv4};

use crate::capture::Ring;
use crate::event::What;
use crate::socket;
use crate::status::{Arrival, Discard, INTER_ARRIVAL_BOUNDS, OtherList, PeerStatus, Transition};

/// Advertisements remembered of one router.
const RECENT: usize = 16;
/// Octets for the packets of one router that were accepted or sent, some forty of an IPv4 router with one address, and
/// for those that were rejected: a flood of those does not wash the others away.
const PACKETS: usize = 2048;
const REJECTED: usize = 512;
/// Other routers told apart that advertise one virtual router; a flood from ever new ones is not remembered beyond them.
const PEERS: usize = 8;
/// Intervals without a word after which one of them gives way to another.
const SILENT: u32 = 4;

/// The records of all virtual routers.
#[derive(Debug, Default)]
pub(super) struct Records(Vec<Option<Box<Record>>>);

/// What one virtual router has lived through.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) since: Instant,
    pub(super) transition: Option<Transition>,
    pub(super) transitions: Vec<(&'static str, u32)>,
    pub(super) send_failed: u32,
    pub(super) announced: u32,
    pub(super) near_misses: u32,
    pub(super) peers: Vec<PeerStatus>,
    /// One of each kind at most.
    pub(super) discards: Vec<Discard>,
    pub(super) other_lists: Vec<OtherList>,
    pub(super) inter_arrival: [u32; INTER_ARRIVAL_BOUNDS.len() + 1],
    pub(super) inter_arrival_sum: u64,
    recent: [Option<Arrival>; RECENT],
    /// Where the next one goes.
    next: usize,
    packets: Ring,
    rejected: Ring,
}

impl Records {
    /// Begins a record.
    pub(super) fn begin(&mut self, id: RouterId, now: Instant) {
        if self.0.len() <= id.index() {
            self.0.resize_with(id.index() + 1, || None);
        }
        if let Some(slot) = self.0.get_mut(id.index()) {
            *slot = Some(Box::new(Record::new(now)));
        }
    }

    pub(super) fn end(&mut self, id: RouterId) {
        if let Some(slot) = self.0.get_mut(id.index()) {
            *slot = None;
        }
    }

    pub(super) fn get(&self, id: RouterId) -> Option<&Record> {
        self.0.get(id.index()).and_then(Option::as_deref)
    }

    pub(super) fn get_mut(&mut self, id: RouterId) -> Option<&mut Record> {
        self.0.get_mut(id.index()).and_then(Option::as_deref_mut)
    }
}

impl Record {
    fn new(now: Instant) -> Self {
        Self {
            since: now,
            transition: None,
            transitions: Vec::new(),
            send_failed: 0,
            announced: 0,
            near_misses: 0,
            peers: Vec::new(),
            discards: Vec::new(),
            other_lists: Vec::new(),
            inter_arrival: [0; INTER_ARRIVAL_BOUNDS.len() + 1],
            inter_arrival_sum: 0,
            recent: [None; RECENT],
            next: 0,
            packets: Ring::new(PACKETS),
            rejected: Ring::new(REJECTED),
        }
    }

    /// The last advertisements, the oldest first.
    pub(super) fn recent(&self) -> Box<[Arrival]> {
        let (newer, older) = self.recent.split_at(self.next.min(RECENT));
        older.iter().chain(newer).flatten().copied().collect()
    }

    /// The last packets, as they were on the wire.
    pub(super) const fn packets(&self) -> [&Ring; 2] {
        [&self.packets, &self.rejected]
    }

    /// Keeps a packet that was received.
    pub(super) fn arrived(&mut self, at: Instant, arrival: &socket::Arrival<'_>, accepted: bool) {
        let ring = if accepted { &mut self.packets } else { &mut self.rejected };
        let datagram = &arrival.datagram;
        match (arrival.packet, datagram.source, datagram.destination) {
            (Some(packet), ..) => ring.push(at, packet, &[]),
            (None, IpAddr::V6(source), IpAddr::V6(destination)) => {
                let header = v6_header(source, destination, datagram.hop_limit, datagram.payload);
                ring.push(at, &header, datagram.payload);
            }
            (None, ..) => {}
        }
    }

    /// Keeps a packet that was sent.
    pub(super) fn sent(&mut self, at: Instant, ip: IpPair, hop_limit: u8, message: &[u8]) {
        match ip {
            IpPair::V4 { source, destination } => {
                let length = u16::try_from(message.len()).unwrap_or(u16::MAX);
                self.packets.push(at, &ipv4::header(source, destination, hop_limit, 0, length), message);
            }
            IpPair::V6 { source, destination } => {
                self.packets.push(at, &v6_header(source, destination, hop_limit, message), message);
            }
        }
    }

    fn last(&self) -> Option<Arrival> {
        self.recent.get((self.next + RECENT - 1) % RECENT).copied().flatten()
    }

    /// Notes an advertisement that was accepted; gives the near miss that it ends, if it ends one.
    pub(super) fn heard(&mut self, at: Instant, received: &Received, router: &VirtualRouter) -> Option<What> {
        let Received { source, priority, interval, .. } = *received;
        let follows = self.has_followed(source, router);
        if let Some(slot) = self.recent.get_mut(self.next) {
            *slot = Some(Arrival { at, source, priority });
        }
        self.next = (self.next + 1) % RECENT;
        let followed = router.followed().map(|heard| heard.source);
        let gap = self.meet(at, received, followed)?;
        if !follows {
            return None;
        }
        self.measure(gap, interval);
        let missed = missed(gap, interval);
        if missed > 0
            && let Some(peer) = self.peers.iter_mut().find(|peer| peer.address == source)
        {
            peer.missed = peer.missed.saturating_add(missed);
        }
        let needed = u32::from(router.config().down_timer_adverts);
        if needed < 2 || missed + 1 < needed {
            return None;
        }
        self.near_misses = self.near_misses.saturating_add(1);
        Some(What::NearMiss { source, missed, of: needed, silent_for: gap })
    }

    /// Notes a packet that was discarded.
    pub(super) fn discarded(&mut self, at: Instant, source: IpAddr, reject: Reject) {
        let discard = Discard { at, source, reject };
        match self.discards.iter_mut().find(|known| known.reject.kind() == reject.kind()) {
            Some(known) => *known = discard,
            None => self.discards.push(discard),
        }
    }

    /// Notes which addresses an advertisement that was accepted lists, where they are not ours.
    pub(super) fn lists(&mut self, datagram: &Datagram<'_>, received: &Received) {
        let source = received.source;
        if !received.addresses_differ {
            return self.other_lists.retain(|list| list.source != source);
        }
        let ip = IpPair::new(source, datagram.destination);
        let Some((advertisement, _)) = ip.and_then(|ip| Advertisement::decode(datagram.payload, &ip).ok()) else {
            return;
        };
        let addresses = advertisement.addresses;
        let room = self.other_lists.len() < PEERS;
        match self.other_lists.iter_mut().find(|list| list.source == source) {
            Some(list) if list.addresses.iter().copied().eq(addresses.iter()) => {}
            Some(list) => list.addresses = addresses.iter().collect(),
            None if room => {
                self.other_lists.push(OtherList { source, addresses: addresses.iter().collect() });
            }
            None => {}
        }
    }

    /// Whether this router was this one's Active router since before its last advertisement: only then was the next one
    /// to be expected.
    fn has_followed(&self, source: IpAddr, router: &VirtualRouter) -> bool {
        let backup = matches!(router.state(), State::Backup(_));
        let last = self.last().filter(|last| last.source == source && last.priority != Priority::RELEASE);
        backup && last.is_some_and(|last| self.since <= last.at)
    }

    /// Notes who speaks; gives the time since it last did.
    fn meet(&mut self, at: Instant, received: &Received, followed: Option<IpAddr>) -> Option<Duration> {
        let Received { source: address, priority, interval, .. } = *received;
        if let Some(peer) = self.peers.iter_mut().find(|peer| peer.address == address) {
            let gap = at.since(peer.last_heard);
            (peer.priority, peer.interval, peer.last_heard) = (priority, interval, at);
            peer.received = peer.received.saturating_add(1);
            return Some(gap);
        }
        let peer = PeerStatus { address, priority, interval, last_heard: at, received: 1, missed: 0 };
        if self.peers.len() < PEERS {
            self.peers.push(peer);
            return None;
        }
        // Whoever is followed has a place in any case; any other only that of one that has fallen silent.
        let gives_way = |known: &&mut PeerStatus| {
            let silent = at.since(known.last_heard) >= known.interval.duration() * SILENT;
            Some(known.address) != followed && (silent || followed == Some(address))
        };
        if let Some(place) = self.peers.iter_mut().filter(gives_way).min_by_key(|known| known.last_heard) {
            *place = peer;
        }
        None
    }

    fn measure(&mut self, gap: Duration, interval: AdverInterval) {
        let hundredths = gap.as_nanos() * 100 / interval.duration().as_nanos().max(1);
        let place = INTER_ARRIVAL_BOUNDS.iter().position(|bound| hundredths <= u128::from(*bound));
        let sum = self.inter_arrival_sum.saturating_add(u64::try_from(hundredths).unwrap_or(u64::MAX));
        self.inter_arrival_sum = sum;
        if let Some(count) = self.inter_arrival.get_mut(place.unwrap_or(INTER_ARRIVAL_BOUNDS.len())) {
            *count = count.saturating_add(1);
        }
    }

    /// Notes a transition with its evidence.
    pub(super) fn moved(&mut self, transition: Transition) {
        let token = transition.why.token();
        match self.transitions.iter_mut().find(|(known, _)| *known == token) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.transitions.push((token, 1)),
        }
        self.since = transition.at;
        self.transition = Some(transition);
    }
}

/// The IPv6 header (RFC 8200 §3) of an advertisement.
fn v6_header(source: Ipv6Addr, destination: Ipv6Addr, hop_limit: u8, message: &[u8]) -> [u8; 40] {
    let [high, low] = u16::try_from(message.len()).unwrap_or(u16::MAX).to_be_bytes();
    let [class, flow] = [0x60 | TRAFFIC_CLASS >> 4, TRAFFIC_CLASS << 4];
    let fixed = [class, flow, 0, 0, high, low, PROTOCOL, hop_limit].into_iter();
    let mut octets = fixed.chain(source.octets()).chain(destination.octets());
    core::array::from_fn(|_| octets.next().unwrap_or(0))
}

/// Advertisements that are missing in a gap: one may be half an interval late without another being missing.
fn missed(gap: Duration, interval: AdverInterval) -> u32 {
    let interval = interval.duration().as_nanos().max(1);
    let intervals = (gap.as_nanos() + interval / 2) / interval;
    u32::try_from(intervals.saturating_sub(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use vrrp_core::{AddressList, Config, Input};
    use vrrp_wire::{Coverage, Family, Version, Vrid};

    use super::*;

    const INTERVAL: Duration = Duration::from_secs(1);

    /// A Backup since the origin, which follows 10.0.0.1.
    fn backup() -> (VirtualRouter, Record) {
        let addresses = AddressList::of(Family::V4, [[10, 0, 0, 100].into()]);
        let mut router = VirtualRouter::new(Config::new(Version::V3, Vrid::new(1).unwrap(), addresses), 0);
        let _ = router.handle(Instant::ORIGIN, Input::Startup);
        (router, Record::new(Instant::ORIGIN))
    }

    fn advertisement(number: u8, priority: u8) -> Received {
        Received {
            source: [10, 0, 0, number].into(),
            priority: Priority::new(priority),
            interval: AdverInterval::from_centis(100).unwrap(),
            addresses_differ: false,
            coverage: Coverage::PseudoHeader,
        }
    }

    #[test]
    fn two_of_three_advertisements_missed_are_a_near_miss_and_one_is_not() {
        let (router, mut record) = backup();
        let at = |intervals: u32| Instant::ORIGIN + INTERVAL * intervals;
        assert_eq!(record.heard(at(1), &advertisement(1, 150), &router), None);
        assert_eq!(record.heard(at(2), &advertisement(1, 150), &router), None);
        assert_eq!(record.heard(at(4), &advertisement(1, 150), &router), None, "one is missing");
        let near = record.heard(at(7), &advertisement(1, 150), &router);
        let silent_for = INTERVAL * 3;
        assert_eq!(near, Some(What::NearMiss { source: [10, 0, 0, 1].into(), missed: 2, of: 3, silent_for }));
        assert_eq!((record.near_misses, record.peers[0].missed, record.peers[0].received), (1, 3, 4));
        assert_eq!(record.inter_arrival, [0, 0, 1, 0, 1, 1, 0, 0]);
    }

    #[test]
    fn nothing_is_missed_of_a_router_that_gave_up_or_that_another_one_followed() {
        let (router, mut record) = backup();
        let at = |intervals: u32| Instant::ORIGIN + INTERVAL * intervals;
        assert_eq!(record.heard(at(1), &advertisement(1, 0), &router), None);
        assert_eq!(record.heard(at(9), &advertisement(1, 150), &router), None, "it had given up");
        assert_eq!(record.heard(at(10), &advertisement(2, 200), &router), None);
        assert_eq!(record.heard(at(19), &advertisement(1, 150), &router), None, "another one was Active");
        assert_eq!(record.near_misses, 0);
    }

    #[test]
    fn whoever_spoke_once_gives_way_to_whoever_speaks_now() {
        let (router, mut record) = backup();
        let at = |intervals: u32| Instant::ORIGIN + INTERVAL * intervals;
        for number in 10..30 {
            assert_eq!(record.heard(at(1), &advertisement(number, 50), &router), None);
        }
        assert_eq!(record.peers.len(), PEERS);
        assert_eq!(record.heard(at(2), &advertisement(1, 150), &router), None);
        assert!(record.peers.iter().all(|peer| peer.address.to_string() != "10.0.0.1"), "the others may speak yet");
        assert_eq!(record.heard(at(9), &advertisement(1, 150), &router), None);
        assert_eq!(record.peers.len(), PEERS);
        assert!(record.peers.iter().any(|peer| peer.address.to_string() == "10.0.0.1"), "{:?}", record.peers);
    }

    #[test]
    fn of_discarded_packets_the_last_of_each_kind_is_kept() {
        let mut record = Record::new(Instant::ORIGIN);
        for number in 0..200_u8 {
            let at = Instant::ORIGIN + INTERVAL * u32::from(number);
            record.discarded(at, [10, 0, 0, number].into(), Reject::HopLimit { received: number, least: 255 });
            record.discarded(at, [10, 0, 1, number].into(), Reject::NotAPeer);
        }
        let at = Instant::ORIGIN + INTERVAL * 199;
        let kept = |source, reject| Discard { at, source, reject };
        let expected = [
            kept([10, 0, 0, 199].into(), Reject::HopLimit { received: 199, least: 255 }),
            kept([10, 0, 1, 199].into(), Reject::NotAPeer),
        ];
        assert_eq!(record.discards, expected);
    }

    #[test]
    fn another_list_of_addresses_is_kept_until_its_sender_has_ours() {
        let mut record = Record::new(Instant::ORIGIN);
        let addresses = AddressList::of(Family::V4, [[10, 0, 0, 77].into(), [10, 0, 0, 78].into()]);
        let other = VirtualRouter::new(Config::new(Version::V3, Vrid::new(1).unwrap(), addresses), 0);
        let (source, destination) = ([10, 0, 0, 2].into(), vrrp_wire::GROUP_V4.into());
        let mut payload = [0; 64];
        let said = other.advertisement(Priority::new(150));
        let length = said.encoded_len();
        let ip = IpPair::new(source, destination).unwrap();
        said.encode(&ip, Coverage::PseudoHeader, &mut payload[..length]).unwrap();
        let datagram = Datagram { source, destination, hop_limit: 255, payload: &payload[..length] };
        let received = |differ| Received { addresses_differ: differ, ..advertisement(2, 150) };
        record.lists(&datagram, &received(true));
        record.lists(&datagram, &received(true));
        let addresses = [[10, 0, 0, 77].into(), [10, 0, 0, 78].into()].into();
        assert_eq!(record.other_lists, [OtherList { source, addresses }]);
        record.lists(&datagram, &received(false));
        assert_eq!(record.other_lists, []);
    }

    #[test]
    fn the_last_sixteen_advertisements_are_kept_in_their_order_and_eight_peers() {
        let (router, mut record) = backup();
        for number in 0..40_u8 {
            let at = Instant::ORIGIN + INTERVAL * u32::from(number);
            let _ = record.heard(at, &advertisement(number % 20, number), &router);
        }
        let kept: Vec<u8> = record.recent().iter().map(|arrival| arrival.priority.get()).collect();
        assert_eq!(kept, (24..40).collect::<Vec<u8>>());
        assert_eq!(record.peers.len(), PEERS);
    }
}
