//! Captures and probes measure what a client would feel.

use core::net::IpAddr;
use core::time::Duration;
use std::fs;
use std::process::Command;

use vrrp_lab::{CaptureConfig, Host, Lab, Mac, ProbeConfig, Segment, Stamp, isolated};

const SOON: Duration = Duration::from_secs(10);
const VIP: [u8; 4] = [10, 0, 0, 100];

struct Lan {
    lan: Segment,
    routers: [(Host, Mac); 2],
    client: Host,
    _lab: Lab,
}

fn lan() -> Lan {
    let lab = Lab::new().expect("a lab");
    let lan = lab.bridge("lan0").expect("a bridge");
    let routers = ["r1", "r2"].map(|name| {
        let router = lab.router(name).expect("a router");
        let last = &name[1..];
        let mac = router.attach(&lan, "eth0", &[&format!("10.0.0.{last}/24")]).expect("a link");
        (router, mac)
    });
    let client = lab.host("c").expect("a host");
    client.attach(&lan, "eth0", &["10.0.0.250/24"]).expect("a link");
    Lan { lan, routers, client, _lab: lab }
}

/// A gratuitous ARP request for the virtual address.
fn announcement(mac: Mac) -> Vec<u8> {
    let mut frame = vec![0xff; 6];
    frame.extend(mac.0);
    frame.extend([0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1]);
    frame.extend(mac.0);
    frame.extend(VIP);
    frame.extend([0; 6]);
    frame.extend(VIP);
    frame
}

/// A probe that counts every reply, so that a starved machine makes no difference.
fn patient(target: impl Into<IpAddr>) -> ProbeConfig {
    ProbeConfig { late_after: SOON, ..ProbeConfig::new("eth0", target) }
}

#[test]
fn a_probe_sees_the_outage_while_an_address_moves_and_who_answers() {
    isolated(|| {
        let lan = lan();
        let [(r1, mac1), (r2, mac2)] = &lan.routers;
        r1.add_address("eth0", "10.0.0.100/32").unwrap();
        let probe = lan.client.probe(&ProbeConfig::new("eth0", VIP)).unwrap();
        probe.wait_for_replies(50, SOON).unwrap();
        lan.lan.port_down(r1).unwrap();
        let down = Stamp::now();
        r1.remove_address("eth0", "10.0.0.100/32").unwrap();
        // The outage: a quarter of a second without a reply, after those that were under way.
        while probe.wait_for_replies(1, Duration::from_millis(250)).is_ok() {}
        r2.add_address("eth0", "10.0.0.100/32").unwrap();
        r2.inject("eth0", &announcement(*mac2)).unwrap();
        probe.wait_for_reply_from(*mac2, SOON).unwrap();
        let after = Stamp::now();
        probe.wait_for_replies(50, SOON).unwrap();
        let report = probe.stop();
        let outage = report.longest_outage().unwrap();
        assert!(outage.over && outage.duration() >= Duration::from_millis(250), "{outage:?}");
        assert!(outage.start <= down && outage.end <= after, "{outage:?}");
        assert_eq!(outage.duration(), report.longest_gap);
        assert!(outage.lost >= 100 && report.lost >= outage.lost, "{outage:?}");
        assert_eq!(report.answerers.iter().map(|one| one.mac).collect::<Vec<_>>(), [*mac1, *mac2]);
    });
}

#[test]
fn a_probe_of_an_ipv6_address_is_answered() {
    isolated(|| {
        let lan = lan();
        let (r1, mac1) = &lan.routers[0];
        let probe = lan.client.probe(&patient(mac1.link_local())).unwrap();
        probe.wait_for_replies(20, SOON).unwrap();
        let report = probe.stop();
        assert_eq!(report.lost, 0, "{report:?}");
        assert_eq!(report.replies_by_mac().into_keys().collect::<Vec<_>>(), [*mac1]);
        assert!(r1.has_address("eth0", mac1.link_local()).unwrap());
    });
}

#[test]
fn the_newest_probes_can_be_looked_at_while_it_runs() {
    isolated(|| {
        let lan = lan();
        let probe = lan.client.probe(&ProbeConfig::new("eth0", [10, 0, 0, 1])).unwrap();
        probe.wait_for_replies(50, SOON).unwrap();
        let newest = probe.newest(5);
        assert_eq!((newest.len(), newest.is_sorted_by_key(|sample| sample.sent)), (5, true));
        assert!(probe.newest(usize::MAX).len() >= 50);
        let report = probe.stop();
        let place = report.samples.iter().position(|sample| sample.sent == newest[0].sent).unwrap();
        assert!(place >= 45, "{place}");
        assert_eq!(report.samples[place + 4].sent, newest[4].sent);
    });
}

