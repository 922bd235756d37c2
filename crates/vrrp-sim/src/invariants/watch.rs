use core::time::Duration;

use vrrp_core::{Config, Instant, Name};

use super::bounds::LINGER;
use super::conduct::Conduct;
use super::part::Part;
use super::succession::Succession;
use super::{Bounds, Invariant, View, Violation};
use crate::lan::{STATIONS, bit, stations};
use crate::setup::{Latency, Setup};

/// The watch over one virtual router.
///
/// It is shown what is the case whenever that changes ([`Watch::observe`]) and told of what is done to the world and of
/// moves, in the order of time, and says what has failed for too long ([`Watch::check`]).
#[derive(Debug)]
pub struct Watch {
    bounds: Bounds,
    /// Every configuration that a router ever had.
    configs: Vec<Config>,
    latency: Latency,
    held_for: Duration,
    virtual_router: usize,
    alone: [Option<Instant>; STATIONS],
    dual: Vec<(u16, Instant)>,
    parts: Vec<Part>,
    conducts: Vec<Conduct>,
    succession: Option<Succession>,
    /// Between whom the addresses are being handed over.
    handed: Option<u16>,
    /// Whether it is in a sync group.
    grouped: bool,
    view: View,
    /// When something was last done to the world.
    quiet: Instant,
    broken: Option<Violation>,
    /// When each router last became eligible with a link that nothing had come in by.
    linked: [Option<Instant>; STATIONS],
    /// Until when a router that failed too often preempts nobody, and what follows when it does.
    held_off: Instant,
    /// When a router last gave up.
    released: Instant,
    /// Nothing has failed for too long up to this moment, unless something changes.
    due: Instant,
}

impl Watch {
    /// Starts to watch the virtual router of this index, with the bounds of how `setup` configures it; `held_for` is the
    /// longest that a frame is ever held back. None for an index that `setup` has not.
    pub fn new(setup: &Setup, virtual_router: usize, held_for: Duration) -> Option<Self> {
        let of = |member: usize| setup.virtual_routers.get(member).map(|one| one.configs.clone());
        // The members of a sync group wait for each other.
        let configs: Vec<Config> = setup.members(virtual_router).into_iter().filter_map(of).flatten().collect();
        Some(Self {
            bounds: Bounds::new(&configs, &setup.latency, held_for),
            configs,
            latency: setup.latency,
            held_for,
            virtual_router,
            alone: [None; STATIONS],
            dual: Vec::new(),
            parts: Vec::new(),
            conducts: (0..setup.routers).map(Conduct::new).collect(),
            succession: None,
            handed: None,
            grouped: setup.members(virtual_router).len() > 1,
            view: View::default(),
            quiet: Instant::ORIGIN,
            broken: None,
            linked: [None; STATIONS],
            held_off: Instant::ORIGIN,
            released: Instant::ORIGIN,
            due: Instant::ORIGIN,
        })
    }

    /// For how long the invariants may fail.
    pub const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// A router has another configuration: what it may take is the longest that any may.
    pub fn reconfigured(&mut self, config: &Config) {
        if !self.configs.contains(config) {
            self.configs.push(config.clone());
            self.bounds = Bounds::new(&self.configs, &self.latency, self.held_for);
            self.rearm();
        }
    }

    /// An invariant of this virtual router that has failed.
    pub const fn violation(&self, invariant: Invariant, routers: u16, since: Instant, until: Instant) -> Violation {
        Violation { invariant, virtual_router: self.virtual_router, routers, since, until }
    }

    /// What has failed for too long by `now`, if nothing has changed since the last [`Watch::observe`].
    pub fn check(&self, now: Instant) -> Option<Violation> {
        if self.broken.is_some() {
            return self.broken;
        }
        if now <= self.due {
            return None;
        }
        self.pending().find(|violation| violation.until < now)
    }

