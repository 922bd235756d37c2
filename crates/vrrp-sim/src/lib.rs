//! A LAN in memory around the production state machine: virtual time, faults, seeds and invariants.
//!
//! Everything between the daemons' loops is simulated: the scheduler, the kernel's address table, the wire with its
//! delays, losses and one-way cuts, and clients with ARP caches. The decisions are [`vrrp_core::Node`]'s and the bytes
//! are `vrrp-wire`'s; nothing of either is replaced. Beside ours a router may run a model of somebody else's daemon
//! ([`Make`]). [`Invariant`] says what must hold.
//!
//! - [`World`] with a [`Setup`] and hand-placed [`Fault`]s is a scenario that reads as a timeline.
//! - [`Script`] is the same as a text that replays exactly, with what is expected at which moment.
//! - [`Episode`] makes a script from a seed; a [`Failure`] prints script and timeline, and [`shrink()`] makes it small.
//! - A [`Saboteur`] plants a bug, to see that an invariant catches it.
//! - [`steer()`] lets bytes choose the inputs of a node: the body of a fuzz target.
//!
//! It is no proof, and no kernel: what real sockets and real address tables do is tested elsewhere.
//!
//! ```
//! use core::time::Duration;
//! use vrrp_core::{AddressList, Config, Instant};
//! use vrrp_sim::{Fault, Honest, RouterFault, Setup, World};
//! use vrrp_wire::{Family, Priority, Version, Vrid};
//!
//! let address = vrrp_sim::source(Family::V4, 0, 99);
//! let backup = Config::new(Version::V3, Vrid::try_from(51)?, AddressList::of(Family::V4, [address]));
//! let active = Config { priority: Priority::new(200), ..backup.clone() };
//!
//! let mut world = World::new(Setup::one_segment([active, backup]), 1, Box::new(Honest));
//! let death = Instant::ORIGIN + Duration::from_secs(10);
//! world.at(death, Fault::Router(0, RouterFault::PowerOff));
//! world.run(death + Duration::from_secs(5))?;
//! assert!(world.is_active(1, 0));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod checks;
mod daemon;
mod episode;
mod faults;
mod host;
mod invariants;
mod lan;
mod random;
mod router;
mod sabotage;
mod script;
mod setup;
mod shrink;
mod software;
mod steer;
mod timeline;
mod world;

pub use episode::{Episode, Failure, Finding};
pub use faults::{Change, Fault, Forgery, InterfaceFault, RouterFault, SegmentFault, VirtualRouterFault};
pub use host::Client;
pub use invariants::{Bounds, Invariant, MOVES, View, Violation, Watch};
pub use lan::{Noise, STATIONS, Station, Ways};
pub use random::Mode;
pub use sabotage::{Honest, Saboteur};
pub use script::{Expectation, Script, ScriptError, ScriptErrorKind};
pub use setup::{Latency, Make, RouterSetup, Setup, VirtualRouterSetup, mac, source};
pub use shrink::shrink;
pub use steer::steer;
pub use timeline::{Entry, Timeline};
pub use world::World;
