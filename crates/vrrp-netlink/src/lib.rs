//! Keeps a *wanted* set of IP addresses in the Linux kernel and reports what happens to links and
//! addresses.
//!
//! What it is: a [`Keeper`] on one thread of its own. Owners *declare* the addresses that they
//! would hold, *claim* them and *release* them. What is claimed is kept: an address that somebody
//! removes comes back within milliseconds, a link that appears late or is recreated gets its
//! addresses when it is there. The caller never waits; outcomes and changes arrive as [`Event`]s.
//!
//! What it is not: it knows no VRRP, sends no announcements, makes no links, and never removes an
//! address that it (or an earlier run with the same mark) did not add, unless told so by
//! [`Command::RemoveLeftovers`].
//!
//! ```no_run
//! use vrrp_netlink::{Address, Event, Keeper, Options, OwnerId};
//!
//! # fn main() -> Result<(), vrrp_netlink::StartError> {
//! let (sender, events) = std::sync::mpsc::channel();
//! let keeper = Keeper::start(Options::default(), move |batch: Vec<Event>| {
//!     let _ = sender.send(batch);
//! })?;
//! let owner = OwnerId(1);
//! keeper.declare(owner, vec![Address::new([192, 0, 2, 1].into(), 32, "eth0")]);
//! keeper.claim(owner);
//! for event in events.iter().flatten() {
//!     if let Event::Placed { owner, missing } = event {
//!         println!("{owner} is served, all but {missing:?}");
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod address;
mod command;
mod decode;
mod encode;
mod error;
mod event;
#[doc(hidden)]
pub mod fuzzing;
mod keeper;
mod key;
mod ledger;
mod links;
mod options;
mod plan;
mod present;
mod socket;
mod trouble;
mod wanted;
mod worker;

pub use address::{Address, AddressFlags, Lifetime, OwnerId, Scope};
pub use command::Command;
pub use error::{Death, StartError};
pub use event::{Event, LinkState, Resync, SourceAddress};
pub use keeper::Keeper;
pub use options::Options;
