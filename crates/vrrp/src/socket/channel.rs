use core::net::IpAddr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use nix::sys::socket::sockopt;
use socket2::{Domain, InterfaceIndexOrAddress, Protocol, Socket, Type};
use vrrp_wire::{Family, HOP_LIMIT, PROTOCOL, TRAFFIC_CLASS};

use super::batch::{Arrival, Batch, Drained};
use super::error::{About, OpenError, SocketKind};
use super::filter::{self, Hears};
use super::sys;
use super::transmit::{Transmit, send_all, send_one};

/// The priority of packets that must not queue behind others (`TC_PRIO_INTERACTIVE`), the highest without `CAP_NET_ADMIN`.
pub(super) const SEND_PRIORITY: u32 = 6;

/// What a [`Channel`] is opened for.
#[derive(Debug, Clone, Copy)]
pub struct ChannelOptions {
    /// The interface's index; a link that is made anew has another, and needs another channel.
    pub index: u32,
    /// The family of its packets.
    pub family: Family,
    /// Which VRIDs it hears.
    pub hears: Hears,
    /// Octets of `SO_RCVBUF`, beyond `rmem_max` where `CAP_NET_ADMIN` permits; the kernel's default if `None`.
    pub receive_buffer: Option<usize>,
}

/// One raw socket for VRRP on one interface in one family, for sending and receiving. It never waits.
#[derive(Debug)]
pub struct Channel {
    socket: Socket,
    index: u32,
    family: Family,
}

impl Channel {
    /// Opens a channel; it is in no group yet. What came before the socket was bound and filtered is gone.
    ///
    /// # Errors
    /// [`OpenError`] names the step that the kernel refused.
    pub fn open(options: &ChannelOptions) -> Result<Self, OpenError> {
        let domain = domain(options.family);
        let socket = Socket::new(domain, Type::RAW, Some(protocol())).map_err(|source| {
            let kind = SocketKind::Raw(options.family);
            OpenError::Create { kind, source }
        })?;
        Self::prepare(socket, options)
    }

    /// Makes a channel of a socket that somebody else opened, with `CAP_NET_RAW` that this process need not have: raw, of
    /// IP protocol 112, bound to the interface or to none.
    ///
    /// # Errors
    /// [`OpenError::WrongKind`], [`OpenError::BoundElsewhere`], and those of [`Channel::open`].
    pub fn from_fd(fd: OwnedFd, options: &ChannelOptions) -> Result<Self, OpenError> {
        let socket = Socket::from(fd);
        let is = socket.domain().about("SO_DOMAIN")?;
        let kind = socket.r#type().about("SO_TYPE")?;
        let speaks = socket.protocol().about("SO_PROTOCOL")?;
        let family = options.family;
        if (is, kind, speaks) != (domain(family), Type::RAW, Some(protocol())) {
            return Err(OpenError::WrongKind { family });
        }
        Self::prepare(socket, options)
    }

    /// Nothing is let in until the socket is bound, and what slipped in before is thrown away.
    fn prepare(socket: Socket, options: &ChannelOptions) -> Result<Self, OpenError> {
        let channel = Self { socket, index: options.index, family: options.family };
        let socket = &channel.socket;
        socket.attach_filter(&filter::NOTHING).about("SO_ATTACH_FILTER")?;
        socket.set_nonblocking(true).about("O_NONBLOCK")?;
        socket.set_cloexec(true).about("FD_CLOEXEC")?;
        channel.bind()?;
        match options.family {
            Family::V4 => channel.set_v4()?,
            Family::V6 => channel.set_v6()?,
        }
        channel.set_common(options)?;
        channel.throw_away();
        channel.hear(options.hears).about("SO_ATTACH_FILTER")?;
        Ok(channel)
    }

    fn bind(&self) -> Result<(), OpenError> {
        let index = self.index;
        match bound_index(&self.socket).about("SO_BINDTOIFINDEX")? {
            0 => bind(&self.socket, index).map_err(|source| OpenError::Bind { index, source }),
            bound if bound == index => Ok(()),
            bound => Err(OpenError::BoundElsewhere { index, bound }),
        }
    }

