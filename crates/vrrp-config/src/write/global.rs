use super::{Says, Statement, Statements, notification};
use crate::model::{Checksum, DynamicInterfaces, Garp, GarpExtraInterfaces, Global, RxBufs, Scheduling, Surfaces};
use crate::units;

/// `global_defs`: whatever differs from the defaults.
pub(super) fn statements(global: &Global) -> Vec<Statement> {
    let default = Global::default();
    let mut out = Statements::default();
    identity(&mut out, global, &default);
    garp(&mut out, global, &default);
    policy(&mut out, global, &default);
    scheduling(&mut out, &global.scheduling, &default.scheduling);
    notification::scripts(&mut out, &global.scripts);
    notification::fifos(&mut out, &global.fifo);
    notification::mail(&mut out, &global.mail);
    surfaces(&mut out, &global.surfaces);
    out.0
}

fn identity(out: &mut Statements, global: &Global, default: &Global) {
    if let Some(name) = &global.router_id {
        out.say("router_id", Says::Text(name.clone()));
    }
    out.number("vrrp_version", global.vrrp_version.number(), default.vrrp_version.number());
    if let Some(interface) = &global.default_interface {
        out.say("default_interface", Says::Text(interface.clone()));
    }
    match global.dynamic_interfaces {
        DynamicInterfaces::Unset => {}
        DynamicInterfaces::Allowed => out.say("dynamic_interfaces", Says::Words(Vec::new())),
        DynamicInterfaces::AllowIfChanges => {
            out.say("dynamic_interfaces", Says::Words(vec!["allow_if_changes".to_owned()]));
        }
    }
    let (group4, group6) = (global.vrrp_mcast_group4, global.vrrp_mcast_group6);
    out.say_if(group4 != default.vrrp_mcast_group4, "vrrp_mcast_group4", Says::Text(group4.to_string()));
    out.say_if(group6 != default.vrrp_mcast_group6, "vrrp_mcast_group6", Says::Text(group6.to_string()));
    out.seconds("vrrp_startup_delay", global.vrrp_startup_delay, default.vrrp_startup_delay);
    out.seconds("vrrp_delay_after_boot", global.vrrp_delay_after_boot, default.vrrp_delay_after_boot);
}

fn garp(out: &mut Statements, global: &Global, default: &Global) {
    let Garp { master_delay, master_repeat, .. } = global.garp;
    out.seconds("vrrp_garp_master_delay", master_delay, default.garp.master_delay);
    out.number("vrrp_garp_master_repeat", master_repeat, default.garp.master_repeat);
    out.seconds("vrrp_garp_master_refresh", global.garp.master_refresh, default.garp.master_refresh);
    let repeat = global.garp.master_refresh_repeat;
    out.number("vrrp_garp_master_refresh_repeat", repeat, default.garp.master_refresh_repeat);
    out.seconds("vrrp_garp_lower_prio_delay", global.garp.lower_prio_delay, master_delay);
    out.number("vrrp_garp_lower_prio_repeat", global.garp.lower_prio_repeat, master_repeat);
    out.seconds("vrrp_garp_interval", global.vrrp_garp_interval, default.vrrp_garp_interval);
    out.seconds("vrrp_gna_interval", global.vrrp_gna_interval, default.vrrp_gna_interval);
    if let Some(extra) = global.garp.extra_if {
        out.say("vrrp_garp_extra_if", Says::Words(extra_if(extra)));
    }
}

/// `[all] SECONDS`
pub(super) fn extra_if(extra: GarpExtraInterfaces) -> Vec<String> {
    let all = extra.all.then(|| "all".to_owned());
    all.into_iter().chain([units::seconds(extra.interval)]).collect()
}

