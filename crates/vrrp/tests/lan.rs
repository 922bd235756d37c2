//! Two nodes on a LAN: where advertisements come from, and who answers for the address.

#![expect(clippy::unwrap_used, reason = "functions that tests share")]

use core::net::IpAddr;
use core::time::Duration;

use vrrp::{Address, AdverInterval, Events, Node, Router, Vrid};
use vrrp_lab::{Host, Lab, ProbeConfig, Segment, isolated};

const PATIENCE: Duration = Duration::from_secs(20);

/// A node on a host, at ten advertisements a second.
fn start(host: &Host, priority: u8, address: Address) -> (Node, Events) {
    let vrid = Vrid::new(51).unwrap();
    let router = Router::new("web", "eth0", vrid, [address]).priority(priority);
    let router = router.protocol(|config| config.interval = AdverInterval::from_centis(10).unwrap());
    host.on(|| Node::builder().router(router).start()).unwrap().unwrap()
}

fn host(lab: &Lab, lan: &Segment, name: &str, addresses: &[&str]) -> (Host, vrrp_lab::Mac) {
    let host = lab.host(name).unwrap();
    let mac = host.attach(lan, "eth0", addresses).unwrap();
    (host, mac)
}

/// ledger: tx-src-ip
#[test]
fn advertisements_come_from_the_primary_ipv4_and_the_link_local_ipv6_address() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let lan = lab.bridge("lan0").unwrap();
        let (one, mac) = host(&lab, &lan, "one", &["10.0.0.1/24", "10.0.0.7/24", "2001:db8::1/64"]);
        let (client, _) = host(&lab, &lan, "client", &["10.0.0.9/24"]);
        let capture = client.capture("eth0").unwrap();
        let v4 = Address::new([10, 0, 0, 100].into(), 24, "eth0");
        let v6 = Address::new("2001:db8::100".parse().unwrap(), 64, "eth0");
        for (address, source) in [(v4, IpAddr::from([10, 0, 0, 1])), (v6, mac.link_local().into())] {
            let virtual_address = address.address;
            let (_node, _events) = start(&one, 150, address);
            one.wait_for_address("eth0", virtual_address, true, PATIENCE).unwrap();
            let mark = capture.mark();
            let of_family = |vrrp: &vrrp_lab::Vrrp<'_>| vrrp.source.is_ipv4() == source.is_ipv4();
            let frame = capture.wait_for_since(mark, |frame| frame.vrrp().as_ref().is_some_and(of_family), PATIENCE);
            assert_eq!(frame.unwrap().vrrp().unwrap().source, source);
        }
    });
}

/// ledger: backup-no-arp, !backup-no-arp
#[test]
fn a_backup_does_not_answer_for_the_address_until_it_is_active() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let lan = lab.bridge("lan0").unwrap();
        let (one, one_mac) = host(&lab, &lan, "one", &["10.0.0.1/24"]);
        let (two, two_mac) = host(&lab, &lan, "two", &["10.0.0.2/24"]);
        let (client, _) = host(&lab, &lan, "client", &["10.0.0.9/24"]);
        let address = Address::new([10, 0, 0, 100].into(), 24, "eth0");
        let capture = client.capture("eth0").unwrap();
        let (active, _events) = start(&one, 150, address.clone());
        let (_backup, _events) = start(&two, 100, address.clone());
        one.wait_for_address("eth0", address.address, true, PATIENCE).unwrap();

        let probe = client.probe(&ProbeConfig::new("eth0", address.address)).unwrap();
        probe.wait_for_replies(500, PATIENCE).unwrap();
        assert_eq!(probe.report().replies_by_mac().into_keys().collect::<Vec<_>>(), [one_mac]);
        let speaks_for_it =
            |arp: vrrp_lab::Arp| arp.sender_mac == two_mac && address.address == IpAddr::V4(arp.sender_ip);
        assert!(!capture.frames().iter().any(|frame| frame.arp().is_some_and(speaks_for_it)));

        drop(active);
        probe.wait_for_reply_from(two_mac, PATIENCE).unwrap();
    });
}
