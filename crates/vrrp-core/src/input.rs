use core::net::IpAddr;

use vrrp_wire::Priority;

use crate::{Ineligible, Received, Reject};

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
    /// The effective priority changed. The owner's is never moved.
    Priority(Priority),
    /// The address that advertisements come from.
    Source(IpAddr),
    /// The kernel has acknowledged addresses of the claim: the first time, or again after somebody removed one.
    Claimed,
    /// The kernel has acknowledged that the addresses are gone.
    Released,
    /// Sending began to fail (`true`) or works again (`false`).
    SendFailing(bool),
}

/// How to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Keep serving until the successor speaks, for at most `Adver_Interval` + 100 ms.
    HandOver,
    /// Release at once.
    Now,
}
