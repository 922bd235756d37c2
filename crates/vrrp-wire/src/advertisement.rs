use crate::{Addresses, AdverInterval, Authentication, Family, IpPair, Priority, Version, Vrid};

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

/// Octets before the address list, in both versions.
pub(crate) const FIXED_LEN: u16 = 8;

/// Octets of VRRPv2's Authentication Data.
pub(crate) const AUTHENTICATION_LEN: u16 = 8;

/// The Type of an ADVERTISEMENT, the only one there is (RFC 9568 §5.2.2).
pub(crate) const TYPE: u8 = 1;

impl Advertisement<'_> {
    /// Octets of the longest message: 255 IPv6 addresses.
    pub const MAX_LEN: usize = FIXED_LEN as usize + 255 * 16;

    /// Octets that [`Advertisement::encode`] writes.
    #[inline]
    pub const fn encoded_len(&self) -> usize {
        FIXED_LEN as usize + self.addresses.octets().len() + trailer_len(self.version) as usize
    }
}

/// Octets of one address.
pub(crate) const fn address_len(family: Family) -> u16 {
    match family {
        Family::V4 => 4,
        Family::V6 => 16,
    }
}

/// Octets after the address list.
pub(crate) const fn trailer_len(version: Version) -> u16 {
    match version {
        Version::V2 => AUTHENTICATION_LEN,
        Version::V3 => 0,
    }
}

/// What the checksum covers, where the version and the family leave no choice; `None` for VRRPv3 over IPv4.
pub(crate) const fn fixed_coverage(version: Version, ip: &IpPair) -> Option<Coverage> {
    match (version, ip) {
        (Version::V2, _) => Some(Coverage::Message),
        (Version::V3, IpPair::V6 { .. }) => Some(Coverage::PseudoHeader),
        (Version::V3, IpPair::V4 { .. }) => None,
    }
}
