//! As much of netlink as the probes need: frames, one question at a time.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

pub(crate) use netlink_packet_core::NLMSG_DONE;
use netlink_packet_core::{NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST, NLMSG_ERROR, NetlinkBuffer};
use netlink_sys::protocols::NETLINK_ROUTE;
use netlink_sys::{Socket, SocketAddr};
use nix::errno::Errno;
use nix::sys::socket::{MsgFlags, NetlinkAddr, recvfrom};

/// Longer than any datagram of the kernel's.
pub(crate) const BUFFER: usize = 32 * 1024;
const HEADER_LEN: usize = 16;
/// How often a listing that changed midway is begun again.
const LISTING_ATTEMPTS: u32 = 8;

/// One message of the kernel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message<'a> {
    pub(crate) kind: u16,
    pub(crate) flags: u16,
    pub(crate) payload: &'a [u8],
}

/// Walks through the messages of a datagram; what is cut off or malformed ends the walk.
pub(crate) fn messages(datagram: &[u8]) -> impl Iterator<Item = Message<'_>> {
    let mut rest = datagram;
    core::iter::from_fn(move || {
        let buffer = NetlinkBuffer::new_checked(rest).ok()?;
        let (kind, flags) = (buffer.message_type(), buffer.flags());
        let length = usize::try_from(buffer.length()).ok()?;
        let payload = rest.get(HEADER_LEN..length)?;
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some(Message { kind, flags, payload })
    })
}

/// Receives a datagram of the kernel without waiting; what others send is dropped.
pub(crate) fn receive(fd: BorrowedFd<'_>, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        let (length, sender) = recvfrom::<NetlinkAddr>(fd.as_raw_fd(), buffer)?;
        if sender.is_some_and(|sender| sender.pid() == 0) {
            return Ok(length);
        }
    }
}

/// Takes the descriptor out of a socket.
pub(crate) fn into_fd(socket: &Socket) -> io::Result<OwnedFd> {
    socket.as_fd().try_clone_to_owned()
}

/// Asks the kernel one thing; rtnetlink has answered when the question is sent.
pub(crate) fn ask(kind: u16, payload: &[u8], each: impl FnMut(&Message<'_>)) -> io::Result<()> {
    question(kind, NLM_F_REQUEST, payload, each).map(|_| ())
}

/// Lists everything of a kind, from the beginning again if it changed midway.
pub(crate) fn list(kind: u16, payload: &[u8], mut each: impl FnMut(&Message<'_>)) -> io::Result<()> {
    for _ in 0..LISTING_ATTEMPTS {
        if question(kind, NLM_F_REQUEST | NLM_F_DUMP, payload, &mut each)? {
            return Ok(());
        }
    }
    Err(Errno::EAGAIN.into())
}

/// Whether nothing changed midway.
fn question(kind: u16, flags: u16, payload: &[u8], mut each: impl FnMut(&Message<'_>)) -> io::Result<bool> {
    let socket = Socket::new(NETLINK_ROUTE)?;
    socket.set_non_blocking(true)?;
    socket.send_to(&request(kind, flags, payload)?, &SocketAddr::new(0, 0), MsgFlags::empty().bits())?;
    let mut buffer = vec![0; BUFFER];
    let mut consistent = true;
    loop {
        let length = receive(socket.as_fd(), &mut buffer)?;
        for message in messages(buffer.get(..length).unwrap_or_default()) {
            consistent &= message.flags & NLM_F_DUMP_INTR == 0;
            match message.kind {
                NLMSG_DONE => return Ok(consistent),
                NLMSG_ERROR => return refusal(message.payload).map_or(Ok(consistent), Err),
                _ => each(&message),
            }
        }
        if flags & NLM_F_DUMP == 0 {
            return Ok(consistent);
        }
    }
}

/// Frames a message.
pub(crate) fn request(kind: u16, flags: u16, payload: &[u8]) -> io::Result<Vec<u8>> {
    let length = u32::try_from(HEADER_LEN + payload.len()).map_err(io::Error::other)?;
    let mut bytes = Vec::with_capacity(HEADER_LEN + payload.len());
    bytes.extend(length.to_ne_bytes());
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(flags.to_ne_bytes());
    bytes.extend([1, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend(payload);
    Ok(bytes)
}

fn refusal(payload: &[u8]) -> Option<io::Error> {
    let code = payload.first_chunk().map_or(0, |bytes| i32::from_ne_bytes(*bytes));
    (code != 0).then(|| io::Error::from_raw_os_error(code.saturating_abs()))
}

/// Reads a string up to its zero; the kernel does not promise UTF-8.
pub(crate) fn text(value: &[u8]) -> String {
    let end = value.iter().position(|byte| *byte == 0).unwrap_or(value.len());
    String::from_utf8_lossy(value.get(..end).unwrap_or_default()).into_owned()
}
