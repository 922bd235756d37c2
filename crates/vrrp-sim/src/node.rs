//! A router: the production [`Node`] with a daemon's habits around it, and a kernel that outlives the daemon.

use core::net::IpAddr;
use core::time::Duration;
use std::collections::VecDeque;
use std::rc::Rc;

use vrrp_core::{Datagram, Ineligible, Input, Instant, Node, Output, RouterId, Stop};
use vrrp_wire::Priority;

use crate::Saboteur;
use crate::setup::{Setup, interface, source};

/// Packets that wait for a daemon that stands still; the next are dropped, as by a full socket.
const INBOX: usize = 256;

/// One router and its kernel.
#[derive(Debug)]
pub(crate) struct Router {
    pub(crate) number: u8,
    pub(crate) daemon: Option<Daemon>,
    /// One for each virtual router.
    pub(crate) kernel: Vec<Kernel>,
    /// One bit for each segment that the interface is down on.
    pub(crate) links_down: u16,
    /// How far its monotonic clock is ahead of the world's: no two hosts were booted together.
    booted: Duration,
}

/// The running daemon.
#[derive(Debug)]
pub(crate) struct Daemon {
    pub(crate) node: Node,
    /// One for each virtual router.
    pub(crate) ids: Vec<RouterId>,
    inbox: VecDeque<Packet>,
    news: VecDeque<(usize, Input)>,
    booted: Duration,
    pub(crate) stalled_until: Option<Instant>,
    pub(crate) stopping: bool,
    /// The wake-up that is already under way.
    pub(crate) wakes_at: Option<Instant>,
}

/// What the kernel of a router knows about the addresses of one virtual router.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Kernel {
    /// Whether they are in its table.
    pub(crate) present: bool,
    /// Whether the daemon wants them there.
    pub(crate) wanted: bool,
    /// Whether it is at work.
    pub(crate) busy: bool,
    /// When the daemon last advertised as Active: the file that outlives it.
    pub(crate) advertised: Option<Instant>,
}

/// A packet in the daemon's socket, with the kernel's receive stamp.
#[derive(Debug, Clone)]
pub(crate) struct Packet {
    pub(crate) at: Instant,
    pub(crate) segment: u8,
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    pub(crate) hop_limit: u8,
    pub(crate) payload: Rc<[u8]>,
}

/// An order, and the virtual router it is about.
pub(crate) type Order = (usize, Output);

impl Router {
    pub(crate) fn new(number: u8, virtual_routers: usize, booted: Duration) -> Self {
        Self { number, daemon: None, kernel: vec![Kernel::default(); virtual_routers], links_down: 0, booted }
    }

    /// Starts the daemon: resuming what it did a moment ago, releasing what it did longer ago (decided per virtual
    /// router). The orders must be performed.
    pub(crate) fn start(&mut self, now: Instant, setup: &Setup) -> Vec<Order> {
        let mut daemon = Daemon::new(setup, self.number, self.booted);
        let mut orders = Vec::new();
        for (place, (one, kernel)) in setup.virtual_routers.iter().zip(&mut self.kernel).enumerate() {
            let (Some(&id), Some(config)) = (daemon.ids.get(place), one.configs.get(usize::from(self.number))) else {
                continue;
            };
            let patience = config.interval.duration() * 3;
            let resumes = kernel.present && kernel.advertised.is_some_and(|then| now.since(then) < patience);
            let begin = if resumes { Input::Resume } else { Input::Startup };
            if !resumes {
                orders.push((place, Output::Release));
            }
            let own = source(config.family(), one.segment, self.number);
            let fault = Ineligible::InterfaceDown(one.segment.into());
            let down = (self.links_down & (1 << one.segment) != 0).then_some(Input::Raise(fault));
            for input in [Some(Input::Source(own)), down, Some(begin)].into_iter().flatten() {
                orders.extend(daemon.node.handle(now + self.booted, id, input).into_iter().map(|order| (place, order)));
            }
        }
        self.daemon = Some(daemon);
        orders
    }
}

