//! SIGHUP: what is the same goes on to the microsecond, what is wrong changes nothing.

use vrrp_lab::{Capture, Signal, Stamp, isolated};

use crate::fixture::{CONFIG, Lan, SOON, VIP, Vrrpd, advertises, adverts_of, instance, ip, ms};

const RELOADED: [(&str, &str); 1] = [("event", "reloaded")];
const REFUSED: [(&str, &str); 1] = [("event", "not_reloaded")];

fn alone(lan: &Lan) -> Vrrpd {
    let a = lan.a.vrrpd(&instance(51, 150, "0.3", ""));
    a.active();
    a
}

/// A capture at the client, and the advertisement after which the router's phase has settled (the second interval after
/// a claim is a shorter one).
struct Watch {
    capture: Capture,
    from: Stamp,
}

impl Watch {
    fn new(lan: &Lan) -> Self {
        let capture = lan.client.host.capture("eth0").unwrap();
        let mut watch = Self { capture, from: Stamp::default() };
        watch.from = watch.adverts(lan, 3)[2];
        watch
    }

    /// Waits until there are so many advertisements, and gives when each was seen.
    fn adverts(&self, lan: &Lan, count: usize) -> Vec<Stamp> {
        loop {
            let mark = self.capture.mark();
            let mut adverts = adverts_of(&self.capture.frames(), lan.a.mac, 51);
            adverts.retain(|stamp| *stamp >= self.from);
            if adverts.len() >= count {
                return adverts;
            }
            self.capture.wait_for_since(mark, |frame| advertises(frame, 51, 150), SOON).unwrap();
        }
    }

    /// Asserts that the router kept its times: its advertisements come about one interval, 300 ms, apart.
    fn on_time(&self, lan: &Lan, count: usize) {
        for pair in self.adverts(lan, count).windows(2) {
            let gap = pair[1].since(pair[0]);
            assert!((ms(150)..ms(600)).contains(&gap), "{gap:?} between two advertisements");
        }
    }
}

fn announced(capture: &Capture, address: &str) -> usize {
    let frames = capture.frames();
    let is =
        |frame: &&vrrp_lab::Frame| frame.arp().is_some_and(|arp| arp.is_gratuitous() && ip(address) == arp.sender_ip);
    frames.iter().filter(is).count()
}

#[test]
fn the_same_configuration_sends_nothing_and_moves_nothing() {
    isolated(|| {
        let lan = Lan::new();
        let config = instance(51, 150, "0.3", "garp_master_repeat 1\n  garp_master_delay 0");
        let a = lan.a.vrrpd(&config);
        a.active();
        let watch = Watch::new(&lan);
        let before = announced(&watch.capture, VIP);
        let mark = a.mark();
        a.signal(Signal::SIGHUP);
        a.wait_since(mark, &RELOADED);
        watch.on_time(&lan, 8);
        assert_eq!(a.moves_since(mark), []);
        assert_eq!(announced(&watch.capture, VIP), before, "a reload announced");
    });
}

#[test]
fn a_flood_of_reloads_moves_nothing_and_delays_nothing() {
    isolated(|| {
        let lan = Lan::new();
        let a = alone(&lan);
        let watch = Watch::new(&lan);
        let mark = a.mark();
        for _ in 0..200 {
            a.signal(Signal::SIGHUP);
        }
        watch.on_time(&lan, 5);
        a.wait_since(mark, &RELOADED);
        assert_eq!(a.moves_since(mark), []);
    });
}

#[test]
fn a_new_priority_takes_effect_at_once() {
    isolated(|| {
        let lan = Lan::new();
        let a = alone(&lan);
        let b = lan.b.vrrpd(&instance(51, 100, "0.3", ""));
        b.moved("backup", "started");
        b.reload(&instance(51, 200, "0.3", ""));
        b.moved("active", "preempting");
        a.moved("backup", "higher");
        lan.a.wait_holds(VIP, false);
        lan.b.wait_holds(VIP, true);
    });
}

#[test]
fn an_address_that_is_added_or_taken_away_comes_and_goes_without_a_transition() {
    isolated(|| {
        let lan = Lan::new();
        let a = alone(&lan);
        let watch = Watch::new(&lan);
        let mark = a.mark();
        let more = instance(51, 150, "0.3", "").replace("    10.0.0.100/24", "    10.0.0.100/24\n    10.0.0.101/24");
        a.reload(&more);
        lan.a.wait_holds("10.0.0.101", true);
        let of_new = |frame: &vrrp_lab::Frame| frame.arp().is_some_and(|arp| arp.sender_ip == ip("10.0.0.101"));
        watch.capture.wait_for(of_new, SOON).unwrap();
        a.reload(&instance(51, 150, "0.3", ""));
        lan.a.wait_holds("10.0.0.101", false);
        assert!(lan.a.holds(VIP));
        assert_eq!(a.moves_since(mark), []);
    });
}

#[test]
fn a_router_that_is_added_starts_and_one_that_is_removed_resigns_and_the_other_does_not_notice() {
    isolated(|| {
        let lan = Lan::new();
        let a = alone(&lan);
        let watch = Watch::new(&lan);
        let other = instance(52, 150, "0.1", "").replace(VIP, "10.0.0.152");
        let of_first = [("event", "moved"), ("router", "V51")];
        let before = a.count(&of_first);
        a.reload(&format!("{}{other}", instance(51, 150, "0.3", "")));
        lan.a.wait_holds("10.0.0.152", true);
        watch.capture.wait_for(|frame| advertises(frame, 52, 150), SOON).unwrap();
        a.reload(&instance(51, 150, "0.3", ""));
        watch.capture.wait_for(|frame| advertises(frame, 52, 0), SOON).unwrap();
        lan.a.wait_holds("10.0.0.152", false);
        watch.on_time(&lan, 6);
        assert_eq!(a.count(&of_first), before);
    });
}

#[test]
fn a_broken_or_empty_file_leaves_the_old_configuration_running() {
    isolated(|| {
        let lan = Lan::new();
        let a = alone(&lan);
        let watch = Watch::new(&lan);
        let broken = instance(51, 200, "0.3", "no_such_keyword");
        let quarantined = format!("{}{}", instance(51, 200, "0.3", ""), instance(52, 0, "0.3", ""));
        for config in [broken.as_str(), "", "# nothing\n", &quarantined, "vrrp_instance V51 {\n"] {
            let mark = a.mark();
            a.reload(config);
            a.wait_since(mark, &REFUSED);
            assert_eq!(a.moves_since(mark), []);
        }
        let mark = a.mark();
        lan.a.run(&format!("rm {CONFIG}"));
        a.signal(Signal::SIGHUP);
        a.wait_since(mark, &REFUSED);
        watch.on_time(&lan, 6);
        assert!(lan.a.holds(VIP));
        // And it is still able to reload.
        a.reload(&instance(51, 151, "0.3", ""));
        a.wait_since(mark, &RELOADED);
        watch.capture.wait_for(|frame| advertises(frame, 51, 151), SOON).unwrap();
    });
}
