use core::net::IpAddr;
use core::time::Duration;

use vrrp_core::{Config, InterfaceId};
use vrrp_wire::{Family, MacAddr};

/// What a world is made of before anything happens in it.
#[derive(Debug, Clone)]
pub struct Setup {
    /// How many routers there are; each has an interface on every segment.
    pub routers: u8,
    /// The virtual routers, each on one segment.
    pub virtual_routers: Vec<VirtualRouterSetup>,
    /// How long things take.
    pub latency: Latency,
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
            virtual_routers: vec![VirtualRouterSetup { segment: 0, configs }],
            latency: Latency::default(),
        }
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

/// The address that `router` sends from on `segment`: the greater its number, the greater its address.
pub fn source(family: Family, segment: u8, router: u8) -> IpAddr {
    match family {
        Family::V4 => IpAddr::from([10, segment, 0, router + 1]),
        Family::V6 => IpAddr::from([0xfe80, 0, 0, 0, 0, 0, u16::from(segment), u16::from(router) + 1]),
    }
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