#[test]
fn captured_frames_carry_monotone_stamps_and_tshark_reads_them() {
    isolated(|| {
        let lan = lan();
        let start = Stamp::now();
        let capture = lan.client.capture("eth0").unwrap();
        let probe = lan.client.probe(&patient([10, 0, 0, 1])).unwrap();
        probe.wait_for_replies(200, SOON).unwrap();
        let report = probe.stop();
        let replies = report.samples.iter().filter(|sample| sample.reply.is_some()).count();
        let last = report.samples.iter().filter_map(|sample| sample.reply).map(|(at, _)| at).max().unwrap();
        capture.wait_for(|frame| frame.stamp == last && frame.echo_reply().is_some(), SOON).ok();
        let frames = capture.frames();
        assert!(frames.iter().all(|frame| frame.stamp >= start && frame.stamp <= Stamp::now()));
        assert!(frames.is_sorted_by_key(|frame| frame.stamp));
        let seen = frames.iter().filter(|frame| !frame.outgoing && frame.echo_reply().is_some()).count();
        assert_eq!((seen, capture.missing()), (replies, 0));
        capture.write_pcap("/tmp/lan.pcap").unwrap();
        let pcap = fs::read("/tmp/lan.pcap").unwrap();
        let records: usize = frames.iter().map(|frame| 16 + frame.bytes.len()).sum();
        assert_eq!(pcap.len(), 24 + records);
        // Where tshark is installed it has the last word on the format.
        if let Ok(output) =
            Command::new("tshark").env("HOME", "/tmp").args(["-r", "/tmp/lan.pcap", "-Y", "icmp.type == 0"]).output()
        {
            assert!(output.status.success(), "{output:?}");
            assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), replies);
        }
    });
}

#[test]
fn frames_are_told_apart() {
    isolated(|| {
        let lan = lan();
        let [(r1, mac1), (_, mac2)] = &lan.routers;
        let capture = lan.client.capture_with("eth0", CaptureConfig::default().except_from(*mac2)).unwrap();
        lan.routers[1].0.inject("eth0", &announcement(*mac2)).unwrap();
        r1.inject("eth0", &announcement(*mac1)).unwrap();
        let arp = capture.wait_for(|frame| frame.arp().is_some(), SOON).unwrap();
        assert_eq!((arp.source(), arp.destination()), (Some(*mac1), Some(Mac([0xff; 6]))));
        let message = arp.arp().unwrap();
        assert!(message.is_gratuitous());
        assert_eq!((message.operation, message.sender_mac, message.sender_ip), (1, *mac1, VIP.into()));
        let mut advert = vec![0x01, 0x00, 0x5e, 0, 0, 18];
        advert.extend(mac1.0);
        advert.extend([0x08, 0, 0x45, 0xc0, 0, 32, 0, 0, 0, 0, 255, 112, 0, 0, 10, 0, 0, 1, 224, 0, 0, 18]);
        advert.extend([0x31, 51, 150, 1, 0, 100, 0, 0, 10, 0, 0, 100]);
        advert.resize(60, 0);
        r1.inject("eth0", &advert).unwrap();
        let frame = capture.wait_for(|frame| frame.vrrp().is_some(), SOON).unwrap();
        let vrrp = frame.vrrp().unwrap();
        assert_eq!((vrrp.version, vrrp.vrid, vrrp.priority, vrrp.ttl), (3, 51, 150, 255));
        assert_eq!((vrrp.source, vrrp.message.len()), ([10, 0, 0, 1].into(), 12));
        assert!(frame.echo_reply().is_none() && frame.arp().is_none() && arp.vrrp().is_none());
    });
}

#[test]
fn a_change_of_addresses_ends_the_wait_for_it() {
    isolated(|| {
        let lan = lan();
        let (r1, _) = &lan.routers[0];
        let late = r1.wait_for_address("eth0", VIP, true, Duration::from_millis(20)).unwrap_err().to_string();
        assert!(late.contains("10.0.0.100") && late.contains("10.0.0.1"), "{late}");
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| r1.wait_for_address("eth0", VIP, true, SOON));
            r1.add_address("eth0", "10.0.0.100/32").unwrap();
            waiting.join().unwrap().unwrap();
        });
        r1.remove_address("eth0", "10.0.0.100/32").unwrap();
        r1.wait_for_address("eth0", VIP, false, SOON).unwrap();
    });
}

#[test]
fn a_watch_tells_when_an_address_came_and_went() {
    isolated(|| {
        let lan = lan();
        let (r1, _) = &lan.routers[0];
        let watch = r1.watch_addresses().unwrap();
        let start = Stamp::now();
        r1.add_address("eth0", "10.0.0.100/32").unwrap();
        r1.add_address("eth0", "10.0.0.101/32").unwrap();
        r1.remove_address("eth0", "10.0.0.100/32").unwrap();
        let gone = watch.wait_for_since(0, |change| !change.present, SOON).unwrap();
        assert_eq!((gone.address.ip, gone.address.prefix_len), (VIP.into(), 32));
        let history = watch.history(VIP);
        assert_eq!(history.iter().map(|(_, present)| *present).collect::<Vec<_>>(), [true, false]);
        assert!(history.iter().all(|(stamp, _)| *stamp >= start));
        assert_eq!((watch.mark(), watch.changes().len(), watch.overruns()), (3, 3, 0));
        let late = watch.wait_for_since(3, |_| true, Duration::from_millis(10)).unwrap_err();
        assert!(late.to_string().contains("0 other changes"), "{late}");
    });
}
