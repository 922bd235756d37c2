//! One thread, one loop: drain sockets, call the core, perform its orders. It waits for nothing but news.
//!
//! In each turn advertisements leave first, then the wanted addresses go to the kernel's keeper, then announcements.

mod alarm;
mod announce;
mod causes;
mod discards;
mod drain;
mod health;
mod interfaces;
mod kernel;
mod lag;
mod listen;
mod operate;
mod perform;
mod prepare;
mod receive;
mod records;
mod reload;
mod routers;
mod snapshot;
mod source;
mod start;
mod stop;
mod takeover;
mod tap;

use core::cell::Cell;
use core::time::Duration;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use vrrp_core::{Instant, Node, RouterId};
use vrrp_netlink::{Command, Keeper};
use vrrp_wire::{Family, Priority};

use crate::clock;
use crate::event::{Event, What};
use crate::node::{Inbox, Message};
use crate::run_file::RunFile;
use crate::socket::{Announcer, Batch, Reading, Waker};
use crate::sole::Sole;
use crate::status::Lag;
use alarm::Alarm;
use announce::Announcements;
use discards::Discards;
use drain::Drains;
use health::Checks;
use interfaces::Interfaces;
use listen::Listening;
use operate::Snapshots;
use perform::Outbox;
use prepare::Preparing;
use records::Records;
use routers::Routers;
use stop::Stopping;
use takeover::Takeovers;
use tap::Strangers;

pub(crate) use start::start;

/// A socket that the embedder opened, and where it is for.
pub(crate) type Passed = (Arc<str>, Family, OwnedFd);

/// The engine, on its own thread.
pub(crate) struct Engine {
    node: Node,
    routers: Routers,
    records: Records,
    interfaces: Interfaces,
    checks: Checks,
    preparing: Preparing,
    listening: Listening,
    /// `None` once it has died.
    keeper: Option<Keeper>,
    inbox: Receiver<Message>,
    inbox_sender: Inbox,
    waker: Waker,
    alarm: Alarm,
    events: tokio::sync::mpsc::Sender<Event>,
    events_lost: Cell<u32>,
    batch: Batch,
    outbox: Outbox,
    announcer: Announcer,
    announcements: Announcements,
    discards: Discards,
    strangers: Strangers,
    drains: Drains,
    takeovers: Takeovers,
    snapshots: Snapshots,
    /// Sockets that the embedder opened, until they are used.
    passed: Vec<Passed>,
    /// Held where no other process of ours runs in this network namespace: only then is all that carries our mark ours.
    sole_sweeper: Option<Sole>,
    run_file: Option<RunFile>,
    run_directory: Option<std::path::PathBuf>,
    /// What this turn sends, and then asks of the kernel.
    advertisements: Vec<(RouterId, Priority)>,
    commands: Vec<Command>,
    stopping: Option<Stopping>,
    /// When a socket that could not be opened is to be tried again.
    reopen_at: Option<Instant>,
    /// When a held router is to be tried again.
    held: Vec<(Instant, RouterId, vrrp_core::Ineligible)>,
    /// Receive stamps lie after this.
    drained: Reading,
    /// Receiving pauses until then: a flood is taken in batches, not packet by packet.
    rest_until: Option<Instant>,
    /// What the last wait ended with: a message, packets.
    woken: bool,
    packets: bool,
    /// How far, and at what lateness, the engine raises its own priority.
    max_auto: Option<u8>,
    auto_delay: Duration,
    auto_priority: u8,
    abandoned: bool,
    /// The deadline that the last wait was for, if it was a timer of the core.
    due: Option<Instant>,
    lag: Lag,
    started: Instant,
    configured: Instant,
}

/// Packets in one turn beyond which the next one waits for [`REST`], if the sockets are empty by then.
const FLOOD: usize = 48;
/// How long packets gather in the sockets during a flood.
const REST: Duration = Duration::from_millis(1);

