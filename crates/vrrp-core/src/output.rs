use core::fmt;
use core::net::IpAddr;

use vrrp_wire::Priority;

use crate::{Cause, Condition};

/// What must now be done. Orders, not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Output {
    /// Send an advertisement with this priority.
    Advertise(Priority),
    /// Put the virtual addresses in place, then report [`crate::Input::Claimed`].
    Claim,
    /// Announce the addresses that are in place, one round.
    Announce,
    /// Take the virtual addresses away, then report [`crate::Input::Released`].
    Release,
    /// The state changed; nothing to do but to tell.
    Moved {
        /// The state left.
        from: Name,
        /// The state entered.
        to: Name,
        /// Why.
        why: Cause,
    },
    /// The effective priority changed; nothing to do but to tell.
    Priority {
        /// The former one.
        from: Priority,
        /// The present one.
        to: Priority,
    },
    /// Ask the LAN whether the router last heard at this address still answers for the virtual addresses, then report
    /// [`crate::Input::Answered`] if it does.
    Probe(IpAddr),
    /// Something worth a person's eye began.
    Raised(Condition),
    /// It ended.
    Cleared(Condition),
}

/// The name of a state (RFC 9568 §6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Name {
    /// Not taking part; keepalived's FAULT when there is a cause.
    Initialize,
    /// Watching the Active router.
    Backup,
    /// Serving the addresses.
    #[doc(alias = "Master")]
    Active,
}

/// The orders that one input gave, in the order in which they must be performed.
#[derive(Debug, Clone, Copy, Default)]
#[must_use = "orders that are not performed leave the LAN and the core apart"]
pub struct Outputs {
    orders: [Option<Output>; Self::CAPACITY],
    len: usize,
}

impl Outputs {
    /// The most orders that one input can give. An owner that was started again during its hand-over releases (1), moves
    /// (1), ends the five conditions that only an Active router has evidence of, and claims anew (3). As many for a check
    /// that makes an Active router ineligible: priority 0, release, the move, the hold-off that begins (4), those five
    /// conditions, and a new priority (1). Everything else gives fewer.
    pub const CAPACITY: usize = 10;

    pub(crate) const fn new() -> Self {
        Self { orders: [None; Self::CAPACITY], len: 0 }
    }

    pub(crate) fn push(&mut self, output: Output) {
        debug_assert!(self.len < Self::CAPACITY, "one input gave more than {} orders", Self::CAPACITY);
        if let Some(slot) = self.orders.get_mut(self.len) {
            *slot = Some(output);
            self.len += 1;
        }
    }

    /// Whether there is nothing to do.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many orders there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// The orders, first things first.
    pub fn iter(&self) -> impl Iterator<Item = Output> + '_ {
        self.orders.iter().flatten().copied()
    }
}

impl IntoIterator for Outputs {
    type Item = Output;
    type IntoIter = core::iter::Flatten<core::array::IntoIter<Option<Output>, { Self::CAPACITY }>>;

    fn into_iter(self) -> Self::IntoIter {
        self.orders.into_iter().flatten()
    }
}

impl<const N: usize> PartialEq<[Output; N]> for Outputs {
    fn eq(&self, other: &[Output; N]) -> bool {
        self.iter().eq(other.iter().copied())
    }
}

impl Name {
    /// The word that programs read: `initialize`, `backup` or `active`.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Initialize => "initialize",
            Self::Backup => "backup",
            Self::Active => "active",
        }
    }
}

impl fmt::Display for Name {
    /// RFC 9568's word with keepalived's beside it, as logs print it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Initialize => "Initialize (FAULT)",
            Self::Backup => "Backup (BACKUP)",
            Self::Active => "Active (MASTER)",
        })
    }
}
