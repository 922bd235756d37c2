//! What an owner wants in the kernel, in iproute2's words.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// Names whoever declares and claims addresses; chosen by the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnerId(pub u32);

impl fmt::Display for OwnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "owner {}", self.0)
    }
}

/// The scope of an IPv4 address as the kernel counts it (`RT_SCOPE_*`): the larger, the narrower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(pub u8);

impl Scope {
    /// Valid everywhere; the default.
    pub const GLOBAL: Self = Self(0);
    /// Valid within this site.
    pub const SITE: Self = Self(200);
    /// Valid on this link.
    pub const LINK: Self = Self(253);
    /// Valid inside this host.
    pub const HOST: Self = Self(254);
    /// Valid nowhere.
    pub const NOWHERE: Self = Self(255);
}

/// How long an IPv6 address is preferred as a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lifetime {
    /// For as long as the address is there.
    Forever,
    /// For so many seconds; with 0 the address is deprecated at once and never chosen as a source.
    Seconds(u32),
}

/// The flags of an address, as `ip address` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct AddressFlags {
    /// IPv6: the home address of Mobile IPv6 (RFC 6275).
    pub home: bool,
    /// IPv6: no duplicate address detection. IPv6 addresses get it whether it is asked for or not:
    /// an address that moves between hosts cannot wait for a probe.
    pub nodad: bool,
    /// IPv6: the template of privacy addresses.
    pub mngtmpaddr: bool,
    /// No route for the prefix is made.
    pub noprefixroute: bool,
    /// The multicast group of this address is joined.
    pub autojoin: bool,
}

/// One address that an owner wants on a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The address itself.
    pub address: IpAddr,
    /// The length of its prefix in bits; with a peer it is the peer's length that counts.
    pub prefix: u8,
    /// The link, by name. It need not exist yet.
    pub link: Arc<str>,
    /// IPv4: the label, at most 15 bytes. The kernel's default is the link's name.
    pub label: Option<Box<str>>,
    /// IPv4: the broadcast address; none by default.
    pub broadcast: Option<Ipv4Addr>,
    /// IPv4: the scope; [`Scope::GLOBAL`] by default. IPv6 derives it from the address.
    pub scope: Option<Scope>,
    /// The far end of a point-to-point address, and the length of its prefix in bits.
    pub peer: Option<(IpAddr, u8)>,
    /// The flags.
    pub flags: AddressFlags,
    /// IPv6: how long it is preferred; by default not at all for a /128, else forever.
    pub preferred_lft: Option<Lifetime>,
    /// Whether it is put back when somebody else removes it (the opposite of `no_track`).
    pub tracked: bool,
}

impl Address {
    /// Makes a tracked address with the kernel's defaults for everything else.
    pub fn new(address: IpAddr, prefix: u8, link: impl Into<Arc<str>>) -> Self {
        Self {
            address,
            prefix,
            link: link.into(),
            label: None,
            broadcast: None,
            scope: None,
            peer: None,
            flags: AddressFlags::default(),
            preferred_lft: None,
            tracked: true,
        }
    }

    /// Tells the length of the prefix that the kernel is given, in bits.
    pub(crate) fn effective_prefix(&self) -> u8 {
        self.peer.map_or(self.prefix, |(_, prefix)| prefix)
    }

    /// Tells how long the address is to be preferred as a source.
    pub(crate) fn preferred(&self) -> Lifetime {
        match (self.preferred_lft, self.address) {
            (Some(asked), IpAddr::V6(_)) => asked,
            (None, IpAddr::V6(_)) if self.effective_prefix() == 128 => Lifetime::Seconds(0),
            (None, IpAddr::V6(_)) | (_, IpAddr::V4(_)) => Lifetime::Forever,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_prints_its_number() {
        assert_eq!(OwnerId(7).to_string(), "owner 7");
    }
}
