//! Two of ours: the address moves when it should and stays when it should.

use vrrp_lab::{Capture, Outage, Signal, isolated};

use crate::fixture::{Lan, SOON, VIP, instance, ms};

#[test]
fn the_backup_serves_the_client_after_the_death_of_the_active_host_and_the_higher_priority_comes_back() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", ""));
        a.moved("active", "active_down");
        let b = lan.b.vrrpd(&instance(51, 100, "0.1", ""));
        b.moved("backup", "started");
        let probe = lan.probe(VIP);
        probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
        lan.segment.port_down(&lan.a.host).unwrap();
        b.moved("active", "active_down");
        a.moved("initialize", "ineligible");
        lan.a.wait_holds(VIP, false);
        probe.wait_for_reply_from(lan.b.mac, SOON).unwrap();
        lan.segment.port_up(&lan.a.host).unwrap();
        a.moved("active", "preempting");
        b.moved("backup", "higher");
        lan.b.wait_holds(VIP, false);
        probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
        let marks = (a.mark(), b.mark());
        b.signal(Signal::SIGTERM);
        assert!(b.ended().success());
        assert_eq!(a.moves_since(marks.0), [], "the end of a Backup moves nothing");
    });
}

/// The router that comes back takes over, and goes again by handing over, five times.
#[test]
fn neither_a_preemption_nor_a_hand_over_loses_a_probe() {
    isolated(|| {
        let lan = Lan::new();
        let b = lan.b.vrrpd(&instance(51, 100, "0.1", ""));
        b.active();
        let capture = lan.client.host.capture("eth0").unwrap();
        let probe = lan.probe(VIP);
        for _ in 0..5 {
            let mark = b.mark();
            let a = lan.a.vrrpd(&instance(51, 150, "0.1", ""));
            a.moved("active", "preempting");
            b.moved_since(mark, "backup", "higher");
            probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
            lan.b.wait_holds(VIP, false);
            a.signal(Signal::SIGTERM);
            assert!(a.ended().success());
            a.moved("initialize", "handed_over");
            b.moved_since(mark, "active", "released");
            probe.wait_for_reply_from(lan.b.mac, SOON).unwrap();
        }
        let report = probe.stop();
        if let Some(outage) = report.outages.first() {
            panic!("{outage:?}\n{}", around(&capture, outage));
        }
    });
}

/// What the client saw of the routers around an outage, by milliseconds from its start.
fn around(capture: &Capture, outage: &Outage) -> String {
    let mut text = String::new();
    for frame in capture.frames() {
        let at = frame.stamp.after(ms(100)).since(outage.start).as_secs_f64() * 1e3 - 100.0;
        if at > -100.0 && at < 200.0 && (frame.arp().is_some() || frame.vrrp().is_some()) {
            let what = frame.vrrp().map(|vrrp| format!("priority {}", vrrp.priority));
            let what = what.unwrap_or_else(|| format!("{:?}", frame.arp().unwrap()));
            text += &format!("{at:8.3} {} {what}\n", frame.source().unwrap());
        }
    }
    text
}
