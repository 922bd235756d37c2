//! Every kind of check, from the thing that it looks at to the address that moves.

mod consequences;
mod host;
mod network;
mod servers;
mod unrunnable;

use crate::fixture::{Lan, Node, VIP, Vrrpd, instance};

/// A router at ten advertisements a second that one check, `c`, decides over.
struct Guarded<'a> {
    node: &'a Node,
    vrrpd: Vrrpd,
}

/// One that tracks the check `c` of this block by this list.
fn config(block: &str, list: &str) -> String {
    format!("{block}\n{}", instance(51, 150, "0.1", &format!("{list} {{\n    c\n  }}")))
}

/// A script of the host.
fn script(node: &Node, path: &str, text: &str) {
    node.write(path, &format!("#!/bin/sh\n{text}\n"));
    node.run(&format!("chmod 755 {path}"));
}

/// A native check at twenty a second.
fn native(body: &str) -> String {
    format!("check c {{\n{body}\ninterval 0.05\ntimeout 0.05\n}}")
}

impl<'a> Guarded<'a> {
    /// Starts the daemon where the check is well.
    fn new(lan: &'a Lan, block: &str, list: &str) -> Self {
        let guarded = Self { node: &lan.a, vrrpd: lan.a.vrrpd(&config(block, list)) };
        guarded.vrrpd.active();
        guarded
    }

    fn native(lan: &'a Lan, body: &str) -> Self {
        Self::new(lan, &native(body), "track_check")
    }

    /// Makes the check fail: the router is ineligible with the check's name as the cause, and gives the address up.
    fn fails_when(&self, doing: impl FnOnce()) {
        let mark = self.vrrpd.mark();
        doing();
        self.failed_since(mark);
    }

    fn failed_since(&self, mark: usize) {
        self.vrrpd.wait_since(mark, &[("event", "check"), ("about", "c")]);
        self.vrrpd.wait_since(mark, &[("event", "ineligible"), ("cause", "check"), ("about", "c"), ("began", "true")]);
        self.vrrpd
            .wait_since(mark, &[("event", "moved"), ("to", "initialize"), ("cause", "ineligible"), ("about", "c")]);
        self.node.wait_holds(VIP, false);
    }

    /// Makes the check succeed: the router serves again.
    fn recovers_when(&self, doing: impl FnOnce()) {
        let mark = self.vrrpd.mark();
        doing();
        self.vrrpd.wait_since(mark, &[("event", "ineligible"), ("cause", "check"), ("about", "c"), ("began", "false")]);
        self.vrrpd.moved_since(mark, "active", "active_down");
        self.node.wait_holds(VIP, true);
    }

    /// Makes the effective priority this one, and the state stays.
    fn has_priority_when(&self, priority: u8, doing: impl FnOnce()) {
        let mark = self.vrrpd.mark();
        doing();
        self.vrrpd.wait_since(mark, &[("event", "priority"), ("priority", &priority.to_string())]);
        assert_eq!(self.vrrpd.moves_since(mark), []);
    }
}
