//! Links of the calling thread's network namespace.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

use netlink_packet_core::{NLM_F_CREATE, NLM_F_EXCL};
use netlink_packet_route::RouteNetlinkMessage;
use netlink_packet_route::link::{
    AfSpecInet6, AfSpecUnspec, BridgeStpState, In6AddrGenMode, InfoBridge, InfoData, InfoKind, InfoVeth, LinkAttribute,
    LinkFlags, LinkInfo, LinkMessage,
};
use nix::net::if_::if_nametoindex;

use crate::host::Mac;
use crate::rtnl::request;

/// Returns the number of an interface.
pub(crate) fn index(interface: &str) -> io::Result<u32> {
    Ok(if_nametoindex(interface)?)
}

/// Makes a bridge that forwards at once and floods multicast, and sets it up.
pub(crate) fn add_bridge(name: &str) -> io::Result<()> {
    let data = vec![
        InfoBridge::ForwardDelay(0),
        InfoBridge::StpState(BridgeStpState::Disabled),
        InfoBridge::MulticastSnooping(false),
    ];
    let mut message = named(name);
    message
        .attributes
        .push(LinkAttribute::LinkInfo(vec![LinkInfo::Kind(InfoKind::Bridge), LinkInfo::Data(InfoData::Bridge(data))]));
    create(message)?;
    set_up(name, true)
}

/// Makes a pair of Ethernet ends: `port` here, and `interface` with an address in another namespace.
pub(crate) fn add_pair(port: &str, interface: &str, mac: Mac, namespace: &File) -> io::Result<()> {
    let mut peer = named(interface);
    peer.attributes.push(LinkAttribute::Address(mac.0.to_vec()));
    peer.attributes.push(LinkAttribute::NetNsFd(namespace.as_raw_fd()));
    let mut message = named(port);
    message.attributes.push(LinkAttribute::LinkInfo(vec![
        LinkInfo::Kind(InfoKind::Veth),
        LinkInfo::Data(InfoData::Veth(InfoVeth::Peer(peer))),
    ]));
    create(message)
}

/// Puts a port on a bridge.
pub(crate) fn join_bridge(port: &str, bridge: &str) -> io::Result<()> {
    let bridge = index(bridge)?;
    change(port, |message| message.attributes.push(LinkAttribute::Controller(bridge)))
}

/// Removes a link, and its peer if it is a pair.
pub(crate) fn delete(interface: &str) -> io::Result<()> {
    let mut message = LinkMessage::default();
    message.header.index = index(interface)?;
    request(RouteNetlinkMessage::DelLink(message), 0)
}

/// Sets an interface up or down.
pub(crate) fn set_up(interface: &str, up: bool) -> io::Result<()> {
    change(interface, |message| {
        message.header.change_mask = LinkFlags::Up;
        message.header.flags = if up { LinkFlags::Up } else { LinkFlags::empty() };
    })
}

/// Keeps the kernel from making link-local addresses, which would be tentative for seconds.
pub(crate) fn no_own_link_local(interface: &str) -> io::Result<()> {
    let mode = AfSpecInet6::AddrGenMode(In6AddrGenMode::None);
    change(interface, |message| {
        message.attributes.push(LinkAttribute::AfSpecUnspec(vec![AfSpecUnspec::Inet6(vec![mode])]));
    })
}

fn named(name: &str) -> LinkMessage {
    let mut message = LinkMessage::default();
    message.attributes.push(LinkAttribute::IfName(name.to_owned()));
    message
}

fn create(message: LinkMessage) -> io::Result<()> {
    request(RouteNetlinkMessage::NewLink(message), NLM_F_CREATE | NLM_F_EXCL)
}

fn change(interface: &str, set: impl FnOnce(&mut LinkMessage)) -> io::Result<()> {
    let mut message = LinkMessage::default();
    message.header.index = index(interface)?;
    set(&mut message);
    request(RouteNetlinkMessage::SetLink(message), 0)
}
