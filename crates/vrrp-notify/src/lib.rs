//! Tells programs and people where a virtual router stands: hooks in order, a FIFO, mail.
//!
//! What it is: one ordered queue for each virtual router and group, one hook at a time, the last state always delivered.
//!
//! What it is not: it knows no VRRP; it is given states and causes as text.

mod backoff;
mod notice;
mod queue;
mod subject;

pub use notice::{Notice, Phase, State, Told};
pub use subject::{Barrier, Deletion, Ensure, Hook, Hooks, Kind, OnNewState, Subject, SubjectId, Variables};
