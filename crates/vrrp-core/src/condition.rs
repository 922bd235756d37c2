use alloc::vec::Vec;
use core::fmt;
use core::mem::discriminant;
use core::net::IpAddr;
use core::time::Duration;

use vrrp_wire::{AdverInterval, Coverage, Priority};

use crate::{CheckId, Instant, Output, Outputs, Reject, RouterId};

/// Something that is odd on this LAN or on this host and that does not by itself move a virtual router.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    /// Active, and another router claims the same addresses.
    Contested {
        /// Who.
        by: IpAddr,
        /// Why this router stays Active all the same.
        reason: Contest,
    },
    /// A peer advertises with another interval.
    IntervalDiffers {
        /// Who.
        by: IpAddr,
        /// Its interval.
        theirs: AdverInterval,
    },
    /// A peer advertises other addresses.
    AddressesDiffer {
        /// Who.
        by: IpAddr,
    },
    /// A peer computes its checksum in the other form.
    ChecksumDiffers {
        /// Who.
        by: IpAddr,
        /// Its form.
        theirs: Coverage,
    },
    /// Two routers advertise priority 255 (RFC 9568 §8.3.2).
    TwoOwners {
        /// The other one.
        by: IpAddr,
    },
    /// Our own virtual router is advertised from our own source address, and not by us.
    DuplicateSource {
        /// The address.
        address: IpAddr,
    },
    /// Advertisements cannot be sent.
    SendFailing,
    /// This host stood still for longer than `Active_Down_Interval` while Active.
    Stalled,
    /// It would have claimed the addresses, and did not.
    Withheld(Withheld),
    /// It preempted and failed too often: no living router is preempted for so long.
    PreemptionHeld {
        /// How long, from when this began.
        hold_off: Duration,
    },
    /// It was to hand over and nobody took over, so it serves on.
    Unrelieved,
}

/// Why a router that heard nobody, or nobody better, did not claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// A check that it requires is not up (`claim_requires`).
    Requires(CheckId),
    /// Nothing at all has been received since the carrier came up: one more interval is listened to.
    Deaf,
    /// The silent router still answers for the addresses (`confirm_silence`).
    Answered,
    /// This member of its sync group has heard the Active router meanwhile: only its own advertisements are missing.
    Group(RouterId),
}

/// Why a contested Active router stays Active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contest {
    /// The other one's priority is lower.
    Lower(Priority),
    /// The priorities are equal and the other one's address is lower.
    LowerAddress(Priority),
    /// The priorities are equal, and not this router but the first member of its sync group decides.
    Undecided(Priority),
    /// What the other one sends is discarded.
    Discarded(Reject),
}

/// The conditions that hold, each with when it was last seen. Empty, and without memory of its own, on a healthy LAN.
#[derive(Debug, Clone, Default)]
pub(crate) struct Conditions(Vec<(Condition, Instant)>);

impl Conditions {
    /// Notes that `condition` holds; says so when it did not.
    pub(crate) fn raise(&mut self, now: Instant, condition: Condition, out: &mut Outputs) {
        let kind = discriminant(&condition);
        if let Some(held) = self.0.iter_mut().find(|(held, _)| discriminant(held) == kind) {
            *held = (condition, now);
            return;
        }
        self.0.push((condition, now));
        out.push(Output::Raised(condition));
    }

    /// Ends each condition that `over` picks by its value and when it was last seen.
    pub(crate) fn clear(&mut self, out: &mut Outputs, over: impl Fn(&Condition, Instant) -> bool) {
        self.0.retain(|(condition, seen)| {
            let ends = over(condition, *seen);
            if ends {
                out.push(Output::Cleared(*condition));
            }
            !ends
        });
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Condition> + '_ {
        self.0.iter().map(|(condition, _)| *condition)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contested { by, reason } => write!(f, "contested by {by}: {reason}"),
            Self::IntervalDiffers { by, theirs } => write!(f, "{by} advertises every {theirs}"),
            Self::AddressesDiffer { by } => write!(f, "{by} advertises other addresses"),
            Self::ChecksumDiffers { by, theirs } => {
                let form = match theirs {
                    Coverage::PseudoHeader => "with the pseudo-header",
                    Coverage::Message => "over the message alone",
                };
                write!(f, "{by} sends the other checksum form: {form}")
            }
            Self::TwoOwners { by } => write!(f, "{by} advertises priority 255 too"),
            Self::DuplicateSource { address } => {
                write!(f, "somebody else advertises from our address {address}")
            }
            Self::SendFailing => f.write_str("advertisements cannot be sent"),
            Self::Stalled => f.write_str("this host stood still for longer than Active_Down_Interval"),
            Self::Withheld(withheld) => withheld.fmt(f),
            Self::PreemptionHeld { hold_off } => {
                write!(f, "preempted and failed again and again: preempts nobody for {} s", hold_off.as_secs())
            }
            Self::Unrelieved => f.write_str("nobody took over: serves on"),
        }
    }
}

impl Withheld {
    /// The word that programs read.
    pub const fn token(&self) -> &'static str {
        match self {
            Self::Requires(_) => "withheld_requires",
            Self::Deaf => "withheld_deaf",
            Self::Answered => "withheld_answered",
            Self::Group(_) => "withheld_group",
        }
    }
}

impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("would have claimed, but ")?;
        f.write_str(match self {
            Self::Requires(_) => "a check that claiming requires has not been well since",
            Self::Deaf => "nothing at all has been received since the carrier came up",
            Self::Answered => "the silent router still answers for the addresses",
            Self::Group(_) => "another member of its sync group still hears the Active router",
        })
    }
}

impl fmt::Display for Contest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lower(priority) => write!(f, "its priority {priority} is lower"),
            Self::LowerAddress(priority) => {
                write!(f, "equal priority {priority}, its address is lower")
            }
            Self::Undecided(priority) => {
                write!(f, "equal priority {priority}, and the first member of the sync group decides")
            }
            Self::Discarded(reject) => write!(f, "its advertisements are discarded: {reject}"),
        }
    }
}
