//! What happens to the world from outside. Each fault is printed as the line of a script that makes it happen.

use core::fmt;
use core::time::Duration;

use vrrp_core::{Drain, Verdict};
use vrrp_wire::{AdverInterval, Priority, Vrid};

use crate::lan::{Noise, Station};

/// Something that happens to the world from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Something about a segment.
    Segment(u8, SegmentFault),
    /// Something about a router and its daemon.
    Router(u8, RouterFault),
    /// Something about the interface of a router on a segment.
    Interface(u8, u8, InterfaceFault),
    /// Something about one virtual router, by its index, on one router.
    VirtualRouter(u8, u8, VirtualRouterFault),
}

/// What can be done to a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SegmentFault {
    /// Nothing passes from the first station to the second any more; the way back stays open.
    Cut(Station, Station),
    /// The stations of the set, one bit each, and the others no longer hear each other.
    Partition(u16),
    /// Everybody hears everybody again, multicast too.
    Heal,
    /// The ways from the first station to the second, all stations each where there is none, lose, double, delay and
    /// reorder frames from now on; nothing of it ends that.
    Noise(Option<Station>, Option<Station>, Noise),
    /// The switch no longer gives multicast to the station.
    Snoop(Station),
    /// The switch forgets its forwarding table.
    Flush,
    /// A frame with the hardware address of the first station comes in by the port of the second.
    Spoof(Station, Station),
    /// Every router gets a packet for each of its virtual routers that it must discard.
    Forge(Forgery),
}

/// What is wrong with a packet that must be discarded; where it would be right, none is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Forgery {
    /// It has crossed a router.
    HopLimit,
    /// Its checksum.
    Checksum,
    /// It is of the other version.
    Version,
    /// It is what the router itself might say, from its own address.
    Echo,
    /// Its sender is no unicast peer.
    Stranger,
    /// Its password.
    Password,
}

impl Forgery {
    /// Every kind.
    pub(crate) const ALL: [Self; 6] =
        [Self::HopLimit, Self::Checksum, Self::Version, Self::Echo, Self::Stranger, Self::Password];

    /// The word for it in a script.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::HopLimit => "hop-limit",
            Self::Checksum => "checksum",
            Self::Version => "version",
            Self::Echo => "echo",
            Self::Stranger => "stranger",
            Self::Password => "password",
        }
    }
}

/// What can be done to a router.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RouterFault {
    /// The daemon dies without a word, and its addresses stay where they are.
    Kill,
    /// The host dies.
    PowerOff,
    /// The daemon starts: it resumes if it died a moment ago with its addresses in place.
    Start,
    /// The daemon is told to stop, and hands over.
    Stop,
    /// The daemon gets no processor time for so long; what it receives meanwhile waits in its sockets.
    Stall(Duration),
    /// The wall clock is stepped forward.
    ClockForward(Duration),
    /// The wall clock is stepped back.
    ClockBack(Duration),
    /// The check of this number, below 4, says something else from now on.
    Check(u8, Verdict),
    /// The daemon reads a configuration with the sync groups of the setup, or without any.
    Grouped(bool),
}

/// What can be done to an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InterfaceFault {
    /// It has its carrier, or loses it.
    Link(bool),
    /// Sending from it works, or fails.
    Sends(bool),
    /// It has its own address, or loses it.
    Source(bool),
    /// Its own address becomes that of this host number.
    Renumber(u8),
    /// A stateful firewall with this memory stands before it, or none does.
    Firewall(Option<Duration>),
}

/// What can be done to one virtual router of one router.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum VirtualRouterFault {
    /// Something tracked moves the effective priority.
    Priority(Priority),
    /// Somebody removes the addresses behind the daemon's back.
    Steal,
    /// Somebody removes the addresses again and again, with this pause, or ceases to.
    Thief(Option<Duration>),
    /// The daemon reads its configuration again.
    Reload(Change),
    /// An operator drains it, and with it its sync group; that outlives the daemon.
    Drain(Drain),
    /// The operator takes that back.
    Undrain,
    /// An operator has it take over with this priority, and with it its sync group, or no longer.
    Takeover(Option<Priority>),
}

