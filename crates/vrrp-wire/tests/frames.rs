//! The frames that announce addresses, and the IPv4 header, read back with etherparse.
#![expect(clippy::unwrap_used, clippy::panic, reason = "functions that tests share")]

use core::net::{Ipv4Addr, Ipv6Addr};

use etherparse::{ArpOperation, EtherType, Icmpv6Slice, Icmpv6Type, LinkSlice, NetSlice, SlicedPacket};
use vrrp_wire::arp::{self, ArpForm};
use vrrp_wire::ipv4::Ipv4Packet;
use vrrp_wire::{Family, GROUP_V4, HOP_LIMIT, MacAddr, PROTOCOL, PacketError, Vrid, ipv4, ndp};

const MAC: MacAddr = MacAddr::new([0x02, 0, 0, 0, 0, 0x0a]);
const V4: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 100);
const V6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x11);

fn ethernet(frame: &[u8]) -> (SlicedPacket<'_>, [u8; 6], [u8; 6], EtherType) {
    let packet = SlicedPacket::from_ethernet(frame).unwrap();
    let Some(LinkSlice::Ethernet2(link)) = &packet.link else { panic!("no Ethernet header") };
    let (source, destination, ether_type) = (link.source(), link.destination(), link.ether_type());
    (packet, source, destination, ether_type)
}

fn arp_of(frame: &[u8]) -> etherparse::ArpEthIpv4Packet {
    let (packet, source, destination, ether_type) = ethernet(frame);
    assert_eq!((source, destination, ether_type), (MAC.octets(), [0xff; 6], EtherType::ARP));
    let Some(NetSlice::Arp(arp)) = packet.net else { panic!("no ARP packet") };
    arp.to_packet().try_eth_ipv4().unwrap()
}

#[test]
fn frames_are_as_long_as_what_they_carry() {
    assert_eq!(arp::gratuitous(MAC, V4, ArpForm::Reply).len(), 42);
    assert_eq!(arp::probe(MAC, V4).len(), 42);
    assert_eq!(ndp::unsolicited(MAC, V6, true).len(), 86);
    assert_eq!(ndp::probe(MAC, V6).len(), 78);
}

#[test]
fn a_gratuitous_request_is_keepalived_s() {
    let arp = arp_of(&arp::gratuitous(MAC, V4, ArpForm::Request));
    assert_eq!(arp.operation, ArpOperation::REQUEST);
    assert_eq!((arp.sender_mac, arp.target_mac), (MAC.octets(), [0xff; 6]));
    assert_eq!((arp.sender_ipv4_addr(), arp.target_ipv4_addr()), (V4, V4));
}

#[test]
fn a_gratuitous_reply_is_one_that_linux_takes_for_gratuitous() {
    let arp = arp_of(&arp::gratuitous(MAC, V4, ArpForm::Reply));
    assert_eq!(arp.operation, ArpOperation::REPLY);
    assert_eq!(arp.target_mac, arp.sender_mac);
    assert_eq!((arp.sender_ipv4_addr(), arp.target_ipv4_addr()), (V4, V4));
}

