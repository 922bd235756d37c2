//! Runs a program that an operator named: as a user, in a process group of its own, to a deadline.
//!
//! What it is: what health checks and notification have in common. A [`Program`] is run without a shell; the end of
//! its output is kept; at the deadline the whole group is ended, with SIGTERM and then SIGKILL, and reaped. A group
//! whose leader succeeded is left alone: what it started stays.
//!
//! What it is not: it schedules nothing and knows neither checks nor hooks.

mod program;
mod report;

pub use program::{Identity, Program, Sandbox};
pub use report::{End, Report, Unrunnable};
