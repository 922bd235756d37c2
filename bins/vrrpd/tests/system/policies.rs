//! Who takes over from whom, and when: `failback`, `on_degraded`, weights, damping.

use vrrp_lab::isolated;

use crate::fixture::{Lan, Node, SOON, VIP, Vrrpd, advertises, instance, ms};

/// A check that fails while `/tmp/sick` is there.
fn check(weight: i16) -> String {
    format!("vrrp_script chk {{\n  script /tmp/chk\n  interval 0.1\n  timeout 10\n  fall 1\n  rise 1\n  weight {weight}\n}}\n")
}

const TRACKS: &str = "track_script {\n    chk\n  }";

impl Node {
    fn has_check(&self) {
        self.script("/tmp/chk", "[ ! -e /tmp/sick ]");
    }

    fn sick(&self, sick: bool) {
        if sick { self.write("/tmp/sick", "") } else { self.remove("/tmp/sick") }
    }
}

fn tracked(priority: u8, weight: i16, extra: &str) -> String {
    format!("{}{}", check(weight), instance(51, priority, "0.2", &format!("{TRACKS}\n  {extra}")))
}

/// The node that is to be Active of the two, and a better one that comes back beside it with this policy.
fn comes_back(lan: &Lan, policy: &str) -> (Vrrpd, Vrrpd) {
    let a = lan.a.vrrpd(&instance(51, 100, "0.2", ""));
    a.active();
    let b = lan.b.vrrpd(&instance(51, 200, "0.2", policy));
    b.moved("backup", "started");
    (a, b)
}

#[test]
fn failback_immediate_after_and_manual() {
    isolated(|| {
        let lan = Lan::new();
        for (policy, least, most) in [("failback immediate", 0, 1500), ("failback after 2", 1900, 4000)] {
            let (a, b) = comes_back(&lan, policy);
            let begun = std::time::Instant::now();
            b.moved("active", "preempting");
            let waited = begun.elapsed();
            assert!((ms(least)..ms(most)).contains(&waited), "{policy}: {waited:?}");
            a.moved("backup", "higher");
            for vrrpd in [a, b] {
                vrrpd.signal(vrrp_lab::Signal::SIGTERM);
                assert!(vrrpd.ended().success());
            }
        }
        let (a, b) = comes_back(&lan, "failback manual");
        std::thread::sleep(ms(3000));
        assert_eq!(b.count(&[("event", "moved"), ("to", "active")]), 0);
        // It takes over from one that died, of course.
        a.daemon.kill().unwrap();
        b.moved("active", "active_down");
    });
}

/// An Active router of priority 120 falls to 70 beside one of priority 100 that does not preempt.
fn an_active_router_falls_sick(policy: &str) -> (Lan, Vrrpd, Vrrpd) {
    let lan = Lan::new();
    lan.a.has_check();
    let a = lan.a.vrrpd(&tracked(120, -50, ""));
    a.active();
    let b = lan.b.vrrpd(&instance(51, 100, "0.2", policy));
    b.moved("backup", "started");
    // It has heard 120.
    let capture = lan.b.host.capture("eth0").unwrap();
    capture.wait_for(|frame| advertises(frame, 51, 120), SOON).unwrap();
    lan.a.sick(true);
    capture.wait_for(|frame| advertises(frame, 51, 70), SOON).unwrap();
    (lan, a, b)
}

#[test]
fn failback_manual_takes_over_from_a_router_that_fell_sick() {
    isolated(|| {
        let (lan, a, b) = an_active_router_falls_sick("failback manual");
        b.moved("active", "preempting");
        a.moved("backup", "higher");
        lan.b.wait_holds(VIP, true);
        lan.a.wait_holds(VIP, false);
    });
}

#[test]
fn nopreempt_has_keepalived_s_meaning_and_leaves_a_sick_router_active() {
    isolated(|| {
        let (lan, a, b) = an_active_router_falls_sick("nopreempt");
        let marks = (a.mark(), b.mark());
        std::thread::sleep(ms(3000));
        assert_eq!((a.moves_since(marks.0), b.moves_since(marks.1)), (vec![], vec![]));
        assert!(lan.a.holds(VIP));
    });
}

#[test]
fn on_degraded_resign_moves_the_address_to_a_peer_that_never_preempts_and_no_probe_is_lost() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.has_check();
        let a = lan.a.vrrpd(&tracked(120, -10, "on_degraded resign"));
        a.active();
        let b = lan.b.vrrpd(&instance(51, 100, "0.2", "nopreempt"));
        b.moved("backup", "started");
        let probe = lan.probe(VIP);
        probe.wait_for_replies(100, SOON).unwrap();
        lan.a.sick(true);
        b.moved("active", "released");
        lan.b.wait_holds(VIP, true);
        lan.a.wait_holds(VIP, false);
        probe.wait_for_reply_from(lan.b.mac, SOON).unwrap();
        // Nor does it take the address back, though 110 is more than 100, before it is well.
        let mark = a.mark();
        std::thread::sleep(ms(2500));
        assert_eq!(a.moves_since(mark), []);
        let report = probe.stop();
        assert_eq!(report.lost, 0, "{:?}", report.outages);
        lan.a.sick(false);
        a.moved_since(mark, "active", "preempting");
    });
}

