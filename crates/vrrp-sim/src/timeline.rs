use core::fmt;

use vrrp_core::{Cause, Condition, Instant, Name};
use vrrp_wire::Priority;

use crate::Fault;

/// What happened, and when: what a person reads when an invariant fails.
#[derive(Debug, Clone, Default)]
pub struct Timeline(Vec<(Instant, Entry)>);

/// One thing that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Entry {
    /// From outside.
    Fault(Fault),
    /// A router moved.
    Moved {
        /// Which router.
        router: u8,
        /// Index of the virtual router.
        virtual_router: u8,
        /// The state left.
        from: Name,
        /// The state entered.
        to: Name,
        /// Why.
        why: Cause,
    },
    /// A router noticed something odd.
    Noticed {
        /// Which router.
        router: u8,
        /// Index of the virtual router.
        virtual_router: u8,
        /// What.
        condition: Condition,
    },
    /// Its effective priority changed.
    Priority {
        /// Which router.
        router: u8,
        /// Index of the virtual router.
        virtual_router: u8,
        /// The new one.
        to: Priority,
    },
    /// An advertisement could not be sent.
    Unsent {
        /// Which router.
        router: u8,
        /// Index of the virtual router.
        virtual_router: u8,
    },
    /// A router sent an advertisement.
    Advertised {
        /// Which router.
        router: u8,
        /// Index of the virtual router.
        virtual_router: u8,
        /// The priority it carried.
        priority: Priority,
    },
    /// A router announced an address.
    Announced {
        /// Which router.
        router: u8,
        /// Index of the virtual router.
        virtual_router: u8,
    },
    /// The kernel of a router has put the address in place, or taken it away.
    Holds {
        /// Which router.
        router: u8,
        /// Index of the virtual router.
        virtual_router: u8,
        /// Whether it has it.
        present: bool,
    },
    /// The packets of a client began to reach the address, or ceased to.
    Client {
        /// Index of the virtual router.
        virtual_router: u8,
        /// The router that they reach.
        reaches: Option<u8>,
    },
}

impl Timeline {
    pub(crate) fn note(&mut self, at: Instant, entry: Entry) {
        self.0.push((at, entry));
    }

    /// Everything, in its order.
    pub fn entries(&self) -> impl Iterator<Item = (Instant, Entry)> + '_ {
        self.0.iter().copied()
    }

    /// The moves alone: when, which router, to which state.
    pub fn moves(&self) -> impl Iterator<Item = (Instant, u8, Name)> + '_ {
        self.0.iter().filter_map(|(at, entry)| match entry {
            Entry::Moved { router, to, .. } => Some((*at, *router, *to)),
            Entry::Fault(_)
            | Entry::Noticed { .. }
            | Entry::Unsent { .. }
            | Entry::Priority { .. }
            | Entry::Advertised { .. }
            | Entry::Announced { .. }
            | Entry::Holds { .. }
            | Entry::Client { .. } => None,
        })
    }

    /// When the first advertisement after `after` was sent, and by which router.
    pub fn first_advertisement(&self, after: Instant) -> Option<(Instant, u8)> {
        self.0.iter().find_map(|(at, entry)| match entry {
            Entry::Advertised { router, .. } if *at > after => Some((*at, *router)),
            Entry::Advertised { .. }
            | Entry::Noticed { .. }
            | Entry::Unsent { .. }
            | Entry::Priority { .. }
            | Entry::Fault(_)
            | Entry::Moved { .. }
            | Entry::Announced { .. }
            | Entry::Holds { .. }
            | Entry::Client { .. } => None,
        })
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => write!(f, "** {fault}"),
            Self::Moved { router, virtual_router, from, to, why } => {
                write!(f, "r{router} v{virtual_router}: {from:?} -> {to:?} ({why})")
            }
            Self::Noticed { router, virtual_router, condition } => {
                write!(f, "r{router} v{virtual_router}: notices: {condition}")
            }
            Self::Priority { router, virtual_router, to } => write!(f, "r{router} v{virtual_router}: priority {to}"),
            Self::Unsent { router, virtual_router } => write!(f, "r{router} v{virtual_router}: cannot advertise"),
            Self::Advertised { router, virtual_router, priority } => {
                write!(f, "r{router} v{virtual_router}: advertises {priority}")
            }
            Self::Announced { router, virtual_router } => write!(f, "r{router} v{virtual_router}: announces"),
            Self::Holds { router, virtual_router, present: true } => {
                write!(f, "r{router} v{virtual_router}: the address is in place")
            }
            Self::Holds { router, virtual_router, present: false } => {
                write!(f, "r{router} v{virtual_router}: the address is gone")
            }
            Self::Client { virtual_router, reaches: Some(router) } => {
                write!(f, "client of v{virtual_router} reaches r{router}")
            }
            Self::Client { virtual_router, reaches: None } => write!(f, "client of v{virtual_router} reaches nobody"),
        }
    }
}

impl fmt::Display for Timeline {
    /// Line by line; advertisements that say nothing new are left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = Vec::new();
        for (at, entry) in &self.0 {
            if let Entry::Advertised { .. } | Entry::Unsent { .. } = entry {
                if said.contains(entry) {
                    continue;
                }
                said.push(*entry);
            } else if !matches!(entry, Entry::Announced { .. } | Entry::Client { .. }) {
                said.clear();
            }
            writeln!(f, "at {at} {entry}")?;
        }
        Ok(())
    }
}
