//! Runs a program that an operator named: as a user, in a process group of its own, to a deadline.
//!
//! What it is: what health checks and notification have in common. A [`Program`] is run without a shell; the end of
//! its output is kept; at the deadline the whole group is ended, with SIGTERM and then SIGKILL, and reaped. A group
//! whose leader ended by itself is left alone: what it started stays.
//!
//! What it is not: it schedules nothing and knows neither checks nor hooks. What leaves the group (`setsid`, `timeout`) is not ended.
//!
//! ```
//! use core::{future::pending, time::Duration};
//! use vrrp_script::{End, Limit, Program};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let program = Program::new(["/bin/sh", "-c", "echo the disk is full; exit 3"]);
//! let limit = Limit { deadline: Some(Duration::from_secs(5)), ..Limit::default() };
//! let report = program.run(limit, pending()).await;
//! assert_eq!(report.end, End::Exited(3));
//! assert_eq!(&*report.output, "the disk is full");
//! # });
//! ```
//!
//! [`Program::run`] is the whole of it. [`Program::prepare`] looks users up once for many runs, a [`Run`] can be told to
//! end in two steps, and [`Program::inspect`] says beforehand what would stop a program, or make it a danger. A process that is
//! PID 1 of a container calls [`bury_orphans`] on SIGCHLD: a `waitpid` of its own would take the ends of programs away.

mod children;
mod credentials;
mod inspect;
mod leader;
mod locate;
mod output;
mod path;
mod prepared;
mod program;
mod report;
mod run;
mod sys;
mod tail;

pub use children::bury_orphans;
pub use prepared::Prepared;
pub use program::{Identity, Program, Sandbox};
pub use report::{End, Report, Unrunnable};
pub use run::{Limit, Run};
