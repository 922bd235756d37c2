//! Every way in which bytes are no advertisement, with its numbers.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "functions that tests share")]

use vrrp_wire::{Advertisement, Authentication, Coverage, DecodeError, GROUP_V4, GROUP_V6, IpPair, peek_vrid};

const IPV4: IpPair = IpPair::V4 { source: core::net::Ipv4Addr::new(10, 0, 0, 2), destination: GROUP_V4 };
const IPV6: IpPair =
    IpPair::V6 { source: core::net::Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 2), destination: GROUP_V6 };

/// keepalived: vrid 10, priority 255, half a second, 10.0.0.100.
const V3: [u8; 12] = [0x31, 10, 255, 1, 0, 50, 0xda, 0xcc, 10, 0, 0, 100];

/// keepalived: vrid 12, priority 255, one second, 10.0.0.101.
const V2: [u8; 20] = [0x21, 12, 255, 1, 0, 1, 0xd5, 0x8b, 10, 0, 0, 101, 0, 0, 0, 0, 0, 0, 0, 0];

fn error(message: &[u8], ip: &IpPair) -> DecodeError {
    Advertisement::decode(message, ip).unwrap_err()
}

/// `message` with octets replaced and the checksum that makes it verify again, with or without pseudo-header.
fn resealed(message: &[u8], changes: &[(usize, u8)], coverage: Coverage) -> Vec<u8> {
    let mut changed = message.to_vec();
    for &(at, octet) in changes {
        changed[at] = octet;
    }
    changed[6..8].copy_from_slice(&[0, 0]);
    let DecodeError::Checksum { with_pseudo_header, message_only, .. } = error(&changed, &IPV4) else {
        panic!("{changed:?} is refused before its checksum is read")
    };
    let checksum = if coverage == Coverage::Message { message_only } else { with_pseudo_header };
    changed[6..8].copy_from_slice(&checksum.to_be_bytes());
    changed
}

/// ledger: !rx-complete
#[test]
fn fewer_octets_than_the_fixed_part_are_truncated() {
    for had in 0..8 {
        assert_eq!(error(&V3[..had], &IPV4), DecodeError::Truncated { needed: 8, had });
    }
}

/// ledger: !rx-complete, !tx-count
#[test]
fn fewer_addresses_than_the_count_are_truncated() {
    let mut more = V3;
    more[3] = 2;
    assert_eq!(error(&more, &IPV4), DecodeError::AddressesTruncated { count: 2, needed: 16, had: 12 });
    assert_eq!(error(&V3[..11], &IPV4), DecodeError::AddressesTruncated { count: 1, needed: 12, had: 11 });
    assert_eq!(error(&V3, &IPV6), DecodeError::AddressesTruncated { count: 1, needed: 24, had: 12 });
    let full = [0x31, 10, 255, 255, 0, 50, 0, 0];
    assert_eq!(error(&full, &IPV6), DecodeError::AddressesTruncated { count: 255, needed: 4088, had: 8 });
}

/// ledger: !rx-complete
#[test]
fn octets_beyond_the_addresses_are_too_long() {
    let mut longer = V3.to_vec();
    longer.push(0);
    assert_eq!(error(&longer, &IPV4), DecodeError::TooLong { needed: 12, had: 13 });
    longer.extend([0; 3]);
    assert_eq!(error(&longer, &IPV4), DecodeError::TooLong { needed: 12, had: 16 });
    let mut longer = V2.to_vec();
    longer.extend([0; 4]);
    assert_eq!(error(&longer, &IPV4), DecodeError::TooLong { needed: 20, had: 24 });
}

/// ledger: !rx-complete, !v2-auth-field
#[test]
fn version_2_without_its_authentication_data_is_truncated() {
    for had in 12..20 {
        assert_eq!(error(&V2[..had], &IPV4), DecodeError::AuthenticationTruncated { needed: 20, had });
    }
}

/// ledger: !rx-version
#[test]
fn versions_other_than_2_and_3_are_refused() {
    for received in (0..16).filter(|version| !matches!(version, 2 | 3)) {
        let mut other = V3;
        other[0] = received << 4 | 1;
        assert_eq!(error(&other, &IPV4), DecodeError::Version { received });
        assert_eq!(error(&other, &IPV6), DecodeError::Version { received });
    }
}

