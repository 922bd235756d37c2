//! The loop around the decisions: news, packets with their stamps, timers.

use core::net::IpAddr;
use core::time::Duration;
use std::collections::VecDeque;
use std::rc::Rc;

use vrrp_core::{Config, Datagram, Ineligible, Input, Instant, Output, Stop};
use vrrp_wire::Priority;

use crate::Saboteur;
use crate::checks::Verdicts;
use crate::lan::bit;
use crate::software::{Order, Software};

/// Packets that wait for a daemon that stands still; the next are dropped, as by a full socket.
const INBOX: usize = 256;

/// Timers that fire in one turn, at most: beyond that its virtual routers push each other about for ever.
const FIRINGS: usize = 200;

/// A running daemon.
#[derive(Debug)]
pub(crate) struct Daemon {
    pub(crate) software: Box<dyn Software>,
    inbox: VecDeque<Packet>,
    news: VecDeque<News>,
    booted: Duration,
    /// When it last emptied its sockets.
    drained: Clocks,
    pub(crate) stalled_until: Option<Instant>,
    /// Since when it has stood still, or did before it went on.
    pub(crate) stalled_since: Option<Instant>,
    pub(crate) stopping: bool,
    /// Until when it takes no part.
    pub(crate) delayed_until: Option<Instant>,
    /// What it has been told of its checks.
    pub(crate) verdicts: Verdicts,
    /// The priority of each virtual router before its checks move it.
    pub(crate) bases: Vec<Priority>,
    /// With which priority an operator has each virtual router take over.
    pub(crate) takes_over: Vec<Option<Priority>>,
    /// The wake-up that is already under way.
    pub(crate) wakes_at: Option<Instant>,
    /// The segments, one bit each, whose link came up to its knowledge and by which nothing has come in since.
    pub(crate) listens: u16,
    /// The virtual router that moved because an unchanged configuration was read again.
    pub(crate) moved_for_nothing: Option<usize>,
    /// What each virtual router has to doubt in a silence.
    pub(crate) doubts: Vec<Doubts>,
    /// Whether its timers fired again and again in one turn.
    pub(crate) restless: bool,
    /// Whether the last advertisement of each virtual router could not be sent.
    pub(crate) send_failing: Vec<bool>,
}

/// What another thread or the kernel tells the loop about the virtual router of a place.
#[derive(Debug)]
enum News {
    Input(usize, Input),
    Reload(Reload),
    Robbed(usize),
    Regroup(Vec<Vec<u8>>),
}

/// Why a silence says nothing yet.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Doubts {
    /// It has asked the silent router, and has had no answer.
    pub(crate) asked: bool,
    /// When it had one.
    pub(crate) answered: Option<Instant>,
    /// When it became a Backup because the link had come up.
    pub(crate) linked: Option<Instant>,
}

/// A configuration that is read again.
#[derive(Debug)]
pub(crate) struct Reload {
    pub(crate) place: usize,
    pub(crate) config: Config,
    /// Whether it is the one in force.
    pub(crate) unchanged: bool,
    /// A planted bug: it starts over.
    pub(crate) restarts: bool,
}

/// A packet in the daemon's socket, with the kernel's receive stamp.
#[derive(Debug, Clone)]
pub(crate) struct Packet {
    /// By the wall clock.
    pub(crate) stamp: Instant,
    pub(crate) segment: u8,
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    pub(crate) hop_limit: u8,
    pub(crate) payload: Rc<[u8]>,
}

/// Both clocks of a host, read together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clocks {
    /// The world's time, which monotonic clocks follow.
    pub(crate) now: Instant,
    pub(crate) wall: Instant,
}

impl Clocks {
    /// When a packet came: now less its age by the wall clock, never before the sockets were last emptied; now, where
    /// the wall clock was stepped since then.
    fn arrival(self, stamp: Instant, drained: Self) -> Instant {
        let stepped = self.now.since(drained.now) != self.wall.since(drained.wall);
        if stepped { self.now } else { (self.now - self.wall.since(stamp)).max(drained.now) }
    }
}

impl Daemon {
    pub(crate) fn new(
        now: Instant,
        software: Box<dyn Software>,
        bases: Vec<Priority>,
        verdicts: Verdicts,
        booted: Duration,
    ) -> Self {
        let (send_failing, doubts) = (vec![false; bases.len()], vec![Doubts::default(); bases.len()]);
        Self {
            software,
            inbox: VecDeque::new(),
            news: VecDeque::new(),
            booted,
            drained: Clocks { now, wall: now },
            stalled_until: None,
            stalled_since: None,
            stopping: false,
            delayed_until: None,
            verdicts,
            takes_over: vec![None; bases.len()],
            bases,
            wakes_at: None,
            listens: 0,
            moved_for_nothing: None,
            doubts,
            restless: false,
            send_failing,
        }
    }

    pub(crate) fn arrive(&mut self, packet: Packet) {
        if self.inbox.len() < INBOX {
            self.inbox.push_back(packet);
        }
    }

    pub(crate) fn tell(&mut self, place: usize, input: Input) {
        self.news.push_back(News::Input(place, input));
    }

    pub(crate) fn tell_robbed(&mut self, place: usize) {
        self.news.push_back(News::Robbed(place));
    }

