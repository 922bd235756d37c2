//! Chaos on real kernels: the faults of a seed against two real VRRP daemons, judged by the simulator's checker.
//!
//! Two routers, a client and their onlookers live in namespaces (`vrrp-lab`). A [`schedule()`] made of a seed and a time
//! alone says what is done to them: daemons are killed, stopped and frozen, links and ways cut, addresses stolen,
//! configurations read again, checks fail, floods come. Everything seen meanwhile, on every port, in both address
//! tables and by a client that probes all the time, goes into a [`Journal`], and [`judge()`] holds the journal against
//! the invariants of `vrrp-sim`, by the same code, and against what the timers demand of each kind of fault.
//!
//! It is no proof, and no simulation: time is real, so that a run with the same seed has the same schedule and not the
//! same microseconds. A machine that stalls is seen to stall, and that time is allowed for, in words.
//!
//! ```
//! use core::time::Duration;
//! use vrrp_chaos::schedule;
//!
//! let hour = schedule(7, Duration::from_secs(3600));
//! assert!(hour.iter().map(|slot| slot.strikes.len()).sum::<usize>() > 200);
//! ```
#![forbid(unsafe_code)]

mod arena;
mod error;
mod fault;
mod journal;
mod judge;
mod node;
mod observe;
mod reloads;
mod report;
mod run;
mod schedule;
mod stall;
mod strike;

pub use error::{ChaosError, JournalError};
pub use fault::Fault;
pub use journal::{CLIENT, Entry, Event, Journal, Process};
pub use judge::{Figures, Finding, Row, SlotFigures, Verdict, judge};
pub use node::{Make, Programs};
pub use reloads::{Holdings, Reloads};
pub use report::Report;
pub use run::{Plan, around, create, words};
pub use schedule::{Slot, Strike, Target, schedule};
