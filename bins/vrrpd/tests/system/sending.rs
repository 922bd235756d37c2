//! How advertisements leave.

use vrrp_lab::{Frame, isolated};

use crate::fixture::{Lan, SOON, advertises, instance, ip};

// ledger: tx-ttl, !tx-ttl
#[test]
fn a_ttl_for_unicast_changes_nothing_for_multicast() {
    const PEER: &str = "unicast_ttl 64\n  unicast_src_ip 10.0.0.1\n  unicast_peer {\n    10.0.0.9\n  }";
    isolated(|| {
        let lan = Lan::new();
        let capture = lan.client.host.capture("eth0").unwrap();
        for (lines, destination, ttl) in [("unicast_ttl 64", "224.0.0.18", 255), (PEER, "10.0.0.9", 64)] {
            let mark = capture.mark();
            let a = lan.a.vrrpd(&instance(51, 150, "0.1", lines));
            a.active();
            let frame = capture.wait_for_since(mark, |frame| advertises(frame, 51, 150), SOON).unwrap();
            let sent = frame.vrrp().unwrap();
            assert_eq!((sent.destination, sent.ttl), (ip(destination), ttl));
            a.signal(vrrp_lab::Signal::SIGTERM);
            assert!(a.ended().success());
        }
        let others = capture.frames();
        let odd = |frame: &Frame| frame.vrrp().is_some_and(|sent| sent.destination.is_multicast() && sent.ttl != 255);
        assert!(!others.iter().any(odd));
    });
}
