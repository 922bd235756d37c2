//! FRR's vrrpd as a peer. It needs real root, macvlans that stand ready, and its own user.

use std::os::unix::fs::chown;
use std::process::Command;

use vrrp_lab::{Daemon, Isolation, Mac, Signal};

use crate::fixture::{Lan, Node, SOON, VIP, VIP6, ms};
use crate::protocol::{Protocol, VRID};

const DIRECTORY: &str = "/tmp/frr";

/// FRR's zebra and vrrpd on a host.
struct Frr {
    node: Node,
    interface: &'static str,
    _zebra: Daemon,
    vrrpd: Daemon,
}

/// The user and group that Debian's package makes.
fn frr_user() -> (u32, u32) {
    let id = |option: &str| {
        let output = Command::new("id").args([option, "frr"]).output().unwrap().stdout;
        String::from_utf8(output).unwrap().trim().parse().unwrap()
    };
    (id("-u"), id("-g"))
}

/// The macvlan that FRR runs on, with the virtual MAC address and the addresses; and its configuration. The other link
/// does not answer for them. Replies leave by it all the same, for it has the route.
fn prepare(node: &Node, protocol: Protocol, priority: u8) -> &'static str {
    node.host.sysctl("net/ipv4/conf/all/arp_ignore", "1").unwrap();
    node.host.sysctl("net/ipv4/conf/all/arp_announce", "2").unwrap();
    let six = protocol.is_ipv6();
    let (interface, family) = if six { ("vrrp6-51", 2) } else { ("vrrp4-51", 1) };
    let mac = Mac([0, 0, 0x5e, 0, family, VRID]);
    node.run(&format!("ip link add {interface} link eth0 type macvlan mode bridge"));
    node.run(&format!("ip link set dev {interface} address {mac}"));
    let addresses: &[&str] = if six { &["fe80::100", VIP6] } else { &[VIP] };
    let mut config = format!(
        "interface eth0\n vrrp {VRID} version 3\n vrrp {VRID} priority {priority}\n vrrp {VRID} advertisement-interval 200\n"
    );
    for address in addresses {
        let (length, word) = if six { (128, "ipv6") } else { (32, "ip") };
        let nodad = if six { " nodad" } else { "" };
        node.run(&format!("ip address add {address}/{length} dev {interface}{nodad}"));
        config += &format!(" vrrp {VRID} {word} {address}\n");
    }
    node.run(&format!("ip link set dev {interface} up"));
    node.write(&format!("{DIRECTORY}/vrrpd.conf"), &config);
    node.write(&format!("{DIRECTORY}/zebra.conf"), "");
    interface
}

impl Frr {
    fn start(node: Node, protocol: Protocol, priority: u8) -> Self {
        let (user, group) = frr_user();
        node.host.on(|| std::fs::create_dir(DIRECTORY)).unwrap().unwrap();
        let interface = prepare(&node, protocol, priority);
        node.host.on(|| chown(DIRECTORY, Some(user), Some(group))).unwrap().unwrap();
        let daemon = |name: &str| {
            let file = |end: &str| format!("{DIRECTORY}/{name}.{end}");
            let mut command = Command::new(format!("/usr/lib/frr/{name}"));
            command.args(["-f", &file("conf"), "-i", &file("pid"), "-u", "frr", "-g", "frr"]);
            command.args(["-z", &format!("{DIRECTORY}/zserv.api"), "--vty_socket", DIRECTORY, "-A", "127.0.0.1"]);
            command.args(["-P", "0", "--log", "stdout", "--log-level", "debugging"]);
            node.host.spawn(command).unwrap()
        };
        let zebra = daemon("zebra");
        let until = std::time::Instant::now() + SOON;
        while !node.host.on(|| std::fs::exists(format!("{DIRECTORY}/zserv.api"))).unwrap().unwrap() {
            assert!(std::time::Instant::now() < until, "{}", zebra.log().tail(20));
            std::thread::sleep(ms(10));
        }
        let vrrpd = daemon("vrrpd");
        Self { node, interface, _zebra: zebra, vrrpd }
    }

    /// Waits until its status is this word.
    fn becomes(&self, status: &str, protocol: Protocol) {
        let family = if protocol.is_ipv6() { "Status (v6)" } else { "Status (v4)" };
        let until = std::time::Instant::now() + SOON;
        loop {
            let shown = self.show();
            let line = shown.lines().find(|line| line.trim_start().starts_with(family)).unwrap_or_default();
            if line.trim_end().ends_with(status) {
                return;
            }
            let log = || self.vrrpd.log().tail(20);
            assert!(std::time::Instant::now() < until, "{} on {}:\n{shown}\n{}", status, self.interface, log());
            std::thread::sleep(ms(20));
        }
    }

