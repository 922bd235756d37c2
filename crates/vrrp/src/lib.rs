//! Embeddable VRRP failover: virtual routers, raw sockets and addresses behind one builder.
//!
//! What it is: the front door of the workspace. A [`Node`] runs [`vrrp_core`]'s state machine on a thread of its own,
//! with its sockets, the wanted addresses in the kernel ([`vrrp_netlink`]) and announcements on the LAN. The rest of
//! your program is told by [`Events`], on tokio or any other executor.
//!
//! What it is not: a daemon. It parses no configuration, and runs no checks and no scripts, unless the features `config`,
//! `health` and `notify` are on; what a check of the program itself says goes in by a [`Reporter`].
//!
//! ```no_run
//! use vrrp::{Address, Name, Node, Router, Stop, Vrid, What};
//!
//! # async fn gateway() -> Result<(), Box<dyn std::error::Error>> {
//! let vrid = Vrid::new(51).ok_or("a VRID is 1 to 255")?;
//! let web = Router::new("web", "eth0", vrid, [Address::new([192, 0, 2, 10].into(), 24, "eth0")]).priority(150);
//! let (mut node, mut events) = Node::builder().router(web).run_directory("/run/gateway").start()?;
//! while let Some(event) = events.recv().await {
//!     if let What::Moved { to: Name::Active, why, .. } = event.what {
//!         println!("{} serves the address now: {why}", event.router);
//!         break;
//!     }
//! }
//! node.stop(Stop::HandOver);
//! node.ended().await;
//! # Ok(())
//! # }
//! ```
//!
//! It needs `CAP_NET_ADMIN` and `CAP_NET_RAW`.

mod capture;
mod clock;
#[cfg(feature = "control")]
pub mod control;
mod drain_file;
mod engine;
mod error;
mod event;
#[cfg(feature = "health")]
pub mod health;
#[cfg(feature = "config")]
mod model;
mod node;
#[cfg(feature = "notify")]
pub mod notify;
mod operator;
mod router;
mod run_file;
mod scheduling;
#[cfg(any(feature = "health", feature = "notify"))]
mod script;
pub mod socket;
mod sole;
pub mod status;
mod stored;
mod sys;
mod takeover_file;

pub use capture::Capture;
pub use error::StartError;
pub use event::{Event, What};
pub use node::{Builder, Ended, Events, Node, Reporter};
pub use operator::{DrainOutcome, Drained, OperateError, Operator, TakeoverOutcome, TookOver};
pub use router::Router;
pub use scheduling::{Cpus, Scheduling, Unmet};
pub use vrrp_core::{
    AddressList, AnnouncePolicy, Cause, Checksum, Condition, Config, Contest, Counters, Delivery, Drain, Habits, Heard,
    Ineligible, Instant, Name, OnClaim, OnDegraded, Peer, Preempt, Reject, Stop, Timer, Verdict, Weight, Withheld,
};
pub use vrrp_netlink::{Address, AddressFlags, Lifetime, Scope};
#[cfg(any(feature = "health", feature = "notify"))]
pub use vrrp_script::bury_orphans;
pub use vrrp_wire::{AdverInterval, Authentication, Coverage, Family, Priority, Version, Vrid};
