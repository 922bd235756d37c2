//! Kernel messages into values.
//!
//! Only the attributes that matter here are looked at, so that one that a newer kernel invents
//! cannot make a message unreadable.

use core::net::IpAddr;

use netlink_packet_core::{
    NLM_F_DUMP_INTR, NLMSG_DONE, NLMSG_ERROR, NetlinkBuffer, NlasIterator, Parseable, parse_ip, parse_u8, parse_u32,
};
use netlink_packet_route::AddressFamily;
use netlink_packet_route::address::{AddressAttribute, AddressHeader, AddressMessage};
use netlink_packet_route::link::LinkHeader;

use crate::key::Key;

const RTM_NEWLINK: u16 = 16;
const RTM_DELLINK: u16 = 17;
const RTM_NEWADDR: u16 = 20;
const RTM_DELADDR: u16 = 21;
const LINK_HEADER_LEN: usize = 16;
const ADDRESS_HEADER_LEN: usize = 8;
const IFLA_ADDRESS: u16 = 1;
const IFLA_IFNAME: u16 = 3;
const IFLA_MTU: u16 = 4;
const IFA_ADDRESS: u16 = 1;
const IFA_LOCAL: u16 = 2;
const IFA_FLAGS: u16 = 8;
const IFA_PROTO: u16 = 11;
const NLMSGERR_ATTR_MSG: u16 = 1;
const NLM_F_CAPPED: u16 = 0x100;
const NLM_F_ACK_TLVS: u16 = 0x200;
const HEADER_LEN: usize = 16;

/// A link as the kernel tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkNotice {
    pub(crate) index: u32,
    pub(crate) name: String,
    pub(crate) flags: u32,
    pub(crate) mtu: u32,
    pub(crate) mac: Option<[u8; 6]>,
}

/// An address as the kernel tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AddressNotice {
    pub(crate) key: Key,
    pub(crate) prefix: u8,
    pub(crate) flags: u32,
    pub(crate) protocol: Option<u8>,
}

/// A request that the kernel refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) errno: i32,
    pub(crate) text: Option<Box<str>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body {
    Link(LinkNotice),
    LinkGone(u32),
    Address(AddressNotice),
    AddressGone(Key),
    Acknowledged(Result<(), Refusal>),
    /// Something of no concern here, or that cannot be read.
    Other,
}

/// One message of the kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) sequence: u32,
    /// The port of the socket whose request caused it.
    pub(crate) port: u32,
    pub(crate) body: Body,
}

/// Walks through the messages of one datagram; what is cut off or malformed ends the walk.
pub(crate) fn messages(datagram: &[u8]) -> impl Iterator<Item = Message> {
    raw(datagram).map(|(buffer, payload)| Message {
        sequence: buffer.sequence_number(),
        port: buffer.port_number(),
        body: body(buffer.message_type(), buffer.flags(), payload).unwrap_or(Body::Other),
    })
}

/// Cuts a datagram into headers and payloads.
fn raw(datagram: &[u8]) -> impl Iterator<Item = (NetlinkBuffer<&[u8]>, &[u8])> {
    let mut rest = datagram;
    core::iter::from_fn(move || {
        let buffer = NetlinkBuffer::new_checked(rest).ok()?;
        let length = usize::try_from(buffer.length()).ok()?;
        let payload = rest.get(HEADER_LEN..length)?;
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((buffer, payload))
    })
}

/// What a datagram of a listing says of the listing.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Listing {
    /// Whether what is listed changed meanwhile.
    pub(crate) interrupted: bool,
    /// How it ended, where this is the end.
    pub(crate) end: Option<Result<(), Refusal>>,
}

/// Reads what a datagram says of the listing asked for by `sequence`; none if it belongs to another.
pub(crate) fn listing(datagram: &[u8], sequence: u32) -> Option<Listing> {
    let mut said = None::<Listing>;
    for (buffer, payload) in raw(datagram).filter(|(buffer, _)| buffer.sequence_number() == sequence) {
        let said = said.get_or_insert_default();
        said.interrupted |= buffer.flags() & NLM_F_DUMP_INTR != 0;
        match buffer.message_type() {
            NLMSG_DONE => said.end = Some(done(payload)),
            NLMSG_ERROR => said.end = outcome(payload, buffer.flags()),
            _ => {}
        }
    }
    said
}

fn body(kind: u16, flags: u16, payload: &[u8]) -> Option<Body> {
    match kind {
        RTM_NEWLINK => link(payload).map(Body::Link),
        RTM_DELLINK => link(payload).map(|notice| Body::LinkGone(notice.index)),
        RTM_NEWADDR => address(payload).map(Body::Address),
        RTM_DELADDR => address(payload).map(|notice| Body::AddressGone(notice.key)),
        NLMSG_ERROR => outcome(payload, flags).map(Body::Acknowledged),
        _ => None,
    }
}

