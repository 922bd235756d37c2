//! As whom checks and hooks run: `script_user`, and a user for each.

use vrrp_lab::{Isolation, isolated};

use crate::fixture::{Lan, VIP, instance};
use crate::recorder::{HOOKS, until};

/// A check as daemon, hooks as nobody and as daemon.
const GLOBAL: &str = "global_defs {\n  script_user nobody\n}\n\
                      vrrp_script chk {\n  script \"/tmp/who check\"\n  interval 0.2\n  user daemon\n}\n";

fn config() -> String {
    let hooks = "notify_backup \"/tmp/who backup\"\n  notify_master \"/tmp/who master\" daemon daemon\n  track_script {\n    \
                 chk\n  }";
    format!("{GLOBAL}{}", instance(51, 150, "0.2", hooks))
}

#[test]
#[ignore = "needs keepalived: real root, as its tests do"]
fn checks_and_hooks_run_as_the_users_that_are_named() {
    Isolation::default().real_root().run(|| {
        let lan = Lan::new();
        lan.a.script("/tmp/who", "echo \"$1 $(id -un):$(id -gn) $(id -Gn)\" >> /tmp/hooks");
        lan.a.run(&format!("touch {HOOKS}"));
        lan.a.run(&format!("chmod 666 {HOOKS}"));
        let a = lan.a.vrrpd(&config());
        a.active();
        lan.a.wait_line(HOOKS, "check daemon:daemon daemon");
        lan.a.wait_line(HOOKS, "backup nobody:nogroup nogroup");
        lan.a.wait_line(HOOKS, "master daemon:daemon daemon");
    });
}

#[test]
fn a_user_that_we_may_not_become_is_a_named_cause() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.script("/tmp/who", "echo \"$1\" >> /tmp/hooks");
        let a = lan.a.vrrpd(&config());
        let told = a.wait(&[("event", "check"), ("about", "chk")]);
        assert!(told.text("message").contains("user 1"), "{told:?}");
        a.wait(&[("event", "ineligible"), ("cause", "check"), ("about", "chk"), ("began", "true")]);
        assert!(!lan.a.holds(VIP));
        // Hooks, likewise: told, and nothing hangs on them.
        let without = config().replace("track_script", "# track_script").replace("    chk\n  }", "");
        a.reload(&without);
        until("a word about the hook", || {
            let hook = a.lines().into_iter().find(|line| line.is(&[("event", "hook"), ("hook", "notify_master")]));
            match hook {
                Some(line) if line.text("message").contains("user 1") => Ok(()),
                other => Err(format!("{other:?}")),
            }
        });
        lan.a.wait_holds(VIP, true);
    });
}
