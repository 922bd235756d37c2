use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::time::Duration;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use nix::sys::socket::{MsgFlags, send};

use crate::error::LabError;
use crate::host::Host;
use crate::pace::{now, sleep_until};
use crate::packet_socket::{self, Receive};

/// The shortest sleep between two bursts: what came due meanwhile goes out together.
const SHORTEST_SLEEP: Duration = Duration::from_micros(500);

impl Host {
    /// Sends one Ethernet frame, as given from the destination address on.
    ///
    /// # Errors
    ///
    /// [`LabError::Socket`] with the kernel's refusal.
    pub fn inject(&self, interface: &str, frame: &[u8]) -> Result<(), LabError> {
        let socket = packet_socket::open(self, interface, Receive::Nothing)?;
        send(socket.as_raw_fd(), frame, MsgFlags::empty())
            .map(drop)
            .map_err(|errno| packet_socket::failure(self, interface, "send a frame", errno.into()))
    }

    /// Starts to send the frames in turn, `pps` a second, evenly spread in bursts of at most half a millisecond's share.
    ///
    /// # Errors
    ///
    /// As [`Self::inject`].
    pub fn flood(
        &self,
        interface: &str,
        frames: Vec<Vec<u8>>,
        pps: u32,
        duration: Duration,
    ) -> Result<Flood, LabError> {
        let socket = packet_socket::open(self, interface, Receive::Nothing)?;
        let counters = Arc::new(Counters::default());
        let shared = Arc::clone(&counters);
        let thread = thread::Builder::new()
            .name("lab-flood".to_owned())
            .spawn(move || shared.run(&socket, &frames, pps, duration))
            .map_err(|source| packet_socket::failure(self, interface, "start a thread", source))?;
        Ok(Flood { counters, thread: Some(thread) })
    }
}

/// A flood under way. Dropping it ends it.
#[derive(Debug)]
pub struct Flood {
    counters: Arc<Counters>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

#[derive(Debug, Default)]
struct Counters {
    sent: AtomicU64,
    stop: AtomicBool,
}

impl Flood {
    /// Counts the frames sent so far.
    pub fn sent(&self) -> u64 {
        self.counters.sent.load(Ordering::Relaxed)
    }

    /// Waits until the flood's time is over, and returns the number of frames sent.
    ///
    /// # Errors
    ///
    /// The kernel's refusal that ended it early.
    pub fn finish(mut self) -> io::Result<u64> {
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap_or_else(|_| Err(io::Error::other("the flooding thread panicked")))?;
        }
        Ok(self.sent())
    }
}

impl Drop for Flood {
    fn drop(&mut self) {
        self.counters.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _refused = thread.join();
        }
    }
}

impl Counters {
    fn run(&self, socket: &OwnedFd, frames: &[Vec<u8>], pps: u32, duration: Duration) -> io::Result<()> {
        let start = now();
        let gap = Duration::from_secs(1) / pps.max(1);
        let mut due = start;
        for frame in frames.iter().cycle() {
            if self.stop.load(Ordering::Relaxed) || due >= start + duration {
                break;
            }
            let moment = now();
            if due > moment {
                self.pause_until(due.max(moment + SHORTEST_SLEEP));
            }
            send(socket.as_raw_fd(), frame, MsgFlags::empty())?;
            self.sent.fetch_add(1, Ordering::Relaxed);
            due += gap;
        }
        Ok(())
    }

    /// Sleeps in pieces, so that a slow flood ends soon when it is dropped.
    fn pause_until(&self, moment: Duration) {
        while !self.stop.load(Ordering::Relaxed) && now() < moment {
            sleep_until(moment.min(now() + Duration::from_millis(20)));
        }
    }
}
