//! The two hosts, their gateway and a client, with whichever daemon moves the address between them.

use std::process::Command;

use vrrp_lab::{Capture, Daemon, Frame, Host, Lab, Segment};

use super::files;
use crate::fixture::{Node, SOON, Vrrpd, advertises, vrrpd_run};
use crate::keepalived::Keepalived;

pub(super) const ADDRESS: &str = "192.168.1.100";
const VRID: u8 = 51;
const PATH: &str = "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const NGINX: &str = "/usr/sbin/nginx";

/// Two hosts in front of the model cluster. Names carry a prefix, so that two sites can be in one lab.
pub(super) struct Site {
    pub(super) segment: Segment,
    pub(super) a: Member,
    pub(super) b: Member,
    pub(super) gateway: Node,
    pub(super) client: Node,
    /// What the client hears.
    pub(super) wire: Capture,
}

/// One of the two, with the model's server on it.
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) node: Node,
    service: Option<Daemon>,
}

/// Either daemon, on one host.
pub(super) enum Running {
    Ours(Vrrpd),
    Theirs(Keepalived),
}

fn join(lab: &Lab, segment: &Segment, prefix: &str, name: &str, number: u8) -> Node {
    let host = lab.host(&format!("{prefix}{name}")).unwrap();
    let mac = host.attach(segment, "eth0", &[&format!("192.168.1.{number}/24")]).unwrap();
    Node { host, mac }
}

impl Site {
    pub(super) fn new(lab: &Lab, prefix: &str) -> Self {
        let segment = lab.bridge(&format!("{prefix}lan")).unwrap();
        let node = |name, number| join(lab, &segment, prefix, name, number);
        let a = Member::new("node-a", node("a", 11));
        let b = Member::new("node-b", node("b", 12));
        let (gateway, client) = (node("gw", 1), node("client", 9));
        let wire = client.host.capture("eth0").unwrap();
        Self { segment, a, b, gateway, client, wire }
    }

    /// Waits until this one advertises this priority, after a mark.
    pub(super) fn wait_advertised(&self, mark: usize, member: &Member, priority: u8) {
        let wanted = |frame: &Frame| frame.source() == Some(member.node.mac) && advertises(frame, VRID, priority);
        self.wire.wait_for_since(mark, wanted, SOON).unwrap();
    }

    /// Waits until this one alone has the address, and nginx answers there with its name.
    pub(super) fn wait_served_by(&self, member: &Member) {
        let other = if member.name == self.a.name { &self.b } else { &self.a };
        member.node.wait_holds(ADDRESS, true);
        other.node.wait_holds(ADDRESS, false);
        // The address is there before its hook has started nginx.
        let ask = "curl -s --connect-timeout 1 --retry 15 --retry-delay 1 --retry-all-errors http://192.168.1.100/";
        assert_eq!(self.client.run(ask), member.name);
    }

    /// Waits until this one has advertised so often that whoever would preempt it has; nobody else did meanwhile.
    pub(super) fn stays_with(&self, member: &Member) {
        let mut heard = 0;
        let mark = self.wire.mark();
        let fifth = |frame: &Frame| {
            heard += usize::from(frame.source() == Some(member.node.mac) && frame.vrrp().is_some());
            heard == 5
        };
        self.wire.wait_for_since(mark, fifth, SOON).unwrap();
        let other = |frame: &Frame| frame.source() != Some(member.node.mac) && frame.vrrp().is_some();
        assert!(!self.wire.frames_since(mark).iter().any(other));
        self.wait_served_by(member);
    }

    /// Cuts a host off from all others, its link staying up.
    pub(super) fn isolate(&self, member: &Member) {
        self.segment.partition(&[&member.node.host], &self.all_but(member)).unwrap();
    }

    fn all_but(&self, member: &Member) -> [&Host; 3] {
        let other = if member.name == self.a.name { &self.b } else { &self.a };
        [&other.node.host, &self.gateway.host, &self.client.host]
    }
}

impl Member {
    fn new(name: &'static str, node: Node) -> Self {
        node.run("mount -t tmpfs tmpfs /usr/local/bin");
        node.run("mount -t tmpfs tmpfs /var/log");
        for (script, text) in files::SCRIPTS {
            let path = format!("/usr/local/bin/{script}");
            node.write(&path, text);
            node.run(&format!("chmod 755 {path}"));
        }
        node.write("/tmp/front.conf", &files::front(name));
        node.write("/tmp/service.conf", &files::service());
        let mut member = Self { name, node, service: None };
        member.start_service();
        member
    }

    pub(super) fn start_service(&mut self) {
        let mut command = Command::new(NGINX);
        command.args(["-e", "stderr", "-c", "/tmp/service.conf"]);
        self.service = Some(self.node.host.spawn(command).unwrap());
        let ping = "curl -s --retry 15 --retry-delay 1 --retry-connrefused http://localhost:8080/ping";
        assert_eq!(self.node.run(ping), "pong");
    }

    pub(super) fn kill_service(&mut self) {
        self.service.take().unwrap().kill().unwrap();
    }

    /// Waits until its hook has stopped nginx. keepalived tells nobody when a hook is done, so the file is looked at.
    pub(super) fn wait_stopped(&self) {
        let script = "until [ ! -e /run/nginx.pid ]; do sleep 0.05; done";
        self.node.host.run(&["timeout", "15", "sh", "-c", script]).unwrap();
    }

    /// Starts our daemon.
    pub(super) fn ours(&self, config: &str) -> Vrrpd {
        self.node.write("/tmp/vrrp.conf", config);
        let mut command = vrrpd_run("/tmp/vrrp.conf", &[]);
        command.env("PATH", PATH);
        self.node.spawn(command)
    }

    /// Starts keepalived with the configuration as it stands.
    pub(super) fn theirs(&self, config: &str) -> Keepalived {
        self.node.keepalived_as_it_stands(config, |command| {
            command.env("PATH", PATH);
        })
    }
}

impl Running {
    pub(super) fn mark(&self) -> usize {
        match self {
            Self::Ours(vrrpd) => vrrpd.mark(),
            Self::Theirs(keepalived) => keepalived.mark(),
        }
    }

    /// Waits until its effective priority is this one, after a mark.
    pub(super) fn wait_priority(&self, mark: usize, priority: u8) {
        match self {
            Self::Ours(vrrpd) => {
                vrrpd.wait_since(mark, &[("event", "priority"), ("priority", &priority.to_string())]);
            }
            Self::Theirs(keepalived) => keepalived.became_priority_since(mark, priority),
        }
    }
}
