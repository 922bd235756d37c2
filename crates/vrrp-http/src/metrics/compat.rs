//! The names of mehdy/keepalived-exporter, so that dashboards made for it go on working.

use core::fmt::Error;

use vrrp_control::{KeepalivedStats, RouterStatus, Status, Verdict};

use super::page::{Common, Labels, Page, flag, plain};

pub(super) fn encode(page: &mut Page<'_>, status: &Status) -> Result<(), Error> {
    page.gauges("keepalived_up", "Whether the daemon could be asked", plain(1.0))?;
    let common = |router: &RouterStatus| {
        let before = [("iname", router.name.as_str()), ("intf", &router.interface)];
        Common::new(&before, ("vrid", router.vrid.to_string()))
    };
    let routers: Vec<(&RouterStatus, Common)> = status.routers.iter().map(|router| (router, common(router))).collect();
    states(page, &routers)?;
    counters(page, &routers)?;
    let status_of = |verdict| flag(matches!(verdict, Verdict::Up | Verdict::Value(_)));
    let checks = status.checks.iter().map(|check| (Labels::of("name", &check.name), status_of(check.verdict)));
    page.gauges("keepalived_script_status", "1 for GOOD, 0 for BAD", checks)?;
    // Whether one is running at this moment is not kept.
    let idle = status.checks.iter().map(|check| (Labels::of("name", &check.name), 0.0));
    page.gauges("keepalived_script_state", "0 idle, 1 running; always 0 here", idle)?;
    let build = [(Labels::of("version", &status.version), 1.0)];
    page.gauges("keepalived_exporter_build_info", "The version of the daemon", build)
}

fn states(page: &mut Page<'_>, routers: &[(&RouterStatus, Common)]) -> Result<(), Error> {
    let of = |advertised: bool| {
        routers.iter().flat_map(move |(router, common)| {
            let addresses = router.addresses.iter().filter(move |address| address.advertised == advertised);
            let labels = |address| Labels::common(common).and("ip_address", address);
            addresses
                .map(move |address| (labels(address.address.as_str()), f64::from(router.state.keepalived_number())))
        })
    };
    page.gauges("keepalived_vrrp_state", "0 init, 1 backup, 2 master, 3 fault", of(true))?;
    page.gauges("keepalived_vrrp_excluded_state", "0 init, 1 backup, 2 master, 3 fault", of(false))
}

fn counters(page: &mut Page<'_>, routers: &[(&RouterStatus, Common)]) -> Result<(), Error> {
    let mut each = |name: &str, help: &str, value: fn(KeepalivedStats) -> u64| {
        let series = routers.iter().map(|(router, common)| (Labels::common(common), value((&router.counters).into())));
        page.counters(name, help, series)
    };
    each("keepalived_advertisements_received", "Advertisements received", |it| it.advert_rcvd)?;
    each("keepalived_advertisements_sent", "Advertisements sent", |it| it.advert_sent)?;
    each("keepalived_become_master", "Times it became master", |it| it.become_master)?;
    each("keepalived_release_master", "Times it released mastership", |it| it.release_master)?;
    each("keepalived_packet_length_errors", "Packets of a wrong length", |it| it.packet_len_err)?;
    each("keepalived_advertisements_interval_errors", "Packets of another interval", |it| it.advert_interval_err)?;
    each("keepalived_ip_ttl_errors", "Packets of a wrong TTL", |it| it.ip_ttl_err)?;
    each("keepalived_invalid_type_received", "Packets of another type", |it| it.invalid_type_rcvd)?;
    each("keepalived_address_list_errors", "Packets discarded for their address list", |it| it.addr_list_err)?;
    each("keepalived_authentication_invalid", "Packets of an unknown authentication type", |it| it.invalid_authtype)?;
    each("keepalived_authentication_mismatch", "Packets of another authentication type", |it| it.authtype_mismatch)?;
    each("keepalived_authentication_failure", "Packets of a wrong password", |it| it.auth_failure)?;
    each("keepalived_priority_zero_received", "Priority 0 received", |it| it.pri_zero_rcvd)?;
    each("keepalived_priority_zero_sent", "Priority 0 sent", |it| it.pri_zero_sent)
}
