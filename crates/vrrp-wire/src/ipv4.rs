//! The IPv4 header before an advertisement: a raw socket hands it over on receipt, and takes one with
//! `IP_HDRINCL` on sending. IPv6 raw sockets do neither.

use core::net::Ipv4Addr;

use etherparse::err::ipv4::{HeaderError, HeaderSliceError};
use etherparse::{IpDscp, IpNumber, Ipv4Header, Ipv4HeaderSlice};

use crate::{IpPair, PROTOCOL, PacketError, TRAFFIC_CLASS};

/// Octets of a header without options.
pub const HEADER_LEN: usize = Ipv4Header::MIN_LEN;

/// A received IPv4 packet, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ipv4Packet<'a> {
    /// Source address.
    pub source: Ipv4Addr,
    /// Destination address.
    pub destination: Ipv4Addr,
    /// Time to Live.
    pub ttl: u8,
    /// Protocol number of the payload.
    pub protocol: u8,
    /// What follows the header and its options, up to the total length.
    pub payload: &'a [u8],
}

impl Ipv4Packet<'_> {
    /// The addresses as the checksum of the payload wants them.
    pub const fn ip(&self) -> IpPair {
        IpPair::V4 { source: self.source, destination: self.destination }
    }
}

/// The header of an advertisement of `payload_len` octets, as keepalived sends it: TOS 0xC0, may be
/// fragmented, no options, protocol 112. The total length is cut at 65535, far beyond any message; Linux
/// writes total length and checksum itself, and the identification where it is 0.
pub fn header(
    source: Ipv4Addr,
    destination: Ipv4Addr,
    ttl: u8,
    identification: u16,
    payload_len: u16,
) -> [u8; HEADER_LEN] {
    let mut header = Ipv4Header {
        dscp: IpDscp::try_new(TRAFFIC_CLASS >> 2).unwrap_or(IpDscp::ZERO),
        total_len: Ipv4Header::MIN_LEN_U16.saturating_add(payload_len),
        identification,
        dont_fragment: false,
        time_to_live: ttl,
        protocol: IpNumber(PROTOCOL),
        source: source.octets(),
        destination: destination.octets(),
        ..Ipv4Header::default()
    };
    header.header_checksum = header.calc_header_checksum();
    let mut octets = header.to_bytes().into_iter();
    core::array::from_fn(|_| octets.next().unwrap_or(0))
}

/// Takes a packet as a raw socket or a packet socket delivers it apart. Options are passed over, octets beyond the
/// total length (Ethernet padding) cut off; the header's checksum is left to the kernel.
///
/// # Errors
/// [`PacketError`] when the bytes are no whole IPv4 packet, or part of one.
pub fn split(packet: &[u8]) -> Result<Ipv4Packet<'_>, PacketError> {
    let header = Ipv4HeaderSlice::from_slice(packet).map_err(|error| match error {
        HeaderSliceError::Len(len) => PacketError::Truncated { needed: len.required_len, had: len.len },
        HeaderSliceError::Content(HeaderError::UnexpectedVersion { version_number }) => {
            PacketError::Version { received: version_number }
        }
        HeaderSliceError::Content(HeaderError::HeaderLengthSmallerThanHeader { ihl }) => {
            PacketError::HeaderLength { words: ihl }
        }
    })?;
    if header.is_fragmenting_payload() {
        return Err(PacketError::Fragment);
    }
    let (start, total) = (header.slice().len(), header.total_len());
    let end = usize::from(total);
    if end < start {
        return Err(PacketError::TotalLength { header: start, total });
    }
    let payload = packet.get(start..end).ok_or(PacketError::Truncated { needed: end, had: packet.len() })?;
    Ok(Ipv4Packet {
        source: header.source_addr(),
        destination: header.destination_addr(),
        ttl: header.ttl(),
        protocol: header.protocol().0,
        payload,
    })
}