    /// What fails at present, each with until when it may.
    fn pending(&self) -> impl Iterator<Item = Violation> {
        let bounds = &self.bounds;
        let alone = (0..16).zip(self.alone).filter_map(move |(router, since)| {
            let since = since?;
            let until = (since.max(self.listening(bit(router))) + bounds.live).max(self.released + bounds.skew);
            Some(self.violation(Invariant::L1, bit(router), since, until))
        });
        let conducts = (0..16).zip(&self.conducts).flat_map(move |(router, conduct)| {
            let late = move |(invariant, since, bound)| self.violation(invariant, bit(router), since, since + bound);
            conduct.pending(bounds).map(late)
        });
        let dual = self.dual.iter();
        let dual = dual.map(move |(pair, since)| {
            let settles = if pair & self.view.lopsided == 0 { bounds.dual } else { bounds.cut };
            let leaves = if pair & self.view.leaving == 0 { Duration::ZERO } else { bounds.left };
            let bound = settles + leaves;
            self.violation(Invariant::S2, *pair, *since, *since + bound)
        });
        let parts = self.parts.iter().flat_map(move |part| {
            let stable = part.since.max(self.listening(part.members)) + bounds.stable;
            let told = if part.promised && part.ours { bounds.announced } else { bounds.refreshed };
            let one = part.not_one.map(|since| (Invariant::S1, since, stable.max(since + bounds.dual)));
            let misled = part.misled.map(|since| (Invariant::S3, since, since + told));
            let rests = self.rests(part);
            let outranked = part.outranked.map(|since| (Invariant::L5, since, rests.max(since + bounds.settled)));
            let members = part.members;
            [one, misled, outranked]
                .into_iter()
                .flatten()
                .map(move |(invariant, since, until)| self.violation(invariant, members, since, until))
        });
        let untaken = self.succession.and_then(|succession| {
            let since = succession.released.filter(|_| !succession.is_over(&self.view))?;
            Some(self.violation(Invariant::L4, succession.heirs, since, since + succession.follows_within(&self.view)?))
        });
        let unrelieved = self.succession.and_then(|succession| {
            let since = succession.fallen.filter(|since| self.held_off < *since && !succession.is_over(&self.view))?;
            Some(self.violation(
                Invariant::L7,
                succession.heirs,
                since,
                since + succession.relieved_within(&self.view)?,
            ))
        });
        alone.chain(conducts).chain(dual).chain(parts).chain(untaken).chain(unrelieved)
    }

    /// Works out when the first of what fails has failed for too long.
    fn rearm(&mut self) {
        let first = self.pending().map(|violation| violation.until).min();
        self.due = first.unwrap_or(Instant::from_nanos(u64::MAX));
    }

    /// Takes note of what is the case from `now` on.
    pub fn observe(&mut self, now: Instant, view: &View) {
        for (router, alone) in (0..16).zip(&mut self.alone) {
            let eligible = view.eligible & !view.lopsided & bit(router) != 0;
            let hears = view.hears(router) | bit(router);
            let served = hears & view.active & view.eligible != 0;
            *alone = if eligible && !served { alone.or(Some(now)) } else { None };
        }
        let listens = view.unproven & (!self.view.unproven | view.eligible & !self.view.eligible);
        for (_, linked) in (0..16).zip(&mut self.linked).filter(|(router, _)| listens & bit(*router) != 0) {
            *linked = Some(now);
        }
        self.observe_pairs(now, view);
        let parts = view.parts();
        self.parts.retain(|part| parts.contains(&(part.members, part.has_client)));
        for (members, has_client) in parts {
            let place = self.parts.iter().position(|part| part.members == members);
            let mut part = place.map_or_else(|| Part::new(now, members, has_client), |at| self.parts.swap_remove(at));
            part.observe(now, view);
            self.parts.push(part);
        }
        let observed = |(router, conduct): (u8, &mut Conduct)| Some((router, conduct.observe(now, view)?));
        let broken = (0..16).zip(&mut self.conducts).filter_map(observed).next();
        self.broken = self.broken.or_else(|| {
            let (router, invariant) = broken?;
            Some(self.violation(invariant, bit(router), now, now))
        });
        if let Some(succession) = &mut self.succession {
            succession.observe(now, view);
        }
        self.observe_hand_over(now, view);
        if (self.view.unrelieved | view.unrelieved) != 0 {
            self.held_off = self.held_off.max(now + self.bounds.settled);
        }
        self.view = *view;
        self.rearm();
    }

