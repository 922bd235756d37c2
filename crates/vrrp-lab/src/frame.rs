use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::host::Mac;
use crate::stamp::Stamp;

const ETHERTYPE_IPV4: u16 = 0x0800;
const ETHERTYPE_ARP: u16 = 0x0806;
const ETHERTYPE_IPV6: u16 = 0x86dd;
const PROTOCOL_ICMP: u8 = 1;
const PROTOCOL_ICMPV6: u8 = 58;
const PROTOCOL_VRRP: u8 = 112;
const ICMP_ECHO_REPLY: u8 = 0;
const ICMPV6_ECHO_REPLY: u8 = 129;
const ICMPV6_NEIGHBOR_ADVERTISEMENT: u8 = 136;

/// An Ethernet frame on an interface, with the kernel's time stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// When the kernel received it, or handed it to the interface.
    pub stamp: Stamp,
    /// Whether this host sent it.
    pub outgoing: bool,
    /// Its length on the wire in bytes.
    pub length: usize,
    /// Its first bytes, all of them unless it was longer than the capture takes.
    pub bytes: Vec<u8>,
}

/// An IPv4 or IPv6 packet's header fields and payload.
#[derive(Debug, Clone, Copy)]
struct Packet<'a> {
    source: IpAddr,
    destination: IpAddr,
    protocol: u8,
    ttl: u8,
    payload: &'a [u8],
}

/// A VRRP advertisement as it is on the wire, unchecked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Vrrp<'a> {
    /// The sender's address.
    pub source: IpAddr,
    /// Where it was sent.
    pub destination: IpAddr,
    /// TTL or hop limit.
    pub ttl: u8,
    /// The version in its first byte.
    pub version: u8,
    /// The virtual router ID.
    pub vrid: u8,
    /// The priority.
    pub priority: u8,
    /// The whole VRRP message.
    pub message: &'a [u8],
}

/// An ARP message for IPv4 over Ethernet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Arp {
    /// 1 is a request, 2 a reply.
    pub operation: u16,
    /// The sender's hardware address.
    pub sender_mac: Mac,
    /// The sender's protocol address.
    pub sender_ip: Ipv4Addr,
    /// The target's hardware address.
    pub target_mac: Mac,
    /// The target's protocol address.
    pub target_ip: Ipv4Addr,
}

impl Arp {
    /// Says whether it announces an address: the sender speaks of its own (RFC 5227 §3).
    pub fn is_gratuitous(&self) -> bool {
        self.sender_ip == self.target_ip
    }
}

/// An IPv6 Neighbor Advertisement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NeighborAdvertisement {
    /// The sender's address.
    pub source: Ipv6Addr,
    /// The address it speaks of.
    pub target: Ipv6Addr,
    /// The Router flag.
    pub router: bool,
    /// The Solicited flag.
    pub solicited: bool,
    /// The Override flag.
    pub overrides: bool,
}

/// An ICMP or ICMPv6 echo reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EchoReply<'a> {
    /// Who replies.
    pub source: IpAddr,
    /// Whom to.
    pub destination: IpAddr,
    /// The identifier of the request.
    pub identifier: u16,
    /// The sequence number of the request.
    pub sequence: u16,
    /// What the request carried.
    pub data: &'a [u8],
}

impl Frame {
    /// Returns the destination MAC address.
    pub fn destination(&self) -> Option<Mac> {
        self.bytes.first_chunk().copied().map(Mac)
    }

    /// Returns the source MAC address.
    pub fn source(&self) -> Option<Mac> {
        array(&self.bytes, 6).map(Mac)
    }

    /// Returns the EtherType.
    pub fn ethertype(&self) -> Option<u16> {
        word(&self.bytes, 12)
    }

    /// Returns the VRRP message in it, over IPv4 or IPv6.
    pub fn vrrp(&self) -> Option<Vrrp<'_>> {
        let packet = self.packet().filter(|packet| packet.protocol == PROTOCOL_VRRP)?;
        let [first, vrid, priority, ..] = packet.payload else {
            return None;
        };
        Some(Vrrp {
            source: packet.source,
            destination: packet.destination,
            ttl: packet.ttl,
            version: first >> 4,
            vrid: *vrid,
            priority: *priority,
            message: packet.payload,
        })
    }

    /// Returns the ARP message in it.
    pub fn arp(&self) -> Option<Arp> {
        self.ethertype().filter(|kind| *kind == ETHERTYPE_ARP)?;
        let message = self.bytes.get(14..)?;
        Some(Arp {
            operation: word(message, 6)?,
            sender_mac: Mac(array(message, 8)?),
            sender_ip: array::<4>(message, 14)?.into(),
            target_mac: Mac(array(message, 18)?),
            target_ip: array::<4>(message, 24)?.into(),
        })
    }

    /// Returns the Neighbor Advertisement in it.
    pub fn neighbor_advertisement(&self) -> Option<NeighborAdvertisement> {
        let packet = self.packet().filter(|packet| packet.protocol == PROTOCOL_ICMPV6)?;
        let IpAddr::V6(source) = packet.source else {
            return None;
        };
        let [ICMPV6_NEIGHBOR_ADVERTISEMENT, _, _, _, flags, ..] = packet.payload else {
            return None;
        };
        Some(NeighborAdvertisement {
            source,
            target: array::<16>(packet.payload, 8)?.into(),
            router: flags & 0x80 != 0,
            solicited: flags & 0x40 != 0,
            overrides: flags & 0x20 != 0,
        })
    }

    /// Returns the echo reply in it.
    pub fn echo_reply(&self) -> Option<EchoReply<'_>> {
        let packet = self.packet()?;
        let kind = match packet.protocol {
            PROTOCOL_ICMP => ICMP_ECHO_REPLY,
            PROTOCOL_ICMPV6 => ICMPV6_ECHO_REPLY,
            _ => return None,
        };
        packet.payload.first().filter(|found| **found == kind)?;
        Some(EchoReply {
            source: packet.source,
            destination: packet.destination,
            identifier: word(packet.payload, 4)?,
            sequence: word(packet.payload, 6)?,
            data: packet.payload.get(8..)?,
        })
    }

    fn packet(&self) -> Option<Packet<'_>> {
        let packet = self.bytes.get(14..)?;
        match self.ethertype()? {
            ETHERTYPE_IPV4 => ipv4(packet),
            ETHERTYPE_IPV6 => ipv6(packet),
            _ => None,
        }
    }
}

/// Takes an IPv4 packet apart (RFC 791 §3.1).
fn ipv4(packet: &[u8]) -> Option<Packet<'_>> {
    let header = usize::from(packet.first()? & 0x0f) * 4;
    let total = usize::from(word(packet, 2)?).min(packet.len());
    Some(Packet {
        source: IpAddr::from(array::<4>(packet, 12)?),
        destination: IpAddr::from(array::<4>(packet, 16)?),
        protocol: *packet.get(9)?,
        ttl: *packet.get(8)?,
        payload: packet.get(header..total)?,
    })
}

/// Takes an IPv6 packet without extension headers apart (RFC 8200 §3).
fn ipv6(packet: &[u8]) -> Option<Packet<'_>> {
    let end = 40 + usize::from(word(packet, 4)?);
    Some(Packet {
        source: IpAddr::from(array::<16>(packet, 8)?),
        destination: IpAddr::from(array::<16>(packet, 24)?),
        protocol: *packet.get(6)?,
        ttl: *packet.get(7)?,
        payload: packet.get(40..end.min(packet.len()))?,
    })
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_be_bytes)
}
