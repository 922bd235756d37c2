//! Checks that cannot be run: never one that silently does not count.

use vrrp_lab::isolated;

use super::{config, native};
use crate::fixture::{Lan, Node, VIP, Vrrpd, binary};

fn script(lines: &str) -> String {
    config(&format!("vrrp_script c {{\n{lines}\ninterval 0.2\n}}"), "track_script")
}

/// What `vrrpd check` says on a host of a configuration that it accepts.
fn checked(node: &Node, config: &str) -> String {
    node.write("/tmp/checked.conf", config);
    node.run(&format!("{} check /tmp/checked.conf", binary().display()))
}

/// Such a check is a failed one, by its name, and says what is to blame.
fn is_a_fault(lan: &Lan, config: &str, blamed: &str) -> Vrrpd {
    let vrrpd = lan.a.vrrpd_with(config, &["--no-resume"]);
    let line = vrrpd.wait(&[("event", "check"), ("about", "c")]);
    assert!(line.text("message").contains(blamed), "{line:?}, without {blamed}");
    vrrpd.wait(&[("event", "ineligible"), ("cause", "check"), ("about", "c"), ("began", "true")]);
    assert_eq!(vrrpd.moves_since(0), [], "it never left Initialize");
    vrrpd
}

#[test]
fn a_script_that_cannot_be_run_is_a_fault_and_a_warning_until_it_can() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.run("mkdir -m 755 /run/scripts");
        lan.a.write("/run/scripts/plain", "#!/bin/sh\n");
        lan.a.run("chmod 640 /run/scripts/plain");
        lan.a.write("/run/scripts/lost", "#!/run/no/shell\n");
        lan.a.run("chmod 755 /run/scripts/lost");
        for (lines, blamed) in [
            ("script /run/scripts/none", "/run/scripts/none does not exist"),
            ("script /run/scripts", "/run/scripts is not a file"),
            ("script /run/scripts/plain", "/run/scripts/plain is not executable (owner 0:0, mode 640)"),
            ("script /run/scripts/lost", "its interpreter /run/no/shell does not exist"),
            ("script /bin/true\nuser nobody-here", "there is no user nobody-here"),
        ] {
            let config = script(lines);
            let said = checked(&lan.a, &config);
            assert!(said.contains("warning") && said.contains(blamed), "{said}");
            let vrrpd = is_a_fault(&lan, &config, blamed);
            if lines.ends_with("plain") {
                lan.a.run("chmod 755 /run/scripts/plain");
                vrrpd.moved("active", "active_down");
                lan.a.wait_holds(VIP, true);
            }
        }
    });
}

#[test]
fn a_script_that_others_can_write_is_a_warning_and_with_script_security_a_fault() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.run("mkdir -m 777 /run/open");
        lan.a.write("/run/open/check", "#!/bin/sh\n");
        lan.a.run("chmod 755 /run/open/check");
        lan.a.run("chmod 777 /run/open");
        let config = script("script /run/open/check");
        let blamed = "/run/open can be written by others than root (owner 0:0, mode 777)";
        let said = checked(&lan.a, &config);
        assert!(said.contains("warning") && said.contains(blamed), "{said}");
        // As in keepalived it runs all the same.
        drop(lan.a.vrrpd(&config).active());
        let secure = format!("global_defs {{\nenable_script_security\n}}\n{config}");
        assert!(checked(&lan.a, &secure).contains(blamed));
        let vrrpd = is_a_fault(&lan, &secure, blamed);
        lan.a.run("chmod 755 /run/open");
        vrrpd.moved("active", "active_down");
    });
}

#[test]
fn a_unit_where_nobody_can_be_asked_for_it_is_a_fault() {
    isolated(|| {
        let lan = Lan::new();
        let vrrpd = is_a_fault(&lan, &config(&native("unit nginx"), "track_check"), "");
        assert!(vrrpd.daemon.is_running());
    });
}
