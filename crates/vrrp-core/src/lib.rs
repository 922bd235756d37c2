//! The VRRP state machine (RFC 9568), sans IO.
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
mod receive;
mod state;
mod time;
mod timers;
mod token;
mod virtual_router;

pub use cause::{Cause, Heard, Ineligible};
pub use condition::{Condition, Contest};
pub use config::{AddressList, AnnouncePolicy, Checksum, Config, Delivery, Habits, Peer, Preempt};
pub use counters::Counters;
pub use input::{Input, Stop};
pub use node::{InterfaceId, Key, Node, Occupied, Receipt, RouterId};
pub use output::{Name, Output, Outputs};
pub use receive::{Datagram, Received, Reject, check};
pub use state::{Active, Backup, Leaving, State};
pub use time::Instant;
pub use timers::{active_down_interval, skew_time};
pub use virtual_router::{Timer, VirtualRouter};
