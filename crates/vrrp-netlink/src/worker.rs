//! The thread: listens, obeys, repairs, reports.

mod apply;
mod notices;
mod obey;
mod promote;
mod report;

use core::net::IpAddr;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::io;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::EventFd;

use crate::address::OwnerId;
use crate::command::Command;
use crate::error::{Death, StartError};
use crate::event::{Event, Resync};
use crate::ledger::Ledger;
use crate::links::Links;
use crate::options::Options;
use crate::present::Present;
use crate::socket::{Monitor, Requests};
use crate::trouble::{Refused, Stolen};
use crate::wanted::{EntryId, Wanted};

/// The greatest of the marks that the kernel itself uses.
const IFAPROT_KERNEL_LL: u8 = 3;

/// Everything that the thread owns.
#[derive(Debug)]
pub(crate) struct Worker {
    options: Options,
    commands: Receiver<Vec<Command>>,
    wake: Arc<EventFd>,
    requests: Requests,
    monitor: Monitor,

    links: Links,
    present: Present,
    ledger: Ledger,
    /// Whether the list stands in for a mark that the kernel does not keep.
    listed: bool,

    wanted: Wanted,
    queue: VecDeque<EntryId>,
    /// Entries whose turn comes when the queue is empty.
    put_off: VecDeque<EntryId>,
    refused: HashMap<EntryId, Refused>,
    stolen: HashMap<EntryId, Stolen>,
    timers: BTreeSet<(Instant, EntryId)>,

    /// Owners to whom an answer may be due.
    touched: BTreeSet<OwnerId>,
    /// Addresses of which presence or claim changed.
    doubtful: BTreeSet<IpAddr>,
    /// Why everything is to be read anew; empty when it is not.
    resync: BTreeSet<Resync>,
    resync_not_before: Instant,
    /// Listings that were made and not yet reported: what they found is told first.
    resynced: BTreeSet<Resync>,
    events: Vec<Event>,
}

impl Worker {
    /// Opens the sockets and lists what is there.
    pub(crate) fn new(
        options: Options,
        commands: Receiver<Vec<Command>>,
        wake: Arc<EventFd>,
    ) -> Result<Self, StartError> {
        if let Some(reserved) = options.protocol.filter(|mark| *mark <= IFAPROT_KERNEL_LL) {
            return Err(StartError::ReservedMark(reserved));
        }
        let monitor = Monitor::open(options.receive_buffer)?;
        let requests = Requests::open()?;
        let ledger = Ledger::load(options.state_dir.as_deref());
        let mut worker = Self {
            listed: options.protocol.is_none(),
            options,
            commands,
            wake,
            requests,
            monitor,
            links: Links::default(),
            present: Present::default(),
            ledger,
            wanted: Wanted::default(),
            queue: VecDeque::new(),
            put_off: VecDeque::new(),
            refused: HashMap::new(),
            stolen: HashMap::new(),
            timers: BTreeSet::new(),
            touched: BTreeSet::new(),
            doubtful: BTreeSet::new(),
            resync: BTreeSet::from([Resync::Start]),
            resync_not_before: Instant::now(),
            resynced: BTreeSet::new(),
            events: Vec::new(),
        };
        worker.list_all().map_err(StartError::List)?;
        let present = &worker.present;
        worker.ledger.retain(|key| present.find(key).is_some());
        worker.save_ledger();
        Ok(worker)
    }

    /// Runs until the caller drops its end and all that it asked for is done.
    pub(crate) fn run(&mut self, sink: &mut dyn FnMut(Vec<Event>)) -> Result<(), Death> {
        loop {
            self.listen()?;
            let open = self.obey();
            self.resync_when_due();
            self.ring(Instant::now());
            self.work();
            self.report();
            if !self.events.is_empty() {
                sink(core::mem::take(&mut self.events));
            }
            if self.queue.is_empty() && self.put_off.is_empty() {
                if !open {
                    return Ok(());
                }
                self.wait()?;
            }
        }
    }

    /// Sleeps until the kernel, the caller or a timer has something.
    fn wait(&self) -> Result<(), Death> {
        let resync = (!self.resync.is_empty()).then_some(self.resync_not_before);
        let due = self.timers.first().map(|(at, _)| *at).into_iter().chain(resync).min();
        let timeout = due.map_or(PollTimeout::NONE, |at| {
            // Rounded up: to wake too early is to spin.
            let left = at.saturating_duration_since(Instant::now()).as_micros().div_ceil(1000);
            PollTimeout::from(u16::try_from(left).unwrap_or(u16::MAX))
        });
        let mut fds =
            [PollFd::new(self.wake.as_fd(), PollFlags::POLLIN), PollFd::new(self.monitor.fd(), PollFlags::POLLIN)];
        match poll(&mut fds, timeout) {
            Ok(_) | Err(Errno::EINTR) => Ok(()),
            Err(errno) => Err(Death::Socket { purpose: "wake-ups", source: io::Error::from(errno) }),
        }
    }

    /// Puts an entry into the queue of work, once.
    fn enqueue(&mut self, id: EntryId) {
        if let Some(entry) = self.wanted.entry_mut(id).filter(|entry| !entry.queued) {
            entry.queued = true;
            self.queue.push_back(id);
        }
    }

    /// Handles the timers that are due.
    fn ring(&mut self, now: Instant) {
        while let Some(&(at, id)) = self.timers.first() {
            if at > now {
                return;
            }
            self.timers.pop_first();
            let retry = self.refused.get(&id).is_some_and(|refused| refused.retries(at));
            if retry || self.stolen.get(&id).is_some_and(|stolen| stolen.returns(at)) {
                self.enqueue(id);
            }
            self.watch_thief(id, at, now);
        }
    }
}
