//! Addresses of the calling thread's network namespace.

use core::net::{IpAddr, Ipv4Addr};
use core::str::FromStr;
use core::time::Duration;
use std::io;
use std::time::Instant;

use netlink_packet_core::{NLM_F_CREATE, NLM_F_EXCL, NetlinkPayload};
use netlink_packet_route::address::{AddressAttribute, AddressFlags, AddressHeaderFlags, AddressMessage, AddressScope};
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage};
use netlink_sys::Socket;

use crate::carrier;
use crate::error::LabError;
use crate::links;
use crate::monitor::{ADDRESSES, open, readable};
use crate::rtnl::{dump, receive, request};

/// The kernel's deferred work takes microseconds on an idle machine.
const NOTICE_DEADLINE: Duration = Duration::from_secs(10);

/// An address as the kernel has it on an interface: what `ip address show` prints, and the protocol that it does not.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Address {
    /// The address itself (`IFA_LOCAL`).
    pub ip: IpAddr,
    /// The length of its prefix in bits.
    pub prefix_len: u8,
    /// The other end, where the address was added with a peer.
    pub peer: Option<IpAddr>,
    /// The broadcast address.
    pub broadcast: Option<Ipv4Addr>,
    /// The label (IPv4 only).
    pub label: Option<String>,
    /// The scope: 0 is global, 253 link, 254 host.
    pub scope: u8,
    /// The `IFA_F_*` flags.
    pub flags: u32,
    /// Who says that it added the address (`IFA_PROTO`).
    pub protocol: Option<u8>,
    /// For how many seconds it is preferred; none for ever, 0 if it is deprecated.
    pub preferred: Option<u32>,
}

impl Address {
    /// Says whether duplicate address detection has not finished (`IFA_F_TENTATIVE`).
    pub const fn is_tentative(&self) -> bool {
        self.flags & AddressFlags::Tentative.bits() != 0
    }

    /// Says whether it was added without duplicate address detection (`IFA_F_NODAD`).
    pub const fn is_nodad(&self) -> bool {
        self.flags & AddressFlags::Nodad.bits() != 0
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the kernel may add attributes, and the others are not shown")]
    pub(crate) fn from_message(message: AddressMessage) -> Option<Self> {
        let (mut local, mut address) = (None, None);
        let mut found = Self {
            ip: Ipv4Addr::UNSPECIFIED.into(),
            prefix_len: message.header.prefix_len,
            peer: None,
            broadcast: None,
            label: None,
            scope: message.header.scope.into(),
            flags: u32::from(message.header.flags.bits()),
            protocol: None,
            preferred: None,
        };
        for attribute in message.attributes {
            match attribute {
                AddressAttribute::Local(ip) => local = Some(ip),
                AddressAttribute::Address(ip) => address = Some(ip),
                AddressAttribute::Broadcast(ip) => found.broadcast = Some(ip),
                AddressAttribute::Label(label) => found.label = Some(label),
                AddressAttribute::Flags(flags) => found.flags = flags.bits(),
                AddressAttribute::Protocol(protocol) => found.protocol = Some(protocol.into()),
                AddressAttribute::CacheInfo(info) => {
                    found.preferred = (info.ifa_preferred != u32::MAX).then_some(info.ifa_preferred);
                }
                _ => {}
            }
        }
        found.ip = local.or(address)?;
        found.peer = address.filter(|other| *other != found.ip);
        Some(found)
    }
}

/// An address with the length of its prefix, as people write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Prefixed {
    pub(crate) ip: IpAddr,
    pub(crate) length: u8,
}

impl FromStr for Prefixed {
    type Err = LabError;

    fn from_str(text: &str) -> Result<Self, LabError> {
        let parsed = text.split_once('/').and_then(|(ip, length)| {
            let ip: IpAddr = ip.parse().ok()?;
            let longest = if ip.is_ipv4() { 32 } else { 128 };
            let length = length.parse().ok().filter(|length| *length <= longest)?;
            Some(Self { ip, length })
        });
        parsed.ok_or_else(|| LabError::Prefix { text: text.to_owned() })
    }
}

/// Reads the addresses of an interface.
pub(crate) fn on_interface(interface: &str) -> io::Result<Vec<Address>> {
    let index = links::index(interface)?;
    let rows = dump(&RouteNetlinkMessage::GetAddress(AddressMessage::default()))?;
    let addresses = rows.into_iter().filter_map(|row| {
        let RouteNetlinkMessage::NewAddress(message) = row else {
            return None;
        };
        (message.header.index == index).then(|| Address::from_message(message))?
    });
    Ok(addresses.collect())
}

/// Adds an address, ready for use when this returns if the link carries frames.
pub(crate) fn add(interface: &str, address: Prefixed) -> io::Result<()> {
    let message = message(interface, address)?;
    let index = message.header.index;
    let socket = open(ADDRESSES)?;
    request(RouteNetlinkMessage::NewAddress(message), NLM_F_CREATE | NLM_F_EXCL)?;
    if address.ip.is_ipv6() && carrier::carries(interface)? {
        wait_for_notice(&socket, index, address.ip)?;
    }
    Ok(())
}

/// Waits for the kernel's notice of an IPv6 address: it joins the solicited-node group, without which nobody finds the
/// address, some time after it has acknowledged the request, and tells of the address only then.
fn wait_for_notice(socket: &Socket, index: u32, ip: IpAddr) -> io::Result<()> {
    let end = Instant::now() + NOTICE_DEADLINE;
    while readable(socket, end.saturating_duration_since(Instant::now()))? {
        for answer in receive(socket)? {
            let NetlinkPayload::InnerMessage(RouteNetlinkMessage::NewAddress(message)) = answer.payload else {
                continue;
            };
            let same_link = message.header.index == index;
            if same_link && Address::from_message(message).is_some_and(|address| address.ip == ip) {
                return Ok(());
            }
        }
    }
    Err(io::Error::new(io::ErrorKind::TimedOut, "the kernel did not take the address into use"))
}

/// Removes an address.
pub(crate) fn remove(interface: &str, address: Prefixed) -> io::Result<()> {
    let message = message(interface, address)?;
    request(RouteNetlinkMessage::DelAddress(message), 0)
}

fn message(interface: &str, address: Prefixed) -> io::Result<AddressMessage> {
    let mut message = AddressMessage::default();
    message.header.index = links::index(interface)?;
    message.header.prefix_len = address.length;
    message.attributes.push(AddressAttribute::Local(address.ip));
    match address.ip {
        IpAddr::V4(ip) => {
            message.header.family = AddressFamily::Inet;
            let hosts = u32::MAX.checked_shr(u32::from(address.length)).unwrap_or(0);
            if address.length < 31 {
                message.attributes.push(AddressAttribute::Broadcast(Ipv4Addr::from(ip.to_bits() | hosts)));
            }
        }
        IpAddr::V6(ip) => {
            message.header.family = AddressFamily::Inet6;
            message.header.flags = AddressHeaderFlags::Nodad;
            if ip.is_unicast_link_local() {
                message.header.scope = AddressScope::Link;
            }
        }
    }
    message.attributes.push(AddressAttribute::Address(address.ip));
    Ok(message)
}
