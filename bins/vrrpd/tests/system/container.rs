//! As PID 1 of a container: orphans are buried, and checks and hooks still learn how their programs ended.

use std::process::Command;
use std::time::Instant;

use vrrp_lab::isolated;

use crate::fixture::{CONFIG, Lan, Node, VIP, instance, ms, vrrpd_run};
use crate::recorder::{HOOKS, until};

/// The children of a process, as `/proc` of the lab numbers them.
pub(crate) fn children(node: &Node, pid: &str) -> Vec<String> {
    let path = format!("/proc/{pid}/task/{pid}/children");
    let text = node.host.on(|| std::fs::read_to_string(path)).unwrap().unwrap_or_default();
    text.split_whitespace().map(str::to_owned).collect()
}

/// A command that runs the daemon as PID 1, after the shell did this.
pub(crate) fn as_pid_1(before: &str) -> Command {
    let run = vrrpd_run(CONFIG, &[]);
    let words = [run.get_program()].into_iter().chain(run.get_args());
    let exec: Vec<&str> = words.map(|word| word.to_str().unwrap()).collect();
    let mut command = Command::new("unshare");
    command.args(["--pid", "--fork", "sh", "-c", &format!("{before} exec {}", exec.join(" "))]);
    command
}

#[test]
fn as_pid_1_it_stops_on_sigterm_and_buries_the_dead() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.write(CONFIG, &instance(51, 150, "0.1", ""));
        // The shell becomes vrrpd; what it left in the background ends as a child of PID 1.
        let a = lan.a.spawn(as_pid_1("for i in 1 2 3; do (sleep 0.$i &); done;"));
        a.active();
        let pid = children(&lan.a, &a.daemon.pid().to_string()).pop().unwrap();
        until("no dead children", || {
            let left = children(&lan.a, &pid);
            if left.is_empty() { Ok(()) } else { Err(format!("{left:?}")) }
        });
        lan.a.run(&format!("kill -TERM {pid}"));
        assert!(a.ended().success());
        a.moved("initialize", "nobody_took_over");
        assert!(!lan.a.holds(VIP));
    });
}

#[test]
fn as_pid_1_the_ends_of_checks_and_hooks_are_their_own_and_orphans_are_buried_beside_them() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.recorders();
        // Each run leaves an orphan that outlives it.
        lan.a.script("/tmp/check", "(sleep 0.05 &)\nexit 0");
        lan.a.script("/tmp/leaver", "(sleep 0.1 &)\nexec /tmp/hook \"$@\"");
        let check = "vrrp_script often {\n  script /tmp/check\n  interval 0.02\n  timeout 5\n  fall 1\n}\n";
        let router = instance(
            51,
            150,
            "0.1",
            "notify \"/tmp/leaver any\"\n  notify_backup \"/tmp/leaver backup\"\n  track_script {\n    often\n  }",
        );
        lan.a.write(CONFIG, &format!("{check}{router}"));
        let a = lan.a.spawn(as_pid_1(""));
        a.active();
        lan.a.wait_line(HOOKS, "any INSTANCE V51 MASTER 150");
        let pid = children(&lan.a, &a.daemon.pid().to_string()).pop().unwrap();
        let mark = a.mark();
        // A hundred runs of the check.
        let until_then = Instant::now() + ms(2500);
        let mut most = 0;
        while Instant::now() < until_then {
            most = most.max(children(&lan.a, &pid).len());
            std::thread::sleep(ms(20));
        }
        assert!(most < 30, "{most} children at once: the dead are not buried");
        assert_eq!(a.moves_since(mark), [], "the end of a check was lost: {}", a.daemon.log().tail(20));
        assert_eq!(a.count(&[("event", "check")]), 1, "one verdict: up");
        let hooks = a.lines().into_iter().filter(|line| line.is(&[("event", "hook")]));
        let told: Vec<String> = hooks.map(|line| line.text("message").to_owned()).collect();
        assert!(told.len() >= 3 && told.iter().all(|words| words.contains("succeeded")), "{told:?}");
        lan.a.run(&format!("kill -TERM {pid}"));
        assert!(a.ended().success());
    });
}
