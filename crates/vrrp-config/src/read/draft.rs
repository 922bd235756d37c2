use core::net::IpAddr;
use core::time::Duration;

use vrrp_wire::{Version, Vrid};

use super::Given;
use super::garp::GarpDraft;
use super::hooks::HooksDraft;
use super::policy::PolicyDraft;
use super::track::TrackLine;
use crate::language::Word;
use crate::model::{Checksum, OldUnicastChecksum, Secret, StateWish, UnicastPeer, VirtualAddress};
use crate::source::Span;

/// A `vrrp_instance` as the file gives it, before defaults and before its settings meet each other.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) name: Option<Word>,
    /// A reference that nothing defines is left in the block.
    pub(super) unresolved: bool,
    /// Every keyword of the block, right or wrong: what is there and wrong is not missing.
    pub(super) seen: Vec<String>,
    pub(super) state: Option<Given<StateWish>>,
    pub(super) interface: Option<Given<String>>,
    pub(super) virtual_router_id: Option<Given<Vrid>>,
    pub(super) priority: Option<Given<u8>>,
    pub(super) advert_int: Option<Given<Duration>>,
    pub(super) version: Option<Given<Version>>,
    pub(super) native_ipv6: Option<Given<bool>>,
    pub(super) nopreempt: Option<Given<bool>>,
    pub(super) preempt_delay: Option<Given<Duration>>,
    pub(super) down_timer_adverts: Option<Given<u8>>,
    pub(super) dont_track_primary: Option<Given<bool>>,
    pub(super) accept: Option<Given<bool>>,
    pub(super) strict_mode: Option<Given<bool>>,
    pub(super) skip_check_adv_addr: Option<Given<bool>>,
    pub(super) owner_ignore_adverts: Option<Given<bool>>,
    pub(super) lower_prio_no_advert: Option<Given<bool>>,
    pub(super) higher_prio_send_advert: Option<Given<bool>>,
    pub(super) checksum: Option<Given<Checksum>>,
    pub(super) hand_over: Option<Given<bool>>,
    pub(super) last_lower_advert: Option<Given<bool>>,
    pub(super) resume: Option<Given<bool>>,
    pub(super) kernel_rx_buf_size: Option<Given<u32>>,
    pub(super) unicast_peer: Vec<Given<UnicastPeer>>,
    /// A `unicast_peer` block was there, with something in it, right or wrong.
    pub(super) peers_given: bool,
    /// A peer has a limit on its TTL, which says something of known peers only: `check_unicast_src` is implied.
    pub(super) peers_limited: bool,
    /// The first keyword that only makes sense with unicast.
    pub(super) unicast_configured: Option<Span>,
    pub(super) src_ip: Option<Given<IpAddr>>,
    pub(super) mcast_dst_ip: Option<Given<IpAddr>>,
    pub(super) track_src_ip: Option<Given<bool>>,
    pub(super) unicast_ttl: Option<Given<u8>>,
    pub(super) check_unicast_src: Option<Given<bool>>,
    pub(super) unicast_fault_no_peer: Option<Given<bool>>,
    pub(super) old_unicast_checksum: Option<Given<OldUnicastChecksum>>,
    pub(super) promote_secondaries: Option<Given<bool>>,
    pub(super) virtual_ipaddress: Vec<Given<VirtualAddress>>,
    pub(super) virtual_ipaddress_excluded: Vec<Given<VirtualAddress>>,
    /// A `virtual_ipaddress` block was there, with something in it, right or wrong.
    pub(super) addresses_given: bool,
    pub(super) no_virtual_ipaddress: Option<Given<bool>>,
    pub(super) auth_type: Option<Given<()>>,
    pub(super) auth_pass: Option<Given<Secret>>,
    pub(super) garp: GarpDraft,
    pub(super) track: Vec<TrackLine>,
    pub(super) policy: PolicyDraft,
    pub(super) hooks: HooksDraft,
}
