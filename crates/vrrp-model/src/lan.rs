use core::net::IpAddr;
use core::time::Duration;

use vrrp_core::{AddressList, AnnouncePolicy, Config};
use vrrp_wire::{AdverInterval, Family, Priority, Version, Vrid};

/// What is to be checked: routers, how slow the LAN may be, and what may go wrong.
#[derive(Debug, Clone)]
pub struct Lan {
    /// The virtual routers of each router; two of one router are a sync group.
    pub routers: Vec<Vec<Config>>,
    /// For how long a frame, or the kernel, may keep something at most.
    pub slowest: Duration,
    /// How much of what may go wrong.
    pub faults: Faults,
    /// What is planted, to see that the checker finds it.
    pub bug: Option<Bug>,
}

/// How often each fault may happen on the whole LAN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Faults {
    /// Frames that are lost.
    pub losses: u8,
    /// Frames that arrive twice.
    pub doubles: u8,
    /// Routers that lose power, and may be started again.
    pub crashes: u8,
    /// Links that go down, and may come up again.
    pub cuts: u8,
    /// Routers that are told to stop, and may be started again.
    pub stops: u8,
    /// Routers that are drained, and may be drained no longer.
    pub drains: u8,
}

/// A defect between the core and its LAN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// What an Active router hears does not reach it.
    DeafWhileActive,
    /// The kernel is never told to take an address away.
    KeepsTheAddress,
    /// The sync group is not put in force.
    EachForItself,
}

impl Faults {
    /// A world without faults, but for the order of things.
    pub const NONE: Self = Self { losses: 0, doubles: 0, crashes: 0, cuts: 0, stops: 0, drains: 0 };
}

impl Lan {
    /// One IPv4 virtual router with an interval of a second and these priorities, on a LAN that takes up to 5 ms.
    pub fn of(priorities: &[u8], faults: Faults) -> Self {
        let routers = priorities.iter().map(|priority| vec![config(Family::V4, *priority)]).collect();
        Self { routers, slowest: Duration::from_millis(5), faults, bug: None }
    }

    /// An IPv4 and an IPv6 virtual router in a sync group, with these priorities.
    pub fn of_groups(priorities: &[u8], faults: Faults) -> Self {
        let both = |priority: &u8| [Family::V4, Family::V6].map(|family| config(family, *priority)).to_vec();
        Self { routers: priorities.iter().map(both).collect(), ..Self::of(&[], faults) }
    }

    /// The same with something planted.
    #[must_use]
    pub const fn with(mut self, bug: Bug) -> Self {
        self.bug = Some(bug);
        self
    }

    /// The longest `Active_Down_Interval` of any priority.
    pub(crate) fn down(&self) -> Duration {
        self.interval() * 4
    }

    /// The longest `Adver_Interval`.
    pub(crate) fn interval(&self) -> Duration {
        let intervals = self.routers.iter().flatten().map(|config| config.interval.duration());
        intervals.max().unwrap_or_default()
    }

    /// For how long two that hear each other may both be Active: until the next advertisement is heard; one that hands
    /// over serves on for a moment then.
    pub(crate) fn dual(&self) -> Duration {
        self.interval() + self.slowest * 2 + Duration::from_millis(150)
    }

    /// For how long nobody may serve while somebody could: a whole wait, and what a hand-over to nobody takes before it.
    pub(crate) fn unserved(&self) -> Duration {
        self.down() + self.interval() + self.slowest * 4 + Duration::from_millis(200)
    }

    /// After how long without a fault all is at rest: somebody serves, and the better one has preempted.
    pub(crate) fn settled(&self) -> Duration {
        self.unserved() + self.down() + self.dual()
    }
}

/// The configuration of a router of one family: nothing in it depends on what time it is, and what is announced when is
/// not looked at.
fn config(family: Family, priority: u8) -> Config {
    let vrid = Vrid::new(51).unwrap_or_else(|| unreachable!("51 is a VRID"));
    let mut config = Config::new(Version::V3, vrid, AddressList::of(family, [address(family, 100)]));
    config.priority = Priority::new(priority);
    config.interval = AdverInterval::DEFAULT;
    config.announce = AnnouncePolicy {
        repeat: 1,
        delay: Duration::ZERO,
        refresh: Duration::ZERO,
        refresh_repeat: 1,
        lower_prio_repeat: 1,
        lower_prio_delay: Duration::ZERO,
    };
    config.habits.spread_phases = false;
    config.habits.damp_preemption = false;
    config
}

/// An address on the LAN.
pub(crate) fn address(family: Family, host: u8) -> IpAddr {
    match family {
        Family::V4 => [10, 0, 0, host].into(),
        Family::V6 => [0xfe80, 0, 0, 0, 0, 0, 0, u16::from(host)].into(),
    }
}
