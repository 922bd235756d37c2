#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a second reading, as plain as can be, of octets it has counted"
)]

use core::net::IpAddr;

use etherparse::{IpNumber, Ipv4Header, Ipv4Slice, Ipv6Slice};
use vrrp_wire::{Advertisement, Authentication, Coverage, IpPair, Version, ipv4};

/// What an advertisement says, by arithmetic.
#[derive(Debug, PartialEq, Eq)]
struct Reading {
    version: u8,
    vrid: u8,
    priority: u8,
    centis: u16,
    addresses: Vec<IpAddr>,
    auth: (u8, [u8; 8]),
    pseudo_header: bool,
}

/// A whole packet, read by us and a second time by etherparse and plain arithmetic: both take it as the same
/// advertisement, or neither takes it.
///
/// The first byte chooses: bit 0 IPv6, bits 1 and 2 a checksum put right first, with or without the pseudo-header, bit 3 an
/// IPv4 header made around the rest, whose first eight octets are then the addresses.
///
/// # Panics
/// When the readings differ.
pub fn differential(data: &[u8]) {
    let Some((&choice, rest)) = data.split_first() else { return };
    let mut packet = rest.to_vec();
    if choice & 9 == 8 {
        let Some((&[a, b, c, d, e, f, g, h], message)) = rest.split_first_chunk() else { return };
        let Ok(len) = u16::try_from(message.len()) else { return };
        let Ok(header) = Ipv4Header::new(len, 255, IpNumber(112), [a, b, c, d], [e, f, g, h]) else { return };
        packet = [&header.to_bytes()[..], message].concat();
    }
    if choice & 6 != 0 {
        seal(&mut packet, choice & 1 != 0, choice & 2 != 0);
    }
    let ours = if choice & 1 == 0 { ours_v4(&packet) } else { ours_v6(&packet) };
    let theirs = carried(&packet, choice & 1 != 0).and_then(|(ip, message)| read(ip, message));
    assert_eq!(ours, theirs);
}

fn ours_v4(packet: &[u8]) -> Option<Reading> {
    let packet = ipv4::split(packet).ok().filter(|packet| packet.protocol == 112)?;
    decoded(&IpPair::V4 { source: packet.source, destination: packet.destination }, packet.payload)
}

/// The kernel takes the header of an IPv6 packet off.
fn ours_v6(packet: &[u8]) -> Option<Reading> {
    let ((source, destination), message) = carried(packet, true)?;
    decoded(&IpPair::new(source, destination)?, message)
}

fn decoded(ip: &IpPair, message: &[u8]) -> Option<Reading> {
    let (advertisement, coverage) = Advertisement::decode(message, ip).ok()?;
    Some(Reading {
        version: if advertisement.version == Version::V2 { 2 } else { 3 },
        vrid: advertisement.vrid.get(),
        priority: advertisement.priority.get(),
        centis: u16::try_from(advertisement.interval.duration().as_millis() / 10).unwrap_or(0),
        addresses: advertisement.addresses.iter().collect(),
        auth: match advertisement.authentication {
            Authentication::None => (0, [0; 8]),
            Authentication::Simple(data) => (1, data),
            Authentication::Other(number) => (number, [0; 8]),
        },
        pseudo_header: coverage == Coverage::PseudoHeader,
    })
}

/// Addresses and message of a packet, by etherparse.
fn carried(packet: &[u8], v6: bool) -> Option<((IpAddr, IpAddr), &[u8])> {
    if v6 {
        let packet = Ipv6Slice::from_slice(packet).ok()?;
        let (header, payload) = (packet.header(), packet.payload());
        let plain = header.next_header() == IpNumber(112) && header.payload_length() > 0;
        return plain.then(|| ((header.source_addr().into(), header.destination_addr().into()), payload.payload));
    }
    let packet = Ipv4Slice::from_slice(packet).ok()?;
    let (header, payload) = (packet.header(), packet.payload());
    let plain = header.protocol() == IpNumber(112) && !payload.fragmented;
    plain.then(|| ((header.source_addr().into(), header.destination_addr().into()), payload.payload))
}

/// RFC 9568 §5.2 and RFC 3768 §5.3, octet by octet.
fn read((source, destination): (IpAddr, IpAddr), message: &[u8]) -> Option<Reading> {
    if message.len() < 8 || message[0] & 15 != 1 {
        return None;
    }
    let (version, count) = (message[0] >> 4, usize::from(message[3]));
    let size = if source.is_ipv6() { 16 } else { 4 };
    let trailer = if version == 2 { 8 } else { 0 };
    let sound = version == 3 || version == 2 && !source.is_ipv6();
    if !sound || count == 0 || message[1] == 0 || message.len() != 8 + count * size + trailer {
        return None;
    }
    let with = zero(sum(message) + pseudo_header(source, destination, message.len()));
    let alone = zero(sum(message));
    let pseudo_header = with && version == 3;
    let verifies = pseudo_header || alone && !source.is_ipv6();
    if !verifies {
        return None;
    }
    let centis = if version == 2 {
        u16::from(message[5]) * 100
    } else {
        u16::from(message[4] & 15) * 256 + u16::from(message[5])
    };
    let list = message[8..8 + count * size].chunks(size);
    let auth_type = if version == 2 { message[4] } else { 0 };
    let mut auth = [0; 8];
    if auth_type == 1 {
        auth.copy_from_slice(&message[message.len() - 8..]);
    }
    (centis != 0).then(|| Reading {
        version,
        vrid: message[1],
        priority: message[2],
        centis,
        addresses: list.map(address).collect(),
        auth: (auth_type, auth),
        pseudo_header,
    })
}

fn address(octets: &[u8]) -> IpAddr {
    let four = <[u8; 4]>::try_from(octets).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(octets).map(IpAddr::from)).unwrap_or_else(|_| panic!("4 or 16 octets"))
}

/// Big-endian words, the last one padded with zero.
fn sum(octets: &[u8]) -> u64 {
    octets.iter().enumerate().map(|(at, octet)| u64::from(*octet) << if at % 2 == 0 { 8 } else { 0 }).sum()
}

fn pseudo_header(source: IpAddr, destination: IpAddr, len: usize) -> u64 {
    let of = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => sum(&ip.octets()),
        IpAddr::V6(ip) => sum(&ip.octets()),
    };
    of(source) + of(destination) + 112 + u64::try_from(len).unwrap_or(0)
}

/// Whether a ones' complement sum is zero, of which there are two: a sum of words is it where 65535 divides it.
const fn zero(sum: u64) -> bool {
    sum.is_multiple_of(65_535)
}

/// Puts the checksum right, in one form or the other.
fn seal(packet: &mut [u8], v6: bool, with_pseudo_header: bool) {
    let Some((ip, message)) = carried(packet, v6) else { return };
    if message.len() < 8 {
        return;
    }
    let (start, len) = (message.as_ptr().addr() - packet.as_ptr().addr(), message.len());
    packet[start + 6..start + 8].fill(0);
    let mut total = sum(&packet[start..start + len]);
    if with_pseudo_header {
        total += pseudo_header(ip.0, ip.1, len);
    }
    let field = 65_535 - u16::try_from(total % 65_535).unwrap_or(0);
    packet[start + 6..start + 8].copy_from_slice(&field.to_be_bytes());
}
