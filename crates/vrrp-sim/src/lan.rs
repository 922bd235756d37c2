//! The segments and what they do to a frame.

use core::net::IpAddr;
use core::time::Duration;
use std::rc::Rc;

use fastrand::Rng;
use vrrp_core::Instant;
use vrrp_wire::MacAddr;

/// A station of a segment: the routers from 0, then the client.
pub type Station = u8;

/// Room for stations on a segment.
pub(crate) const STATIONS: usize = 16;

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

/// What a segment does to frames beside taking its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Noise {
    /// Frames lost of a thousand.
    pub lost: u16,
    /// Frames doubled of a thousand.
    pub doubled: u16,
    /// Frames held back of a thousand, each for up to [`Noise::held_for`]: others overtake them.
    pub held: u16,
    /// For how long.
    pub held_for: Duration,
}

/// One segment: a switch, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Segment {
    /// Bit `to` of `cut[from]`: nothing passes from the one to the other.
    cut: [u16; STATIONS],
    noise: Noise,
    /// When the last frame from one station to another arrives: the next does not overtake it.
    last: Vec<(Station, Station, Instant)>,
}

impl Segment {
    pub(crate) fn set(&mut self, from: Station, to: Station, open: bool) {
        if let Some(cut) = self.cut.get_mut(usize::from(from)) {
            if open {
                *cut &= !bit(to);
            } else {
                *cut |= bit(to);
            }
        }
    }

    /// Cuts every way between the stations in `group` and the others.
    pub(crate) fn part(&mut self, group: u16) {
        for from in 0..16 {
            let others = if group & bit(from) == 0 { group } else { !group };
            if let Some(cut) = self.cut.get_mut(usize::from(from)) {
                *cut |= others;
            }
        }
    }

    pub(crate) fn mend(&mut self) {
        self.cut = [0; STATIONS];
    }

    pub(crate) const fn set_noise(&mut self, noise: Noise) {
        self.noise = noise;
    }

    pub(crate) const fn noise(&self) -> Noise {
        self.noise
    }

    /// The stations that hear `from`.
    pub(crate) fn heard_by(&self, from: Station) -> u16 {
        !self.cut.get(usize::from(from)).copied().unwrap_or(u16::MAX)
    }

    /// The moments at which a frame sent now arrives: none when it is lost, two when it is doubled.
    pub(crate) fn carry(
        &mut self,
        rng: &mut Rng,
        now: Instant,
        wire: (Duration, Duration),
        (from, to): (Station, Station),
    ) -> [Option<Instant>; 2] {
        if self.heard_by(from) & bit(to) == 0 || chance(rng, self.noise.lost) {
            return [None, None];
        }
        let mut arrives = now + between(rng, wire);
        if chance(rng, self.noise.held) {
            arrives = arrives + between(rng, (Duration::ZERO, self.noise.held_for));
        } else {
            arrives = self.in_order(from, to, arrives);
        }
        let again = chance(rng, self.noise.doubled).then(|| arrives + between(rng, wire));
        [Some(arrives), again]
    }

    fn in_order(&mut self, from: Station, to: Station, arrives: Instant) -> Instant {
        match self.last.iter_mut().find(|(a, b, _)| (*a, *b) == (from, to)) {
            Some((_, _, last)) => {
                *last = arrives.max(*last);
                *last
            }
            None => {
                self.last.push((from, to, arrives));
                arrives
            }
        }
    }
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
