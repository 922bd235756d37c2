//! Requests to the calling thread's network namespace, each on a socket of its own.

use std::io;

use netlink_packet_core::{
    NLM_F_ACK, NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload,
};
use netlink_packet_route::RouteNetlinkMessage;
use netlink_sys::{Socket, SocketAddr, protocols::NETLINK_ROUTE};

/// How often a dump that changed while it was read is read again.
const DUMP_ATTEMPTS: usize = 20;

/// Sends one request and returns the kernel's verdict on it.
pub(crate) fn request(message: RouteNetlinkMessage, flags: u16) -> io::Result<()> {
    let socket = send(message, NLM_F_REQUEST | NLM_F_ACK | flags)?;
    loop {
        for answer in receive(&socket)? {
            if let NetlinkPayload::Error(error) = answer.payload {
                return error.code.map_or(Ok(()), |_| Err(error.to_io()));
            }
        }
    }
}

/// Asks for one row.
pub(crate) fn ask(message: RouteNetlinkMessage) -> io::Result<RouteNetlinkMessage> {
    let socket = send(message, NLM_F_REQUEST)?;
    loop {
        for answer in receive(&socket)? {
            if let NetlinkPayload::InnerMessage(row) = answer.payload {
                return Ok(row);
            } else if let NetlinkPayload::Error(error) = answer.payload {
                return Err(error.to_io());
            }
        }
    }
}

/// Reads a whole table, again if it changed meanwhile.
pub(crate) fn dump(message: &RouteNetlinkMessage) -> io::Result<Vec<RouteNetlinkMessage>> {
    for _ in 0..DUMP_ATTEMPTS {
        if let Some(rows) = dump_once(message.clone())? {
            return Ok(rows);
        }
    }
    Err(io::Error::new(io::ErrorKind::Interrupted, "the table changed during every attempt to read it"))
}

fn dump_once(message: RouteNetlinkMessage) -> io::Result<Option<Vec<RouteNetlinkMessage>>> {
    let socket = send(message, NLM_F_REQUEST | NLM_F_DUMP)?;
    let mut rows = Vec::new();
    let mut torn = false;
    loop {
        for answer in receive(&socket)? {
            torn |= answer.header.flags & NLM_F_DUMP_INTR != 0;
            match answer.payload {
                NetlinkPayload::InnerMessage(row) => rows.push(row),
                NetlinkPayload::Done(_) => return Ok((!torn).then_some(rows)),
                NetlinkPayload::Error(error) => return Err(error.to_io()),
                NetlinkPayload::Noop | NetlinkPayload::Overrun(_) | _ => {}
            }
        }
    }
}

fn send(message: RouteNetlinkMessage, flags: u16) -> io::Result<Socket> {
    let mut header = NetlinkHeader::default();
    header.flags = flags;
    header.sequence_number = 1;
    let mut packet = NetlinkMessage::new(header, NetlinkPayload::from(message));
    packet.finalize();
    let mut bytes = vec![0; packet.buffer_len()];
    packet.serialize(&mut bytes);
    let mut socket = Socket::new(NETLINK_ROUTE)?;
    socket.bind_auto()?;
    socket.connect(&SocketAddr::new(0, 0))?;
    socket.send(&bytes, 0)?;
    Ok(socket)
}

/// Receives one datagram of the kernel and takes it apart.
pub(crate) fn receive(socket: &Socket) -> io::Result<Vec<NetlinkMessage<RouteNetlinkMessage>>> {
    let (bytes, _kernel) = socket.recv_from_full()?;
    let mut rest = bytes.as_slice();
    let mut messages = Vec::new();
    while !rest.is_empty() {
        let message = NetlinkMessage::<RouteNetlinkMessage>::deserialize(rest).map_err(io::Error::other)?;
        let length = usize::try_from(message.header.length).unwrap_or(usize::MAX).next_multiple_of(4);
        rest = rest.get(length.max(4)..).unwrap_or_default();
        messages.push(message);
    }
    Ok(messages)
}
