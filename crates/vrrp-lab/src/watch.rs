use core::net::IpAddr;
use core::time::Duration;
use std::io;
use std::os::fd::AsFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use netlink_packet_core::NetlinkPayload;
use netlink_packet_route::RouteNetlinkMessage;
use netlink_sys::Socket;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::EventFd;

use crate::addresses::Address;
use crate::error::LabError;
use crate::host::Host;
use crate::monitor::{ADDRESSES, open};
use crate::rtnl::receive;
use crate::stamp::Stamp;

/// An address that came or went on any interface of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AddressChange {
    /// When this process heard of it; netlink carries no time of its own.
    pub stamp: Stamp,
    /// Whether it is there now. An address whose flags or lifetimes change is reported as there once more.
    pub present: bool,
    /// The number of the interface.
    pub index: u32,
    /// The address.
    pub address: Address,
}

/// What the kernel says of a host's addresses, from the moment it is made until it is dropped: `ip monitor address`.
#[derive(Debug)]
pub struct AddressWatch {
    host: String,
    shared: Arc<Shared>,
    stop: Arc<EventFd>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    changes: Mutex<Changes>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct Changes {
    known: Vec<AddressChange>,
    overruns: usize,
}

impl Host {
    /// Starts to watch the host's addresses.
    ///
    /// # Errors
    ///
    /// [`LabError::Netlink`] with the kernel's refusal.
    pub fn watch_addresses(&self) -> Result<AddressWatch, LabError> {
        let failed =
            |source| LabError::Netlink { name: self.name().to_owned(), request: "monitor address".to_owned(), source };
        let socket = self.on(|| open(ADDRESSES))?.map_err(failed)?;
        let stop = Arc::new(EventFd::new().map_err(|errno| failed(errno.into()))?);
        let shared = Arc::new(Shared::default());
        let (noting, stopped) = (Arc::clone(&shared), Arc::clone(&stop));
        let thread = thread::Builder::new()
            .name("lab-watch".to_owned())
            .spawn(move || noting.note_all(&socket, &stopped))
            .map_err(failed)?;
        Ok(AddressWatch { host: self.name().to_owned(), shared, stop, thread: Some(thread) })
    }
}

impl AddressWatch {
    /// Returns the changes so far.
    pub fn changes(&self) -> Vec<AddressChange> {
        self.shared.lock().known.clone()
    }

    /// Returns when this address came and went so far: each moment, and whether it was there from then on.
    pub fn history(&self, ip: impl Into<IpAddr>) -> Vec<(Stamp, bool)> {
        let ip = ip.into();
        let changes = self.shared.lock();
        let of_it = changes.known.iter().filter(|change| change.address.ip == ip);
        of_it.map(|change| (change.stamp, change.present)).collect()
    }

    /// Counts how often changes were lost because they came too fast.
    pub fn overruns(&self) -> usize {
        self.shared.lock().overruns
    }

    /// Counts the changes so far: a mark for [`Self::wait_for_since`].
    pub fn mark(&self) -> usize {
        self.shared.lock().known.len()
    }

    /// Waits for the first change after a mark for which `wanted` says so.
    ///
    /// # Errors
    ///
    /// [`LabError::Deadline`] with the number of changes there were.
    pub fn wait_for_since(
        &self,
        mark: usize,
        mut wanted: impl FnMut(&AddressChange) -> bool,
        deadline: Duration,
    ) -> Result<AddressChange, LabError> {
        let end = Instant::now() + deadline;
        let mut seen = mark;
        let mut changes = self.shared.lock();
        loop {
            if let Some(change) = changes.known.iter().skip(seen).find(|change| wanted(change)) {
                return Ok(change.clone());
            }
            seen = changes.known.len();
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let what = format!("host {}: the change of an address", self.host);
                let instead = format!("{} other changes came", seen.saturating_sub(mark));
                return Err(LabError::Deadline { what, waited: deadline, instead });
            }
            changes = self.shared.arrived.wait_timeout(changes, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for AddressWatch {
    fn drop(&mut self) {
        let _cannot_overflow = self.stop.write(1);
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_all(&self, socket: &Socket, stop: &EventFd) {
        loop {
            let mut waited = [socket.as_fd(), stop.as_fd()].map(|fd| PollFd::new(fd, PollFlags::POLLIN));
            let _interrupted = poll(&mut waited, PollTimeout::NONE);
            let [readable, stopped] = waited.map(|fd| fd.any().unwrap_or(false));
            if stopped {
                return;
            }
            if readable && self.note(socket).is_err() {
                return;
            }
        }
    }

    fn note(&self, socket: &Socket) -> io::Result<()> {
        let messages = receive(socket);
        let stamp = Stamp::now();
        let mut changes = self.lock();
        match messages {
            Ok(messages) => {
                changes.known.extend(messages.into_iter().filter_map(|message| change(message.payload, stamp)));
            }
            Err(error) if error.raw_os_error() == Some(Errno::ENOBUFS as i32) => changes.overruns += 1,
            Err(error) => return Err(error),
        }
        drop(changes);
        self.arrived.notify_all();
        Ok(())
    }
}

fn change(payload: NetlinkPayload<RouteNetlinkMessage>, stamp: Stamp) -> Option<AddressChange> {
    let NetlinkPayload::InnerMessage(message) = payload else {
        return None;
    };
    let (present, message) = if let RouteNetlinkMessage::NewAddress(message) = message {
        (true, message)
    } else if let RouteNetlinkMessage::DelAddress(message) = message {
        (false, message)
    } else {
        return None;
    };
    Some(AddressChange { stamp, present, index: message.header.index, address: Address::from_message(message)? })
}
