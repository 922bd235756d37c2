use alloc::boxed::Box;
use core::net::IpAddr;
use core::time::Duration;

use vrrp_wire::{Addresses, AdverInterval, Authentication, Family, Priority, Version, Vrid};

use crate::{OnDegraded, Preempt, Requirement, Track};

/// What one virtual router is configured to be (RFC 9568 §6.1), with what experience adds to it.
///
/// [`Config::new`] gives the defaults; every field may be set afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Protocol version spoken and accepted.
    pub version: Version,
    /// Virtual Router Identifier.
    pub vrid: Vrid,
    /// Priority before any tracking moves it.
    pub priority: Priority,
    /// `Advertisement_Interval`.
    #[doc(alias = "advert_int")]
    pub interval: AdverInterval,
    /// The virtual addresses that the advertisement lists.
    #[doc(alias = "virtual_ipaddress")]
    pub addresses: AddressList,
    /// `Preempt_Mode`, with keepalived's delay.
    pub preempt: Preempt,
    /// The checks that decide over eligibility or move the priority.
    pub tracks: Box<[Track]>,
    /// The checks without which the addresses are not claimed (`claim_requires`).
    pub claim_requires: Box<[Requirement]>,
    /// What an Active router does when a check that moves its priority begins to fail.
    pub on_degraded: OnDegraded,
    /// Advertisements missed before the Active router counts as down: RFC 9568's 3.
    pub down_timer_adverts: u8,
    /// Where advertisements go and where they may come from.
    pub delivery: Delivery,
    /// VRRPv2 authentication, sent and required.
    pub authentication: Authentication,
    /// Checksum form of VRRPv3 over IPv4.
    pub checksum: Checksum,
    /// When and how often an Active router announces its addresses.
    pub announce: AnnouncePolicy,
    /// What goes beyond the standard or falls short of it on purpose.
    pub habits: Habits,
}

/// Virtual addresses as the wire wants them, all of one family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressList {
    /// IPv4 addresses in network order.
    V4(Box<[[u8; 4]]>),
    /// IPv6 addresses in network order.
    V6(Box<[[u8; 16]]>),
}

/// Where advertisements go and which are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// To a group; only what was sent to a group with hop limit 255 is taken (RFC 9568 §5.1, §7.1).
    Multicast {
        /// 224.0.0.18, ff02::12, or what the configuration says instead.
        group: IpAddr,
    },
    /// To each peer by itself; only what was sent to a unicast address is taken.
    Unicast {
        /// The peers, with the hop limits taken from each.
        peers: Box<[Peer]>,
        /// Hop limit of what is sent.
        ttl: u8,
        /// Whether a sender that is no peer is discarded: keepalived's `check_unicast_src`.
        check_source: bool,
    },
}

/// One unicast peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Its address.
    pub address: IpAddr,
    /// Least hop limit taken from it.
    pub min_ttl: u8,
    /// Greatest hop limit taken from it.
    pub max_ttl: u8,
}

/// Which checksum form an IPv4 VRRPv3 advertisement is sent with; both are always accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Checksum {
    /// With the pseudo-header, as the deployed base sends it.
    #[default]
    PseudoHeader,
    /// The message alone, as RFC 9568 §5.2.8 says.
    Message,
    /// The form that the last heard peer used, with the pseudo-header until one is heard.
    Auto,
}

/// When and how often an Active router announces its addresses by gratuitous ARP or Neighbor Advertisement.
///
/// A burst is `repeat` rounds; the gap after the first is 10 ms and doubles from round to round, up to 1 s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnnouncePolicy {
    /// Rounds in a burst (`garp_master_repeat`).
    pub repeat: u8,
    /// Time from the claim to a second burst, zero for none (`garp_master_delay`).
    pub delay: Duration,
    /// Period of announcing again for as long as the router is Active, zero for never (`garp_master_refresh`).
    pub refresh: Duration,
    /// Rounds of each refresh (`garp_master_refresh_repeat`).
    pub refresh_repeat: u8,
    /// Rounds after a lower-priority advertisement was heard (`garp_lower_prio_repeat`).
    pub lower_prio_repeat: u8,
    /// Time to a second burst after a lower-priority advertisement, zero for none (`garp_lower_prio_delay`).
    pub lower_prio_delay: Duration,
}

