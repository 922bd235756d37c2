use core::net::IpAddr;

use crate::Family;

/// The virtual addresses an advertisement lists, borrowed, all of one family (RFC 9568 §5.2.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addresses<'a> {
    /// IPv4 addresses in network order.
    V4(&'a [[u8; 4]]),
    /// IPv6 addresses in network order.
    V6(&'a [[u8; 16]]),
}

impl<'a> Addresses<'a> {
    /// How many addresses are listed.
    pub const fn len(&self) -> usize {
        match self {
            Self::V4(list) => list.len(),
            Self::V6(list) => list.len(),
        }
    }

    /// Whether none is listed.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The family they are all of.
    pub const fn family(&self) -> Family {
        match self {
            Self::V4(_) => Family::V4,
            Self::V6(_) => Family::V6,
        }
    }

    /// The address at `index`, in the order of the packet.
    pub fn get(&self, index: usize) -> Option<IpAddr> {
        match self {
            Self::V4(list) => list.get(index).map(|&octets| IpAddr::from(octets)),
            Self::V6(list) => list.get(index).map(|&octets| IpAddr::from(octets)),
        }
    }

    /// The addresses in the order of the packet.
    pub fn iter(&self) -> Iter<'a> {
        Iter { rest: *self }
    }

    /// The list as it stands in a packet.
    #[inline]
    pub(crate) const fn octets(&self) -> &'a [u8] {
        match self {
            Self::V4(list) => list.as_flattened(),
            Self::V6(list) => list.as_flattened(),
        }
    }
}

/// The addresses of an [`Addresses`], one by one.
#[derive(Debug, Clone)]
pub struct Iter<'a> {
    rest: Addresses<'a>,
}

impl Iterator for Iter<'_> {
    type Item = IpAddr;

    fn next(&mut self) -> Option<IpAddr> {
        match &mut self.rest {
            Addresses::V4(list) => list.split_off_first().map(|&octets| IpAddr::from(octets)),
            Addresses::V6(list) => list.split_off_first().map(|&octets| IpAddr::from(octets)),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.rest.len(), Some(self.rest.len()))
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'a> IntoIterator for Addresses<'a> {
    type Item = IpAddr;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &Addresses<'a> {
    type Item = IpAddr;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}
