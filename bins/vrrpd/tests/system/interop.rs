//! Ours beside Debian's keepalived, in every way of speaking that both know, each of the two being the better one.
//!
//! `ours` is host a (10.0.0.1), `theirs` host b (10.0.0.2), so that b wins a tie; in the tie alone the two change places.

use vrrp_lab::{Probe, Signal, isolated};

use crate::fixture::{Lan, Node, SOON, Vrrpd};
use crate::keepalived::Keepalived;
use crate::protocol::Protocol;

/// Who of the two has the higher priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Better {
    Ours,
    Theirs,
}

/// The two daemons on their LAN, and a client that asks.
struct Pair {
    lan: Lan,
    ours: Vrrpd,
    theirs: Keepalived,
    probe: Probe,
    target: &'static str,
}

/// The two configurations.
fn configs(protocol: Protocol, better: Better, extra: &str) -> (String, String) {
    let (ours, theirs) = if better == Better::Ours { (150, 100) } else { (100, 150) };
    (protocol.config(1, 2, ours, extra), protocol.config(2, 1, theirs, extra))
}

impl Pair {
    /// Starts the better one, then the other, and waits until the better one serves.
    fn new(protocol: Protocol, better: Better) -> Self {
        let (ours, theirs) = configs(protocol, better, "");
        let lan = Lan::new();
        let (theirs, ours) = match better {
            Better::Ours => {
                let ours = lan.a.vrrpd(&ours);
                ours.active();
                (lan.b.keepalived(&theirs), ours)
            }
            Better::Theirs => {
                let theirs = lan.b.keepalived(&theirs);
                theirs.became_active_since(0);
                let ours = lan.a.vrrpd(&ours);
                ours.moved("backup", "started");
                (theirs, ours)
            }
        };
        let probe = lan.probe(protocol.target());
        let pair = Self { lan, ours, theirs, probe, target: protocol.target() };
        pair.serves(better);
        pair
    }

    fn node(&self, who: Better) -> &Node {
        match who {
            Better::Ours => &self.lan.a,
            Better::Theirs => &self.lan.b,
        }
    }

    /// Waits until this one holds the address, the other does not, and the client is answered by its MAC address.
    fn serves(&self, who: Better) {
        let other = if who == Better::Ours { Better::Theirs } else { Better::Ours };
        self.node(who).wait_holds(self.target, true);
        self.node(other).wait_holds(self.target, false);
        self.probe.wait_for_reply_from(self.node(who).mac, SOON).unwrap();
    }
}

fn the_higher_priority_wins(protocol: Protocol, better: Better) {
    let (ours, theirs) = configs(protocol, better, "");
    let lan = Lan::new();
    let (theirs, ours) = (lan.b.keepalived(&theirs), lan.a.vrrpd(&ours));
    let probe = lan.probe(protocol.target());
    let pair = Pair { lan, ours, theirs, probe, target: protocol.target() };
    // The lower one may have been the first: then it is preempted.
    match better {
        Better::Ours => drop(pair.ours.active()),
        Better::Theirs => pair.theirs.became_active_since(0),
    }
    pair.serves(better);
    let mark = pair.ours.mark();
    // Longer than any Active_Down_Interval here.
    pair.probe.wait_for_replies(4000, SOON).unwrap();
    assert_eq!(pair.ours.moves_since(mark), []);
    assert_eq!(pair.ours.count(&[("event", "discarded")]), 0);
    pair.serves(better);
}

fn the_other_takes_over_when_the_active_host_dies_and_it_preempts_when_back(protocol: Protocol, better: Better) {
    let pair = Pair::new(protocol, better);
    let (ours, theirs) = (pair.ours.mark(), pair.theirs.mark());
    pair.lan.segment.port_down(&pair.node(better).host).unwrap();
    match better {
        Better::Ours => {
            pair.theirs.became_active_since(theirs);
            pair.serves(Better::Theirs);
        }
        Better::Theirs => {
            pair.ours.moved_since(ours, "active", "active_down");
            pair.serves(Better::Ours);
        }
    }
    let (ours, theirs) = (pair.ours.mark(), pair.theirs.mark());
    pair.lan.segment.port_up(&pair.node(better).host).unwrap();
    match better {
        Better::Ours => {
            pair.ours.moved_since(ours, "active", "preempting");
            pair.theirs.became_backup_since(theirs);
        }
        Better::Theirs => drop(pair.ours.moved_since(ours, "backup", "higher")),
    }
    pair.serves(better);
}

