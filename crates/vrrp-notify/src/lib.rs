//! Tells programs and people where a virtual router stands: hooks in order, FIFOs, mail.
//!
//! What it is: a [`Notifier`] on a thread of its own. It is told what happens to *subjects*, virtual routers and sync
//! groups, and tells it on: to hooks, to FIFOs and by mail, with keepalived's arguments, lines and words. Each subject
//! has one ordered queue: one hook at a time, in the order of the transitions, the last state always delivered. FIFOs
//! have each line at once; neither they nor mail wait for a hook. Whatever became of it comes back as an [`Event`].
//!
//! What it is not: it knows no VRRP. States, causes and peers are given to it; it decides nothing that moves an address,
//! except how long an address waits for the programs of a [`Phase`].
//!
//! ```
//! use std::sync::mpsc::channel;
//! use std::time::Duration;
//!
//! use vrrp_notify::{Event, Hook, Notice, Notifier, Plan, State, Subject, SubjectId, Told};
//! use vrrp_script::Program;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let id = SubjectId::instance("VI_1");
//! let mut subject = Subject::new(id.clone());
//! subject.hooks.any = Some(Hook::new(Program::new(["/bin/echo", "hello"])));
//!
//! let (sender, events) = channel();
//! let plan = Plan { subjects: vec![subject], ..Plan::default() };
//! let notifier = Notifier::start(plan, move |event| drop(sender.send(event)))?;
//! notifier.tell(Notice::new(id, Told::Entered(State::Master), 150));
//! notifier.stop(Duration::from_secs(5));
//!
//! let Event::Delivered(delivered) = events.recv()? else { panic!("a hook was delivered") };
//! let vrrp_notify::Outcome::Ran(report) = delivered.outcome else { panic!("it ran") };
//! assert_eq!(&*report.output, "hello INSTANCE VI_1 MASTER 150");
//! # Ok(())
//! # }
//! ```
//!
//! # What a newer state does
//!
//! Under [`OnNewState::Interrupt`] it ends the hook that runs and replaces those that have not begun. A hook is ended with
//! SIGTERM to its process group and SIGKILL a second later; what a hook that succeeded left in the background stays.
//! Under [`OnNewState::Wait`] every hook of every state runs, in order. Either way:
//!
//! - The same state told again ([`Told::Reasserted`]) ends nothing: its hooks run once more after those that run.
//! - An event ([`Told::MasterRxLowerPri`]) ends nothing either, and of several that wait the last one runs.
//! - [`Ensure`] runs after the hooks of `MASTER` until it exits with 0, at growing intervals from 1 s to 60 s, and is
//!   ended as soon as another state is told.
//! - The hooks of `STOP` have a second each ([`Plan::stop_timeout`]).
//!
//! # What hooks get
//!
//! The hook of a state gets the arguments of the configuration, the generic `notify` four more: `INSTANCE` or `GROUP`,
//! the name, the state, the effective priority (0 for a group). All get these variables, beside those of
//! [`Subject::variables`] and [`Notice::variables`]:
//!
//! | variable | value |
//! |---|---|
//! | `VRRP_KIND` | `INSTANCE` or `GROUP` |
//! | `VRRP_NAME` | the subject's name |
//! | `VRRP_EVENT` | `ENTERED`, `REASSERTED`, `MASTER_RX_LOWER_PRI`, `PRE_ACTIVE` or `POST_ACTIVE` |
//! | `VRRP_STATE` | `MASTER`, `BACKUP`, `FAULT`, `STOP` or `DELETED`: the state it is in, or is about to enter |
//! | `VRRP_PREVIOUS` | the state told before; not set the first time |
//! | `VRRP_PRIORITY` | the effective priority; 0 for a group |
//! | `VRRP_CAUSE` | why, in words |
//! | `VRRP_PEER` | the router that caused it, if one did |
//! | `VRRP_GENERATION` | counts the subject's transitions |

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
