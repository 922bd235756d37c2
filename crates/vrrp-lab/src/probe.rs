use core::net::IpAddr;
use core::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use core::time::Duration;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use nix::sys::socket::sockopt::{BindToDevice, RcvBuf};
use nix::sys::socket::{
    AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, SockaddrStorage, sendto, setsockopt, socket,
};

use crate::error::LabError;
use crate::frame::Frame;
use crate::host::{Host, Mac};
use crate::links;
use crate::pace::Pace;
use crate::packet_socket::{self, Receive, Tap};
use crate::report::{ProbeReport, Sample};
use crate::stamp::Stamp;

/// A sender that is this late (a starved machine) does not send what it missed.
const PATIENCE: Duration = Duration::from_millis(100);

/// What to probe, and how often.
#[derive(Debug, Clone)]
pub struct ProbeConfig {
    /// The interface to send from.
    pub interface: String,
    /// The address to ask for.
    pub target: IpAddr,
    /// The time between two probes; 1 ms by [`Self::new`].
    pub interval: Duration,
    /// A reply later than this counts as none; 50 ms by [`Self::new`]. Requests that waited for ARP are answered late.
    pub late_after: Duration,
}

impl ProbeConfig {
    /// Probes once a millisecond.
    pub fn new(interface: &str, target: impl Into<IpAddr>) -> Self {
        Self {
            interface: interface.to_owned(),
            target: target.into(),
            interval: Duration::from_millis(1),
            late_after: Duration::from_millis(50),
        }
    }
}

/// A client that asks an address for an echo again and again, with the host's own ARP or neighbour cache.
///
/// Replies are seen on the interface, with the kernel's time stamps, and belong to the MAC address that sent them.
#[derive(Debug)]
pub struct Probe {
    target: IpAddr,
    late_after: Duration,
    shared: Arc<Shared>,
    sender: Option<JoinHandle<()>>,
    _tap: Tap,
}

#[derive(Debug, Default)]
struct Shared {
    stop: AtomicBool,
    seen: Mutex<Seen>,
    replied: Condvar,
}

#[derive(Debug, Default)]
struct Seen {
    samples: Vec<Sample>,
    replies: usize,
    late: usize,
}

impl Host {
    /// Starts to probe.
    ///
    /// # Errors
    ///
    /// [`LabError::Socket`] with the kernel's refusal, such as for an interface that is not there.
    pub fn probe(&self, config: &ProbeConfig) -> Result<Probe, LabError> {
        static IDENTIFIER: AtomicU16 = AtomicU16::new(0x5652);
        let identifier = IDENTIFIER.fetch_add(1, Ordering::Relaxed);
        let failed = |step| move |source| packet_socket::failure(self, &config.interface, step, source);
        let frames = packet_socket::open(self, &config.interface, Receive::All { except: None })?;
        let echo = self.on(|| Echo::open(config, identifier))?.map_err(failed("open an ICMP socket"))?;
        let shared = Arc::new(Shared::default());
        let (replies, probes) = (Arc::clone(&shared), Arc::clone(&shared));
        let (late_after, interval, target) = (config.late_after, config.interval, config.target);
        let tap = Tap::start(frames, move |frame, _| replies.note(&frame, target, identifier, late_after))
            .map_err(failed("start a thread"))?;
        let sender = thread::Builder::new()
            .name("lab-probe".to_owned())
            .spawn(move || probes.send_all(&echo, interval))
            .map_err(failed("start a thread"))?;
        Ok(Probe { target, late_after, shared, sender: Some(sender), _tap: tap })
    }
}

impl Probe {
    /// Returns what was measured so far, without the probes that may still be answered.
    pub fn report(&self) -> ProbeReport {
        let judged = Stamp::now();
        let seen = self.shared.lock();
        let settled = |sample: &&Sample| sample.reply.is_some() || judged.since(sample.sent) > self.late_after;
        ProbeReport::new(seen.samples.iter().filter(settled).copied().collect(), seen.late)
    }

    /// Returns the newest probes, at most `count` of them, in order; those that may still be answered are among them.
    pub fn newest(&self, count: usize) -> Vec<Sample> {
        let seen = self.shared.lock();
        let skipped = seen.samples.len().saturating_sub(count);
        seen.samples.iter().skip(skipped).copied().collect()
    }

    /// Stops sending, waits for the last replies, and returns what was measured.
    pub fn stop(mut self) -> ProbeReport {
        self.end_sender();
        let unanswered = |seen: &mut Seen| seen.samples.last().is_some_and(|last| last.reply.is_none());
        let seen = self.shared.lock();
        let waited = self.shared.replied.wait_timeout_while(seen, self.late_after, unanswered);
        let seen = waited.unwrap_or_else(PoisonError::into_inner).0;
        ProbeReport::new(seen.samples.clone(), seen.late)
    }

    /// Waits until this many more replies have come.
    ///
    /// # Errors
    ///
    /// [`LabError::Deadline`] with the number that came.
    pub fn wait_for_replies(&self, count: usize, deadline: Duration) -> Result<(), LabError> {
        let before = self.shared.lock().replies;
        self.wait(&format!("{count} replies"), deadline, |seen| seen.replies >= before + count)
    }

