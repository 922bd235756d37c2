//! A pair of keepalived hosts becomes a pair of ours and back, one daemon at a time, under a client that asks every millisecond.

use core::time::Duration;

use vrrp_lab::{Signal, isolated};

use crate::fixture::{Lan, SOON, VIP, Vrrpd, ms};
use crate::keepalived::Keepalived;
use crate::protocol::Protocol;

const PROTOCOL: Protocol = Protocol::V3;

/// `Skew_Time` of priority 100 at 0.2 s, which keepalived's own stop costs.
const SKEW: Duration = ms(122);

fn on_a() -> String {
    PROTOCOL.config(1, 2, 100, "")
}

fn on_b() -> String {
    PROTOCOL.config(2, 1, 150, "")
}

/// Does something while the client asks; no probe may be lost.
fn without_loss<T>(lan: &Lan, what: &str, work: impl FnOnce() -> T) -> T {
    let probe = lan.probe(VIP);
    probe.wait_for_replies(50, SOON).unwrap();
    let done = work();
    // Longer than Active_Down_Interval.
    probe.wait_for_replies(900, SOON).unwrap();
    let report = probe.stop();
    assert_eq!(report.lost, 0, "{what}: {:?}", report.outages);
    done
}

/// The Backup first: nobody notices.
fn ours_on_the_backup(lan: &Lan, theirs: &Keepalived) -> Vrrpd {
    without_loss(lan, "the Backup becomes ours", || {
        theirs.stop();
        let ours = lan.a.vrrpd(&on_a());
        ours.moved("backup", "started");
        ours
    })
}

/// Then the Active: its own stop costs keepalived's Skew_Time, the rest nothing.
fn ours_on_the_active(lan: &Lan, theirs: &Keepalived, backup: &Vrrpd) -> Vrrpd {
    let probe = lan.probe(VIP);
    probe.wait_for_reply_from(lan.b.mac, SOON).unwrap();
    theirs.stop();
    backup.moved("active", "released");
    probe.wait_for_reply_from(lan.a.mac, SOON).unwrap();
    let report = probe.stop();
    let outage = report.longest_outage().map(|outage| outage.duration()).unwrap_or_default();
    eprintln!("keepalived's own stop cost {outage:?}");
    assert!(report.outages.len() <= 1 && outage < SKEW + ms(50), "{:?}", report.outages);
    without_loss(lan, "the Active becomes ours", || {
        let ours = lan.b.vrrpd(&on_b());
        ours.moved("active", "preempting");
        backup.moved("backup", "higher");
        ours
    })
}

#[test]
#[ignore = "needs keepalived"]
fn a_rolling_swap_loses_no_probe_beyond_what_keepalived_loses_by_its_own_stop() {
    isolated(|| {
        let lan = Lan::new();
        let (b, a) = (lan.b.keepalived(&on_b()), lan.a.keepalived(&on_a()));
        lan.probe(VIP).wait_for_reply_from(lan.b.mac, SOON).unwrap();
        a.became_backup_since(0);
        lan.a.wait_holds(VIP, false);
        let our_a = ours_on_the_backup(&lan, &a);
        let our_b = ours_on_the_active(&lan, &b, &our_a);
        // And back: the Backup first.
        let a = without_loss(&lan, "the Backup becomes keepalived's", || {
            our_a.signal(Signal::SIGTERM);
            assert!(our_a.ended().success());
            lan.a.keepalived(&on_a())
        });
        without_loss(&lan, "our Active hands over to keepalived", || {
            our_b.signal(Signal::SIGTERM);
            assert!(our_b.ended().success());
            our_b.moved("initialize", "handed_over");
            a.became_active_since(0);
        });
        let b = lan.b.keepalived(&on_b());
        b.became_active_since(0);
        lan.probe(VIP).wait_for_reply_from(lan.b.mac, SOON).unwrap();
    });
}

#[test]
#[ignore = "needs keepalived"]
fn a_crash_and_a_start_soon_after_move_nothing_at_a_keepalived_peer() {
    isolated(|| {
        let lan = Lan::new();
        let mut ours = lan.b.vrrpd(&on_b());
        ours.active();
        let theirs = lan.a.keepalived(&on_a());
        let mark = theirs.mark();
        for signal in [Signal::SIGKILL, Signal::SIGQUIT] {
            ours = without_loss(&lan, "our Active starts again", || {
                ours.signal(signal);
                ours.ended();
                let again = lan.b.vrrpd(&on_b());
                again.moved("active", "resumed");
                again
            });
            assert_eq!(theirs.moves_since(mark), 0);
        }
    });
}
