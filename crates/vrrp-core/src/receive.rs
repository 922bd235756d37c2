use core::fmt;
use core::net::IpAddr;

use vrrp_wire::{
    Addresses, AdverInterval, Advertisement, Authentication, Coverage, DecodeError, Family, IpPair, Priority, Version,
};

use crate::{Config, Delivery};

/// One packet of IP protocol 112 as it came off the wire.
#[derive(Debug, Clone, Copy)]
pub struct Datagram<'a> {
    /// Source address of the IP header.
    pub source: IpAddr,
    /// Destination address of the IP header.
    pub destination: IpAddr,
    /// TTL or Hop Limit it arrived with.
    pub hop_limit: u8,
    /// What follows the IP header.
    pub payload: &'a [u8],
}

/// An advertisement that passed every check of RFC 9568 §7.1: only such a one reaches the state machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// Who sent it.
    pub source: IpAddr,
    /// The sender's priority.
    pub priority: Priority,
    /// The sender's interval.
    pub interval: AdverInterval,
    /// Whether it lists other addresses than ours.
    pub addresses_differ: bool,
    /// Which checksum form it had.
    pub coverage: Coverage,
}

/// Why a packet was discarded (RFC 9568 §7.1): each variant is a counter, a log line and a row of the RFC ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reject {
    /// No virtual router here has this VRID on this interface and family.
    UnknownVrid,
    /// It came from our own address.
    Own,
    /// TTL or Hop Limit is not 255, or outside what the peer may have.
    HopLimit {
        /// What it arrived with.
        received: u8,
        /// The least that is taken.
        least: u8,
    },
    /// Sent to a group while unicast is configured, or to us alone while multicast is.
    Delivery,
    /// `check_unicast_src` is on and the sender is no peer.
    NotAPeer,
    /// The bytes are no advertisement.
    Malformed(DecodeError),
    /// A version that is not the configured one.
    Version {
        /// The version received.
        received: Version,
    },
    /// VRRPv2 authentication of another type.
    AuthenticationType,
    /// VRRPv2 authentication of the right type with the wrong data.
    AuthenticationData,
    /// VRRPv2 with another interval, and the configuration says to discard it.
    Interval {
        /// The interval received.
        received: AdverInterval,
    },
    /// The owner ignores advertisements.
    OwnerIgnores,
}

/// Checks one packet against the configuration of the virtual router it names, in the order of RFC 9568 §7.1.
///
/// *Authentic and for this VRID* decides; an address list or interval that differs is noted in [`Received`],
/// for two routers that discard each other are both Active for ever.
///
/// # Errors
/// The first check that failed.
pub fn check(datagram: &Datagram<'_>, config: &Config, own: Option<IpAddr>) -> Result<Received, Reject> {
    check_path(datagram, &config.delivery)?;
    let ip = IpPair::new(datagram.source, datagram.destination).ok_or(Reject::Delivery)?;
    let decoded = if config.addresses.as_wire().is_empty() {
        Advertisement::decode_unlisted(datagram.payload, &ip)
    } else {
        Advertisement::decode(datagram.payload, &ip)
    };
    let (advertisement, coverage) = decoded.map_err(Reject::Malformed)?;
    if advertisement.version != config.version {
        return Err(Reject::Version { received: advertisement.version });
    }
    check_authentication(advertisement.authentication, config.authentication)?;
    if own == Some(datagram.source) {
        return Err(Reject::Own);
    }
    if config.habits.discard_other_interval
        && config.version == Version::V2
        && advertisement.interval != config.interval
    {
        return Err(Reject::Interval { received: advertisement.interval });
    }
    if config.habits.owner_ignore_adverts && config.is_owner() {
        return Err(Reject::OwnerIgnores);
    }
    Ok(Received {
        source: datagram.source,
        priority: advertisement.priority,
        interval: advertisement.interval,
        addresses_differ: differs(advertisement.addresses, config.addresses.as_wire()),
        coverage,
    })
}

/// TTL, and whether the packet came the way that is configured.
fn check_path(datagram: &Datagram<'_>, delivery: &Delivery) -> Result<(), Reject> {
    let received = datagram.hop_limit;
    match delivery {
        Delivery::Multicast { .. } => {
            if received != 255 {
                return Err(Reject::HopLimit { received, least: 255 });
            }
            if !datagram.destination.is_multicast() {
                return Err(Reject::Delivery);
            }
        }
        Delivery::Unicast { peers, check_source, .. } => {
            if datagram.destination.is_multicast() {
                return Err(Reject::Delivery);
            }
            match peers.iter().find(|peer| peer.address == datagram.source) {
                Some(peer) if received < peer.min_ttl || received > peer.max_ttl => {
                    return Err(Reject::HopLimit { received, least: peer.min_ttl });
                }
                Some(_) => {}
                None if *check_source => return Err(Reject::NotAPeer),
                None => {}
            }
        }
    }
    Ok(())
}

/// RFC 2338 §7.1: the type must be the configured one, a simple password must match in full.
fn check_authentication(received: Authentication, configured: Authentication) -> Result<(), Reject> {
    match (received, configured) {
        (Authentication::None, Authentication::None) => Ok(()),
        (Authentication::Simple(theirs), Authentication::Simple(ours)) if theirs == ours => Ok(()),
        (Authentication::Simple(_), Authentication::Simple(_)) => Err(Reject::AuthenticationData),
        (
            Authentication::None | Authentication::Simple(_) | Authentication::Other(_),
            Authentication::None | Authentication::Simple(_) | Authentication::Other(_),
        ) => Err(Reject::AuthenticationType),
    }
}

/// Whether two lists hold other addresses; their order says nothing.
fn differs(theirs: Addresses<'_>, ours: Addresses<'_>) -> bool {
    if theirs == ours {
        return false;
    }
    theirs.family() != ours.family()
        || theirs.len() != ours.len()
        || !theirs.iter().all(|address| ours.iter().any(|own| own == address))
}

impl Reject {
    /// Whether an Active router that discards this is contested by its sender: a speaker for our virtual
    /// router that we cannot come to terms with.
    pub(crate) const fn contests(&self) -> bool {
        match self {
            Self::Version { .. } | Self::AuthenticationType | Self::AuthenticationData | Self::Interval { .. } => true,
            Self::UnknownVrid
            | Self::Own
            | Self::HopLimit { .. }
            | Self::Delivery
            | Self::NotAPeer
            | Self::Malformed(_)
            | Self::OwnerIgnores => false,
        }
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownVrid => f.write_str("no such virtual router here"),
            Self::Own => f.write_str("from our own address"),
            Self::HopLimit { received, least } => {
                write!(f, "hop limit {received}, at least {least} needed")
            }
            Self::Delivery => f.write_str("multicast to a unicast router, or unicast to a multicast one"),
            Self::NotAPeer => f.write_str("the sender is no unicast peer"),
            Self::Malformed(error) => error.fmt(f),
            Self::Version { received } => write!(f, "version {received} is not the configured one"),
            Self::AuthenticationType => f.write_str("another type of authentication"),
            Self::AuthenticationData => f.write_str("wrong password"),
            Self::Interval { received } => {
                write!(f, "interval {received} is not the configured one")
            }
            Self::OwnerIgnores => f.write_str("the owner ignores advertisements"),
        }
    }
}

/// Which family a packet between these addresses belongs to, if both are of one.
pub(crate) const fn family(source: IpAddr, destination: IpAddr) -> Option<Family> {
    match IpPair::new(source, destination) {
        Some(IpPair::V4 { .. }) => Some(Family::V4),
        Some(IpPair::V6 { .. }) => Some(Family::V6),
        None => None,
    }
}