impl Engine {
    /// Runs until told to stop, or until the addresses can no longer be kept.
    pub(crate) fn run(&mut self) -> Result<(), Box<str>> {
        loop {
            if self.woken {
                self.read_inbox()?;
            }
            // A timer fires at a moment up to which everything was received, however long this thread stood still or
            // a message kept it.
            let now = clock::now();
            if self.packets || self.node.next_timeout().is_some_and(|due| due <= now) {
                self.receive();
            }
            self.listen(now);
            self.expire(now);
            self.flush();
            self.announce();
            self.look_around(now);
            self.take_snapshot(now);
            if self.finished() {
                return Ok(());
            }
            self.wait();
        }
    }

    /// Fires every timer that was due at `now`.
    fn expire(&mut self, now: Instant) {
        self.watch_lateness(now);
        if let Some(due) = self.due.take().filter(|due| *due <= now) {
            self.lag.note(now, now.since(due));
        }
        // Nobody claims on the word of checks that nobody runs any more.
        self.feel_pulse(now);
        while let Some((id, outputs)) = self.node.expire(now) {
            self.perform(id, outputs);
        }
        self.expire_held(now);
        self.expire_preparing(now);
        self.settle_drains();
        self.expire_drains(now);
        self.expire_takeovers(now);
        self.reopen(now);
    }

    /// Sleeps until the next deadline, a packet, or a message; notes which of them it was.
    fn wait(&mut self) {
        let now = clock::now();
        self.due = self.node.exact_timeout();
        let deadline = [
            self.due,
            self.announcements.due(),
            self.held.iter().map(|(at, ..)| *at).min(),
            self.reopen_at,
            self.preparing.due(),
            self.listening.due(),
            self.checks.due(),
            self.rest_until,
            self.drains.due(),
            self.takeovers.due(),
            self.snapshots.due(now),
            self.stopping.as_ref().map(|stopping| stopping.until),
        ];
        self.alarm.set(deadline.into_iter().flatten().min());
        let resting = self.rest_until.is_some_and(|until| until > now);
        let mut fds = vec![
            PollFd::new(self.waker.as_fd(), PollFlags::POLLIN),
            PollFd::new(self.alarm.as_fd(), PollFlags::POLLIN),
        ];
        fds.extend(self.listening.poll_fds());
        let idle = fds.len();
        if !resting {
            fds.extend(self.interfaces.poll_fds());
        }
        let polled = poll(&mut fds, PollTimeout::NONE);
        let ready = |fd: &PollFd<'_>| fd.any().unwrap_or(true);
        let woken = fds.first().is_some_and(ready);
        let packets = !resting && fds.iter().skip(idle).any(ready);
        drop(fds);
        // After a rest the sockets are looked at in any case: that is what ends it.
        let rested = self.rest_until.is_some_and(|until| until <= clock::now());
        (self.woken, self.packets) = (woken, packets || rested);
        if let Err(errno) = polled
            && errno != nix::errno::Errno::EINTR
        {
            self.trouble(format!("poll: {errno}"));
        }
    }

    /// The engine's own lateness, and where allowed (`max_auto_priority`) a higher priority against it.
    fn watch_lateness(&mut self, now: Instant) {
        let Some(max) = self.max_auto else { return };
        let late = self.node.next_timeout().is_some_and(|due| now.since(due) >= self.auto_delay);
        if late && self.auto_priority < max {
            self.auto_priority += 1;
            if crate::sys::set_realtime(i32::from(self.auto_priority)).is_err() {
                self.max_auto = None;
            }
        }
    }

    fn tell(&self, router: &Arc<str>, what: What) {
        let event = Event { at: clock::wall_time(), router: Arc::clone(router), what };
        // The engine does not wait for readers; what a slow one misses is counted.
        if self.events.try_send(event).is_err() {
            self.events_lost.set(self.events_lost.get().saturating_add(1));
        } else if self.events_lost.get() > 0 {
            let words = format!("{} events were lost: they came faster than they were read", self.events_lost.take());
            self.trouble(words);
        }
    }

    fn tell_all(&self, what: What) {
        self.tell(&Arc::from(""), what);
    }

    /// Something that should not be and that the engine lives with. It writes no log: a log can block.
    fn trouble(&self, words: impl Into<Box<str>>) {
        self.tell_all(What::Trouble { words: words.into() });
    }
}
