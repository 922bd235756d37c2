use core::fmt;

use crate::{Family, Vrid};

/// An IEEE 802 MAC address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MacAddr([u8; 6]);

impl MacAddr {
    /// All stations of the LAN.
    pub const BROADCAST: Self = Self([0xff; 6]);

    /// The address with these octets.
    pub const fn new(octets: [u8; 6]) -> Self {
        Self(octets)
    }

    /// The octets in the order of the wire.
    pub const fn octets(self) -> [u8; 6] {
        self.0
    }

    /// The Virtual Router MAC Address: 00-00-5E-00-01-{VRID} for IPv4, 00-00-5E-00-02-{VRID} for IPv6
    /// (RFC 9568 §7.3).
    pub const fn virtual_router(family: Family, vrid: Vrid) -> Self {
        let block = match family {
            Family::V4 => 1,
            Family::V6 => 2,
        };
        Self([0x00, 0x00, 0x5e, 0x00, block, vrid.get()])
    }

    /// Whether it is the Virtual Router MAC Address of some virtual router.
    pub const fn is_virtual_router(self) -> bool {
        matches!(self.0, [0x00, 0x00, 0x5e, 0x00, 1 | 2, 1..=255])
    }
}

impl From<[u8; 6]> for MacAddr {
    fn from(octets: [u8; 6]) -> Self {
        Self(octets)
    }
}

impl From<MacAddr> for [u8; 6] {
    fn from(mac: MacAddr) -> Self {
        mac.0
    }
}

impl fmt::Display for MacAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}