impl Daemon {
    fn new(setup: &Setup, number: u8, booted: Duration) -> Self {
        let mut node = Node::new();
        let ids = setup
            .virtual_routers
            .iter()
            .filter_map(|one| {
                let config = one.configs.get(usize::from(number))?;
                node.insert(interface(one.segment), config.clone()).ok()
            })
            .collect();
        Self {
            node,
            ids,
            inbox: VecDeque::new(),
            news: VecDeque::new(),
            booted,
            stalled_until: None,
            stopping: false,
            wakes_at: None,
        }
    }

    pub(crate) fn arrive(&mut self, packet: Packet) {
        if self.inbox.len() < INBOX {
            self.inbox.push_back(packet);
        }
    }

    /// News from the kernel or from another thread about the virtual router at `place`.
    pub(crate) fn tell(&mut self, place: usize, input: Input) {
        self.news.push_back((place, input));
    }

    pub(crate) fn stop(&mut self) {
        self.stopping = true;
        for place in 0..self.ids.len() {
            self.tell(place, Input::Shutdown(Stop::HandOver));
        }
    }

    pub(crate) fn stalls(&self, now: Instant) -> bool {
        self.stalled_until.is_some_and(|until| now < until)
    }

    /// One turn of the engine's loop: news, then packets with their stamps, then timers, so that what was received
    /// before a deadline is heard before it fires.
    pub(crate) fn turn(&mut self, now: Instant, number: u8, saboteur: &mut dyn Saboteur) -> Vec<Order> {
        let mut orders = Vec::new();
        if self.stalls(now) {
            return orders;
        }
        while let Some((place, input)) = self.news.pop_front() {
            if let Some(&id) = self.ids.get(place) {
                orders.extend(self.node.handle(now + self.booted, id, input).into_iter().map(|order| (place, order)));
            }
        }
        while let Some(packet) = self.inbox.pop_front() {
            if saboteur.hears(now, number, &self.node) {
                self.receive(&packet, &mut orders);
            }
        }
        while self.next_timeout().is_some_and(|due| due <= now) && saboteur.expires(now, number) {
            let Some((id, outputs)) = self.node.expire(now + self.booted) else { break };
            let place = self.place(id);
            orders.extend(outputs.into_iter().map(|order| (place, order)));
        }
        orders
    }

    fn receive(&mut self, packet: &Packet, orders: &mut Vec<Order>) {
        let datagram = Datagram {
            source: packet.source,
            destination: packet.destination,
            hop_limit: packet.hop_limit,
            payload: &packet.payload,
        };
        let receipt = self.node.receive(packet.at + self.booted, interface(packet.segment), &datagram);
        if let Some(id) = receipt.router {
            let place = self.place(id);
            orders.extend(receipt.outputs.into_iter().map(|order| (place, order)));
        }
    }

    fn place(&self, id: RouterId) -> usize {
        self.ids.iter().position(|other| *other == id).unwrap_or(usize::MAX)
    }

    /// When a timer is due, by the world's clock.
    pub(crate) fn next_timeout(&self) -> Option<Instant> {
        self.node.next_timeout().map(|due| due - self.booted)
    }

    /// Whether a stop is complete: nothing is served and nothing waits.
    pub(crate) fn is_done(&self) -> bool {
        self.stopping && self.news.is_empty() && self.next_timeout().is_none()
    }
}

impl Kernel {
    /// How long the kernel takes, if it has to begin.
    pub(crate) const fn want(&mut self, wanted: bool, takes: Duration) -> Option<Duration> {
        self.wanted = wanted;
        if self.busy {
            return None;
        }
        self.busy = true;
        Some(takes)
    }

    /// Notes an advertisement sent: priority 0 says that nothing is to be resumed.
    pub(crate) fn note_advertised(&mut self, now: Instant, priority: Priority) {
        self.advertised = (priority != Priority::RELEASE).then_some(now);
    }
}
