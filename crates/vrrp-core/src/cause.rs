use core::fmt;
use core::net::IpAddr;

use vrrp_wire::Priority;

use crate::{CheckId, Instant, RouterId};

/// Another router's advertisement, as evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// Who sent it.
    pub source: IpAddr,
    /// The priority it carried.
    pub priority: Priority,
    /// When it arrived.
    pub at: Instant,
}

/// Why a virtual router moved from one state to another, with the evidence.
///
/// Logs, hooks and metrics all print this one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// It was started (RFC 9568 §6.4.1).
    Started,
    /// It was started, or became eligible, as the owner of the addresses (RFC 9568 §6.4.1).
    Owner,
    /// It was Active when the daemon died or was replaced, less than the peers' `Active_Down_Interval` ago.
    Resumed,
    /// The last cause of ineligibility went away.
    Recovered(Ineligible),
    /// `Active_Down_Timer` fired: nobody advertised (RFC 9568 §6.4.2).
    ActiveDown {
        /// The last Active router heard, if any ever was.
        last: Option<Heard>,
    },
    /// `Skew_Time` after the Active router gave up by priority 0 (RFC 9568 §6.4.2).
    Released {
        /// The router that gave up.
        by: IpAddr,
    },
    /// `Active_Down_Timer` fired while a router of lower priority advertised (RFC 9568 §6.1 `Preempt_Mode`).
    Preempting {
        /// The router that was displaced.
        lower: Heard,
    },
    /// A router of higher priority advertised (RFC 9568 §6.4.3).
    Higher {
        /// The better router.
        by: Heard,
    },
    /// A router of equal priority and greater address advertised (RFC 9568 §6.4.3).
    Tie {
        /// The router that won the tie.
        by: Heard,
    },
    /// Something makes the router unable to serve.
    Ineligible(Ineligible),
    /// It was told to stop.
    Stopped,
    /// It handed over: the successor has spoken.
    HandedOver {
        /// The successor.
        to: Heard,
    },
    /// It was told to stop and nobody took over in time.
    NobodyTookOver,
    /// Another member of its sync group moved so.
    Group(RouterId),
}

/// A named reason for which a virtual router may not serve. A router is eligible when it has none.
///
/// Interfaces and checks are numbers that the driver chose and can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Ineligible {
    /// Its own block of the configuration is wrong.
    Configuration,
    /// The interface does not exist.
    InterfaceAbsent(u32),
    /// The interface is administratively down or has no carrier.
    InterfaceDown(u32),
    /// The interface has no address that an advertisement could come from.
    NoSourceAddress(u32),
    /// Its socket on the interface could not be opened, or could not join its group: the router would be deaf.
    NoSocket(u32),
    /// Unicast is asked for and no peer is named.
    NoPeers,
    /// The kernel has refused an address for too long.
    ClaimRefused,
    /// Advertisements cannot be sent, and the configuration says to resign then.
    SendFailing,
    /// Our virtual router was advertised from our own address before we ever did.
    DuplicateSource,
    /// The configured delay after start has not passed.
    StartupDelay,
    /// An operator drained it.
    Drained,
    /// A health check has failed.
    Check(u32),
    /// A health check has had no result yet.
    CheckPending(u32),
    /// Whoever runs a health check has fallen silent.
    CheckSilent(u32),
    /// Another member of its sync group may not serve.
    Group(RouterId),
}

impl Cause {
    /// The router that was displaced, where one was.
    pub(crate) const fn preempted(&self) -> Option<IpAddr> {
        match self {
            Self::Preempting { lower } => Some(lower.source),
            Self::Started
            | Self::Owner
            | Self::Resumed
            | Self::Recovered(_)
            | Self::ActiveDown { .. }
            | Self::Released { .. }
            | Self::Higher { .. }
            | Self::Tie { .. }
            | Self::Ineligible(_)
            | Self::Stopped
            | Self::HandedOver { .. }
            | Self::NobodyTookOver
            | Self::Group(_) => None,
        }
    }

    /// The other router that it speaks of.
    pub const fn peer(&self) -> Option<IpAddr> {
        match self {
            Self::Released { by } | Self::ActiveDown { last: Some(Heard { source: by, .. }) } => Some(*by),
            Self::Preempting { lower: Heard { source, .. } }
            | Self::Higher { by: Heard { source, .. } }
            | Self::Tie { by: Heard { source, .. } }
            | Self::HandedOver { to: Heard { source, .. } } => Some(*source),
            Self::Started
            | Self::Owner
            | Self::Resumed
            | Self::Recovered(_)
            | Self::ActiveDown { last: None }
            | Self::Ineligible(_)
            | Self::Stopped
            | Self::NobodyTookOver
            | Self::Group(_) => None,
        }
    }

