//! How everything stands, as the engine sees it: values without words, made without keeping the engine.

use core::net::IpAddr;
use core::time::Duration;
use std::sync::Arc;

use vrrp_core::{Cause, Condition, Counters, Ineligible, Instant, Name, Preempt, Reject, Timer, Verdict, Weight};
use vrrp_netlink::Address;
use vrrp_wire::{AdverInterval, Family, Priority, Version, Vrid};

/// How everything stands. Moments in it are the engine's; [`Status::wall`] makes them the world's.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Status {
    /// When this was true, on the engine's clock.
    pub now: Instant,
    /// The same moment in nanoseconds since the Unix epoch.
    pub at: u64,
    /// When the node was started.
    pub started: Instant,
    /// When its configuration was last changed.
    pub configured: Instant,
    /// How late the engine's timers fired.
    pub lag: Lag,
    /// Rounds of announcements that are queued.
    pub announcements_pending: u32,
    /// Whether a stop is under way.
    pub stopping: bool,
    /// The virtual routers, by interface, family and VRID.
    pub routers: Vec<RouterStatus>,
    /// The checks that were heard of.
    pub checks: Vec<CheckStatus>,
    /// Virtual routers of others on our links.
    pub strangers: Vec<Stranger>,
}

/// How one virtual router stands.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RouterStatus {
    /// Its label.
    pub name: Arc<str>,
    /// The interface that the protocol runs on.
    pub interface: Arc<str>,
    /// Its VRID.
    pub vrid: Vrid,
    /// Its address family.
    pub family: Family,
    /// Its version of VRRP.
    pub version: Version,
    /// Where it stands.
    pub state: Name,
    /// Since when.
    pub since: Instant,
    /// Whether it is handing over.
    pub leaving: bool,
    /// The priority before tracking.
    pub base: Priority,
    /// The effective priority.
    pub priority: Priority,
    /// Whether it preempts.
    pub preempt: Preempt,
    /// When a `preempt_delay` that it waits out is over.
    pub preempts_at: Option<Instant>,
    /// Whether it takes over from a router that has fallen sick, even where it preempts no healthy one (`failback`).
    pub preempts_degraded: bool,
    /// Whether it gives up, and preempts nobody, while a check that moves its priority fails (`on_degraded resign`).
    pub resigns_degraded: bool,
    /// `Advertisement_Interval`.
    pub interval: AdverInterval,
    /// `Active_Down_Interval` as it is now.
    pub active_down_interval: Duration,
    /// The address that advertisements come from.
    pub source: Option<IpAddr>,
    /// Where they go.
    pub destinations: Box<[IpAddr]>,
    /// Its sync group.
    pub group: Option<Arc<str>>,
    /// Whether a check that moves its priority is failing.
    pub degraded: bool,
    /// Set while it is drained, or is to be.
    pub drain: Option<DrainStatus>,
    /// Set while it was told to take over.
    pub takeover: Option<TakeoverStatus>,
    /// Why it may not serve, each with the interface, check or router that it speaks of.
    pub causes: Box<[(Ineligible, Option<Arc<str>>)]>,
    /// When those of them that end by themselves do.
    pub causes_until: Box<[(Ineligible, Instant)]>,
    /// What is odd, likewise.
    pub conditions: Box<[(Condition, Option<Arc<str>>)]>,
    /// The Active router, where it is another one and was heard.
    pub active_router: Option<vrrp_core::Heard>,
    /// The addresses that it moves, and whether this host holds each.
    pub addresses: Arc<[Address]>,
    /// Those of them that this host does not hold.
    pub absent: Box<[IpAddr]>,
    /// How many of the addresses, from the first, are advertised.
    pub advertised: usize,
    /// The checks that it tracks or requires.
    pub tracks: Box<[TrackStatus]>,
    /// The last transition.
    pub transition: Option<Transition>,
    /// What the core has counted.
    pub counters: Counters,
    /// The last packet of each kind that was discarded.
    pub discards: Box<[Discard]>,
    /// Who advertises other addresses than ours, and which.
    pub other_lists: Box<[OtherList]>,
    /// Advertisements that could not be sent.
    pub send_failed: u32,
    /// Rounds of announcements.
    pub announced: u32,
    /// Times that all but one of the advertisements were missed that would have made it take over.
    pub near_misses: u32,
    /// Transitions by the word of their cause.
    pub transitions: Box<[(&'static str, u32)]>,
    /// The last advertisements heard, the oldest first.
    pub recent: Box<[Arrival]>,
    /// Who advertises this virtual router, or did.
    pub peers: Box<[PeerStatus]>,
    /// The next timer, and when it fires.
    pub timer: Option<(Instant, Timer)>,
    /// Time between two advertisements of one peer, in parts of the peer's interval: how often it lay below each of
    /// [`INTER_ARRIVAL_BOUNDS`], and beyond.
    pub inter_arrival: [u32; INTER_ARRIVAL_BOUNDS.len() + 1],
    /// All of them together, in hundredths of the interval.
    pub inter_arrival_sum: u64,
}

/// The upper bounds of [`RouterStatus::inter_arrival`], in hundredths of the interval.
pub const INTER_ARRIVAL_BOUNDS: [u32; 7] = [50, 90, 110, 150, 210, 310, 500];

/// The upper bounds of [`Lag::counts`].
pub const LAG_BOUNDS: [Duration; 11] = [
    Duration::from_micros(50),
    Duration::from_micros(100),
    Duration::from_micros(250),
    Duration::from_micros(500),
    Duration::from_millis(1),
    Duration::from_micros(2500),
    Duration::from_millis(5),
    Duration::from_millis(10),
    Duration::from_millis(25),
    Duration::from_millis(100),
    Duration::from_secs(1),
];

/// How late timers fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lag {
    /// How often the lateness lay below each of [`LAG_BOUNDS`], and beyond.
    pub counts: [u32; LAG_BOUNDS.len() + 1],
    /// All of it.
    pub sum: Duration,
    /// The worst.
    pub worst: Duration,
    /// When that was.
    pub worst_at: Option<Instant>,
    /// The last.
    pub last: Duration,
}

