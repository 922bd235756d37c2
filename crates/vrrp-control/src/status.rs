use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{Moment, RouterStatus, Seconds, Verdict};

/// How everything stands: `GET /v1/status`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Status {
    /// The daemon's version.
    pub version: String,
    /// When this was true.
    pub at: Moment,
    /// When the daemon was started.
    pub started: Moment,
    /// When a configuration was last taken; the start, if none was since.
    pub configured: Moment,
    /// The engine itself.
    pub engine: EngineStatus,
    /// The virtual routers, by interface, family and VRID.
    pub routers: Vec<RouterStatus>,
    /// The checks that virtual routers track or require.
    pub checks: Vec<CheckStatus>,
    /// What became of notification hooks, by their names.
    pub hooks: Vec<HookStatus>,
    /// Virtual routers of others that were heard on our links.
    pub strangers: Vec<StrangerStatus>,
    /// The number of the last event; zero before the first.
    pub last_event: u64,
}

/// How the engine's thread fares.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EngineStatus {
    /// How late timers fired.
    pub lag: Histogram,
    /// The latest that one fired since the start.
    pub worst_lag: Seconds,
    /// When that was.
    pub worst_lag_at: Option<Moment>,
    /// Rounds of announcements (gratuitous ARP, unsolicited NA) that are queued.
    pub announcements_pending: u32,
    /// Whether a stop is under way.
    pub stopping: bool,
}

/// How often values lay in each of several ranges.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Histogram {
    /// The upper ends of the ranges, all but the last one, which has none.
    pub bounds: Vec<Seconds>,
    /// Values in each range, one more than there are bounds.
    pub counts: Vec<u64>,
    /// All values together.
    pub sum: Seconds,
}

/// One health check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckStatus {
    /// Its name.
    pub name: String,
    /// What it says.
    pub verdict: Verdict,
    /// What it found, in words; empty where there is nothing to say.
    #[serde(default)]
    pub words: String,
    /// When the verdict last changed.
    #[serde(default)]
    pub since: Option<Moment>,
    /// Runs so far, and those of them that failed; `None` where nobody counts them.
    #[serde(default)]
    pub runs: Option<u64>,
    /// See `runs`.
    #[serde(default)]
    pub failures: Option<u64>,
    /// How long the last run took.
    #[serde(default)]
    pub took: Option<Seconds>,
    /// How long its runs took; without ranges where nobody counts them.
    #[serde(default)]
    pub durations: Histogram,
    /// The virtual routers that track or require it.
    #[serde(default)]
    pub routers: Vec<String>,
}

/// What became of one kind of notification hook.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HookStatus {
    /// Its name.
    pub hook: String,
    /// Runs that succeeded.
    pub succeeded: u64,
    /// Runs that failed.
    pub failed: u64,
    /// Runs that a newer state ended or made needless.
    pub superseded: u64,
}

/// Somebody else's virtual router on one of our links.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StrangerStatus {
    /// The link.
    pub interface: String,
    /// Who advertises.
    pub source: IpAddr,
    /// Its VRID; `None` for what is no VRRP under VRRP's protocol number.
    pub vrid: Option<u8>,
    /// When it was last seen; it is looked for once a second.
    #[serde(default)]
    pub last_heard: Option<Moment>,
}

impl Status {
    /// The virtual router of this name.
    pub fn router(&self, name: &str) -> Option<&RouterStatus> {
        self.routers.iter().find(|router| router.name == name)
    }
}

impl Histogram {
    /// How many values there were.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }
}
