//! Waiting until a link that was set up carries frames.

use core::time::Duration;
use std::io;
use std::time::Instant;

use netlink_packet_route::RouteNetlinkMessage;
use netlink_packet_route::link::{
    BridgePortState, InfoBridgePort, InfoPortData, LinkAttribute, LinkInfo, LinkMessage, State,
};

use crate::links::index;
use crate::monitor::{LINKS, open, readable};
use crate::rtnl::ask;

/// The kernel's deferred work takes microseconds on an idle machine.
const DEADLINE: Duration = Duration::from_secs(10);

/// Waits until the interface sends and, if it is a port, its bridge forwards; at once if its other end is down.
///
/// The kernel starts queues and bridge ports some time after the carrier: a frame sent before is lost in silence.
pub(crate) fn wait_until_it_carries(interface: &str) -> io::Result<()> {
    let socket = open(LINKS)?;
    let index = index(interface)?;
    let end = Instant::now() + DEADLINE;
    loop {
        if settled(&read(index)?) {
            return Ok(());
        }
        if !readable(&socket, end.saturating_duration_since(Instant::now()))? {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the link has a carrier but does not come up"));
        }
        let _any_change = socket.recv_from_full();
    }
}

/// Says whether the interface is up and has a carrier.
pub(crate) fn carries(interface: &str) -> io::Result<bool> {
    let link = read(index(interface)?)?;
    Ok(link.attributes.contains(&LinkAttribute::OperState(State::Up)))
}

fn read(index: u32) -> io::Result<LinkMessage> {
    let mut message = LinkMessage::default();
    message.header.index = index;
    let RouteNetlinkMessage::NewLink(found) = ask(RouteNetlinkMessage::GetLink(message))? else {
        return Err(io::Error::from(io::ErrorKind::InvalidData));
    };
    Ok(found)
}

fn settled(link: &LinkMessage) -> bool {
    let mut carrier = false;
    let mut up = false;
    let mut blocked = false;
    for attribute in &link.attributes {
        if let LinkAttribute::Carrier(value) = attribute {
            carrier = *value != 0;
        } else if let LinkAttribute::OperState(state) = attribute {
            up = *state == State::Up;
        } else if let LinkAttribute::LinkInfo(infos) = attribute {
            blocked = infos.iter().any(is_blocked_port);
        }
    }
    !carrier || (up && !blocked)
}

fn is_blocked_port(info: &LinkInfo) -> bool {
    let LinkInfo::PortData(InfoPortData::BridgePort(facts)) = info else {
        return false;
    };
    facts.iter().any(|fact| matches!(fact, InfoBridgePort::State(state) if *state != BridgePortState::Forwarding))
}
