//! The segments and what they do to a frame.

mod firewall;
mod switch;
mod way;

use core::net::IpAddr;
use core::time::Duration;
use std::rc::Rc;

use fastrand::Rng;
use vrrp_core::Instant;
use vrrp_wire::MacAddr;

pub(crate) use firewall::Firewall;
pub(crate) use switch::ForwardingTable;
pub use way::Noise;
use way::Way;

/// A station of a segment: the routers from 0, then the client.
pub type Station = u8;

/// Room for stations on a segment.
pub const STATIONS: usize = 16;

/// Bit `to` of `ways[from]`: something about the way from the one station to the other.
pub type Ways = [u16; STATIONS];

/// What travels.
#[derive(Debug, Clone)]
pub(crate) enum Frame {
    /// An advertisement, as its IP packet: the payload is the bytes that vrrp-wire encoded.
    Advertisement { source: IpAddr, destination: IpAddr, hop_limit: u8, payload: Rc<[u8]> },
    /// A gratuitous ARP or unsolicited Neighbor Advertisement, as vrrp-wire encoded it.
    Announcement(Rc<[u8]>),
    /// The client asks who has the address of a virtual router.
    Request { virtual_router: usize },
    /// A router that is about to claim asks who has the address, and whether that is the one it last heard.
    Question { virtual_router: usize, asker: Station, last: IpAddr },
    /// That one still has it.
    Answer { virtual_router: usize },
    /// A router that holds it answers the client.
    Reply { virtual_router: usize, mac: MacAddr },
}

/// One segment: a switch, and what is wrong with it.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    ways: [[Way; STATIONS]; STATIONS],
    /// Which ways are open.
    pub(crate) open: Ways,
    /// Which ways lose nothing by chance.
    pub(crate) clean: Ways,
    /// On which no frame overtakes another.
    pub(crate) in_order: Ways,
    /// Stations that the switch gives no multicast to: IGMP snooping has lost their membership.
    pub(crate) snooped: u16,
    pub(crate) table: ForwardingTable,
}

impl Default for Segment {
    fn default() -> Self {
        Self {
            ways: Default::default(),
            open: [u16::MAX; STATIONS],
            clean: [u16::MAX; STATIONS],
            in_order: [u16::MAX; STATIONS],
            snooped: 0,
            table: ForwardingTable::default(),
        }
    }
}

impl Segment {
    pub(crate) fn cut(&mut self, from: Station, to: Station) {
        set(&mut self.open, from, to, false);
    }

    /// Cuts every way between the stations in `group` and the others.
    pub(crate) fn part(&mut self, group: u16) {
        for (from, to) in pairs().filter(|(from, to)| (group & bit(*from) == 0) != (group & bit(*to) == 0)) {
            self.cut(from, to);
        }
    }

    /// Every way is open again, and the switch knows who wants multicast.
    pub(crate) const fn mend(&mut self) {
        self.open = [u16::MAX; STATIONS];
        self.snooped = 0;
    }

    /// Gives the ways from `from` to `to`, all stations each where there is none, their noise.
    pub(crate) fn set_noise(&mut self, from: Option<Station>, to: Option<Station>, noise: Noise) {
        let is = |wanted: Option<Station>, station| wanted.is_none_or(|wanted| wanted == station);
        for (a, b) in pairs().filter(|(a, b)| is(from, *a) && is(to, *b)) {
            set(&mut self.clean, a, b, noise.lost == 0);
            set(&mut self.in_order, a, b, noise.held == 0);
            if let Some(way) = self.way(a, b) {
                way.noise = noise;
            }
        }
    }

    fn way(&mut self, from: Station, to: Station) -> Option<&mut Way> {
        self.ways.get_mut(usize::from(from))?.get_mut(usize::from(to))
    }

    /// The moments at which a frame sent now arrives: none when it is lost, two when it is doubled.
    pub(crate) fn carry(
        &mut self,
        rng: &mut Rng,
        now: Instant,
        wire: (Duration, Duration),
        (from, to): (Station, Station),
    ) -> [Option<Instant>; 2] {
        let open = self.open.get(usize::from(from)).is_some_and(|open| open & bit(to) != 0);
        let way = self.way(from, to).filter(|_| open);
        way.map_or([None, None], |way| way.carry(rng, now, wire))
    }
}

fn set(ways: &mut Ways, from: Station, to: Station, holds: bool) {
    if let Some(set) = ways.get_mut(usize::from(from)) {
        if holds {
            *set |= bit(to);
        } else {
            *set &= !bit(to);
        }
    }
}

fn pairs() -> impl Iterator<Item = (Station, Station)> {
    (0..16).flat_map(|from| (0..16).map(move |to| (from, to)))
}

/// The bit of a station in a set of stations.
pub(crate) const fn bit(station: Station) -> u16 {
    1 << (station % 16)
}

/// The stations of a set.
pub(crate) fn stations(set: u16) -> impl Iterator<Item = Station> {
    (0..16).filter(move |&station| set & bit(station) != 0)
}

pub(crate) fn chance(rng: &mut Rng, of_a_thousand: u16) -> bool {
    of_a_thousand > 0 && rng.u16(0..1_000) < of_a_thousand
}

/// A moment between two.
pub(crate) fn between(rng: &mut Rng, (least, greatest): (Duration, Duration)) -> Duration {
    let nanos = |duration: Duration| u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
    Duration::from_nanos(rng.u64(nanos(least)..=nanos(greatest).max(nanos(least))))
}