    pub(crate) fn tell_groups(&mut self, groups: Vec<Vec<u8>>) {
        self.news.push_back(News::Regroup(groups));
    }

    pub(crate) fn tell_reload(&mut self, reload: Reload) {
        self.news.push_back(News::Reload(reload));
    }

    pub(crate) fn stop(&mut self) {
        self.stopping = true;
        for place in 0..self.send_failing.len() {
            self.tell(place, Input::Shutdown(Stop::HandOver));
        }
    }

    pub(crate) fn stalls(&self, now: Instant) -> bool {
        self.stalled_until.is_some_and(|until| now < until)
    }

    /// Hands one input to the decisions, on the daemon's own clock.
    pub(crate) fn handle(&mut self, now: Instant, place: usize, input: Input) -> Vec<Order> {
        self.software.handle(now + self.booted, place, input)
    }

    /// One turn of the loop: news, then packets with their stamps, then timers, so that what was received before a
    /// deadline is heard before it fires. Others' daemons run their timers first.
    pub(crate) fn turn(&mut self, clocks: Clocks, number: u8, saboteur: &mut dyn Saboteur) -> Vec<Order> {
        let mut orders = Vec::new();
        let now = clocks.now + self.booted;
        while let Some(news) = self.news.pop_front() {
            orders.extend(match news {
                News::Input(place, input) if saboteur.tells(clocks.now, number, input) => {
                    if let Some(doubts) = self.doubts.get_mut(place).filter(|one| one.asked && input == Input::Answered)
                    {
                        (doubts.asked, doubts.answered) = (false, Some(clocks.now));
                    }
                    if let Input::Clear(Ineligible::InterfaceDown(segment)) = input {
                        self.listens |= bit(u8::try_from(segment).unwrap_or(0));
                    }
                    self.software.handle(now, place, input)
                }
                News::Input(..) => Vec::new(),
                News::Reload(reload) => self.reload(now, reload),
                News::Robbed(place) => self.software.robbed(now, place),
                News::Regroup(groups) => {
                    self.software.regroup(&groups);
                    Vec::new()
                }
            });
        }
        if !self.software.reads_first() {
            self.expire(clocks.now, number, saboteur, &mut orders);
        }
        self.read(clocks, number, saboteur, &mut orders);
        self.expire(clocks.now, number, saboteur, &mut orders);
        orders
    }

    fn reload(&mut self, now: Instant, reload: Reload) -> Vec<Order> {
        let Reload { place, config, unchanged, restarts } = reload;
        let mut orders = Vec::new();
        if restarts {
            orders = self.software.handle(now, place, Input::Shutdown(Stop::Now));
            orders.extend(self.software.handle(now, place, Input::Startup));
        }
        orders.extend(self.software.reload(now, place, config));
        let moves = |(_, order): &Order| matches!(order, Output::Moved { .. } | Output::Release);
        if unchanged && orders.iter().any(moves) {
            self.moved_for_nothing = Some(place);
        }
        orders
    }

    fn read(&mut self, clocks: Clocks, number: u8, saboteur: &mut dyn Saboteur, orders: &mut Vec<Order>) {
        while let Some(packet) = self.inbox.pop_front() {
            if self.software.node().is_some_and(|node| !saboteur.hears(clocks.now, number, node)) {
                continue;
            }
            let datagram = Datagram {
                source: packet.source,
                destination: packet.destination,
                hop_limit: packet.hop_limit,
                payload: &packet.payload,
            };
            // Others take a packet for one that came when they read it.
            let stamped = clocks.arrival(packet.stamp, self.drained);
            let at = if self.software.reads_first() { stamped } else { clocks.now };
            orders.extend(self.software.receive(at + self.booted, packet.segment, &datagram));
        }
        self.drained = clocks;
    }

    fn expire(&mut self, now: Instant, number: u8, saboteur: &mut dyn Saboteur, orders: &mut Vec<Order>) {
        let mut fired = 0;
        while self.next_timeout().is_some_and(|due| due <= now) && saboteur.expires(now, number, self.software.node()) {
            fired += 1;
            self.restless |= fired > FIRINGS;
            if self.restless {
                break;
            }
            let Some(due) = self.software.expire(now + self.booted) else { break };
            orders.extend(due);
        }
    }

    /// The virtual routers, one bit each, that hand over.
    pub(crate) fn leaving(&self) -> u16 {
        let leaves = |place: &usize| {
            self.software.core(*place).is_some_and(|core| matches!(core.state(), vrrp_core::State::Leaving(_)))
        };
        let places = (0..self.send_failing.len()).filter(leaves);
        places.fold(0, |set, place| set | bit(u8::try_from(place).unwrap_or(0)))
    }

    /// Whether something waits that can change what it is, not only what it knows.
    pub(crate) fn has_news(&self) -> bool {
        !self.news.is_empty()
    }

    /// When a timer is due, by the world's clock.
    pub(crate) fn next_timeout(&self) -> Option<Instant> {
        self.software.next_timeout().map(|due| due - self.booted)
    }

    /// Whether a stop is complete: nothing is served and nothing waits.
    pub(crate) fn is_done(&self) -> bool {
        self.stopping && self.news.is_empty() && self.next_timeout().is_none()
    }
}