    /// The cause of ineligibility that began or ended, where that is what moved the router.
    pub const fn ineligible(&self) -> Option<Ineligible> {
        match self {
            Self::Ineligible(cause) | Self::Recovered(cause) => Some(*cause),
            Self::Started
            | Self::Owner
            | Self::Resumed
            | Self::ActiveDown { .. }
            | Self::Released { .. }
            | Self::Preempting { .. }
            | Self::Higher { .. }
            | Self::Tie { .. }
            | Self::Stopped
            | Self::HandedOver { .. }
            | Self::NobodyTookOver
            | Self::Group(_) => None,
        }
    }
}

impl Ineligible {
    /// Whether it is that there is no carrier.
    pub(crate) const fn is_about_carrier(&self) -> bool {
        matches!(self, Self::InterfaceDown(_) | Self::InterfaceAbsent(_))
    }

    /// The number of the interface it speaks of.
    pub const fn interface(&self) -> Option<u32> {
        match self {
            Self::InterfaceAbsent(id) | Self::InterfaceDown(id) | Self::NoSourceAddress(id) | Self::NoSocket(id) => {
                Some(*id)
            }
            Self::Configuration
            | Self::NoPeers
            | Self::ClaimRefused
            | Self::SendFailing
            | Self::DuplicateSource
            | Self::StartupDelay
            | Self::Drained
            | Self::Check(_)
            | Self::CheckPending(_)
            | Self::CheckSilent(_)
            | Self::Group(_) => None,
        }
    }

    /// The check it speaks of.
    pub const fn check(&self) -> Option<CheckId> {
        match self {
            Self::Check(id) | Self::CheckPending(id) | Self::CheckSilent(id) => Some(CheckId(*id)),
            Self::Configuration
            | Self::InterfaceAbsent(_)
            | Self::InterfaceDown(_)
            | Self::NoSourceAddress(_)
            | Self::NoSocket(_)
            | Self::NoPeers
            | Self::ClaimRefused
            | Self::SendFailing
            | Self::DuplicateSource
            | Self::StartupDelay
            | Self::Drained
            | Self::Group(_) => None,
        }
    }
}

impl fmt::Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} priority {}", self.source, self.priority)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started => f.write_str("started"),
            Self::Owner => f.write_str("owner of the addresses"),
            Self::Resumed => f.write_str("resumed after a restart"),
            Self::Recovered(cause) => write!(f, "recovered, over: {cause}"),
            Self::ActiveDown { last: None } => f.write_str("Active_Down_Timer fired, nobody was ever heard"),
            Self::ActiveDown { last: Some(last) } => {
                write!(f, "Active_Down_Timer fired, {last} fell silent")
            }
            Self::Released { by } => write!(f, "{by} released with priority 0"),
            Self::Preempting { lower } => write!(f, "preempting {lower}"),
            Self::Higher { by } => write!(f, "higher priority: {by}"),
            Self::Tie { by } => write!(f, "equal priority, greater address: {by}"),
            Self::Ineligible(cause) => write!(f, "{cause}"),
            Self::Stopped => f.write_str("stopped"),
            Self::HandedOver { to } => write!(f, "handed over to {to}"),
            Self::NobodyTookOver => f.write_str("stopped, nobody took over"),
            Self::Group(_) => f.write_str("with its sync group"),
        }
    }
}

impl fmt::Display for Ineligible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration => f.write_str("misconfigured"),
            Self::InterfaceAbsent(_) => f.write_str("interface absent"),
            Self::InterfaceDown(_) => f.write_str("interface down"),
            Self::NoSourceAddress(_) => f.write_str("no source address on the interface"),
            Self::NoSocket(_) => f.write_str("without a socket on the interface"),
            Self::NoPeers => f.write_str("without unicast peers"),
            Self::ClaimRefused => f.write_str("refused an address by the kernel"),
            Self::SendFailing => f.write_str("unable to send"),
            Self::DuplicateSource => f.write_str("hearing itself advertised from our own address by somebody else"),
            Self::StartupDelay => f.write_str("waiting out the startup delay"),
            Self::Drained => f.write_str("drained"),
            Self::Check(_) => f.write_str("failing a check"),
            Self::CheckPending(_) => f.write_str("waiting for the first result of a check"),
            Self::CheckSilent(_) => f.write_str("without news of a check, its runner has fallen silent"),
            Self::Group(_) => f.write_str("held by another member of its sync group"),
        }
    }
}
