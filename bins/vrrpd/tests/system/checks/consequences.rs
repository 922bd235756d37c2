//! What follows from a failed check beyond the router that tracks it.

use vrrp_lab::isolated;

use super::script;
use crate::fixture::{Lan, Node, VIP};

#[test]
fn a_check_that_fails_from_the_start_is_told_by_notify_fault() {
    isolated(|| {
        let lan = Lan::new();
        script(&lan.a, "/tmp/check.sh", "[ ! -e /tmp/bad ]");
        lan.a.write("/tmp/bad", "");
        let hooks = "notify_fault \"/bin/touch /tmp/fault\"\n  notify_master \"/bin/touch /tmp/master\"";
        let config = super::config("vrrp_script c {\nscript /tmp/check.sh\ninterval 0.2\n}", "track_script");
        let a = lan.a.vrrpd(&config.replace("  version 3", &format!("  version 3\n  {hooks}")));
        a.wait(&[("event", "hook"), ("hook", "notify_fault")]);
        assert!(lan.a.host.on(|| std::fs::exists("/tmp/fault")).unwrap().unwrap());
        assert!(!lan.a.host.on(|| std::fs::exists("/tmp/master")).unwrap().unwrap());
        let mark = a.mark();
        lan.a.run("rm /tmp/bad");
        a.moved_since(mark, "active", "active_down");
        a.wait_since(mark, &[("event", "hook"), ("hook", "notify_master")]);
        assert!(lan.a.host.on(|| std::fs::exists("/tmp/master")).unwrap().unwrap());
    });
}

#[test]
fn what_one_member_of_a_group_fails_moves_all_of_it() {
    isolated(|| {
        let lan = Lan::new();
        script(&lan.a, "/tmp/check.sh", "[ ! -e /tmp/bad ]");
        let other = "10.0.0.101";
        let group = "vrrp_sync_group G {\n  group {\n    V51\n    V52\n  }\n}\n";
        let config = |priority: u8, block: &str, track: &str| {
            let [one, two] =
                [(51, track), (52, "")].map(|(vrid, track)| crate::fixture::instance(vrid, priority, "0.1", track));
            format!("{block}{group}{one}{}", two.replace(VIP, other))
        };
        let block = "vrrp_script c {\nscript /tmp/check.sh\ninterval 0.2\n}\n";
        let a = lan.a.vrrpd(&config(150, block, "track_script {\n    c\n  }"));
        let serves = |node: &Node, serves: bool| [VIP, other].iter().for_each(|vip| node.wait_holds(vip, serves));
        serves(&lan.a, true);
        let b = lan.b.vrrpd(&config(100, "", ""));
        b.moved("backup", "started");
        for _ in 0..2 {
            let mark = a.mark();
            lan.a.write("/tmp/bad", "");
            serves(&lan.b, true);
            serves(&lan.a, false);
            a.wait_since(mark, &[("event", "ineligible"), ("router", "V52"), ("cause", "group"), ("about", "V51")]);
            lan.a.run("rm /tmp/bad");
            serves(&lan.a, true);
            serves(&lan.b, false);
            a.wait_since(mark, &[("event", "ineligible"), ("router", "V52"), ("cause", "group"), ("began", "false")]);
        }
    });
}
