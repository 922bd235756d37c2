use std::io;
use std::os::fd::BorrowedFd;

use vrrp_wire::{IpPair, ipv4};

use super::name;
use super::sys::{self, CHUNK, Control, Message, Name};

/// One packet to be sent by a [`super::Channel`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transmit<'a> {
    /// Source and destination, of the channel's family.
    pub ip: IpPair,
    /// TTL or Hop Limit.
    pub hop_limit: u8,
    /// The VRRP message, its checksum included.
    pub payload: &'a [u8],
}

impl<'a> Transmit<'a> {
    /// The packet as the kernel takes it on a raw socket of the interface `index`.
    pub(super) fn message(self, index: u32) -> Message<'a> {
        match self.ip {
            IpPair::V4 { source, destination } => {
                let len = u16::try_from(self.payload.len()).unwrap_or(u16::MAX);
                Message {
                    name: Name::v4(destination),
                    name_len: name::LEN_V4,
                    head: ipv4::header(source, destination, self.hop_limit, 0, len),
                    head_len: ipv4::HEADER_LEN,
                    body: self.payload,
                    ..Message::EMPTY
                }
            }
            IpPair::V6 { source, destination } => {
                let (control, control_len) = Control::v6(source, index, self.hop_limit);
                Message {
                    name: Name::v6(destination, index),
                    name_len: name::LEN_V6,
                    control,
                    control_len,
                    body: self.payload,
                    ..Message::EMPTY
                }
            }
        }
    }
}

/// Sends all messages in calls of [`CHUNK`], and tells `report` of each in order. A full send buffer is not tried
/// again for the rest: they would all meet it.
pub(super) fn send_all<'a>(
    fd: BorrowedFd<'_>,
    messages: impl IntoIterator<Item = Message<'a>>,
    mut report: impl FnMut(usize, io::Result<()>),
) {
    let mut messages = messages.into_iter();
    let mut index = 0;
    let mut full = false;
    loop {
        let mut chunk = [Message::EMPTY; CHUNK];
        let mut filled = 0;
        for (slot, message) in chunk.iter_mut().zip(messages.by_ref()) {
            *slot = message;
            filled += 1;
        }
        let mut rest = chunk.get(..filled).unwrap_or_default();
        while !rest.is_empty() {
            let result = if full { Err(io::ErrorKind::WouldBlock.into()) } else { sys::send(fd, rest) };
            let done = match result {
                Ok(sent) => {
                    (index..index + sent).for_each(|index| report(index, Ok(())));
                    sent
                }
                Err(error) => {
                    full |= error.kind() == io::ErrorKind::WouldBlock;
                    report(index, Err(error));
                    1
                }
            };
            index += done;
            rest = rest.get(done..).unwrap_or_default();
        }
        if filled < CHUNK {
            return;
        }
    }
}

/// Sends one message.
pub(super) fn send_one(fd: BorrowedFd<'_>, message: Message<'_>) -> io::Result<()> {
    sys::send(fd, core::slice::from_ref(&message)).map(|_one| ())
}
