use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::Family;

/// The IPv4 group that advertisements are sent to (RFC 9568 §5.1.1.2).
pub const GROUP_V4: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 18);

/// The IPv6 group that advertisements are sent to (RFC 9568 §5.1.2.2).
pub const GROUP_V6: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x12);

/// The IP protocol number, or IPv6 next header, of VRRP (RFC 9568 §5.1.1.4).
pub const PROTOCOL: u8 = 112;

/// The TTL or Hop Limit of every multicast advertisement (RFC 9568 §5.1.1.3).
pub const HOP_LIMIT: u8 = 255;

/// The TOS or traffic class that keepalived gives its advertisements: precedence Internetwork Control.
pub const TRAFFIC_CLASS: u8 = 0xc0;

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

impl IpPair {
    /// A pair from two addresses; `None` when their families differ.
    pub const fn new(source: IpAddr, destination: IpAddr) -> Option<Self> {
        match (source, destination) {
            (IpAddr::V4(source), IpAddr::V4(destination)) => Some(Self::V4 { source, destination }),
            (IpAddr::V6(source), IpAddr::V6(destination)) => Some(Self::V6 { source, destination }),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => None,
        }
    }

    /// A packet from `source` to the VRRP group of its family.
    pub const fn multicast(source: IpAddr) -> Self {
        match source {
            IpAddr::V4(source) => Self::V4 { source, destination: GROUP_V4 },
            IpAddr::V6(source) => Self::V6 { source, destination: GROUP_V6 },
        }
    }

    /// The family of both.
    pub const fn family(&self) -> Family {
        match self {
            Self::V4 { .. } => Family::V4,
            Self::V6 { .. } => Family::V6,
        }
    }

    /// The source address.
    pub const fn source(&self) -> IpAddr {
        match *self {
            Self::V4 { source, .. } => IpAddr::V4(source),
            Self::V6 { source, .. } => IpAddr::V6(source),
        }
    }

    /// The destination address.
    pub const fn destination(&self) -> IpAddr {
        match *self {
            Self::V4 { destination, .. } => IpAddr::V4(destination),
            Self::V6 { destination, .. } => IpAddr::V6(destination),
        }
    }
}
