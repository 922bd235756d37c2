//! From nothing to a running engine, in an order in which nothing is lost: what a previous run left is looked at
//! before anything is released.

use core::cell::Cell;
use core::time::Duration;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use vrrp_core::{Ineligible, Input, Node, RouterId};
use vrrp_netlink::{Command, Event as News, Keeper, Options, Resync};

use super::Engine;
use super::alarm::Alarm;
use super::announce::Announcements;
use super::discards::Discards;
use super::drain::Drains;
use super::health::Checks;
use super::interfaces::Interfaces;
use super::listen::Listening;
use super::perform::Outbox;
use super::prepare::Preparing;
use super::records::Records;
use super::rounds::Answers;
use super::routers::{Routers, Runtime, owner, split};
use super::takeover::Takeovers;
use super::tap::Strangers;
use crate::clock;
use crate::error::StartError;
use crate::node::{Builder, Inbox, Message};
use crate::router::Router;
use crate::run_file::{self, Identity, RunFile};
use crate::socket::{Announcer, Batch, Reading, Waker};
use crate::sole::Sole;
use crate::status::Lag;
use crate::sys;

/// How long the first look at the kernel may take.
const FIRST_LOOK: Duration = Duration::from_secs(10);

/// What the first look at the kernel found of the declared addresses.
#[derive(Debug, Default)]
struct Found {
    /// Routers of which an earlier run left addresses, with our mark.
    left: BTreeSet<RouterId>,
    /// Addresses that somebody else put there.
    foreign: Vec<News>,
}

/// Builds an engine and starts its virtual routers.
pub(crate) fn start(
    mut asked: Builder,
    inbox: Receiver<Message>,
    inbox_sender: Inbox,
    waker: Waker,
    events: tokio::sync::mpsc::Sender<crate::Event>,
) -> Result<Engine, StartError> {
    if !sys::is_capable(sys::CAP_NET_ADMIN) {
        return Err(StartError::Capability { capability: "CAP_NET_ADMIN" });
    }
    let unmet = asked.scheduling.apply();
    // By default the kernel may be 50 us late to save power.
    let _ = nix::sys::prctl::set_timerslack(1);
    sys::allow_descriptors(asked.routers.len());
    let routers = core::mem::take(&mut asked.routers);
    let (resume, remove_leftovers, delay) = (asked.resume, asked.remove_leftovers, asked.startup_delay);
    let history = asked.run_directory.as_deref().map(run_file::read).unwrap_or_default();
    let mut engine = build(asked, inbox, inbox_sender, waker, events)?;
    unmet.iter().for_each(|unmet| engine.trouble(unmet.to_string()));
    let ids = engine.enlist(routers)?;
    let Found { left, foreign } = engine.first_look(&ids)?;
    engine.open_run_file();
    engine.refresh_all();
    engine.form_groups();
    let undecided = engine.remember_drains(&ids);
    engine.remember_takeovers(&ids);
    for id in ids {
        let resumes = resume && left.contains(&id) && engine.was_active(id, &history);
        // A delay is for a host that starts: what is resumed has never stopped serving.
        let (how, delay) = if resumes { (Input::Resume, Duration::ZERO) } else { (Input::Startup, delay) };
        engine.launch(id, how, delay);
        if remove_leftovers {
            engine.commands.push(Command::RemoveLeftovers(owner(id)));
        }
    }
    engine.drain_anew(undecided);
    engine.flush();
    engine.clear_away(&left);
    foreign.into_iter().for_each(|news| engine.take_news_of_router(news));
    sys::trim_memory();
    Ok(engine)
}

