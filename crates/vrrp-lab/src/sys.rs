//! The calls that safe crates do not offer.
#![expect(unsafe_code, reason = "namespaces must be made between fork and exec, and packet sockets need sockaddr_ll")]

use core::ffi::CStr;
use std::ffi::CString;
use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::sys::socket::{LinkAddr, SockaddrLike};
use nix::sys::stat::Mode;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork, write};

/// The lines of `uid_map` and `gid_map` for a new user namespace, written before the fork because nothing may allocate after it.
#[derive(Debug, Clone)]
pub(crate) struct IdMaps {
    /// The content of `uid_map`.
    pub(crate) uid: CString,
    /// The content of `gid_map`.
    pub(crate) gid: CString,
}

/// Makes `command` start inside new network, mount and PID namespaces, and a user namespace if there are `maps`.
///
/// The process that the caller sees waits outside for the one that does the work, passes its exit code
/// on (128 + signal if a signal ended it), and dies with the calling *thread*; the inner process, and with it the
/// whole PID namespace, dies with the outer one.
pub(crate) fn start_in_namespaces(command: &mut Command, maps: Option<IdMaps>) {
    // SAFETY: the closure only makes system calls and touches memory prepared before the fork.
    unsafe { command.pre_exec(move || make_namespaces(maps.as_ref()).and_then(|()| become_inner())) };
}

/// Makes `command` try the namespaces of [`start_in_namespaces`] and then exit with 0 in place of running.
pub(crate) fn try_namespaces(command: &mut Command, maps: Option<IdMaps>) {
    // SAFETY: as above; `_exit` runs no handlers of the parent.
    unsafe {
        command.pre_exec(move || {
            make_namespaces(maps.as_ref())?;
            libc::_exit(0)
        });
    }
}

/// Makes `command` get SIGKILL when the calling thread ends.
pub(crate) fn die_with_parent(command: &mut Command) {
    // SAFETY: the closure makes one system call.
    unsafe { command.pre_exec(|| Ok(set_pdeathsig(Signal::SIGKILL)?)) };
}

fn make_namespaces(maps: Option<&IdMaps>) -> io::Result<()> {
    let mut flags = CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWPID;
    if maps.is_some() {
        flags |= CloneFlags::CLONE_NEWUSER;
    }
    unshare(flags)?;
    if let Some(maps) = maps {
        write_whole(c"/proc/self/setgroups", c"deny")?;
        write_whole(c"/proc/self/uid_map", &maps.uid)?;
        write_whole(c"/proc/self/gid_map", &maps.gid)?;
    }
    // After the change of credentials, which would clear it.
    set_pdeathsig(Signal::SIGKILL)?;
    Ok(())
}

fn write_whole(path: &CStr, text: &CStr) -> io::Result<()> {
    let file = open(path, OFlag::O_WRONLY | OFlag::O_CLOEXEC, Mode::empty())?;
    write(file, text.to_bytes())?;
    Ok(())
}

/// Forks: the child goes on into the new PID namespace as its first process, the parent waits for it and never returns.
fn become_inner() -> io::Result<()> {
    // SAFETY: the child goes on to exec, and the parent only makes system calls until it exits.
    match unsafe { fork() }? {
        ForkResult::Child => Ok(set_pdeathsig(Signal::SIGKILL)?),
        ForkResult::Parent { child } => {
            // The pipe on which the caller waits for exec must have one holder only: the child.
            // SAFETY: nothing in this process uses a descriptor again.
            unsafe { libc::syscall(libc::SYS_close_range, 3_u32, u32::MAX, 0_u32) };
            let code = loop {
                match waitpid(child, None) {
                    Ok(WaitStatus::Exited(_, code)) => break code,
                    Ok(WaitStatus::Signaled(_, signal, _)) => break 128 + signal as i32,
                    Ok(_) | Err(Errno::EINTR) => {}
                    Err(_) => break 255,
                }
            };
            // SAFETY: ends this process without running handlers of the one it was forked from.
            unsafe { libc::_exit(code) }
        }
    }
}

/// `AF_PACKET`, in the type of the address.
const AF_PACKET: libc::sa_family_t = 17;

/// `PACKET_MR_PROMISC`, in the type of the request.
const PACKET_MR_PROMISC: libc::c_ushort = 1;

/// Returns the address that binds a packet socket to an interface and a protocol (`ETH_P_*`; 0 receives nothing).
pub(crate) fn link_address(interface: u32, protocol: u16) -> Option<LinkAddr> {
    let raw = libc::sockaddr_ll {
        sll_family: AF_PACKET,
        sll_protocol: protocol.to_be(),
        sll_ifindex: interface.cast_signed(),
        sll_hatype: 0,
        sll_pkttype: 0,
        sll_halen: 0,
        sll_addr: [0; 8],
    };
    let length = libc::socklen_t::try_from(size_of_val(&raw)).ok();
    // SAFETY: the pointer is to a whole sockaddr_ll, and the length says so.
    unsafe { LinkAddr::from_raw((&raw const raw).cast(), length) }
}

/// Makes an interface promiscuous for as long as the packet socket is open.
pub(crate) fn make_promiscuous(socket: &impl AsFd, interface: u32) -> io::Result<()> {
    let request = libc::packet_mreq {
        mr_ifindex: interface.cast_signed(),
        mr_type: PACKET_MR_PROMISC,
        mr_alen: 0,
        mr_address: [0; 8],
    };
    set_option(socket, libc::SOL_PACKET, libc::PACKET_ADD_MEMBERSHIP, &request)
}

/// Attaches a classic BPF program to a socket.
pub(crate) fn attach_filter(socket: &impl AsFd, program: &mut [libc::sock_filter]) -> io::Result<()> {
    let len = u16::try_from(program.len()).map_err(io::Error::other)?;
    let request = libc::sock_fprog { len, filter: program.as_mut_ptr() };
    set_option(socket, libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, &request)
}

/// `T` must be the type that the option wants.
fn set_option<T>(socket: &impl AsFd, level: i32, name: i32, value: &T) -> io::Result<()> {
    let length = libc::socklen_t::try_from(size_of::<T>()).map_err(io::Error::other)?;
    // SAFETY: the pointer and the length describe `value`, which outlives the call.
    let result =
        unsafe { libc::setsockopt(socket.as_fd().as_raw_fd(), level, name, (&raw const *value).cast(), length) };
    Errno::result(result)?;
    Ok(())
}
