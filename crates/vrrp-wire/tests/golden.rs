//! Advertisements as keepalived puts them on the wire: decoded, compared field by field, and encoded again.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "functions that tests share")]

use core::net::IpAddr;

use vrrp_wire::{AdverInterval, Advertisement, Authentication, Coverage, DecodeError, IpPair, Priority, Version, Vrid};

/// A file of `tests/vectors`: a line of origin, the IP addresses of the packet, the message in hexadecimal.
struct Vector {
    ip: IpPair,
    message: Vec<u8>,
}

impl Vector {
    fn parse(text: &str) -> Self {
        let (origin, rest) = text.split_once('\n').unwrap();
        assert!(origin.starts_with("# "), "a vector says where it comes from");
        let (ip, hex) = rest.split_once('\n').unwrap();
        let addresses: Vec<IpAddr> = ip.split(' ').skip(1).map(|word| word.parse().unwrap()).collect();
        let message = hex.split_whitespace().map(|octet| u8::from_str_radix(octet, 16).unwrap()).collect();
        Self { ip: IpPair::new(addresses[0], addresses[1]).unwrap(), message }
    }

    fn decode(&self) -> (Advertisement<'_>, Coverage) {
        Advertisement::decode(&self.message, &self.ip).unwrap()
    }

    /// Encodes what was decoded over octets that show where nothing was written.
    fn assert_encodes_to_itself(&self) {
        let (advertisement, coverage) = self.decode();
        let mut buf = [0xff; Advertisement::MAX_LEN];
        let written = advertisement.encode(&self.ip, coverage, &mut buf).unwrap();
        assert_eq!(written, self.message);
        assert_eq!(advertisement.encoded_len(), self.message.len());
        let len = self.message.len();
        assert!(buf[len..].iter().all(|&octet| octet == 0xff), "nothing is written behind the message");
    }
}

macro_rules! vector {
    ($name:literal) => {
        Vector::parse(include_str!(concat!("vectors/", $name, ".hex")))
    };
}

struct Expected<'a> {
    version: Version,
    vrid: u8,
    priority: u8,
    centis: u16,
    addresses: &'a [&'a str],
    authentication: Authentication,
    coverage: Coverage,
}

fn assert_vector(vector: &Vector, expected: &Expected<'_>) {
    let (advertisement, coverage) = vector.decode();
    let addresses: Vec<IpAddr> = expected.addresses.iter().map(|address| address.parse().unwrap()).collect();
    assert_eq!(advertisement.version, expected.version);
    assert_eq!(advertisement.vrid, Vrid::new(expected.vrid).unwrap());
    assert_eq!(advertisement.priority, Priority::new(expected.priority));
    assert_eq!(advertisement.interval, AdverInterval::from_centis(expected.centis).unwrap());
    assert_eq!(advertisement.addresses.iter().collect::<Vec<_>>(), addresses);
    assert_eq!(advertisement.authentication, expected.authentication);
    assert_eq!(coverage, expected.coverage);
    assert_eq!(vrrp_wire::peek_vrid(&vector.message), Some(advertisement.vrid));
    vector.assert_encodes_to_itself();
}

const V3: Expected<'_> = Expected {
    version: Version::V3,
    vrid: 0,
    priority: 255,
    centis: 100,
    addresses: &[],
    authentication: Authentication::None,
    coverage: Coverage::PseudoHeader,
};

const V2: Expected<'_> = Expected { version: Version::V2, coverage: Coverage::Message, ..V3 };

/// ledger: tx-type, tx-priority-range, tx-count, tx-reserve, tx-interval
/// ledger: tx-checksum-v4, rx-complete, rx-type, rx-count-zero, rx-interval-zero
#[test]
fn keepalived_v3_over_ipv4() {
    let addresses = &["10.0.0.100", "10.0.0.101"];
    assert_vector(&vector!("v3-ipv4"), &Expected { vrid: 51, priority: 150, addresses, ..V3 });
    let addresses = &["10.0.0.100"];
    assert_vector(&vector!("v3-ipv4-half-second"), &Expected { vrid: 10, centis: 50, addresses, ..V3 });
    let stopping = Expected { vrid: 10, priority: 0, centis: 50, addresses, ..V3 };
    assert_vector(&vector!("v3-ipv4-priority-0"), &stopping);
}

