use core::net::IpAddr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use socket2::{Domain, SockFilter, Socket, Type};
use vrrp_wire::{Family, MacAddr, arp, ndp};

use super::error::{About, OpenError, SocketKind};
use super::filter;
use super::name::LEN_LINK;
use super::sys::{self, Message, Name};
use super::transmit::send_one;

/// The longest answer: Ethernet, IPv6, and a Neighbor Advertisement with options.
const LONGEST: usize = 256;

/// A packet socket that asks a link who answers for an address, by ARP probe or Neighbor Solicitation.
#[derive(Debug)]
pub struct Prober {
    socket: Socket,
    index: u32,
    family: Family,
}

impl Prober {
    /// Opens a prober on the interface with this index; it hears answers from then on.
    ///
    /// # Errors
    /// [`OpenError`] names the step that the kernel refused.
    pub fn open(index: u32, family: Family) -> Result<Self, OpenError> {
        let socket = open(index, family, &filter::answers(family))?;
        Ok(Self { socket, index, family })
    }

    /// Asks who answers for `address`, from the interface's own `mac`. An address of the other family is asked for by nobody.
    ///
    /// # Errors
    /// The kernel's.
    pub fn ask(&self, mac: MacAddr, address: IpAddr) -> io::Result<()> {
        match (self.family, address) {
            (Family::V4, IpAddr::V4(address)) => self.send(&arp::probe(mac, address), libc::ETH_P_ARP),
            (Family::V6, IpAddr::V6(address)) => self.send(&ndp::probe(mac, address), libc::ETH_P_IPV6),
            (Family::V4, IpAddr::V6(_)) | (Family::V6, IpAddr::V4(_)) => Ok(()),
        }
    }

    /// The next answer: for which address, and by whom. `None` when there is none now, or the kernel has none to give.
    pub fn answer(&self) -> Option<(IpAddr, MacAddr)> {
        let mut frame = [0; LONGEST];
        loop {
            let len = nix::unistd::read(self.socket.as_fd(), &mut frame).ok()?;
            let frame = frame.get(..len)?;
            let answer = match self.family {
                Family::V4 => arp::answer(frame).map(|(address, mac)| (address.into(), mac)),
                Family::V6 => ndp::answer(frame).map(|(address, mac)| (address.into(), mac)),
            };
            if answer.is_some() {
                return answer;
            }
        }
    }

    fn send(&self, frame: &[u8], protocol: i32) -> io::Result<()> {
        let protocol = u16::try_from(protocol).unwrap_or(0).to_be_bytes();
        let name = Name::link(protocol, self.index);
        send_one(self.socket.as_fd(), Message { name, name_len: LEN_LINK, body: frame, ..Message::EMPTY })
    }
}

/// A packet socket with this filter that hears what others send of ARP, or of IPv6.
pub(super) fn open(index: u32, family: Family, filter: &[SockFilter]) -> Result<Socket, OpenError> {
    let socket = Socket::new(Domain::PACKET, Type::RAW, None).map_err(|source| {
        let kind = SocketKind::Packet;
        OpenError::Create { kind, source }
    })?;
    socket.set_nonblocking(true).about("O_NONBLOCK")?;
    socket.attach_filter(filter).about("SO_ATTACH_FILTER")?;
    sys::ignore_outgoing(socket.as_fd()).about("PACKET_IGNORE_OUTGOING")?;
    let protocol = match family {
        Family::V4 => libc::ETH_P_ARP,
        Family::V6 => libc::ETH_P_IPV6,
    };
    let protocol = u16::try_from(protocol).unwrap_or(0).to_be_bytes();
    sys::bind_packet(socket.as_fd(), &Name::link(protocol, index), LEN_LINK)
        .map_err(|source| OpenError::Bind { index, source })?;
    Ok(socket)
}

impl AsFd for Prober {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}
