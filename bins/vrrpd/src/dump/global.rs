use core::fmt::{self, Write};

use vrrp_config::model::DynamicInterfaces;
use vrrp_config::model::Global;

/// The section about the process, with the lines that mean something here.
pub(super) fn write(out: &mut String, global: &Global) -> fmt::Result {
    writeln!(out, "------< Global definitions >------")?;
    if let Some(name) = &global.router_id {
        writeln!(out, " Router ID = {name}")?;
    }
    mail(out, global)?;
    writeln!(out, " Dynamic interfaces = {}", global.dynamic_interfaces != DynamicInterfaces::Unset)?;
    writeln!(out, " Default interface = {}", global.default_interface.as_deref().unwrap_or("eth0"))?;
    writeln!(out, " VRRP notify priority changes = {}", global.fifo.vrrp_notify_priority_changes)?;
    writeln!(out, " VRRP IPv4 mcast group = {}", global.vrrp_mcast_group4)?;
    writeln!(out, " VRRP IPv6 mcast group = {}", global.vrrp_mcast_group6)?;
    let garp = &global.garp;
    writeln!(out, " Gratuitous ARP delay = {}", garp.master_delay.as_secs())?;
    writeln!(out, " Gratuitous ARP repeat = {}", garp.master_repeat)?;
    writeln!(out, " Gratuitous ARP refresh timer = {}", garp.master_refresh.as_secs())?;
    writeln!(out, " Gratuitous ARP refresh repeat = {}", garp.master_refresh_repeat)?;
    writeln!(out, " Gratuitous ARP lower priority delay = {}", garp.lower_prio_delay.as_secs())?;
    writeln!(out, " Gratuitous ARP lower priority repeat = {}", garp.lower_prio_repeat)?;
    writeln!(out, " Num adverts before down = {}", global.vrrp_down_timer_adverts)?;
    writeln!(out, " Send advert after receive lower priority advert = {}", !global.vrrp_lower_prio_no_advert)?;
    writeln!(out, " Send advert after receive higher priority advert = {}", global.vrrp_higher_prio_send_advert)?;
    writeln!(out, " Gratuitous ARP interval = {:.6}", global.vrrp_garp_interval.as_secs_f64())?;
    writeln!(out, " Gratuitous NA interval = {:.6}", global.vrrp_gna_interval.as_secs_f64())?;
    writeln!(out, " VRRP default protocol version = {}", global.vrrp_version.number())?;
    writeln!(out, " VRRP check unicast_src = {}", global.vrrp_check_unicast_src)?;
    writeln!(out, " VRRP skip check advert addresses = {}", global.vrrp_skip_check_adv_addr)?;
    writeln!(out, " VRRP strict mode = {}", global.vrrp_strict)?;
    writeln!(out, " Max auto priority = {}", global.scheduling.max_auto_priority)?;
    writeln!(out, " Min auto priority delay = {} usecs", global.scheduling.min_auto_priority_delay.as_micros())?;
    writeln!(out, " VRRP process priority = {}", global.scheduling.vrrp_priority.unwrap_or_default())?;
    writeln!(out, " VRRP don't swap = {}", global.scheduling.vrrp_no_swap)?;
    writeln!(out, " VRRP realtime priority = {}", global.scheduling.vrrp_rt_priority.unwrap_or_default())?;
    let security = if global.scripts.enable_script_security { "enabled" } else { "disabled" };
    writeln!(out, " Script security {security}")
}

fn mail(out: &mut String, global: &Global) -> fmt::Result {
    if let Some(server) = &global.mail.smtp_server {
        writeln!(out, " Smtp server = {}", server.host)?;
        writeln!(out, " Smtp server port = {}", server.port)?;
        writeln!(out, " Smtp server connection timeout = {}", global.mail.smtp_connect_timeout.as_secs())?;
    }
    if let Some(from) = &global.mail.notification_email_from {
        writeln!(out, " Email notification from = {from}")?;
    }
    if !global.mail.notification_email.is_empty() {
        writeln!(out, " Email notification to:")?;
    }
    global.mail.notification_email.iter().try_for_each(|to| writeln!(out, "   {to}"))?;
    let word = |alerts: Option<bool>| match alerts {
        None => "unset",
        Some(true) => "on",
        Some(false) => "off",
    };
    writeln!(out, " Default smtp_alert = {}", word(global.mail.smtp_alert))?;
    writeln!(out, " Default smtp_alert_vrrp = {}", word(global.mail.smtp_alert_vrrp))
}
