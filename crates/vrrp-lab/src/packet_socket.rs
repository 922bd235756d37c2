//! A packet socket on one interface, and the thread that reads it.

use std::io::{self, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::EventFd;
use nix::sys::socket::sockopt::{RcvBuf, ReceiveTimestampns, RxqOvfl};
use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, LinkAddr, MsgFlags, SockFlag, SockType, bind, recvmsg, setsockopt, socket,
};

use crate::error::LabError;
use crate::frame::Frame;
use crate::host::{Host, Mac};
use crate::links;
use crate::stamp::Stamp;
use crate::sys;

/// What is asked of the kernel for frames not read yet; it gives what `net.core.rmem_max` allows.
const RECEIVE_BUFFER: usize = 16 << 20;

/// How many bytes of a frame are taken.
const SNAP_LENGTH: usize = 2048;

/// `PACKET_OUTGOING`.
const OUTGOING: u8 = 4;

/// What the socket receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receive {
    /// Nothing: the socket is for sending.
    Nothing,
    /// Every frame of the interface, except those from this source.
    All { except: Option<Mac> },
}

/// Opens a packet socket on an interface of a host.
pub(crate) fn open(host: &Host, interface: &str, receive: Receive) -> Result<OwnedFd, LabError> {
    let opened = host.on(|| open_here(interface, receive))?;
    opened.map_err(|(step, source)| failure(host, interface, step, source))
}

pub(crate) fn failure(host: &Host, interface: &str, step: &'static str, source: io::Error) -> LabError {
    LabError::Socket { host: host.name().to_owned(), interface: interface.to_owned(), step, source }
}

fn open_here(interface: &str, receive: Receive) -> Result<OwnedFd, (&'static str, io::Error)> {
    fn at(step: &'static str) -> impl Fn(Errno) -> (&'static str, io::Error) {
        move |errno| (step, errno.into())
    }
    let index = links::index(interface).map_err(|error| ("find the interface", error))?;
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let flags = if receive == Receive::Nothing { SockFlag::SOCK_CLOEXEC } else { flags };
    // Without a protocol until it is bound, so that no other interface's frames come in.
    let socket = socket(AddressFamily::Packet, SockType::Raw, flags, None).map_err(at("open a packet socket"))?;
    let mut protocol = 0;
    if let Receive::All { except } = receive {
        protocol = 3; // ETH_P_ALL
        setsockopt(&socket, ReceiveTimestampns, &true).map_err(at("ask for time stamps"))?;
        setsockopt(&socket, RxqOvfl, &1).map_err(at("ask for the number of losses"))?;
        setsockopt(&socket, RcvBuf, &RECEIVE_BUFFER).map_err(at("ask for a large buffer"))?;
        sys::make_promiscuous(&socket, index).map_err(|error| ("make the interface promiscuous", error))?;
        if let Some(mac) = except {
            let mut program = refuse(mac);
            sys::attach_filter(&socket, &mut program).map_err(|error| ("attach a filter", error))?;
        }
    }
    let address = sys::link_address(index, protocol).ok_or_else(|| at("address the interface")(Errno::EINVAL))?;
    bind(socket.as_raw_fd(), &address).map_err(at("bind the packet socket"))?;
    Ok(socket)
}

/// A classic BPF program that refuses the frames of one source address.
fn refuse(mac: Mac) -> [libc::sock_filter; 6] {
    const LOAD_HALF: u16 = 0x28;
    const LOAD_WORD: u16 = 0x20;
    const JUMP_EQUAL: u16 = 0x15;
    const RETURN: u16 = 0x06;
    let [a, b, c, d, e, f] = mac.0;
    let step = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
    [
        step(LOAD_HALF, 0, 0, 6),
        step(JUMP_EQUAL, 0, 3, u32::from_be_bytes([0, 0, a, b])),
        step(LOAD_WORD, 0, 0, 8),
        step(JUMP_EQUAL, 0, 1, u32::from_be_bytes([c, d, e, f])),
        step(RETURN, 0, 0, 0),
        step(RETURN, 0, 0, u32::MAX),
    ]
}

/// A thread that reads frames until it is dropped.
#[derive(Debug)]
pub(crate) struct Tap {
    stop: Arc<EventFd>,
    thread: Option<JoinHandle<()>>,
}

impl Tap {
    /// Starts to hand each frame, and the number of frames that the kernel has dropped so far, to `sink`.
    pub(crate) fn start(socket: OwnedFd, sink: impl FnMut(Frame, u32) + Send + 'static) -> io::Result<Self> {
        let stop = Arc::new(EventFd::new()?);
        let stopped = Arc::clone(&stop);
        let thread =
            thread::Builder::new().name("lab-tap".to_owned()).spawn(move || read_all(&socket, &stopped, sink))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        let _cannot_overflow = self.stop.write(1);
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}

fn read_all(socket: &OwnedFd, stop: &EventFd, mut sink: impl FnMut(Frame, u32)) {
    let mut buffer = vec![0; SNAP_LENGTH];
    let mut drops = 0;
    loop {
        match receive(socket, &mut buffer, &mut drops) {
            Ok(frame) => sink(frame, drops),
            Err(Errno::EAGAIN) => {
                let mut waited = [socket.as_fd(), stop.as_fd()].map(|fd| PollFd::new(fd, PollFlags::POLLIN));
                let _interrupted = poll(&mut waited, PollTimeout::NONE);
                if waited.last().and_then(PollFd::any).unwrap_or(false) {
                    return;
                }
            }
            // ENETDOWN tells that the interface went down; it may come back.
            Err(Errno::EINTR | Errno::ENETDOWN) => {}
            Err(_) => return,
        }
    }
}

fn receive(socket: &OwnedFd, buffer: &mut [u8], drops: &mut u32) -> nix::Result<Frame> {
    let mut control = nix::cmsg_space!(nix::sys::time::TimeSpec, u32);
    let mut parts = [IoSliceMut::new(buffer)];
    let flags = MsgFlags::MSG_TRUNC | MsgFlags::MSG_DONTWAIT;
    let message = recvmsg::<LinkAddr>(socket.as_raw_fd(), &mut parts, Some(&mut control), flags)?;
    let (length, outgoing) = (message.bytes, message.address.is_some_and(|from| from.pkttype() == OUTGOING));
    let mut stamp = Stamp::default();
    for note in message.cmsgs()? {
        if let ControlMessageOwned::ScmTimestampns(time) = note {
            stamp = Stamp::from_epoch(time.into());
        } else if let ControlMessageOwned::RxqOvfl(count) = note {
            *drops = count;
        }
    }
    let taken = length.min(buffer.len());
    let bytes = buffer.get(..taken).unwrap_or_default().to_vec();
    Ok(Frame { stamp, outgoing, length, bytes })
}
