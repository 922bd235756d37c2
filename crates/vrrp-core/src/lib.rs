//! The VRRP state machine (RFC 9568), sans IO.
//!
//! What it is: every decision of a virtual router, and of all virtual routers of a host ([`Node`]). What happened goes in,
//! with the moment at which it happened; what must now be done comes out, in the order in which it must be done.
//!
//! What it is not: it opens no socket, reads no clock, touches no address and logs nothing. That is the driver's part.
//!
//! ```
//! use vrrp_core::{AddressList, Config, Input, Instant, Output, VirtualRouter};
//! use vrrp_wire::{Family, Priority, Version, Vrid};
//!
//! let addresses = AddressList::of(Family::V4, [[192, 0, 2, 10].into()]);
//! let vrid = Vrid::new(51).expect("51 is not 0");
//! let mut router = VirtualRouter::new(Config::new(Version::V3, vrid, addresses), 0);
//! let _backup = router.handle(Instant::ORIGIN, Input::Startup);
//!
//! // Nobody advertises until Active_Down_Timer fires: it takes over, and says so before it has the addresses.
//! let (due, _timer) = router.next_timeout().expect("a Backup waits for the Active router");
//! let orders: Vec<Output> = router.handle(due, Input::Timeout).into_iter().collect();
//! assert_eq!(orders[..2], [Output::Advertise(Priority::DEFAULT), Output::Claim]);
//! ```
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod cause;
mod condition;
mod config;
mod counters;
mod input;
mod node;
mod output;
mod policy;
mod receive;
mod state;
mod time;
mod timers;
mod token;
mod tracking;
mod virtual_router;

pub use cause::{Cause, Heard, Ineligible};
pub use condition::{Condition, Contest, Withheld};
pub use config::{AddressList, AnnouncePolicy, Checksum, Config, Delivery, Habits, Peer};
pub use counters::Counters;
pub use input::{Drain, Input, Pull, Stop};
pub use node::{InterfaceId, Key, Node, Occupied, Receipt, RouterId};
pub use output::{Name, Output, Outputs};
pub use policy::{OnClaim, OnDegraded, Preempt, Requirement};
pub use receive::{Datagram, Received, Reject, check};
pub use state::{Active, Backup, Leaving, State};
pub use time::Instant;
pub use timers::{active_down_interval, skew_time};
pub use tracking::{CheckId, Track, Verdict, Weight};
pub use virtual_router::{Timer, VirtualRouter};
