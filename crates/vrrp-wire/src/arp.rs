//! Gratuitous ARP: the frames that tell a LAN which MAC address speaks for an IPv4 address
//! (RFC 9568 §8.1.2, RFC 5227 §2.3).

use core::net::Ipv4Addr;

use etherparse::{ArpEthIpv4Packet, ArpOperation, EtherType, Ethernet2Header};

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
