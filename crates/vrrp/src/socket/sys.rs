//! The three system calls of this crate's sockets that no safe crate offers in a form that neither
//! allocates nor hides per-packet results. Everything else about packets is plain slices.
#![expect(
    unsafe_code,
    reason = "recvmmsg and sendmmsg take structures of pointers; an option by interface index has no safe wrapper"
)]

use core::mem;
use core::ptr;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

use libc::{c_int, c_uint, c_void, iovec, mmsghdr, socklen_t};

/// The most messages that one call of [`receive`] or [`send`] carries: what fits the stack easily.
pub(super) const CHUNK: usize = 32;

/// Room for a `sockaddr_in6` or `sockaddr_ll`, in the kernel's layout.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(8))]
pub(super) struct Name(pub(super) [u8; 32]);

/// Room for the control messages of one packet, in the kernel's layout.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(8))]
pub(super) struct Control(pub(super) [u8; 128]);

/// What the kernel said about one received packet.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Meta {
    /// Octets received, at most a slot's length.
    pub(super) len: usize,
    /// Octets of the name.
    pub(super) name: usize,
    /// Octets of the control messages.
    pub(super) control: usize,
    /// Whether the packet was longer than its slot.
    pub(super) truncated: bool,
}

/// Where received packets go: slice `i` of each field belongs to packet `i`.
#[derive(Debug)]
pub(super) struct Slots<'a> {
    pub(super) bytes: &'a mut [u8],
    /// Octets of `bytes` for each packet.
    pub(super) len: usize,
    pub(super) names: &'a mut [Name],
    pub(super) controls: &'a mut [Control],
    pub(super) metas: &'a mut [Meta],
}

/// One packet to be sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'a> {
    pub(super) name: Name,
    pub(super) name_len: usize,
    pub(super) control: Control,
    pub(super) control_len: usize,
    /// What comes before `body`: the IPv4 header, or nothing.
    pub(super) head: [u8; 20],
    pub(super) head_len: usize,
    pub(super) body: &'a [u8],
}

impl Default for Control {
    fn default() -> Self {
        Self([0; 128])
    }
}

impl Message<'_> {
    pub(super) const EMPTY: Self = Self {
        name: Name([0; 32]),
        name_len: 0,
        control: Control([0; 128]),
        control_len: 0,
        head: [0; 20],
        head_len: 0,
        body: &[],
    };
}

/// Receives what is queued, at most `limit` packets and at most [`CHUNK`], without waiting.
pub(super) fn receive(fd: BorrowedFd<'_>, slots: &mut Slots<'_>, limit: usize) -> io::Result<usize> {
    // SAFETY: both are C structures for which all zeros is a value: null pointers and zero lengths.
    let mut headers: [mmsghdr; CHUNK] = unsafe { mem::zeroed() };
    // SAFETY: as above.
    let mut vectors: [iovec; CHUNK] = unsafe { mem::zeroed() };

    let mut count = 0;
    let rows = headers.iter_mut().zip(&mut vectors);
    let buffers = slots.bytes.chunks_exact_mut(slots.len.max(1));
    let extras = slots.names.iter_mut().zip(slots.controls.iter_mut());
    for (((header, vector), buffer), (name, control)) in rows.zip(buffers).zip(extras).take(limit) {
        vector.iov_base = buffer.as_mut_ptr().cast();
        vector.iov_len = buffer.len();
        header.msg_hdr.msg_iov = vector;
        header.msg_hdr.msg_iovlen = 1;
        header.msg_hdr.msg_name = name.0.as_mut_ptr().cast();
        header.msg_hdr.msg_namelen = length(name.0.len());
        header.msg_hdr.msg_control = control.0.as_mut_ptr().cast();
        header.msg_hdr.msg_controllen = control.0.len() as _;
        count += 1;
    }
    if count == 0 {
        return Ok(0);
    }
    // SAFETY: the first `count` headers point to vectors, names and control buffers that live until the end
    // of this function, are exclusively borrowed, and have the lengths given; no timeout is passed.
    let received = unsafe {
        libc::recvmmsg(fd.as_raw_fd(), headers.as_mut_ptr(), count, libc::MSG_DONTWAIT as _, ptr::null_mut())
    };
    let received = usize::try_from(received).map_err(|_| io::Error::last_os_error())?;
    for (header, meta) in headers.iter().zip(slots.metas.iter_mut()).take(received) {
        *meta = Meta {
            len: (header.msg_len as usize).min(slots.len),
            name: header.msg_hdr.msg_namelen as usize,
            control: control_len(&header.msg_hdr),
            truncated: header.msg_hdr.msg_flags & libc::MSG_TRUNC != 0,
        };
    }
    Ok(received)
}

