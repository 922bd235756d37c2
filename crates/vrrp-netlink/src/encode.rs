//! Wanted addresses into kernel requests.

use core::net::IpAddr;

use netlink_packet_core::{
    NLM_F_ACK, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL, NLM_F_REPLACE, NLM_F_REQUEST, NetlinkMessage,
};
use netlink_packet_route::address::{
    AddressAttribute, AddressFlags as Flags, AddressHeaderFlags, AddressMessage, AddressScope, CacheInfo,
};
use netlink_packet_route::link::{LinkAttribute, LinkExtentMask, LinkMessage};
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage};

use crate::address::{Address, Lifetime};
use crate::key::Key;

/// What a request asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Request<'a> {
    /// Adds an address that is not there.
    Add { index: u32, address: &'a Address, protocol: Option<u8> },
    /// Renews an address that is there, with our mark.
    Replace { index: u32, address: &'a Address, protocol: Option<u8> },
    /// Removes an address; `prefix` is the length that the kernel has for it.
    Remove { key: Key, prefix: u8 },
    /// Adds an address as it was listed before.
    Copy(&'a AddressMessage),
    /// Lists all links, without their statistics.
    ListLinks,
    /// Lists all addresses.
    ListAddresses,
}

/// Appends the request to `buffer`.
pub(crate) fn encode(request: Request<'_>, sequence: u32, buffer: &mut Vec<u8>) {
    let (message, flags) = match request {
        Request::Add { index, address, protocol } => {
            (RouteNetlinkMessage::NewAddress(addition(index, address, protocol)), NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL)
        }
        Request::Replace { index, address, protocol } => (
            RouteNetlinkMessage::NewAddress(addition(index, address, protocol)),
            NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE,
        ),
        Request::Remove { key, prefix } => (RouteNetlinkMessage::DelAddress(removal(key, prefix)), NLM_F_ACK),
        Request::Copy(copy) => (RouteNetlinkMessage::NewAddress(copy.clone()), NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL),
        Request::ListLinks => {
            let mut message = LinkMessage::default();
            message.attributes.push(LinkAttribute::ExtMask(vec![LinkExtentMask::SkipStats]));
            (RouteNetlinkMessage::GetLink(message), NLM_F_DUMP)
        }
        Request::ListAddresses => (RouteNetlinkMessage::GetAddress(AddressMessage::default()), NLM_F_DUMP),
    };
    let mut message = NetlinkMessage::from(message);
    message.header.flags = NLM_F_REQUEST | flags;
    message.header.sequence_number = sequence;
    message.finalize();
    let start = buffer.len();
    buffer.resize(start + message.buffer_len().next_multiple_of(4), 0);
    if let Some(place) = buffer.get_mut(start..) {
        message.serialize(place);
    }
}

fn addition(index: u32, wanted: &Address, protocol: Option<u8>) -> AddressMessage {
    let mut message = base(index, wanted.address, wanted.effective_prefix());
    let far = wanted.peer.map_or(wanted.address, |(peer, _)| peer);
    message.attributes.push(AddressAttribute::Local(wanted.address));
    message.attributes.push(AddressAttribute::Address(far));
    if wanted.address.is_ipv4() {
        message.header.scope = wanted.scope.map_or(AddressScope::Universe, |scope| AddressScope::from(scope.0));
        message.attributes.extend(wanted.label.as_deref().map(|label| AddressAttribute::Label(label.to_owned())));
        message.attributes.extend(wanted.broadcast.map(AddressAttribute::Broadcast));
    }
    let flags = flags(wanted);
    if !flags.is_empty() {
        // The header has room for the low eight only; the attribute has all.
        message.header.flags = AddressHeaderFlags::from_bits_truncate(flags.bits().to_le_bytes()[0]);
        message.attributes.push(AddressAttribute::Flags(flags));
    }
    if let Lifetime::Seconds(preferred) = wanted.preferred() {
        let mut lifetimes = CacheInfo::default();
        lifetimes.ifa_preferred = preferred;
        lifetimes.ifa_valid = u32::MAX;
        message.attributes.push(AddressAttribute::CacheInfo(lifetimes));
    }
    message.attributes.extend(protocol.map(|number| AddressAttribute::Protocol(number.into())));
    message
}

fn removal(key: Key, prefix: u8) -> AddressMessage {
    let mut message = base(key.index, key.address, prefix);
    message.attributes.push(AddressAttribute::Local(key.address));
    message.attributes.push(AddressAttribute::Address(key.far()));
    message
}

fn base(index: u32, address: IpAddr, prefix: u8) -> AddressMessage {
    let mut message = AddressMessage::default();
    message.header.index = index;
    message.header.prefix_len = prefix;
    message.header.family = if address.is_ipv4() { AddressFamily::Inet } else { AddressFamily::Inet6 };
    message
}

fn flags(wanted: &Address) -> Flags {
    let asked = wanted.flags;
    let ipv6 = wanted.address.is_ipv6();
    let mut flags = Flags::empty();
    flags.set(Flags::Nodad, ipv6 || asked.nodad);
    flags.set(Flags::Homeaddress, ipv6 && asked.home);
    flags.set(Flags::Managetempaddr, ipv6 && asked.mngtmpaddr);
    flags.set(Flags::Noprefixroute, asked.noprefixroute);
    flags.set(Flags::Mcautojoin, asked.autojoin);
    flags
}

#[cfg(test)]
mod tests;
