//! All links of this network namespace, by name, from one rtnetlink socket.

use core::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use netlink_packet_core::NlasIterator;
use netlink_packet_route::AddressFamily;
use netlink_packet_route::link::LinkHeader;
use netlink_sys::Socket;
use netlink_sys::protocols::NETLINK_ROUTE;
use nix::errno::Errno;
use tokio::sync::watch;

use crate::probe::netlink::{self, Message, receive, text};
use crate::probe::shared::{Shared, Slot, join};
use crate::probe::sys::Readable;

const IFF_UP: u32 = 0x1;
const IFF_RUNNING: u32 = 0x40;
const RTNLGRP_LINK: u32 = 1;
const RTM_NEWLINK: u16 = 16;
const RTM_DELLINK: u16 = 17;
const RTM_GETLINK: u16 = 18;
const IFLA_IFNAME: u16 = 3;
const LINK_HEADER_LEN: usize = 16;

/// What is known of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    index: u32,
    flags: u32,
}

impl Link {
    pub(crate) const fn is_up(self) -> bool {
        self.flags & IFF_UP != 0
    }

    pub(crate) const fn is_running(self) -> bool {
        self.flags & IFF_RUNNING != 0
    }
}

/// All links by name. Nothing is shown before the first listing is complete.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table(HashMap<Box<str>, Link>);

impl Table {
    pub(crate) fn get(&self, name: &str) -> Option<&Link> {
        self.0.get(name)
    }

    /// Takes in a message; whether it changed anything.
    fn take(&mut self, message: &Message<'_>) -> bool {
        match (message.kind, read(message.payload)) {
            (RTM_NEWLINK, Some((name, link))) => {
                let known = self.0.get(&name) == Some(&link);
                if !known {
                    self.0.retain(|_, other| other.index != link.index);
                    self.0.insert(name, link);
                }
                !known
            }
            (RTM_DELLINK, Some((_, link))) => {
                let before = self.0.len();
                self.0.retain(|_, other| other.index != link.index);
                self.0.len() != before
            }
            _ => false,
        }
    }
}

/// Reads a link. Messages of other families tell of one aspect only: a port that leaves its bridge comes as
/// `RTM_DELLINK` of family `AF_BRIDGE`, and the link lives on.
fn read(payload: &[u8]) -> Option<(Box<str>, Link)> {
    let header = LinkHeader::parse(payload).ok()?;
    if header.interface_family != AddressFamily::Unspec {
        return None;
    }
    let mut attributes = NlasIterator::new(payload.get(LINK_HEADER_LEN..)?).map_while(Result::ok);
    let name = attributes.find(|attribute| attribute.kind() == IFLA_IFNAME)?;
    Some((text(name.value()).into(), Link { index: header.index, flags: header.flags.bits() }))
}

thread_local! {
    static SLOT: Slot<watch::Sender<Table>> = const { RefCell::new(None) };
}

/// Joins those who listen on this thread.
pub(crate) fn links() -> io::Result<Arc<Shared<watch::Sender<Table>>>> {
    join(&SLOT, || {
        let mut socket = Socket::new(NETLINK_ROUTE)?;
        socket.bind_auto()?;
        socket.add_membership(RTNLGRP_LINK)?;
        socket.set_non_blocking(true)?;
        let socket = Readable::new(netlink::into_fd(&socket)?)?;
        let table = watch::Sender::new(list()?);
        let keeper = tokio::spawn(keep(socket, table.clone()));
        Ok((table, keeper))
    })
}

/// Follows the changes, until the socket fails.
async fn keep(socket: Readable, table: watch::Sender<Table>) {
    let mut buffer = vec![0; netlink::BUFFER];
    loop {
        match socket.read(|fd| receive(fd, &mut buffer)).await {
            Ok(datagram) => {
                let messages = buffer.get(..datagram).unwrap_or_default();
                table.send_if_modified(|table| {
                    // Each is taken, whatever those before it changed.
                    netlink::messages(messages).filter(|message| table.take(message)).count() > 0
                });
            }
            Err(error) if error.raw_os_error() == Some(Errno::ENOBUFS as i32) => match list() {
                Ok(fresh) => _ = table.send_replace(fresh),
                Err(_) => return,
            },
            Err(_) => return,
        }
    }
}

/// Lists all links. What changes meanwhile comes on the other socket, after this.
fn list() -> io::Result<Table> {
    let mut table = Table::default();
    netlink::list(RTM_GETLINK, &[0; LINK_HEADER_LEN], |message| _ = table.take(message))?;
    Ok(table)
}
