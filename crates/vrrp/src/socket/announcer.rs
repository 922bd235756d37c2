use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use socket2::{Domain, Socket, Type};

use super::channel::SEND_PRIORITY;
use super::error::{About, OpenError, SocketKind};
use super::name::LEN_LINK;
use super::sys::{Message, Name};
use super::transmit::{send_all, send_one};

/// One frame to be sent by an [`Announcer`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announcement<'a> {
    /// The index of the interface to send it on.
    pub index: u32,
    /// The whole Ethernet frame, as [`vrrp_wire::arp`] and [`vrrp_wire::ndp`] make it.
    pub frame: &'a [u8],
}

/// A packet socket that sends gratuitous ARP and unsolicited NA on any interface, and receives nothing.
#[derive(Debug)]
pub struct Announcer {
    socket: Socket,
}

impl Announcer {
    /// Opens an announcer; one is enough for all interfaces.
    ///
    /// # Errors
    /// [`OpenError`] names the step that the kernel refused.
    pub fn open() -> Result<Self, OpenError> {
        let socket = Socket::new(Domain::PACKET, Type::RAW, None).map_err(|source| {
            let kind = SocketKind::Packet;
            OpenError::Create { kind, source }
        })?;
        Self::from_socket(socket)
    }

    /// Makes an announcer of a packet socket of type raw that somebody else opened, with `CAP_NET_RAW` that this process
    /// need not have.
    ///
    /// # Errors
    /// [`OpenError::Option`] when it is no socket that options can be set on.
    pub fn from_fd(fd: OwnedFd) -> Result<Self, OpenError> {
        Self::from_socket(Socket::from(fd))
    }

    fn from_socket(socket: Socket) -> Result<Self, OpenError> {
        socket.set_nonblocking(true).about("O_NONBLOCK")?;
        socket.set_priority(SEND_PRIORITY).about("SO_PRIORITY")?;
        Ok(Self { socket })
    }

    /// Sends one frame.
    ///
    /// # Errors
    /// The kernel's, among them `ENETDOWN` (the interface is down), `ENXIO` (there is none with this index) and `EAGAIN`.
    pub fn send(&self, announcement: Announcement<'_>) -> io::Result<()> {
        send_one(self.as_fd(), announcement.message())
    }

    /// Sends many frames in few system calls, and calls `report` with the position and the result of each, in order.
    /// One that fails does not keep the others, except that after a full send buffer the rest is `WouldBlock` untried.
    pub fn send_all<'a>(
        &self,
        announcements: impl IntoIterator<Item = Announcement<'a>>,
        report: impl FnMut(usize, io::Result<()>),
    ) {
        let messages = announcements.into_iter().map(Announcement::message);
        send_all(self.as_fd(), messages, report);
    }
}

impl<'a> Announcement<'a> {
    fn message(self) -> Message<'a> {
        // The frame's own EtherType, which queues and taps look at.
        let protocol = match *self.frame {
            [_, _, _, _, _, _, _, _, _, _, _, _, high, low, ..] => [high, low],
            _ => [0, 0],
        };
        Message { name: Name::link(protocol, self.index), name_len: LEN_LINK, body: self.frame, ..Message::EMPTY }
    }
}

impl AsFd for Announcer {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}
