//! What must hold in every world, and for how long it may not.
//!
//! A router is *eligible* while its daemon runs, is not told to stop, does not stand still, and has its link. It
//! *serves* when its daemon runs and either is Active or still has the address in place. Two routers are *joined* when
//! frames pass in both directions. A *part* is a set of eligible routers, all of them joined to each other and not
//! reached by and not reaching any other eligible router, on a segment that loses nothing; it is *old* as long as none
//! of this changes and nothing is done to a member.
//!
//! | | holds | may fail for |
//! |---|---|---|
//! | L1 | each eligible router is Active or hears an eligible one that is | [`Bounds::live`], anew when a router that stood still goes on |
//! | S1 | in a part that is [`Bounds::stable`] old exactly one router is Active, with the address in place | [`Bounds::dual`] |
//! | S1 | in a part that is [`Bounds::settled`] old no router moves | never |
//! | S2 | of two joined routers on a segment that loses nothing, at most one serves | [`Bounds::dual`] |
//! | S3 | a client joined to the whole part has cached nothing, or its Active router | [`Bounds::announced`] after a takeover or a yield, else [`Bounds::refreshed`] |

use core::fmt;
use core::time::Duration;

use vrrp_core::{Instant, active_down_interval};
use vrrp_wire::Priority;

use crate::lan::{Station, bit, stations};
use crate::setup::{Latency, Setup, VirtualRouterSetup};

/// The invariants of this crate's simulations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Invariant {
    /// One router of a stable part serves, and stays.
    S1,
    /// Two routers that hear each other do not both serve.
    S2,
    /// The client is told of the survivor.
    S3,
    /// Somebody eligible, somebody Active.
    L1,
}

/// An invariant that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub invariant: Invariant,
    /// Index of the virtual router.
    pub virtual_router: usize,
    /// The routers concerned, one bit each.
    pub routers: u16,
    /// Since when it did not hold.
    pub since: Instant,
    /// Until when it might have.
    pub until: Instant,
}

/// For how long the invariants of one virtual router may fail, derived from how its routers are configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The longest `Active_Down_Interval`: lowest priority, longest interval that can be learned; one last lower
    /// advertisement may have come 50 ms after the Active router was gone.
    pub live: Duration,
    /// The longest interval, and what a frame and two kernels take: the better one's next advertisement ends it. Who
    /// hands over serves on for 20 ms after hearing it.
    pub dual: Duration,
    /// [`Bounds::live`] and [`Bounds::dual`].
    pub stable: Duration,
    /// [`Bounds::stable`], the longest `preempt_delay`, and a takeover after it.
    pub settled: Duration,
    /// 50 ms for the kernel to take the loser's addresses away, half an interval for an answer that must wait, the
    /// winner's kernel, and a burst; without last lower advertisements nobody promises more than a refresh.
    pub announced: Duration,
    /// The longest refresh of the announcements, with its jitter.
    pub refreshed: Duration,
}

/// What is the case at one moment, for one virtual router; sets of routers have one bit each.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct View {
    pub(crate) eligible: u16,
    pub(crate) running: u16,
    pub(crate) active: u16,
    pub(crate) holding: u16,
    /// Who hears each station.
    pub(crate) heard_by: [u16; 16],
    pub(crate) client: Station,
    pub(crate) cached: Option<u8>,
    pub(crate) lossy: bool,
}

/// The watch over one virtual router.
#[derive(Debug)]
pub(crate) struct Watch {
    bounds: Bounds,
    virtual_router: usize,
    alone: [Option<Instant>; 16],
    dual: Vec<(u16, Instant)>,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy)]
struct Part {
    members: u16,
    has_client: bool,
    since: Instant,
    not_one: Option<Instant>,
    misled: Option<Instant>,
    /// Whether the client is owed an announcement.
    promised: bool,
}

