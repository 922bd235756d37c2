//! Unsolicited Neighbor Advertisements: the frames that tell a LAN which MAC address speaks for an
//! IPv6 address (RFC 9568 §8.2.2, RFC 4861 §7.2.6), and the question whether one does.

use core::net::Ipv6Addr;

use etherparse::icmpv6::NeighborAdvertisementHeader;
use etherparse::{EtherType, Ethernet2Header, Icmpv6Header, Icmpv6Type, IpNumber, Ipv6FlowLabel, Ipv6Header};

use crate::{HOP_LIMIT, MacAddr, frame};

/// Octets of a frame: Ethernet, IPv6, and a Neighbor Advertisement with one option.
pub const FRAME_LEN: usize = Ethernet2Header::LEN + Ipv6Header::LEN + ICMP_LEN as usize;

/// Type to checksum 4, flags 4, target 16, option 8.
const ICMP_LEN: u16 = 32;

/// Every node of the link, and the Ethernet address of that group.
const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
const ALL_NODES_MAC: [u8; 6] = [0x33, 0x33, 0, 0, 0, 1];

/// Option 2, Target Link-Layer Address, of one unit of eight octets (RFC 4861 §4.6.1).
const TARGET_LINK_LAYER: [u8; 2] = [2, 1];

/// The frame with which `mac` announces `address` to all nodes: sent from `address` itself, hop limit 255,
/// Override set, Solicited clear, with the target link-layer address; `router` is the Router flag, which RFC 9568
/// sets always and keepalived where the host forwards.
pub fn unsolicited(mac: MacAddr, address: Ipv6Addr, router: bool) -> [u8; FRAME_LEN] {
    let flags = NeighborAdvertisementHeader { router, solicited: false, r#override: true };
    let mut option = address.octets().into_iter().chain(TARGET_LINK_LAYER).chain(mac.octets());
    let body: [u8; 24] = core::array::from_fn(|_| option.next().unwrap_or(0));

    let kind = Icmpv6Type::NeighborAdvertisement(flags);
    // The checksum fails for payloads beyond 4 GiB only.
    let checksum = kind.calc_checksum(address.octets(), ALL_NODES.octets(), &body).unwrap_or(0);
    let icmp = Icmpv6Header { icmp_type: kind, checksum };

    let ip = Ipv6Header {
        traffic_class: 0,
        flow_label: Ipv6FlowLabel::ZERO,
        payload_length: ICMP_LEN,
        next_header: IpNumber::IPV6_ICMP,
        hop_limit: HOP_LIMIT,
        source: address.octets(),
        destination: ALL_NODES.octets(),
    };
    let packet = ip.to_bytes().into_iter().chain(icmp.to_bytes()).chain(body);
    frame::ethernet(mac, ALL_NODES_MAC, EtherType::IPV6, packet)
}

/// Octets of the frame of a [`probe`]: Ethernet, IPv6, and a Neighbor Solicitation without options.
pub const PROBE_LEN: usize = Ethernet2Header::LEN + Ipv6Header::LEN + PROBE_ICMP_LEN as usize;

/// Type to checksum 4, reserved 4, target 16.
const PROBE_ICMP_LEN: u16 = 24;

/// The frame with which `mac` asks whether anybody has `address`, without a claim of its own: a Neighbor Solicitation
/// from the unspecified address, as duplicate address detection sends it (RFC 4862 §5.4.2). It is answered to all nodes.
pub fn probe(mac: MacAddr, address: Ipv6Addr) -> [u8; PROBE_LEN] {
    let [.., a, b, c] = address.octets();
    let group = Ipv6Addr::from([0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, a, b, c]);
    let kind = Icmpv6Type::NeighborSolicitation;
    let checksum = kind.calc_checksum([0; 16], group.octets(), &address.octets()).unwrap_or(0);
    let ip = Ipv6Header {
        traffic_class: 0,
        flow_label: Ipv6FlowLabel::ZERO,
        payload_length: PROBE_ICMP_LEN,
        next_header: IpNumber::IPV6_ICMP,
        hop_limit: HOP_LIMIT,
        source: [0; 16],
        destination: group.octets(),
    };
    let icmp = Icmpv6Header { icmp_type: kind, checksum };
    let packet = ip.to_bytes().into_iter().chain(icmp.to_bytes()).chain(address.octets());
    frame::ethernet(mac, [0x33, 0x33, 0xff, a, b, c], EtherType::IPV6, packet)
}

/// Who has which address, if `frame` is a Neighbor Advertisement. Without a target link-layer address the sender of
/// the frame has it (RFC 4861 §4.4).
pub fn answer(frame: &[u8]) -> Option<(Ipv6Addr, MacAddr)> {
    let (ethernet, rest) = Ethernet2Header::from_slice(frame).ok()?;
    let (ip, rest) = Ipv6Header::from_slice(rest).ok()?;
    let (icmp, rest) = Icmpv6Header::from_slice(rest).ok()?;
    let advertisement = matches!(icmp.icmp_type, Icmpv6Type::NeighborAdvertisement(_));
    if ip.next_header != IpNumber::IPV6_ICMP || ip.hop_limit != HOP_LIMIT || !advertisement {
        return None;
    }
    let target: [u8; 16] = rest.get(..16)?.try_into().ok()?;
    let option = rest.get(16..24).filter(|option| option.starts_with(&TARGET_LINK_LAYER));
    let mac = option.and_then(|option| option.get(2..8)?.try_into().ok()).unwrap_or(ethernet.source);
    Some((target.into(), MacAddr::new(mac)))
}
