//! The same configuration under vrrpd and under keepalived: what hooks are called with and what FIFOs carry.
//!
//! Each story is told once, and both daemons are held to it byte for byte. Hooks of one transition are compared as a
//! set: keepalived starts them side by side, and which writes first is chance. FIFO lines are compared in their order.
//! keepalived runs no script in a user namespace (it insists on `setgroups`): its stories need real root.

use vrrp_lab::{Isolation, Signal, isolated};
use vrrp_wire::GROUP_V4;

use crate::fixture::{Lan, VIP, Vrrpd, instance, ip};
use crate::keepalived::Keepalived;
use crate::packet::Packet;
use crate::recorder::{HOOKS, LINES, until};

const FIFO: &str = "/tmp/all.fifo";
const VRRP_FIFO: &str = "/tmp/vrrp.fifo";
const LINES_OF_VRRP: &str = "/tmp/vrrp.lines";

const GLOBAL: &str = "global_defs {
  notify_fifo /tmp/all.fifo
  notify_fifo_script /tmp/reader
  vrrp_notify_fifo /tmp/vrrp.fifo
  vrrp_notify_priority_changes true
  startup_script \"/tmp/hook startup\"
  shutdown_script \"/tmp/hook shutdown\"
}
vrrp_script degraded {
  script /tmp/degraded
  interval 1
  weight -20
}
vrrp_script broken {
  script /tmp/broken
  interval 1
}
";

const EVERY_HOOK: &str = "notify \"/tmp/hook any\"
  notify_master \"/tmp/hook master\"
  notify_backup \"/tmp/hook backup\"
  notify_fault \"/tmp/hook fault\"
  notify_stop \"/tmp/hook stop\"
  notify_deleted \"/tmp/hook deleted\"
  notify_master_rx_lower_pri \"/tmp/hook lower\"";

/// Which daemon is held to the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Ours,
    Keepalived,
}

enum Subject {
    Ours(Vrrpd),
    Keepalived(Keepalived),
}

/// The daemon on host a, and what it has told so far.
struct Stage {
    lan: Lan,
    subject: Option<Subject>,
    _reader: vrrp_lab::Daemon,
    hooks: usize,
    lines: usize,
}

impl Stage {
    fn new(which: Which, config: &str) -> Self {
        let mut stage = Self::empty();
        stage.start(which, config);
        stage
    }

    fn start(&mut self, which: Which, config: &str) {
        self.subject = Some(match which {
            Which::Ours => Subject::Ours(self.lan.a.vrrpd(config)),
            Which::Keepalived => Subject::Keepalived(self.lan.a.keepalived_until(config, "Startup complete")),
        });
    }

    /// Before the daemon starts.
    fn empty() -> Self {
        let lan = Lan::new();
        lan.a.recorders();
        for check in ["degraded", "broken"] {
            lan.a.script(&format!("/tmp/{check}"), &format!("[ ! -e /tmp/is-{check} ]"));
        }
        let mut reader = std::process::Command::new("sh");
        reader.args([
            "-c",
            &format!("while sleep 0.02; do [ -p {VRRP_FIFO} ] && cat {VRRP_FIFO} >> {LINES_OF_VRRP}; done"),
        ]);
        let reader = lan.a.host.spawn(reader).unwrap();
        Self { lan, subject: None, _reader: reader, hooks: 0, lines: 0 }
    }

    /// Asserts that these calls and then these lines are all that came since the last time.
    fn tells(&mut self, step: &str, hooks: &[&str], lines: &[&str]) {
        let mut called = self.lan.a.wait_lines(HOOKS, self.hooks + hooks.len()).split_off(self.hooks);
        self.hooks += called.len();
        called.sort();
        let mut expected: Vec<&str> = hooks.to_vec();
        expected.sort_unstable();
        assert_eq!(called, expected, "hooks, {step}");
        let written = self.lan.a.wait_lines(LINES_OF_VRRP, self.lines + lines.len()).split_off(self.lines);
        self.lines += written.len();
        assert_eq!(written, lines, "lines, {step}");
    }

    fn reload(&self, config: &str) {
        match self.subject.as_ref().unwrap() {
            Subject::Ours(vrrpd) => vrrpd.reload(config),
            Subject::Keepalived(keepalived) => keepalived.reload(&self.lan.a, config),
        }
    }

    fn stop(&mut self) {
        match self.subject.take().unwrap() {
            Subject::Ours(vrrpd) => {
                vrrpd.signal(Signal::SIGTERM);
                assert!(vrrpd.ended().success());
            }
            Subject::Keepalived(keepalived) => keepalived.stop(),
        }
    }