    fn set_common(&self, options: &ChannelOptions) -> Result<(), OpenError> {
        nix::sys::socket::setsockopt(&self.socket, sockopt::ReceiveTimestampns, &true).about("SO_TIMESTAMPNS")?;
        nix::sys::socket::setsockopt(&self.socket, sockopt::RxqOvfl, &1).about("SO_RXQ_OVFL")?;
        // After IP_TOS, which sets a priority of its own.
        self.socket.set_priority(SEND_PRIORITY).about("SO_PRIORITY")?;
        options.receive_buffer.map_or(Ok(()), |octets| set_receive_buffer(&self.socket, octets))
    }

    fn set_v4(&self) -> Result<(), OpenError> {
        let socket = &self.socket;
        socket.set_multicast_all_v4(false).about("IP_MULTICAST_ALL")?;
        socket.set_multicast_loop_v4(false).about("IP_MULTICAST_LOOP")?;
        socket.set_header_included_v4(true).about("IP_HDRINCL")?;
        // The header carries it as well; this one is what routing rules see.
        socket.set_tos_v4(u32::from(TRAFFIC_CLASS)).about("IP_TOS")
    }

    fn set_v6(&self) -> Result<(), OpenError> {
        let socket = &self.socket;
        socket.set_multicast_all_v6(false).about("IPV6_MULTICAST_ALL")?;
        socket.set_multicast_loop_v6(false).about("IPV6_MULTICAST_LOOP")?;
        socket.set_multicast_if_v6(self.index).about("IPV6_MULTICAST_IF")?;
        let hops = u32::from(HOP_LIMIT);
        socket.set_multicast_hops_v6(hops).about("IPV6_MULTICAST_HOPS")?;
        socket.set_tclass_v6(u32::from(TRAFFIC_CLASS)).about("IPV6_TCLASS")?;
        socket.set_recv_hoplimit_v6(true).about("IPV6_RECVHOPLIMIT")?;
        // A configured source need not be an address of the interface, as in IPv4.
        socket.set_freebind_v6(true).about("IPV6_FREEBIND")?;
        nix::sys::socket::setsockopt(socket, sockopt::Ipv6RecvPacketInfo, &true).about("IPV6_RECVPKTINFO")
    }

    /// Empties the queue of a socket that no longer takes anything.
    fn throw_away(&self) {
        let mut one = Batch::new(Batch::PACKETS, 0);
        // Bounded: the filter lets nothing follow, and a queue holds fewer than this.
        let _gone = one.drain(self.as_fd(), 1 << 16, |_| true);
    }

    /// Hears other VRIDs from now on, without a moment in which all or none are heard. What was queued before stays queued.
    ///
    /// # Errors
    /// The kernel's; what was heard before is then still heard.
    pub fn hear(&self, hears: Hears) -> io::Result<()> {
        self.socket.attach_filter(&filter::by_vrid(self.family, hears))
    }

    /// Joins `group` on the interface; joining twice is joining once. An IPv6 channel hears groups that others joined there, too:
    /// Linux asks raw IPv6 sockets for their memberships only where they are bound to an address.
    ///
    /// # Errors
    /// The kernel's: too many groups, an interface that is gone, a group of the other family.
    pub fn join(&self, group: IpAddr) -> Result<(), OpenError> {
        let joined = match group {
            IpAddr::V4(group) => self.socket.join_multicast_v4_n(&group, &self.interface()),
            IpAddr::V6(group) => self.socket.join_multicast_v6(&group, self.index),
        };
        match joined {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => Ok(()),
            other => other.map_err(|source| OpenError::Join { group, source }),
        }
    }

    /// Leaves `group`; leaving one that was not joined is nothing.
    ///
    /// # Errors
    /// The kernel's: an interface that is gone, a group of the other family.
    pub fn leave(&self, group: IpAddr) -> io::Result<()> {
        let left = match group {
            IpAddr::V4(group) => self.socket.leave_multicast_v4_n(&group, &self.interface()),
            IpAddr::V6(group) => self.socket.leave_multicast_v6(&group, self.index),
        };
        match left {
            Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => Ok(()),
            other => other,
        }
    }

