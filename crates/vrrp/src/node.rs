use core::panic::AssertUnwindSafe;
use core::sync::atomic::AtomicU64;
use core::time::Duration;
use std::os::fd::OwnedFd;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use tokio::sync::{mpsc, oneshot};
use vrrp_core::{Stop, Verdict};
use vrrp_wire::Family;

use crate::engine::{self, Passed};
use crate::error::StartError;
use crate::event::Event;
use crate::operator::{Operator, Request};
use crate::router::Router;
use crate::scheduling::Scheduling;
use crate::socket::Waker;

/// Events that wait for a slow reader, with memory for no more than there are; beyond them the newest are lost.
const EVENTS: usize = 16_384;

/// What is asked of a node before it starts.
#[derive(Debug, Default)]
#[must_use = "a builder does nothing until it is started"]
pub struct Builder {
    pub(crate) routers: Vec<Router>,
    pub(crate) run_directory: Option<PathBuf>,
    pub(crate) resume: bool,
    pub(crate) remove_leftovers: bool,
    pub(crate) startup_delay: Duration,
    pub(crate) scheduling: Scheduling,
    pub(crate) netlink_buffer: Option<usize>,
    pub(crate) sockets: Vec<Passed>,
    pub(crate) announcer: Option<OwnedFd>,
}

/// All virtual routers of this host, running on a thread of their own in the network namespace of whoever started it.
///
/// Dropping it stops at once: priority 0, release, without a wait for a successor. [`Node::stop`] hands over.
#[derive(Debug)]
pub struct Node {
    inbox: Inbox,
    ended: oneshot::Receiver<Ended>,
    thread: Option<thread::JoinHandle<()>>,
}

/// The way by which health checks reach a node.
///
/// ```no_run
/// use vrrp::{Address, Node, OnClaim, OnDegraded, Router, Verdict, Vrid, Weight};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let vrid = Vrid::new(51).ok_or("a VRID is 1 to 255")?;
/// let web = Router::new("web", "eth0", vrid, [Address::new([192, 0, 2, 10].into(), 24, "eth0")]).priority(150);
/// let mut web = web.protocol(|config| config.on_degraded = OnDegraded::Resign);
/// web.tracks = vec![("accepting".into(), Weight::NONE), ("replicas".into(), Weight::of(-60))];
/// web.claim_requires = vec![("uplink".into(), OnClaim::HoldBack)];
///
/// let (node, events) = Node::builder().router(web).start()?;
/// let reporter = node.reporter();
/// reporter.check("accepting", Verdict::Up, "");
/// reporter.check("uplink", Verdict::Up, "");
/// reporter.check("replicas", Verdict::Down, "1 of 3 in step");
/// # drop(events);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Reporter(Inbox);

/// The events of a node, in order.
#[derive(Debug)]
pub struct Events(mpsc::Receiver<Event>);

/// How a node ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It was told to.
    Stopped,
    /// It could not go on: a panic, or the kernel's sockets failed. Its addresses were released.
    Died(Box<str>),
}

/// What the engine is told.
pub(crate) enum Message {
    News(Vec<vrrp_netlink::Event>),
    Stop(Stop),
    Reload(Vec<Router>, oneshot::Sender<Result<(), StartError>>),
    Check { name: Arc<str>, verdict: Verdict, words: Box<str> },
    Confirmed { name: Arc<str>, took: Duration },
    Pulse(Arc<AtomicU64>),
    Prepared(Arc<str>),
    Operate(Request),
    Abandon,
    Panic,
    LoseKeeper,
}

/// The engine's ear: a message wakes it.
#[derive(Debug, Clone)]
pub(crate) struct Inbox {
    messages: Sender<Message>,
    waker: Waker,
}

impl Inbox {
    /// Says whether the engine may read it. One that has ended reads no more; whoever waits hears of that by `Ended`.
    pub(crate) fn send(&self, message: Message) -> bool {
        let sent = self.messages.send(message).is_ok();
        if sent {
            self.waker.wake();
        }
        sent
    }
}

impl Builder {
    /// Adds one virtual router.
    pub fn router(mut self, router: Router) -> Self {
        self.routers.push(router);
        self
    }

