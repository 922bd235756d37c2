//! What an advertisement cannot carry is refused before a byte is written.
#![expect(clippy::unwrap_used, reason = "functions that tests share")]

use vrrp_wire::{
    Addresses, AdverInterval, Advertisement, Authentication, Coverage, EncodeError, Family, GROUP_V4, GROUP_V6, IpPair,
    Priority, Version, Vrid,
};

const IPV4: IpPair = IpPair::V4 { source: core::net::Ipv4Addr::new(10, 0, 0, 2), destination: GROUP_V4 };
const IPV6: IpPair =
    IpPair::V6 { source: core::net::Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 2), destination: GROUP_V6 };

fn v3() -> Advertisement<'static> {
    Advertisement {
        version: Version::V3,
        vrid: Vrid::new(51).unwrap(),
        priority: Priority::DEFAULT,
        interval: AdverInterval::DEFAULT,
        addresses: Addresses::V4(&[[10, 0, 0, 100]]),
        authentication: Authentication::None,
    }
}

fn v2() -> Advertisement<'static> {
    Advertisement { version: Version::V2, ..v3() }
}

fn assert_refused(advertisement: &Advertisement<'_>, ip: &IpPair, expected: EncodeError) {
    let mut buf = [0xff; Advertisement::MAX_LEN];
    assert_eq!(advertisement.encode(ip, Coverage::PseudoHeader, &mut buf), Err(expected));
    assert!(buf.iter().all(|&octet| octet == 0xff), "a refusal writes nothing");
}

/// ledger: !tx-one-family
#[test]
fn addresses_of_the_other_family_are_refused() {
    let v4_in_v6 = EncodeError::Family { carrier: Family::V6, addresses: Family::V4 };
    assert_refused(&v3(), &IPV6, v4_in_v6);
    let v6 = Advertisement { addresses: Addresses::V6(&[[0; 16]]), ..v3() };
    assert_refused(&v6, &IPV4, EncodeError::Family { carrier: Family::V4, addresses: Family::V6 });
}

/// ledger: !v2-ipv4-only
#[test]
fn version_2_over_ipv6_is_refused() {
    let v6 = Advertisement { addresses: Addresses::V6(&[[0; 16]]), ..v2() };
    assert_refused(&v6, &IPV6, EncodeError::V2OverIpv6);
}

/// ledger: tx-count, !tx-count
#[test]
fn between_1_and_255_addresses_are_carried() {
    let many = [[10, 0, 0, 1]; 256];
    let with = |count: usize| Advertisement { addresses: Addresses::V4(&many[..count]), ..v3() };
    assert_refused(&with(0), &IPV4, EncodeError::NoAddresses);
    assert_refused(&with(256), &IPV4, EncodeError::TooManyAddresses { count: 256 });
    let unlisted = with(0).encode_unlisted(&IPV4, Coverage::PseudoHeader, &mut [0; 64]).map(<[u8]>::len);
    assert_eq!(unlisted, Ok(8), "who has no addresses on purpose");
    let mut buf = [0; Advertisement::MAX_LEN];
    let message = with(255).encode(&IPV4, Coverage::PseudoHeader, &mut buf).unwrap();
    assert_eq!((message.len(), message[3]), (8 + 255 * 4, 255));
    assert_eq!(Advertisement::decode(message, &IPV4).unwrap().0, with(255));
}

#[test]
fn the_longest_message_fits_max_len() {
    let list = [[0xff; 16]; 255];
    let longest = Advertisement { addresses: Addresses::V6(&list), ..v3() };
    assert_eq!(longest.encoded_len(), Advertisement::MAX_LEN);
    let mut buf = [0; Advertisement::MAX_LEN];
    let message = longest.encode(&IPV6, Coverage::PseudoHeader, &mut buf).unwrap();
    assert_eq!(Advertisement::decode(message, &IPV6).unwrap(), (longest, Coverage::PseudoHeader));
}

/// ledger: !tx-interval
#[test]
fn an_interval_that_the_version_cannot_carry_is_refused() {
    let refused = |base: Advertisement<'static>, centis| {
        let interval = AdverInterval::from_centis(centis).unwrap();
        let expected = EncodeError::Interval { version: base.version, interval };
        assert_refused(&Advertisement { interval, ..base }, &IPV4, expected);
    };
    refused(v3(), 4096);
    refused(v3(), 25_500);
    refused(v2(), 1);
    refused(v2(), 150);
}

/// ledger: tx-interval
#[test]
fn the_bounds_of_the_interval_are_carried() {
    let carried = |base: Advertisement<'static>, centis, octets: [u8; 2]| {
        let advertisement = Advertisement { interval: AdverInterval::from_centis(centis).unwrap(), ..base };
        let mut buf = [0; 20];
        let message = advertisement.encode(&IPV4, Coverage::PseudoHeader, &mut buf).unwrap();
        assert_eq!(message[4..6], octets);
        assert_eq!(Advertisement::decode(message, &IPV4).unwrap().0, advertisement);
    };
    carried(v3(), 1, [0x00, 0x01]);
    carried(v3(), 4095, [0x0f, 0xff]);
    carried(v2(), 100, [0, 1]);
    carried(v2(), 25_500, [0, 255]);
}

/// ledger: !v2-pass
#[test]
fn authentication_in_version_3_is_refused() {
    let with = |authentication| Advertisement { authentication, ..v3() };
    assert_refused(&with(Authentication::Simple([0; 8])), &IPV4, EncodeError::AuthenticationInV3 { number: 1 });
    assert_refused(&with(Authentication::Other(2)), &IPV4, EncodeError::AuthenticationInV3 { number: 2 });
}

/// ledger: !v2-auth-field
#[test]
fn authentication_that_is_only_named_is_refused() {
    let header = Advertisement { authentication: Authentication::Other(2), ..v2() };
    assert_refused(&header, &IPV4, EncodeError::AuthenticationType { number: 2 });
}

#[test]
fn a_buffer_too_small_says_how_much_is_needed() {
    for (advertisement, needed) in [(v3(), 12), (v2(), 20)] {
        let mut buf = [0xff; 19];
        let had = needed - 1;
        let result = advertisement.encode(&IPV4, Coverage::Message, &mut buf[..had]);
        assert_eq!(result, Err(EncodeError::BufferTooSmall { needed, had }));
        assert_eq!(buf, [0xff; 19]);
    }
}

/// ledger: v2-checksum, !v2-checksum, tx-checksum-v6, !tx-checksum-v6
#[test]
fn coverage_is_a_choice_for_version_3_over_ipv4_only() {
    let v6 = Advertisement { addresses: Addresses::V6(&[[0xfe; 16]]), ..v3() };
    for (advertisement, ip, only) in [(v2(), IPV4, Coverage::Message), (v6, IPV6, Coverage::PseudoHeader)] {
        for cover in [Coverage::Message, Coverage::PseudoHeader] {
            let mut buf = [0; 24];
            let message = advertisement.encode(&ip, cover, &mut buf).unwrap();
            assert_eq!(Advertisement::decode(message, &ip).unwrap().1, only);
        }
    }
}