/// Reads a link. Messages of other families tell of one aspect only: a port that leaves its bridge
/// comes as `RTM_DELLINK` of family `AF_BRIDGE`, and the link lives on.
fn link(payload: &[u8]) -> Option<LinkNotice> {
    let header = LinkHeader::parse(payload).ok()?;
    if header.interface_family != AddressFamily::Unspec {
        return None;
    }
    let mut notice =
        LinkNotice { index: header.index, name: String::new(), flags: header.flags.bits(), mtu: 0, mac: None };
    for attribute in NlasIterator::new(payload.get(LINK_HEADER_LEN..)?) {
        let attribute = attribute.ok()?;
        match attribute.kind() {
            IFLA_ADDRESS => notice.mac = attribute.value().try_into().ok(),
            IFLA_IFNAME => notice.name = text(attribute.value()),
            IFLA_MTU => notice.mtu = parse_u32(attribute.value()).ok()?,
            _ => {}
        }
    }
    Some(notice)
}

fn address(payload: &[u8]) -> Option<AddressNotice> {
    let header = AddressHeader::parse(payload).ok()?;
    let (mut local, mut far, mut protocol) = (None::<IpAddr>, None, None);
    let mut flags = u32::from(header.flags.bits());
    for attribute in NlasIterator::new(payload.get(ADDRESS_HEADER_LEN..)?) {
        let attribute = attribute.ok()?;
        match attribute.kind() {
            IFA_ADDRESS => far = parse_ip(attribute.value()).ok(),
            IFA_LOCAL => local = parse_ip(attribute.value()).ok(),
            IFA_FLAGS => flags = parse_u32(attribute.value()).ok()?,
            IFA_PROTO => protocol = Some(parse_u8(attribute.value()).ok()?),
            _ => {}
        }
    }
    let far = far.or(local)?;
    let key = Key::new(header.index, local.unwrap_or(far), header.prefix_len, far);
    Some(AddressNotice { key, prefix: header.prefix_len, flags, protocol })
}

/// Walks through a listing of addresses with all their attributes, as far as they can be read.
pub(crate) fn whole_addresses(datagram: &[u8]) -> impl Iterator<Item = AddressMessage> {
    raw(datagram)
        .filter(|(buffer, _)| buffer.message_type() == RTM_NEWADDR)
        .filter_map(|(_, payload)| AddressMessage::parse(payload).ok())
}

/// Tells the key of an address that was read with all its attributes.
pub(crate) fn address_key(message: &AddressMessage) -> Option<Key> {
    let (mut local, mut far) = (None, None);
    for attribute in &message.attributes {
        if let AddressAttribute::Local(address) = attribute {
            local = Some(*address);
        } else if let AddressAttribute::Address(address) = attribute {
            far = Some(*address);
        }
    }
    let far = far.or(local)?;
    Some(Key::new(message.header.index, local.unwrap_or(far), message.header.prefix_len, far))
}

fn outcome(payload: &[u8], flags: u16) -> Option<Result<(), Refusal>> {
    let code = i32::from_ne_bytes(payload.get(..4)?.try_into().ok()?);
    if code == 0 {
        return Some(Ok(()));
    }
    let text = (flags & NLM_F_ACK_TLVS != 0).then(|| extended(payload, flags)).flatten();
    Some(Err(Refusal { errno: code.saturating_abs(), text }))
}

/// Finds the kernel's words: behind the error number come the request's header, then the request
/// itself unless it was capped, then the attributes.
fn extended(payload: &[u8], flags: u16) -> Option<Box<str>> {
    let header = payload.get(4..4 + HEADER_LEN)?;
    let request = if flags & NLM_F_CAPPED == 0 {
        usize::try_from(u32::from_ne_bytes(header.get(..4)?.try_into().ok()?)).ok()?
    } else {
        HEADER_LEN
    };
    words(payload.get(4 + request.next_multiple_of(4)..)?)
}

fn words(attributes: &[u8]) -> Option<Box<str>> {
    for attribute in NlasIterator::new(attributes) {
        let attribute = attribute.ok()?;
        if attribute.kind() == NLMSGERR_ATTR_MSG {
            return Some(text(attribute.value()).into_boxed_str());
        }
    }
    None
}

/// Reads a string up to its zero; the kernel does not promise UTF-8.
fn text(value: &[u8]) -> String {
    let end = value.iter().position(|byte| *byte == 0).unwrap_or(value.len());
    String::from_utf8_lossy(value.get(..end).unwrap_or_default()).into_owned()
}

fn done(payload: &[u8]) -> Result<(), Refusal> {
    let code = payload.get(..4).and_then(|bytes| bytes.try_into().ok()).map_or(0, i32::from_ne_bytes);
    if code < 0 {
        return Err(Refusal { errno: code.saturating_abs(), text: payload.get(4..).and_then(words) });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
