//! Tells programs and people where a virtual router stands: hooks in order, a FIFO, mail.
//!
//! What it is: one ordered queue for each virtual router and group, one hook at a time, the last state always delivered.
//!
//! What it is not: it knows no VRRP; it is given states and causes as text.

mod backoff;
mod barriers;
mod call;
mod desk;
mod error;
mod event;
mod fifos;
mod line;
mod mail;
mod notice;
mod notifier;
mod once;
mod pipe;
mod plan;
mod post;
mod queue;
mod reader;
mod subject;
mod worker;

pub use error::{FifoError, MailError, MailboxError, StartError};
pub use event::{Delivered, Event, FifoEvent, HookName, Mailed, Outcome, Prepared, Readiness};
pub use mail::{Mail, Mailbox};
pub use notice::{Notice, Phase, State, Told};
pub use notifier::Notifier;
pub use once::run_once;
pub use plan::{Fifo, Plan};
pub use subject::{Barrier, Deletion, Ensure, Hook, Hooks, Kind, OnNewState, Subject, SubjectId, Variables};
