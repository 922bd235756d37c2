//! Announcements that take: the client's packets go to the Active router, whatever else is on the LAN.

use core::time::Duration;

use vrrp_lab::{Capture, Frame, Mac, Probe, Stamp, isolated};

use crate::fixture::{Lan, Node, SOON, VIP, Vrrpd, instance};

/// When the first advertisement of any router was seen after `from`.
fn first_advertisement(capture: &Capture, from: Stamp) -> Stamp {
    let is = |frame: &Frame| frame.stamp > from && frame.vrrp().is_some();
    capture.wait_for(is, SOON).unwrap().stamp
}

/// When replies began to come from this MAC address and from no other.
fn settled_on(probe: Probe, mac: Mac) -> Stamp {
    let report = probe.stop();
    let last = report.answerers.last().unwrap();
    assert_eq!(last.mac, mac, "{:?}", report.answerers);
    last.first
}

#[test]
fn a_lingering_old_holder_that_answers_arp_does_not_keep_the_client() {
    isolated(|| {
        let lan = Lan::new();
        let ghost = lan.join("ghost", 3);
        ghost.host.add_address("eth0", &format!("{VIP}/32")).unwrap();
        let probe = lan.probe(VIP);
        probe.wait_for_reply_from(ghost.mac, SOON).unwrap();
        let a = lan.a.vrrpd(&instance(51, 150, "0.2", ""));
        let from = Stamp::now();
        let capture = lan.client.host.capture("eth0").unwrap();
        a.active();
        let spoken = first_advertisement(&capture, from);
        probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
        // For as long as the old holder answers.
        let mark = probe.report().samples.len();
        probe.wait_for_replies(2000, SOON).unwrap();
        let report = probe.stop();
        let taken = report.answerers.iter().find(|answerer| answerer.mac == lan.a.mac).unwrap().first;
        eprintln!("the client reached the new Active {:?} after its first advertisement", taken.since(spoken));
        let later = report.samples.iter().skip(mark).filter_map(|sample| sample.reply);
        assert_eq!(later.filter(|(_, mac)| *mac != lan.a.mac).count(), 0, "{:?}", report.answerers);
    });
}

/// A parted LAN in which both routers serve, with the client on the side of the lower one.
///
/// Advertisements leave in slots of the interval by the router's VRID and the interface's place in the file, and here both
/// hosts have one clock: two interfaces more put seven sixteenths of an interval between the two.
fn parted(lan: &Lan) -> (Vrrpd, Vrrpd) {
    let a = lan.a.vrrpd(&instance(51, 150, "0.5", ""));
    a.active();
    let elsewhere =
        |interface, vrid| instance(vrid, 100, "0.5", "").replace("eth0", interface).replace(VIP, "10.1.0.1");
    let b = lan.b.vrrpd(&format!("{}{}{}", elsewhere("eth8", 1), elsewhere("eth9", 2), instance(51, 100, "0.5", "")));
    b.moved("backup", "started");
    part(lan);
    b.active();
    (a, b)
}

fn part(lan: &Lan) {
    lan.segment.partition(&[&lan.a.host], &[&lan.b.host, &lan.client.host]).unwrap();
}

/// Heals just after `silent` has advertised, so that `speaker` comes first; gives how long after that first
/// advertisement the client's packets reached the survivor. Nothing, where the switch took so long that the other spoke first.
fn heal(lan: &Lan, speaker: &Node, silent: &Node) -> Option<Duration> {
    let probe = lan.probe(VIP);
    probe.wait_for_reply_from(lan.b.mac, SOON).unwrap();
    let [at_speaker, at_silent] = [speaker, silent].map(|node| node.host.capture("eth0").unwrap());
    for _ in 0..2 {
        at_silent.wait_for_since(at_silent.mark(), |frame| frame.outgoing && frame.vrrp().is_some(), SOON).unwrap();
    }
    lan.segment.heal_all().unwrap();
    let first = at_silent.wait_for(|frame| !frame.outgoing && frame.vrrp().is_some(), SOON).unwrap();
    let crossed = |frame: &Frame| !frame.outgoing && frame.stamp < first.stamp && frame.vrrp().is_some();
    let other_spoke_first = at_speaker.frames().iter().any(crossed);
    probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
    probe.wait_for_replies(500, SOON).unwrap();
    let settled = settled_on(probe, lan.a.mac);
    (!other_spoke_first).then(|| settled.since(first.stamp))
}

fn healed(higher_speaks_first: bool) {
    let lan = Lan::new();
    let (a, b) = parted(&lan);
    for _ in 0..10 {
        let mark = (a.mark(), b.mark());
        let after = if higher_speaks_first { heal(&lan, &lan.a, &lan.b) } else { heal(&lan, &lan.b, &lan.a) };
        assert_eq!(a.moves_since(mark.0), []);
        b.moved_since(mark.1, "backup", "higher");
        lan.b.wait_holds(VIP, false);
        if let Some(after) = after {
            eprintln!("the client's packets reached the survivor {after:?} after the first advertisement");
            return;
        }
        part(&lan);
        b.moved_since(mark.1, "active", "active_down");
        lan.b.wait_holds(VIP, true);
    }
    panic!("the switch was never fast enough");
}

#[test]
fn after_a_partition_the_client_reaches_the_survivor_at_once_when_the_higher_speaks_first() {
    isolated(|| healed(true));
}

#[test]
fn after_a_partition_the_client_reaches_the_survivor_at_once_when_the_lower_speaks_first() {
    isolated(|| healed(false));
}
