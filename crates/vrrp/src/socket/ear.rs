use std::io;
use std::os::fd::AsFd;

use socket2::{Domain, Socket, Type};

use super::error::{About, OpenError, SocketKind};
use super::filter;
use super::name::LEN_LINK;
use super::sys::{self, Name};

/// A packet socket that says whether anything at all has come in on an interface since it was opened. It costs the host
/// one octet for each frame, and is to be closed once it has heard one.
#[derive(Debug)]
pub struct Ear {
    socket: Socket,
}

impl Ear {
    /// Opens an ear on the interface with this index.
    ///
    /// # Errors
    /// [`OpenError`] names the step that the kernel refused.
    pub fn open(index: u32) -> Result<Self, OpenError> {
        let socket = Socket::new(Domain::PACKET, Type::DGRAM, None).map_err(|source| {
            let kind = SocketKind::Packet;
            OpenError::Create { kind, source }
        })?;
        socket.set_nonblocking(true).about("O_NONBLOCK")?;
        socket.attach_filter(&filter::first_octet()).about("SO_ATTACH_FILTER")?;
        sys::ignore_outgoing(socket.as_fd()).about("PACKET_IGNORE_OUTGOING")?;
        let all = u16::try_from(libc::ETH_P_ALL).unwrap_or(0).to_be_bytes();
        sys::bind_packet(socket.as_fd(), &Name::link(all, index), LEN_LINK)
            .map_err(|source| OpenError::Bind { index, source })?;
        Ok(Self { socket })
    }

    /// Whether anything has come in.
    ///
    /// # Errors
    /// The kernel's.
    pub fn has_heard(&self) -> io::Result<bool> {
        sys::packets_seen(self.socket.as_fd()).map(|seen| seen > 0)
    }
}
