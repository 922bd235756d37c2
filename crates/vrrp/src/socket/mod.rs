//! Sockets of the engine: what it sends and hears, none of which ever waits.
//!
//! - [`Channel`]: VRRP of one interface and family, filtered by VRID in the kernel.
//! - [`Announcer`]: gratuitous ARP and unsolicited NA.
//! - [`Tap`]: all VRRP of an interface, for people to look at.
//! - [`Ear`]: whether anything at all comes in; [`Prober`]: who answers for an address.
//! - [`Waker`]: how other threads reach the engine's loop.
//! - [`Reading`]: both clocks, and receive stamps brought into monotonic time.
//!
//! No loop, no timers and no threads are here: each socket is a descriptor ([`std::os::fd::AsFd`]) to be polled by its owner.
//!
//! ```no_run
//! use vrrp::socket::{Batch, Channel, ChannelOptions, Hears, Reading};
//! use vrrp_wire::{Family, GROUP_V4, Vrid};
//!
//! let channel = Channel::open(&ChannelOptions {
//!     index: 2,
//!     family: Family::V4,
//!     hears: Hears::Only(Vrid::new(51).into_iter().collect()),
//!     receive_buffer: None,
//! })?;
//! channel.join(GROUP_V4.into())?;
//!
//! let mut batch = Batch::default();
//! let last_drain = Reading::take();
//! let drained = channel.drain(&mut batch, 64, |arrival| {
//!     let came = Reading::take().arrival(arrival.stamp, &last_drain);
//!     println!("{came}: {} octets from {}", arrival.datagram.payload.len(), arrival.datagram.source);
//! })?;
//! assert!(drained.packets <= 64);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod announcer;
mod batch;
mod channel;
mod clock;
mod control;
mod ear;
mod error;
mod filter;
mod name;
mod prober;
mod sys;
mod tap;
mod transmit;
mod waker;
mod witness;

pub use announcer::{Announcement, Announcer};
pub use batch::{Arrival, Batch, Drained, Sighting};
pub use channel::{Channel, ChannelOptions};
pub use clock::{Reading, WallTime};
pub use ear::Ear;
pub use error::{OpenError, SocketKind};
pub use filter::{Hears, VridSet};
pub use prober::Prober;
pub use tap::{Tap, TapOptions};
pub use transmit::Transmit;
pub use waker::Waker;
pub use witness::Witness;
