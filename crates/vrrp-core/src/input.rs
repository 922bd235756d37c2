use core::net::IpAddr;

use vrrp_wire::Priority;

use crate::{CheckId, Ineligible, Instant, Name, Received, Reject, RouterId, Verdict};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// Begin taking part (RFC 9568 §6.4.1).
    Startup,
    /// Begin as Active: the addresses are in place since a previous run that died less than the peers'
    /// `Active_Down_Interval` ago. When a cause stands against it, they are released instead.
    Resume,
    /// Stop taking part (RFC 9568 §6.4.2, §6.4.3).
    Shutdown(Stop),
    /// A deadline may have passed. Early and late ones are harmless.
    Timeout,
    /// A checked advertisement arrived.
    Advertisement(Received),
    /// A packet for this virtual router was discarded.
    Rejected(IpAddr, Reject),
    /// A cause of ineligibility appeared.
    Raise(Ineligible),
    /// A cause of ineligibility went away.
    Clear(Ineligible),
    /// The priority before tracking changed. The owner's is never moved.
    Priority(Priority),
    /// A check says something new.
    Check(CheckId, Verdict),
    /// A run of a check that began at this moment found it well, whatever it said before. A check of which this is ever
    /// said must say it again after a router fell silent before a claim that requires it.
    Confirmed(CheckId, Instant),
    /// Something was received on the interface since its carrier came up: it passes traffic.
    Proof,
    /// A probe was answered by whoever answers for the last Active router (`confirm_silence`).
    Answered,
    /// While it hands over: whether somebody else has announced the addresses (gratuitous ARP, unsolicited Neighbor
    /// Advertisement). `false` says that this is listened for: the addresses stay until `true`, or for at most half a second
    /// after the successor's first advertisement. Where it is never said, they stay for a fixed moment.
    Announced(bool),
    /// Hand over without stopping, and stay out until [`Ineligible::Drained`] is cleared.
    Drain(Drain),
    /// Advertise at least this priority, and preempt with it; `None` ends it.
    Takeover(Option<Priority>),
    /// From the other members of its sync group.
    Group(Pull),
    /// The address that advertisements come from.
    Source(IpAddr),
    /// The kernel has acknowledged addresses of the claim: the first time, or again after somebody removed one.
    Claimed,
    /// The kernel has acknowledged that the addresses are gone.
    Released,
    /// Sending began to fail (`true`) or works again (`false`).
    SendFailing(bool),
}

/// How to drain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drain {
    /// Where nobody takes over, serve on.
    IfRelieved,
    /// Release in any case.
    Force,
}

/// What the members of a sync group tell each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pull {
    /// This member entered this state: follow.
    To(Name, RouterId),
    /// This member hands over: hand over with it.
    HandOver(RouterId),
    /// This member hears the Active router, when you have not heard it for long, and waits for it until then: wait as long.
    HoldBack(RouterId, Instant),
    /// No member has a higher priority than this; `None` for a router that is in no group any more.
    Ceiling(Option<Priority>),
}

/// How to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Keep serving until the successor speaks, for at most `Adver_Interval` + 100 ms.
    HandOver,
    /// Release at once.
    Now,
}
