//! What happens to two routers while a Prometheus watches: everything that there is an alert for.

use core::time::Duration;
use std::process::Command;

use vrrp_lab::{Daemon, Signal};

use super::prometheus::Prometheus;
use super::terminal::{COLUMNS, ROWS, Screen};
use crate::ask::post;
use crate::fixture::{Lan, VIP, Vrrpd, binary, ip};
use crate::packet::Packet;

/// Beyond what a busy machine makes of any interval here.
const LONG: Duration = Duration::from_secs(60);

const SCREEN: &str = "/tmp/screen";

/// Two routers, of which `a` has the higher priority as long as a file is there, and whoever watches.
pub(super) struct Site {
    pub(super) lan: Lan,
    a: Vrrpd,
    _b: Vrrpd,
    pub(super) prometheus: Prometheus,
    watch: Daemon,
    /// How long it is quiet between two events, for the sake of the pictures.
    quiet: Duration,
}

/// `web`, which follows a check, and `db`.
fn config(web: u8, db: u8) -> String {
    let router = |name, vrid, priority, address, extra| {
        format!(
            "vrrp_instance {name} {{\n version 3\n interface eth0\n virtual_router_id {vrid}\n priority {priority}\n \
             advert_int 0.5\n notify /usr/bin/true\n {extra}\n virtual_ipaddress {{\n {address}/24\n }}\n}}\n"
        )
    };
    let check = "script \"/usr/bin/test ! -e /tmp/broken\"\n interval 1\n timeout 30\n fall 1\n rise 1\n";
    let tracked = "track_script {\n nginx weight -20\n }";
    let (web, db) = (router("web", 51, web, VIP, tracked), router("db", 52, db, "10.0.0.101", ""));
    format!("vrrp_script nginx {{\n {check}}}\n{web}{db}")
}

impl Site {
    pub(super) fn new(rules: &str, quiet: Duration) -> Self {
        let lan = Lan::new();
        let metrics = ["--metrics", "0.0.0.0:9650"];
        let a = lan.a.vrrpd_with(&config(110, 100), &metrics);
        let b = lan.b.vrrpd_with(&config(100, 110), &metrics);
        for (vrrpd, router) in [(&a, "web"), (&b, "db")] {
            vrrpd.wait_within(0, &[("event", "moved"), ("router", router), ("to", "active")], LONG);
        }
        let prometheus = Prometheus::start(&lan.client, rules, &[("a", "10.0.0.1:9650"), ("b", "10.0.0.2:9650")]);
        let watch = watch(&lan);
        Self { lan, a, _b: b, prometheus, watch, quiet }
    }

    /// Lets it all happen. After each event Prometheus says what it has to say of it.
    pub(super) fn happen(&self) {
        self.rest();
        self.a_check_fails();
        self.rest();
        self.the_engine_is_stopped();
        self.rest();
        self.packets_are_rejected();
        self.rest();
        self.nobody_hears_the_other();
        self.rest();
        self.both_are_drained();
        self.rest();
    }

    /// What the terminal was sent, until the check that failed was seen there.
    pub(super) fn screen(&self) -> String {
        self.lan.a.host.read_file(SCREEN).unwrap()
    }

    fn rest(&self) {
        let from = self.prometheus.newest();
        let over = |now: f64| (now >= from + self.quiet.as_secs_f64()).then_some(());
        self.prometheus.until("a rest", || over(self.prometheus.newest()));
    }

    /// Waits until `web` is in this state, whatever a busy machine made of it before.
    fn stands(&self, instance: &str, state: &str) {
        let expression = format!("vrrp_state{{router=\"web\",instance=\"{instance}\",state=\"{state}\"}} == 1");
        self.prometheus.until(&expression, || (!self.prometheus.query(&expression).is_empty()).then_some(()));
    }

    fn a_check_fails(&self) {
        self.lan.a.write("/tmp/broken", "");
        self.prometheus.firing("VrrpCheckFailing", &[("instance", "a"), ("check", "nginx")]);
        self.stands("b", "active");
        self.rest();
        self.prometheus
            .until("the check in the view", || Screen::of(&self.screen()).text().contains("down").then_some(()));
        self.watch.kill().unwrap();
        self.lan.a.run("rm /tmp/broken");
        self.stands("a", "active");
        self.prometheus.quiet("VrrpCheckFailing");
    }

    /// Until its peer has taken over; when it goes on it finds its timers late.
    fn the_engine_is_stopped(&self) {
        self.a.signal(Signal::SIGSTOP);
        self.stands("b", "active");
        self.prometheus.firing("VrrpdUnreachable", &[("instance", "a")]);
        self.a.signal(Signal::SIGCONT);
        self.stands("b", "backup");
        self.prometheus.firing("VrrpEngineLate", &[("instance", "a")]);
        self.prometheus.quiet("VrrpdUnreachable");
    }

    /// A stranger speaks of our router, with a wrong TTL first.
    fn packets_are_rejected(&self) {
        let right = Packet { priority: 50, ..Packet::v3(51, ip("10.0.0.9"), &[ip(VIP)]) };
        let rejected = "rate(vrrp_advertisements_rejected_total{reason=\"hop_limit\"}[5s]) > 0";
        self.speak(&Packet { ttl: 64, ..right.clone() }, rejected);
        self.prometheus.firing("VrrpAdvertisementsRejected", &[("router", "web")]);
        self.speak(&right, "vrrp_condition{condition=\"contested\"}");
    }

    /// Sends a packet again and again until an expression has something to say.
    fn speak(&self, packet: &Packet, expression: &str) {
        let client = &self.lan.client;
        let frame = packet.frame(client.mac, vrrp_lab::Mac([1, 0, 0x5e, 0, 0, 18]));
        self.prometheus.until(expression, || {
            client.host.inject("eth0", &frame).unwrap();
            (!self.prometheus.query(expression).is_empty()).then_some(())
        });
    }

    fn nobody_hears_the_other(&self) {
        let (a, b) = (&self.lan.a.host, &self.lan.b.host);
        self.lan.segment.cut(a, b).unwrap();
        self.lan.segment.cut(b, a).unwrap();
        self.prometheus.firing("VrrpTwoActive", &[]);
        self.lan.segment.heal_all().unwrap();
        self.prometheus.quiet("VrrpTwoActive");
    }

    fn both_are_drained(&self) {
        let drain = "{\"force\": true}";
        assert_eq!(post(&self.lan.a, "/v1/drain", drain).outcomes().len(), 2);
        self.rest();
        assert_eq!(post(&self.lan.b, "/v1/drain", drain).outcomes().len(), 2);
        self.prometheus.firing("VrrpNobodyActive", &[]);
        for node in [&self.lan.b, &self.lan.a] {
            assert_eq!(post(node, "/v1/undrain", "{}").status, 200);
        }
        self.prometheus.quiet("VrrpNobodyActive");
        self.prometheus.firing("VrrpFlapping", &[]);
    }
}

/// `vrrpctl watch` of `a` in a terminal, which is written to a file.
fn watch(lan: &Lan) -> Daemon {
    let vrrpctl = binary().with_file_name("vrrpctl");
    assert!(vrrpctl.exists(), "build vrrpctl first: {}", vrrpctl.display());
    let line = format!("stty rows {} cols {}; exec {} watch", ROWS, COLUMNS, vrrpctl.display());
    let mut command = Command::new("script");
    command.args(["-qfc", &line, SCREEN]).env("TERM", "xterm-256color");
    lan.a.host.spawn(command).unwrap()
}
