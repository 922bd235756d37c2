//! What we send, as Wireshark's dissectors see it.

use vrrp_lab::{Capture, Frame, isolated};

use crate::fixture::{Lan, SOON, VIP, VIP6, advertises, instance, ip};
use crate::protocol::{Protocol, VRID};

/// What makes Wireshark complain, and checksums that it does not find right.
const COMPLAINTS: &str = "_ws.malformed || _ws.expert.severity >= 0x00400000 || ip.checksum.status == 0 || \
                          vrrp.checksum.status == 0 || icmpv6.checksum.status == 0";

/// Runs tshark over the capture; gives a line for each frame that passes the display filter.
fn tshark(lan: &Lan, capture: &Capture, filter: &str, fields: &[&str]) -> Vec<String> {
    let path = "/tmp/sent.pcap";
    lan.client.host.on(|| capture.write_pcap(path)).unwrap().unwrap();
    let mut words = vec!["tshark", "-n", "-r", path, "-o", "ip.check_checksum:TRUE", "-Y", filter, "-T", "fields"];
    words.extend(fields.iter().flat_map(|field| ["-e", field]));
    let output = lan.client.host.run(&words).unwrap().stdout;
    output.lines().map(str::to_owned).collect()
}

/// Runs one router until it has advertised, claimed, announced and resigned, and gives all that came from it.
fn sent(lan: &Lan, config: &str, announces: fn(&Frame) -> bool) -> Capture {
    let capture = lan.client.host.capture("eth0").unwrap();
    let a = lan.a.vrrpd(config);
    a.active();
    capture.wait_for(announces, SOON).unwrap();
    a.signal(vrrp_lab::Signal::SIGTERM);
    assert!(a.ended().success());
    capture.wait_for(|frame| advertises(frame, VRID, 0), SOON).unwrap();
    capture
}

fn arp_reply(frame: &Frame) -> bool {
    frame.arp().is_some_and(|arp| arp.operation == 2 && arp.sender_ip == ip(VIP))
}

fn na(frame: &Frame) -> bool {
    frame.neighbor_advertisement().is_some_and(|na| ip(VIP6) == na.target)
}

/// Every frame of ours is without a complaint, and so many fields of the advertisements are as they should be.
fn decodes(config: &str, announces: fn(&Frame) -> bool, fields: &[&str], wanted: &str) {
    let lan = Lan::new();
    let capture = sent(&lan, config, announces);
    let ours = format!("eth.src == {}", lan.a.mac);
    let complaints =
        tshark(&lan, &capture, &format!("{ours} && ({COMPLAINTS})"), &["frame.number", "_ws.expert.message"]);
    assert!(complaints.is_empty(), "{complaints:#?}");
    let adverts = tshark(&lan, &capture, &format!("{ours} && vrrp && vrrp.prio > 0"), fields);
    assert!(!adverts.is_empty());
    assert!(adverts.iter().all(|line| line == wanted), "{adverts:#?}");
    let announcements = tshark(
        &lan,
        &capture,
        &format!("{ours} && (arp.isgratuitous == 1 || icmpv6.type == 136)"),
        &["arp.opcode", "icmpv6.nd.na.flag.o"],
    );
    assert!(!announcements.is_empty());
}

// ledger: tx-ttl, tx-group, tx-type, tx-count, tx-reserve, v2-auth-field, v2-checksum
#[test]
#[ignore = "needs tshark"]
fn version_2_decodes_without_a_complaint() {
    let fields =
        ["ip.dst", "ip.ttl", "vrrp.version", "vrrp.virt_rtr_id", "vrrp.prio", "vrrp.addr_count", "vrrp.auth_type"];
    isolated(move || {
        decodes(&Protocol::V2.config(1, 2, 150, ""), arp_reply, &fields, "224.0.0.18\t255\t2\t51\t150\t1\t0");
    });
}

// ledger: v2-pass
#[test]
#[ignore = "needs tshark"]
fn version_2_with_a_password_decodes_without_a_complaint() {
    let fields = ["vrrp.version", "vrrp.auth_type", "vrrp.auth_string"];
    isolated(move || decodes(&Protocol::V2Pass.config(1, 2, 150, ""), arp_reply, &fields, "2\t1\tsecret12"));
}

// ledger: tx-checksum-v4, tx-interval
#[test]
#[ignore = "needs tshark"]
fn version_3_over_ipv4_decodes_without_a_complaint() {
    let fields = ["vrrp.version", "vrrp.addr_count", "vrrp.short_adver_int", "vrrp.checksum.status", "vrrp.ip_addr"];
    isolated(move || decodes(&Protocol::V3.config(1, 2, 150, ""), arp_reply, &fields, "3\t1\t20\t1\t10.0.0.100"));
}

// ledger: tx-checksum-v4
#[test]
#[ignore = "needs tshark"]
fn version_3_over_ipv4_with_the_message_only_checksum_is_what_rfc_9568_asks_for() {
    isolated(|| {
        let lan = Lan::new();
        let capture = sent(&lan, &instance(VRID, 150, "0.2", "v3_checksum_as_v2"), arp_reply);
        let filter = format!("eth.src == {} && vrrp", lan.a.mac);
        let adverts = tshark(&lan, &capture, &filter, &["vrrp.checksum", "_ws.malformed"]);
        assert!(!adverts.is_empty());
        // This Wireshark knows the older form only: the sum is made here.
        for frame in capture.frames().iter().filter_map(Frame::vrrp) {
            let sum: u32 =
                frame.message.as_chunks::<2>().0.iter().map(|pair| u32::from(u16::from_be_bytes(*pair))).sum();
            assert_eq!((sum & 0xffff) + (sum >> 16), 0xffff);
        }
    });
}

// ledger: tx-checksum-v6, tx-v6-linklocal-first
#[test]
#[ignore = "needs tshark"]
fn version_3_over_ipv6_decodes_without_a_complaint() {
    let fields = ["ipv6.dst", "ipv6.hlim", "vrrp.version", "vrrp.addr_count", "vrrp.checksum.status", "vrrp.ipv6_addr"];
    let wanted = "ff02::12\t255\t3\t2\t1\tfe80::100,2001:db8::100";
    isolated(move || decodes(&Protocol::V3Ipv6.config(1, 2, 150, ""), na, &fields, wanted));
}

// ledger: backup-timeout
#[test]
#[ignore = "needs tshark"]
fn an_address_is_announced_in_request_and_in_reply_form() {
    isolated(|| {
        let lan = Lan::new();
        let capture = sent(&lan, &Protocol::V3.config(1, 2, 150, ""), arp_reply);
        let filter = format!("eth.src == {} && arp.isgratuitous == 1 && arp.src.proto_ipv4 == {VIP}", lan.a.mac);
        let forms = tshark(&lan, &capture, &filter, &["eth.dst", "arp.opcode", "arp.src.hw_mac", "arp.dst.proto_ipv4"]);
        for opcode in ["1", "2"] {
            let wanted = format!("ff:ff:ff:ff:ff:ff\t{opcode}\t{}\t{VIP}", lan.a.mac);
            assert!(forms.contains(&wanted), "{forms:#?}");
        }
    });
}