/// ledger: tx-checksum-v4, !tx-checksum-v4
#[test]
fn keepalived_v3_over_ipv4_unicast_sums_the_real_destination() {
    let vector = vector!("v3-ipv4-unicast");
    assert_vector(&vector, &Expected { vrid: 14, addresses: &["10.0.0.103"], ..V3 });
    let as_multicast = Advertisement::decode(&vector.message, &IpPair::multicast(vector.ip.source()));
    assert!(matches!(as_multicast, Err(DecodeError::Checksum { received: 0xb0a3, .. })));
}

/// ledger: tx-checksum-v4, rx-checksum
#[test]
fn keepalived_v3_checksum_as_v2_is_told_apart() {
    let addresses = &["10.0.0.104"];
    let expected = Expected { vrid: 15, addresses, coverage: Coverage::Message, ..V3 };
    assert_vector(&vector!("v3-ipv4-message-only"), &expected);
}

/// ledger: tx-checksum-v4
#[test]
fn one_advertisement_has_two_checksums_over_ipv4() {
    let vector = vector!("v3-ipv4");
    let (advertisement, _) = vector.decode();
    let mut buf = [0; 16];
    let message = advertisement.encode(&vector.ip, Coverage::Message, &mut buf).unwrap();
    assert_eq!(message[6..8], [0x23, 0x9d]);
    assert_eq!(Advertisement::decode(message, &vector.ip).unwrap(), (advertisement, Coverage::Message));
}

/// ledger: v2-auth-field, v2-checksum, v2-ipv4-only
#[test]
fn keepalived_v2_without_authentication() {
    assert_vector(&vector!("v2-ipv4"), &Expected { vrid: 12, addresses: &["10.0.0.101"], ..V2 });
}

/// ledger: v2-pass, v2-checksum
#[test]
fn keepalived_v2_with_a_password() {
    let authentication = Authentication::Simple(*b"secret12");
    let addresses = &["10.0.0.200"];
    let expected = Expected { vrid: 52, priority: 150, addresses, authentication, ..V2 };
    assert_vector(&vector!("v2-ipv4-pass"), &expected);
}

/// ledger: tx-checksum-v6, tx-one-family
#[test]
fn keepalived_v3_over_ipv6() {
    let addresses = &["fe80::11", "2001:db8::11"];
    assert_vector(&vector!("v3-ipv6"), &Expected { vrid: 11, addresses, ..V3 });
    assert_vector(&vector!("v3-ipv6-unicast"), &Expected { vrid: 19, addresses: &["fe80::19"], ..V3 });
}

/// ledger: !v2-ipv4-only
#[test]
fn keepalived_v2_over_ipv6_is_refused() {
    for vector in [vector!("v2-ipv6"), vector!("v2-ipv6-pass")] {
        assert_eq!(Advertisement::decode(&vector.message, &vector.ip), Err(DecodeError::V2OverIpv6));
    }
}

#[test]
fn an_advertisement_prints_as_one_line() {
    let line = |vector: Vector| vector.decode().0.to_string();
    assert_eq!(
        line(vector!("v3-ipv4")),
        "VRRPv3 Advertisement vrid 51 prio 150 intvl 1s length 16 addrs 10.0.0.100,10.0.0.101"
    );
    assert_eq!(
        line(vector!("v3-ipv4-half-second")),
        "VRRPv3 Advertisement vrid 10 prio 255 intvl 500ms length 12 addrs 10.0.0.100"
    );
    assert_eq!(
        line(vector!("v2-ipv4-pass")),
        "VRRPv2 Advertisement vrid 52 prio 150 authtype simple intvl 1s length 20 addrs 10.0.0.200"
    );
    assert_eq!(
        line(vector!("v3-ipv6")),
        "VRRPv3 Advertisement vrid 11 prio 255 intvl 1s length 40 addrs fe80::11,2001:db8::11"
    );
}
