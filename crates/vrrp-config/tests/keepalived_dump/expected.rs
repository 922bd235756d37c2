//! What keepalived's dump would say of a router of the model.

use core::net::IpAddr;
use core::time::Duration;

use vrrp_config::Model;
use vrrp_config::model::{
    Check, CheckProbe, Command, Garp, Hooks, Lifetime, Mail, OldUnicastChecksum, Router, Scope, Track, UnicastPeer,
    VirtualAddress,
};
use vrrp_wire::{Family, Version};

/// The fields of the dump with the values that the model gives them.
pub(crate) fn fields(router: &Router, model: &Model) -> Vec<(&'static str, String)> {
    let mut fields = identity(router);
    fields.extend(policy(router));
    fields.extend(path(router));
    fields.extend(garp(&router.garp));
    fields.extend(hooks(&router.hooks, &model.global.mail));
    fields.extend(tracks(router, &model.checks));
    let interface = router.interface.as_deref().unwrap_or("not configured");
    fields.push(("Virtual IP", addresses(&router.virtual_ipaddress, interface)));
    fields.push(("Virtual IP Excluded", addresses(&router.virtual_ipaddress_excluded, interface)));
    // Both headings begin alike; the first is told apart by its count.
    fields.retain(|(field, value)| *field != "Virtual IP" || !value.is_empty());
    fields
}

fn identity(router: &Router) -> Vec<(&'static str, String)> {
    let interval = match router.version {
        Version::V2 => format!("{} sec", router.advert_int.centis() / 100),
        Version::V3 => format!("{} milli-sec", router.advert_int.centis() * 10),
    };
    vec![
        ("VRRP Version", router.version.to_string()),
        ("Interface", router.interface.clone().unwrap_or_else(|| "not configured".to_owned())),
        ("Virtual Router ID", router.virtual_router_id.to_string()),
        ("Priority", router.priority.to_string()),
        ("Advert interval", interval),
        ("Using Native IPv6", yes(router.family == Family::V6)),
    ]
}

fn policy(router: &Router) -> Vec<(&'static str, String)> {
    let seconds = router.preempt_delay.as_secs_f64();
    let delay = if router.preempt_delay.is_zero() { String::new() } else { format!("{seconds} secs") };
    let secret = router.auth_pass.map(|secret| String::from_utf8_lossy(secret.as_bytes()).into_owned());
    let kind = match (router.version, &secret) {
        (Version::V2, Some(_)) => "SIMPLE_PASSWORD",
        (Version::V2, None) => "none",
        (Version::V3, _) => "",
    };
    vec![
        ("VRRP interface tracking disabled", yes(router.dont_track_primary)),
        ("Skip checking advert IP addresses", yes(router.skip_check_adv_addr)),
        ("Enforcing strict VRRP compliance", yes(router.strict_mode)),
        ("Down timer adverts", router.down_timer_adverts.to_string()),
        ("Send advert after receive lower priority advert", (!router.lower_prio_no_advert).to_string()),
        ("Send advert after receive higher priority advert", router.higher_prio_send_advert.to_string()),
        ("Accept", enabled(router.accept)),
        ("Preempt", enabled(!router.nopreempt)),
        ("Preempt delay", delay),
        ("Promote_secondaries", enabled(router.promote_secondaries)),
        ("Authentication type", kind.to_owned()),
        ("Password", secret.unwrap_or_default()),
        ("Kernel rx buffer size", router.kernel_rx_buf_size.map_or_else(String::new, |bytes| bytes.to_string())),
    ]
}

fn path(router: &Router) -> Vec<(&'static str, String)> {
    let mut fields = Vec::new();
    if let Some(source) = router.src_ip {
        fields.push(("Using src_ip", format!("{source} (from configuration)")));
    }
    if !router.is_unicast() {
        fields.push(("Multicast address", router.mcast_dst_ip.to_string()));
        return fields;
    }
    let default = (router.family == Family::V4).then_some(255);
    let ttl = router.unicast_ttl.or(default);
    fields.push(("Unicast TTL", ttl.map_or_else(String::new, |ttl| ttl.to_string())));
    let check = if router.check_unicast_src { "yes" } else { "no" };
    fields.push(("Check unicast src", check.to_owned()));
    let peer = |peer: &UnicastPeer| format!("{} min_ttl {} max_ttl {}", peer.address, peer.min_ttl, peer.max_ttl);
    let peers: Vec<String> = router.unicast_peer.iter().map(peer).collect();
    fields.push(("Unicast Peer", peers.join("; ")));
    let compatibility = match router.old_unicast_checksum {
        OldUnicastChecksum::Auto => "no",
        OldUnicastChecksum::Always => "config",
        OldUnicastChecksum::Never => "never",
    };
    fields.push(("Unicast checksum compatibility", compatibility.to_owned()));
    fields
}

