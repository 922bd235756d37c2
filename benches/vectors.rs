//! Advertisements captured from keepalived, one for each shape.

use core::net::{Ipv4Addr, Ipv6Addr};

use vrrp_wire::{GROUP_V4, GROUP_V6, IpPair};

/// A message and the IP packet that carried it.
#[derive(Debug, Clone, Copy)]
pub struct Vector {
    /// What a bench calls it.
    pub name: &'static str,
    /// Source and destination.
    pub ip: IpPair,
    /// The message.
    pub message: &'static [u8],
}

const IPV4: IpPair = IpPair::V4 { source: Ipv4Addr::new(10, 0, 0, 2), destination: GROUP_V4 };
const IPV6: IpPair = IpPair::V6 { source: Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 2), destination: GROUP_V6 };

/// VRRPv3 over IPv4, one address.
pub const V3_IPV4: Vector =
    Vector { name: "v3/IPv4", ip: IPV4, message: b"\x31\x0a\xff\x01\x00\x32\xda\xcc\x0a\x00\x00\x64" };

/// VRRPv3 over IPv6, two addresses.
pub const V3_IPV6: Vector = Vector {
    name: "v3/IPv6",
    ip: IPV6,
    message: b"\x31\x0b\xff\x02\x00\x64\xa5\x01\
        \xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x11\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x11",
};

/// VRRPv2 over IPv4, one address.
pub const V2_IPV4: Vector =
    Vector { name: "v2/IPv4", ip: IPV4, message: b"\x21\x0c\xff\x01\x00\x01\xd5\x8b\x0a\x00\x00\x65\0\0\0\0\0\0\0\0" };
