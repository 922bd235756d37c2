use core::fmt::{self, Write};

use nix::net::if_::if_nametoindex;
use vrrp::{Family, Version};
use vrrp_config::model::Router;
use vrrp_control::{HeardStatus, Moment, RouterStatus, Seconds, State, Verdict};

use super::view::View;
use super::{address, clock, data, tracking};

/// What stands in a password's place.
pub(super) const MASK: &str = "********";

/// One virtual router: how it stands and what was configured, in keepalived's order.
pub(super) fn write(out: &mut String, view: &View<'_>, router: &Router, status: &RouterStatus) -> fmt::Result {
    writeln!(out, " VRRP Instance = {}", router.name)?;
    writeln!(out, "   VRRP Version = {}", status.version)?;
    if let Some(group) = &status.group {
        writeln!(out, "   Sync group = {group}")?;
    }
    if router.family == Family::V6 {
        writeln!(out, "   Using Native IPv6")?;
    }
    standing(out, router, status)?;
    moments(out, view.status.at, status)?;
    writeln!(out, "   Interface = {}", status.interface)?;
    path(out, router, status)?;
    announcements(out, router)?;
    priorities(out, router, status)?;
    policy(out, router, status)?;
    addresses(out, router, status)?;
    peers(out, router)?;
    tracking::write(out, view, &router.track)?;
    let mails = view.model.global.mail.alerts(router.hooks.smtp_alert);
    writeln!(out, "   Using smtp notification = {}", if mails { "yes" } else { "no" })?;
    writeln!(out, "   Notify deleted = {}", if router.hooks.tells_deleted { "Deleted" } else { "Fault" })?;
    data::scripts(out, view, &router.hooks)?;
    writeln!(out, "   Notify priority changes = {}", router.hooks.notify_priority_changes)
}

fn standing(out: &mut String, router: &Router, status: &RouterStatus) -> fmt::Result {
    writeln!(out, "   State = {}", status.state.keepalived())?;
    if let Some(heard) = followed(status) {
        writeln!(out, "   Master router = {}", heard.address)?;
        writeln!(out, "   Master priority = {}", heard.priority)?;
        if router.version == Version::V3 {
            writeln!(out, "   Master advert int = {:.2} sec", interval(status).0)?;
        }
    }
    if has_flags(router) {
        writeln!(out, "   Flags:")?;
    } else {
        writeln!(out, "   Flags: none")?;
    }
    if router.is_unicast() {
        writeln!(out, "     Using unicast")?;
    }
    if router.unicast_fault_no_peer {
        writeln!(out, "     If unicast go to fault state if no peers")?;
    }
    writeln!(out, "   Wantstate = {}", status.state.keepalived())?;
    writeln!(out, "   Number of config faults = 0")?;
    writeln!(out, "   Number of interface and track script faults = {}", status.causes.len())?;
    let unknown = status.tracks.iter().filter(|track| track.verdict == Verdict::Unknown).count();
    writeln!(out, "   Number of track scripts init = {unknown}")
}

/// Whether keepalived would have a flag set, most of which it does not name.
const fn has_flags(router: &Router) -> bool {
    router.is_unicast()
        || router.nopreempt
        || router.dont_track_primary
        || router.skip_check_adv_addr
        || router.promote_secondaries
        || router.check_unicast_src
}

fn moments(out: &mut String, now: Moment, status: &RouterStatus) -> fmt::Result {
    writeln!(out, "   Last transition = {}", clock::moment(status.since))?;
    match &status.timer {
        Some(timer) if status.state != State::Initialize => {
            writeln!(out, "   Read timeout = {}", clock::moment(Moment(now.0 + timer.fires_in.0)))?;
        }
        Some(_) | None => writeln!(out, "   Read timeout = DISABLED")?,
    }
    writeln!(out, "   Master down timer = {} usecs", status.active_down_interval.duration().as_micros())
}

fn path(out: &mut String, router: &Router, status: &RouterStatus) -> fmt::Result {
    if router.dont_track_primary {
        writeln!(out, "   VRRP interface tracking disabled")?;
    }
    if router.skip_check_adv_addr {
        writeln!(out, "   Skip checking advert IP addresses")?;
    }
    if router.strict_mode {
        writeln!(out, "   Enforcing strict VRRP compliance")?;
    }
    let source = status.source.map_or_else(|| "(none)".to_owned(), |source| source.to_string());
    let configured = if router.src_ip.is_some() { " (from configuration)" } else { "" };
    writeln!(out, "   Using src_ip = {source}{configured}")?;
    if router.is_unicast() {
        return Ok(());
    }
    match router.family {
        Family::V4 => writeln!(out, "   Multicast address {}", router.mcast_dst_ip),
        Family::V6 => {
            let index = if_nametoindex(status.interface.as_str()).unwrap_or_default();
            writeln!(out, "   Multicast address {}, ifindex {index}", router.mcast_dst_ip)
        }
    }
}