    /// Takes what is queued, at most `limit` packets, through `batch`, and calls `each` for every one in the order of
    /// arrival. Does not wait: an empty queue is no error.
    ///
    /// # Errors
    /// The kernel's, which a later call may not meet again.
    pub fn drain(&self, batch: &mut Batch, limit: usize, mut each: impl FnMut(Arrival<'_>)) -> io::Result<Drained> {
        batch.drain(self.as_fd(), limit, |delivered| delivered.into_arrival(self.family).map(&mut each).is_some())
    }

    /// Sends one packet.
    ///
    /// # Errors
    /// The kernel's, among them `EAGAIN` and `ENOBUFS` (queues full), `EPERM` (a packet filter), `ENETDOWN`, `ENETUNREACH` and
    /// `ENODEV` (the interface): a condition to be shown, never a reason to stop sending.
    pub fn send(&self, packet: Transmit<'_>) -> io::Result<()> {
        send_one(self.as_fd(), packet.message(self.index))
    }

    /// Sends many packets in few system calls, and calls `report` with the position and the result of each, in order.
    /// One that fails does not keep the others, except that after a full send buffer the rest is `WouldBlock` untried.
    pub fn send_all<'a>(
        &self,
        packets: impl IntoIterator<Item = Transmit<'a>>,
        report: impl FnMut(usize, io::Result<()>),
    ) {
        let messages = packets.into_iter().map(|packet| packet.message(self.index));
        send_all(self.as_fd(), messages, report);
    }

    /// The index of the interface it is bound to.
    pub const fn index(&self) -> u32 {
        self.index
    }

    /// The family of its packets.
    pub const fn family(&self) -> Family {
        self.family
    }

    const fn interface(&self) -> InterfaceIndexOrAddress {
        InterfaceIndexOrAddress::Index(self.index)
    }
}

impl AsFd for Channel {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// Sets `SO_RCVBUF`, beyond `rmem_max` if that is permitted.
pub(super) fn set_receive_buffer(socket: &Socket, octets: usize) -> Result<(), OpenError> {
    match nix::sys::socket::setsockopt(socket, sockopt::RcvBufForce, &octets) {
        Ok(()) => Ok(()),
        Err(_) => socket.set_recv_buffer_size(octets).about("SO_RCVBUF"),
    }
}

/// By index, which no renaming can redirect; by name on kernels before 5.0.
fn bind(socket: &Socket, index: u32) -> io::Result<()> {
    match sys::bind_to_index(socket.as_fd(), index) {
        // The kernel takes the index of a link that is not there; only asking for its name shows that. The
        // socket is asked, for it may belong to another network namespace than this thread.
        Ok(()) => socket.device().map(|_name| ()),
        Err(error) if error.raw_os_error() == Some(libc::ENOPROTOOPT) => {
            let name = nix::net::if_::if_indextoname(index)?;
            // nix 0.31 takes the C function's null for success, and an empty name would bind to nothing.
            if name.is_empty() {
                return Err(io::Error::from_raw_os_error(libc::ENODEV));
            }
            socket.bind_device(Some(name.to_bytes()))
        }
        Err(error) => Err(error),
    }
}

fn bound_index(socket: &Socket) -> io::Result<u32> {
    match sys::bound_index(socket.as_fd()) {
        Err(error) if error.raw_os_error() == Some(libc::ENOPROTOOPT) => match socket.device()? {
            Some(name) => Ok(nix::net::if_::if_nametoindex(name.as_slice())?),
            None => Ok(0),
        },
        other => other,
    }
}

fn domain(family: Family) -> Domain {
    match family {
        Family::V4 => Domain::IPV4,
        Family::V6 => Domain::IPV6,
    }
}

fn protocol() -> Protocol {
    Protocol::from(i32::from(PROTOCOL))
}
