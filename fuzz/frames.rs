use core::net::IpAddr;

use etherparse::{ArpOperation, EtherType, Icmpv6Type, LinkSlice, NetSlice, SlicedPacket, TransportSlice};
use vrrp_wire::{MacAddr, arp, ipv4, ndp};

/// Frames of a stranger: nothing panics, who is said to answer is who etherparse's whole reading of the frame names, and
/// frames of our own are read as what they say.
///
/// # Panics
/// When one of these does not hold.
pub fn frames(data: &[u8]) {
    let heard = [
        arp::answer(data).map(|(address, mac)| (IpAddr::from(address), mac)),
        ndp::answer(data).map(|(address, mac)| (IpAddr::from(address), mac)),
    ];
    for (address, mac) in heard.into_iter().flatten() {
        if let Some(read) = whole(data) {
            assert_eq!(read, (address, mac));
        }
    }
    if let Ok(packet) = ipv4::split(data) {
        assert!(packet.payload.len() <= data.len().saturating_sub(20), "more than came");
    }
    ours(data);
}

/// What a frame that is sound in every layer answers.
fn whole(frame: &[u8]) -> Option<(IpAddr, MacAddr)> {
    let packet = SlicedPacket::from_ethernet(frame).ok()?;
    let Some(LinkSlice::Ethernet2(link)) = &packet.link else { return None };
    match (&packet.net, &packet.transport) {
        (Some(NetSlice::Arp(arp)), _) if link.ether_type() == EtherType::ARP => {
            let arp = arp.to_packet().try_eth_ipv4().ok()?;
            let reply = arp.operation == ArpOperation::REPLY;
            reply.then(|| (arp.sender_ipv4_addr().into(), MacAddr::new(arp.sender_mac)))
        }
        (Some(NetSlice::Ipv6(ip)), Some(TransportSlice::Icmpv6(icmp))) => {
            let plain = ip.extensions().is_empty() && ip.header().hop_limit() == 255;
            let Icmpv6Type::NeighborAdvertisement(_) = icmp.icmp_type() else { return None };
            let (target, options) = icmp.payload().split_first_chunk::<16>().filter(|_| plain)?;
            // Octets beyond the packet are the link's padding, in which no option may be looked for.
            let mac = match options {
                [2, 1, a, b, c, d, e, f, ..] => [*a, *b, *c, *d, *e, *f],
                _ if options.len() >= 8 || frame.len() <= 54 + 24 => link.source(),
                _ => return None,
            };
            Some(((*target).into(), MacAddr::new(mac)))
        }
        _ => None,
    }
}

/// Our own announcements and probes, of whatever addresses the bytes make.
fn ours(data: &[u8]) {
    let Some((mac, rest)) = data.split_first_chunk::<6>() else { return };
    let mac = MacAddr::new(*mac);
    if let Some(address) = rest.first_chunk::<4>() {
        let address = (*address).into();
        let reply = arp::gratuitous(mac, address, arp::ArpForm::Reply);
        assert_eq!(arp::answer(&reply), Some((address, mac)));
        assert_eq!(whole(&reply), Some((address.into(), mac)));
        assert_eq!(arp::answer(&arp::probe(mac, address)), None);
    }
    if let Some(address) = rest.first_chunk::<16>() {
        let address = (*address).into();
        let announcement = ndp::unsolicited(mac, address, rest.len().is_multiple_of(2));
        assert_eq!(ndp::answer(&announcement), Some((address, mac)));
        assert_eq!(whole(&announcement), Some((address.into(), mac)));
        assert_eq!(ndp::answer(&ndp::probe(mac, address)), None);
    }
}