/// What experience adds to RFC 9568, each switchable, and keepalived's switches of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Habits {
    /// Answers to lower-priority and priority-0 advertisements are limited: a bucket of five that refills
    /// one per half `Adver_Interval`, the last one heard always answered. Off: answered one for one (§6.4.3).
    pub limit_assertions: bool,
    /// One last advertisement when stepping down for a better router, so that one that did not know of us announces again.
    pub last_lower_advertisement: bool,
    /// A graceful stop keeps the addresses until the successor speaks. Deviates from RFC 9568 §6.4.3 in what is
    /// held for one `Skew_Time`, not in what is sent.
    pub hand_over: bool,
    /// The second interval after a claim is shortened by a hash, so that routers which moved together do not advertise together.
    pub spread_phases: bool,
    /// Claim the addresses and announce them first, then advertise, when a living router is preempted. It gives the
    /// addresses up as it hears the advertisement, and whoever had not been told by then lost a packet.
    pub place_before_preempting: bool,
    /// Advertisements of lower priority are not answered (`lower_prio_no_advert`).
    pub lower_prio_no_advert: bool,
    /// One more advertisement before yielding to a higher priority (`higher_prio_send_advert`).
    pub higher_prio_send_advert: bool,
    /// The address owner ignores all advertisements (`owner_ignore_adverts`).
    pub owner_ignore_adverts: bool,
    /// A VRRPv2 advertisement with another interval is discarded (RFC 3768 §7.1) instead of timed by the longer.
    pub discard_other_interval: bool,
    /// A living router that is spared because of [`Preempt::Never`] or [`Preempt::After`] is preempted all the same once
    /// its priority has fallen below what it was and below ours: it is sick, and this is no return to a healthy one.
    pub preempt_degraded: bool,
    /// A priority that falls is advertised at once, and a router whose priority has fallen below ours is preempted after
    /// `Skew_Time` rather than `Active_Down_Interval`: its service is down meanwhile.
    pub quick_relief: bool,
    /// Exponential hold-off of preemption, never of takeover, for a router that preempts and fails again and again.
    pub damp_preemption: bool,
    /// When a carrier comes up, a frame must be received before the addresses are claimed, for at most one more
    /// `Active_Down_Interval`: a bond or a switch port may pass traffic late.
    pub listen_after_link_up: bool,
    /// The LAN is asked for the addresses just before they are claimed; where the silent router still answers, the claim
    /// waits for one more `Active_Down_Interval` (`confirm_silence`).
    pub confirm_silence: bool,
}

impl Config {
    /// A virtual router of priority 100 with the defaults of RFC 9568 §6.1.
    ///
    /// The delivery is multicast to the group of the addresses' family.
    pub fn new(version: Version, vrid: Vrid, addresses: AddressList) -> Self {
        let group = match addresses.family() {
            Family::V4 => IpAddr::from([224, 0, 0, 18]),
            Family::V6 => IpAddr::from([0xff02, 0, 0, 0, 0, 0, 0, 0x12]),
        };
        Self {
            version,
            vrid,
            priority: Priority::DEFAULT,
            interval: AdverInterval::DEFAULT,
            addresses,
            preempt: Preempt::Immediately,
            tracks: Box::default(),
            claim_requires: Box::default(),
            on_degraded: OnDegraded::Stay,
            down_timer_adverts: 3,
            delivery: Delivery::Multicast { group },
            authentication: Authentication::None,
            checksum: Checksum::PseudoHeader,
            announce: AnnouncePolicy::default(),
            habits: Habits::default(),
        }
    }

    /// The family of the virtual router.
    pub const fn family(&self) -> Family {
        self.addresses.family()
    }

    /// Whether the router owns the addresses: priority 255 (RFC 9568 §6.1).
    pub fn is_owner(&self) -> bool {
        self.priority == Priority::OWNER
    }
}

impl AddressList {
    /// The addresses of `family` among `addresses`, in their order.
    pub fn of(family: Family, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        let addresses = addresses.into_iter();
        match family {
            Family::V4 => Self::V4(addresses.filter_map(v4_octets).collect()),
            Family::V6 => Self::V6(addresses.filter_map(v6_octets).collect()),
        }
    }

    /// The family they are all of.
    pub const fn family(&self) -> Family {
        match self {
            Self::V4(_) => Family::V4,
            Self::V6(_) => Family::V6,
        }
    }

    /// The list as an advertisement borrows it.
    pub fn as_wire(&self) -> Addresses<'_> {
        match self {
            Self::V4(list) => Addresses::V4(list),
            Self::V6(list) => Addresses::V6(list),
        }
    }
}

const fn v4_octets(address: IpAddr) -> Option<[u8; 4]> {
    match address {
        IpAddr::V4(address) => Some(address.octets()),
        IpAddr::V6(_) => None,
    }
}

const fn v6_octets(address: IpAddr) -> Option<[u8; 16]> {
    match address {
        IpAddr::V6(address) => Some(address.octets()),
        IpAddr::V4(_) => None,
    }
}

impl Default for AnnouncePolicy {
    /// keepalived's five rounds and a second burst after 5 s, and a refresh every 30 s, which keepalived leaves off.
    fn default() -> Self {
        Self {
            repeat: 5,
            delay: Duration::from_secs(5),
            refresh: Duration::from_secs(30),
            refresh_repeat: 1,
            lower_prio_repeat: 5,
            lower_prio_delay: Duration::from_secs(5),
        }
    }
}

impl Habits {
    /// Nothing but the standard (`vrrp_strict`).
    pub const STRICT: Self = Self {
        limit_assertions: false,
        last_lower_advertisement: false,
        hand_over: false,
        spread_phases: false,
        place_before_preempting: false,
        lower_prio_no_advert: false,
        higher_prio_send_advert: false,
        owner_ignore_adverts: false,
        discard_other_interval: true,
        preempt_degraded: false,
        quick_relief: false,
        damp_preemption: false,
        listen_after_link_up: false,
        confirm_silence: false,
    };
}

impl Default for Habits {
    /// All that experience adds; none of keepalived's own switches.
    fn default() -> Self {
        Self {
            limit_assertions: true,
            last_lower_advertisement: true,
            hand_over: true,
            spread_phases: true,
            place_before_preempting: true,
            discard_other_interval: false,
            quick_relief: true,
            damp_preemption: true,
            listen_after_link_up: true,
            ..Self::STRICT
        }
    }
}
