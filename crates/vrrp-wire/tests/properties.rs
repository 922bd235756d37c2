//! What holds for every advertisement and for every sequence of bytes.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "functions that tests share")]

use proptest::prelude::*;
use vrrp_wire::{
    Addresses, AdverInterval, Advertisement, Authentication, Coverage, DecodeError, IpPair, Priority, Version, Vrid,
};

/// An advertisement that owns its addresses.
#[derive(Debug, Clone)]
struct Owned {
    version: Version,
    vrid: Vrid,
    priority: Priority,
    interval: AdverInterval,
    list: List,
    authentication: Authentication,
    ip: IpPair,
    cover: Coverage,
}

#[derive(Debug, Clone)]
enum List {
    V4(Vec<[u8; 4]>),
    V6(Vec<[u8; 16]>),
}

impl Owned {
    fn advertisement(&self) -> Advertisement<'_> {
        Advertisement {
            version: self.version,
            vrid: self.vrid,
            priority: self.priority,
            interval: self.interval,
            addresses: match &self.list {
                List::V4(list) => Addresses::V4(list),
                List::V6(list) => Addresses::V6(list),
            },
            authentication: self.authentication,
        }
    }

    fn encode(&self) -> Vec<u8> {
        let mut buf = [0xff; Advertisement::MAX_LEN + 8];
        self.advertisement().encode(&self.ip, self.cover, &mut buf).unwrap().to_vec()
    }
}

fn ipv4() -> impl Strategy<Value = IpPair> {
    any::<([u8; 4], [u8; 4])>()
        .prop_map(|(source, destination)| IpPair::V4 { source: source.into(), destination: destination.into() })
}

fn ipv6() -> impl Strategy<Value = IpPair> {
    any::<([u8; 16], [u8; 16])>()
        .prop_map(|(source, destination)| IpPair::V6 { source: source.into(), destination: destination.into() })
}

fn cover() -> impl Strategy<Value = Coverage> {
    prop_oneof![Just(Coverage::Message), Just(Coverage::PseudoHeader)]
}

fn authentication() -> impl Strategy<Value = Authentication> {
    prop_oneof![Just(Authentication::None), any::<[u8; 8]>().prop_map(Authentication::Simple)]
}

fn v2() -> impl Strategy<Value = Owned> {
    (1..=255u8, any::<u8>(), 1..=255u8, prop::collection::vec(any::<[u8; 4]>(), 1..=255), authentication(), ipv4())
        .prop_map(|(vrid, priority, secs, list, authentication, ip)| Owned {
            version: Version::V2,
            vrid: Vrid::new(vrid).unwrap(),
            priority: Priority::new(priority),
            interval: AdverInterval::from_secs(secs).unwrap(),
            list: List::V4(list),
            authentication,
            ip,
            cover: Coverage::Message,
        })
}

fn v3(list: impl Strategy<Value = List>, ip: impl Strategy<Value = IpPair>) -> impl Strategy<Value = Owned> {
    (1..=255u8, any::<u8>(), 1..=4095u16, list, ip, cover()).prop_map(|(vrid, priority, centis, list, ip, cover)| {
        Owned {
            version: Version::V3,
            vrid: Vrid::new(vrid).unwrap(),
            priority: Priority::new(priority),
            interval: AdverInterval::from_centis(centis).unwrap(),
            list,
            authentication: Authentication::None,
            ip,
            cover: if matches!(ip, IpPair::V6 { .. }) { Coverage::PseudoHeader } else { cover },
        }
    })
}

fn v3_ipv4() -> impl Strategy<Value = Owned> {
    v3(prop::collection::vec(any::<[u8; 4]>(), 1..=255).prop_map(List::V4), ipv4())
}

fn v3_ipv6() -> impl Strategy<Value = Owned> {
    v3(prop::collection::vec(any::<[u8; 16]>(), 1..=255).prop_map(List::V6), ipv6())
}

/// Bytes that are nearly an advertisement: without them, random bytes seldom pass the first two checks.
fn nearly() -> impl Strategy<Value = (Vec<u8>, IpPair)> {
    let head = (prop_oneof![Just(0x21u8), Just(0x31), any::<u8>()], any::<[u8; 2]>(), 0..4u8);
    (head, prop::collection::vec(any::<u8>(), 0..60), prop_oneof![ipv4(), ipv6()]).prop_map(
        |((first, [vrid, priority], count), rest, ip)| {
            let mut message = vec![first, vrid, priority, count];
            message.extend(rest);
            (message, ip)
        },
    )
}