    /// Adds virtual routers.
    pub fn routers(mut self, routers: impl IntoIterator<Item = Router>) -> Self {
        self.routers.extend(routers);
        self
    }

    /// Keeps in this directory what a later run needs to resume: it must vanish at reboot (`/run/...`).
    ///
    /// A node that starts within the peers' `Active_Down_Interval` after one that died resumes as Active at once, so
    /// that a crash or restart moves nothing. Without it each start begins as Backup.
    pub fn run_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.run_directory = Some(directory.into());
        self.resume = true;
        self
    }

    /// Whether to resume what an earlier run left (on with a run directory).
    pub const fn resume(mut self, resume: bool) -> Self {
        self.resume = resume;
        self
    }

    /// Removes at the start, from their links, the virtual addresses of routers that are not Active, whoever put
    /// them there.
    pub const fn remove_leftovers(mut self, remove: bool) -> Self {
        self.remove_leftovers = remove;
        self
    }

    /// Holds all virtual routers back for so long after the start (`vrrp_startup_delay`).
    pub const fn startup_delay(mut self, delay: Duration) -> Self {
        self.startup_delay = delay;
        self
    }

    /// How the engine is scheduled and its memory kept.
    pub const fn scheduling(mut self, scheduling: Scheduling) -> Self {
        self.scheduling = scheduling;
        self
    }

    /// Receive buffer of the netlink monitor in bytes (`vrrp_netlink_monitor_rcv_bufs`).
    pub const fn netlink_buffer(mut self, bytes: Option<usize>) -> Self {
        self.netlink_buffer = bytes;
        self
    }

    /// Passes in a raw socket of IP protocol 112 that the caller opened, bound to `interface` or to none, so that the
    /// process itself needs no `CAP_NET_RAW`. Used once; a link that is made anew needs another.
    pub fn socket(mut self, interface: impl Into<Arc<str>>, family: Family, socket: OwnedFd) -> Self {
        self.sockets.push((interface.into(), family, socket));
        self
    }

    /// Passes in the packet socket (`AF_PACKET`, `SOCK_RAW`, protocol 0) that announcements leave by.
    pub fn announcer(mut self, socket: OwnedFd) -> Self {
        self.announcer = Some(socket);
        self
    }

    /// Starts the engine's thread and every virtual router.
    ///
    /// # Errors
    /// [`StartError`]; then nothing runs and nothing was changed.
    pub fn start(self) -> Result<(Node, Events), StartError> {
        let waker = Waker::new().map_err(StartError::Thread)?;
        let (messages, inbox) = channel();
        let sender = Inbox { messages, waker: waker.clone() };
        let (events_in, events) = mpsc::channel(EVENTS);
        let (started_in, started) = channel();
        let (ended_in, ended) = oneshot::channel();
        let engine_sender = sender.clone();
        let thread = thread::Builder::new().name("vrrp-engine".to_owned()).spawn(move || {
            let mut engine = match engine::start(self, inbox, engine_sender, waker, events_in) {
                Ok(engine) => engine,
                Err(error) => return drop(started_in.send(Err(error))),
            };
            let _ = started_in.send(Ok(()));
            let ended = match guard(&mut engine) {
                Ok(()) => Ended::Stopped,
                Err(reason) => Ended::Died(reason),
            };
            drop(engine);
            let _ = ended_in.send(ended);
        });
        let thread = thread.map_err(StartError::Thread)?;
        started.recv().map_err(|_| StartError::Engine)??;
        Ok((Node { inbox: sender, ended, thread: Some(thread) }, Events(events)))
    }
}

/// Runs the engine; when it panics or fails, the addresses are released all the same.
fn guard(engine: &mut engine::Engine) -> Result<(), Box<str>> {
    let result = catch_unwind(AssertUnwindSafe(|| engine.run()));
    let reason = match result {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(reason)) => reason,
        Err(payload) => {
            let words = payload.downcast_ref::<&str>().copied();
            let words = words.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
            format!("the engine panicked: {}", words.unwrap_or("without a word")).into()
        }
    };
    // A second panic, by the same fault as the first, must neither keep the addresses here nor the reason unsaid.
    let _ = catch_unwind(AssertUnwindSafe(|| engine.resign_everything()));
    let _ = catch_unwind(AssertUnwindSafe(|| engine.release_everything(&reason)));
    Err(reason)
}

