//! The last advertisements as a capture that Wireshark and tcpdump read.

use core::net::IpAddr;

use vrrp_control::{Arrival, Family, RouterStatus, Status};
use vrrp_wire::{
    Addresses, AdverInterval, Advertisement, Authentication, Coverage, HOP_LIMIT, IpPair, PROTOCOL, Priority, Version,
    Vrid, ipv4,
};

use crate::render::since_epoch;

/// Packets that begin with their IP header (`LINKTYPE_RAW`).
const LINK_TYPE: u32 = 101;
/// No packet here is longer.
const SNAP_LENGTH: u32 = 65_535;

/// A capture of all advertisements that the status holds, the oldest first. What the daemon keeps of each (when, from
/// whom, which priority) is as heard; the rest is filled in from the virtual router.
pub(super) fn capture(status: &Status) -> Vec<u8> {
    let mut arrivals: Vec<(Arrival, &RouterStatus)> = Vec::new();
    for router in &status.routers {
        let evidence = router.transition.iter().flat_map(|transition| &transition.heard);
        for arrival in router.recent.iter().chain(evidence) {
            if !arrivals.iter().any(|(known, of)| known == arrival && of.name == router.name) {
                arrivals.push((*arrival, router));
            }
        }
    }
    arrivals.sort_by(|(left, _), (right, _)| left.at.0.total_cmp(&right.at.0));
    let mut file = header();
    for (arrival, router) in arrivals {
        if let Some(packet) = packet(router, &arrival) {
            append(&mut file, &arrival, &packet);
        }
    }
    file
}

/// The head of the file: magic, version 2.4, times in microseconds of UTC.
fn header() -> Vec<u8> {
    let mut file = Vec::new();
    file.extend(0xa1b2_c3d4_u32.to_le_bytes());
    file.extend([2_u16, 4].map(u16::to_le_bytes).as_flattened());
    file.extend([0, 0, SNAP_LENGTH, LINK_TYPE].map(u32::to_le_bytes).as_flattened());
    file
}

fn append(file: &mut Vec<u8>, arrival: &Arrival, packet: &[u8]) {
    let at = since_epoch(arrival.at);
    let seconds = u32::try_from(at.as_secs()).unwrap_or(u32::MAX);
    let length = u32::try_from(packet.len()).unwrap_or(u32::MAX);
    file.extend([seconds, at.subsec_micros(), length, length].map(u32::to_le_bytes).as_flattened());
    file.extend(packet);
}

/// The IP packet; `None` where the status holds what no packet can.
fn packet(router: &RouterStatus, arrival: &Arrival) -> Option<Vec<u8>> {
    let to_group = router.destinations.iter().copied().find(IpAddr::is_multicast);
    let destination = to_group.or(router.source)?;
    let ip = IpPair::new(arrival.source, destination)?;
    let version = if router.version == 2 { Version::V2 } else { Version::V3 };
    let advertised = router.addresses.iter().filter(|address| address.advertised);
    let advertised = advertised.filter_map(|address| address.address.split('/').next()?.parse().ok());
    let (mut v4, mut v6): (Vec<[u8; 4]>, Vec<[u8; 16]>) = (Vec::new(), Vec::new());
    for address in advertised {
        match address {
            IpAddr::V4(address) => v4.push(address.octets()),
            IpAddr::V6(address) => v6.push(address.octets()),
        }
    }
    let addresses = match router.family {
        Family::Ipv4 => Addresses::V4(&v4),
        Family::Ipv6 => Addresses::V6(&v6),
    };
    let advertisement = Advertisement {
        version,
        vrid: Vrid::new(router.vrid)?,
        priority: Priority::new(arrival.priority),
        interval: interval(router, arrival.source)?,
        addresses,
        authentication: Authentication::None,
    };
    let mut buffer = vec![0; advertisement.encoded_len()];
    let message = advertisement.encode(&ip, Coverage::PseudoHeader, &mut buffer).ok()?;
    Some([&ip_header(&ip, u16::try_from(message.len()).ok()?), message].concat())
}