fn policy(out: &mut Statements, global: &Global, default: &Global) {
    out.number("vrrp_down_timer_adverts", global.vrrp_down_timer_adverts, default.vrrp_down_timer_adverts);
    out.switch("vrrp_lower_prio_no_advert", global.vrrp_lower_prio_no_advert, false);
    out.switch("vrrp_higher_prio_send_advert", global.vrrp_higher_prio_send_advert, false);
    out.switch("vrrp_owner_ignore_adverts", global.vrrp_owner_ignore_adverts, false);
    out.flag("vrrp_check_unicast_src", global.vrrp_check_unicast_src);
    out.switch("vrrp_skip_check_adv_addr", global.vrrp_skip_check_adv_addr, false);
    out.switch("vrrp_strict", global.vrrp_strict, false);
    checksum(out, global.checksum, default.checksum);
    if let Some(hand_over) = global.hand_over {
        out.say("hand_over", Says::Bool(hand_over));
    }
    out.switch("last_lower_advert", global.last_lower_advert, default.last_lower_advert);
    out.switch("resume", global.resume, default.resume);
    out.switch("log_unknown_vrids", global.log_unknown_vrids, false);
    match global.vrrp_rx_bufs_policy {
        None => {}
        Some(RxBufs::Mtu) => out.say("vrrp_rx_bufs_policy", Says::Text("MTU".to_owned())),
        Some(RxBufs::Advert) => out.say("vrrp_rx_bufs_policy", Says::Text("ADVERT".to_owned())),
        Some(RxBufs::Bytes(bytes)) => out.say("vrrp_rx_bufs_policy", Says::Text(bytes.to_string())),
    }
    out.number("vrrp_rx_bufs_multiplier", global.vrrp_rx_bufs_multiplier, default.vrrp_rx_bufs_multiplier);
    out.switch("load_balancing_by_others", global.load_balancing_by_others, false);
}

/// Says a checksum that differs, in keepalived's word where it has one.
pub(super) fn checksum(out: &mut Statements, checksum: Checksum, inherited: Checksum) {
    if checksum == inherited {
        return;
    }
    match checksum {
        Checksum::PseudoHeader => out.say("v3_checksum_as_v2", Says::Bool(false)),
        Checksum::Message => out.say("v3_checksum_as_v2", Says::Bool(true)),
        Checksum::Auto => out.say("checksum", Says::Text("auto".to_owned())),
    }
}

fn scheduling(out: &mut Statements, scheduling: &Scheduling, default: &Scheduling) {
    if let Some(priority) = scheduling.vrrp_priority {
        out.say("vrrp_priority", Says::Number(priority.into()));
    }
    if let Some(priority) = scheduling.vrrp_rt_priority {
        out.say("vrrp_rt_priority", Says::Number(priority.into()));
    }
    let runtime = scheduling.vrrp_rlimit_rttime;
    out.say_if(runtime != default.vrrp_rlimit_rttime, "vrrp_rlimit_rttime", Says::Micros(runtime));
    let cpus: Vec<String> = scheduling.vrrp_cpu_affinity.iter().map(ToString::to_string).collect();
    out.say_if(!cpus.is_empty(), "vrrp_cpu_affinity", Says::Words(cpus));
    out.flag("vrrp_no_swap", scheduling.vrrp_no_swap);
    if let Some(score) = scheduling.oom_score_adj {
        out.say("oom_score_adj", Says::Number(score.into()));
    }
    let priority = scheduling.max_auto_priority;
    out.say_if(priority != default.max_auto_priority, "max_auto_priority", Says::Words(vec![priority.to_string()]));
    let delay = scheduling.min_auto_priority_delay;
    out.say_if(delay != default.min_auto_priority_delay, "min_auto_priority_delay", Says::Micros(delay));
}

fn surfaces(out: &mut Statements, surfaces: &Surfaces) {
    let texts = [
        ("control_socket", surfaces.control_socket.clone()),
        ("control_group", surfaces.control_group.clone()),
        ("control_mode", surfaces.control_mode.map(|bits| format!("{bits:04o}"))),
        ("metrics_address", surfaces.metrics_address.map(|address| address.to_string())),
        ("dump_directory", surfaces.dump_directory.clone()),
    ];
    for (keyword, text) in texts {
        if let Some(text) = text {
            out.say(keyword, Says::Text(text));
        }
    }
    out.switch("metrics_compat", surfaces.metrics_compat, false);
}
