//! The two netlink sockets: one asks, one listens.
//!
//! They are apart because an overrun of the listening one must not lose an acknowledgement.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use netlink_packet_route::address::AddressMessage;
use netlink_sys::protocols::NETLINK_ROUTE;
use netlink_sys::{Socket, SocketAddr};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::sockopt::RcvBufForce;
use nix::sys::socket::{MsgFlags, setsockopt};

use crate::decode::{Body, Message, Refusal, listing, messages, whole_addresses};
use crate::encode::{Request, encode};
use crate::error::StartError;

/// How many requests go to the kernel in one system call.
pub(crate) const BATCH: usize = 100;
/// Longer than any datagram of the kernel's: it cuts listings to the buffer it is offered.
const BUFFER: usize = 32 * 1024;
/// Room for the acknowledgements of a batch.
const REQUEST_RECEIVE_BUFFER: usize = 1024 * 1024;
/// The kernel answers within the system call that asks; a wait means that the answer was lost.
const PATIENCE_MS: u16 = 1000;
const GROUPS: [u32; 3] = [1, 5, 9]; // RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR
/// How often a listing that changed midway is begun again at once.
const LISTING_ATTEMPTS: u32 = 8;

/// The socket that asks.
#[derive(Debug)]
pub(crate) struct Requests {
    socket: Socket,
    port: u32,
    sequence: u32,
    outgoing: Vec<u8>,
    incoming: Vec<u8>,
}

impl Requests {
    pub(crate) fn open() -> Result<Self, StartError> {
        let open = || {
            let mut socket = Socket::new(NETLINK_ROUTE)?;
            let port = socket.bind_auto()?.port_number();
            socket.connect(&SocketAddr::new(0, 0))?;
            socket.set_ext_ack(true)?;
            socket.set_cap_ack(true)?;
            socket.set_netlink_get_strict_chk(true)?;
            set_receive_buffer(&socket, REQUEST_RECEIVE_BUFFER)?;
            Ok(Self { socket, port, sequence: 0, outgoing: Vec::new(), incoming: Vec::with_capacity(BUFFER) })
        };
        open().map_err(|source| StartError::Open { purpose: "requests", source })
    }

    /// Tells the port by which the kernel names this socket as the cause of a change.
    pub(crate) const fn port(&self) -> u32 {
        self.port
    }