    /// `notify_fifo`, read by the daemon's own script, carries what `vrrp_notify_fifo` does. keepalived ends that script as it
    /// stops, and whether it has read the last lines by then is chance; ours reads to the end.
    fn both_fifos_are_alike(&self, which: Which) {
        let lines = self.lan.a.read_lines(LINES_OF_VRRP);
        let mut least = lines.len();
        if which == Which::Keepalived {
            least -= lines.iter().filter(|line| line.contains(" STOP ")).count();
        }
        let read = self.lan.a.wait_lines(LINES, least);
        assert_eq!(read, lines[..read.len()]);
    }

    /// Mode, owner and kind of a FIFO.
    fn has_fifo(&self, path: &str) {
        let stat = until(path, || match self.lan.a.exists(path) {
            true => Ok(self.lan.a.run(&format!("stat -c %A,%u,%g {path}"))),
            false => Err("nothing".into()),
        });
        assert_eq!(stat.trim(), "prw-------,0,0");
    }

    /// A router of lower priority is heard once.
    fn lower_speaks(&self) {
        let mut packet = Packet::v3(51, ip("10.0.0.9"), &[ip(VIP)]);
        (packet.priority, packet.centis) = (90, 20);
        let group = vrrp_lab::Mac([1, 0, 0x5e, 0, 0, GROUP_V4.octets()[3]]);
        self.lan.client.host.inject("eth0", &packet.frame(self.lan.client.mac, group)).unwrap();
    }
}

impl Drop for Stage {
    /// A story that went wrong is told with what the daemon said.
    fn drop(&mut self) {
        if std::thread::panicking() {
            match &self.subject {
                Some(Subject::Ours(vrrpd)) => eprintln!("{}", vrrpd.daemon.log().tail(60)),
                Some(Subject::Keepalived(keepalived)) => eprintln!("{}", keepalived.said()),
                None => {}
            }
        }
    }
}

fn config(more: &str) -> String {
    let track = "track_script {\n    degraded\n    broken\n  }";
    format!("{GLOBAL}{}{more}", instance(51, 150, "0.2", &format!("state BACKUP\n  {EVERY_HOOK}\n  {track}")))
}

/// What V51 tells when it enters a state: calls, lines.
fn enters(state: &str) -> (Vec<String>, Vec<String>) {
    (vec![state.to_lowercase(), format!("any INSTANCE V51 {state} 150")], vec![format!("INSTANCE \"V51\" {state} 150")])
}

/// V52, as it is added by a reload.
fn another(hooks: &str) -> String {
    let extra = format!("state BACKUP\n  notify \"/tmp/hook any\"\n  {hooks}");
    config(&instance(52, 150, "0.2", &extra).replace(VIP, "10.0.0.152"))
}

impl Stage {
    /// Asserts that V51 went through these states, and told nothing else.
    fn enters(&mut self, step: &str, states: &[&str]) {
        let (hooks, lines): (Vec<_>, Vec<_>) = states.iter().map(|state| enters(state)).unzip();
        let (hooks, lines) = (hooks.concat(), lines.concat());
        let hooks: Vec<&str> = hooks.iter().map(String::as_str).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        self.tells(step, &hooks, &lines);
    }

    fn peers_come_and_go(&mut self) {
        let better = self.lan.b.vrrpd(&instance(51, 200, "0.2", ""));
        self.enters("a better peer comes", &["BACKUP"]);
        better.daemon.kill().unwrap();
        self.enters("it dies", &["MASTER"]);
        let better = self.lan.b.vrrpd_with(&instance(51, 200, "0.2", ""), &["--no-resume"]);
        self.enters("it comes back", &["BACKUP"]);
        self.lan.a.write("/tmp/is-degraded", "");
        self.tells("a weighted check fails", &[], &["INSTANCE \"V51\" BACKUP_PRIORITY 130"]);
        self.lan.a.remove("/tmp/is-degraded");
        self.tells("it recovers", &[], &["INSTANCE \"V51\" BACKUP_PRIORITY 150"]);
        better.signal(Signal::SIGTERM);
        self.enters("it stops", &["MASTER"]);
    }

    fn link_and_checks_fail_and_recover(&mut self) {
        self.lan.a.host.link_down("eth0").unwrap();
        self.enters("the link goes down", &["FAULT"]);
        self.lan.a.host.link_up("eth0").unwrap();
        self.enters("the link comes up", &["BACKUP", "MASTER"]);
        self.lan.a.write("/tmp/is-degraded", "");
        self.tells("a weighted check fails", &[], &["INSTANCE \"V51\" MASTER_PRIORITY 130"]);
        self.lan.a.remove("/tmp/is-degraded");
        self.tells("it recovers", &[], &["INSTANCE \"V51\" MASTER_PRIORITY 150"]);
        self.lan.a.write("/tmp/is-broken", "");
        self.enters("a check without a weight fails", &["FAULT"]);
        self.lan.a.remove("/tmp/is-broken");
        self.enters("it recovers", &["BACKUP", "MASTER"]);
    }

