//! Advertisements as a test wants them, right or wrong, as whole Ethernet frames.

use core::net::IpAddr;

use etherparse::{IpNumber, Ipv4Header, Ipv6FlowLabel, Ipv6Header};
use vrrp_lab::Mac;
use vrrp_wire::{
    Addresses, AdverInterval, Advertisement, Authentication, Coverage, GROUP_V4, GROUP_V6, IpPair, Priority, Version,
    Vrid,
};

/// An advertisement to be injected; [`Packet::v3`] and its kin give a right one.
#[derive(Debug, Clone)]
pub(crate) struct Packet {
    pub(crate) version: Version,
    pub(crate) vrid: u8,
    pub(crate) priority: u8,
    pub(crate) centis: u16,
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) authentication: Authentication,
    pub(crate) coverage: Coverage,
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    pub(crate) ttl: u8,
    /// Octets of the message that are overwritten before the checksum is made right again.
    pub(crate) overwritten: Vec<(usize, u8)>,
    /// What is done to the message last, with its checksum as it is.
    pub(crate) spoilt: Option<fn(&mut Vec<u8>)>,
    /// The addresses that the checksum's pseudo-header claims, where they are not those of the packet.
    pub(crate) summed_to: Option<IpAddr>,
}

impl Packet {
    /// A VRRPv3 advertisement of 0.1 s with priority 200 to the group of the source's family.
    pub(crate) fn v3(vrid: u8, source: IpAddr, addresses: &[IpAddr]) -> Self {
        let destination = match source {
            IpAddr::V4(_) => GROUP_V4.into(),
            IpAddr::V6(_) => GROUP_V6.into(),
        };
        Self {
            version: Version::V3,
            vrid,
            priority: 200,
            centis: 10,
            addresses: addresses.to_vec(),
            authentication: Authentication::None,
            coverage: Coverage::PseudoHeader,
            source,
            destination,
            ttl: 255,
            overwritten: Vec::new(),
            spoilt: None,
            summed_to: None,
        }
    }

    /// A VRRPv2 advertisement of 1 s with priority 200.
    pub(crate) fn v2(vrid: u8, source: IpAddr, addresses: &[IpAddr]) -> Self {
        Self { version: Version::V2, centis: 100, ..Self::v3(vrid, source, addresses) }
    }

    /// The frame, from this MAC address; `to` is where it goes unless it goes to a group.
    pub(crate) fn frame(&self, from: Mac, to: Mac) -> Vec<u8> {
        let message = self.message();
        let (ethertype, header) = self.header(message.len());
        let destination = match self.destination {
            IpAddr::V4(group) if group.is_multicast() => [0x01, 0x00, 0x5e, 0x00, 0x00, group.octets()[3]],
            IpAddr::V6(group) if group.is_multicast() => [0x33, 0x33, 0x00, 0x00, 0x00, group.octets()[15]],
            IpAddr::V4(_) | IpAddr::V6(_) => to.0,
        };
        [&destination[..], &from.0[..], &ethertype, &header, &message].concat()
    }

    fn message(&self) -> Vec<u8> {
        let (v4, v6) = (self.list4(), self.list6());
        let addresses = if v6.is_empty() { Addresses::V4(&v4) } else { Addresses::V6(&v6) };
        let advertisement = Advertisement {
            version: self.version,
            vrid: Vrid::new(self.vrid).unwrap(),
            priority: Priority::new(self.priority),
            interval: AdverInterval::from_centis(self.centis).unwrap(),
            addresses,
            authentication: self.authentication,
        };
        let ip = IpPair::new(self.source, self.summed_to.unwrap_or(self.destination)).unwrap();
        let mut message = vec![0; advertisement.encoded_len()];
        advertisement.encode(&ip, self.coverage, &mut message).unwrap();
        for (at, octet) in &self.overwritten {
            overwrite(&mut message, *at, *octet);
        }
        if let Some(spoil) = self.spoilt {
            spoil(&mut message);
        }
        message
    }

    fn list4(&self) -> Vec<[u8; 4]> {
        let octets = |address: &IpAddr| match address {
            IpAddr::V4(address) => Some(address.octets()),
            IpAddr::V6(_) => None,
        };
        self.addresses.iter().filter_map(octets).collect()
    }

    fn list6(&self) -> Vec<[u8; 16]> {
        let octets = |address: &IpAddr| match address {
            IpAddr::V6(address) => Some(address.octets()),
            IpAddr::V4(_) => None,
        };
        self.addresses.iter().filter_map(octets).collect()
    }

    fn header(&self, length: usize) -> ([u8; 2], Vec<u8>) {
        let length = u16::try_from(length).unwrap();
        match (self.source, self.destination) {
            (IpAddr::V4(source), IpAddr::V4(destination)) => {
                let (source, destination) = (source.octets(), destination.octets());
                let mut header = Ipv4Header::new(length, self.ttl, IpNumber(112), source, destination).unwrap();
                header.header_checksum = header.calc_header_checksum();
                ([0x08, 0x00], header.to_bytes().to_vec())
            }
            (IpAddr::V6(source), IpAddr::V6(destination)) => {
                let header = Ipv6Header {
                    traffic_class: 0xc0,
                    flow_label: Ipv6FlowLabel::ZERO,
                    payload_length: length,
                    next_header: IpNumber(112),
                    hop_limit: self.ttl,
                    source: source.octets(),
                    destination: destination.octets(),
                };
                ([0x86, 0xdd], header.to_bytes().to_vec())
            }
            other => panic!("no packet goes from one family to the other: {other:?}"),
        }
    }
}

/// Writes an octet and makes up for it in the checksum (RFC 1624).
fn overwrite(message: &mut [u8], at: usize, octet: u8) {
    let word = |message: &[u8], at: usize| u32::from(u16::from_be_bytes([message[at & !1], message[at | 1]]));
    let before = word(message, at);
    message[at] = octet;
    let mut sum = (0xffff - word(message, 6)) + (0xffff - before) + word(message, at);
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    let checksum = u16::try_from(0xffff - sum).unwrap();
    message[6..8].copy_from_slice(&checksum.to_be_bytes());
}
