//! The last advertisements as they were on the wire, kept in so few octets for each virtual router that they can always be
//! kept.

use core::time::Duration;
use std::collections::VecDeque;

use vrrp_core::Instant;

/// Octets of a packet that are kept; those beyond are counted only.
const LONGEST: usize = 256;
/// Before each packet: when, how long it was, and how much of it is kept.
const HEAD: usize = 8 + 2 + 2;
/// Packets that begin with their IP header (`LINKTYPE_RAW`).
const LINK_TYPE: u32 = 101;
/// No packet here is longer.
const SNAP_LENGTH: u32 = 65_535;

/// Packets with their times, the newest that fit into a room that never grows.
#[derive(Debug)]
pub(crate) struct Ring {
    octets: VecDeque<u8>,
    room: usize,
}

impl Ring {
    /// An empty one for `room` octets, which are asked for now and never again.
    pub(crate) fn new(room: usize) -> Self {
        let room = room.max(HEAD + LONGEST);
        Self { octets: VecDeque::with_capacity(room), room }
    }

    /// Keeps a packet, whose IP header and message may lie apart, and forgets the oldest for it.
    pub(crate) fn push(&mut self, at: Instant, header: &[u8], message: &[u8]) {
        let whole = header.len() + message.len();
        let kept = whole.min(LONGEST);
        while self.octets.len() + HEAD + kept > self.room {
            self.forget_oldest();
        }
        let length = |octets: usize| u16::try_from(octets).unwrap_or(u16::MAX).to_le_bytes();
        self.octets.extend(at.as_nanos().to_le_bytes());
        self.octets.extend(length(whole));
        self.octets.extend(length(kept));
        let of_message = kept.saturating_sub(header.len());
        self.octets.extend(header.get(..kept).unwrap_or(header));
        self.octets.extend(message.get(..of_message).unwrap_or_default());
    }

    fn forget_oldest(&mut self) {
        let kept = [HEAD - 2, HEAD - 1].map(|place| self.octets.get(place).copied().unwrap_or(0));
        let end = HEAD + usize::from(u16::from_le_bytes(kept));
        self.octets.drain(..end.min(self.octets.len()));
    }
}

/// The last advertisements of all virtual routers: those received, also where they were rejected, and those sent.
///
/// Of IPv6 the kernel hands over no header: addresses and Hop Limit in it are as they were, the rest is filled in.
#[derive(Debug, Clone)]
pub struct Capture {
    /// When it was made, on the engine's clock and in nanoseconds since the Unix epoch.
    now: Instant,
    at: u64,
    octets: Vec<u8>,
}

/// One packet.
#[derive(Debug, Clone, Copy)]
struct Packet<'a> {
    at: Instant,
    whole: u16,
    octets: &'a [u8],
}

impl Capture {
    pub(crate) const fn new(now: Instant, at: u64) -> Self {
        Self { now, at, octets: Vec::new() }
    }

    pub(crate) fn add(&mut self, ring: &Ring) {
        let (older, newer) = ring.octets.as_slices();
        self.octets.extend_from_slice(older);
        self.octets.extend_from_slice(newer);
    }

    /// A pcap file with times in nanoseconds, the oldest packet first, as Wireshark and tcpdump read it. VRRPv2's passwords
    /// are left out: those packets end before them.
    pub fn to_pcap(&self) -> Vec<u8> {
        let mut packets: Vec<Packet<'_>> = self.packets().collect();
        packets.sort_by_key(|packet| packet.at);
        let mut file = Vec::with_capacity(24 + self.octets.len() + packets.len() * 4);
        file.extend(0xa1b2_3c4d_u32.to_le_bytes());
        file.extend([2_u16, 4].map(u16::to_le_bytes).as_flattened());
        file.extend([0, 0, SNAP_LENGTH, LINK_TYPE].map(u32::to_le_bytes).as_flattened());
        for packet in packets {
            let at = Duration::from_nanos(self.wall_time(packet.at));
            let seconds = u32::try_from(at.as_secs()).unwrap_or(u32::MAX);
            let octets = without_password(packet.octets);
            let kept = u32::try_from(octets.len()).unwrap_or(0);
            let head = [seconds, at.subsec_nanos(), kept, u32::from(packet.whole)];
            file.extend(head.map(u32::to_le_bytes).as_flattened());
            file.extend(octets);
        }
        file
    }

    fn packets(&self) -> impl Iterator<Item = Packet<'_>> {
        let mut rest = self.octets.as_slice();
        core::iter::from_fn(move || {
            let (at, after) = rest.split_first_chunk()?;
            let (whole, after) = after.split_first_chunk()?;
            let (kept, after) = after.split_first_chunk()?;
            let (octets, after) = after.split_at_checked(usize::from(u16::from_le_bytes(*kept)))?;
            rest = after;
            let at = Instant::from_nanos(u64::from_le_bytes(*at));
            Some(Packet { at, whole: u16::from_le_bytes(*whole), octets })
        })
    }

    fn wall_time(&self, at: Instant) -> u64 {
        let ago = u64::try_from(self.now.since(at).as_nanos()).unwrap_or(u64::MAX);
        self.at.saturating_sub(ago)
    }
}