/// What differs in a configuration that is read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// Nothing.
    Nothing,
    /// The priority.
    Priority(Priority),
    /// The advertisement interval.
    Interval(AdverInterval),
    /// How many addresses there are.
    Addresses(u8),
    /// The VRID: to the daemon the old virtual router goes and another comes.
    Vrid(Vrid),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Segment(segment, what) => write!(f, "segment {segment} {what}"),
            Self::Router(router, what) => write!(f, "r{router} {what}"),
            Self::Interface(router, segment, what) => write!(f, "r{router} segment {segment} {what}"),
            Self::VirtualRouter(router, virtual_router, what) => write!(f, "r{router} v{virtual_router} {what}"),
        }
    }
}

impl fmt::Display for SegmentFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |station: &Option<Station>| station.map_or_else(|| "all".into(), |station| format!("s{station}"));
        match self {
            Self::Cut(from, to) => write!(f, "cut s{from} s{to}"),
            Self::Partition(group) => {
                f.write_str("partition")?;
                crate::lan::stations(*group).try_for_each(|station| write!(f, " s{station}"))
            }
            Self::Heal => f.write_str("heal"),
            Self::Noise(from, to, noise) => {
                let Noise { lost, doubled, held, held_for, delay } = noise;
                write!(f, "noise {} {} lost {lost} doubled {doubled} held {held}", name(from), name(to))?;
                write!(f, " for {held_for:?} delay {delay:?}")
            }
            Self::Snoop(station) => write!(f, "snoop s{station}"),
            Self::Flush => f.write_str("flush"),
            Self::Spoof(whose, port) => write!(f, "spoof s{whose} s{port}"),
            Self::Forge(what) => write!(f, "forge {}", what.word()),
        }
    }
}

impl fmt::Display for RouterFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kill => f.write_str("kill"),
            Self::PowerOff => f.write_str("power-off"),
            Self::Start => f.write_str("start"),
            Self::Stop => f.write_str("stop"),
            Self::Stall(lasts) => write!(f, "stall {lasts:?}"),
            Self::ClockForward(by) => write!(f, "clock-forward {by:?}"),
            Self::ClockBack(by) => write!(f, "clock-back {by:?}"),
            Self::Check(check, verdict) => {
                write!(f, "check {check} ")?;
                match verdict {
                    Verdict::Unknown => f.write_str("unknown"),
                    Verdict::Up => f.write_str("up"),
                    Verdict::Down => f.write_str("down"),
                    Verdict::Silent => f.write_str("silent"),
                    Verdict::Value(value) => write!(f, "value {value}"),
                }
            }
            Self::Grouped(on) => write!(f, "groups {}", if *on { "on" } else { "off" }),
        }
    }
}

impl fmt::Display for InterfaceFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link(up) => write!(f, "link {}", if *up { "up" } else { "down" }),
            Self::Sends(works) => write!(f, "sends {}", if *works { "work" } else { "fail" }),
            Self::Source(present) => write!(f, "source {}", if *present { "back" } else { "gone" }),
            Self::Renumber(host) => write!(f, "renumber {host}"),
            Self::Firewall(Some(memory)) => write!(f, "firewall {memory:?}"),
            Self::Firewall(None) => f.write_str("firewall off"),
        }
    }
}

impl fmt::Display for VirtualRouterFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Priority(priority) => write!(f, "priority {priority}"),
            Self::Steal => f.write_str("steal"),
            Self::Thief(Some(pause)) => write!(f, "thief {pause:?}"),
            Self::Thief(None) => f.write_str("thief off"),
            Self::Reload(Change::Nothing) => f.write_str("reload"),
            Self::Reload(Change::Priority(priority)) => write!(f, "reload priority {priority}"),
            Self::Reload(Change::Interval(interval)) => write!(f, "reload interval {:?}", interval.duration()),
            Self::Reload(Change::Addresses(number)) => write!(f, "reload addresses {number}"),
            Self::Reload(Change::Vrid(vrid)) => write!(f, "reload vrid {vrid}"),
            Self::Drain(Drain::IfRelieved) => f.write_str("drain"),
            Self::Drain(Drain::Force) => f.write_str("drain force"),
            Self::Undrain => f.write_str("undrain"),
            Self::Takeover(Some(priority)) => write!(f, "takeover {priority}"),
            Self::Takeover(None) => f.write_str("takeover off"),
        }
    }
}