/// A check that a virtual router tracks or requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackStatus {
    /// Its name.
    pub check: Arc<str>,
    /// What it says.
    pub verdict: Verdict,
    /// How it counts; `None` for one that is only required (`claim_requires`).
    pub weight: Option<Weight>,
}

/// One advertisement that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// When, by the kernel's stamp.
    pub at: Instant,
    /// Who sent it.
    pub source: IpAddr,
    /// The priority it carried.
    pub priority: Priority,
}

/// A packet for one virtual router that was discarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Discard {
    /// When.
    pub at: Instant,
    /// Who sent it.
    pub source: IpAddr,
    /// Why it was discarded.
    pub reject: Reject,
}

/// The addresses that another router advertises for a virtual router of ours, where they are not ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherList {
    /// Who advertises.
    pub source: IpAddr,
    /// What.
    pub addresses: Box<[IpAddr]>,
}

/// Another router that advertises a virtual router of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerStatus {
    /// Its address.
    pub address: IpAddr,
    /// Its last priority.
    pub priority: Priority,
    /// Its interval.
    pub interval: AdverInterval,
    /// When it was last heard.
    pub last_heard: Instant,
    /// Advertisements heard from it.
    pub received: u32,
    /// Advertisements that are missing between those.
    pub missed: u32,
}

/// A move from one state to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// When.
    pub at: Instant,
    /// The state left.
    pub from: Name,
    /// The state entered.
    pub to: Name,
    /// Why.
    pub why: Cause,
    /// The interface, check or router that the cause speaks of.
    pub about: Option<Arc<str>>,
    /// The effective priority then.
    pub priority: Priority,
    /// The last advertisements that had been heard then, the oldest first.
    pub heard: Box<[Arrival]>,
    /// How late the engine was.
    pub engine_late: Duration,
}

/// A drain that stands, or is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrainStatus {
    /// Since when, in nanoseconds since the Unix epoch: it may be older than this run.
    pub since: u64,
    /// When it ends by itself.
    pub until: Option<Instant>,
    /// Whether the router still serves.
    pub serving: bool,
}

/// A takeover that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakeoverStatus {
    /// The priority that is advertised at least.
    pub priority: Priority,
    /// When it ends by itself.
    pub until: Option<Instant>,
}

/// What a check says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckStatus {
    /// Its name.
    pub name: Arc<str>,
    /// What it says.
    pub verdict: Verdict,
    /// What it found, in words.
    pub words: Arc<str>,
    /// When that changed.
    pub since: Option<Instant>,
}

/// Somebody else's virtual router on one of our links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// The link.
    pub interface: Arc<str>,
    /// Who sends.
    pub source: IpAddr,
    /// Its VRID, where it has one.
    pub vrid: Option<Vrid>,
    /// When it was last seen; it is looked for once a second.
    pub last_heard: Instant,
}

impl Status {
    /// A moment of the engine in nanoseconds since the Unix epoch.
    pub fn wall(&self, moment: Instant) -> u64 {
        let nanos = |duration: Duration| u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        self.at.saturating_sub(nanos(self.now.since(moment))).saturating_add(nanos(moment.since(self.now)))
    }

    /// The virtual router of this name.
    pub fn router(&self, name: &str) -> Option<&RouterStatus> {
        self.routers.iter().find(|router| *router.name == *name)
    }
}