/// An engine without virtual routers, its sockets open and its keeper running.
fn build(
    asked: Builder,
    inbox: Receiver<Message>,
    inbox_sender: Inbox,
    waker: Waker,
    events: tokio::sync::mpsc::Sender<crate::Event>,
) -> Result<Engine, StartError> {
    let announcer = asked.announcer.map_or_else(Announcer::open, Announcer::from_fd)?;
    let sink = inbox_sender.clone();
    let options = netlink_options(asked.run_directory.as_deref(), asked.netlink_buffer);
    let keeper = Keeper::start(options, move |news| {
        let _ = sink.send(Message::News(news));
    })?;
    Ok(Engine {
        node: Node::new(),
        routers: Routers::default(),
        records: Records::default(),
        interfaces: Interfaces::default(),
        checks: Checks::default(),
        preparing: Preparing::default(),
        listening: Listening::default(),
        keeper: Some(keeper),
        inbox,
        inbox_sender,
        waker,
        alarm: Alarm::new().map_err(StartError::Thread)?,
        events,
        events_lost: Cell::new(0),
        batch: Batch::default(),
        outbox: Outbox::default(),
        announcer,
        announcements: Announcements::default(),
        discards: Discards::default(),
        strangers: Strangers::default(),
        drains: Drains::default(),
        takeovers: Takeovers::default(),
        answers: Answers::default(),
        passed: asked.sockets,
        sole_sweeper: Sole::take_host().ok(),
        run_file: None,
        run_directory: asked.run_directory,
        advertisements: Vec::new(),
        commands: Vec::new(),
        stopping: None,
        reopen_at: None,
        held: Vec::new(),
        drained: Reading::take(),
        rest_until: None,
        woken: true,
        packets: true,
        max_auto: asked.scheduling.max_auto,
        auto_delay: asked.scheduling.auto_delay,
        auto_priority: asked.scheduling.realtime.unwrap_or(0),
        abandoned: false,
        due: None,
        lag: Lag::default(),
        started: clock::now(),
        configured: clock::now(),
    })
}