    /// From priority 0 until the successor has the address, or nobody has come and the router serves on.
    fn observe_hand_over(&mut self, now: Instant, view: &View) {
        let in_time = self.bounds.placed < LINGER;
        let keeps = in_time && self.configs.iter().all(|config| config.habits.hand_over);
        if let Some(succession) = self.succession.filter(|one| keeps && one.released == Some(now)) {
            self.handed = succession.is_asked_of(view).then_some(succession.heirs | view.leaving);
        }
        let Some(between) = self.handed else { return };
        if between & view.holding == 0 {
            self.broken = self.broken.or_else(|| Some(self.violation(Invariant::S13, between, now, now)));
        }
        if view.holding & view.active & !view.leaving & between != 0 {
            self.handed = None;
        }
    }

    fn observe_pairs(&mut self, now: Instant, view: &View) {
        let serving = view.running & (view.active | view.holding);
        let mut pairs = Vec::new();
        for a in stations(serving) {
            let uneven = |b: u8| view.at_odds || view.lopsided & (bit(a) | bit(b)) != 0;
            let undecided = |b: u8| uneven(b) && view.priority(a) == view.priority(b);
            for b in stations(serving).filter(|b| *b > a && view.joined(a, *b) && !undecided(*b)) {
                let pair = bit(a) | bit(b);
                let mends =
                    pair & self.view.lopsided & !view.lopsided != 0 || pair & self.view.leaving & !view.leaving != 0;
                let known = self.dual.iter().find(|(other, _)| *other == pair && !mends);
                let since = known.map_or(now, |(_, since)| *since);
                pairs.push((pair, since));
            }
        }
        self.dual = pairs;
    }

    /// Something was done to the world, to one router if it is named: the parts that it is in are new.
    pub fn struck(&mut self, now: Instant, router: Option<u8>) {
        self.quiet = now;
        self.handed = None;
        self.succession = router.and_then(|router| self.succession_to(now, router));
        self.conducts.iter_mut().for_each(|conduct| conduct.struck(router));
        let Some(router) = router else { return };
        for part in self.parts.iter_mut().filter(|part| part.members & bit(router) != 0) {
            *part = Part::new(now, part.members, part.has_client);
        }
        self.rearm();
    }

    /// The daemon of `router`, which something is done to at this moment, hears of a check.
    pub fn told(&mut self, now: Instant, router: u8) {
        let known = self.succession.filter(|one| self.quiet == now && one.is_of(router));
        self.struck(now, Some(router));
        self.succession = known.or(self.succession);
        if let Some(succession) = &mut self.succession {
            succession.checked = true;
        }
    }

    /// When a part has come to rest: nobody moves from then on.
    fn rests(&self, part: &Part) -> Instant {
        (part.since.max(self.listening(part.members)) + self.bounds.settled).max(self.held_off)
    }

    /// What can be said of who follows `router`, which something is done to, if it serves a part alone, and all others of it follow it.
    fn succession_to(&self, now: Instant, router: u8) -> Option<Succession> {
        let part = self.parts.iter().find(|part| part.members & bit(router) != 0)?;
        let serves = self.view.active & part.members == bit(router) && part.not_one.is_none();
        let follows = |heir: u8| {
            let heard = self.conducts.get(usize::from(heir)).and_then(|conduct| conduct.heard(router));
            let lesser = self.view.priority(heir) <= self.view.priority(router);
            lesser && heard.is_some_and(|since| since + self.bounds.live < now)
        };
        let rests = stations(part.members & !bit(router)).all(follows);
        let latency = &self.latency;
        let lead = latency.wire.1 * 2 + self.held_for + latency.wake.1 * 2;
        let asked = serves && rests && part.ours && !self.grouped;
        asked.then(|| Succession::of(router, part.members, &self.configs, lead)).flatten()
    }

