use core::fmt;
use core::time::Duration;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::error::LabError;
use crate::frame::Frame;
use crate::host::{Host, Mac};
use crate::packet_socket::{self, Receive, Tap};
use crate::pcap;

type Filter = Box<dyn Fn(&Frame) -> bool + Send>;

/// What a [`Capture`] keeps.
pub struct CaptureConfig {
    frames: usize,
    except: Option<Mac>,
    keep: Filter,
}

impl fmt::Debug for CaptureConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaptureConfig")
            .field("frames", &self.frames)
            .field("except", &self.except)
            .finish_non_exhaustive()
    }
}

impl Default for CaptureConfig {
    /// Keeps the last 200,000 frames, in both directions.
    fn default() -> Self {
        Self { frames: 200_000, except: None, keep: Box::new(|_| true) }
    }
}

impl CaptureConfig {
    /// Keeps at most this many frames, the newest ones.
    #[must_use]
    pub fn newest(self, frames: usize) -> Self {
        Self { frames, ..self }
    }

    /// Keeps only frames for which `keep` says so.
    #[must_use]
    pub fn only(self, keep: impl Fn(&Frame) -> bool + Send + 'static) -> Self {
        Self { keep: Box::new(keep), ..self }
    }

    /// Leaves out the frames of one source address in the kernel, so that a flood costs nothing here.
    #[must_use]
    pub fn except_from(self, source: Mac) -> Self {
        Self { except: Some(source), ..self }
    }
}

/// The frames of one interface, with the kernel's time stamps, from the moment it is made until it is dropped.
#[derive(Debug)]
pub struct Capture {
    what: String,
    shared: Arc<Shared>,
    _tap: Tap,
}

#[derive(Debug, Default)]
struct Shared {
    ring: Mutex<Ring>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct Ring {
    frames: VecDeque<Frame>,
    forgotten: usize,
    dropped: u32,
}

impl Host {
    /// Starts to capture all frames of an interface, in both directions.
    ///
    /// # Errors
    ///
    /// [`LabError::Socket`] with the kernel's refusal, such as for an interface that is not there.
    pub fn capture(&self, interface: &str) -> Result<Capture, LabError> {
        self.capture_with(interface, CaptureConfig::default())
    }

    /// Starts to capture what `config` asks for.
    ///
    /// # Errors
    ///
    /// As [`Self::capture`].
    pub fn capture_with(&self, interface: &str, config: CaptureConfig) -> Result<Capture, LabError> {
        let CaptureConfig { frames: limit, except, keep } = config;
        let socket = packet_socket::open(self, interface, Receive::All { except })?;
        let shared = Arc::new(Shared::default());
        let filled = Arc::clone(&shared);
        let tap = Tap::start(socket, move |frame, dropped| {
            if keep(&frame) {
                filled.push(frame, dropped, limit);
            }
        });
        let tap = tap.map_err(|source| packet_socket::failure(self, interface, "start a thread", source))?;
        Ok(Capture { what: format!("host {}, {interface}", self.name()), shared, _tap: tap })
    }
}

impl Capture {
    /// Returns the frames kept so far, in the order of their stamps.
    pub fn frames(&self) -> Vec<Frame> {
        self.frames_since(0)
    }

    /// Returns the frames that came after a mark, in the order of their stamps.
    ///
    /// Two processors may hand their frames over in another order, by microseconds.
    pub fn frames_since(&self, mark: usize) -> Vec<Frame> {
        let mut frames: Vec<_> = self.shared.lock().since(mark).cloned().collect();
        frames.sort_by_key(|frame| frame.stamp);
        frames
    }

    /// Counts the frames so far: a mark for [`Self::frames_since`] and [`Self::wait_for_since`].
    pub fn mark(&self) -> usize {
        let ring = self.shared.lock();
        ring.forgotten + ring.frames.len()
    }

    /// Counts the frames that are missing: dropped by the kernel because they came too fast, or pushed out by newer ones.
    pub fn missing(&self) -> usize {
        let ring = self.shared.lock();
        ring.forgotten.saturating_add(usize::try_from(ring.dropped).unwrap_or(usize::MAX))
    }

    /// Waits for the first frame for which `wanted` says so, before or after the call.
    ///
    /// # Errors
    ///
    /// [`LabError::Deadline`] with the number of frames there were.
    pub fn wait_for(&self, wanted: impl FnMut(&Frame) -> bool, deadline: Duration) -> Result<Frame, LabError> {
        self.wait_for_since(0, wanted, deadline)
    }

    /// Waits for the first such frame after a mark.
    ///
    /// # Errors
    ///
    /// As [`Self::wait_for`].
    pub fn wait_for_since(
        &self,
        mark: usize,
        mut wanted: impl FnMut(&Frame) -> bool,
        deadline: Duration,
    ) -> Result<Frame, LabError> {
        let end = Instant::now() + deadline;
        let mut seen = mark;
        let mut ring = self.shared.lock();
        loop {
            if let Some(frame) = ring.since(seen).find(|frame| wanted(frame)) {
                return Ok(frame.clone());
            }
            seen = ring.forgotten + ring.frames.len();
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let instead = format!("{} other frames came", seen.saturating_sub(mark));
                return Err(LabError::Deadline {
                    what: format!("{}: the frame", self.what),
                    waited: deadline,
                    instead,
                });
            }
            ring = self.shared.arrived.wait_timeout(ring, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Writes the frames kept so far as a pcap file with nanosecond time stamps, which tshark and tcpdump read.
    ///
    /// # Errors
    ///
    /// The file system's refusal.
    pub fn write_pcap(&self, path: impl AsRef<Path>) -> io::Result<()> {
        pcap::write(&self.frames(), BufWriter::new(File::create(path)?))
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, frame: Frame, dropped: u32, limit: usize) {
        let mut ring = self.lock();
        ring.dropped = dropped;
        ring.frames.push_back(frame);
        while ring.frames.len() > limit {
            ring.frames.pop_front();
            ring.forgotten += 1;
        }
        drop(ring);
        self.arrived.notify_all();
    }
}

impl Ring {
    fn since(&self, mark: usize) -> impl Iterator<Item = &Frame> {
        self.frames.iter().skip(mark.saturating_sub(self.forgotten))
    }
}
