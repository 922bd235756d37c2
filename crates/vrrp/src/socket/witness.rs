use core::net::IpAddr;
use std::os::fd::{AsFd, BorrowedFd};

use socket2::Socket;
use vrrp_wire::{Family, arp, ndp};

use super::error::OpenError;
use super::{filter, prober};

/// The longest announcement: Ethernet, IPv6, and a Neighbor Advertisement with options.
const LONGEST: usize = 256;

/// A packet socket that hears which addresses others announce on a link, by gratuitous ARP or Neighbor Advertisement.
///
/// To close it the kernel waits until no processor looks at it any more, some milliseconds: not on a thread that is
/// waited for.
#[derive(Debug)]
pub struct Witness {
    socket: Socket,
    family: Family,
}

impl Witness {
    /// Opens one on the interface with this index; it hears what is announced from then on.
    ///
    /// # Errors
    /// [`OpenError`] names the step that the kernel refused.
    pub fn open(index: u32, family: Family) -> Result<Self, OpenError> {
        Ok(Self { socket: prober::open(index, family, &filter::announcements(family))?, family })
    }

    /// The next address that somebody announced; `None` when there is none now, or the kernel has none to give.
    pub fn announced(&self) -> Option<IpAddr> {
        let mut frame = [0; LONGEST];
        loop {
            let len = nix::unistd::read(self.socket.as_fd(), &mut frame).ok()?;
            let frame = frame.get(..len)?;
            let announced = match self.family {
                Family::V4 => arp::announcement(frame).map(|(address, _)| address.into()),
                Family::V6 => ndp::answer(frame).map(|(address, _)| address.into()),
            };
            if announced.is_some() {
                return announced;
            }
        }
    }
}

impl AsFd for Witness {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}