impl Bounds {
    /// The bounds of one virtual router. `held_for` is the longest that a frame is ever held back.
    pub fn new(one: &VirtualRouterSetup, latency: &Latency, held_for: Duration) -> Self {
        let configs = || one.configs.iter();
        let longest = configs().map(|config| config.interval).max();
        let interval = longest.map_or(Duration::ZERO, |interval| interval.duration());
        let down = configs()
            .filter_map(|config| {
                let (version, adverts) = (config.version, config.down_timer_adverts);
                Some(active_down_interval(version, Priority::new(1), longest?, adverts))
            })
            .max()
            .unwrap_or_default();
        let delay = configs().map(|config| match config.preempt {
            vrrp_core::Preempt::After(delay) => delay,
            vrrp_core::Preempt::Immediately | vrrp_core::Preempt::Never => Duration::ZERO,
        });
        let refresh = configs().map(|config| config.announce.refresh).max().unwrap_or_default();
        let hop = latency.wire.1 * 2 + held_for + latency.wake.1;
        let kernel = latency.kernel.1 * 2 + latency.wake.1;
        let grace = Duration::from_millis(50);
        let live = down + grace + hop * 2;
        let linger = Duration::from_millis(20);
        let dual = interval + linger + hop * 2 + kernel;
        let stable = live + dual;
        let refreshed = refresh + refresh / 8 + hop * 2 + kernel;
        let tells = configs().all(|config| config.habits.last_lower_advertisement);
        let announced = grace + interval / 2 + kernel + hop * 4 + Duration::from_millis(150);
        Self {
            live,
            dual,
            stable,
            settled: stable + delay.max().unwrap_or_default() + down + dual,
            announced: if tells { announced } else { refreshed },
            refreshed,
        }
    }
}

impl Watch {
    pub(crate) fn new(setup: &Setup, virtual_router: usize, held_for: Duration) -> Option<Self> {
        let one = setup.virtual_routers.get(virtual_router)?;
        Some(Self {
            bounds: Bounds::new(one, &setup.latency, held_for),
            virtual_router,
            alone: [None; 16],
            dual: Vec::new(),
            parts: Vec::new(),
        })
    }

    pub(crate) const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// What has failed for too long by `now`, if nothing has changed since the last [`Watch::observe`].
    pub(crate) fn check(&self, now: Instant) -> Option<Violation> {
        let bounds = &self.bounds;
        let fail = |invariant, routers, since: Instant, until: Instant| {
            (until < now).then_some(Violation { invariant, virtual_router: self.virtual_router, routers, since, until })
        };
        for (router, since) in (0..16).zip(self.alone) {
            if let Some(since) = since
                && let Some(violation) = fail(Invariant::L1, bit(router), since, since + bounds.live)
            {
                return Some(violation);
            }
        }
        let mut dual = self.dual.iter();
        let dual = dual.find_map(|&(pair, since)| fail(Invariant::S2, pair, since, since + bounds.dual));
        dual.or_else(|| {
            self.parts.iter().find_map(|part| {
                let stable = part.since + bounds.stable;
                let one = part
                    .not_one
                    .and_then(|since| fail(Invariant::S1, part.members, since, stable.max(since + bounds.dual)));
                let told = if part.promised { bounds.announced } else { bounds.refreshed };
                one.or_else(|| part.misled.and_then(|since| fail(Invariant::S3, part.members, since, since + told)))
            })
        })
    }