#[test]
fn an_unsolicited_neighbor_advertisement_overrides() {
    for router in [false, true] {
        let frame = ndp::unsolicited(MAC, V6, router);
        let (packet, source, destination, _) = ethernet(&frame);
        assert_eq!((source, destination), (MAC.octets(), [0x33, 0x33, 0, 0, 0, 1]));
        let Some(NetSlice::Ipv6(ip)) = packet.net else { panic!("no IPv6 packet") };
        assert_eq!(ip.header().source_addr(), V6);
        assert_eq!(ip.header().destination_addr(), "ff02::1".parse::<Ipv6Addr>().unwrap());
        assert_eq!(ip.header().hop_limit(), HOP_LIMIT);

        let icmp = Icmpv6Slice::from_slice(ip.payload().payload).unwrap();
        assert!(icmp.is_checksum_valid(ip.header().source(), ip.header().destination()));
        let Icmpv6Type::NeighborAdvertisement(flags) = icmp.icmp_type() else { panic!("no advertisement") };
        assert_eq!((flags.router, flags.solicited, flags.r#override), (router, false, true));
        let (target, option) = icmp.payload().split_at(16);
        assert_eq!(target, V6.octets());
        assert_eq!(option, [[2, 1].as_slice(), &MAC.octets()].concat());
    }
}

/// ledger: tx-src-mac
#[test]
fn virtual_router_addresses_carry_family_and_vrid() {
    let vrid = Vrid::new(51).unwrap();
    assert_eq!(MacAddr::virtual_router(Family::V4, vrid).to_string(), "00:00:5e:00:01:33");
    assert_eq!(MacAddr::virtual_router(Family::V6, vrid).to_string(), "00:00:5e:00:02:33");
    assert_eq!(<[u8; 6]>::from(MacAddr::virtual_router(Family::V4, vrid)), [0, 0, 0x5e, 0, 1, 0x33]);
    assert!(MacAddr::virtual_router(Family::V6, vrid).is_virtual_router());
    assert!(!MAC.is_virtual_router());
    assert!(!MacAddr::new([0, 0, 0x5e, 0, 1, 0]).is_virtual_router());
    assert!(!MacAddr::new([0, 0, 0x5e, 0, 3, 1]).is_virtual_router());
}

fn packet(payload: &[u8]) -> Vec<u8> {
    let len = u16::try_from(payload.len()).unwrap();
    let mut packet = ipv4::header(Ipv4Addr::new(10, 0, 0, 2), GROUP_V4, HOP_LIMIT, 7, len).to_vec();
    packet.extend(payload);
    packet
}

/// ledger: tx-ttl, tx-group
#[test]
fn the_ipv4_header_is_keepalived_s() {
    let packet = packet(&[1; 12]);
    let expected = [0x45, 0xc0, 0, 32, 0, 7, 0, 0, 255, 112];
    assert_eq!(packet[..10], expected);
    let (header, _) = etherparse::Ipv4Header::from_slice(&packet).unwrap();
    assert_eq!(header.header_checksum, header.calc_header_checksum());
    assert_eq!(packet[12..20], [10, 0, 0, 2, 224, 0, 0, 18]);
    let full = ipv4::header(Ipv4Addr::LOCALHOST, GROUP_V4, 1, 0, u16::MAX);
    assert_eq!(full[2..4], [0xff, 0xff]);
}

#[test]
fn a_packet_is_split_at_its_own_lengths() {
    let mut bytes = packet(&[9; 12]);
    bytes.extend([0; 14]);
    let expected = Ipv4Packet {
        source: Ipv4Addr::new(10, 0, 0, 2),
        destination: GROUP_V4,
        ttl: HOP_LIMIT,
        protocol: PROTOCOL,
        payload: &[9; 12],
    };
    assert_eq!(ipv4::split(&bytes), Ok(expected));

    let mut with_options = packet(&[9; 12]);
    with_options[0] = 0x46;
    with_options[3] += 4;
    with_options.splice(20..20, [0x94, 4, 0, 0]);
    assert_eq!(ipv4::split(&with_options), Ok(expected));
}

#[test]
fn a_packet_that_ends_with_its_header_has_an_empty_payload() {
    assert_eq!(ipv4::split(&packet(&[])).map(|packet| packet.payload.len()), Ok(0));
}

#[test]
fn what_is_no_whole_ipv4_packet_is_refused_with_its_numbers() {
    let sound = packet(&[9; 12]);
    let with = |at: usize, octet: u8| {
        let mut bytes = sound.clone();
        bytes[at] = octet;
        ipv4::split(&bytes).map(|packet| packet.payload.to_vec())
    };
    assert_eq!(ipv4::split(&sound[..19]), Err(PacketError::Truncated { needed: 20, had: 19 }));
    assert_eq!(ipv4::split(&sound[..31]), Err(PacketError::Truncated { needed: 32, had: 31 }));
    assert_eq!(with(0, 0x4f), Err(PacketError::Truncated { needed: 60, had: 32 }));
    assert_eq!(with(0, 0x65), Err(PacketError::Version { received: 6 }));
    assert_eq!(with(0, 0x44), Err(PacketError::HeaderLength { words: 4 }));
    assert_eq!(with(3, 19), Err(PacketError::TotalLength { header: 20, total: 19 }));
    assert_eq!(with(6, 0x20), Err(PacketError::Fragment));
    assert_eq!(with(7, 1), Err(PacketError::Fragment));
    assert_eq!(with(6, 0x40), Ok(vec![9; 12]));
}

#[test]
fn an_arp_probe_claims_nothing_and_its_reply_names_the_holder() {
    let (asker, holder) = (MacAddr::new([2, 0, 0, 0, 0, 1]), [2, 0, 0, 0, 0, 2]);
    let probe = arp::probe(asker, [192, 0, 2, 10].into());
    assert_eq!(probe[28..32], [0; 4], "the sender's protocol address");
    assert_eq!(arp::answer(&probe), None, "a question is no answer");
    assert_eq!(arp::announcement(&probe), None, "nor an announcement");
    let mut reply = probe;
    reply[21] = 2;
    reply[22..28].copy_from_slice(&holder);
    reply[28..32].copy_from_slice(&[192, 0, 2, 10]);
    reply[38..42].fill(0);
    assert_eq!(arp::answer(&reply), Some(([192, 0, 2, 10].into(), MacAddr::new(holder))));
    assert_eq!(arp::announcement(&reply), None, "an answer to one is no announcement to all");
    for form in [ArpForm::Request, ArpForm::Reply] {
        let frame = arp::gratuitous(asker, [192, 0, 2, 10].into(), form);
        assert_eq!(arp::announcement(&frame), Some(([192, 0, 2, 10].into(), asker)));
    }
    assert_eq!(arp::answer(&reply[..30]), None, "cut short");
}

#[test]
fn a_neighbor_probe_comes_from_nobody_and_an_advertisement_answers_it() {
    let mac = MacAddr::new([2, 0, 0, 0, 0, 1]);
    let address: Ipv6Addr = "fd00::10".parse().unwrap();
    let probe = ndp::probe(mac, address);
    assert_eq!(probe[..6], [0x33, 0x33, 0xff, 0, 0, 0x10], "the solicited-node group");
    let (packet, ..) = ethernet(&probe);
    let Some(NetSlice::Ipv6(ip)) = packet.net else { panic!("no IPv6 packet") };
    assert_eq!(ip.header().source_addr(), Ipv6Addr::UNSPECIFIED);
    let icmp = Icmpv6Slice::from_slice(ip.payload().payload).unwrap();
    assert!(icmp.is_checksum_valid(ip.header().source(), ip.header().destination()));
    assert_eq!(icmp.payload(), address.octets(), "it asks for the address");
    assert_eq!(ndp::answer(&probe), None, "a question is no answer");
    assert_eq!(ndp::answer(&ndp::unsolicited(mac, address, true)), Some((address, mac)));
    assert_eq!(ndp::answer(&ndp::unsolicited(mac, address, true)[..60]), None, "cut short");
}

#[test]
fn an_advertisement_that_a_router_may_have_forwarded_answers_nothing() {
    let genuine = ndp::unsolicited(MAC, V6, true);
    let mut forwarded = genuine;
    forwarded[21] = HOP_LIMIT - 1;
    assert_eq!(ndp::answer(&forwarded), None, "RFC 4861 §7.1.2");
    let mut other_protocol = genuine;
    other_protocol[20] = 17;
    assert_eq!(ndp::answer(&other_protocol), None, "UDP that looks like ICMPv6");
}

#[test]
fn without_a_link_layer_address_the_sender_of_the_frame_has_the_address() {
    let mut frame = ndp::unsolicited(MAC, V6, true);
    let sender = MacAddr::new([2, 0, 0, 0, 0, 0x0b]);
    frame[6..12].copy_from_slice(&sender.octets());
    assert_eq!(ndp::answer(&frame), Some((V6, MAC)));
    frame[78] = 1;
    assert_eq!(ndp::answer(&frame), Some((V6, sender)), "option 1 is the source's");
}
