//! What makes an address the same address to the kernel.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr};
use core::str::FromStr;

use crate::address::Address;

/// The kernel's identity of an address.
///
/// IPv4 tells apart (link, address, prefix length, network of the far end); IPv6 only (link,
/// address), so that there the other fields are normalised. Ordered by address first: all links
/// that hold one address are neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) address: IpAddr,
    pub(crate) index: u32,
    prefix: u8,
    network: Ipv4Addr,
}

impl Key {
    /// Makes the key of an address on link `index`; `far` is the peer, or the address itself.
    pub(crate) fn new(index: u32, address: IpAddr, prefix: u8, far: IpAddr) -> Self {
        match (address, far) {
            (IpAddr::V4(_), IpAddr::V4(far)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(prefix.min(32))).unwrap_or(0);
                let network = Ipv4Addr::from(u32::from(far) & mask);
                Self { address, index, prefix, network }
            }
            _ => Self { address, index, prefix: 128, network: Ipv4Addr::UNSPECIFIED },
        }
    }

    /// Makes the key that a wanted address has on link `index`.
    pub(crate) fn of(index: u32, wanted: &Address) -> Self {
        let far = wanted.peer.map_or(wanted.address, |(peer, _)| peer);
        Self::new(index, wanted.address, wanted.effective_prefix(), far)
    }

    /// Tells an address in the network of the far end, by which the kernel finds this one.
    pub(crate) const fn far(&self) -> IpAddr {
        match self.address {
            IpAddr::V4(_) => IpAddr::V4(self.network),
            IpAddr::V6(_) => self.address,
        }
    }

    /// Tells the IPv4 subnet on its link, within which all but one are secondaries; none where the
    /// address is alone in it.
    pub(crate) fn subnet(&self) -> Option<(u32, u8, Ipv4Addr)> {
        let alone = self.address.is_ipv6() || self.address == IpAddr::V4(self.network) && self.prefix == 32;
        (!alone).then_some((self.index, self.prefix, self.network))
    }

    /// The least key that an address can have, for ranges.
    pub(crate) fn first(address: IpAddr) -> Self {
        Self { address, index: 0, prefix: 0, network: Ipv4Addr::UNSPECIFIED }
    }

    /// The greatest key that an address can have, for ranges.
    pub(crate) fn last(address: IpAddr) -> Self {
        Self { address, index: u32::MAX, prefix: u8::MAX, network: Ipv4Addr::BROADCAST }
    }
}

/// Not the text of the key that one expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotAKey;

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.index, self.address, self.prefix, self.network)
    }
}

impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let mut words = text.split(' ');
        let mut word = || words.next().ok_or(NotAKey);
        Ok(Self {
            index: word()?.parse().map_err(|_| NotAKey)?,
            address: word()?.parse().map_err(|_| NotAKey)?,
            prefix: word()?.parse().map_err(|_| NotAKey)?,
            network: word()?.parse().map_err(|_| NotAKey)?,
        })
    }
}

#[cfg(test)]
mod tests;