    /// Takes note of what is the case from `now` on.
    pub(crate) fn observe(&mut self, now: Instant, view: &View) {
        for (router, alone) in (0..16).zip(&mut self.alone) {
            let eligible = view.eligible & bit(router) != 0;
            let hears = view.hears(router) | bit(router);
            let served = hears & view.active & view.eligible != 0;
            *alone = if eligible && !served { alone.or(Some(now)) } else { None };
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
    }

    fn observe_pairs(&mut self, now: Instant, view: &View) {
        let serving = view.running & (view.active | view.holding);
        let mut pairs = Vec::new();
        for a in stations(serving) {
            for b in stations(serving).filter(|b| *b > a) {
                if view.joined(a, b) && !view.lossy {
                    let pair = bit(a) | bit(b);
                    let since = self.dual.iter().find(|(other, _)| *other == pair).map_or(now, |(_, since)| *since);
                    pairs.push((pair, since));
                }
            }
        }
        self.dual = pairs;
    }

    /// Something was done to `router`: the parts that it is in are new.
    pub(crate) fn disturb(&mut self, now: Instant, router: u8) {
        for part in self.parts.iter_mut().filter(|part| part.members & bit(router) != 0) {
            *part = Part::new(now, part.members, part.has_client);
        }
    }

    /// A router that stood still goes on: what it says may make others wait anew.
    pub(crate) fn woke(&mut self, now: Instant) {
        self.alone = self.alone.map(|since| since.map(|_| now));
    }

    /// The client of the part that `router` is in is owed an announcement from now on.
    pub(crate) fn promise(&mut self, now: Instant, router: u8) {
        for part in self.parts.iter_mut().filter(|part| part.members & bit(router) != 0) {
            part.promised = true;
            part.misled = part.misled.map(|_| now);
        }
    }

    /// `router` moved.
    pub(crate) fn moved(&self, now: Instant, router: u8) -> Option<Violation> {
        let part = self.parts.iter().find(|part| part.members & bit(router) != 0)?;
        let until = part.since + self.bounds.settled;
        (until < now).then_some(Violation {
            invariant: Invariant::S1,
            virtual_router: self.virtual_router,
            routers: bit(router),
            since: part.since,
            until,
        })
    }
}

impl Part {
    const fn new(now: Instant, members: u16, has_client: bool) -> Self {
        Self { members, has_client, since: now, not_one: None, misled: None, promised: false }
    }

    fn observe(&mut self, now: Instant, view: &View) {
        let active = view.active & self.members;
        let serving = active & view.holding;
        let one = serving.count_ones() == 1 && serving == active;
        self.not_one = if one { None } else { self.not_one.or(Some(now)) };
        let right = !self.has_client || !one || view.cached.is_none_or(|router| bit(router) == serving);
        self.misled = if right { None } else { self.misled.or(Some(now)) };
        if right && one {
            self.promised = false;
        }
    }
}

impl View {
    /// The stations that `station` hears.
    fn hears(&self, station: Station) -> u16 {
        (0..16)
            .zip(self.heard_by)
            .filter(|(_, heard)| heard & bit(station) != 0)
            .fold(0, |set, (from, _)| set | bit(from))
    }

    fn heard_by(&self, station: Station) -> u16 {
        self.heard_by.get(usize::from(station)).copied().unwrap_or(0)
    }

    fn joined(&self, a: Station, b: Station) -> bool {
        self.heard_by(a) & bit(b) != 0 && self.heard_by(b) & bit(a) != 0
    }

    /// The parts, and whether the client is joined to each of their members.
    fn parts(&self) -> Vec<(u16, bool)> {
        let mut parts = Vec::new();
        if self.lossy {
            return parts;
        }
        for router in stations(self.eligible) {
            let near = (self.hears(router) | self.heard_by(router)) & self.eligible | bit(router);
            let whole = stations(near).all(|a| {
                (self.hears(a) & self.heard_by(a) & self.eligible | bit(a)) == near
                    && (self.hears(a) | self.heard_by(a)) & self.eligible & !near == 0
            });
            let has_client = stations(near).all(|member| self.joined(member, self.client));
            if whole && !parts.contains(&(near, has_client)) {
                parts.push((near, has_client));
            }
        }
        parts
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.invariant {
            Invariant::S1 => "not exactly one router served, or one moved without need",
            Invariant::S2 => "two routers that hear each other both served",
            Invariant::S3 => "the client was not told of the survivor",
            Invariant::L1 => "an eligible router was not Active and heard none that was",
        };
        let Self { invariant, virtual_router, routers, since, until } = self;
        let routers: Vec<_> = stations(*routers).map(|router| format!("r{router}")).collect();
        write!(f, "{invariant:?} of v{virtual_router} since {since}, bound {until}: {what} ({})", routers.join(" "))
    }
}

impl core::error::Error for Violation {}