/// ledger: !v2-ipv4-only
#[test]
fn version_2_over_ipv6_is_refused() {
    assert_eq!(error(&V2, &IPV6), DecodeError::V2OverIpv6);
}

/// ledger: !rx-type
#[test]
fn types_other_than_1_are_refused() {
    for received in (0..16).filter(|&kind| kind != 1) {
        let mut other = V3;
        other[0] = 0x30 | received;
        assert_eq!(error(&other, &IPV4), DecodeError::Type { received });
    }
}

/// ledger: !rx-checksum, !tx-checksum-v4
#[test]
fn a_wrong_checksum_of_version_3_shows_both_forms() {
    let mut wrong = V3;
    wrong[6..8].copy_from_slice(&[0x12, 0x34]);
    let expected = DecodeError::Checksum { received: 0x1234, with_pseudo_header: 0xdacc, message_only: 0xc55d };
    assert_eq!(error(&wrong, &IPV4), expected);
    wrong[6..8].copy_from_slice(&[0, 0]);
    assert!(matches!(error(&wrong, &IPV4), DecodeError::Checksum { received: 0, .. }));
}

/// ledger: !rx-checksum, !v2-checksum
#[test]
fn version_2_with_a_pseudo_header_checksum_is_refused() {
    let pseudo = resealed(&V2, &[], Coverage::PseudoHeader);
    let received = u16::from_be_bytes([pseudo[6], pseudo[7]]);
    let expected = DecodeError::Checksum { received, with_pseudo_header: received, message_only: 0xd58b };
    assert_eq!(error(&pseudo, &IPV4), expected);
}

/// ledger: v2-checksum
#[test]
fn the_checksum_of_version_2_covers_the_authentication_data() {
    let mut other_password = V2;
    other_password[19] = 1;
    assert!(matches!(error(&other_password, &IPV4), DecodeError::Checksum { received: 0xd58b, .. }));
}

/// ledger: !rx-checksum, tx-checksum-v6, !tx-checksum-v6
#[test]
fn ipv6_without_the_pseudo_header_is_refused() {
    let mut message = [0; 24];
    message[..8].copy_from_slice(&[0x31, 19, 255, 1, 0, 100, 0, 0]);
    let DecodeError::Checksum { received: 0, with_pseudo_header, message_only } = error(&message, &IPV6) else {
        panic!("a checksum of 0 verifies")
    };
    message[6..8].copy_from_slice(&message_only.to_be_bytes());
    let expected = DecodeError::Checksum { received: message_only, with_pseudo_header, message_only };
    assert_eq!(error(&message, &IPV6), expected);
    message[6..8].copy_from_slice(&with_pseudo_header.to_be_bytes());
    assert_eq!(Advertisement::decode(&message, &IPV6).unwrap().1, Coverage::PseudoHeader);
}

/// ledger: !rx-count-zero
#[test]
fn a_count_of_zero_is_refused_though_its_checksum_is_right() {
    for coverage in [Coverage::Message, Coverage::PseudoHeader] {
        let none = resealed(&V3[..8], &[(3, 0)], coverage);
        assert_eq!(error(&none, &IPV4), DecodeError::CountZero);
    }
    let mut none = V2.to_vec();
    none.drain(8..12);
    assert_eq!(error(&resealed(&none, &[(3, 0)], Coverage::Message), &IPV4), DecodeError::CountZero);
}

/// keepalived sends such advertisements for a router that only moves what its scripts move.
#[test]
fn a_count_of_zero_is_taken_by_whoever_has_no_addresses() {
    let mut none = V2.to_vec();
    none.drain(8..12);
    let message = resealed(&none, &[(3, 0)], Coverage::Message);
    let (advertisement, coverage) = Advertisement::decode_unlisted(&message, &IPV4).unwrap();
    assert!(advertisement.addresses.is_empty());
    let mut buf = [0; Advertisement::MAX_LEN];
    assert_eq!(advertisement.encode_unlisted(&IPV4, coverage, &mut buf), Ok(&message[..]));
    let broken = resealed(&message, &[(5, 0)], Coverage::Message);
    assert_eq!(Advertisement::decode_unlisted(&broken, &IPV4).unwrap_err(), DecodeError::IntervalZero);
}