/// Sends the first messages of `messages`, at most [`CHUNK`], without waiting; says how many the kernel took.
/// An error belongs to the first message.
pub(super) fn send(fd: BorrowedFd<'_>, messages: &[Message<'_>]) -> io::Result<usize> {
    // SAFETY: C structures for which all zeros is a value.
    let mut headers: [mmsghdr; CHUNK] = unsafe { mem::zeroed() };
    // SAFETY: as above.
    let mut vectors: [[iovec; 2]; CHUNK] = unsafe { mem::zeroed() };

    let mut count = 0;
    for ((header, [head, body]), message) in headers.iter_mut().zip(&mut vectors).zip(messages) {
        head.iov_base = message.head.as_ptr().cast_mut().cast();
        head.iov_len = message.head_len.min(message.head.len());
        body.iov_base = message.body.as_ptr().cast_mut().cast();
        body.iov_len = message.body.len();
        header.msg_hdr.msg_iov = head;
        header.msg_hdr.msg_iovlen = 2;
        header.msg_hdr.msg_name = message.name.0.as_ptr().cast_mut().cast();
        header.msg_hdr.msg_namelen = length(message.name_len.min(message.name.0.len()));
        if message.control_len > 0 {
            header.msg_hdr.msg_control = message.control.0.as_ptr().cast_mut().cast();
            header.msg_hdr.msg_controllen = message.control_len.min(message.control.0.len()) as _;
        }
        count += 1;
    }
    // SAFETY: the first `count` headers point to vectors of two and to parts of `messages`, all of which outlive
    // the call; sendmmsg only reads through them, and writes nothing but `msg_len` in the headers.
    let sent = unsafe { libc::sendmmsg(fd.as_raw_fd(), headers.as_mut_ptr(), count, libc::MSG_DONTWAIT as _) };
    match usize::try_from(sent) {
        Ok(0) => Err(io::ErrorKind::WouldBlock.into()),
        Ok(sent) => Ok(sent),
        Err(_) => Err(io::Error::last_os_error()),
    }
}

/// Binds the socket to the interface with this index.
pub(super) fn bind_to_index(fd: BorrowedFd<'_>, index: u32) -> io::Result<()> {
    let index = c_int::try_from(index).map_err(|_| io::Error::from_raw_os_error(libc::ENODEV))?;
    set(fd, libc::SOL_SOCKET, libc::SO_BINDTOIFINDEX, index)
}

/// The index of the interface that the socket is bound to, 0 for none.
pub(super) fn bound_index(fd: BorrowedFd<'_>) -> io::Result<u32> {
    let mut index: c_int = 0;
    let mut len = length(size_of::<c_int>());
    // SAFETY: the option is an int, and both pointers are to locals of the sizes said.
    let done = unsafe {
        libc::getsockopt(
            fd.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_BINDTOIFINDEX,
            ptr::from_mut(&mut index).cast(),
            &raw mut len,
        )
    };
    if done == 0 { Ok(u32::try_from(index).unwrap_or(0)) } else { Err(io::Error::last_os_error()) }
}

/// Keeps a packet socket from seeing what this host sends.
pub(super) fn ignore_outgoing(fd: BorrowedFd<'_>) -> io::Result<()> {
    set::<c_int>(fd, libc::SOL_PACKET, libc::PACKET_IGNORE_OUTGOING, 1)
}

/// How many frames a packet socket has taken or lost since this was last asked.
pub(super) fn packets_seen(fd: BorrowedFd<'_>) -> io::Result<u32> {
    let mut statistics = libc::tpacket_stats { tp_packets: 0, tp_drops: 0 };
    let mut len = length(size_of::<libc::tpacket_stats>());
    // SAFETY: the option is this structure, and both pointers are to locals of the sizes said.
    let done = unsafe {
        libc::getsockopt(
            fd.as_raw_fd(),
            libc::SOL_PACKET,
            libc::PACKET_STATISTICS,
            ptr::from_mut(&mut statistics).cast(),
            &raw mut len,
        )
    };
    if done == 0 { Ok(statistics.tp_packets) } else { Err(io::Error::last_os_error()) }
}

/// Binds a packet socket to the interface and protocol of a `sockaddr_ll` of `len` octets.
pub(super) fn bind_packet(fd: BorrowedFd<'_>, name: &Name, len: usize) -> io::Result<()> {
    let len = length(len.min(name.0.len()));
    // SAFETY: the pointer is to at least `len` octets, which the kernel only reads.
    let done = unsafe { libc::bind(fd.as_raw_fd(), name.0.as_ptr().cast(), len) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Sets an option whose value is a `T` of C's layout.
fn set<T: Copy>(fd: BorrowedFd<'_>, level: c_int, name: c_int, value: T) -> io::Result<()> {
    let value: *const c_void = ptr::from_ref(&value).cast();
    // SAFETY: the pointer is to a local of the size said, and the kernel only reads it.
    let done = unsafe { libc::setsockopt(fd.as_raw_fd(), level, name, value, length(size_of::<T>())) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// The length of a header's control messages; C libraries differ in its type.
#[expect(clippy::unnecessary_cast, reason = "it is a usize in glibc and a u32 in musl")]
fn control_len(header: &libc::msghdr) -> usize {
    header.msg_controllen as usize
}

/// A length as the kernel's type; every length here is below 200.
fn length(len: usize) -> socklen_t {
    socklen_t::try_from(len).unwrap_or(socklen_t::MAX)
}

const _: () = assert!(CHUNK <= c_uint::MAX as usize);
const _: () = assert!(size_of::<Name>() >= size_of::<libc::sockaddr_in6>());
const _: () = assert!(size_of::<Name>() >= size_of::<libc::sockaddr_ll>());
