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
pub(crate) const STATIONS: usize = 16;

/// Bit `to` of `ways[from]`: something about the way from the one station to the other.
pub(crate) type Ways = [u16; STATIONS];

/// What travels.
#[derive(Debug, Clone)]
pub(crate) enum Frame {
    /// An advertisement, as its IP packet: the payload is the bytes that vrrp-wire encoded.
    Advertisement { source: IpAddr, destination: IpAddr, hop_limit: u8, payload: Rc<[u8]> },
    /// A gratuitous ARP or unsolicited Neighbor Advertisement, as vrrp-wire encoded it.
    Announcement(Rc<[u8]>),
    /// The client asks who has the address of a virtual router.
    Request { virtual_router: usize },
    /// A router that holds it answers the client.
    Reply { virtual_router: usize, mac: MacAddr },
}

/// One segment: a switch, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Segment {
    ways: [[Way; STATIONS]; STATIONS],
    /// Stations that the switch gives no multicast to: IGMP snooping has lost their membership.
    pub(crate) snooped: u16,
    pub(crate) table: ForwardingTable,
}

impl Segment {
    fn way(&mut self, from: Station, to: Station) -> Option<&mut Way> {
        self.ways.get_mut(usize::from(from))?.get_mut(usize::from(to))
    }

    pub(crate) fn cut(&mut self, from: Station, to: Station) {
        if let Some(way) = self.way(from, to) {
            way.cut = true;
        }
    }

    /// Cuts every way between the stations in `group` and the others.
    pub(crate) fn part(&mut self, group: u16) {
        for (from, to) in pairs().filter(|(from, to)| (group & bit(*from) == 0) != (group & bit(*to) == 0)) {
            self.cut(from, to);
        }
    }

    /// Every way is open again, and the switch knows who wants multicast.
    pub(crate) fn mend(&mut self) {
        self.ways.iter_mut().flatten().for_each(|way| way.cut = false);
        self.snooped = 0;
    }

    /// Gives the ways from `from` to `to`, all stations each where there is none, their noise.
    pub(crate) fn set_noise(&mut self, from: Option<Station>, to: Option<Station>, noise: Noise) {
        let is = |wanted: Option<Station>, station| wanted.is_none_or(|wanted| wanted == station);
        for (a, b) in pairs().filter(|(a, b)| is(from, *a) && is(to, *b)) {
            if let Some(way) = self.way(a, b) {
                way.noise = noise;
            }
        }
    }

    /// Which ways are open.
    pub(crate) fn open(&self) -> Ways {
        self.ways_where(|way| !way.cut)
    }

    /// Which ways lose nothing by chance.
    pub(crate) fn clean(&self) -> Ways {
        self.ways_where(|way| way.noise.lost == 0)
    }

    fn ways_where(&self, holds: impl Fn(&Way) -> bool) -> Ways {
        let set = |row: &[Way; STATIONS]| {
            (0..16).zip(row).filter(|(_, way)| holds(way)).fold(0, |set, (to, _)| set | bit(to))
        };
        self.ways.each_ref().map(set)
    }

    /// The moments at which a frame sent now arrives: none when it is lost, two when it is doubled.
    pub(crate) fn carry(
        &mut self,
        rng: &mut Rng,
        now: Instant,
        wire: (Duration, Duration),
        (from, to): (Station, Station),
    ) -> [Option<Instant>; 2] {
        self.way(from, to).map_or([None, None], |way| way.carry(rng, now, wire))
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
