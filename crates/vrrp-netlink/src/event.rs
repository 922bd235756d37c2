//! What the keeper reports.

use core::net::IpAddr;
use core::time::Duration;
use std::sync::Arc;

use crate::address::OwnerId;
use crate::error::Death;

/// An address of the host that may serve as a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceAddress {
    /// The address.
    pub address: IpAddr,
    /// The length of its prefix in bits.
    pub prefix: u8,
    /// Whether some owner declares it: an address owner's real address (RFC 9568 §1.7), or a
    /// virtual address that somebody else put there.
    pub declared: bool,
}

/// A link as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LinkState {
    /// Its name.
    pub name: Arc<str>,
    /// Its index.
    pub index: u32,
    /// Its MAC address, where it is six bytes long.
    pub mac: Option<[u8; 6]>,
    /// Its MTU in bytes.
    pub mtu: u32,
    /// Whether it is switched on (`IFF_UP`).
    pub up: bool,
    /// Whether it can carry packets (`IFF_RUNNING`).
    pub running: bool,
    /// Whether it does multicast (`IFF_MULTICAST`).
    pub multicast: bool,
    /// Whether it is a loopback.
    pub loopback: bool,
    /// What may serve as a source, best first, addresses that we added left out: primary IPv4
    /// addresses in the order in which they came, secondary ones likewise (behind a virtual address
    /// in the same subnet the host's own may be secondary), then IPv6 link-local addresses that are
    /// neither tentative nor duplicates.
    pub sources: Box<[SourceAddress]>,
}

/// Why everything was read anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Resync {
    /// The keeper started; this ends the first listing.
    Start,
    /// The kernel had more to say than the receive buffer held (`ENOBUFS`).
    Overrun,
    /// The kernel holds what the model does not, or a listing changed midway.
    Inconsistent,
    /// The caller asked.
    Asked,
}

/// Something that happened. Events come in batches, in order.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// A link was found, was created or changed (its name too: the index stays).
    Link(LinkState),
    /// A link is gone.
    LinkGone {
        /// Its last name.
        name: Arc<str>,
        /// Its index.
        index: u32,
    },
    /// The owner's claim was carried out as far as it can be now. Comes once after each claim or
    /// declaration of a claimed owner, and again whenever more addresses were placed (a link that
    /// came, a refusal that ended).
    Placed {
        /// Whose.
        owner: OwnerId,
        /// The wanted addresses that the kernel does not hold; empty when all are acknowledged.
        missing: Box<[IpAddr]>,
    },
    /// Nothing of the owner is left that we are to remove.
    Released {
        /// Whose.
        owner: OwnerId,
    },
    /// Somebody removed a claimed address, and it is back.
    Restored {
        /// Whose.
        owner: OwnerId,
        /// Which.
        address: IpAddr,
        /// Where.
        link: Arc<str>,
        /// How long it was missing the last time, from when we heard of it.
        missing_for: Duration,
        /// How many times since the last report: a thief in a loop is reported once a second.
        times: u32,
    },
    /// The kernel refuses to add or to remove an address. It is tried again with back-off, 10 ms to
    /// 1 s; reported at first, after a second and then every ten seconds.
    Refused {
        /// Whose.
        owner: OwnerId,
        /// Which.
        address: IpAddr,
        /// Where.
        link: Arc<str>,
        /// The kernel's error number.
        errno: i32,
        /// The kernel's words (extended acknowledgement), where it had some.
        text: Option<Box<str>>,
        /// How many attempts failed.
        attempts: u32,
        /// How long it has been refused.
        refused_for: Duration,
    },
    /// An address that an owner declares but does not claim is on this host: two hosts may answer
    /// for it.
    PresentUnwanted {
        /// Whose.
        owner: OwnerId,
        /// Which.
        address: IpAddr,
        /// The link it is on, not necessarily the one it was declared for.
        link: Arc<str>,
        /// Whether it carries our mark.
        ours: bool,
    },
    /// The condition above has ended: removed, claimed or forgotten.
    PresentUnwantedEnded {
        /// Whose.
        owner: OwnerId,
        /// Which.
        address: IpAddr,
    },
    /// A sweep was carried out.
    Swept {
        /// How many addresses were removed.
        removed: u32,
        /// How many the kernel refused to remove.
        failed: u32,
    },
    /// Links and addresses were read anew. What was found has been told before this; what differed from the
    /// wanted set has been or is being repaired.
    Resynced {
        /// Why.
        reason: Resync,
    },
    /// The keeper has ended by itself; nothing is kept any more.
    Died(Death),
}