#[test]
#[ignore = "needs keepalived"]
fn on_degraded_resign_moves_the_address_to_a_keepalived_that_never_preempts() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.has_check();
        let a = lan.a.vrrpd(&tracked(120, -10, "on_degraded resign"));
        a.active();
        let theirs = lan.b.keepalived(&instance(51, 100, "0.2", "state BACKUP\n  nopreempt"));
        let mark = theirs.mark();
        lan.a.sick(true);
        theirs.became_active_since(mark);
        lan.b.wait_holds(VIP, true);
        lan.a.wait_holds(VIP, false);
    });
}

#[test]
fn a_router_that_nobody_relieves_serves_on_without_a_gap() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.has_check();
        let a = lan.a.vrrpd(&tracked(120, -10, "on_degraded resign"));
        a.active();
        let probe = lan.probe(VIP);
        probe.wait_for_replies(100, SOON).unwrap();
        lan.a.sick(true);
        a.wait(&[("event", "condition"), ("cause", "unrelieved"), ("began", "true")]);
        probe.wait_for_replies(500, SOON).unwrap();
        assert!(lan.a.holds(VIP));
        let mark = a.mark();
        lan.a.sick(false);
        a.wait_since(mark, &[("event", "condition"), ("cause", "unrelieved"), ("began", "false")]);
        assert_eq!(a.count(&[("event", "moved"), ("from", "active")]), 0);
        let report = probe.stop();
        assert_eq!(report.lost, 0, "{:?}", report.outages);
    });
}

#[test]
fn a_router_that_preempts_and_fails_again_is_held_off_and_says_so_and_still_takes_over_from_the_dead() {
    isolated(|| {
        let lan = Lan::new();
        lan.b.has_check();
        let a = lan.a.vrrpd(&instance(51, 100, "0.2", ""));
        a.active();
        let b = lan.b.vrrpd(&tracked(200, 0, "failback immediate"));
        for _ in 0..2 {
            let mark = b.mark();
            b.wait_since(
                if b.count(&[("event", "moved"), ("to", "active")]) == 0 { 0 } else { mark },
                &[("event", "placed")],
            );
            let mark = b.mark();
            lan.b.sick(true);
            b.wait_since(mark, &[("event", "moved"), ("to", "initialize"), ("cause", "ineligible")]);
            lan.a.wait_holds(VIP, true);
            lan.b.sick(false);
        }
        let held = b.wait(&[("event", "condition"), ("cause", "preemption_held"), ("began", "true")]);
        assert!(held.text("message").contains("10 s"), "{held:?}");
        let mark = b.mark();
        b.wait(&[("event", "moved"), ("to", "backup"), ("cause", "recovered")]);
        std::thread::sleep(ms(2500));
        assert_eq!(b.moves_since(mark).iter().filter(|(_, to, _)| to == "active").count(), 0, "not held off");
        a.daemon.kill().unwrap();
        b.moved_since(mark, "active", "active_down");
    });
}

#[test]
fn weights_stay_between_1_and_254_and_the_owner_is_not_moved() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.has_check();
        let capture = lan.client.host.capture("eth0").unwrap();
        let advertised = |priority: u8| {
            let mark = capture.mark();
            capture.wait_for_since(mark, |frame| advertises(frame, 51, priority), SOON).unwrap();
        };
        for (priority, weight, well, sick) in [(250, 20, 254, 250), (20, -50, 20, 1), (255, -50, 255, 255)] {
            let a = lan.a.vrrpd_with(&tracked(priority, weight, ""), &["--no-resume"]);
            advertised(well);
            let mark = a.mark();
            lan.a.sick(true);
            if priority == 255 {
                // Long enough for ten runs, if there were any: an owner tracks nothing, as with keepalived.
                (0..10).for_each(|_| advertised(255));
                assert_eq!(a.count(&[("event", "priority")]), 0);
            } else {
                a.wait_since(mark, &[("event", "priority"), ("priority", &sick.to_string())]);
                advertised(sick);
            }
            lan.a.sick(false);
            a.signal(vrrp_lab::Signal::SIGTERM);
            assert!(a.ended().success());
        }
    });
}

#[test]
fn a_reload_that_adds_a_check_without_a_result_and_one_that_keeps_all_move_nothing() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.has_check();
        lan.a.recorders();
        lan.a.script("/tmp/silent", "exec sleep 1000");
        let hooks = "notify \"/tmp/hook any\"";
        let before = tracked(150, 0, hooks);
        let a = lan.a.vrrpd(&before);
        a.active();
        lan.a.wait_line(crate::recorder::HOOKS, "any INSTANCE V51 MASTER 150");
        let probe = lan.probe(VIP);
        probe.wait_for_replies(50, SOON).unwrap();
        let mark = a.mark();
        let more = "vrrp_script silent {\n  script /tmp/silent\n  interval 60\n  timeout 50\n}\n";
        let after = format!("{more}{}", before.replace("    chk\n", "    chk\n    silent\n"));
        for config in [&before, &after, &after, &before] {
            let mark = a.mark();
            a.reload(config);
            a.wait_since(mark, &[("event", "configuration")]);
            probe.wait_for_replies(300, SOON).unwrap();
        }
        assert_eq!(a.moves_since(mark), []);
        assert_eq!(a.lines().iter().filter(|line| line.is(&[("event", "check"), ("about", "chk")])).count(), 1);
        assert_eq!(lan.a.read_lines(crate::recorder::HOOKS).len(), 2, "a reload called a hook");
        assert_eq!(probe.stop().lost, 0);
        // The check is still there, and still counts.
        lan.a.sick(true);
        a.moved_since(mark, "initialize", "ineligible");
    });
}
