//! Whether hosts answer: ARP and Neighbor Discovery on the link, ICMP echo beyond it.

use core::net::IpAddr;

/// Whether enough of some hosts can be reached.
///
/// A target on the link is asked by ARP or Neighbor Solicitation, so that a firewall that drops pings does not matter and
/// a stale neighbour entry does not count; one beyond the link by ICMP echo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// Who is asked. All are asked at once.
    pub targets: Vec<IpAddr>,
    /// How many of the targets must answer.
    pub quorum: usize,
    /// The link to ask on; where the route to the target leads, if none. A link-local target needs it.
    pub interface: Option<Box<str>>,
    /// The address to ask from; the kernel's choice for the target, if none.
    pub source: Option<IpAddr>,
}

impl Gateway {
    /// Asks for an answer of at least one of the targets, by the way that the routes lead.
    pub fn new(targets: impl IntoIterator<Item = IpAddr>) -> Self {
        Self { targets: targets.into_iter().collect(), quorum: 1, interface: None, source: None }
    }
}
