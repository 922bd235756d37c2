//! Runs health checks and says up or down.
//!
//! What it is: a [`Runner`] on a thread of its own that runs each [`Check`] at its interval, never twice at once, to a
//! deadline, and reports an [`Outcome`] judged by rise and fall. Useful alone.
//!
//! What it is not: it knows no VRRP. What a verdict means is for whoever listens.
//!
//! ```
//! use core::time::Duration;
//! use std::sync::mpsc::channel;
//! use vrrp_health::{Assume, Check, Probe, Runner, Schedule, Verdict};
//! use vrrp_script::Program;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let second = Duration::from_secs(1);
//! let schedule = Schedule { interval: 2 * second, timeout: second, rise: 1, fall: 2, assume: Assume::Unknown };
//! let probe = Probe::Script(Program::new(["test", "-d", "/tmp"]));
//! let check = Check { name: "scratch space".into(), probe, schedule };
//!
//! let (told, reports) = channel();
//! let runner = Runner::start(vec![check], 7, move |report| {
//!     let _ = told.send(report);
//! })?;
//! let first = reports.recv()?;
//! assert_eq!((&*first.check, first.verdict), ("scratch space", Verdict::Up));
//! runner.stop();
//! # Ok(())
//! # }
//! ```
//!
//! Outcomes become verdicts as in keepalived: the first decides alone, whatever `rise` and `fall` say, unless the check is
//! [assumed down](Assume::Down); later ones count in a row. A [`Heartbeat`] tells whoever depends on the runner that it is alive.

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
