use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use nix::sys::socket::sockopt;
use socket2::{Domain, Socket, Type};

use super::batch::{Batch, Drained, Sighting};
use super::channel::set_receive_buffer;
use super::error::{About, OpenError, SocketKind};
use super::filter;
use super::name::LEN_LINK;
use super::sys::{self, Name};

/// What a [`Tap`] is opened for.
#[derive(Debug, Clone, Copy)]
pub struct TapOptions {
    /// The interface's index.
    pub index: u32,
    /// Whether it sees what this host sends, too. Costs a little for every packet that the host sends there.
    pub outgoing: bool,
    /// Octets of `SO_RCVBUF`; when it is full, packets are lost, which is what bounds the cost of a flood.
    pub receive_buffer: usize,
}

/// A packet socket that sees all VRRP of an interface, of both families, whoever it is for, with the Ethernet source: for
/// counting, explaining and watching.
///
/// It is not for the engine's poll set, where foreign traffic would wake it: drain it at leisure.
/// Every packet of the interface passes its filter; where only the packets of other VRIDs are wanted, a
/// [`super::Channel`] that [`super::Hears::Except`] ours costs nothing on a busy link.
#[derive(Debug)]
pub struct Tap {
    socket: Socket,
}

impl TapOptions {
    /// Octets of a receive buffer for some tens of advertisements.
    pub const SMALL: usize = 32 * 1024;
}

impl Tap {
    /// Opens a tap.
    ///
    /// # Errors
    /// [`OpenError`] names the step that the kernel refused.
    pub fn open(options: &TapOptions) -> Result<Self, OpenError> {
        // Without a protocol it hears nothing until it is bound, with the filter in place by then.
        let socket = Socket::new(Domain::PACKET, Type::DGRAM, None).map_err(|source| {
            let kind = SocketKind::Packet;
            OpenError::Create { kind, source }
        })?;
        socket.set_nonblocking(true).about("O_NONBLOCK")?;
        socket.attach_filter(&filter::vrrp_frames()).about("SO_ATTACH_FILTER")?;
        nix::sys::socket::setsockopt(&socket, sockopt::ReceiveTimestampns, &true).about("SO_TIMESTAMPNS")?;
        nix::sys::socket::setsockopt(&socket, sockopt::RxqOvfl, &1).about("SO_RXQ_OVFL")?;
        set_receive_buffer(&socket, options.receive_buffer)?;
        if !options.outgoing {
            sys::ignore_outgoing(socket.as_fd()).about("PACKET_IGNORE_OUTGOING")?;
        }
        let index = options.index;
        let all = u16::try_from(libc::ETH_P_ALL).unwrap_or(0).to_be_bytes();
        sys::bind_packet(socket.as_fd(), &Name::link(all, index), LEN_LINK)
            .map_err(|source| OpenError::Bind { index, source })?;
        Ok(Self { socket })
    }

    /// Takes what is queued, at most `limit` packets, through `batch`, and calls `each` for every one.
    ///
    /// # Errors
    /// The kernel's; `ENETDOWN` is told once each time the interface goes down.
    pub fn drain(&self, batch: &mut Batch, limit: usize, mut each: impl FnMut(Sighting<'_>)) -> io::Result<Drained> {
        batch.drain(self.as_fd(), limit, |delivered| delivered.into_sighting().map(&mut each).is_some())
    }
}

impl AsFd for Tap {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}
