//! What people read from a VRRP daemon and command of it: status, events, requests, and the client of its control socket.
//!
//! What it is: the types of the HTTP/JSON interface that the daemon serves on a Unix socket under `/v1/`, with `serde`
//! both ways, and with the feature `client` a client of that socket on tokio. Moments are seconds since the Unix epoch,
//! durations are seconds, both with fractions. Words that programs compare (`active`, `active_down`) stay; sentences
//! beside them (`words`) are for people and may change.
//!
//! What it is not: it serves nothing and decides nothing. The server is `vrrp-http`.
//!
//! ```
//! use vrrp_control::{State, Status};
//!
//! let answer = r#"{"version": "0.1.0", "at": 1764000000.5, "routers": [], "checks": []}"#;
//! let status: Status = serde_json::from_str(answer)?;
//! assert!(status.routers.iter().all(|router| router.state != State::Active));
//! assert_eq!(State::Active.to_string(), "Active (MASTER)");
//! # Ok::<(), serde_json::Error>(())
//! ```

#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod error;
mod event;
mod explanation;
mod keepalived;
mod moment;
mod reload;
mod request;
mod router;
mod state;
mod status;

#[cfg(feature = "client")]
pub use client::{Client, Follow};
#[cfg(feature = "client")]
pub use error::ClientError;
pub use event::{Event, EventPage};
pub use explanation::{Explanation, Sentence};
pub use keepalived::KeepalivedStats;
pub use moment::{Moment, Seconds};
pub use reload::{Change, ChangeKind, Diagnostic, Reloaded, Severity};
pub use request::{
    Drain, DrainOutcome, DrainReply, Drained, LogLevel, LogLevelBody, Refusal, Takeover, TakeoverOutcome,
    TakeoverReply, TookOver, Undrain,
};
pub use router::{
    AddressStatus, Arrival, DiscardStatus, DrainStatus, HeardStatus, OtherList, PeerStatus, PriorityStatus, Remark,
    RouterCounters, RouterStatus, TakeoverStatus, TimerStatus, TrackStatus, Transition,
};
pub use state::{Family, State, Verdict};
pub use status::{CheckStatus, EngineStatus, Histogram, HookStatus, Status, StrangerStatus};

/// Where the control socket of a daemon lies unless it was told otherwise.
pub const DEFAULT_SOCKET: &str = "/run/vrrpd/vrrpd.sock";
