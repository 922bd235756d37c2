//! One thread, one loop: drain sockets, call the core, perform its orders. It waits for nothing but news.
//!
//! In each turn advertisements leave first, then the wanted addresses go to the kernel's keeper, then announcements.

mod announce;
mod discards;
mod interfaces;
mod kernel;
mod perform;
mod receive;
mod reload;
mod routers;
mod source;
mod start;
mod stop;

use core::time::Duration;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;
use vrrp_core::{Instant, Node, RouterId};
use vrrp_netlink::{Command, Keeper};
use vrrp_wire::Priority;

use crate::clock;
use crate::event::{Event, What};
use crate::node::{Inbox, Message};
use crate::run_file::RunFile;
use crate::socket::{Announcer, Batch, Waker};
use announce::Announcements;
use discards::Discards;
use interfaces::Interfaces;
use perform::Outbox;
use routers::Routers;
use stop::Stopping;

pub(crate) use start::start;

/// The engine, on its own thread.
pub(crate) struct Engine {
    node: Node,
    routers: Routers,
    interfaces: Interfaces,
    /// `None` once it has died.
    keeper: Option<Keeper>,
    inbox: Receiver<Message>,
    inbox_sender: Inbox,
    waker: Waker,
    events: tokio::sync::mpsc::Sender<Event>,
    batch: Batch,
    outbox: Outbox,
    announcer: Announcer,
    announcements: Announcements,
    discards: Discards,
    run_file: Option<RunFile>,
    run_directory: Option<std::path::PathBuf>,
    /// What this turn sends, and then asks of the kernel.
    advertisements: Vec<(RouterId, Priority)>,
    commands: Vec<Command>,
    stopping: Option<Stopping>,
    /// When a held router is to be tried again.
    held: Vec<(Instant, RouterId, vrrp_core::Ineligible)>,
    /// Receive stamps lie after this.
    drained: Instant,
    /// Receiving pauses until then: a flood is taken in batches, not packet by packet.
    rest_until: Option<Instant>,
    max_auto: Option<u8>,
    auto_priority: u8,
    abandoned: bool,
}

/// Packets in one turn beyond which the next turn waits [`REST`]: about as many as a thousand routers send.
const FLOOD: usize = 24;
/// How long packets gather in the sockets during a flood.
const REST: Duration = Duration::from_millis(1);
/// Lateness that makes the engine raise its own priority, where that is allowed.
const LATE: Duration = Duration::from_secs(1);

impl Engine {
    /// Runs until told to stop, or until the addresses can no longer be kept.
    pub(crate) fn run(&mut self) -> Result<(), Box<str>> {
        loop {
            self.receive();
            self.read_inbox()?;
            self.expire();
            self.flush();
            self.announce();
            if self.finished() {
                return Ok(());
            }
            self.wait();
        }
    }

    /// Fires every timer that is due.
    fn expire(&mut self) {
        let now = clock::now();
        self.watch_lateness(now);
        while let Some((id, outputs)) = self.node.expire(now) {
            self.perform(id, outputs);
        }
        self.expire_held(now);
    }

    /// Sleeps until the next deadline, a packet, or a message.
    fn wait(&self) {
        let now = clock::now();
        let resting = self.rest_until.is_some_and(|until| until > now);
        let deadline = [
            self.node.next_timeout(),
            self.announcements.due(),
            self.held.iter().map(|(at, ..)| *at).min(),
            self.rest_until.filter(|_| resting),
            self.stopping.as_ref().map(|stopping| stopping.until),
        ];
        let timeout = deadline.into_iter().flatten().min().map(|at| TimeSpec::from(at.since(now)));
        let mut fds = vec![PollFd::new(self.waker.as_fd(), PollFlags::POLLIN)];
        if !resting {
            fds.extend(self.interfaces.poll_fds());
        }
        if let Err(errno) = ppoll(&mut fds, timeout, None)
            && errno != nix::errno::Errno::EINTR
        {
            tracing::error!(%errno, "ppoll");
        }
    }

    /// The engine's own lateness, and where allowed (`max_auto_priority`) a higher priority against it.
    fn watch_lateness(&mut self, now: Instant) {
        let Some(max) = self.max_auto else { return };
        let late = self.node.next_timeout().is_some_and(|due| now.since(due) >= LATE);
        if late && self.auto_priority < max {
            self.auto_priority += 1;
            if crate::sys::set_realtime(i32::from(self.auto_priority)).is_err() {
                self.max_auto = None;
            }
        }
    }

    fn tell(&self, router: &Arc<str>, what: What) {
        let event = Event { at: clock::wall_time(), router: Arc::clone(router), what };
        // Nobody reads, or too slowly: the engine does not wait for readers.
        let _ = self.events.try_send(event);
    }

    fn tell_all(&self, what: What) {
        self.tell(&Arc::from(""), what);
    }
}
