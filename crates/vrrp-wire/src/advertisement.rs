use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{Addresses, AdverInterval, Authentication, DecodeError, EncodeError, Priority, Version, Vrid};

/// Source and destination of the IP packet that carries an advertisement: the pseudo-header's half
/// of the checksum (RFC 9568 §5.2.8). One family by construction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IpPair {
    /// Carried by IPv4.
    V4 {
        /// Source address.
        source: Ipv4Addr,
        /// Destination address.
        destination: Ipv4Addr,
    },
    /// Carried by IPv6.
    V6 {
        /// Source address.
        source: Ipv6Addr,
        /// Destination address.
        destination: Ipv6Addr,
    },
}

/// What the checksum of a VRRPv3 advertisement over IPv4 covers: implementations differ
/// (RFC 9568 §5.2.8 against RFC 5798 and the deployed base). VRRPv2 is always `Message`,
/// IPv6 always `PseudoHeader`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Coverage {
    /// The message and an IP pseudo-header: keepalived, FRR, Cisco, Juniper.
    #[default]
    PseudoHeader,
    /// The message alone: RFC 9568 over IPv4, holo.
    Message,
}

/// One ADVERTISEMENT, borrowed from the packet or from the configuration. One that came from
/// [`Advertisement::decode`] was well formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advertisement<'a> {
    /// Protocol version.
    pub version: Version,
    /// Which virtual router.
    pub vrid: Vrid,
    /// Priority of the sender.
    pub priority: Priority,
    /// The sender's advertisement interval.
    pub interval: AdverInterval,
    /// The virtual addresses, in the order of the packet.
    pub addresses: Addresses<'a>,
    /// VRRPv2's authentication; [`Authentication::None`] in VRRPv3.
    pub authentication: Authentication,
}

impl IpPair {
    /// A pair from two addresses; `None` when their families differ.
    pub const fn new(source: IpAddr, destination: IpAddr) -> Option<Self> {
        match (source, destination) {
            (IpAddr::V4(source), IpAddr::V4(destination)) => Some(Self::V4 { source, destination }),
            (IpAddr::V6(source), IpAddr::V6(destination)) => Some(Self::V6 { source, destination }),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => None,
        }
    }
}

impl<'a> Advertisement<'a> {
    /// Decodes the payload of an IP packet of protocol 112 and says which checksum form it saw.
    ///
    /// # Errors
    /// One [`DecodeError`] variant for each way in which the bytes are no advertisement.
    pub fn decode(message: &'a [u8], ip: &IpPair) -> Result<(Self, Coverage), DecodeError> {
        let _ = ip;
        Err(DecodeError::Truncated { needed: 8, had: message.len() })
    }

    /// Bytes that [`Advertisement::encode`] writes.
    pub const fn encoded_len(&self) -> usize {
        0
    }

    /// Writes the message into the head of `buf` and returns the part written.
    ///
    /// # Errors
    /// [`EncodeError`] when the version cannot carry a field, or `buf` is too small.
    pub fn encode<'b>(&self, ip: &IpPair, cover: Coverage, buf: &'b mut [u8]) -> Result<&'b [u8], EncodeError> {
        let _ = (ip, cover);
        Err(EncodeError::BufferTooSmall { needed: self.encoded_len(), had: buf.len() })
    }
}
