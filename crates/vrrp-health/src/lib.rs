//! Runs health checks and says up or down.
//!
//! What it is: a [`Runner`] on a thread of its own that runs each [`Check`] at its interval, never twice at once, to a
//! deadline, and reports an [`Outcome`] judged by rise and fall. Useful alone.
//!
//! What it is not: it knows no VRRP. What a verdict means is for whoever listens.

mod check;
mod error;
mod heartbeat;
mod judge;
mod outcome;
mod probe;
mod report;
mod runner;
mod slots;

pub use check::{Assume, Check, Probe, Schedule};
pub use error::{Duplicate, StartError};
pub use heartbeat::Heartbeat;
pub use outcome::{Outcome, Verdict};
pub use probe::*;
pub use report::Report;
pub use runner::Runner;
