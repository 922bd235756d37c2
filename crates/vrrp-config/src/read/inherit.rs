//! A router as the globals alone make it, and what its own block then changes.

use core::net::IpAddr;
use core::time::Duration;

use vrrp_wire::{AdverInterval, Family, Priority, Version, Vrid};

use super::draft::Draft;
use super::{Given, or};
use crate::model::{Global, Hooks, OldUnicastChecksum, OnDegraded, Router, StateWish, VirtualAddress};

/// What had to be worked out before a router could be put together.
pub(super) struct Resolved {
    pub(super) virtual_router_id: Vrid,
    pub(super) version: Version,
    pub(super) family: Family,
    pub(super) priority: Priority,
    pub(super) state: StateWish,
    pub(super) advert_int: AdverInterval,
    pub(super) strict: bool,
}

impl Draft {
    /// The router: what the globals give, with the block's own settings on top.
    pub(super) fn into_router(self, resolved: &Resolved, global: &Global) -> Router {
        let mut router = inherited(resolved, global);
        self.policy_into(&mut router);
        router.garp = self.garp.resolve(&global.garp, resolved.strict);
        self.path_into(&mut router);
        router.hooks = self.hooks.resolve(global);
        router.name = self.name.map(|name| name.text).unwrap_or_default();
        router.interface = self.interface.map(|given| given.value);
        router.auth_pass = self.auth_pass.map(|given| given.value);
        router.virtual_ipaddress = values(self.virtual_ipaddress);
        router.virtual_ipaddress_excluded = values(self.virtual_ipaddress_excluded);
        router
    }

    fn policy_into(&self, router: &mut Router) {
        let strict = router.strict_mode;
        override_with(&mut router.nopreempt, self.nopreempt.as_ref());
        override_with(&mut router.preempt_delay, self.preempt_delay.as_ref());
        override_with(&mut router.dont_track_primary, self.dont_track_primary.as_ref());
        override_with(&mut router.skip_check_adv_addr, self.skip_check_adv_addr.as_ref());
        override_with(&mut router.owner_ignore_adverts, self.owner_ignore_adverts.as_ref());
        override_with(&mut router.checksum, self.checksum.as_ref());
        override_with(&mut router.no_virtual_ipaddress, self.no_virtual_ipaddress.as_ref());
        override_with(&mut router.promote_secondaries, self.promote_secondaries.as_ref());
        override_with(&mut router.hand_over, self.hand_over.as_ref());
        override_with(&mut router.last_lower_advert, self.last_lower_advert.as_ref());
        override_with(&mut router.resume, self.resume.as_ref());
        router.failback = self.policy.failback.as_ref().map(|given| given.value);
        override_with(&mut router.on_degraded, self.policy.on_degraded.as_ref());
        override_with(&mut router.confirm_silence, self.policy.confirm_silence.as_ref());
        router.damp_preemption = router.failback.is_some();
        override_with(&mut router.damp_preemption, self.policy.damp_preemption.as_ref());
        router.kernel_rx_buf_size = self.kernel_rx_buf_size.as_ref().map(|given| given.value);
        if !strict {
            override_with(&mut router.down_timer_adverts, self.down_timer_adverts.as_ref());
            override_with(&mut router.lower_prio_no_advert, self.lower_prio_no_advert.as_ref());
            override_with(&mut router.higher_prio_send_advert, self.higher_prio_send_advert.as_ref());
        }
        if !router.is_owner() {
            override_with(&mut router.accept, self.accept.as_ref());
        }
    }

    fn path_into(&self, router: &mut Router) {
        router.unicast_peer = self.unicast_peer.iter().map(|given| given.value).collect();
        router.src_ip = self.src_ip.as_ref().map(|given| given.value);
        router.track_src_ip = router.src_ip.is_some() && or(self.track_src_ip.as_ref(), false);
        router.unicast_ttl = self.unicast_ttl.as_ref().map(|given| given.value);
        override_with(&mut router.unicast_fault_no_peer, self.unicast_fault_no_peer.as_ref());
        override_with(&mut router.old_unicast_checksum, self.old_unicast_checksum.as_ref());
        if router.unicast_peer.is_empty() {
            override_with(&mut router.mcast_dst_ip, self.mcast_dst_ip.as_ref());
        }
        router.check_unicast_src |= self.check_unicast_src.is_some() || self.peers_limited;
    }
}

/// A router whose block says nothing but what has been worked out.
fn inherited(resolved: &Resolved, global: &Global) -> Router {
    let &Resolved { virtual_router_id, version, family, priority, state, advert_int, strict } = resolved;
    Router {
        name: String::new(),
        state,
        interface: None,
        virtual_router_id,
        version,
        family,
        priority,
        advert_int,
        nopreempt: false,
        preempt_delay: Duration::ZERO,
        down_timer_adverts: if strict { 3 } else { global.vrrp_down_timer_adverts },
        dont_track_primary: false,
        accept: !strict || priority == Priority::OWNER,
        strict_mode: strict,
        skip_check_adv_addr: global.vrrp_skip_check_adv_addr,
        lower_prio_no_advert: strict || global.vrrp_lower_prio_no_advert,
        higher_prio_send_advert: !strict && global.vrrp_higher_prio_send_advert,
        owner_ignore_adverts: strict || global.vrrp_owner_ignore_adverts,
        checksum: global.checksum,
        unicast_peer: Vec::new(),
        src_ip: None,
        track_src_ip: false,
        mcast_dst_ip: match family {
            Family::V4 => IpAddr::V4(global.vrrp_mcast_group4),
            Family::V6 => IpAddr::V6(global.vrrp_mcast_group6),
        },
        unicast_ttl: None,
        check_unicast_src: global.vrrp_check_unicast_src,
        unicast_fault_no_peer: false,
        old_unicast_checksum: OldUnicastChecksum::Auto,
        auth_pass: None,
        virtual_ipaddress: Vec::new(),
        virtual_ipaddress_excluded: Vec::new(),
        no_virtual_ipaddress: false,
        promote_secondaries: false,
        kernel_rx_buf_size: None,
        garp: global.garp.clone(),
        hand_over: global.hand_over.unwrap_or(!strict),
        last_lower_advert: global.last_lower_advert,
        resume: global.resume,
        hooks: Hooks::default(),
        track: Vec::new(),
        failback: None,
        on_degraded: OnDegraded::Stay,
        claim_requires: Vec::new(),
        confirm_silence: false,
        damp_preemption: false,
    }
}

fn override_with<T: Clone>(field: &mut T, given: Option<&Given<T>>) {
    if let Some(given) = given {
        *field = given.value.clone();
    }
}

fn values(given: Vec<Given<VirtualAddress>>) -> Vec<VirtualAddress> {
    given.into_iter().map(|given| given.value).collect()
}