fn a_graceful_stop_of_the_active_moves_the_address_and_of_the_backup_nothing(protocol: Protocol, better: Better) {
    let Pair { lan, ours, theirs, probe, target } = Pair::new(protocol, better);
    let mark = (ours.mark(), theirs.mark());
    match better {
        Better::Ours => {
            ours.signal(Signal::SIGTERM);
            assert!(ours.ended().success());
            theirs.became_active_since(mark.1);
            assert_eq!(ours.count(&[("event", "moved"), ("cause", "handed_over")]), 1);
            probe.wait_for_reply_from(lan.b.mac, SOON).unwrap();
            lan.a.wait_holds(target, false);
            let back = lan.a.vrrpd(&protocol.config(1, 2, 90, ""));
            back.moved("backup", "started");
            let mark = theirs.mark();
            back.signal(Signal::SIGTERM);
            assert!(back.ended().success());
            assert_eq!(theirs.moves_since(mark), 0);
        }
        Better::Theirs => {
            theirs.stop();
            ours.moved_since(mark.0, "active", "released");
            probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
            let back = lan.b.keepalived(&protocol.config(2, 1, 90, ""));
            let mark = ours.mark();
            back.stop();
            assert_eq!(ours.moves_since(mark), []);
        }
    }
}

fn nopreempt_leaves_the_lower_priority_active(protocol: Protocol, better: Better) {
    let (ours, theirs) = configs(protocol, better, "nopreempt");
    let lan = Lan::new();
    let probe = lan.probe(protocol.target());
    match better {
        Better::Ours => {
            let theirs = lan.b.keepalived(&theirs);
            theirs.became_active_since(0);
            let ours = lan.a.vrrpd(&ours);
            ours.moved("backup", "started");
            probe.wait_for_reply_from(lan.b.mac, SOON).unwrap();
            // Longer than any Active_Down_Interval here.
            probe.wait_for_replies(4500, SOON).unwrap();
            assert_eq!(ours.moves_since(0).len(), 1, "{:?}", ours.moves_since(0));
            lan.segment.port_down(&lan.b.host).unwrap();
            ours.moved("active", "active_down");
        }
        Better::Theirs => {
            let ours = lan.a.vrrpd(&ours);
            ours.active();
            let mark = ours.mark();
            let theirs = lan.b.keepalived(&theirs);
            probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
            probe.wait_for_replies(4500, SOON).unwrap();
            assert_eq!((ours.moves_since(mark).len(), theirs.moves_since(0)), (0, 1));
            lan.segment.port_down(&lan.a.host).unwrap();
            theirs.became_active_since(0);
        }
    }
}

/// Both are Active while the LAN is parted. Which of them is better is the greater address' alone.
fn equal_priorities_are_settled_by_address(protocol: Protocol, better: Better) {
    let lan = Lan::new();
    let (us, them, own, peer) = if better == Better::Ours { (&lan.b, &lan.a, 2, 1) } else { (&lan.a, &lan.b, 1, 2) };
    lan.segment.partition(&[&us.host], &[&them.host]).unwrap();
    let theirs = them.keepalived(&protocol.config(peer, own, 100, ""));
    let ours = us.vrrpd(&protocol.config(own, peer, 100, ""));
    ours.active();
    theirs.became_active_since(0);
    let mark = (ours.mark(), theirs.mark());
    lan.segment.heal_all().unwrap();
    let winner = match better {
        Better::Ours => {
            theirs.became_backup_since(mark.1);
            assert_eq!(ours.moves_since(mark.0), []);
            us
        }
        Better::Theirs => {
            ours.moved_since(mark.0, "backup", "tie");
            assert_eq!(theirs.moves_since(mark.1), 0);
            them
        }
    };
    lan.probe(protocol.target()).wait_for_reply_from(winner.mac, SOON).unwrap();
}

/// Each scenario in each protocol with either of the two as the better one, as a test of its own.
macro_rules! with_keepalived {
    ($($protocol:ident: $value:ident),+) => {$(
        mod $protocol {
            use super::*;
            with_keepalived!(@ $value, ours_is_better, Ours);
            with_keepalived!(@ $value, keepalived_is_better, Theirs);
        }
    )+};
    (@ $protocol:ident, $direction:ident, $better:ident) => {
        mod $direction {
            use super::*;
            with_keepalived!(@ $protocol, $better,
                the_higher_priority_wins
                the_other_takes_over_when_the_active_host_dies_and_it_preempts_when_back
                a_graceful_stop_of_the_active_moves_the_address_and_of_the_backup_nothing
                nopreempt_leaves_the_lower_priority_active
                equal_priorities_are_settled_by_address
            );
        }
    };
    (@ $protocol:ident, $better:ident, $($scenario:ident)+) => {$(
        #[test]
        #[ignore = "needs keepalived"]
        fn $scenario() {
            isolated(|| super::super::$scenario(Protocol::$protocol, Better::$better));
        }
    )+};
}

with_keepalived!(
    v2: V2, v2_pass: V2Pass, v3_ipv4: V3, v3_ipv6: V3Ipv6, unicast_ipv4: UnicastV4, unicast_ipv6: UnicastV6
);
