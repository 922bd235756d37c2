use core::fmt;
use core::time::Duration;

use vrrp_wire::Priority;

use crate::lan::{Noise, Station, stations};

/// Something that happens to the world from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing passes from one station to another any more; the way back stays open.
    Cut {
        /// The segment.
        segment: u8,
        /// Who is no longer heard.
        from: Station,
        /// By whom.
        to: Station,
    },
    /// The stations of the set, one bit each, and the others no longer hear each other.
    Partition {
        /// The segment.
        segment: u8,
        /// The set.
        group: u16,
    },
    /// Everybody hears everybody again.
    Heal {
        /// The segment.
        segment: u8,
    },
    /// The segment loses, doubles and reorders frames from now on; nothing of it ends that.
    Noise {
        /// The segment.
        segment: u8,
        /// What it does.
        noise: Noise,
    },
    /// The daemon of a router dies without a word.
    Kill {
        /// The router.
        router: u8,
        /// Whether its addresses stay where they are, as they do when the host lives.
        addresses_stay: bool,
    },
    /// The daemon of a router starts: it resumes if it died a moment ago with its addresses in place.
    Start {
        /// The router.
        router: u8,
    },
    /// The daemon of a router is told to stop, and hands over.
    Stop {
        /// The router.
        router: u8,
    },
    /// The daemon of a router gets no processor time.
    Stall {
        /// The router.
        router: u8,
        /// For how long.
        lasts: Duration,
    },
    /// The interface of a router loses its carrier, or has it back.
    Link {
        /// The router.
        router: u8,
        /// The segment.
        segment: u8,
        /// Whether it has it back.
        up: bool,
    },
    /// Something tracked moves the effective priority of a router.
    Priority {
        /// The router.
        router: u8,
        /// Index of the virtual router.
        virtual_router: u8,
        /// The new priority.
        priority: Priority,
    },
    /// Somebody removes the address of a virtual router behind the daemon's back.
    Steal {
        /// The router.
        router: u8,
        /// Index of the virtual router.
        virtual_router: u8,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cut { segment, from, to } => write!(f, "segment {segment}: {to} no longer hears {from}"),
            Self::Partition { segment, group } => {
                write!(f, "segment {segment}: parted, {:?} by themselves", stations(*group).collect::<Vec<_>>())
            }
            Self::Heal { segment } => write!(f, "segment {segment}: everybody hears everybody"),
            Self::Noise { segment, noise } => write!(f, "segment {segment}: {noise:?}"),
            Self::Kill { router, addresses_stay: true } => write!(f, "r{router}: killed, addresses stay"),
            Self::Kill { router, addresses_stay: false } => write!(f, "r{router}: powered off"),
            Self::Start { router } => write!(f, "r{router}: daemon starts"),
            Self::Stop { router } => write!(f, "r{router}: daemon is told to stop"),
            Self::Stall { router, lasts } => write!(f, "r{router}: stands still for {lasts:?}"),
            Self::Link { router, segment, up: true } => write!(f, "r{router}: link to segment {segment} up"),
            Self::Link { router, segment, up: false } => write!(f, "r{router}: link to segment {segment} down"),
            Self::Priority { router, virtual_router, priority } => {
                write!(f, "r{router}: priority of v{virtual_router} becomes {priority}")
            }
            Self::Steal { router, virtual_router } => write!(f, "r{router}: somebody removes v{virtual_router}"),
        }
    }
}
