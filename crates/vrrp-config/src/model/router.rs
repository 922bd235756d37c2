use core::net::IpAddr;
use core::time::Duration;

use serde::{Deserialize, Serialize};
use vrrp_wire::{AdverInterval, Family, Priority, Version, Vrid};

use super::{ClaimRequires, Failback, Garp, Hooks, OnDegraded, Secret, Track, UnicastPeer, VirtualAddress, text};

/// One `vrrp_instance`: a virtual router, complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Router {
    /// The word after `vrrp_instance`; a label.
    pub name: String,
    /// `state`: a wish. Every router starts as Backup, except an owner that wishes to be `MASTER`.
    pub state: StateWish,
    /// `interface`; `None` only for unicast with a source address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
    /// `virtual_router_id`
    #[serde(with = "text::vrid")]
    pub virtual_router_id: Vrid,
    /// `version`
    #[serde(with = "text::version")]
    pub version: Version,
    /// The family of the addresses that are advertised.
    #[serde(with = "text::family")]
    pub family: Family,
    /// `priority`: 1 to 255.
    #[serde(with = "text::priority")]
    pub priority: Priority,
    /// `advert_int`
    #[serde(with = "text::interval")]
    pub advert_int: AdverInterval,
    /// `nopreempt`: leave a lower-priority Active alone.
    pub nopreempt: bool,
    /// `preempt_delay`: from the first lower-priority advertisement to taking over.
    #[serde(with = "text::duration")]
    pub preempt_delay: Duration,
    /// `down_timer_adverts`: how many intervals of silence make the Active dead.
    pub down_timer_adverts: u8,
    /// `dont_track_primary`: faults of `interface` do not make the router ineligible.
    pub dont_track_primary: bool,
    /// `accept`: packets to the addresses are accepted; off with strict unless owner.
    pub accept: bool,
    /// `strict_mode`
    pub strict_mode: bool,
    /// `skip_check_adv_addr`
    pub skip_check_adv_addr: bool,
    /// `lower_prio_no_advert`: lower-priority advertisements are not answered.
    pub lower_prio_no_advert: bool,
    /// `higher_prio_send_advert`: one more advertisement before yielding.
    pub higher_prio_send_advert: bool,
    /// `owner_ignore_adverts`: with priority 255, advertisements are ignored.
    pub owner_ignore_adverts: bool,
    /// `checksum`, also written `v3_checksum_as_v2`.
    pub checksum: Checksum,
    /// `unicast_peer`; empty is multicast, unless [`Self::unicast_fault_no_peer`].
    #[serde(default)]
    pub unicast_peer: Vec<UnicastPeer>,
    /// `unicast_src_ip` or `mcast_src_ip`; `None` is chosen from the interface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub src_ip: Option<IpAddr>,
    /// `track_src_ip`: ineligible while the host does not have [`Self::src_ip`].
    pub track_src_ip: bool,
    /// `mcast_dst_ip`, or the family's group of `global_defs`.
    pub mcast_dst_ip: IpAddr,
    /// `unicast_ttl`; `None` is 255 for IPv4 and the kernel's for IPv6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unicast_ttl: Option<u8>,
    /// `check_unicast_src`: only peers are heard.
    pub check_unicast_src: bool,
    /// `unicast_fault_no_peer`: unicast without a peer is ineligible rather than multicast.
    pub unicast_fault_no_peer: bool,
    /// `old_unicast_checksum`
    pub old_unicast_checksum: OldUnicastChecksum,
    /// `auth_pass` of `auth_type PASS`; VRRPv2 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_pass: Option<Secret>,
    /// `virtual_ipaddress`: advertised, in this order.
    #[serde(default)]
    pub virtual_ipaddress: Vec<VirtualAddress>,
    /// `virtual_ipaddress_excluded`: held but not advertised, of either family.
    #[serde(default)]
    pub virtual_ipaddress_excluded: Vec<VirtualAddress>,
    /// `no_virtual_ipaddress`: none on purpose.
    pub no_virtual_ipaddress: bool,
    /// `promote_secondaries`
    pub promote_secondaries: bool,
    /// `kernel_rx_buf_size`, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel_rx_buf_size: Option<u32>,
    /// `garp_*`
    pub garp: Garp,
    /// `hand_over`: on unless strict.
    pub hand_over: bool,
    /// `last_lower_advert`
    pub last_lower_advert: bool,
    /// `resume`
    pub resume: bool,
    /// What is run and told when the state changes.
    pub hooks: Hooks,
    /// `track_script`, `track_interface` and their kin: the checks that its priority or eligibility hangs on.
    #[serde(default)]
    pub track: Vec<Track>,
    /// `failback`, in place of [`Self::nopreempt`] and [`Self::preempt_delay`], which then say nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failback: Option<Failback>,
    /// `on_degraded`
    pub on_degraded: OnDegraded,
    /// `claim_requires`
    #[serde(default)]
    pub claim_requires: Vec<ClaimRequires>,
    /// `confirm_silence`: a silent Active router is asked once more before it is taken for dead; off unless said.
    pub confirm_silence: bool,
    /// `damp_preemption`: takes over from a lower priority less and less readily when it flaps; on with
    /// `failback`, off with keepalived's keywords, which know nothing of it.
    pub damp_preemption: bool,
}

/// `state`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum StateWish {
    /// `MASTER`
    Master,
    /// `BACKUP`
    Backup,
}

/// What the checksum of VRRPv3 over IPv4 covers in what is sent; both forms are accepted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checksum {
    /// The message and a pseudo-header: keepalived, FRR.
    #[default]
    PseudoHeader,
    /// The message alone: RFC 9568, `v3_checksum_as_v2`.
    Message,
    /// As the peers do.
    Auto,
}

/// `old_unicast_checksum [never]`: compatibility with keepalived 1.3 and before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OldUnicastChecksum {
    /// Taken up when a peer sends it.
    #[default]
    Auto,
    /// From the start.
    Always,
    /// Never.
    Never,
}

impl Router {
    /// Whether advertisements go to peers rather than to a group.
    pub const fn is_unicast(&self) -> bool {
        !self.unicast_peer.is_empty() || self.unicast_fault_no_peer
    }

    /// Whether the router owns its addresses: priority 255.
    pub fn is_owner(&self) -> bool {
        self.priority == Priority::OWNER
    }
}