    /// Until when one of `routers` may wait for a first frame.
    fn listening(&self, routers: u16) -> Instant {
        let linked = stations(routers).filter_map(|router| self.linked.get(usize::from(router)).copied().flatten());
        linked.max().map_or(Instant::ORIGIN, |linked| linked + self.bounds.down)
    }

    /// A router will preempt nobody for so long.
    pub fn held_off(&mut self, now: Instant, hold_off: Duration) {
        self.held_off = self.held_off.max(now + hold_off + self.bounds.settled);
    }

    /// A router gave up: who hears it waits no longer than its skew for another, though it may hear one.
    pub fn released(&mut self, now: Instant) {
        self.conducts.iter_mut().for_each(|conduct| conduct.struck(None));
        self.released = now;
        self.rearm();
    }

    /// A router claims, this virtual router or another of its sync group: who hears it waits anew, though it be gone in the
    /// same moment.
    pub fn heard_claiming(&mut self, now: Instant, router: u8) {
        let heard = self.view.heard_by(router);
        for (_, alone) in (0..16).zip(&mut self.alone).filter(|(listener, _)| heard & bit(*listener) != 0) {
            *alone = alone.map(|_| now);
        }
        self.rearm();
    }

    /// A router that stood still goes on: what it says may move others, or make them wait anew, though it may be about to
    /// stop.
    pub fn woke(&mut self, now: Instant) {
        self.quiet = now;
        self.handed = None;
        self.succession = None;
        self.parts.iter_mut().for_each(|part| *part = Part::new(now, part.members, part.has_client));
        self.alone = self.alone.map(|since| since.map(|_| now));
        self.rearm();
    }

    /// The client of the part that `router` is in is owed an announcement from now on.
    pub fn promise(&mut self, now: Instant, router: u8) {
        for part in self.parts.iter_mut().filter(|part| part.members & bit(router) != 0) {
            part.promised = true;
            part.misled = part.misled.map(|_| now);
        }
        self.rearm();
    }

    /// `router` is Active in place of a living router, or of nobody.
    pub fn claimed(&mut self, now: Instant, router: u8, preempting: bool) {
        if let Some(conduct) = self.conducts.get_mut(usize::from(router)) {
            conduct.falls.claimed(now, preempting);
        }
    }

    /// `router` lost the addresses by its own fault.
    pub fn fell(&mut self, now: Instant, router: u8) {
        if let Some(conduct) = self.conducts.get_mut(usize::from(router)) {
            conduct.falls.fell(now);
        }
    }

    /// `router` told of a move.
    pub fn moved(&mut self, now: Instant, router: u8, what: (Name, Name)) -> Option<Violation> {
        let Self { view, bounds, quiet, .. } = *self;
        let conduct = self.conducts.get_mut(usize::from(router))?;
        if let Some((invariant, since)) = conduct.moved(now, what, &view, &bounds, quiet) {
            return Some(self.violation(invariant, bit(router), since, now));
        }
        if what.1 == Name::Active
            && let Some(succession) = self.succession.take()
            && let Some(better) = succession.passed_over(router, &view)
        {
            return Some(self.violation(Invariant::S10, bit(router) | bit(better), now, now));
        }
        let part = self.parts.iter().find(|part| part.members & bit(router) != 0)?;
        let until = self.rests(part);
        // It asks again each minute, and somebody may hear it then.
        (until < now && view.unrelieved == 0).then(|| self.violation(Invariant::S1, bit(router), part.since, until))
    }
}
