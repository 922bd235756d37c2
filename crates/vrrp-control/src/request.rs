use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{Moment, Seconds};

/// Asks for a hand-over and to stay out: `POST /v1/drain`.
///
/// The request is answered when its outcome is known: after at most one `Adver_Interval` and 100 ms.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Drain {
    /// The virtual router; all of them when it is not named.
    pub router: Option<String>,
    /// How long it stays out; until `undrain` when it is not said.
    pub ttl: Option<Seconds>,
    /// Release the addresses even where nobody takes over.
    pub force: bool,
}

/// What became of a drain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrainReply {
    /// One for each virtual router.
    pub outcomes: Vec<Drained>,
}

/// What became of the drain of one virtual router.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drained {
    /// The virtual router.
    pub router: String,
    /// What became of it.
    pub outcome: DrainOutcome,
    /// The successor, where one was heard.
    pub by: Option<IpAddr>,
    /// When it ends by itself.
    pub until: Option<Moment>,
    /// In words.
    pub words: String,
}

/// How a drain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrainOutcome {
    /// It was Active, and a successor has taken over.
    Relieved,
    /// It was not Active, and stays out.
    Idle,
    /// Nobody took over: it serves on, and is not drained.
    Unrelieved,
    /// Nobody took over, and the addresses were released all the same, because force was asked for.
    Released,
    /// Somebody ended the drain before its outcome was known.
    Undone,
}

/// Asks to end a drain: `POST /v1/undrain`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Undrain {
    /// The virtual router; all of them when it is not named.
    pub router: Option<String>,
}

/// Asks to advertise a priority above the present Active router's: `POST /v1/takeover`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Takeover {
    /// The virtual router; all of them when it is not named.
    pub router: Option<String>,
    /// How long; until undone when it is not said.
    pub ttl: Option<Seconds>,
    /// End a former takeover instead.
    pub undo: bool,
}

/// What became of a takeover.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TakeoverReply {
    /// One for each virtual router.
    pub outcomes: Vec<TookOver>,
}

/// What became of the takeover of one virtual router.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TookOver {
    /// The virtual router.
    pub router: String,
    /// What became of it.
    pub outcome: TakeoverOutcome,
    /// The priority that it advertises now.
    pub priority: u8,
    /// When it ends by itself.
    pub until: Option<Moment>,
    /// In words.
    pub words: String,
}

/// How a takeover was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakeoverOutcome {
    /// It advertises, or will when it preempts, a priority above the Active router's.
    Raised,
    /// It is Active already.
    AlreadyActive,
    /// A peer has priority 254 or more: there is nothing above.
    Refused,
    /// It may not serve: nothing was changed.
    Ineligible,
    /// A former takeover is ended.
    Undone,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Only what failed.
    Error,
    /// And what a person should look at.
    Warn,
    /// And every change of state.
    Info,
    /// And what helps to find a defect of the daemon itself.
    Debug,
    /// And what the libraries below it have to say.
    Trace,
}

/// The level of the log: `GET` and `PUT /v1/log-level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLevelBody {
    /// The level.
    pub level: LogLevel,
}

/// Why a request was not done: the body of every answer that is not 2xx.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The word: `not_found`, `no_such_router`, `forbidden`, `bad_request`, `unavailable`, ...
    pub error: String,
    /// In words.
    pub words: String,
}
