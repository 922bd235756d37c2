//! Gratuitous ARP: the frames that tell a LAN which MAC address speaks for an IPv4 address
//! (RFC 9568 §8.1.2, RFC 5227 §2.3), and the question whether one does.

use core::net::Ipv4Addr;

use etherparse::{ArpEthIpv4Packet, ArpOperation, ArpPacketSlice, EtherType, Ethernet2Header};

use crate::{MacAddr, frame};

/// Octets of a frame, without the padding that the network adapter adds.
pub const FRAME_LEN: usize = Ethernet2Header::LEN + ArpEthIpv4Packet::LEN;

/// The two forms of a gratuitous ARP. Neighbours differ in which of them moves an entry: send both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArpForm {
    /// Operation 1 with the target hardware address ff:ff:ff:ff:ff:ff, as keepalived sends it. A former
    /// holder that still has the address answers it, and may so take the address back.
    Request,
    /// Operation 2 with the target hardware address of the sender: Linux takes a reply for
    /// gratuitous only so, and then moves an entry that is still locked by its `locktime`. Nobody answers it.
    Reply,
}

/// The frame with which `mac` announces `address` to every station: broadcast, sender and target
/// protocol address both `address`.
pub fn gratuitous(mac: MacAddr, address: Ipv4Addr, form: ArpForm) -> [u8; FRAME_LEN] {
    let (operation, target) = match form {
        ArpForm::Request => (ArpOperation::REQUEST, MacAddr::BROADCAST),
        ArpForm::Reply => (ArpOperation::REPLY, mac),
    };
    let packet = ArpEthIpv4Packet {
        operation,
        sender_mac: mac.octets(),
        sender_ipv4: address.octets(),
        target_mac: target.octets(),
        target_ipv4: address.octets(),
    };
    frame::ethernet(mac, MacAddr::BROADCAST.octets(), EtherType::ARP, packet.to_bytes())
}

/// The frame with which `mac` asks whether anybody has `address`, without a claim of its own: an ARP probe
/// (RFC 5227 §1.1), whose sender protocol address is zero so that no cache is changed by it.
pub fn probe(mac: MacAddr, address: Ipv4Addr) -> [u8; FRAME_LEN] {
    let packet = ArpEthIpv4Packet {
        operation: ArpOperation::REQUEST,
        sender_mac: mac.octets(),
        sender_ipv4: Ipv4Addr::UNSPECIFIED.octets(),
        target_mac: [0; 6],
        target_ipv4: address.octets(),
    };
    frame::ethernet(mac, MacAddr::BROADCAST.octets(), EtherType::ARP, packet.to_bytes())
}

/// Who has which address, if `frame` is an ARP reply.
pub fn answer(frame: &[u8]) -> Option<(Ipv4Addr, MacAddr)> {
    let packet = packet(frame).filter(|packet| packet.operation() == ArpOperation::REPLY)?;
    sender(&packet)
}

/// Who announces which address, if `frame` is a gratuitous ARP in either form ([`ArpForm`]).
pub fn announcement(frame: &[u8]) -> Option<(Ipv4Addr, MacAddr)> {
    let packet = packet(frame).filter(|packet| packet.sender_protocol_addr() == packet.target_protocol_addr())?;
    sender(&packet)
}

fn packet(frame: &[u8]) -> Option<ArpPacketSlice<'_>> {
    ArpPacketSlice::from_slice(frame.get(Ethernet2Header::LEN..)?).ok()
}

fn sender(packet: &ArpPacketSlice<'_>) -> Option<(Ipv4Addr, MacAddr)> {
    let address: [u8; 4] = packet.sender_protocol_addr().try_into().ok()?;
    let mac: [u8; 6] = packet.sender_hw_addr().try_into().ok()?;
    Some((address.into(), mac.into()))
}
