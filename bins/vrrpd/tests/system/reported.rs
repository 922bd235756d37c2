//! The archive of `vrrpctl report`, and the capture in it as Wireshark's dissectors see it.

use vrrp_lab::{Frame, Signal, isolated};

use crate::fixture::{Lan, instance};
use crate::protocol::{Protocol, VRID};

/// What is in the archive of the report of `a`.
fn report(lan: &Lan) -> Vec<String> {
    let path = lan.a.vrrpctl(&["report", "--output", "/tmp/report.tar"]).well();
    assert_eq!(path, "/tmp/report.tar\n");
    lan.a.run("tar -C /tmp -xf /tmp/report.tar");
    lan.a.run("tar -tf /tmp/report.tar").lines().map(str::to_owned).collect()
}

/// The packets in the report that pass a display filter.
fn tshark(lan: &Lan, filter: &str, fields: &[&str]) -> Vec<String> {
    let mut words = vec!["tshark", "-n", "-r", "/tmp/vrrp-report/advertisements.pcap", "-Y", filter, "-T", "fields"];
    words.extend(fields.iter().flat_map(|field| ["-e", field]));
    lan.a.host.run(&words).unwrap().stdout.lines().map(str::to_owned).collect()
}

/// `a` has sent and heard, accepted and rejected, and wrote a report.
fn reported(protocol: Protocol, rejected: &str) -> Lan {
    let lan = Lan::new();
    let a = lan.a.vrrpd(&protocol.config(1, 2, 150, ""));
    a.active();
    let b = lan.b.vrrpd(&protocol.config(2, 1, 200, ""));
    a.moved("backup", "higher");
    b.signal(Signal::SIGTERM);
    assert!(b.ended().success());
    let c = lan.join("c", 3);
    let stranger = c.vrrpd(rejected);
    a.wait(&[("event", "discarded")]);
    drop(stranger);
    let parts = report(&lan);
    assert!(parts.iter().all(|name| !name.ends_with(".missing")), "{parts:?}");
    for name in ["status.txt", "status.json", "explain.txt", "events.jsonl", "config.json", "metrics.txt", "lag.txt"] {
        assert!(parts.contains(&format!("vrrp-report/{name}")), "{name} is not in {parts:?}");
    }
    lan
}

#[test]
#[ignore = "needs tshark"]
fn a_report_holds_the_advertisements_as_they_were_on_the_wire() {
    isolated(|| {
        let other = instance(VRID, 150, "1", "").replace("version 3", "version 2");
        let lan = reported(Protocol::V3, &other);
        let bad = "_ws.malformed || ip.checksum.status == 0 || vrrp.checksum.status == 0";
        assert_eq!(tshark(&lan, bad, &["frame.number"]), Vec::<String>::new());
        let from =
            |address: &str, more: &str| tshark(&lan, &format!("ip.src == {address} && {more}"), &["frame.time_epoch"]);
        assert!(!from("10.0.0.1", "vrrp.prio == 150 && ip.ttl == 255").is_empty(), "what was sent");
        assert!(!from("10.0.0.2", "vrrp.prio == 200").is_empty(), "what was accepted");
        assert!(!from("10.0.0.2", "vrrp.prio == 0").is_empty(), "the farewell");
        assert!(!from("10.0.0.3", "vrrp.version == 2").is_empty(), "what was rejected");
        let times: Vec<f64> =
            tshark(&lan, "frame", &["frame.time_epoch"]).iter().map(|time| time.parse().unwrap()).collect();
        assert!(times.is_sorted(), "{times:?}");
    });
}

#[test]
#[ignore = "needs tshark"]
fn a_report_of_an_ipv6_router_holds_its_advertisements() {
    isolated(|| {
        // The fourth host speaks to `a` alone, which listens to the group.
        let other = Protocol::UnicastV6.config(4, 1, 150, "");
        let lan = reported(Protocol::V3Ipv6, &other);
        let complaints = tshark(&lan, "_ws.malformed || vrrp.checksum.status == 0", &["frame.number"]);
        assert_eq!(complaints, Vec::<String>::new());
        for filter in ["vrrp.prio == 150 && ipv6.hlim == 255", "vrrp.prio == 200", "vrrp.prio == 0"] {
            assert!(!tshark(&lan, filter, &["frame.number"]).is_empty(), "{filter}");
        }
    });
}

/// The capture is of what is on the wire: octet for octet what a client on the LAN has seen.
#[test]
#[ignore = "needs tshark"]
fn a_report_holds_no_password_and_the_rest_octet_for_octet() {
    isolated(|| {
        let lan = Lan::new();
        let seen = lan.client.host.capture("eth0").unwrap();
        let b = lan.b.vrrpd(&Protocol::V2Pass.config(2, 1, 200, ""));
        b.active();
        let a = lan.a.vrrpd(&Protocol::V2Pass.config(1, 2, 150, ""));
        a.moved("backup", "started");
        crate::operator::until(|| !crate::ask::router(&lan.a)["active_router"].is_null());
        report(&lan);
        let file = lan.a.host.on(|| std::fs::read("/tmp/vrrp-report/advertisements.pcap")).unwrap().unwrap();
        assert!(!file.windows(6).any(|octets| octets == b"secret"), "the password is in the report");
        assert_eq!(tshark(&lan, "_ws.malformed", &["frame.number"]), Vec::<String>::new());
        let frames = seen.frames();
        let sent = |frame: &&Frame| frame.vrrp().is_some() && frame.source() == Some(lan.b.mac);
        let whole = |frame: &Frame| {
            let before_password = &frame.bytes[14..frame.bytes.len() - 8];
            file.windows(before_password.len()).any(|octets| octets == before_password)
        };
        assert!(frames.iter().filter(sent).any(whole), "nothing that the client saw is in the report");
    });
}
