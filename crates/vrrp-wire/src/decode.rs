use crate::advertisement::{AUTHENTICATION_LEN, FIXED_LEN, TYPE, address_len, fixed_coverage, trailer_len};
use crate::checksum::Sum;
use crate::{Addresses, AdverInterval, Advertisement, Authentication, Coverage, DecodeError, IpPair};
use crate::{Priority, Version, Vrid};

impl<'a> Advertisement<'a> {
    /// Decodes the payload of an IP packet of protocol 112 and says which checksum form it saw.
    ///
    /// VRRPv3 (RFC 9568 §5.1); VRRPv2 has `Auth Type` and `Adver Int` (seconds) in the second word,
    /// and eight octets of Authentication Data at the end (RFC 3768 §5.1).
    ///
    /// ```text
    ///  0                   1                   2                   3
    ///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    /// +-------+-------+---------------+---------------+---------------+
    /// |Version| Type  | Virtual Rtr ID|   Priority    | Address Count |
    /// +-------+-------+---------------+---------------+---------------+
    /// |Reserve| Max Advertise Interval|           Checksum            |
    /// +-------+-----------------------+-------------------------------+
    /// |                 addresses, 4 or 16 octets each                |
    /// +---------------------------------------------------------------+
    /// ```
    ///
    /// The checks stand in the order of RFC 9568 §7.1. What the fields mean comes after the checksum,
    /// so that an error about a field is about what the peer sent, not about what the wire made of it.
    ///
    /// # Errors
    /// One [`DecodeError`] variant for each way in which the bytes are no advertisement.
    #[inline]
    pub fn decode(message: &'a [u8], ip: &IpPair) -> Result<(Self, Coverage), DecodeError> {
        Self::decode_counting(message, ip, 1)
    }

    /// [`Advertisement::decode`] for a virtual router that is to have no addresses: takes a count of zero, which
    /// the standard has discarded (RFC 9568 §7.1 with its erratum) and which keepalived sends for such a router.
    ///
    /// # Errors
    /// As [`Advertisement::decode`], except [`DecodeError::CountZero`].
    #[inline]
    pub fn decode_unlisted(message: &'a [u8], ip: &IpPair) -> Result<(Self, Coverage), DecodeError> {
        Self::decode_counting(message, ip, 0)
    }

    #[inline]
    fn decode_counting(message: &'a [u8], ip: &IpPair, least: u8) -> Result<(Self, Coverage), DecodeError> {
        let Some((fixed, rest)) = message.split_first_chunk() else {
            return Err(DecodeError::Truncated { needed: usize::from(FIXED_LEN), had: message.len() });
        };
        let &[version_type, vrid, priority, count, fifth, sixth, check0, check1] = fixed;
        let version = version(version_type >> 4, ip)?;
        if version_type & 0xf != TYPE {
            return Err(DecodeError::Type { received: version_type & 0xf });
        }
        let body = Body::split(rest, version, count, ip)?;
        let coverage = verify(message, [check0, check1], version, body.message_len, ip)?;
        if count < least {
            return Err(DecodeError::CountZero);
        }
        let (interval, authentication) = match version {
            Version::V2 => (AdverInterval::from_secs(sixth), authentication(fifth, body.trailer)),
            Version::V3 => (AdverInterval::from_centis(u16::from_be_bytes([fifth & 0xf, sixth])), Authentication::None),
        };
        let advertisement = Self {
            version,
            vrid: Vrid::new(vrid).ok_or(DecodeError::VridZero)?,
            priority: Priority::new(priority),
            interval: interval.map_err(|_zero| DecodeError::IntervalZero)?,
            addresses: body.addresses,
            authentication,
        };
        Ok((advertisement, coverage))
    }
}

/// The VRID that the bytes claim, without any check of the rest: enough to find the virtual router
/// that an advertisement, sound or not, is to be counted for. `None` for 0 and for less than two bytes.
#[inline]
pub fn peek_vrid(message: &[u8]) -> Option<Vrid> {
    message.get(1).and_then(|&vrid| Vrid::new(vrid))
}

#[inline]
const fn version(number: u8, ip: &IpPair) -> Result<Version, DecodeError> {
    match (number, ip) {
        (2, IpPair::V4 { .. }) => Ok(Version::V2),
        (2, IpPair::V6 { .. }) => Err(DecodeError::V2OverIpv6),
        (3, _) => Ok(Version::V3),
        (received, _) => Err(DecodeError::Version { received }),
    }
}

/// What follows the fixed part.
struct Body<'a> {
    addresses: Addresses<'a>,
    /// Authentication Data; zero in VRRPv3.
    trailer: [u8; AUTHENTICATION_LEN as usize],
    /// Octets of the whole message.
    message_len: u16,
}

impl<'a> Body<'a> {
    #[inline]
    fn split(rest: &'a [u8], version: Version, count: u8, ip: &IpPair) -> Result<Self, DecodeError> {
        let list_end = FIXED_LEN + address_len(ip.family()) * u16::from(count);
        let message_len = list_end + trailer_len(version);
        let had = usize::from(FIXED_LEN) + rest.len();
        let Some((list, trailer)) = rest.split_at_checked(usize::from(list_end - FIXED_LEN)) else {
            return Err(DecodeError::AddressesTruncated { count, needed: usize::from(list_end), had });
        };
        let needed = usize::from(message_len);
        if had > needed {
            return Err(DecodeError::TooLong { needed, had });
        }
        let trailer = match version {
            Version::V3 => [0; AUTHENTICATION_LEN as usize],
            Version::V2 => match trailer.first_chunk() {
                Some(&data) => data,
                None => return Err(DecodeError::AuthenticationTruncated { needed, had }),
            },
        };
        let addresses = match ip {
            IpPair::V4 { .. } => Addresses::V4(list.as_chunks().0),
            IpPair::V6 { .. } => Addresses::V6(list.as_chunks().0),
        };
        Ok(Self { addresses, trailer, message_len })
    }
}

/// Which of the forms that the version allows the checksum has.
#[inline]
fn verify(message: &[u8], received: [u8; 2], version: Version, len: u16, ip: &IpPair) -> Result<Coverage, DecodeError> {
    let alone = Sum::of_octets(message);
    let with_pseudo_header = alone.covering(Coverage::PseudoHeader, ip, len);
    let allowed = |coverage| fixed_coverage(version, ip).is_none_or(|only| only == coverage);
    if allowed(Coverage::PseudoHeader) && with_pseudo_header.verifies() {
        return Ok(Coverage::PseudoHeader);
    }
    if allowed(Coverage::Message) && alone.verifies() {
        return Ok(Coverage::Message);
    }
    Err(DecodeError::Checksum {
        received: u16::from_be_bytes(received),
        with_pseudo_header: with_pseudo_header.expected(received),
        message_only: alone.expected(received),
    })
}

#[inline]
const fn authentication(number: u8, data: [u8; AUTHENTICATION_LEN as usize]) -> Authentication {
    match number {
        0 => Authentication::None,
        1 => Authentication::Simple(data),
        other => Authentication::Other(other),
    }
}
