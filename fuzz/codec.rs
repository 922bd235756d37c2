#![expect(clippy::panic, reason = "a target reports what does not hold by a panic")]

use core::net::{Ipv4Addr, Ipv6Addr};

use vrrp_wire::{
    Addresses, AdverInterval, Advertisement, Authentication, Coverage, DecodeError, EncodeError, GROUP_V4, GROUP_V6,
    IpPair, Priority, Version, Vrid, ipv4, peek_vrid,
};

const IPV4: IpPair = IpPair::V4 { source: Ipv4Addr::new(10, 0, 0, 2), destination: GROUP_V4 };
const IPV6: IpPair = IpPair::V6 { source: Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 2), destination: GROUP_V6 };

/// Bytes of a stranger: nothing panics, and what decodes is encoded to the bytes that it came from.
///
/// The first byte chooses: bit 0 IPv6, bit 1 a checksum put right first (a fuzzer seldom guesses one).
///
/// # Panics
/// When an advertisement does not encode to what it was decoded from.
pub fn decode(data: &[u8]) {
    _ = ipv4::split(data);
    let Some((&choice, message)) = data.split_first() else {
        return;
    };
    let ip = if choice & 1 == 0 { IPV4 } else { IPV6 };
    let mut message = message.to_vec();
    if choice & 2 != 0 {
        seal(&mut message, &ip);
    }
    if let Ok((advertisement, coverage)) = Advertisement::decode(&message, &ip) {
        assert_eq!(peek_vrid(&message), Some(advertisement.vrid));
        assert!(!advertisement.to_string().contains('\n'), "one line");
        assert_encodes_back(&advertisement, coverage, &ip, &message);
    }
}

/// Fields of our own: what can be encoded decodes to the same fields.
///
/// Six bytes give version and form, VRID, priority, interval (two) and authentication; addresses follow.
///
/// # Panics
/// When an advertisement decodes to something else than was encoded, or a refusal has no reason.
pub fn roundtrip(data: &[u8]) {
    let Some((&[choice, vrid, priority, high, low, auth], list)) = data.split_first_chunk() else {
        return;
    };
    let (Some(vrid), Ok(interval)) = (Vrid::new(vrid), AdverInterval::from_centis(u16::from_be_bytes([high, low])))
    else {
        return;
    };
    let (ip, addresses) = if choice & 1 == 0 {
        (IPV4, Addresses::V4(list.as_chunks().0))
    } else {
        (IPV6, Addresses::V6(list.as_chunks().0))
    };
    let advertisement = Advertisement {
        version: if choice & 2 == 0 { Version::V3 } else { Version::V2 },
        vrid,
        priority: Priority::new(priority),
        interval,
        addresses,
        authentication: match auth {
            0 => Authentication::None,
            1 => Authentication::Simple(*b"secret12"),
            other => Authentication::Other(other),
        },
    };
    let cover = if choice & 4 == 0 { Coverage::PseudoHeader } else { Coverage::Message };
    let mut buf = [0xff; Advertisement::MAX_LEN];
    match advertisement.encode(&ip, cover, &mut buf) {
        Ok(message) => {
            assert_eq!(message.len(), advertisement.encoded_len());
            assert_eq!(Advertisement::decode(message, &ip).map(|(decoded, _)| decoded), Ok(advertisement));
        }
        Err(refusal) => assert_refused_for_a_reason(&advertisement, &ip, refusal),
    }
}

/// Encodes `advertisement` and compares it with `message` as a sender writes it: bits without a
/// meaning zero, and with them the checksum that belongs to it.
fn assert_encodes_back(advertisement: &Advertisement<'_>, coverage: Coverage, ip: &IpPair, message: &[u8]) {
    let mut buf = [0xff; Advertisement::MAX_LEN];
    let encoded = match advertisement.encode(ip, coverage, &mut buf) {
        Ok(encoded) => encoded,
        Err(EncodeError::AuthenticationType { .. }) => return,
        refusal @ Err(_) => panic!("{advertisement} was received and cannot be sent: {refusal:?}"),
    };
    assert_eq!(Advertisement::decode(encoded, ip).map(|(decoded, _)| decoded), Ok(*advertisement));

    let mut canonical = message.to_vec();
    match (advertisement.version, advertisement.authentication, canonical.as_mut_slice()) {
        (Version::V3, _, [_, _, _, _, fifth, ..]) => *fifth &= 0x0f,
        (Version::V2, Authentication::None, [.., _, _, _, _, _, _, _, _]) => {
            let end = canonical.len().saturating_sub(8);
            canonical.truncate(end);
            canonical.extend([0; 8]);
        }
        _ => {}
    }
    // With the reserved bits cleared the checksum differs, and 0xffff is the other zero of 0x0000.
    let plain = canonical == message && message.get(6..8) != Some(&[0xff, 0xff]);
    let compared = |octets: &[u8]| {
        if plain { octets.to_vec() } else { without_checksum(octets) }
    };
    assert_eq!(compared(encoded), compared(&canonical));
}

fn without_checksum(message: &[u8]) -> Vec<u8> {
    message.iter().enumerate().filter(|(at, _)| !matches!(at, 6 | 7)).map(|(_, &octet)| octet).collect()
}

fn assert_refused_for_a_reason(advertisement: &Advertisement<'_>, ip: &IpPair, refusal: EncodeError) {
    let v2 = advertisement.version == Version::V2;
    let reason = match refusal {
        EncodeError::NoAddresses => advertisement.addresses.is_empty(),
        EncodeError::TooManyAddresses { count } => count > 255 && count == advertisement.addresses.len(),
        EncodeError::V2OverIpv6 => v2 && matches!(ip, IpPair::V6 { .. }),
        EncodeError::Interval { version, interval } => !interval.fits(version),
        EncodeError::AuthenticationInV3 { number } => !v2 && number == advertisement.authentication.number(),
        EncodeError::AuthenticationType { number } => v2 && number > 1,
        EncodeError::Family { .. } | EncodeError::BufferTooSmall { .. } | _ => false,
    };
    assert!(reason, "{advertisement} is refused without a reason: {refusal}");
}

/// Puts the checksum right, where it is all that is wrong.
pub(crate) fn seal(message: &mut [u8], ip: &IpPair) {
    let right = match Advertisement::decode(message, ip) {
        Err(DecodeError::Checksum { with_pseudo_header, message_only, .. }) => {
            if message.first().is_some_and(|first| first >> 4 == 2) { message_only } else { with_pseudo_header }
        }
        _ => return,
    };
    if let Some(field) = message.get_mut(6..8) {
        field.copy_from_slice(&right.to_be_bytes());
    }
}
