//! Debian's keepalived as a peer.

use std::process::Command;

use vrrp_lab::{Daemon, Signal};

use crate::fixture::{Node, SOON};

const CONFIG: &str = "/tmp/keepalived.conf";

/// A running keepalived, with the VRRP process alone.
pub(crate) struct Keepalived {
    daemon: Daemon,
}

impl Node {
    /// Starts keepalived with this configuration, and waits until it is a Backup.
    pub(crate) fn keepalived(&self, config: &str) -> Keepalived {
        self.keepalived_until(config, "Entering BACKUP STATE")
    }

    /// Starts keepalived with this configuration, and waits until it has logged this.
    pub(crate) fn keepalived_until(&self, config: &str, text: &str) -> Keepalived {
        self.start_keepalived(&whole(config), text, |_| ())
    }

    /// Starts keepalived with this configuration and not a line more, by a command that `prepare` may change.
    pub(crate) fn keepalived_as_it_stands(&self, config: &str, prepare: impl FnOnce(&mut Command)) -> Keepalived {
        self.start_keepalived(config, "Entering BACKUP STATE", prepare)
    }

    fn start_keepalived(&self, config: &str, text: &str, prepare: impl FnOnce(&mut Command)) -> Keepalived {
        self.write(CONFIG, config);
        let mut command = Command::new("/usr/sbin/keepalived");
        command.args(["-n", "-l", "-D", "-P", "-f", CONFIG, "-p", "/run/keepalived.pid", "-r", "/run/vrrp.pid"]);
        prepare(&mut command);
        let daemon = self.host.spawn(command).unwrap();
        daemon.wait_for_log(text, SOON).unwrap();
        Keepalived { daemon }
    }
}

impl Keepalived {
    pub(crate) fn mark(&self) -> usize {
        self.daemon.log_mark()
    }

    /// Waits until it has become Active after a mark.
    pub(crate) fn became_active_since(&self, mark: usize) {
        self.daemon.wait_for_log_since(mark, "Entering MASTER STATE", SOON).unwrap();
    }

    /// Waits until it has become Backup after a mark.
    pub(crate) fn became_backup_since(&self, mark: usize) {
        self.daemon.wait_for_log_since(mark, "Entering BACKUP STATE", SOON).unwrap();
    }

    /// Waits until its effective priority has become this one, after a mark.
    pub(crate) fn became_priority_since(&self, mark: usize, priority: u8) {
        self.daemon.wait_for_log_since(mark, &format!("to {priority}"), SOON).unwrap();
    }

    /// How often it has changed its state after a mark.
    pub(crate) fn moves_since(&self, mark: usize) -> usize {
        let log = self.daemon.log();
        log.since(mark).filter(|(_, line)| line.contains("Entering ")).count()
    }

    /// How often it has said this.
    pub(crate) fn times(&self, text: &str) -> usize {
        self.daemon.log().since(0).filter(|(_, line)| line.contains(text)).count()
    }

    /// The end of its log.
    pub(crate) fn said(&self) -> String {
        self.daemon.log().tail(60)
    }

    /// Puts another configuration in place and asks for a reload.
    pub(crate) fn reload(&self, node: &Node, config: &str) {
        node.write(CONFIG, &whole(config));
        self.daemon.signal(Signal::SIGHUP).unwrap();
    }

    /// Asks it to stop and waits until it has.
    pub(crate) fn stop(&self) {
        self.daemon.signal(Signal::SIGTERM).unwrap();
        self.daemon.exit_status(SOON).unwrap();
    }
}

/// Without a script user it looks for an account of its own and complains.
fn whole(config: &str) -> String {
    format!("global_defs {{\n  script_user root\n}}\n{config}")
}