/// ledger: !rx-interval-zero
#[test]
fn an_interval_of_zero_is_refused_though_its_checksum_is_right() {
    let zero = resealed(&V3, &[(5, 0)], Coverage::PseudoHeader);
    assert_eq!(error(&zero, &IPV4), DecodeError::IntervalZero);
    let reserved_only = resealed(&V3, &[(4, 0xf0), (5, 0)], Coverage::PseudoHeader);
    assert_eq!(error(&reserved_only, &IPV4), DecodeError::IntervalZero);
    let zero = resealed(&V2, &[(5, 0)], Coverage::Message);
    assert_eq!(error(&zero, &IPV4), DecodeError::IntervalZero);
}

#[test]
fn vrid_zero_is_refused_though_its_checksum_is_right() {
    let zero = resealed(&V3, &[(1, 0)], Coverage::PseudoHeader);
    assert_eq!(error(&zero, &IPV4), DecodeError::VridZero);
    assert_eq!(peek_vrid(&zero), None);
}

#[test]
fn a_vrid_is_found_in_what_is_no_advertisement() {
    assert_eq!(peek_vrid(&V3[..2]).map(vrrp_wire::Vrid::get), Some(10));
    assert_eq!(peek_vrid(&V3[..1]), None);
}

/// ledger: tx-reserve, !tx-reserve
#[test]
fn reserved_bits_are_ignored_on_receipt_and_zero_on_sending() {
    let reserved = resealed(&V3, &[(4, 0xf0)], Coverage::PseudoHeader);
    let (advertisement, coverage) = Advertisement::decode(&reserved, &IPV4).unwrap();
    assert_eq!((advertisement, coverage), Advertisement::decode(&V3, &IPV4).unwrap());
    let mut buf = [0xff; 12];
    assert_eq!(advertisement.encode(&IPV4, coverage, &mut buf), Ok(&V3[..]));
}

/// ledger: v2-auth-field
#[test]
fn authentication_data_of_type_0_is_ignored_on_receipt_and_zero_on_sending() {
    let filled = resealed(&V2, &[(12, 0xab), (19, 0xcd)], Coverage::Message);
    let (advertisement, coverage) = Advertisement::decode(&filled, &IPV4).unwrap();
    assert_eq!(advertisement.authentication, Authentication::None);
    let mut buf = [0xff; 20];
    assert_eq!(advertisement.encode(&IPV4, coverage, &mut buf), Ok(&V2[..]));
}

/// ledger: v2-auth-field
#[test]
fn other_types_of_authentication_are_named() {
    for number in 2..=255 {
        let other = resealed(&V2, &[(4, number)], Coverage::Message);
        let (advertisement, _) = Advertisement::decode(&other, &IPV4).unwrap();
        assert_eq!(advertisement.authentication, Authentication::Other(number));
    }
}

#[test]
fn both_zeros_of_ones_complement_verify() {
    let positive = [0x31, 10, 255, 1, 0, 50, 0x00, 0x00, 10, 0, 197, 193];
    let negative = [0x31, 10, 255, 1, 0, 50, 0xff, 0xff, 10, 0, 197, 193];
    let (advertisement, coverage) = Advertisement::decode(&positive, &IPV4).unwrap();
    assert_eq!(coverage, Coverage::Message);
    assert_eq!(Advertisement::decode(&negative, &IPV4), Ok((advertisement, coverage)));
}

#[test]
fn errors_print_their_numbers() {
    let mut wrong = V3;
    wrong[6..8].copy_from_slice(&[0x12, 0x34]);
    assert_eq!(
        error(&wrong, &IPV4).to_string(),
        "checksum 0x1234, computed 0xdacc with the pseudo-header and 0xc55d without"
    );
    assert_eq!(error(&V3[..3], &IPV4).to_string(), "truncated: 8 bytes needed, 3 received");
}
