//! The event queue, and everything that an event does.

mod act;
mod forge;
mod frames;
mod health;
mod judge;
mod look;
mod strike;

use core::cmp::Reverse;
use core::time::Duration;
use std::collections::BinaryHeap;

use fastrand::Rng;
use vrrp_core::{Ineligible, Instant, Name, VirtualRouter};

use crate::host::Client;
use crate::invariants::{Invariant, Violation, Watch};
use crate::lan::{Frame, Segment, Station, between};
use crate::router::Router;
use crate::setup::Setup;
use crate::software::Software;
use crate::{Bounds, Fault, RouterFault, Saboteur, Timeline};

pub(crate) use strike::addresses;

/// Routers, segments and clients in virtual time.
///
/// A world is deterministic: the same setup, seed and faults give the same timeline.
pub struct World {
    now: Instant,
    queue: BinaryHeap<Reverse<Scheduled>>,
    scheduled: u64,
    rng: Rng,
    setup: Setup,
    segments: Vec<Segment>,
    routers: Vec<Router>,
    clients: Vec<Client>,
    watches: Vec<Watch>,
    timeline: Timeline,
    saboteur: Box<dyn Saboteur>,
    /// Whether something changed that an invariant looks at.
    dirty: bool,
    violation: Option<Violation>,
    /// What has happened in this second.
    events: u32,
}

#[derive(Debug)]
enum Event {
    Fault(Fault),
    Frame {
        segment: u8,
        to: Station,
        frame: Frame,
    },
    Wake(u8),
    Kernel {
        router: u8,
        place: usize,
    },
    Interface {
        router: u8,
        segment: u8,
        fault: Ineligible,
        began: bool,
    },
    Thief {
        router: u8,
        place: usize,
    },
    /// The checks of a daemon have run for the first time.
    Results(u8),
    DelayOver(u8),
    /// A firewall forgets.
    Forget,
    Probe(usize),
    Resolve(usize),
}

#[derive(Debug)]
struct Scheduled {
    at: Instant,
    order: u64,
    event: Event,
}

/// How long the daemon takes to hear of its link.
const CARRIER: (Duration, Duration) = (Duration::from_micros(100), Duration::from_millis(3));
/// How long a client trusts an entry before it probes it, and how long it goes on asking before it gives up.
const REPROBE: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(53));
/// How long a host has been up when the world begins.
const UPTIME: (Duration, Duration) = (Duration::ZERO, Duration::from_secs(100_000));
/// How often a client asks while nobody answers.
const ASK: Duration = Duration::from_secs(1);
/// More than this does not happen in a second, whatever is done to it; two strict routers that answer each other one for one
/// (RFC 9568 §6.4.3), and announce, make an eighth of it.
const STORM: u32 = 1_000_000;

impl World {
    /// A world of `setup` in which every daemon starts at the origin, with the bugs of `saboteur`.
    pub fn new(setup: Setup, seed: u64, saboteur: Box<dyn Saboteur>) -> Self {
        Self::with_held_frames(setup, seed, saboteur, Duration::ZERO)
    }

    /// [`World::new`], whose segments will hold frames back for no longer than `held_for`.
    pub fn with_held_frames(setup: Setup, seed: u64, saboteur: Box<dyn Saboteur>, held_for: Duration) -> Self {
        let virtual_routers = setup.virtual_routers.len();
        let mut rng = Rng::with_seed(seed);
        let mut router = |number| Router::new(number, &setup, between(&mut rng, UPTIME));
        let routers = (0..setup.routers).map(&mut router).collect();
        let mut world = Self {
            now: Instant::ORIGIN,
            queue: BinaryHeap::new(),
            scheduled: 0,
            rng,
            segments: vec![Segment::default(); setup.segments().into()],
            routers,
            clients: setup.virtual_routers.iter().map(|one| Client::new(one.address())).collect(),
            watches: (0..virtual_routers).filter_map(|place| Watch::new(&setup, place, held_for)).collect(),
            timeline: Timeline::default(),
            saboteur,
            setup,
            dirty: true,
            violation: None,
            events: 0,
        };
        for place in 0..virtual_routers {
            world.schedule(Instant::ORIGIN, Event::Resolve(place));
            world.schedule(Instant::ORIGIN, Event::Probe(place));
        }
        for router in 0..world.setup.routers {
            world.schedule(Instant::ORIGIN, Event::Fault(Fault::Router(router, RouterFault::Start)));
        }
        world
    }