fn announcements(out: &mut String, router: &Router) -> fmt::Result {
    let garp = &router.garp;
    writeln!(out, "   Gratuitous ARP delay = {}", garp.master_delay.as_secs())?;
    writeln!(out, "   Gratuitous ARP repeat = {}", garp.master_repeat)?;
    writeln!(out, "   Gratuitous ARP refresh = {}", garp.master_refresh.as_secs())?;
    writeln!(out, "   Gratuitous ARP refresh repeat = {}", garp.master_refresh_repeat)?;
    writeln!(out, "   Gratuitous ARP lower priority delay = {}", garp.lower_prio_delay.as_secs())?;
    writeln!(out, "   Gratuitous ARP lower priority repeat = {}", garp.lower_prio_repeat)?;
    writeln!(out, "   Down timer adverts = {}", router.down_timer_adverts)?;
    writeln!(out, "   Send advert after receive lower priority advert = {}", !router.lower_prio_no_advert)?;
    writeln!(out, "   Send advert after receive higher priority advert = {}", router.higher_prio_send_advert)
}

fn priorities(out: &mut String, router: &Router, status: &RouterStatus) -> fmt::Result {
    writeln!(out, "   Virtual Router ID = {}", status.vrid)?;
    writeln!(out, "   Priority = {}", status.priority.base)?;
    writeln!(out, "   Effective priority = {}", status.priority.effective)?;
    writeln!(out, "   Total priority = {}", status.priority.effective)?;
    let own = router.advert_int.duration();
    match router.version {
        Version::V2 => writeln!(out, "   Advert interval = {} sec", own.as_secs())?,
        Version::V3 => writeln!(out, "   Advert interval = {} milli-sec", own.as_millis())?,
    }
    if followed(status).is_some() && router.version == Version::V3 {
        writeln!(out, "   Master advert interval = {} milli-sec", interval(status).duration().as_millis())?;
    }
    Ok(())
}

fn policy(out: &mut String, router: &Router, status: &RouterStatus) -> fmt::Result {
    let word = |on: bool| if on { "enabled" } else { "disabled" };
    writeln!(out, "   Accept = {}", word(router.accept))?;
    writeln!(out, "   Preempt = {}", word(status.preempt))?;
    if !router.preempt_delay.is_zero() {
        writeln!(out, "   Preempt delay = {} secs", router.preempt_delay.as_secs_f64())?;
    }
    writeln!(out, "   Promote_secondaries = {}", word(router.promote_secondaries))?;
    if router.auth_pass.is_some() {
        writeln!(out, "   Authentication type = SIMPLE_PASSWORD")?;
        writeln!(out, "   Password = {MASK}")?;
    } else if router.version == Version::V2 {
        writeln!(out, "   Authentication type = none")?;
    }
    match router.kernel_rx_buf_size {
        Some(bytes) => writeln!(out, "   Kernel rx buffer size = {bytes}"),
        None => Ok(()),
    }
}

fn addresses(out: &mut String, router: &Router, status: &RouterStatus) -> fmt::Result {
    if !router.virtual_ipaddress.is_empty() {
        writeln!(out, "   Virtual IP ({}):", router.virtual_ipaddress.len())?;
    }
    let line = |address| address::line(address, router, status);
    router.virtual_ipaddress.iter().try_for_each(|address| writeln!(out, "     {}", line(address)))?;
    if !router.virtual_ipaddress_excluded.is_empty() {
        writeln!(out, "   Virtual IP Excluded :")?;
    }
    router.virtual_ipaddress_excluded.iter().try_for_each(|address| writeln!(out, "     {}", line(address)))
}

fn peers(out: &mut String, router: &Router) -> fmt::Result {
    if !router.is_unicast() {
        return Ok(());
    }
    if let Some(ttl) = router.unicast_ttl {
        writeln!(out, "   Unicast TTL = {ttl}")?;
    }
    writeln!(out, "   Check unicast src : {}", if router.check_unicast_src { "yes" } else { "no" })?;
    writeln!(out, "   Unicast Peer :")?;
    let mut peers = router.unicast_peer.iter();
    peers.try_for_each(|peer| {
        writeln!(out, "     {} min_ttl {} max_ttl {}", peer.address, peer.min_ttl, peer.max_ttl)
    })?;
    writeln!(out, "   Unicast checksum compatibility = no")
}

/// The Active router that a Backup follows.
pub(super) fn followed(status: &RouterStatus) -> Option<HeardStatus> {
    status.active_router.filter(|_| status.state == State::Backup)
}

/// The interval of the Active router that is followed; else our own.
pub(super) fn interval(status: &RouterStatus) -> Seconds {
    let heard = followed(status).and_then(|heard| status.peers.iter().find(|peer| peer.address == heard.address));
    heard.map_or(status.advertisement_interval, |peer| peer.interval)
}