/// A packet up to its VRRPv2 password, whether it is well formed or not.
fn without_password(packet: &[u8]) -> &[u8] {
    let header = match packet.first().map(|first| (first >> 4, usize::from(first & 0xf) * 4)) {
        Some((4, header)) => header,
        Some(_) => 40,
        None => return packet,
    };
    match packet.get(header..) {
        Some([version_type, _, _, addresses, authentication, ..]) if version_type >> 4 == 2 && *authentication != 0 => {
            let claimed = header + 8 + usize::from(*addresses) * 4;
            packet.get(..claimed.min(packet.len().saturating_sub(8))).unwrap_or_default()
        }
        Some(_) | None => packet,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: [u8; 20] = {
        let mut header = [0; 20];
        header[0] = 0x45;
        header
    };

    fn at(millis: u64) -> Instant {
        Instant::from_nanos(millis * 1_000_000)
    }

    /// What a capture of these rings, made a second after the origin, at 5 s of the Unix epoch, holds: time, length on the
    /// wire, octets.
    fn read(rings: &[&Ring]) -> Vec<(Duration, u32, Vec<u8>)> {
        let mut capture = Capture::new(at(1000), 5_000_000_000);
        rings.iter().for_each(|ring| capture.add(ring));
        let file = capture.to_pcap();
        assert_eq!(file[..4], 0xa1b2_3c4d_u32.to_le_bytes());
        assert_eq!(file[20..24], LINK_TYPE.to_le_bytes());
        let mut rest = &file[24..];
        let mut packets = Vec::new();
        while let Some((head, after)) = rest.split_first_chunk::<16>() {
            let word = |place: usize| u32::from_le_bytes(head[place..place + 4].try_into().unwrap());
            let (octets, after) = after.split_at(word(8) as usize);
            packets.push((Duration::new(word(0).into(), word(4)), word(12), octets.to_vec()));
            rest = after;
        }
        packets
    }

    #[test]
    fn packets_of_several_routers_are_in_the_order_of_their_times() {
        let (mut one, mut other) = (Ring::new(2048), Ring::new(2048));
        one.push(at(100), &HEADER, &[0x31, 7]);
        one.push(at(300), &HEADER, &[0x31, 8]);
        other.push(at(200), &HEADER, &[0x31, 9]);
        let packets = read(&[&one, &other]);
        let seen: Vec<(u128, u32, u8)> =
            packets.iter().map(|(at, whole, octets)| (at.as_millis(), *whole, octets[21])).collect();
        assert_eq!(seen, [(4100, 22, 7), (4200, 22, 9), (4300, 22, 8)]);
    }

    #[test]
    fn the_oldest_make_room_and_no_octet_is_asked_for_again() {
        let mut ring = Ring::new(2048);
        let capacity = ring.octets.capacity();
        for number in 0..=255 {
            ring.push(at(number.into()), &HEADER, &[number; 12]);
        }
        assert_eq!(ring.octets.capacity(), capacity);
        let kept: Vec<u8> = read(&[&ring]).iter().map(|(_, _, octets)| octets[20]).collect();
        assert_eq!(kept, (256 - 2048 / 44..256).map(|number| u8::try_from(number).unwrap()).collect::<Vec<_>>());
    }

    #[test]
    fn a_long_packet_is_cut_and_says_how_long_it_was() {
        let mut ring = Ring::new(0);
        ring.push(at(1), &HEADER, &[0x31; 1400]);
        ring.push(at(2), &[0x45; 300], &[]);
        let packets = read(&[&ring]);
        assert_eq!(packets.len(), 1, "there is room for one of them");
        assert_eq!((packets[0].1, packets[0].2.len()), (300, LONGEST));
    }

    #[test]
    fn a_password_is_in_no_capture() {
        let message = |addresses: u8, authentication: u8| {
            let mut message = vec![0x21, 51, 100, addresses, authentication, 1, 0, 0, 10, 0, 0, 100];
            message.extend(b"s3cret\0\0");
            message
        };
        let ends_at = |message: &[u8]| {
            let mut ring = Ring::new(2048);
            ring.push(at(1), &HEADER, message);
            let (_, whole, octets) = read(&[&ring]).remove(0);
            assert_eq!(whole, 40);
            octets.len()
        };
        assert_eq!(ends_at(&message(1, 1)), 32);
        assert_eq!(ends_at(&message(1, 0)), 40, "there is none");
        assert_eq!(ends_at(&message(9, 1)), 32, "the count is wrong");
        assert_eq!(ends_at(&message(0, 1)), 28, "the count is wrong");
    }
}
