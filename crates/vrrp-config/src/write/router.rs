use core::net::IpAddr;
use core::time::Duration;

use vrrp_wire::{AdverInterval, Family, Version};

use super::global::{checksum, extra_if};
use super::{Says, Statement, Statements, check, notification};
use crate::model::{Global, Model, OldUnicastChecksum, Router, StateWish};

/// `vrrp_instance`: whatever differs from what the globals give.
pub(super) fn statements(router: &Router, model: &Model) -> Vec<Statement> {
    let global = &model.global;
    let mut out = Statements::default();
    identity(&mut out, router, global);
    timing(&mut out, router, global);
    policy(&mut out, router, global);
    path(&mut out, router, global);
    garp(&mut out, router, global);
    addresses(&mut out, router);
    check::tracks(&mut out, &router.track, &model.checks);
    super::policy::policy(&mut out, router);
    notification::hooks(&mut out, &router.hooks, global);
    out.0
}

fn identity(out: &mut Statements, router: &Router, global: &Global) {
    let state = match router.state {
        StateWish::Master => "MASTER",
        StateWish::Backup => "BACKUP",
    };
    out.say("state", Says::Text(state.to_owned()));
    if let Some(interface) = &router.interface {
        out.say("interface", Says::Text(interface.clone()));
    }
    out.say("virtual_router_id", Says::Number(router.virtual_router_id.get().into()));
    out.say("priority", Says::Number(router.priority.get().into()));
    if router.family == Family::V4 {
        out.number("version", router.version.number(), global.vrrp_version.number());
    }
    out.flag("native_ipv6", router.family == Family::V6 && router.virtual_ipaddress.is_empty());
    out.switch("strict_mode", router.strict_mode, global.vrrp_strict);
}

fn timing(out: &mut Statements, router: &Router, global: &Global) {
    let interval = router.advert_int;
    out.say_if(interval != AdverInterval::DEFAULT, "advert_int", Says::Seconds(interval.duration()));
    out.flag("nopreempt", router.nopreempt);
    out.seconds("preempt_delay", router.preempt_delay, Duration::ZERO);
    if !router.strict_mode {
        out.number("down_timer_adverts", router.down_timer_adverts, global.vrrp_down_timer_adverts);
    }
    out.flag("dont_track_primary", router.dont_track_primary);
}

fn policy(out: &mut Statements, router: &Router, global: &Global) {
    let strict = router.strict_mode;
    out.flag("accept", strict && router.accept && !router.is_owner() && router.version == Version::V3);
    out.switch("skip_check_adv_addr", router.skip_check_adv_addr, global.vrrp_skip_check_adv_addr);
    if !strict {
        out.switch("lower_prio_no_advert", router.lower_prio_no_advert, global.vrrp_lower_prio_no_advert);
        out.switch("higher_prio_send_advert", router.higher_prio_send_advert, global.vrrp_higher_prio_send_advert);
    }
    let ignore = strict || global.vrrp_owner_ignore_adverts;
    out.switch("owner_ignore_adverts", router.owner_ignore_adverts, ignore);
    checksum(out, router.checksum, global.checksum);
    out.switch("hand_over", router.hand_over, global.hand_over.unwrap_or(!strict));
    out.switch("last_lower_advert", router.last_lower_advert, global.last_lower_advert);
    out.switch("resume", router.resume, global.resume);
    if let Some(bytes) = router.kernel_rx_buf_size {
        out.say("kernel_rx_buf_size", Says::Number(bytes.into()));
    }
    out.flag("promote_secondaries", router.promote_secondaries);
    if let Some(secret) = &router.auth_pass {
        let mut authentication = Statements::default();
        authentication.say("auth_type", Says::Text("PASS".to_owned()));
        authentication.say("auth_pass", Says::Text(secret.text()));
        out.say("authentication", Says::Block(authentication.0));
    }
}

fn path(out: &mut Statements, router: &Router, global: &Global) {
    if let Some(source) = router.src_ip {
        let keyword = if router.is_unicast() { "unicast_src_ip" } else { "mcast_src_ip" };
        out.say(keyword, Says::Text(source.to_string()));
    }
    out.flag("track_src_ip", router.track_src_ip);
    let peers: Vec<String> = router.unicast_peer.iter().map(ToString::to_string).collect();
    out.say_if(!peers.is_empty(), "unicast_peer", Says::Lines(peers));
    let group = match router.family {
        Family::V4 => IpAddr::V4(global.vrrp_mcast_group4),
        Family::V6 => IpAddr::V6(global.vrrp_mcast_group6),
    };
    out.say_if(router.mcast_dst_ip != group, "mcast_dst_ip", Says::Text(router.mcast_dst_ip.to_string()));
    if let Some(ttl) = router.unicast_ttl {
        out.say("unicast_ttl", Says::Number(ttl.into()));
    }
    out.flag("check_unicast_src", router.check_unicast_src && !global.vrrp_check_unicast_src);
    out.flag("unicast_fault_no_peer", router.unicast_fault_no_peer);
    match router.old_unicast_checksum {
        OldUnicastChecksum::Auto => {}
        OldUnicastChecksum::Always => out.say("old_unicast_checksum", Says::Words(Vec::new())),
        OldUnicastChecksum::Never => out.say("old_unicast_checksum", Says::Words(vec!["never".to_owned()])),
    }
}

fn garp(out: &mut Statements, router: &Router, global: &Global) {
    let (own, inherited) = (&router.garp, &global.garp);
    out.seconds("garp_master_delay", own.master_delay, inherited.master_delay);
    out.number("garp_master_repeat", own.master_repeat, inherited.master_repeat);
    out.seconds("garp_master_refresh", own.master_refresh, inherited.master_refresh);
    out.number("garp_master_refresh_repeat", own.master_refresh_repeat, inherited.master_refresh_repeat);
    if !router.strict_mode {
        out.seconds("garp_lower_prio_delay", own.lower_prio_delay, inherited.lower_prio_delay);
        out.number("garp_lower_prio_repeat", own.lower_prio_repeat, inherited.lower_prio_repeat);
    }
    if let Some(extra) = own.extra_if.filter(|_| own.extra_if != inherited.extra_if) {
        out.say("garp_extra_if", Says::Words(extra_if(extra)));
    }
}

fn addresses(out: &mut Statements, router: &Router) {
    let lines = |list: &[crate::model::VirtualAddress]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (advertised, excluded) = (lines(&router.virtual_ipaddress), lines(&router.virtual_ipaddress_excluded));
    out.say_if(!advertised.is_empty(), "virtual_ipaddress", Says::Lines(advertised));
    out.say_if(!excluded.is_empty(), "virtual_ipaddress_excluded", Says::Lines(excluded));
    out.flag("no_virtual_ipaddress", router.no_virtual_ipaddress);
}