fn garp(garp: &Garp) -> Vec<(&'static str, String)> {
    let seconds = |duration: Duration| duration.as_secs().to_string();
    // The one default that differs on purpose.
    let refresh = if garp.master_refresh == Garp::DEFAULT_REFRESH { Duration::ZERO } else { garp.master_refresh };
    let mut fields = vec![
        ("Gratuitous ARP delay", seconds(garp.master_delay)),
        ("Gratuitous ARP repeat", garp.master_repeat.to_string()),
        ("Gratuitous ARP refresh", seconds(refresh)),
        ("Gratuitous ARP lower priority delay", seconds(garp.lower_prio_delay)),
        ("Gratuitous ARP lower priority repeat", garp.lower_prio_repeat.to_string()),
    ];
    // Without a refresh its count says nothing; `vrrp_min_garp` makes it 0 there.
    if !refresh.is_zero() {
        fields.push(("Gratuitous ARP refresh repeat", garp.master_refresh_repeat.to_string()));
    }
    fields
}

/// Commands that were not replaced by one that does nothing; root is the user of all of them.
fn hooks(hooks: &Hooks, mail: &Mail) -> Vec<(&'static str, String)> {
    let script = |command: &Command| {
        let words: Vec<String> = command.argv.iter().map(|word| format!("'{word}'")).collect();
        format!("{}, uid:gid 0:0", words.join(" "))
    };
    let scripts = [
        ("Master state transition script", &hooks.notify_master),
        ("Backup state transition script", &hooks.notify_backup),
        ("Fault state transition script", &hooks.notify_fault),
        ("Stop state transition script", &hooks.notify_stop),
        ("Deleted state transition script", &hooks.notify_deleted),
        ("Generic state transition script", &hooks.notify),
    ];
    let kept = scripts.into_iter().filter_map(|(field, command)| Some((field, command.as_ref()?)));
    let kept = kept.filter(|(_, command)| command.program() == "/usr/bin/true");
    let mut fields: Vec<_> = kept.map(|(field, command)| (field, script(command))).collect();
    let deleted = if hooks.tells_deleted { "Deleted" } else { "Fault" };
    fields.push(("Notify deleted", deleted.to_owned()));
    let alert = if mail.alerts(hooks.smtp_alert) { "yes" } else { "no" };
    fields.push(("Using smtp notification", alert.to_owned()));
    fields.push(("Notify priority changes", hooks.notify_priority_changes.to_string()));
    fields
}

/// What is tracked, and with which weight; kinds that keepalived has not are not in the cases.
fn tracks(router: &Router, checks: &[Check]) -> [(&'static str, String); 4] {
    let lines = |wanted: fn(&CheckProbe) -> bool, colon: &str| {
        let probe = |track: &&Track| checks.iter().any(|check| check.name == track.check && wanted(&check.probe));
        let line = |track: &Track| {
            let name = track.check.strip_prefix("interface ").unwrap_or(&track.check);
            let reverse = if track.weight.reverse { " reverse" } else { "" };
            format!("{name}{colon} weight {}{reverse}", track.weight.amount)
        };
        router.track.iter().filter(probe).map(line).collect::<Vec<_>>().join("; ")
    };
    [
        ("Tracked interfaces", lines(|probe| matches!(probe, CheckProbe::Interface(_)), "")),
        ("Tracked scripts", lines(|probe| matches!(probe, CheckProbe::Script(_)), "")),
        ("Tracked files", lines(|probe| matches!(probe, CheckProbe::File(_)), ",")),
        ("Tracked processes", lines(|probe| matches!(probe, CheckProbe::Process(_)), ",")),
    ]
}

fn addresses(list: &[VirtualAddress], interface: &str) -> String {
    list.iter().map(|address| line(address, interface)).collect::<Vec<_>>().join("; ")
}

/// An address as keepalived prints it.
fn line(address: &VirtualAddress, interface: &str) -> String {
    let mut out = address.address.to_string();
    let full = VirtualAddress::full_prefix(address.address);
    if address.peer.is_none() && address.prefix != full {
        out += &format!("/{}", address.prefix);
    }
    if let Some(broadcast) = address.broadcast {
        out += &format!(" brd {broadcast}");
    }
    out += &format!(" dev {} scope {}", address.dev.as_deref().unwrap_or(interface), scope(address.scope));
    if let Some(label) = &address.label {
        out += &format!(" label {label}");
    }
    if let Some(peer) = address.peer {
        out += &format!(" peer {peer}/{}", address.prefix);
    }
    let flags = [
        (address.home, "home"),
        (!address.nodad, "-nodad"),
        (address.mngtmpaddr, "mngtmpaddr"),
        (address.noprefixroute, "noprefixroute"),
        (address.autojoin, "autojoin"),
        (address.no_track, "no_track"),
    ];
    for (_, flag) in flags.into_iter().filter(|&(set, _)| set) {
        out += &format!(" {flag}");
    }
    match (address.address, address.preferred_lft) {
        (IpAddr::V4(_), _) => out,
        (IpAddr::V6(_), Lifetime::Seconds(0)) => out + " deprecated",
        (IpAddr::V6(_), lifetime) => format!("{out} preferred_lft {lifetime}"),
    }
}

fn scope(scope: Scope) -> String {
    scope.to_string()
}

fn yes(on: bool) -> String {
    if on { "yes".to_owned() } else { String::new() }
}

fn enabled(on: bool) -> String {
    if on { "enabled" } else { "disabled" }.to_owned()
}
