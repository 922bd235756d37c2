use core::time::Duration;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use crate::fixture::{self, Running};

pub(crate) fn get(running: &Running, path: &str) -> String {
    let mut stream = TcpStream::connect(running.server.metrics_address().unwrap()).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

const LABELS: &str = r#"router="web",interface="eth0",vrid="1",family="ipv4""#;

#[test]
fn the_page_has_the_names_that_the_world_knows() {
    let running = Running::new(1);
    let page = get(&running, "/metrics");
    assert!(page.contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8"), "{page:.300}");
    assert!(page.ends_with("# EOF\n"));
    for line in [
        &format!("vrrp_state{{{LABELS},state=\"active\"}} 1.0"),
        &format!("vrrp_state{{{LABELS},state=\"backup\"}} 0.0"),
        &format!("keepalived_state{{{LABELS},role=\"master\"}} 1.0"),
        &format!("keepalived_vrrp_state_changes_total{{{LABELS}}} 3"),
        &format!("vrrp_transitions_total{{{LABELS},cause=\"active_down\"}} 2"),
        &format!("vrrp_advertisements_rejected_total{{{LABELS},reason=\"checksum\"}} 2"),
        &format!("vrrp_advertisements_discarded_total{{{LABELS}}} 3"),
        &format!("vrrp_priority_effective{{{LABELS}}} 90.0"),
        &format!("vrrp_contested{{{LABELS}}} 1.0"),
        &format!("vrrp_address_present{{{LABELS},address=\"10.0.0.100/24\"}} 1.0"),
        &format!("vrrp_peer_advertisements_missed_total{{{LABELS},peer=\"10.0.0.2\"}} 1"),
        &format!("vrrp_advertisement_inter_arrival_ratio_bucket{{le=\"+Inf\",{LABELS}}} 3"),
        "vrrp_check_up{check=\"chk\"} 0.0",
        "vrrp_check_failures_total{check=\"chk\"} 4",
        "vrrp_check_last_duration_seconds{check=\"chk\"} 0.25",
        "vrrp_check_duration_seconds_bucket{le=\"0.1\",check=\"chk\"} 2",
        "vrrp_check_duration_seconds_bucket{le=\"+Inf\",check=\"chk\"} 5",
        "vrrp_check_duration_seconds_sum{check=\"chk\"} 0.9",
        "vrrp_check_value{check=\"level\"} -20.0",
        "vrrp_hooks_total{hook=\"notify\",result=\"failed\"} 1",
        "vrrp_engine_lag_seconds_count 10",
        "vrrp_build_info{version=\"1.2.3\"} 1.0",
        "# TYPE keepalived_process_cpu_seconds counter",
    ] {
        assert!(page.contains(line), "{line} is not in {page}");
    }
    assert!(!page.contains("keepalived_become_master_total"), "only when asked for");
}

#[test]
fn what_a_name_holds_ends_no_label() {
    let mut status = fixture::status(1);
    status.routers[0].name = "a\"b\\c\nd".to_owned();
    let page = get(&Running::of(status), "/metrics?compat");
    let name = r#"="a\"b\\c\nd",int"#;
    assert!(page.contains(&format!("vrrp_drained{{router{name}")), "{page}");
    assert!(page.contains(&format!("keepalived_become_master_total{{iname{name}")), "{page}");
}

#[test]
fn the_exporters_names_come_when_asked_for() {
    let running = Running::new(1);
    let page = get(&running, "/metrics?compat");
    let labels = r#"iname="web",intf="eth0",vrid="1""#;
    for line in [
        "keepalived_up 1.0",
        &format!("keepalived_vrrp_state{{{labels},ip_address=\"10.0.0.100/24\"}} 2.0"),
        &format!("keepalived_become_master_total{{{labels}}} 2"),
        &format!("keepalived_packet_length_errors_total{{{labels}}} 1"),
        "keepalived_script_status{name=\"chk\"} 0.0",
        "keepalived_script_state{name=\"chk\"} 0.0",
        "keepalived_exporter_build_info{version=\"1.2.3\"} 1.0",
    ] {
        assert!(page.contains(line), "{line} is not in {page}");
    }
}

#[test]
fn nothing_but_metrics_health_and_status_is_served_on_tcp() {
    let running = Running::new(1);
    assert!(get(&running, "/healthz").ends_with("ok\n"));
    assert!(get(&running, "/status.json").contains(r#""name":"web""#));
    for path in ["/v1/status", "/v1/config", "/v1/events?follow", "/v1/drain"] {
        assert!(get(&running, path).starts_with("HTTP/1.1 404 "), "{path}");
    }
}

#[test]
fn a_scrape_of_a_thousand_routers_is_one_page() {
    let running = Running::new(1000);
    let page = get(&running, "/metrics");
    let began = Instant::now();
    assert_eq!(page.matches("vrrp_priority_base{").count(), 1000);
    let again = get(&running, "/metrics");
    assert_eq!(again.matches("vrrp_priority_base{").count(), 1000);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[test]
fn what_checks_print_is_not_for_everybody() {
    let running = Running::new(1);
    let status = get(&running, "/status.json");
    assert!(status.contains("\"chk\"") && !status.contains("hunter4"), "{status}");
}
