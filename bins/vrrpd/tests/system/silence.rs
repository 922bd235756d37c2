//! `confirm_silence`: the LAN is asked for the addresses before they are claimed.

use core::time::Duration;

use vrrp_lab::isolated;

use crate::fixture::{Lan, SOON, Vrrpd, advertises};
use crate::protocol::Protocol;

const ANSWERED: [(&str, &str); 3] = [("event", "condition"), ("cause", "withheld_answered"), ("began", "true")];

/// Active_Down_Interval at priority 100: three intervals of 200 ms, and 156/256 of one.
const DOWN: Duration = Duration::from_millis(722);

/// `b` is Active; `a` hears it and asks before it claims.
fn pair(lan: &Lan, protocol: Protocol) -> (Vrrpd, Vrrpd) {
    let b = lan.b.vrrpd(&protocol.config(2, 1, 150, ""));
    b.active();
    let a = lan.a.vrrpd(&protocol.config(1, 2, 100, "confirm_silence"));
    a.moved("backup", "started");
    let heard = lan.a.host.capture("eth0").unwrap();
    heard.wait_for(|frame| advertises(frame, 51, 150), SOON).unwrap();
    (a, b)
}

/// Drops what comes to `a` under VRRP's protocol number, and nothing else.
fn cut_advertisements(lan: &Lan) {
    for family in ["ip", "ip6"] {
        lan.a.run(&format!("nft add table {family} t"));
        lan.a.run(&format!("nft add chain {family} t in {{ type filter hook input priority 0 ; }}"));
        lan.a.run(&format!("nft add rule {family} t in meta l4proto 112 drop"));
    }
}

fn heal_advertisements(lan: &Lan) {
    lan.a.run("nft delete table ip t");
    lan.a.run("nft delete table ip6 t");
}

/// Advertisements of `b` get lost until `a` has asked for the addresses and withheld its claim. An answer that outlasts
/// its 20 ms, as on a busy machine, comes too late: the claim is right then, and the silence is tried again.
fn until_answered(lan: &Lan, a: &Vrrpd) -> usize {
    for _attempt in 0..20 {
        let mark = a.mark();
        cut_advertisements(lan);
        let told = a.wait_any_since(mark, &[&ANSWERED, &[("event", "moved"), ("to", "active")]]);
        if told.is(&ANSWERED) {
            assert!(told.text("message").contains("would have claimed"), "{told:?}");
            return mark;
        }
        heal_advertisements(lan);
        a.moved_since(mark, "backup", "higher");
    }
    panic!("no claim was withheld in twenty silences");
}

#[test]
fn a_peer_that_is_silent_and_answers_is_believed_to_live_for_one_interval() {
    isolated(|| {
        for protocol in [Protocol::V3, Protocol::V3Ipv6] {
            let lan = Lan::new();
            let (a, b) = pair(&lan, protocol);
            // Only for a while: nothing moves.
            let mark = until_answered(&lan, &a);
            heal_advertisements(&lan);
            a.wait_since(mark, &[ANSWERED[0], ANSWERED[1], ("began", "false")]);
            assert_eq!(a.moves_since(mark), []);
            assert!(!lan.a.holds(protocol.target()));
            // For good: the claim comes one interval later, and the better one has it back as soon as it is heard.
            let mark = until_answered(&lan, &a);
            a.moved_since(mark, "active", "active_down");
            heal_advertisements(&lan);
            a.moved_since(mark, "backup", "higher");
            assert_eq!(b.moves_since(0).len(), 2, "{:?}", b.moves_since(0));
        }
    });
}

#[test]
fn a_peer_that_is_dead_is_asked_for_and_the_claim_is_no_later() {
    isolated(|| {
        for protocol in [Protocol::V3, Protocol::V3Ipv6] {
            let lan = Lan::new();
            let (a, _b) = pair(&lan, protocol);
            let capture = lan.client.host.capture("eth0").unwrap();
            capture.wait_for(|frame| advertises(frame, 51, 150), SOON).unwrap();
            let mark = a.mark();
            lan.segment.port_down(&lan.b.host).unwrap();
            a.moved_since(mark, "active", "active_down");
            lan.a.wait_holds(protocol.target(), true);
            assert_eq!(a.count(&ANSWERED), 0);
            let first = capture.wait_for(|frame| advertises(frame, 51, 100), SOON).unwrap();
            let frames = capture.frames();
            let last = frames.iter().rev().find(|frame| advertises(frame, 51, 150)).unwrap();
            let silence = first.stamp.since(last.stamp);
            eprintln!("{protocol:?}: {silence:.1?} from the last advertisement to the first of the successor");
            // A held claim comes a whole Active_Down_Interval later.
            assert!(silence < 2 * DOWN, "{silence:?}");
        }
    });
}

/// Whether a claim was withheld because of what answers for the addresses of a dead router.
fn is_believed(answers: &[&str], virtual_mac: bool) -> bool {
    let lan = Lan::new();
    let (a, _b) = pair(&lan, Protocol::V3);
    if virtual_mac {
        lan.client.run("ip link set eth0 address 00:00:5e:00:01:33");
    }
    let mark = a.mark();
    lan.segment.port_down(&lan.b.host).unwrap();
    for address in answers {
        lan.client.host.add_address("eth0", address).unwrap();
    }
    a.moved_since(mark, "active", "active_down");
    a.count(&ANSWERED) > 0
}

#[test]
fn an_answer_counts_only_from_whoever_answers_for_the_silent_router_and_never_from_a_virtual_mac() {
    isolated(|| {
        assert!(!is_believed(&["10.0.0.100/32"], false));
        assert!(!is_believed(&["10.0.0.2/32"], false));
        let both = ["10.0.0.2/32", "10.0.0.100/32"];
        assert!(!is_believed(&both, true));
        // An answer that outlasts its 20 ms, as on a busy machine, comes too late.
        assert!((0..10).any(|_| is_believed(&both, false)));
    });
}
