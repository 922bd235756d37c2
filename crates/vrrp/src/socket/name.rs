//! Socket addresses in the kernel's layout, as octets.

use core::net::{Ipv4Addr, Ipv6Addr};

use vrrp_wire::MacAddr;

use super::sys::Name;

/// Octets of a `sockaddr_in`.
pub(super) const LEN_V4: usize = 16;
/// Octets of a `sockaddr_in6`.
pub(super) const LEN_V6: usize = 28;
/// Octets of a `sockaddr_ll`.
pub(super) const LEN_LINK: usize = 20;

/// `sll_pkttype` of a packet that this host sent.
const OUTGOING: u8 = 4;

/// The sender of a frame, as a packet socket tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    /// The Ethernet source; none on links without such addresses.
    pub(super) mac: Option<MacAddr>,
    /// Whether this host sent the frame.
    pub(super) outgoing: bool,
}

impl Name {
    /// The `sockaddr_in` of a raw socket's destination.
    pub(super) fn v4(address: Ipv4Addr) -> Self {
        let [a, b] = family(libc::AF_INET);
        let [c, d, e, f] = address.octets();
        Self::of([a, b, 0, 0, c, d, e, f])
    }

    /// The `sockaddr_in6` of a raw socket's destination, in the scope of the interface `index`.
    pub(super) fn v6(address: Ipv6Addr, index: u32) -> Self {
        let mut name = [0; LEN_V6];
        name[..2].copy_from_slice(&family(libc::AF_INET6));
        name[8..24].copy_from_slice(&address.octets());
        name[24..].copy_from_slice(&index.to_ne_bytes());
        Self::of(name)
    }

    /// The `sockaddr_ll` of frames of `protocol` (in the order of the wire) on the interface `index`.
    pub(super) fn link(protocol: [u8; 2], index: u32) -> Self {
        let [a, b] = family(libc::AF_PACKET);
        let [c, d] = protocol;
        let [e, f, g, h] = index.to_ne_bytes();
        Self::of([a, b, c, d, e, f, g, h])
    }

    /// The address of a `sockaddr_in6` of `len` octets.
    pub(super) fn to_v6(self, len: usize) -> Option<Ipv6Addr> {
        let octets: [u8; 16] = self.0.get(8..24)?.try_into().ok()?;
        (len >= LEN_V6).then(|| octets.into())
    }

    /// The sender of a `sockaddr_ll` of `len` octets.
    pub(super) fn to_link(self, len: usize) -> Link {
        // A sockaddr_ll is cut after the address it holds: 12 octets and the address.
        let octets: Option<[u8; 6]> = match self.0.get(11) {
            Some(6) if len >= 18 => self.0.get(12..18).and_then(|mac| mac.try_into().ok()),
            Some(_) | None => None,
        };
        Link { mac: octets.map(MacAddr::new), outgoing: self.0.get(10) == Some(&OUTGOING) }
    }

    /// A name that starts with `octets` and is zero from there on.
    fn of<const LEN: usize>(octets: [u8; LEN]) -> Self {
        let mut octets = octets.into_iter();
        Self(core::array::from_fn(|_| octets.next().unwrap_or(0)))
    }
}

/// An address family as a `sockaddr` begins.
fn family(family: i32) -> [u8; 2] {
    u16::try_from(family).unwrap_or(0).to_ne_bytes()
}