    /// Waits for a reply from this MAC address to a probe sent after the call.
    ///
    /// # Errors
    ///
    /// As [`Self::wait_for_replies`].
    pub fn wait_for_reply_from(&self, mac: Mac, deadline: Duration) -> Result<(), LabError> {
        let mark = self.shared.lock().samples.len();
        let from = |sample: &Sample| sample.reply.is_some_and(|(_, by)| by == mac);
        self.wait(&format!("a reply from {mac}"), deadline, |seen| seen.samples.iter().skip(mark).any(from))
    }

    fn wait(&self, what: &str, deadline: Duration, done: impl Fn(&Seen) -> bool) -> Result<(), LabError> {
        let end = Instant::now() + deadline;
        let mut seen = self.shared.lock();
        while !done(&seen) {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(LabError::Deadline {
                    what: format!("{what} from {}", self.target),
                    waited: deadline,
                    instead: format!("{} replies to {} probes came", seen.replies, seen.samples.len()),
                });
            }
            seen = self.shared.replied.wait_timeout(seen, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(())
    }

    fn end_sender(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        if let Some(sender) = self.sender.take() {
            let _panicked = sender.join();
        }
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.end_sender();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send_all(&self, echo: &Echo, interval: Duration) {
        let mut pace = Pace::start();
        while !self.stop.load(Ordering::Relaxed) {
            let sequence = {
                let mut seen = self.lock();
                seen.samples.push(Sample { sent: Stamp::now(), reply: None });
                seen.samples.len() - 1
            };
            // A refusal (no route, the interface is down) is a lost probe, as for any client.
            let _lost = echo.send(u32::try_from(sequence).unwrap_or(u32::MAX));
            pace.step(interval, PATIENCE);
        }
    }

    fn note(&self, frame: &Frame, target: IpAddr, identifier: u16, late_after: Duration) {
        let Some(mac) = frame.source().filter(|_| !frame.outgoing) else {
            return;
        };
        let Some(reply) = frame.echo_reply() else {
            return;
        };
        let Some(sequence) = reply.data.first_chunk().copied().map(u32::from_be_bytes) else {
            return;
        };
        if reply.source != target || reply.identifier != identifier {
            return;
        }
        let mut seen = self.lock();
        let sample = usize::try_from(sequence).ok().and_then(|sequence| seen.samples.get_mut(sequence));
        let Some(sample) = sample.filter(|sample| sample.reply.is_none()) else {
            return;
        };
        if frame.stamp.since(sample.sent) > late_after {
            seen.late += 1;
            return;
        }
        sample.reply = Some((frame.stamp, mac));
        seen.replies += 1;
        drop(seen);
        self.replied.notify_all();
    }
}

/// A socket that sends echo requests and reads nothing.
#[derive(Debug)]
struct Echo {
    socket: OwnedFd,
    target: SockaddrStorage,
    request_type: u8,
    identifier: u16,
}

impl Echo {
    fn open(config: &ProbeConfig, identifier: u16) -> io::Result<Self> {
        let (family, protocol, request_type) = match config.target {
            IpAddr::V4(_) => (AddressFamily::Inet, SockProtocol::Icmp, 8),
            IpAddr::V6(_) => (AddressFamily::Inet6, SockProtocol::IcmpV6, 128),
        };
        let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
        let socket = socket(family, SockType::Raw, flags, Some(protocol))?;
        setsockopt(&socket, BindToDevice, &config.interface.clone().into())?;
        // Replies are read from the interface; here they only fill the smallest buffer.
        setsockopt(&socket, RcvBuf, &0)?;
        let target = match config.target {
            IpAddr::V4(ip) => core::net::SocketAddrV4::new(ip, 0).into(),
            IpAddr::V6(ip) => core::net::SocketAddrV6::new(ip, 0, 0, links::index(&config.interface)?).into(),
        };
        Ok(Self { socket, target, request_type, identifier })
    }

    fn send(&self, sequence: u32) -> nix::Result<usize> {
        let [i, j] = self.identifier.to_be_bytes();
        let [a, b, c, d] = sequence.to_be_bytes();
        let mut request = [self.request_type, 0, 0, 0, i, j, c, d, a, b, c, d];
        let sum = checksum(&request).to_be_bytes();
        if self.request_type == 8 {
            // For ICMPv6 the kernel fills it in (RFC 3542 §3.1).
            [request[2], request[3]] = sum;
        }
        sendto(self.socket.as_raw_fd(), &request, &self.target, MsgFlags::MSG_DONTWAIT)
    }
}

/// The Internet checksum (RFC 1071).
fn checksum(bytes: &[u8; 12]) -> u16 {
    let sum: u32 = bytes.as_chunks::<2>().0.iter().map(|pair| u32::from(u16::from_be_bytes(*pair))).sum();
    let folded = (sum & 0xffff) + (sum >> 16);
    !u16::try_from((folded & 0xffff) + (folded >> 16)).unwrap_or(u16::MAX)
}
