//! Floods from a stranger on the LAN: advertisements stay on time, nothing moves, and nobody is answered one for one.

use core::time::Duration;

use vrrp_lab::{CaptureConfig, isolated};

use crate::fixture::{Lan, VIP, Vrrpd, adverts_of, instance, ip, ms};
use crate::packet::Packet;

/// What floods.
const MALFORMED: fn(&mut Packet) = |p| p.spoilt = Some(|m| m[6..8].fill(0));
const UNKNOWN_VRID: fn(&mut Packet) = |p| p.vrid = 77;
const LOWER_PRIORITY: fn(&mut Packet) = |p| p.priority = 10;
const PRIORITY_0: fn(&mut Packet) = |p| p.priority = 0;

const INTERVAL: Duration = ms(300);
const LASTS: Duration = ms(1500);

/// Advertisements that an Active router owes to itself in this time, one more for each end of it, and what it may add in
/// answers: five at once, then one per half `Adver_Interval`.
fn owed(took: Duration) -> (u32, u32) {
    let regular = u32::try_from(took.as_millis() / INTERVAL.as_millis()).unwrap();
    (regular + 2, 5 + 2 * (regular + 1))
}

/// An Active router and its Backup under one flood, slow and as fast as this machine sends.
fn flooded(change: fn(&mut Packet), answered: bool) {
    let lan = Lan::new();
    let a = lan.a.vrrpd(&instance(51, 150, "0.3", ""));
    a.active();
    let b = lan.b.vrrpd(&instance(51, 100, "0.3", ""));
    b.moved("backup", "started");
    for pps in [4, 50_000] {
        let mut packet = Packet::v3(51, ip("10.0.0.9"), &[ip(VIP)]);
        packet.centis = 30;
        change(&mut packet);
        one_flood(&lan, &[&a, &b], &packet, pps, answered);
    }
}

fn one_flood(lan: &Lan, routers: &[&Vrrpd; 2], packet: &Packet, pps: u32, answered: bool) {
    let marks = routers.map(Vrrpd::mark);
    let config = CaptureConfig::default().except_from(lan.client.mac);
    let capture = lan.b.host.capture_with("eth0", config).unwrap();
    let frame = packet.frame(lan.client.mac, lan.a.mac);
    let began = std::time::Instant::now();
    let flood = lan.client.host.flood("eth0", vec![frame], pps, LASTS).unwrap();
    let sent = flood.finish().unwrap();
    let frames = capture.frames();
    // A busy machine takes longer over the same flood, and the capture has heard since before it.
    let (regular, answers) = owed(began.elapsed() + INTERVAL);
    let adverts = adverts_of(&frames, lan.a.mac, 51);
    let longest = adverts.windows(2).map(|pair| pair[1].since(pair[0])).max().unwrap_or_default();
    let announced = frames.iter().filter(|frame| frame.arp().is_some_and(|arp| arp.is_gratuitous())).count();
    eprintln!("{sent} packets: {} advertisements, longest gap {longest:?}, {announced} ARP", adverts.len());
    let most = usize::try_from(if answered { regular + answers } else { regular }).unwrap();
    assert!((1..=most).contains(&adverts.len()), "{} of {most} advertisements at {pps} a second", adverts.len());
    // The Backup takes over after three intervals; how soon after one is a figure for the lab.
    assert!(longest < INTERVAL * 3, "an advertisement came {longest:?} after the one before");
    assert!(announced <= usize::try_from(2 * 5 * answers).unwrap(), "{announced} gratuitous ARP frames");
    for (router, mark) in routers.iter().zip(marks) {
        assert_eq!(router.moves_since(mark), [], "at {pps} packets a second");
        assert!(router.mark() < 100, "{} lines logged", router.mark());
    }
}

#[test]
fn malformed_packets_of_the_virtual_router_move_nothing_and_are_not_answered() {
    isolated(|| flooded(MALFORMED, false));
}

#[test]
fn another_virtual_routers_packets_move_nothing_and_are_not_answered() {
    isolated(|| flooded(UNKNOWN_VRID, false));
}

// ledger: active-assert, !active-assert
#[test]
fn lower_priorities_move_nothing_and_are_answered_at_a_limited_rate() {
    isolated(|| flooded(LOWER_PRIORITY, true));
}

// ledger: active-prio0, !active-prio0
#[test]
fn resignations_of_a_stranger_move_nothing_and_are_answered_at_a_limited_rate() {
    isolated(|| flooded(PRIORITY_0, true));
}
