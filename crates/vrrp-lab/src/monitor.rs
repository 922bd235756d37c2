//! Waiting for addresses by the kernel's notifications.

use core::net::IpAddr;
use core::time::Duration;
use std::io;
use std::os::fd::AsFd;
use std::time::Instant;

use netlink_sys::{Socket, SocketAddr, protocols::NETLINK_ROUTE};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::addresses::{Address, on_interface};

/// `RTMGRP_IPV4_IFADDR` and `RTMGRP_IPV6_IFADDR`.
const ADDRESS_GROUPS: u32 = 0x10 | 0x100;

/// Waits until the interface has the address, or has it no more. Returns nothing, or at the deadline the addresses there are.
pub(crate) fn wait(
    interface: &str,
    ip: IpAddr,
    present: bool,
    deadline: Duration,
) -> io::Result<Option<Vec<Address>>> {
    let mut socket = Socket::new(NETLINK_ROUTE)?;
    socket.bind(&SocketAddr::new(0, ADDRESS_GROUPS))?;
    let end = Instant::now() + deadline;
    loop {
        let addresses = on_interface(interface)?;
        if addresses.iter().any(|address| address.ip == ip) == present {
            return Ok(None);
        }
        if !readable(&socket, end)? {
            return Ok(Some(addresses));
        }
        // What it says does not matter: the table is read again. An overrun is a change as well.
        let _any_change = socket.recv_from_full();
    }
}

fn readable(socket: &Socket, end: Instant) -> io::Result<bool> {
    let left = end.saturating_duration_since(Instant::now());
    wait_readable(socket, left)
}

/// Waits until the descriptor can be read, at most this long.
pub(crate) fn wait_readable(descriptor: &impl AsFd, left: Duration) -> io::Result<bool> {
    let timeout =
        PollTimeout::try_from(left + Duration::from_millis(1)).unwrap_or(PollTimeout::MAX);
    let mut descriptors = [PollFd::new(descriptor.as_fd(), PollFlags::POLLIN)];
    match poll(&mut descriptors, timeout) {
        Ok(count) => Ok(count > 0),
        Err(nix::errno::Errno::EINTR) => Ok(true),
        Err(errno) => Err(errno.into()),
    }
}
