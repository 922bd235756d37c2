//! What is accepted and what is discarded, packet by packet, on the daemon's own sockets.
//!
//! Every case is a virtual router of its own in one daemon, a Backup, and a stranger who advertises for all of them.
//! Where the advertisements are accepted the router stays Backup; where they are discarded it becomes Active all the
//! same, and is not moved by those that go on coming.

use core::net::IpAddr;
use core::time::Duration;

use vrrp_lab::isolated;
use vrrp_wire::{Authentication, Coverage, Version};

use crate::fixture::{Lan, Vrrpd, adverts_of, ip, ms};
use crate::packet::Packet;

/// What becomes of a case's packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Accepted,
    /// Accepted, and this condition is shown.
    Shown(&'static str),
    /// Discarded, for this reason.
    Discarded(&'static str),
}
use Verdict::{Accepted, Discarded, Shown};

/// One kind of packet, what it is told by, and the configuration it meets.
struct Case {
    name: &'static str,
    verdict: Verdict,
    config: &'static str,
    change: fn(&mut Packet),
}

const fn case(name: &'static str, verdict: Verdict, change: fn(&mut Packet)) -> Case {
    Case { name, verdict, config: "", change }
}

const fn with(config: &'static str, name: &'static str, verdict: Verdict, change: fn(&mut Packet)) -> Case {
    Case { name, verdict, config, change }
}

/// The family and version that a table of cases is about.
struct Table {
    header: &'static str,
    base: fn(vrid: u8, lan: &Lan) -> Packet,
    address: fn(vrid: u8) -> String,
    /// Longer than `Active_Down_Interval`.
    lasts: Duration,
    cases: Vec<Case>,
}

const V3: &str = "version 3\n  advert_int 0.1";
const V2: &str = "version 2\n  advert_int 1\n  down_timer_adverts 1";

fn address4(vrid: u8) -> String {
    format!("10.0.1.{vrid}/32")
}

fn address6(vrid: u8) -> String {
    format!("fe80::1:{vrid}/64")
}

fn bare(address: &str) -> IpAddr {
    ip(address.split('/').next().unwrap())
}

fn v3(vrid: u8, _: &Lan) -> Packet {
    Packet::v3(vrid, ip("10.0.0.9"), &[bare(&address4(vrid))])
}

fn v2(vrid: u8, _: &Lan) -> Packet {
    Packet::v2(vrid, ip("10.0.0.9"), &[bare(&address4(vrid))])
}

fn v6(vrid: u8, lan: &Lan) -> Packet {
    Packet::v3(vrid, lan.client.mac.link_local().into(), &[bare(&address6(vrid))])
}

fn unicast(vrid: u8, lan: &Lan) -> Packet {
    Packet { destination: ip("10.0.0.1"), ttl: 64, ..v3(vrid, lan) }
}

impl Table {
    fn config(&self) -> String {
        let routers = self.cases.iter().zip(1..).map(|(case, vrid): (_, u8)| {
            let (header, extra, address) = (self.header, case.config, (self.address)(vrid));
            format!(
                "vrrp_instance V{vrid} {{\n  interface eth0\n  virtual_router_id {vrid}\n  priority 100\n  {header}\n  \
                 {extra}\n  virtual_ipaddress {{\n    {address}\n  }}\n}}\n"
            )
        });
        routers.collect()
    }

    fn frames(&self, lan: &Lan) -> Vec<Vec<u8>> {
        let frame = |(case, vrid): (&Case, u8)| {
            let mut packet = (self.base)(vrid, lan);
            (case.change)(&mut packet);
            packet.frame(lan.client.mac, lan.a.mac)
        };
        self.cases.iter().zip(1..).map(frame).collect()
    }

    /// Runs the daemon against the stranger and judges every case.
    fn judge(&self) {
        let lan = Lan::new();
        let frames = self.frames(&lan);
        let each = u32::try_from(frames.len()).unwrap();
        let capture = lan.client.host.capture("eth0").unwrap();
        let flood = lan.client.host.flood("eth0", frames, each * 25, self.lasts).unwrap();
        let vrrpd = lan.a.vrrpd(&self.config());
        for (case, vrid) in self.cases.iter().zip(1..) {
            if let Discarded(why) = case.verdict {
                discarded(&vrrpd, vrid, why);
            }
        }
        flood.finish().unwrap();
        let mut wrong = Vec::new();
        let frames = capture.frames();
        for (case, vrid) in self.cases.iter().zip(1..) {
            let moves = moves(&vrrpd, vrid);
            let right = match case.verdict {
                Accepted => moves == ["started"],
                Shown(what) => moves == ["started"] && shows(&vrrpd, vrid, what),
                Discarded(_) => moves == ["started", "active_down"] && !adverts_of(&frames, lan.a.mac, vrid).is_empty(),
            };
            if !right {
                wrong.push(format!("{} ({:?}): {moves:?}", case.name, case.verdict));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}\n{}", vrrpd.daemon.log().tail(200));
    }
}

fn name(vrid: u8) -> String {
    format!("V{vrid}")
}

fn moves(vrrpd: &Vrrpd, vrid: u8) -> Vec<String> {
    let lines = vrrpd.lines();
    let moves = lines.iter().filter(|line| line.is(&[("event", "moved"), ("router", &name(vrid))]));
    moves.map(|line| line.text("cause").to_owned()).collect()
}

fn shows(vrrpd: &Vrrpd, vrid: u8, condition: &str) -> bool {
    vrrpd.count(&[("event", "condition"), ("router", &name(vrid)), ("cause", condition), ("began", "true")]) > 0
}

/// Waits until the packets of a case were discarded for this reason, and the router is Active in spite of them.
fn discarded(vrrpd: &Vrrpd, vrid: u8, why: &str) {
    let name = name(vrid);
    vrrpd.wait(&[("event", "discarded"), ("router", &name), ("cause", why)]);
    vrrpd.wait(&[("event", "moved"), ("router", &name), ("to", "active"), ("cause", "active_down")]);
}

// ledger: rx-ttl, !rx-ttl, rx-version, !rx-version, rx-type, !rx-type, rx-complete, !rx-complete
// ledger: rx-checksum, !rx-checksum, rx-count-zero, !rx-count-zero, rx-interval-zero, !rx-interval-zero
// ledger: rx-address-mismatch, rx-interval-mismatch, tx-reserve, tx-checksum-v4, !tx-group
#[test]
fn version_3_over_ipv4_accepts_what_is_authentic_and_discards_the_rest() {
    let cases = vec![
        case("correct", Accepted, |_| {}),
        case("checksum without pseudo-header", Accepted, |p| p.coverage = Coverage::Message),
        case("checksum 0", Discarded("checksum"), |p| p.spoilt = Some(|m| m[6..8].fill(0))),
        case("another address", Shown("addresses_differ"), |p| p.addresses = vec![ip("10.0.9.9")]),
        with("skip_check_adv_addr", "another address, unchecked", Shown("addresses_differ"), |p| {
            p.addresses = vec![ip("10.0.9.9")];
        }),
        case("one address more", Shown("addresses_differ"), |p| p.addresses.push(ip("10.0.9.9"))),
        case("no address", Discarded("count_zero"), |p| {
            // An address of zeroes adds nothing to a sum that leaves the length out.
            p.coverage = Coverage::Message;
            p.addresses = vec![ip("0.0.0.0")];
            p.overwritten = vec![(3, 0)];
            p.spoilt = Some(|m| m.truncate(8));
        }),
        case("count larger than the data", Discarded("truncated"), |p| p.overwritten = vec![(3, 2)]),
        case("four octets more", Discarded("too_long"), |p| p.spoilt = Some(|m| m.extend([0; 4]))),
        case("cut off", Discarded("truncated"), |p| p.spoilt = Some(|m| m.truncate(7))),
        case("TTL 254", Discarded("hop_limit"), |p| p.ttl = 254),
        case("a longer interval", Shown("interval_differs"), |p| p.centis = 100),
        case("version 2", Discarded("version"), |p| {
            p.version = Version::V2;
            p.centis = 100;
        }),
        case("type 2", Discarded("type"), |p| p.overwritten = vec![(0, 0x32)]),
        case("reserved bits", Accepted, |p| p.overwritten = vec![(4, 0xf0)]),
        case("interval 0", Discarded("interval_zero"), |p| p.overwritten = vec![(5, 0)]),
        case("to us alone", Discarded("delivery"), |p| p.destination = ip("10.0.0.1")),
        case("from another subnet", Accepted, |p| p.source = ip("192.0.2.9")),
    ];
    isolated(move || Table { header: V3, base: v3, address: address4, lasts: ms(2000), cases }.judge());
}

#[test]
fn the_order_of_the_addresses_says_nothing() {
    const TWO: &str = "virtual_ipaddress_excluded {\n  }";
    let cases = vec![with(TWO, "reversed", Accepted, |p| p.addresses = vec![ip("10.0.2.2"), ip("10.0.2.1")])];
    let address = |_| "10.0.2.1/32\n    10.0.2.2/32".to_owned();
    isolated(move || {
        let base = |vrid, _: &Lan| Packet::v3(vrid, ip("10.0.0.9"), &[]);
        Table { header: V3, base, address, lasts: ms(1200), cases }.judge();
    });
}

/// Makes the checksum of a VRRPv2 message cover what VRRPv3's does: 10.0.0.9, 224.0.0.18, the protocol and the length.
fn sum_pseudo_header(message: &mut [u8]) {
    let checksum = u32::from(u16::from_be_bytes([message[6], message[7]]));
    let sum = (0xffff - checksum) + 0x0a00 + 0x0009 + 0xe000 + 0x0012 + 112 + 20;
    let folded = (sum & 0xffff) + (sum >> 16);
    message[6..8].copy_from_slice(&(!u16::try_from(folded).unwrap()).to_be_bytes());
}

// ledger: v2-pass, !v2-pass, v2-auth-field, !v2-auth-field, v2-checksum, !v2-checksum, v2-interval, !v2-interval
#[test]
fn version_2_accepts_what_is_authentic_and_discards_the_rest() {
    const PASS: &str = "authentication {\n    auth_type PASS\n    auth_pass secret12\n  }";
    const RIGHT: Authentication = Authentication::Simple(*b"secret12");
    let cases = vec![
        case("correct", Accepted, |_| {}),
        case("version 3", Discarded("version"), |p| p.version = Version::V3),
        case("an interval of 2 s", Shown("interval_differs"), |p| p.centis = 200),
        with("strict_mode", "an interval of 2 s, strictly", Discarded("interval"), |p| p.centis = 200),
        with(PASS, "the right password", Accepted, |p| p.authentication = RIGHT),
        with(PASS, "a wrong password", Discarded("authentication_data"), |p| {
            p.authentication = Authentication::Simple(*b"secret13");
        }),
        with(PASS, "no password", Discarded("authentication_type"), |_| {}),
        case("a password where none is", Discarded("authentication_type"), |p| p.authentication = RIGHT),
        case("authentication type 9", Discarded("authentication_type"), |p| p.overwritten = vec![(4, 9)]),
        case("without authentication data", Discarded("truncated"), |p| p.spoilt = Some(|m| m.truncate(12))),
        case("checksum with pseudo-header", Discarded("checksum"), |p| p.spoilt = Some(|m| sum_pseudo_header(m))),
    ];
    isolated(move || Table { header: V2, base: v2, address: address4, lasts: ms(4500), cases }.judge());
}

// ledger: tx-checksum-v6, !tx-checksum-v6, !v2-ipv4-only, rx-ttl, !rx-ttl
#[test]
fn ipv6_accepts_what_is_authentic_and_discards_the_rest() {
    let cases = vec![
        case("correct", Accepted, |_| {}),
        case("checksum 0", Discarded("checksum"), |p| p.spoilt = Some(|m| m[6..8].fill(0))),
        case("hop limit 254", Discarded("hop_limit"), |p| p.ttl = 254),
        case("version 2", Discarded("version"), |p| p.overwritten = vec![(0, 0x21)]),
        case("type 2", Discarded("type"), |p| p.overwritten = vec![(0, 0x32)]),
        case("interval 0", Discarded("interval_zero"), |p| p.overwritten = vec![(5, 0)]),
        case("four octets more", Discarded("too_long"), |p| p.spoilt = Some(|m| m.extend([0; 4]))),
        case("another address", Shown("addresses_differ"), |p| p.addresses = vec![ip("fe80::9:9")]),
    ];
    isolated(move || Table { header: V3, base: v6, address: address6, lasts: ms(2000), cases }.judge());
}

#[test]
fn unicast_accepts_what_is_authentic_and_discards_the_rest() {
    const PEER: &str = "unicast_src_ip 10.0.0.1\n  unicast_peer {\n    10.0.0.9\n  }";
    const CHECKED: &str = "unicast_src_ip 10.0.0.1\n  check_unicast_src\n  unicast_peer {\n    10.0.0.9\n  }";
    const NEAR: &str = "unicast_src_ip 10.0.0.1\n  unicast_peer {\n    10.0.0.9 min_ttl 254\n  }";
    let cases = vec![
        with(PEER, "from the peer, TTL 64", Accepted, |_| {}),
        with(PEER, "from a stranger", Accepted, |p| p.source = ip("10.0.0.77")),
        with(CHECKED, "from the peer, checked", Accepted, |_| {}),
        with(CHECKED, "from a stranger, checked", Discarded("not_a_peer"), |p| p.source = ip("10.0.0.77")),
        with(NEAR, "TTL 64 where 254 is asked for", Discarded("hop_limit"), |_| {}),
        with(NEAR, "TTL 254 where 254 is asked for", Accepted, |p| p.ttl = 254),
        // Only where some other router of the interface is in the group does the kernel let this through.
        with(PEER, "to the group", Discarded("delivery"), |p| p.destination = ip("224.0.0.18")),
        case("multicast beside it", Accepted, |p| {
            p.destination = ip("224.0.0.18");
            p.ttl = 255;
        }),
        with(PEER, "a checksum for the group", Discarded("checksum"), |p| p.summed_to = Some(ip("224.0.0.18"))),
    ];
    isolated(move || Table { header: V3, base: unicast, address: address4, lasts: ms(2000), cases }.judge());
}