    fn a_lower_router_speaks(&mut self, which: Which) {
        (0..3).for_each(|_| self.lower_speaks());
        let line = "INSTANCE \"V51\" MASTER_RX_LOWER_PRI 150";
        if which == Which::Keepalived {
            return self.tells("a lower router speaks", &["lower"; 3], &[line; 3]);
        }
        // Ours tells it once. The other's hook may have moved what ours had moved here: ours is called again when it is over.
        self.tells("a lower router speaks", &["lower"], &[line]);
        self.enters("it is over", &["MASTER"]);
    }

    /// keepalived 2.2.7 knows the keyword, and writes nothing for a router that goes on as it was.
    fn a_reload_tells_states_where_that_is_asked_for(&mut self) {
        self.reload(&config("global_defs {\n  fifo_write_vrrp_states_on_reload\n}\n"));
        self.tells("a reload", &[], &["INSTANCE \"V51\" MASTER 150"]);
        self.reload(&config(""));
    }

    fn reloads_add_and_remove_a_router(&mut self, which: Which) {
        let added = ["any INSTANCE V52 BACKUP 150", "any INSTANCE V52 MASTER 150"];
        let lines = ["INSTANCE \"V52\" BACKUP 150", "INSTANCE \"V52\" MASTER 150"];
        self.reload(&another("notify_deleted \"/tmp/hook deleted\""));
        self.tells("a reload adds a router", &added, &lines);
        self.reload(&config(""));
        let called = ["deleted", "any INSTANCE V52 DELETED 150"];
        self.tells("a reload removes it", &called, &["INSTANCE \"V52\" DELETED 150"]);
        self.reload(&another("notify_fault \"/tmp/hook fault\""));
        self.tells("a reload adds one without notify_deleted", &added, &lines);
        self.reload(&config(""));
        // keepalived's manual has notify_fault called then, 2.2.7 calls the generic one alone.
        let called: &[&str] = match which {
            Which::Keepalived => &["any INSTANCE V52 FAULT 150"],
            Which::Ours => &["fault", "any INSTANCE V52 FAULT 150"],
        };
        self.tells("a reload removes it", called, &["INSTANCE \"V52\" FAULT 150"]);
    }
}

/// Start, claim, peers, link, checks, a lower peer, reloads, stop.
fn one_router(which: Which) {
    let mut stage = Stage::new(which, &config(""));
    let starts = ["startup", "backup", "any INSTANCE V51 BACKUP 150", "master", "any INSTANCE V51 MASTER 150"];
    stage.tells("starts and claims", &starts, &["INSTANCE \"V51\" BACKUP 150", "INSTANCE \"V51\" MASTER 150"]);
    stage.has_fifo(FIFO);
    stage.has_fifo(VRRP_FIFO);
    stage.peers_come_and_go();
    stage.link_and_checks_fail_and_recover();
    stage.a_lower_router_speaks(which);
    stage.reloads_add_and_remove_a_router(which);
    if which == Which::Ours {
        stage.a_reload_tells_states_where_that_is_asked_for();
    }
    stage.stop();
    let stops = ["stop", "any INSTANCE V51 STOP 150", "shutdown"];
    stage.tells("it stops", &stops, &["INSTANCE \"V51\" STOP 150"]);
    stage.both_fifos_are_alike(which);
    for path in [FIFO, VRRP_FIFO] {
        assert!(!stage.lan.a.exists(path), "{path} is left behind");
    }
}

#[test]
fn vrrpd_tells_of_one_router_what_keepalived_tells() {
    isolated(|| one_router(Which::Ours));
}

#[test]
#[ignore = "needs keepalived"]
fn keepalived_tells_of_one_router_what_these_tests_say() {
    Isolation::default().real_root().run(|| one_router(Which::Keepalived));
}

/// It starts with a check that fails, which recovers.
fn a_router_that_starts_sick(which: Which) {
    let mut stage = Stage::empty();
    stage.lan.a.write("/tmp/is-broken", "");
    stage.start(which, &config(""));
    stage.tells("starts", &["startup", "fault", "any INSTANCE V51 FAULT 150"], &["INSTANCE \"V51\" FAULT 150"]);
    stage.lan.a.remove("/tmp/is-broken");
    stage.enters("it recovers", &["BACKUP", "MASTER"]);
}

#[test]
fn vrrpd_tells_of_a_router_that_starts_sick_what_keepalived_tells() {
    isolated(|| a_router_that_starts_sick(Which::Ours));
}