    /// [`World::new`] without invariants: what is configured may be what breaks them.
    pub fn unwatched(setup: Setup, seed: u64, saboteur: Box<dyn Saboteur>) -> Self {
        let mut world = Self::new(setup, seed, saboteur);
        world.watches.clear();
        world
    }

    /// Has `fault` happen at a moment that has not passed yet.
    pub fn at(&mut self, moment: Instant, fault: Fault) {
        self.schedule(moment, Event::Fault(fault));
    }

    /// Lets the world run until `end`.
    ///
    /// # Errors
    /// The first violation of an invariant.
    pub fn run(&mut self, end: Instant) -> Result<(), Violation> {
        while let Some(Reverse(next)) = self.queue.pop_if_before(end) {
            if let Some(violation) = self.watches.iter().find_map(|watch| watch.check(next.at)) {
                return Err(violation);
            }
            self.count(next.at);
            self.now = next.at;
            self.happen(next.event);
            self.look();
            if let Some(violation) = self.violation.take() {
                return Err(violation);
            }
        }
        self.now = self.now.max(end);
        self.watches.iter().find_map(|watch| watch.check(end)).map_or(Ok(()), Err)
    }

    /// Counts what happens in a second. A storm that feeds on itself comes to no rest, and would take for ever to watch.
    fn count(&mut self, next: Instant) {
        let second = |moment: Instant| moment.as_nanos() / 1_000_000_000;
        self.events = if second(next) == second(self.now) { self.events + 1 } else { 0 };
        if let Some(watch) = self.watches.first().filter(|_| self.events > STORM) {
            self.violation = Some(watch.violation(Invariant::S9, 0, self.now, next));
        }
    }

    /// The present moment.
    pub const fn now(&self) -> Instant {
        self.now
    }

    /// What has happened so far.
    pub const fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The client of a virtual router.
    pub fn client(&self, virtual_router: usize) -> Option<&Client> {
        self.clients.get(virtual_router)
    }

    /// The core of a router for a virtual router, while its daemon runs.
    pub fn core(&self, router: u8, virtual_router: usize) -> Option<&VirtualRouter> {
        self.software(router)?.core(virtual_router)
    }

    fn software(&self, router: u8) -> Option<&dyn Software> {
        Some(self.routers.get(usize::from(router))?.daemon.as_ref()?.software.as_ref())
    }

    /// Whether a router is Active for a virtual router.
    pub fn is_active(&self, router: u8, virtual_router: usize) -> bool {
        self.state(router, virtual_router) == Some(Name::Active)
    }

    /// The state of a virtual router on a router, while its daemon runs.
    pub fn state(&self, router: u8, virtual_router: usize) -> Option<Name> {
        self.software(router)?.state(virtual_router)
    }

    /// Whether the kernel of a router has the address of a virtual router in place.
    pub fn holds(&self, router: u8, virtual_router: usize) -> bool {
        let kernel = self.routers.get(usize::from(router)).and_then(|router| router.kernel.get(virtual_router));
        kernel.is_some_and(|kernel| kernel.present)
    }

    /// How long the invariants of a virtual router may fail.
    pub fn bounds(&self, virtual_router: usize) -> Option<Bounds> {
        self.watches.get(virtual_router).map(Watch::bounds)
    }

    fn schedule(&mut self, at: Instant, event: Event) {
        self.scheduled += 1;
        self.queue.push(Reverse(Scheduled { at, order: self.scheduled, event }));
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Fault(fault) => self.strike(fault),
            Event::Frame { segment, to, frame } => self.arrive(segment, to, frame),
            Event::Wake(router) => self.turn(router),
            Event::Kernel { router, place } => self.kernel_is_done(router, place),
            Event::Interface { router, segment, fault, began } => self.tell_interface(router, segment, fault, began),
            Event::Thief { router, place } => self.thieve(router, place),
            Event::Results(router) => self.results(router),
            Event::DelayOver(router) => self.delay_over(router),
            Event::Forget => self.dirty = true,
            Event::Probe(place) => self.probe(place),
            Event::Resolve(place) => self.resolve(place),
        }
    }
}

/// Taking the next event, if it is due.
trait PopIf {
    fn pop_if_before(&mut self, end: Instant) -> Option<Reverse<Scheduled>>;
}

impl PopIf for BinaryHeap<Reverse<Scheduled>> {
    fn pop_if_before(&mut self, end: Instant) -> Option<Reverse<Scheduled>> {
        if self.peek()?.0.at <= end { self.pop() } else { None }
    }
}

impl PartialEq for Scheduled {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl Eq for Scheduled {}

impl PartialOrd for Scheduled {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Scheduled {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}
