//! The kernel's notifications, and waiting for addresses by them.

use core::net::IpAddr;
use core::time::Duration;
use std::io;
use std::os::fd::AsFd;
use std::time::Instant;

use netlink_sys::{Socket, SocketAddr, protocols::NETLINK_ROUTE};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::addresses::{Address, on_interface};

/// `RTMGRP_LINK`.
pub(crate) const LINKS: u32 = 0x1;

/// `RTMGRP_IPV4_IFADDR` and `RTMGRP_IPV6_IFADDR`.
pub(crate) const ADDRESSES: u32 = 0x10 | 0x100;

/// Opens a socket on which the kernel reports every change in these groups.
pub(crate) fn open(groups: u32) -> io::Result<Socket> {
    let mut socket = Socket::new(NETLINK_ROUTE)?;
    socket.bind(&SocketAddr::new(0, groups))?;
    Ok(socket)
}

/// Waits until the interface has the address, or has it no more. Returns nothing, or at the deadline the addresses there are.
pub(crate) fn wait(interface: &str, ip: IpAddr, present: bool, deadline: Duration) -> io::Result<Option<Vec<Address>>> {
    let socket = open(ADDRESSES)?;
    let end = Instant::now() + deadline;
    loop {
        let addresses = on_interface(interface)?;
        if addresses.iter().any(|address| address.ip == ip) == present {
            return Ok(None);
        }
        if !readable(&socket, end.saturating_duration_since(Instant::now()))? {
            return Ok(Some(addresses));
        }
        // What it says does not matter: the table is read again. An overrun is a change as well.
        let _any_change = socket.recv_from_full();
    }
}

/// Waits until the socket can be read, at most this long.
pub(crate) fn readable(socket: &Socket, left: Duration) -> io::Result<bool> {
    if left.is_zero() {
        return Ok(false);
    }
    let timeout = PollTimeout::try_from(left + Duration::from_millis(1)).unwrap_or(PollTimeout::MAX);
    let mut descriptors = [PollFd::new(socket.as_fd(), PollFlags::POLLIN)];
    Ok(poll(&mut descriptors, timeout)? > 0)
}
