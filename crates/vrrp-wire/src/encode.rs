use crate::advertisement::{AUTHENTICATION_LEN, FIXED_LEN, TYPE, address_len, fixed_coverage, trailer_len};
use crate::checksum::Sum;
use crate::{Advertisement, Authentication, Coverage, EncodeError, IpPair, Version};

impl Advertisement<'_> {
    /// Writes the message into the head of `buf` and returns the part written. `cover` chooses the checksum of
    /// VRRPv3 over IPv4; VRRPv2 and IPv6 have one form each and take no notice of it.
    ///
    /// # Errors
    /// [`EncodeError`] when the version cannot carry a field, or `buf` is too small.
    #[inline]
    pub fn encode<'b>(&self, ip: &IpPair, cover: Coverage, buf: &'b mut [u8]) -> Result<&'b [u8], EncodeError> {
        if self.addresses.is_empty() {
            return Err(EncodeError::NoAddresses);
        }
        self.encode_unlisted(ip, cover, buf)
    }

    /// [`Advertisement::encode`] for a virtual router that may have no addresses: writes a count of zero, as keepalived
    /// does for one that only moves what its scripts move. Everybody else discards it (RFC 9568 §5.2.5, §7.1).
    ///
    /// # Errors
    /// As [`Advertisement::encode`], except [`EncodeError::NoAddresses`].
    #[inline]
    pub fn encode_unlisted<'b>(
        &self,
        ip: &IpPair,
        cover: Coverage,
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], EncodeError> {
        let count = self.address_count(ip)?;
        let [fifth, sixth] = self.second_word()?;
        let data = self.authentication_data()?;
        let had = buf.len();
        let needed = self.encoded_len();
        let Some(message) = buf.get_mut(..needed) else {
            return Err(EncodeError::BufferTooSmall { needed, had });
        };

        let version_type = self.version.number() << 4 | TYPE;
        let first = [version_type, self.vrid.get(), self.priority.get(), count];
        let list = self.addresses.octets();
        let trailer = data.get(..usize::from(trailer_len(self.version))).unwrap_or_default();
        let coverage = fixed_coverage(self.version, ip).unwrap_or(cover);
        let [check0, check1] = Sum::of_words(&[first, [fifth, sixth, 0, 0]])
            .plus(Sum::of_octets(list))
            .plus(Sum::of_octets(trailer))
            .covering(coverage, ip, self.message_len(count))
            .checksum();

        let fixed = [first, [fifth, sixth, check0, check1]];
        if let Some((head, rest)) = message.split_at_mut_checked(usize::from(FIXED_LEN))
            && let Some((addresses, end)) = rest.split_at_mut_checked(list.len())
        {
            head.copy_from_slice(fixed.as_flattened());
            addresses.copy_from_slice(list);
            end.copy_from_slice(trailer);
        }
        Ok(message)
    }

    #[inline]
    fn address_count(&self, ip: &IpPair) -> Result<u8, EncodeError> {
        let (carrier, addresses) = (ip.family(), self.addresses.family());
        if carrier != addresses {
            return Err(EncodeError::Family { carrier, addresses });
        }
        match (u8::try_from(self.addresses.len()), self.version, ip) {
            (_, Version::V2, IpPair::V6 { .. }) => Err(EncodeError::V2OverIpv6),
            (Ok(count), _, _) => Ok(count),
            (Err(_), _, _) => Err(EncodeError::TooManyAddresses { count: self.addresses.len() }),
        }
    }

    /// Octets of a VRRPv3 message with `count` addresses: no other has a pseudo-header that tells them.
    #[inline]
    fn message_len(&self, count: u8) -> u16 {
        FIXED_LEN + address_len(self.addresses.family()) * u16::from(count)
    }

    /// The two octets before the checksum: Auth Type and Adver Int, or four reserved bits and the interval.
    #[inline]
    fn second_word(&self) -> Result<[u8; 2], EncodeError> {
        let refused = EncodeError::Interval { version: self.version, interval: self.interval };
        match self.version {
            Version::V2 => Ok([self.authentication.number(), self.interval.whole_secs().ok_or(refused)?]),
            Version::V3 if self.interval.fits(Version::V3) => Ok(self.interval.centis().to_be_bytes()),
            Version::V3 => Err(refused),
        }
    }

    #[inline]
    const fn authentication_data(&self) -> Result<[u8; AUTHENTICATION_LEN as usize], EncodeError> {
        match (self.version, self.authentication) {
            (_, Authentication::None) => Ok([0; AUTHENTICATION_LEN as usize]),
            (Version::V2, Authentication::Simple(data)) => Ok(data),
            (Version::V2, Authentication::Other(number)) => Err(EncodeError::AuthenticationType { number }),
            (Version::V3, authentication) => Err(EncodeError::AuthenticationInV3 { number: authentication.number() }),
        }
    }
}
