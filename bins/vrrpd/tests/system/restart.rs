//! The daemon ends and the host lives: a crash, an upgrade, a stop.

use vrrp_lab::{Signal, isolated};

use crate::fixture::{CONFIG, Lan, VIP, Vrrpd, advertises, instance, ms, vrrpd_run};

/// Both routers, a Active and b Backup, at half a second.
fn pair(lan: &Lan, advert: &str) -> (Vrrpd, Vrrpd) {
    let a = lan.a.vrrpd(&instance(51, 150, advert, ""));
    a.active();
    let b = lan.b.vrrpd(&instance(51, 100, advert, ""));
    b.moved("backup", "started");
    (a, b)
}

/// Ends the Active daemon by this signal and starts it again at once, under a probe.
fn ended_and_started_again(signal: Signal) {
    let lan = Lan::new();
    let (a, b) = pair(&lan, "0.5");
    let probe = lan.probe(VIP);
    probe.wait_for_replies(50, ms(5000)).unwrap();
    let mark = b.mark();
    a.signal(signal);
    a.ended();
    assert!(lan.a.holds(VIP), "the address stays for the next start");
    let again = lan.a.spawn(vrrpd_run(CONFIG, &[]));
    again.moved("active", "resumed");
    // Longer than the peer's Active_Down_Interval.
    probe.wait_for_replies(2200, ms(5000)).unwrap();
    let report = probe.stop();
    assert_eq!(report.lost, 0, "{:?}", report.outages);
    assert_eq!(again.moves_since(0).len(), 1, "{:?}", again.moves_since(0));
    assert_eq!(b.moves_since(mark), []);
}

#[test]
fn a_crash_and_a_start_soon_after_move_nothing_and_lose_nothing() {
    isolated(|| ended_and_started_again(Signal::SIGKILL));
}

#[test]
fn a_planned_restart_by_sigquit_moves_nothing_and_loses_nothing() {
    isolated(|| ended_and_started_again(Signal::SIGQUIT));
}

#[test]
fn a_daemon_that_was_dead_for_longer_releases_and_starts_as_backup() {
    isolated(|| {
        let lan = Lan::new();
        let (a, b) = pair(&lan, "0.1");
        let mark = b.mark();
        a.signal(Signal::SIGKILL);
        a.ended();
        b.moved_since(mark, "active", "active_down");
        assert!(lan.a.holds(VIP), "nobody has removed it");
        let again = lan.a.vrrpd(&instance(51, 50, "0.1", ""));
        again.moved("backup", "started");
        lan.a.wait_holds(VIP, false);
        again.wait(&[("event", "swept")]);
        assert_eq!(again.moves_since(0).len(), 1);
    });
}

#[test]
fn no_resume_begins_as_backup_even_after_a_crash_a_moment_ago() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.3", ""));
        a.active();
        a.signal(Signal::SIGKILL);
        a.ended();
        let again = lan.a.spawn(vrrpd_run(CONFIG, &["--no-resume"]));
        again.moved("backup", "started");
        lan.a.wait_holds(VIP, false);
    });
}

// ledger: active-shutdown
#[test]
fn a_stop_hands_over_without_losing_a_probe_and_is_gone_when_the_successor_serves() {
    isolated(|| {
        let lan = Lan::new();
        let (a, b) = pair(&lan, "1");
        let capture = lan.client.host.capture("eth0").unwrap();
        let probe = lan.probe(VIP);
        probe.wait_for_replies(100, ms(5000)).unwrap();
        let mark = b.mark();
        a.signal(Signal::SIGTERM);
        assert_eq!(a.ended().code(), Some(0));
        b.moved_since(mark, "active", "released");
        // Not at the bound of a hand-over to nobody, which has a cause of its own.
        assert_eq!(a.count(&[("event", "moved"), ("cause", "handed_over")]), 1);
        probe.wait_for_reply_from(lan.b.mac, ms(5000)).unwrap();
        probe.wait_for_replies(200, ms(5000)).unwrap();
        let report = probe.stop();
        assert_eq!(report.lost, 0, "{:?}", report.outages);
        capture.wait_for(|frame| advertises(frame, 51, 0), ms(1000)).unwrap();
        assert!(!lan.a.holds(VIP));
    });
}

#[test]
fn a_stop_without_a_successor_ends_at_the_bound_and_a_second_signal_at_once() {
    isolated(|| {
        let lan = Lan::new();
        for twice in [false, true] {
            let a = lan.a.vrrpd(&instance(51, 150, "0.3", ""));
            a.active();
            let start = std::time::Instant::now();
            a.signal(Signal::SIGTERM);
            a.wait(&[("event", "stopping")]);
            if twice {
                a.signal(Signal::SIGINT);
            }
            assert_eq!(a.ended().code(), Some(0));
            let took = start.elapsed();
            let cause = if twice { "stopped" } else { "nobody_took_over" };
            a.moved("initialize", cause);
            // Adver_Interval + 100 ms.
            assert!(twice || took >= ms(400), "gone after {took:?}");
            assert!(!lan.a.holds(VIP));
        }
    });
}
