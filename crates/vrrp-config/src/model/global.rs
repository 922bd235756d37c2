use core::net::{Ipv4Addr, Ipv6Addr};
use core::time::Duration;

use serde::{Deserialize, Serialize};
use vrrp_wire::Version;

use super::{Checksum, Fifos, Garp, Mail, Scripts, Surfaces, text};

/// `global_defs`: the process, and what routers inherit. Routers have inherited already; the inherited
/// values stay here so that a file can be written again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Global {
    /// `router_id`; `None` is the host name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub router_id: Option<String>,
    /// `vrrp_version`: of IPv4 routers that say nothing.
    #[serde(with = "text::version")]
    pub vrrp_version: Version,
    /// `default_interface`; keepalived's is `eth0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_interface: Option<String>,
    /// `dynamic_interfaces`; interfaces may always come and go here.
    pub dynamic_interfaces: DynamicInterfaces,
    /// `vrrp_mcast_group4`
    pub vrrp_mcast_group4: Ipv4Addr,
    /// `vrrp_mcast_group6`
    pub vrrp_mcast_group6: Ipv6Addr,
    /// `vrrp_garp_*`, as routers inherit them.
    pub garp: Garp,
    /// `vrrp_garp_interval`: least time between gratuitous ARPs on one interface; zero is no pacing.
    #[serde(with = "text::duration")]
    pub vrrp_garp_interval: Duration,
    /// `vrrp_gna_interval`: the same for Neighbor Advertisements.
    #[serde(with = "text::duration")]
    pub vrrp_gna_interval: Duration,
    /// `vrrp_down_timer_adverts`
    pub vrrp_down_timer_adverts: u8,
    /// `vrrp_lower_prio_no_advert`
    pub vrrp_lower_prio_no_advert: bool,
    /// `vrrp_higher_prio_send_advert`
    pub vrrp_higher_prio_send_advert: bool,
    /// `vrrp_owner_ignore_adverts`
    pub vrrp_owner_ignore_adverts: bool,
    /// `vrrp_check_unicast_src`
    pub vrrp_check_unicast_src: bool,
    /// `vrrp_skip_check_adv_addr`; address lists that differ are accepted and shown here in any case.
    pub vrrp_skip_check_adv_addr: bool,
    /// `vrrp_strict`
    pub vrrp_strict: bool,
    /// `checksum`, also written `v3_checksum_as_v2`: what the checksum of VRRPv3 over IPv4 covers.
    pub checksum: Checksum,
    /// `hand_over`: keep serving after a stop until the successor has been heard; `None` is on unless strict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hand_over: Option<bool>,
    /// `last_lower_advert`: one advertisement when stepping down, so that the new Active announces again.
    pub last_lower_advert: bool,
    /// `resume`: Active again at once after a restart shorter than the peers' patience.
    pub resume: bool,
    /// `vrrp_startup_delay`: routers are held for so long after the start.
    #[serde(with = "text::duration")]
    pub vrrp_startup_delay: Duration,
    /// `vrrp_delay_after_boot`: routers are held until the host has been up for so long.
    #[serde(with = "text::duration")]
    pub vrrp_delay_after_boot: Duration,
    /// `log_unknown_vrids`
    pub log_unknown_vrids: bool,
    /// `vrrp_rx_bufs_policy`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vrrp_rx_bufs_policy: Option<RxBufs>,
    /// `vrrp_rx_bufs_multiplier`
    pub vrrp_rx_bufs_multiplier: u32,
    /// `load_balancing_by_others`: another process serves `virtual_server` and its kin.
    pub load_balancing_by_others: bool,
    /// How the process is scheduled.
    pub scheduling: Scheduling,
    /// As whom programs run, and what is run with the daemon itself.
    pub scripts: Scripts,
    /// The named pipes that changes of state are written to.
    pub fifo: Fifos,
    /// Who gets mail about changes of state, and how.
    pub mail: Mail,
    /// Where people and programs learn how it stands.
    pub surfaces: Surfaces,
}

/// `dynamic_interfaces [allow_if_changes]`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DynamicInterfaces {
    /// Not in the file.
    #[default]
    Unset,
    /// In the file.
    Allowed,
    /// With `allow_if_changes`.
    AllowIfChanges,
}

/// `vrrp_rx_bufs_policy`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RxBufs {
    /// `MTU`: by the interface's.
    Mtu,
    /// `ADVERT`: by the size of an advertisement.
    Advert,
    /// So many bytes.
    Bytes(u32),
}

/// How the process that keeps the timers is scheduled; `None` leaves the system's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scheduling {
    /// `vrrp_priority`: the nice value, -20 to 19.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vrrp_priority: Option<i8>,
    /// `vrrp_rt_priority`: `SCHED_RR` from the start, 1 to 99.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vrrp_rt_priority: Option<u8>,
    /// `vrrp_rlimit_rttime`: the most real-time CPU in one go.
    #[serde(with = "text::duration")]
    pub vrrp_rlimit_rttime: Duration,
    /// `vrrp_cpu_affinity`: processors, from 0; empty is all.
    pub vrrp_cpu_affinity: Vec<u16>,
    /// `oom_score_adj`, a keyword of our own: what the out-of-memory killer is told, -1000 to 1000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oom_score_adj: Option<i16>,
    /// `vrrp_no_swap`
    pub vrrp_no_swap: bool,
    /// `max_auto_priority`: how far the process may raise itself when it runs late; 0 is never, -1 as far as the system allows.
    pub max_auto_priority: i8,
    /// `min_auto_priority_delay`: the lateness that makes it do so.
    #[serde(with = "text::duration")]
    pub min_auto_priority_delay: Duration,
}

impl Default for Global {
    fn default() -> Self {
        Self {
            router_id: None,
            vrrp_version: Version::V2,
            default_interface: None,
            dynamic_interfaces: DynamicInterfaces::Unset,
            vrrp_mcast_group4: Ipv4Addr::new(224, 0, 0, 18),
            vrrp_mcast_group6: Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x12),
            garp: Garp::default(),
            vrrp_garp_interval: Duration::ZERO,
            vrrp_gna_interval: Duration::ZERO,
            vrrp_down_timer_adverts: 3,
            vrrp_lower_prio_no_advert: false,
            vrrp_higher_prio_send_advert: false,
            vrrp_owner_ignore_adverts: false,
            vrrp_check_unicast_src: false,
            vrrp_skip_check_adv_addr: false,
            vrrp_strict: false,
            checksum: Checksum::default(),
            hand_over: None,
            last_lower_advert: true,
            resume: true,
            vrrp_startup_delay: Duration::ZERO,
            vrrp_delay_after_boot: Duration::ZERO,
            log_unknown_vrids: false,
            vrrp_rx_bufs_policy: None,
            vrrp_rx_bufs_multiplier: 3,
            load_balancing_by_others: false,
            scheduling: Scheduling::default(),
            scripts: Scripts::default(),
            fifo: Fifos::default(),
            mail: Mail::default(),
            surfaces: Surfaces::default(),
        }
    }
}

impl Default for Scheduling {
    fn default() -> Self {
        Self {
            vrrp_priority: None,
            vrrp_rt_priority: None,
            vrrp_rlimit_rttime: Duration::from_millis(10),
            vrrp_cpu_affinity: Vec::new(),
            oom_score_adj: None,
            vrrp_no_swap: false,
            max_auto_priority: 0,
            min_auto_priority_delay: Duration::from_secs(1),
        }
    }
}
