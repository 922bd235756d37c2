//! The kernel's news of processes: the proc connector (`CONFIG_PROC_EVENTS`).

use std::io;
use std::os::fd::AsFd;

use netlink_sys::{Socket, SocketAddr};
use nix::errno::Errno;
use nix::sys::socket::setsockopt;
use nix::sys::socket::sockopt::{RcvBuf, RcvBufForce};

use crate::probe::netlink::{self, messages, receive};
use crate::probe::sys::Readable;

const NETLINK_CONNECTOR: isize = 11;
const CN_IDX_PROC: u32 = 1;
const CN_HEADER_LEN: usize = 20;
const LISTEN: u32 = 1;
const IGNORE: u32 = 2;
/// Room for some thousand events: a build forks faster than anybody reads.
const RECEIVE_BUFFER: usize = 1024 * 1024;

/// What happened to a process; threads are no concern here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Fork {
        parent: i32,
        child: i32,
    },
    /// It runs another program, or has taken another name.
    Changed(i32),
    /// Its first thread ended.
    Exit(i32),
    /// The kernel's answer to a wish.
    Answer(i32),
}

/// The socket on which the kernel tells.
#[derive(Debug)]
pub(crate) struct Connector {
    socket: Socket,
}

impl Connector {
    /// Asks for the news; refused where the kernel has none or this process may not hear them.
    pub(crate) fn open() -> io::Result<Self> {
        let mut socket = Socket::new(NETLINK_CONNECTOR)?;
        socket.bind_auto()?;
        socket.add_membership(CN_IDX_PROC)?;
        socket.set_non_blocking(true)?;
        if setsockopt(&socket, RcvBufForce, &RECEIVE_BUFFER).is_err() {
            setsockopt(&socket, RcvBuf, &RECEIVE_BUFFER)?;
        }
        let connector = Self { socket };
        connector.wish(LISTEN)?;
        connector.hear_answer()?;
        Ok(connector)
    }

    /// Takes the descriptor to wait on.
    pub(crate) fn readable(&self) -> io::Result<Readable> {
        Readable::new(netlink::into_fd(&self.socket)?)
    }

    fn wish(&self, wish: u32) -> io::Result<()> {
        let mut message = Vec::new();
        message.extend(CN_IDX_PROC.to_ne_bytes());
        message.extend(1_u32.to_ne_bytes());
        message.extend([0; 8]);
        message.extend(4_u16.to_ne_bytes());
        message.extend([0; 2]);
        message.extend(wish.to_ne_bytes());
        let request = netlink::request(netlink::NLMSG_DONE, 0, &message)?;
        self.socket.send_to(&request, &SocketAddr::new(0, 0), 0).map(|_| ())
    }

    /// The kernel answers within the system call that wishes, and says nothing to a process in a namespace of its own.
    fn hear_answer(&self) -> io::Result<()> {
        let mut buffer = vec![0; netlink::BUFFER];
        loop {
            let length = receive(self.socket.as_fd(), &mut buffer)?;
            for event in events(buffer.get(..length).unwrap_or_default()) {
                match event {
                    Event::Answer(0) => return Ok(()),
                    Event::Answer(errno) => return Err(Errno::from_raw(errno).into()),
                    Event::Fork { .. } | Event::Changed(_) | Event::Exit(_) => {}
                }
            }
        }
    }
}

impl Drop for Connector {
    /// Older kernels count listeners by their words and not by their sockets.
    fn drop(&mut self) {
        let _goes_on_for_nobody = self.wish(IGNORE);
    }
}

/// Reads the events of a datagram.
pub(crate) fn events(datagram: &[u8]) -> impl Iterator<Item = Event> {
    messages(datagram).filter_map(|message| read(message.payload.get(CN_HEADER_LEN..)?))
}

/// Reads `struct proc_event`: what, processor, time, and then four numbers at most.
fn read(event: &[u8]) -> Option<Event> {
    const NONE: u32 = 0;
    const FORK: u32 = 1;
    const EXEC: u32 = 2;
    const COMM: u32 = 0x200;
    const EXIT: u32 = 0x8000_0000;
    let word = |number: usize| Some(u32::from_ne_bytes(*event.get(number * 4..)?.first_chunk()?));
    let id = |number: usize| word(number).map(u32::cast_signed);
    // The second of two numbers names the process, the first the thread.
    let whole = |number: usize| id(number).filter(|thread| Some(*thread) == id(number + 1));
    match word(0)? {
        NONE => Some(Event::Answer(id(4)?)),
        FORK => Some(Event::Fork { parent: id(5)?, child: whole(6)? }),
        EXEC | COMM => Some(Event::Changed(whole(4)?)),
        EXIT => Some(Event::Exit(whole(4)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(words: &[u32]) -> Option<Event> {
        read(&words.iter().flat_map(|word| word.to_ne_bytes()).collect::<Vec<_>>())
    }

    #[test]
    fn processes_are_told_from_threads() {
        assert_eq!(event(&[1, 0, 0, 0, 11, 10, 20, 20]), Some(Event::Fork { parent: 10, child: 20 }));
        assert_eq!(event(&[1, 0, 0, 0, 11, 10, 20, 10]), None, "a thread is born");
        assert_eq!(event(&[2, 0, 0, 0, 20, 20]), Some(Event::Changed(20)));
        assert_eq!(event(&[0x200, 0, 0, 0, 20, 20, 0x61]), Some(Event::Changed(20)));
        assert_eq!(event(&[0x200, 0, 0, 0, 21, 20, 0x61]), None, "a thread takes a name");
        assert_eq!(event(&[0x8000_0000, 0, 0, 0, 20, 20, 0, 0]), Some(Event::Exit(20)));
        assert_eq!(event(&[0, 0, 0, 0, 1]), Some(Event::Answer(1)));
        assert_eq!(event(&[4, 0, 0, 0, 20, 20]), None);
        assert_eq!(event(&[2, 0, 0, 0, 20]), None, "cut off");
    }
}
