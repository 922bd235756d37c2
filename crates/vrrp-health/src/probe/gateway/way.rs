//! How a target is reached: over the link directly, or beyond it.

use core::net::IpAddr;

use nix::errno::Errno;
use nix::net::if_::if_nametoindex;

use super::obstacle::Obstacle;
use super::route::{Kind, Link, link, route};

/// How a target is reached.
#[derive(Debug)]
pub(crate) enum Way {
    /// As a neighbour on this link, asked from this address if the kernel has one.
    OnLink(Link, Option<IpAddr>),
    /// Through a router, or on a link without neighbours.
    Beyond,
}

/// Asks the kernel how a target is reached.
pub(crate) fn way(target: IpAddr, interface: Option<&str>, source: Option<IpAddr>) -> Result<Way, Obstacle> {
    if let Some(source) = source.filter(|source| source.is_ipv4() != target.is_ipv4()) {
        return Err(Obstacle::Family(source));
    }
    if interface.is_none() && is_link_local(target) {
        return Err(Obstacle::NoLink);
    }
    let absent = |name: &str| Obstacle::Absent(name.into());
    let index = interface.map(|name| if_nametoindex(name).map_err(|_| absent(name))).transpose()?;
    // Without the link first: what is local to this host is so on every link.
    if let Ok(route) = route(target, None, None)
        && route.kind == Kind::Local
    {
        return Err(Obstacle::Own);
    }
    let route = route(target, index, source)?;
    match route.kind {
        Kind::Local => return Err(Obstacle::Own),
        Kind::Unreachable => return Err(Errno::ENETUNREACH.into()),
        Kind::Unicast => {}
    }
    let Some(index) = route.link.or(index).filter(|_| !route.through_router) else {
        return Ok(Way::Beyond);
    };
    Ok(link(index)?.map_or(Way::Beyond, |link| Way::OnLink(link, source.or(route.source))))
}

fn is_link_local(target: IpAddr) -> bool {
    matches!(target, IpAddr::V6(address) if address.is_unicast_link_local())
}
