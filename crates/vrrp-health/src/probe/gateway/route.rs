//! What the kernel says of the route to a target and of the link it leads over.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::io;

use netlink_packet_core::NlasIterator;

use crate::probe::netlink::{Message, ask, text};

const RTM_NEWLINK: u16 = 16;
const RTM_GETLINK: u16 = 18;
const RTM_NEWROUTE: u16 = 24;
const RTM_GETROUTE: u16 = 26;
const RTA_DST: u16 = 1;
const RTA_SRC: u16 = 2;
const RTA_OIF: u16 = 4;
const RTA_GATEWAY: u16 = 5;
const RTA_PREFSRC: u16 = 7;
const RTA_VIA: u16 = 18;
const IFLA_ADDRESS: u16 = 1;
const IFLA_IFNAME: u16 = 3;
const HEADER_LEN: usize = 16;
const ROUTE_HEADER_LEN: usize = 12;
const ARPHRD_ETHER: u16 = 1;
/// `IFF_LOOPBACK`, `IFF_POINTOPOINT` and `IFF_NOARP`: links on which nobody asks for neighbours.
const WITHOUT_NEIGHBORS: u32 = 0x8 | 0x10 | 0x80;

/// What the routes say of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Unicast,
    /// It is an address of this host.
    Local,
    Unreachable,
}

/// The route to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) kind: Kind,
    pub(crate) link: Option<u32>,
    pub(crate) through_router: bool,
    pub(crate) source: Option<IpAddr>,
}

/// Asks for the route to a target.
pub(crate) fn route(target: IpAddr, link: Option<u32>, source: Option<IpAddr>) -> io::Result<Route> {
    let family = if target.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
    let bits = |address: IpAddr| if address.is_ipv4() { 32 } else { 128 };
    let mut payload = vec![0; ROUTE_HEADER_LEN];
    if let [family_byte, target_bits, source_bits, ..] = payload.as_mut_slice() {
        *family_byte = u8::try_from(family).map_err(io::Error::other)?;
        *target_bits = bits(target);
        *source_bits = source.map_or(0, bits);
    }
    push(&mut payload, RTA_DST, &octets(target));
    if let Some(source) = source {
        push(&mut payload, RTA_SRC, &octets(source));
    }
    if let Some(link) = link {
        push(&mut payload, RTA_OIF, &link.to_ne_bytes());
    }
    let mut found = None;
    ask(RTM_GETROUTE, &payload, |message| found = found.or_else(|| read_route(message)))?;
    found.ok_or_else(|| io::ErrorKind::InvalidData.into())
}

fn read_route(message: &Message<'_>) -> Option<Route> {
    const RTN_UNICAST: u8 = 1;
    const RTN_LOCAL: u8 = 2;
    let kind = match (message.kind, message.payload.get(7)) {
        (RTM_NEWROUTE, Some(&RTN_UNICAST)) => Kind::Unicast,
        (RTM_NEWROUTE, Some(&RTN_LOCAL)) => Kind::Local,
        (RTM_NEWROUTE, Some(_)) => Kind::Unreachable,
        _ => return None,
    };
    let mut route = Route { kind, link: None, through_router: false, source: None };
    for attribute in NlasIterator::new(message.payload.get(ROUTE_HEADER_LEN..)?).map_while(Result::ok) {
        match attribute.kind() {
            RTA_OIF => route.link = number(attribute.value()),
            RTA_GATEWAY | RTA_VIA => route.through_router = true,
            RTA_PREFSRC => route.source = address(attribute.value()),
            _ => {}
        }
    }
    Some(route)
}

/// A link on which neighbours are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) index: u32,
    pub(crate) name: String,
    pub(crate) mac: [u8; 6],
}

/// Asks for a link; none if it is one without neighbours.
pub(crate) fn link(index: u32) -> io::Result<Option<Link>> {
    let mut payload = vec![0; 4];
    payload.extend(index.to_ne_bytes());
    payload.resize(HEADER_LEN, 0);
    let mut found = None;
    ask(RTM_GETLINK, &payload, |message| found = found.take().or_else(|| read_link(message, index)))?;
    Ok(found)
}

fn read_link(message: &Message<'_>, index: u32) -> Option<Link> {
    let kind = u16::from_ne_bytes(message.payload.get(2..4)?.try_into().ok()?);
    let flags = number(message.payload.get(8..12)?)?;
    if message.kind != RTM_NEWLINK || kind != ARPHRD_ETHER || flags & WITHOUT_NEIGHBORS != 0 {
        return None;
    }
    let (mut name, mut mac) = (None, None);
    for attribute in NlasIterator::new(message.payload.get(HEADER_LEN..)?).map_while(Result::ok) {
        match attribute.kind() {
            IFLA_IFNAME => name = Some(text(attribute.value())),
            IFLA_ADDRESS => mac = attribute.value().try_into().ok(),
            _ => {}
        }
    }
    Some(Link { index, name: name?, mac: mac? })
}

/// Appends an attribute; all lengths here are multiples of four.
fn push(payload: &mut Vec<u8>, kind: u16, value: &[u8]) {
    let length = u16::try_from(4 + value.len()).unwrap_or(u16::MAX);
    payload.extend(length.to_ne_bytes());
    payload.extend(kind.to_ne_bytes());
    payload.extend(value);
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

fn number(value: &[u8]) -> Option<u32> {
    Some(u32::from_ne_bytes(value.try_into().ok()?))
}

fn address(value: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(value).map(|octets| Ipv4Addr::from(octets).into());
    v4.or_else(|_| <[u8; 16]>::try_from(value).map(|octets| Ipv6Addr::from(octets).into())).ok()
}