/// The interval that this peer announces, as far as it is known.
fn interval(router: &RouterStatus, source: IpAddr) -> Option<AdverInterval> {
    let peer = router.peers.iter().find(|peer| peer.address == source);
    let interval = peer.map_or(router.advertisement_interval, |peer| peer.interval).duration();
    AdverInterval::from_centis(u16::try_from((interval.as_millis() + 5) / 10).ok()?).ok()
}

fn ip_header(ip: &IpPair, length: u16) -> Vec<u8> {
    match *ip {
        IpPair::V4 { source, destination } => ipv4::header(source, destination, HOP_LIMIT, 0, length).to_vec(),
        IpPair::V6 { source, destination } => {
            let [high, low] = length.to_be_bytes();
            let fixed = [0x6c, 0, 0, 0, high, low, PROTOCOL, HOP_LIMIT];
            [fixed.as_slice(), &source.octets(), &destination.octets()].concat()
        }
    }
}

#[cfg(test)]
mod tests {
    use vrrp_wire::{Advertisement, IpPair, ipv4};

    use super::capture;
    use crate::render::sample;

    /// The records of a capture: seconds, microseconds, packet.
    fn records(mut file: &[u8]) -> Vec<(u32, u32, Vec<u8>)> {
        assert_eq!(file[..4], 0xa1b2_c3d4_u32.to_le_bytes());
        assert_eq!(file[20..24], 101_u32.to_le_bytes());
        file = &file[24..];
        let mut records = Vec::new();
        while let Some((head, rest)) = file.split_first_chunk::<16>() {
            let word = |at: usize| u32::from_le_bytes(head[at..at + 4].try_into().unwrap());
            let (packet, rest) = rest.split_at(word(8) as usize);
            assert_eq!(word(8), word(12));
            records.push((word(0), word(4), packet.to_vec()));
            file = rest;
        }
        records
    }

    #[test]
    fn what_was_heard_is_in_the_capture_as_packets_that_decode() {
        let records = records(&capture(&sample::status(vec![sample::backup("db"), sample::active("web")])));
        assert_eq!(records.len(), 4);
        assert_eq!((records[3].0, records[3].1), (1_763_998_999, 600_000));
        let packet = ipv4::split(&records[0].2).unwrap();
        assert_eq!((packet.source.to_string(), packet.ttl, packet.protocol), ("10.0.0.2".to_owned(), 255, 112));
        let ip = IpPair::V4 { source: packet.source, destination: packet.destination };
        let (advertisement, _) = Advertisement::decode(packet.payload, &ip).unwrap();
        assert_eq!((advertisement.priority.get(), advertisement.interval.centis()), (150, 100));
        assert_eq!(advertisement.addresses.len(), 2);
    }

    #[test]
    fn evidence_of_a_transition_is_there_once() {
        let mut router = sample::backup("db");
        let json = serde_json::json!({ "at": sample::NOW, "from": "active", "to": "backup", "priority": 100,
            "cause": { "token": "higher", "words": "" }, "engine_late": 0.0, "heard": router.recent });
        router.transition = Some(serde_json::from_value(json).unwrap());
        assert_eq!(records(&capture(&sample::status(vec![router]))).len(), 4);
    }

    #[test]
    fn an_ipv6_router_is_in_the_capture_too() {
        let mut router = sample::backup("db");
        router.family = vrrp_control::Family::Ipv6;
        router.destinations = vec!["ff02::12".parse().unwrap()];
        router.addresses.truncate(1);
        router.addresses[0].address = "fe80::10/64".to_owned();
        router.recent.truncate(1);
        router.recent[0].source = "fe80::2".parse().unwrap();
        let records = records(&capture(&sample::status(vec![router])));
        let packet = &records[0].2;
        assert_eq!((packet[0] >> 4, packet[6], packet[7]), (6, 112, 255));
        let octets = |at: usize| core::net::Ipv6Addr::from(<[u8; 16]>::try_from(&packet[at..at + 16]).unwrap());
        let ip = IpPair::V6 { source: octets(8), destination: octets(24) };
        let (advertisement, _) = Advertisement::decode(&packet[40..], &ip).unwrap();
        assert_eq!(advertisement.priority.get(), 150);
    }
}
