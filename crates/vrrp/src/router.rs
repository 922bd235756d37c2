use core::net::IpAddr;
use core::time::Duration;
use std::sync::Arc;

use vrrp_core::{AddressList, Config, OnClaim, Weight};
use vrrp_netlink::Address;
use vrrp_wire::{Family, Priority, Version, Vrid};

/// What is asked of one virtual router: the protocol's part, where it runs, and the addresses it moves.
///
/// ```
/// use vrrp::{Address, Router, Vrid};
///
/// let vrid = Vrid::new(51).expect("51 is not 0");
/// let web = Router::new("web", "eth0", vrid, [Address::new([192, 0, 2, 10].into(), 24, "eth0")]).priority(150);
/// assert_eq!(web.protocol.priority.get(), 150);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Router {
    /// A label for logs and events. The router's identity is interface, family and VRID.
    pub name: Arc<str>,
    /// The interface that the protocol runs on.
    pub interface: Arc<str>,
    /// What the protocol needs to know.
    pub protocol: Config,
    /// The addresses that move with the router: those that are advertised, then those that are not
    /// (`virtual_ipaddress`, `virtual_ipaddress_excluded`).
    pub addresses: Vec<Address>,
    /// Where advertisements come from (`mcast_src_ip`, `unicast_src_ip`); else the interface's first address.
    pub source: Option<IpAddr>,
    /// Whether the router is ineligible while a configured `source` is not on the interface (`track_src_ip`).
    pub track_source: bool,
    /// Whether the state of its interface makes the router ineligible (off with `dont_track_primary`).
    pub track_interface: bool,
    /// Gap between two announcements on one interface, IPv4 and IPv6 (`garp_interval`, `gna_interval`).
    pub announce_gap: (Duration, Duration),
    /// Receive buffer asked of the kernel, in bytes (`kernel_rx_buf_size`).
    pub receive_buffer: Option<usize>,
    /// Whether a restart within the peers' `Active_Down_Interval` resumes as Active, where there is a run directory.
    pub resume: bool,
    /// The checks that decide over its eligibility or move its priority, by their names.
    pub tracks: Vec<(Arc<str>, Weight)>,
    /// The checks without which it does not claim its addresses (`claim_requires`), by their names.
    pub claim_requires: Vec<(Arc<str>, OnClaim)>,
    /// The sync group it is in: members move together. The first of a group decides ties for all.
    pub group: Option<Arc<str>>,
    /// How long the addresses wait for [`crate::Node::prepared`] after the router has become Active.
    pub pre_active: Option<Duration>,
    /// Its part of the configuration is wrong: it is shown, and stays in Initialize.
    pub quarantined: bool,
}

impl Router {
    /// A virtual router with the defaults of RFC 9568 §6.1: VRRPv3, priority 100, one second, preempting.
    ///
    /// The family is that of the first address; those of the other family move with the router and are not advertised.
    pub fn new(
        name: impl Into<Arc<str>>,
        interface: impl Into<Arc<str>>,
        vrid: Vrid,
        addresses: impl IntoIterator<Item = Address>,
    ) -> Self {
        let addresses: Vec<Address> = addresses.into_iter().collect();
        let family = addresses.first().map_or(Family::V4, |first| Family::of(first.address));
        let advertised = AddressList::of(family, addresses.iter().map(|address| address.address));
        Self {
            name: name.into(),
            interface: interface.into(),
            protocol: Config::new(Version::V3, vrid, advertised),
            addresses,
            source: None,
            track_source: false,
            track_interface: true,
            announce_gap: (Duration::ZERO, Duration::ZERO),
            receive_buffer: None,
            resume: true,
            tracks: Vec::new(),
            claim_requires: Vec::new(),
            group: None,
            pre_active: None,
            quarantined: false,
        }
    }

    /// The same router with this priority: 255 for the owner of the addresses, 1 to 254 for any other.
    #[must_use]
    pub const fn priority(mut self, priority: u8) -> Self {
        self.protocol.priority = Priority::new(priority);
        self
    }

    /// The same router with the protocol's part changed.
    #[must_use]
    pub fn protocol(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.protocol);
        self
    }

    /// The address family of the protocol.
    pub const fn family(&self) -> Family {
        self.protocol.family()
    }
}
