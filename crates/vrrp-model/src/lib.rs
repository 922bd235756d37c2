//! The production VRRP state machine under a model checker: every order of frames, timers and faults, within bounds.
//!
//! The decisions are [`vrrp_core::Node`]'s and the bytes are `vrrp-wire`'s. A [`Lan`] says which routers there are, for how
//! long a frame or a kernel may take, and how many faults of each kind may happen; `stateright` then visits every state that
//! can be reached. Where the simulator of `vrrp-sim` throws dice in a rich world, this one is complete in a poor one.
//!
//! **Time.** A router's timer fires at its moment; a frame arrives, and a kernel is done, at any moment of what
//! happens up to the bound, in any order. Two states that differ only in what time it is are one state: what a
//! router is, is read from what `Debug` prints of it, with every moment relative to now. So no field of the core
//! can be forgotten, and runs of any length fold into finitely many states.
//!
//! **Liveness.** That something happens *at last* is checked as that it happens *within a bound*, which is a property of
//! each state: stateright's own `eventually` sees no cycles, and a router that advertises for ever is one.
//!
//! It is no proof about more routers, longer delays or more faults than the bounds say, and no kernel.
//!
//! ```
//! use stateright::{Checker, Model};
//! use vrrp_model::{Faults, Lan};
//!
//! let lan = Lan::of(&[200, 100], Faults { losses: 1, ..Faults::NONE });
//! let checker = lan.checker().spawn_bfs().join();
//! assert!(checker.is_done());
//! checker.assert_properties();
//! ```
#![forbid(unsafe_code)]

mod host;
mod lan;
mod model;
mod print;
mod properties;
mod state;

pub use host::Host;
pub use lan::{Bug, Faults, Lan};
pub use model::Action;
pub use state::{Frame, State};