#[test]
#[ignore = "needs keepalived"]
fn keepalived_tells_of_a_router_that_starts_sick_what_these_tests_say() {
    Isolation::default().real_root().run(|| a_router_that_starts_sick(Which::Keepalived));
}

/// FIFOs belong to whom the configuration names.
fn a_fifo_of_somebody_else(which: Which) {
    let global =
        "global_defs {\n  notify_fifo /tmp/all.fifo nobody\n  vrrp_notify_fifo /tmp/vrrp.fifo daemon nogroup\n}\n";
    let mut stage = Stage::new(which, &format!("{global}{}", instance(51, 150, "0.2", "state BACKUP")));
    stage.lan.a.wait_line(LINES_OF_VRRP, "INSTANCE \"V51\" MASTER 150");
    let owner = |path: &str| stage.lan.a.run(&format!("stat -c %A,%U,%G {path}"));
    assert_eq!(owner(FIFO).trim(), "prw-------,nobody,nogroup");
    assert_eq!(owner(VRRP_FIFO).trim(), "prw-------,daemon,nogroup");
    stage.stop();
    assert!(!stage.lan.a.exists(FIFO) && !stage.lan.a.exists(VRRP_FIFO));
}

#[test]
#[ignore = "needs real root, as the tests beside keepalived do"]
fn vrrpd_gives_fifos_to_whom_keepalived_gives_them() {
    Isolation::default().real_root().run(|| a_fifo_of_somebody_else(Which::Ours));
}

#[test]
#[ignore = "needs keepalived"]
fn keepalived_gives_fifos_to_whom_these_tests_say() {
    Isolation::default().real_root().run(|| a_fifo_of_somebody_else(Which::Keepalived));
}

/// Lines of one subject in their order; those of two members come as they come.
fn of<'a>(lines: &'a [String], name: &str) -> Vec<&'a str> {
    let name = format!("\"{name}\"");
    lines.iter().filter(|line| line.contains(&name)).map(String::as_str).collect()
}

const GROUP: &str = "vrrp_sync_group G {
  group {
    V51
    V52
  }
  track_script {
    broken
  }
  notify \"/tmp/hook any\"
  notify_master \"/tmp/hook master\"
  notify_backup \"/tmp/hook backup\"
  notify_fault \"/tmp/hook fault\"
  notify_stop \"/tmp/hook stop\"
}
";

/// Two members and their group: start, claim, the link goes and comes, a check of the group, stop.
fn a_group(which: Which) {
    let second = instance(52, 150, "0.2", "state BACKUP").replace(VIP, "10.0.0.152");
    let first = instance(51, 150, "0.2", "state BACKUP");
    let mut stage = Stage::new(which, &format!("{GLOBAL}{first}{second}{GROUP}"));
    let node = &stage.lan.a;
    let states = ["BACKUP", "MASTER", "FAULT", "BACKUP", "MASTER", "FAULT", "BACKUP", "MASTER", "STOP"];
    // Three lines for each state: two members and their group.
    let told = |states: usize| {
        node.wait_lines(LINES_OF_VRRP, 3 * states);
        // A newer state would replace hooks that have not begun.
        node.wait_lines(HOOKS, 1 + 2 * states);
    };
    told(2);
    node.host.link_down("eth0").unwrap();
    told(3);
    node.host.link_up("eth0").unwrap();
    told(5);
    node.write("/tmp/is-broken", "");
    told(6);
    node.remove("/tmp/is-broken");
    told(8);
    stage.stop();
    stage.both_fifos_are_alike(which);
    let lines = stage.lan.a.wait_lines(LINES_OF_VRRP, 27);
    for (kind, name, priority) in [("INSTANCE", "V51", 150), ("INSTANCE", "V52", 150), ("GROUP", "G", 0)] {
        let story = states.map(|state| format!("{kind} \"{name}\" {state} {priority}"));
        assert_eq!(of(&lines, name), story);
    }
    // The group's line comes when all its members have told theirs.
    for three in lines.chunks(3).take(8) {
        assert!(three[2].starts_with("GROUP"), "{three:?}");
    }
    let mut hooks = stage.lan.a.wait_lines(HOOKS, 20);
    hooks.sort();
    let mut expected = vec!["startup".to_owned(), "shutdown".to_owned()];
    expected.extend(states.iter().flat_map(|state| [state.to_lowercase(), format!("any GROUP G {state} 0")]));
    expected.sort();
    assert_eq!(hooks, expected);
}

#[test]
fn vrrpd_tells_of_a_group_what_keepalived_tells() {
    isolated(|| a_group(Which::Ours));
}

#[test]
#[ignore = "needs keepalived"]
fn keepalived_tells_of_a_group_what_these_tests_say() {
    Isolation::default().real_root().run(|| a_group(Which::Keepalived));
}
