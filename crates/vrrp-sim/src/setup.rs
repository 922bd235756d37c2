use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::time::Duration;

use vrrp_core::{Config, InterfaceId};
use vrrp_wire::{Family, MacAddr, Vrid};

/// What a world is made of before anything happens in it.
#[derive(Debug, Clone)]
pub struct Setup {
    /// How many routers there are; each has an interface on every segment.
    pub routers: u8,
    /// What runs on each router; ours where the list ends.
    pub software: Vec<Make>,
    /// The virtual routers, each on one segment.
    pub virtual_routers: Vec<VirtualRouterSetup>,
    /// The sync groups, each as the indices of its virtual routers; the same on every router of ours.
    pub groups: Vec<Vec<u8>>,
    /// For how long the daemon of each router takes no part after a start; not at all where the list ends.
    pub startup_delays: Vec<Duration>,
    /// What is particular to each router; nothing where the list ends.
    pub particular: Vec<RouterSetup>,
    /// How long things take.
    pub latency: Latency,
}

/// What is particular to one router: the default is a router like all others.
#[derive(Debug, Clone, Default)]
pub struct RouterSetup {
    /// The virtual routers, by their indices, that it has no part in.
    pub absent: Vec<u8>,
    /// Its own sync groups in place of the setup's.
    pub groups: Option<Vec<Vec<u8>>>,
    /// Where it sends from for virtual routers of these indices; for all others from [`source`].
    pub sources: Vec<(u8, IpAddr)>,
    /// The virtual routers, by their indices, to which the link of their segment says nothing (`dont_track_primary`).
    pub ignores_link: Vec<u8>,
}

/// Who made the daemon that runs on a router.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Make {
    /// The production core of this workspace.
    #[default]
    Ours,
    /// keepalived 2.2: discards advertisements that list other addresses.
    Keepalived22,
    /// keepalived 2.4.
    Keepalived24,
    /// FRR's vrrpd: a virtual hardware address, `Skew_Time` in whole centiseconds, no answer to lower priorities.
    Frr,
}

/// One virtual router and how each router is configured for it.
#[derive(Debug, Clone)]
pub struct VirtualRouterSetup {
    /// The segment it is on.
    pub segment: u8,
    /// One configuration for each router, in their order.
    pub configs: Vec<Config>,
}

/// How long things take: each as its least and its greatest time.
#[derive(Debug, Clone, Copy)]
pub struct Latency {
    /// A frame from one station to another.
    pub wire: (Duration, Duration),
    /// The kernel, to put an address in place or to take it away and to say so.
    pub kernel: (Duration, Duration),
    /// The scheduler, to wake a router whose deadline has come or whose packet has.
    pub wake: (Duration, Duration),
}

impl Default for Latency {
    /// A quiet LAN and idle hosts.
    fn default() -> Self {
        Self {
            wire: (Duration::from_micros(50), Duration::from_micros(150)),
            kernel: (Duration::from_micros(300), Duration::from_millis(2)),
            wake: (Duration::from_micros(10), Duration::from_micros(80)),
        }
    }
}

impl Setup {
    /// One virtual router on one segment, with a router for each configuration.
    pub fn one_segment(configs: impl IntoIterator<Item = Config>) -> Self {
        let configs: Vec<_> = configs.into_iter().collect();
        Self {
            routers: u8::try_from(configs.len()).unwrap_or(u8::MAX),
            software: Vec::new(),
            virtual_routers: vec![VirtualRouterSetup { segment: 0, configs }],
            groups: Vec::new(),
            startup_delays: Vec::new(),
            particular: Vec::new(),
            latency: Latency::default(),
        }
    }

    /// The virtual routers of the sync group that one is in: itself alone where it is in none.
    pub(crate) fn members(&self, place: usize) -> Vec<usize> {
        let has = |group: &&Vec<u8>| group.iter().any(|member| usize::from(*member) == place);
        let group = self.groups.iter().find(has);
        group.map_or_else(|| vec![place], |group| group.iter().map(|member| usize::from(*member)).collect())
    }

    /// What runs on a router.
    pub fn make(&self, router: u8) -> Make {
        self.software.get(usize::from(router)).copied().unwrap_or_default()
    }

    /// For how long the daemon of a router takes no part after a start.
    pub(crate) fn startup_delay(&self, router: u8) -> Duration {
        self.startup_delays.get(usize::from(router)).copied().unwrap_or_default()
    }

    /// What is particular to a router.
    pub(crate) fn particular(&self, router: u8) -> RouterSetup {
        self.particular.get(usize::from(router)).cloned().unwrap_or_default()
    }

    /// How many segments there are.
    pub fn segments(&self) -> u8 {
        self.virtual_routers.iter().map(|one| one.segment + 1).max().unwrap_or(1)
    }
}

impl VirtualRouterSetup {
    /// The family of its addresses.
    pub fn family(&self) -> Family {
        self.configs.first().map_or(Family::V4, Config::family)
    }

    /// Its first address: the one that its client talks to.
    pub fn address(&self) -> Option<IpAddr> {
        self.configs.first()?.addresses.as_wire().get(0)
    }
}

/// The interface of every router on `segment`.
pub(crate) fn interface(segment: u8) -> InterfaceId {
    InterfaceId(u32::from(segment))
}

/// The address that `router` sends from on `segment`, unless it is renumbered: the greater its number, the greater its
/// address.
pub const fn source(family: Family, segment: u8, router: u8) -> IpAddr {
    host(family, segment, router.wrapping_add(1))
}

/// The address of host `number` of `segment`.
pub(crate) const fn host(family: Family, segment: u8, number: u8) -> IpAddr {
    match family {
        Family::V4 => IpAddr::V4(Ipv4Addr::new(10, segment, 0, number)),
        Family::V6 => IpAddr::V6(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, segment as u16, number as u16)),
    }
}

/// The router that sends from this address, unless one is renumbered.
pub(crate) const fn router_at(address: IpAddr) -> Option<u8> {
    let number = match address {
        IpAddr::V4(address) => address.octets()[3],
        IpAddr::V6(address) => address.octets()[15],
    };
    number.checked_sub(1)
}

/// The hardware address of `router` on `segment`.
pub fn mac(segment: u8, router: u8) -> MacAddr {
    MacAddr::new([2, 0, 0, 0, segment, router])
}

/// The router whose hardware address on `segment` this is.
pub(crate) fn router_of(segment: u8, address: MacAddr) -> Option<u8> {
    match address.octets() {
        [2, 0, 0, 0, on, router] if on == segment => Some(router),
        _ => None,
    }
}

/// The virtual hardware address of a virtual router (RFC 9568 §7.3).
pub(crate) const fn virtual_mac(family: Family, vrid: Vrid) -> MacAddr {
    let kind = match family {
        Family::V4 => 1,
        Family::V6 => 2,
    };
    MacAddr::new([0, 0, 0x5e, 0, kind, vrid.get()])
}