impl Engine {
    /// Takes in the virtual routers, each in Initialize; none when one of them cannot be.
    pub(super) fn enlist(&mut self, routers: Vec<Router>) -> Result<Vec<RouterId>, StartError> {
        let mut seen = BTreeSet::new();
        let mut soles = Vec::new();
        for router in &routers {
            let (name, vrid) = (Arc::clone(&router.name), router.protocol.vrid);
            if !seen.insert((Arc::clone(&router.interface), router.family(), vrid)) {
                return Err(StartError::Twice { router: name, interface: Arc::clone(&router.interface), vrid });
            }
            let sole = match Sole::take(&router.interface, router.family(), vrid) {
                Ok(sole) => Some(sole),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                    return Err(StartError::Taken { router: name, interface: Arc::clone(&router.interface), vrid });
                }
                Err(error) => {
                    self.trouble(format!("{name}: cannot make sure that no second daemon runs: {error}"));
                    None
                }
            };
            soles.push(sole);
        }
        let enlisted = routers.into_iter().zip(soles).filter_map(|(router, sole)| self.add(router, sole));
        Ok(enlisted.collect())
    }

    fn add(&mut self, router: Router, sole: Option<Sole>) -> Option<RouterId> {
        let interface = self.interfaces.id(&router.interface);
        let (protocol, spec) = split(router, &mut self.checks);
        let id = self.node.insert(interface, protocol).ok()?;
        self.commands.push(Command::Declare(owner(id), spec.addresses.to_vec()));
        let missing = spec.addresses.iter().map(|address| address.address).collect();
        let runtime = Runtime {
            interface,
            missing,
            leftovers: Vec::new(),
            holds: false,
            send_failing: false,
            causes: Vec::new(),
            refusals: 0,
            _sole: sole,
            spec,
        };
        self.routers.insert(id, runtime);
        self.records.begin(id, clock::now());
        Some(id)
    }

    /// Removes what an earlier run left with our mark and this one does not resume: of our own virtual routers, and all
    /// there is unless another process of ours runs beside.
    fn clear_away(&mut self, left: &BTreeSet<RouterId>) {
        let idle = |id: &&RouterId| self.routers.get(**id).is_some_and(|runtime| !runtime.holds);
        self.commands.extend(left.iter().filter(idle).map(|id| Command::Release(owner(*id))));
        if self.sole_sweeper.is_some() {
            self.commands.push(Command::Sweep);
        }
        self.flush();
    }

    pub(super) fn netlink_options(&self) -> Options {
        netlink_options(self.run_directory.as_deref(), None)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only what a start turns on is looked at")]
    /// Waits until the keeper has told of every link, and of the declared addresses that are in place.
    fn first_look(&mut self, ids: &[RouterId]) -> Result<Found, StartError> {
        self.commands.push(Command::Resync);
        self.flush();
        let mut found = Found::default();
        loop {
            let message = self.inbox.recv_timeout(FIRST_LOOK).map_err(|_| StartError::KernelSilent)?;
            let Message::News(news) = message else {
                continue;
            };
            for item in news {
                match item {
                    News::Link(link) => drop(self.interfaces.update(link)),
                    News::LinkGone { name, index } => self.interfaces.gone(&name, index),
                    News::PresentUnwanted { owner: whose, ours: true, .. } => {
                        found.left.extend(ids.iter().copied().filter(|id| owner(*id) == whose));
                    }
                    News::PresentUnwanted { .. } => found.foreign.push(item),
                    News::Resynced { reason: Resync::Asked } => return Ok(found),
                    News::Died(death) => return Err(StartError::Keeper(death.to_string().into())),
                    _ => {}
                }
            }
        }
    }

    /// Starts one router whose interface was looked at: what stands against it comes first, so that it is not eligible
    /// for the moment between.
    pub(super) fn launch(&mut self, id: RouterId, how: Input, delay: Duration) {
        self.judge_configuration(id);
        self.apply_checks_to(id);
        if !delay.is_zero() {
            self.hold(id, Ineligible::StartupDelay, clock::now() + delay);
        }
        self.handle(id, how);
    }

    /// Raises and clears what its own configuration has against a router.
    pub(super) fn judge_configuration(&mut self, id: RouterId) {
        let quarantined = self.routers.get(id).is_some_and(|runtime| runtime.spec.quarantined);
        let causes = [(Ineligible::Configuration, quarantined), (Ineligible::NoPeers, self.lacks_peers(id))];
        self.settle(id, &causes);
    }

    fn lacks_peers(&self, id: RouterId) -> bool {
        self.node.router(id).is_some_and(|router| match &router.config().delivery {
            vrrp_core::Delivery::Unicast { peers, .. } => peers.is_empty(),
            vrrp_core::Delivery::Multicast { .. } => false,
        })
    }

    /// Whether an earlier run had this router Active so short a time ago that no peer can have taken over.
    fn was_active(&self, id: RouterId, history: &[(Identity, u64)]) -> bool {
        if self.routers.get(id).is_none_or(|runtime| !runtime.spec.resume) {
            return false;
        }
        let Some((identity, config)) = self.identity(id).zip(self.node.router(id).map(|router| router.config())) else {
            return false;
        };
        let patience = config.interval.duration() * u32::from(config.down_timer_adverts);
        // A stamp from the future is from before the last boot.
        let age = |stamp: u64| clock::boot_time().checked_sub(stamp).map(Duration::from_nanos);
        let alive = |stamp: u64| age(stamp).is_some_and(|age| age < patience);
        history.iter().any(|(known, stamp)| *known == identity && alive(*stamp))
    }

    pub(super) fn identity(&self, id: RouterId) -> Option<Identity> {
        let key = self.node.key(id)?;
        let interface = self.interfaces.name(key.interface)?;
        Some(Identity { interface: Box::from(&*interface), family: key.family, vrid: key.vrid })
    }

    /// Makes the file of last advertisements for the present routers, keeping the stamps of those that had one.
    pub(super) fn open_run_file(&mut self) {
        let Some(directory) = self.run_directory.clone() else {
            return;
        };
        let old = self.run_file.take();
        let slots = self.routers.iter().map(|(id, _)| id.index() + 1).max().unwrap_or(0);
        let record = |slot: usize| {
            let identity = self.identity(RouterId::from_index(u32::try_from(slot).ok()?))?;
            Some((identity, old.as_ref().map_or(0, |old| old.stamp(slot))))
        };
        let records: Vec<_> = (0..slots).map(record).collect();
        match RunFile::create(&directory, &records) {
            Ok(file) => self.run_file = Some(file),
            Err(error) => {
                self.trouble(format!("{}: {error}; a restart of this daemon will be a failover", directory.display()))
            }
        }
    }
}

fn netlink_options(run_directory: Option<&Path>, receive_buffer: Option<usize>) -> Options {
    let mut options = Options::default();
    options.receive_buffer = receive_buffer;
    options.state_dir = run_directory.map(Path::to_owned);
    options
}