    /// Asks for changes, at most [`BATCH`] at once, and waits for the outcome of each: the sequence
    /// number and what the kernel said.
    pub(crate) fn apply(&mut self, requests: &[Request<'_>]) -> io::Result<Vec<(u32, Result<(), Refusal>)>> {
        self.outgoing.clear();
        let mut outcomes = Vec::with_capacity(requests.len());
        let first = self.sequence.wrapping_add(1);
        for request in requests {
            // 0 stands for "not ours" elsewhere.
            self.sequence = self.sequence.wrapping_add(1);
            encode(*request, self.sequence, &mut self.outgoing);
            outcomes.push((self.sequence, Err(Refusal { errno: Errno::ETIMEDOUT as i32, text: None })));
        }
        if requests.is_empty() {
            return Ok(outcomes);
        }
        self.socket.send(&self.outgoing, 0)?;
        let mut open = requests.len();
        while open > 0 && self.receive()? {
            for message in messages(&self.incoming) {
                let place = usize::try_from(message.sequence.wrapping_sub(first)).unwrap_or(usize::MAX);
                if let (Body::Acknowledged(outcome), Some(slot)) = (message.body, outcomes.get_mut(place)) {
                    slot.1 = outcome;
                    open = open.saturating_sub(1);
                }
            }
        }
        Ok(outcomes)
    }

    /// Lists everything of one kind; `false` if the list stayed inconsistent through all attempts.
    pub(crate) fn list(&mut self, what: Request<'_>, found: &mut Vec<Body>) -> io::Result<bool> {
        for _ in 0..LISTING_ATTEMPTS {
            found.clear();
            if self.list_once(what, |datagram| found.extend(messages(datagram).map(|message| message.body)))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Lists all addresses with all their attributes, once.
    pub(crate) fn list_whole(&mut self) -> io::Result<Vec<AddressMessage>> {
        let mut found = Vec::new();
        self.list_once(Request::ListAddresses, |datagram| found.extend(whole_addresses(datagram)))?;
        Ok(found)
    }

    /// Lists once, datagram by datagram; `false` if it changed midway or an answer is lost.
    fn list_once(&mut self, what: Request<'_>, mut each: impl FnMut(&[u8])) -> io::Result<bool> {
        self.sequence = self.sequence.wrapping_add(1);
        self.outgoing.clear();
        encode(what, self.sequence, &mut self.outgoing);
        self.socket.send(&self.outgoing, 0)?;
        let mut consistent = true;
        while self.receive()? {
            let Some(part) = listing(&self.incoming, self.sequence) else {
                continue;
            };
            consistent &= !part.interrupted;
            each(&self.incoming);
            match part.end {
                None => {}
                Some(Ok(())) => return Ok(consistent),
                Some(Err(refusal)) => return Err(io::Error::from_raw_os_error(refusal.errno)),
            }
        }
        Ok(false)
    }

    /// Receives one datagram of the kernel; `false` if an answer is lost.
    fn receive(&mut self) -> io::Result<bool> {
        loop {
            match receive(&self.socket, &mut self.incoming) {
                Ok(Some(Datagram::Whole)) => return Ok(true),
                Ok(Some(Datagram::Cut)) => return Ok(false),
                Ok(None) => {
                    let mut fds = [PollFd::new(self.socket.as_fd(), PollFlags::POLLIN)];
                    match poll(&mut fds, PollTimeout::from(PATIENCE_MS)) {
                        Ok(0) => return Ok(false),
                        Ok(_) | Err(Errno::EINTR) => {}
                        Err(error) => return Err(error.into()),
                    }
                }
                Err(error) if error.raw_os_error() == Some(Errno::ENOBUFS as i32) => {
                    return Ok(false);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// What came of listening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    Datagram,
    Silence,
    /// Something was lost.
    Overrun,
}

/// The socket that listens.
#[derive(Debug)]
pub(crate) struct Monitor {
    socket: Socket,
    incoming: Vec<u8>,
}

impl Monitor {
    pub(crate) fn open(receive_buffer: Option<usize>) -> Result<Self, StartError> {
        let open = || {
            let mut socket = Socket::new(NETLINK_ROUTE)?;
            if let Some(size) = receive_buffer {
                set_receive_buffer(&socket, size)?;
            }
            socket.bind_auto()?;
            for group in GROUPS {
                socket.add_membership(group)?;
            }
            Ok(Self { socket, incoming: Vec::with_capacity(BUFFER) })
        };
        open().map_err(|source| StartError::Open { purpose: "monitoring", source })
    }

    /// Receives one datagram, without waiting.
    pub(crate) fn listen(&mut self) -> io::Result<Heard> {
        match receive(&self.socket, &mut self.incoming) {
            Ok(Some(Datagram::Whole)) => Ok(Heard::Datagram),
            Ok(Some(Datagram::Cut)) => Ok(Heard::Overrun),
            Ok(None) => Ok(Heard::Silence),
            Err(error) if error.raw_os_error() == Some(Errno::ENOBUFS as i32) => Ok(Heard::Overrun),
            Err(error) => Err(error),
        }
    }

    /// Reads what the last [`listen`](Self::listen) brought.
    pub(crate) fn messages(&self) -> impl Iterator<Item = Message> {
        messages(&self.incoming)
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

enum Datagram {
    Whole,
    Cut,
}

/// Receives one datagram of the kernel without waiting; what others send is dropped.
fn receive(socket: &Socket, buffer: &mut Vec<u8>) -> io::Result<Option<Datagram>> {
    let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_TRUNC;
    loop {
        buffer.clear();
        match socket.recv_from(buffer, flags.bits()) {
            Ok((_, sender)) if sender.port_number() != 0 => {}
            Ok((length, _)) if length > buffer.len() => return Ok(Some(Datagram::Cut)),
            Ok(_) => return Ok(Some(Datagram::Whole)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Sets the size beyond the system's bound if we may, else up to it.
fn set_receive_buffer(socket: &Socket, size: usize) -> io::Result<()> {
    if setsockopt(socket, RcvBufForce, &size).is_ok() {
        return Ok(());
    }
    socket.set_rx_buf_sz(i32::try_from(size).unwrap_or(i32::MAX))
}