/// `message` with the checksum that its refusal names, where the checksum is all that was wrong.
fn sealed(mut message: Vec<u8>, ip: &IpPair) -> Vec<u8> {
    if let Err(DecodeError::Checksum { with_pseudo_header, message_only, .. }) = Advertisement::decode(&message, ip) {
        let checksum = if message[0] >> 4 == 2 { message_only } else { with_pseudo_header };
        message[6..8].copy_from_slice(&checksum.to_be_bytes());
    }
    message
}

/// `message` as a sender writes it: bits without a meaning zero, and the positive zero of the checksum.
fn canonical(message: &[u8], ip: &IpPair, decoded: &Advertisement<'_>) -> Vec<u8> {
    let mut canonical = message.to_vec();
    let end = canonical.len();
    match (decoded.version, decoded.authentication) {
        (Version::V3, _) => canonical[4] &= 0x0f,
        (Version::V2, Authentication::None) => canonical[end - 8..].fill(0),
        (Version::V2, _) => {}
    }
    if canonical != message || canonical[6..8] == [0xff, 0xff] {
        canonical[6..8].fill(0);
    }
    sealed(canonical, ip)
}

proptest! {
    /// ledger: v2-pass
    #[test]
    fn version_2_decodes_to_what_was_encoded(owned in v2()) {
        let message = owned.encode();
        prop_assert_eq!(message.len(), owned.advertisement().encoded_len());
        let decoded = Advertisement::decode(&message, &owned.ip);
        prop_assert_eq!(decoded, Ok((owned.advertisement(), Coverage::Message)));
    }

    /// The two forms are the same checksum when the pseudo-header sums to zero: one pair of addresses in 65535.
    #[test]
    fn version_3_decodes_to_what_was_encoded(owned in prop_oneof![v3_ipv4(), v3_ipv6()]) {
        let message = owned.encode();
        prop_assert_eq!(message.len(), owned.advertisement().encoded_len());
        let (decoded, coverage) = Advertisement::decode(&message, &owned.ip).unwrap();
        prop_assert_eq!(decoded, owned.advertisement());
        if coverage != owned.cover {
            let mut buf = [0; Advertisement::MAX_LEN];
            prop_assert_eq!(decoded.encode(&owned.ip, coverage, &mut buf).unwrap(), &message[..]);
        }
    }

    /// Receivers of one checksum form only, as keepalived and FRR are, see the checksum they expect.
    /// ledger: tx-checksum-v4
    #[test]
    fn the_sum_over_pseudo_header_and_message_is_all_ones(mut owned in v3_ipv4()) {
        owned.cover = Coverage::PseudoHeader;
        let message = owned.encode();
        let IpPair::V4 { source, destination } = owned.ip else { unreachable!("v3_ipv4 is carried by IPv4") };
        let mut covered = [source.octets(), destination.octets()].concat();
        covered.extend([0, 112]);
        covered.extend(u16::try_from(message.len()).unwrap().to_be_bytes());
        covered.extend(&message);
        let mut sum: u32 = covered.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1])).sum();
        while sum > 0xffff {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        prop_assert_eq!(sum, 0xffff);
    }

    #[test]
    fn what_decodes_encodes_to_the_same_bytes((message, ip) in nearly()) {
        let message = sealed(message, &ip);
        let Ok((decoded, coverage)) = Advertisement::decode(&message, &ip) else { return Ok(()) };
        if matches!(decoded.authentication, Authentication::Other(_)) {
            return Ok(());
        }
        let expected = canonical(&message, &ip, &decoded);
        let mut buf = [0xff; 128];
        prop_assert_eq!(decoded.encode(&ip, coverage, &mut buf).unwrap(), &expected[..]);
    }

    #[test]
    fn arbitrary_bytes_never_panic(message in prop::collection::vec(any::<u8>(), 0..5000), ip in prop_oneof![ipv4(), ipv6()]) {
        let _ = Advertisement::decode(&message, &ip);
        let _ = vrrp_wire::ipv4::split(&message);
        let _ = vrrp_wire::peek_vrid(&message);
    }

    /// ledger: !rx-checksum, !tx-checksum-v6
    #[test]
    fn any_flipped_bit_of_an_ipv6_message_is_noticed(owned in v3_ipv6(), bit in any::<prop::sample::Index>()) {
        let mut message = owned.encode();
        let bit = bit.index(message.len() * 8);
        message[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(Advertisement::decode(&message, &owned.ip).is_err());
    }
}