impl Node {
    /// A builder without virtual routers.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Replaces the configuration: routers that are the same keep their exact timers and send nothing.
    ///
    /// # Errors
    /// [`StartError`]; then the old configuration runs on unchanged.
    pub async fn reload(&self, routers: Vec<Router>) -> Result<(), StartError> {
        let (reply_in, reply) = oneshot::channel();
        self.inbox.send(Message::Reload(routers, reply_in));
        reply.await.map_err(|_| StartError::Engine)?
    }

    /// Begins to stop. [`Stop::HandOver`] serves on until a successor has spoken, for at most one `Adver_Interval`
    /// and 100 ms; a second call releases at once. [`Node::ended`] tells when it is done.
    pub fn stop(&self, how: Stop) {
        self.inbox.send(Message::Stop(how));
    }

    /// Whoever runs health checks reports by this what they say.
    pub fn reporter(&self) -> Reporter {
        Reporter(self.inbox.clone())
    }

    /// Whoever asks for status, drains and takes over does it by this.
    pub fn operator(&self) -> Operator {
        Operator(self.inbox.clone())
    }

    /// The program is ready for the addresses of this router, before the deadline of [`Router::pre_active`].
    pub fn prepared(&self, router: impl Into<Arc<str>>) {
        self.inbox.send(Message::Prepared(router.into()));
    }

    /// Ends at once and leaves addresses and everything else in place, for the next start to resume.
    pub fn abandon(&self) {
        self.inbox.send(Message::Abandon);
    }

    /// Waits for the end, after [`Node::stop`], [`Node::abandon`], or a failure.
    pub async fn ended(&mut self) -> Ended {
        let ended = (&mut self.ended).await;
        ended.unwrap_or_else(|_| Ended::Died("the engine ended without a word".into()))
    }

    /// Makes the engine panic, to show what becomes of the addresses then.
    #[doc(hidden)]
    pub fn panic(&self) {
        self.inbox.send(Message::Panic);
    }

    /// Makes the engine lose its keeper of addresses, to show what becomes of the addresses then.
    #[doc(hidden)]
    pub fn lose_keeper(&self) {
        self.inbox.send(Message::LoseKeeper);
    }
}

impl Reporter {
    /// Says what a check says now, and what it found in words. Routers that track or require the check act on it.
    pub fn check(&self, name: impl Into<Arc<str>>, verdict: Verdict, words: impl Into<Box<str>>) {
        self.0.send(Message::Check { name: name.into(), verdict, words: words.into() });
    }

    /// As [`Node::prepared`].
    pub fn prepared(&self, router: impl Into<Arc<str>>) {
        self.0.send(Message::Prepared(router.into()));
    }

    /// Says that a run which has just ended, and took so long, found a check well, whether that is news or not. A check
    /// of which this is ever said must be found well anew, after a router fell silent, before a claim that requires it:
    /// what a slow check last said is no proof that this host was not cut off since.
    pub fn confirmed(&self, name: impl Into<Arc<str>>, took: Duration) {
        self.0.send(Message::Confirmed { name: name.into(), took });
    }

    /// Hands in a stamp of `CLOCK_MONOTONIC`, in nanoseconds, that whoever runs the checks renews at least each second.
    /// When it gets old, every check counts as silent: a hung runner is no reason to believe its last word.
    pub fn pulse(&self, stamp: Arc<AtomicU64>) {
        self.0.send(Message::Pulse(stamp));
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.inbox.send(Message::Stop(Stop::Now));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Events {
    /// The next event; `None` once the node has ended and everything was read.
    pub async fn recv(&mut self) -> Option<Event> {
        self.0.recv().await
    }

    /// The next event, if there is one now.
    pub fn try_recv(&mut self) -> Option<Event> {
        self.0.try_recv().ok()
    }
}
