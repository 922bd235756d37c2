//! The calls that safe crates do not offer, and what waits on a descriptor.
#![expect(unsafe_code, reason = "tokio's registration, pidfd_open and sockaddr_ll have no safe form")]

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use nix::errno::Errno;
use nix::sys::socket::{LinkAddr, SockaddrLike};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// A descriptor that a task waits on until it can be read. It does not block.
#[derive(Debug)]
pub(crate) struct Readable(AsyncFd<OwnedFd>);

impl Readable {
    /// Takes a descriptor that does not block.
    pub(crate) fn new(fd: impl Into<OwnedFd>) -> io::Result<Self> {
        // SAFETY: an OwnedFd is open, always the same, and lives in the AsyncFd.
        Ok(Self(unsafe { AsyncFd::register_with_interest(fd.into(), Interest::READABLE)? }))
    }

    /// Waits until `read` does anything but come back empty-handed (`EAGAIN`).
    pub(crate) async fn read<R>(&self, mut read: impl FnMut(BorrowedFd<'_>) -> io::Result<R>) -> io::Result<R> {
        loop {
            let mut ready = self.0.readable().await?;
            if let Ok(result) = ready.try_io(|fd| read(fd.get_ref().as_fd())) {
                return result;
            }
        }
    }

    /// Gives the descriptor back.
    pub(crate) fn into_inner(self) -> OwnedFd {
        self.0.into_inner()
    }

    /// Waits until there is something to read.
    pub(crate) async fn ready(&self) -> io::Result<()> {
        self.0.readable().await.map(|_| ())
    }
}

impl AsFd for Readable {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.get_ref().as_fd()
    }
}

/// Opens a descriptor that can be read once the process is dead, all its threads included.
pub(crate) fn open_pidfd(process: i32) -> io::Result<OwnedFd> {
    let nonblocking = 0_u32;
    // SAFETY: the call takes two integers.
    let fd = Errno::result(unsafe { libc::syscall(libc::SYS_pidfd_open, process, nonblocking) })?;
    let fd = i32::try_from(fd).map_err(io::Error::other)?;
    // SAFETY: the kernel has just opened it, for nobody else.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// `AF_PACKET`, in the type of the address.
const AF_PACKET: libc::sa_family_t = 17;

/// Returns the address of a link, for a protocol (`ETH_P_*`), and of a station on it where `mac` says so.
pub(crate) fn link_address(interface: u32, protocol: u16, mac: Option<[u8; 6]>) -> Option<LinkAddr> {
    let [a, b, c, d, e, f] = mac.unwrap_or_default();
    let raw = libc::sockaddr_ll {
        sll_family: AF_PACKET,
        sll_protocol: protocol.to_be(),
        sll_ifindex: interface.cast_signed(),
        sll_hatype: 0,
        sll_pkttype: 0,
        sll_halen: if mac.is_some() { 6 } else { 0 },
        sll_addr: [a, b, c, d, e, f, 0, 0],
    };
    let length = libc::socklen_t::try_from(size_of_val(&raw)).ok();
    // SAFETY: the pointer is to a whole sockaddr_ll, and the length says so.
    unsafe { LinkAddr::from_raw((&raw const raw).cast(), length) }
}

/// Lets a raw ICMPv6 socket hear one type of message only (RFC 3542 §3.2).
pub(crate) fn hear_icmpv6_only(socket: &impl AsFd, kind: u8) -> io::Result<()> {
    /// `ICMPV6_FILTER`.
    const FILTER: i32 = 1;
    let mut blocked = [u32::MAX; 8];
    if let Some(word) = blocked.get_mut(usize::from(kind >> 5)) {
        *word &= !(1_u32 << (kind & 31));
    }
    let length = libc::socklen_t::try_from(size_of_val(&blocked)).map_err(io::Error::other)?;
    let fd = socket.as_fd().as_raw_fd();
    // SAFETY: the pointer and the length describe `blocked`, which outlives the call.
    let result = unsafe { libc::setsockopt(fd, libc::IPPROTO_ICMPV6, FILTER, (&raw const blocked).cast(), length) };
    Errno::result(result)?;
    Ok(())
}
