use crate::{Coverage, IpPair, PROTOCOL};

/// A ones' complement sum (RFC 1071), kept in 64 bits and in the machine's byte order: the sum of
/// swapped words is the swapped sum, so only the finished checksum has to meet the wire's order.
///
/// A message is at most 4096 octets, a thousand additions of 32 bits: 64 bits never overflow.
#[derive(Clone, Copy)]
pub(crate) struct Sum(u64);

impl Sum {
    #[inline]
    pub(crate) fn of_words(words: &[[u8; 4]]) -> Self {
        Self(words.iter().map(|&word| u64::from(u32::from_ne_bytes(word))).sum())
    }

    /// The sum of `octets`, a multiple of four of them: every message is one.
    #[inline]
    pub(crate) fn of_octets(octets: &[u8]) -> Self {
        let (words, rest) = octets.as_chunks::<4>();
        debug_assert!(rest.is_empty(), "a message is a multiple of four octets");
        Self::of_words(words)
    }

    /// The pseudo-header before a message of `len` octets: addresses, length, protocol
    /// (RFC 5798 §5.2.8 for IPv4, RFC 8200 §8.1 for IPv6).
    #[inline]
    pub(crate) fn of_pseudo_header(ip: &IpPair, len: u16) -> Self {
        let [high, low] = len.to_be_bytes();
        let tail = Self::of_words(&[[0, PROTOCOL, high, low]]);
        match ip {
            IpPair::V4 { source, destination } => tail.plus(Self::of_words(&[source.octets(), destination.octets()])),
            IpPair::V6 { source, destination } => {
                tail.plus(Self::of_octets(&source.octets())).plus(Self::of_octets(&destination.octets()))
            }
        }
    }

    #[inline]
    pub(crate) const fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// `self`, and the pseudo-header where `coverage` includes it.
    #[inline]
    pub(crate) fn covering(self, coverage: Coverage, ip: &IpPair, len: u16) -> Self {
        match coverage {
            Coverage::Message => self,
            Coverage::PseudoHeader => self.plus(Self::of_pseudo_header(ip, len)),
        }
    }

    /// Whether a sum that includes the checksum field says that nothing changed on the way.
    #[inline]
    pub(crate) const fn verifies(self) -> bool {
        self.fold() == 0xffff
    }

    /// The checksum field for a sum taken over a checksum field of zero.
    #[inline]
    pub(crate) const fn checksum(self) -> [u8; 2] {
        (!self.fold()).to_ne_bytes()
    }

    /// The checksum that should have stood where `received` stood when the sum was taken.
    pub(crate) const fn expected(self, received: [u8; 2]) -> u16 {
        let without = Self(self.0 + (!u16::from_ne_bytes(received)) as u64);
        u16::from_be_bytes(without.checksum())
    }

    /// Adding a number to itself with its halves exchanged leaves the end-around sum of the halves on top.
    #[inline]
    const fn fold(self) -> u16 {
        let half = (self.0.wrapping_add(self.0.rotate_left(32)) >> 32) as u32;
        (half.wrapping_add(half.rotate_left(16)) >> 16) as u16
    }
}

#[cfg(test)]
mod tests {
    use super::Sum;

    #[test]
    fn the_sum_of_rfc_1071_section_3() {
        let sum = Sum::of_octets(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]);
        assert_eq!(sum.checksum(), [0x22, 0x0d]);
    }

    #[test]
    fn end_around_carries_reach_the_lowest_bit() {
        assert_eq!(Sum::of_octets(&[0xff; 4096]).checksum(), [0, 0]);
        assert_eq!(Sum::of_octets(&[0xff, 0xff, 0x00, 0x01]).checksum(), [0xff, 0xfe]);
        assert_eq!(Sum(u64::MAX).fold(), 0xffff);
        assert_eq!(Sum(0).fold(), 0);
    }

    #[test]
    fn the_expected_checksum_does_not_depend_on_the_one_received() {
        for received in [[0x00, 0x00], [0xff, 0xff], [0x12, 0x34]] {
            let sum = Sum::of_words(&[[0x31, 0x33, 0x96, 0x02], [0x00, 0x64, received[0], received[1]]]);
            assert_eq!(sum.expected(received), !(0x3133 + 0x9602 + 0x0064));
        }
    }
}
