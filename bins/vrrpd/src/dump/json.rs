use serde::Serialize;
use serde_json::{Number, Value};
use vrrp_config::model::{CheckProbe, Command, Router, Track, VirtualAddress};
use vrrp_control::{KeepalivedStats, RouterStatus, State};

use super::instance::{MASK, followed, interval};
use super::tracking::{is_link, is_script};
use super::view::View;
use super::writer::Cleared;
use super::{address, command};

/// `keepalived.json` in its first layout: an array of virtual routers.
pub(super) fn text(view: &View<'_>, cleared: &Cleared) -> String {
    let instances = view
        .routers()
        .map(|(router, status)| Instance { data: data(view, router, status), stats: cleared.since(status) });
    // Strings, numbers and lists of them are always JSON.
    serde_json::to_string(&instances.collect::<Vec<_>>()).unwrap_or_default()
}

#[derive(Serialize)]
struct Instance {
    data: Data,
    stats: KeepalivedStats,
}

#[derive(Serialize)]
struct Data {
    iname: String,
    dont_track_primary: u8,
    skip_check_adv_addr: u8,
    strict_mode: u8,
    vmac_ifname: &'static str,
    ifp_ifname: String,
    master_priority: u8,
    last_transition: f64,
    garp_delay: Value,
    garp_refresh: u64,
    garp_rep: u32,
    garp_refresh_rep: u32,
    garp_lower_prio_delay: u64,
    garp_lower_prio_rep: u32,
    lower_prio_no_advert: u8,
    higher_prio_send_advert: u8,
    vrid: u8,
    base_priority: u8,
    effective_priority: u8,
    vipset: bool,
    promote_secondaries: bool,
    adver_int: Value,
    master_adver_int: Value,
    accept: u8,
    nopreempt: bool,
    preempt_delay: u64,
    state: u8,
    wantstate: u8,
    version: u8,
    smtp_alert: bool,
    notify_deleted: bool,
    #[serde(flatten)]
    scripts: Scripts,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    vips: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evips: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    track_ifp: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    track_script: Vec<String>,
    auth_type: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_data: Option<&'static str>,
}

#[derive(Serialize)]
struct Scripts {
    #[serde(skip_serializing_if = "Option::is_none")]
    script_backup: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    script_master: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    script_fault: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    script_stop: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    script_deleted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    script: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    script_master_rx_lower_pri: Option<String>,
}

fn data(view: &View<'_>, router: &Router, status: &RouterStatus) -> Data {
    let garp = &router.garp;
    let lines = |list: &[VirtualAddress]| list.iter().map(|line| address::line(line, router, status)).collect();
    let state = status.state.keepalived_number();
    Data {
        iname: router.name.clone(),
        dont_track_primary: router.dont_track_primary.into(),
        skip_check_adv_addr: router.skip_check_adv_addr.into(),
        strict_mode: router.strict_mode.into(),
        vmac_ifname: "",
        ifp_ifname: status.interface.clone(),
        master_priority: followed(status).map_or(0, |heard| heard.priority),
        last_transition: status.since.0,
        garp_delay: number(garp.master_delay.as_secs_f64()),
        garp_refresh: garp.master_refresh.as_secs(),
        garp_rep: garp.master_repeat,
        garp_refresh_rep: garp.master_refresh_repeat,
        garp_lower_prio_delay: garp.lower_prio_delay.as_secs(),
        garp_lower_prio_rep: garp.lower_prio_repeat,
        lower_prio_no_advert: router.lower_prio_no_advert.into(),
        higher_prio_send_advert: router.higher_prio_send_advert.into(),
        vrid: status.vrid,
        base_priority: status.priority.base,
        effective_priority: status.priority.effective,
        vipset: status.state == State::Active,
        promote_secondaries: router.promote_secondaries,
        adver_int: number(router.advert_int.duration().as_secs_f64()),
        master_adver_int: number(interval(status).0),
        accept: router.accept.into(),
        nopreempt: !status.preempt,
        preempt_delay: router.preempt_delay.as_secs(),
        state,
        wantstate: state,
        version: status.version,
        smtp_alert: view.model.global.mail.alerts(router.hooks.smtp_alert),
        notify_deleted: router.hooks.tells_deleted,
        scripts: scripts(router),
        vips: lines(&router.virtual_ipaddress),
        evips: lines(&router.virtual_ipaddress_excluded),
        track_ifp: tracked(view, &router.track, is_link),
        track_script: tracked(view, &router.track, is_script),
        auth_type: router.auth_pass.is_some().into(),
        auth_data: router.auth_pass.map(|_| MASK),
    }
}

fn scripts(router: &Router) -> Scripts {
    let hooks = &router.hooks;
    let words = |script: &Option<Command>| script.as_ref().map(command::quoted);
    Scripts {
        script_backup: words(&hooks.notify_backup),
        script_master: words(&hooks.notify_master),
        script_fault: words(&hooks.notify_fault),
        script_stop: words(&hooks.notify_stop),
        script_deleted: words(&hooks.notify_deleted),
        script: words(&hooks.notify),
        script_master_rx_lower_pri: words(&hooks.notify_master_rx_lower_pri),
    }
}

/// What is tracked of a kind: scripts by their commands, everything else by its name.
fn tracked(view: &View<'_>, tracks: &[Track], belongs: fn(&CheckProbe) -> bool) -> Vec<String> {
    let checks = tracks.iter().filter_map(|track| view.check(&track.check)).filter(|check| belongs(&check.probe));
    let words = checks.map(|check| match &check.probe {
        CheckProbe::Script(script) => command::quoted(script),
        CheckProbe::Interface(link) => link.name.clone(),
        CheckProbe::File(_)
        | CheckProbe::Process(_)
        | CheckProbe::Http(_)
        | CheckProbe::Tcp(_)
        | CheckProbe::Gateway(_)
        | CheckProbe::Dns(_)
        | CheckProbe::Unit(_) => check.name.clone(),
    });
    words.collect()
}

/// A number as keepalived writes it, `5` and not `5.0`: exporters take some of these for integers.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, and within u32 by the comparison")]
fn number(value: f64) -> Value {
    if value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value) {
        return (value as u32).into();
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}