    fn show(&self) -> String {
        let words = ["vtysh", "--vty_socket", DIRECTORY, "-d", "vrrpd", "-c", "show vrrp"];
        self.node.host.run(&words).map(|output| output.stdout).unwrap_or_default()
    }

    /// Asks it to stop and waits until it has.
    fn stop(&self) {
        self.vrrpd.signal(Signal::SIGTERM).unwrap();
        self.vrrpd.exit_status(SOON).unwrap();
    }
}

/// Runs a test as real root: FRR changes its user.
fn as_root(name: &str, body: impl FnOnce()) {
    Isolation::default().named(format!("frr::{name}")).real_root().run(body);
}

/// Ours is the better one: it serves, dies, is replaced, comes back, stops.
fn ours_is_better(protocol: Protocol) {
    let lan = Lan::new();
    let ours = lan.a.vrrpd(&protocol.config(1, 2, 150, ""));
    ours.active();
    let probe = lan.probe(protocol.target());
    let frr = Frr::start(lan.join("frr", 3), protocol, 100);
    frr.becomes("Backup", protocol);
    probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
    let mark = ours.mark();
    lan.segment.port_down(&lan.a.host).unwrap();
    frr.becomes("Master", protocol);
    probe.wait_for_reply_from(frr.node.mac, SOON).unwrap();
    lan.segment.port_up(&lan.a.host).unwrap();
    ours.moved_since(mark, "active", "preempting");
    frr.becomes("Backup", protocol);
    probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
    ours.signal(Signal::SIGTERM);
    assert!(ours.ended().success());
    // Handed over, or released where FRR did not speak in time: it does once its macvlan is up again.
    assert_eq!(ours.moves_since(mark).last().map(|(_, to, _)| to.as_str()), Some("initialize"));
    frr.becomes("Master", protocol);
    probe.wait_for_reply_from(frr.node.mac, SOON).unwrap();
    assert!(!lan.a.holds(protocol.target()));
    assert_eq!(ours.count(&[("event", "discarded")]), 0);
}

/// FRR is the better one: it serves, dies, comes back, stops.
fn frr_is_better(protocol: Protocol) {
    let lan = Lan::new();
    let frr = Frr::start(lan.join("frr", 3), protocol, 150);
    frr.becomes("Master", protocol);
    let ours = lan.a.vrrpd(&protocol.config(1, 2, 100, ""));
    ours.moved("backup", "started");
    let probe = lan.probe(protocol.target());
    probe.wait_for_reply_from(frr.node.mac, SOON).unwrap();
    // Longer than Active_Down_Interval.
    probe.wait_for_replies(1500, SOON).unwrap();
    assert_eq!(ours.moves_since(0).len(), 1, "{:?}", ours.moves_since(0));
    lan.segment.port_down(&frr.node.host).unwrap();
    ours.moved("active", "active_down");
    probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
    let mark = ours.mark();
    lan.segment.port_up(&frr.node.host).unwrap();
    ours.moved_since(mark, "backup", "higher");
    lan.a.wait_holds(protocol.target(), false);
    probe.wait_for_reply_from(frr.node.mac, SOON).unwrap();
    frr.stop();
    ours.moved_since(mark, "active", "released");
    assert_eq!(ours.count(&[("event", "discarded")]), 0);
}

#[test]
#[ignore = "needs frr"]
fn ours_is_better_in_version_3_over_ipv4() {
    as_root("ours_is_better_in_version_3_over_ipv4", || ours_is_better(Protocol::V3));
}

#[test]
#[ignore = "needs frr"]
fn ours_is_better_in_version_3_over_ipv6() {
    as_root("ours_is_better_in_version_3_over_ipv6", || ours_is_better(Protocol::V3Ipv6));
}

#[test]
#[ignore = "needs frr"]
fn frr_is_better_in_version_3_over_ipv4() {
    as_root("frr_is_better_in_version_3_over_ipv4", || frr_is_better(Protocol::V3));
}

#[test]
#[ignore = "needs frr"]
fn frr_is_better_in_version_3_over_ipv6() {
    as_root("frr_is_better_in_version_3_over_ipv6", || frr_is_better(Protocol::V3Ipv6));
}
