//! A LAN with two routers and a client, and the daemons that run on it.

use core::net::IpAddr;
use core::time::Duration;
use std::path::Path;
use std::process::{Command, ExitStatus};

use serde_json::Value;
use vrrp_lab::{Daemon, Frame, Host, Lab, Mac, Probe, ProbeConfig, Segment, Signal, Stamp};

/// Beyond every deadline of the protocols here; a test that waits so long has failed.
pub(crate) const SOON: Duration = Duration::from_secs(30);

/// The configuration on every host: `/tmp` is each host's own.
pub(crate) const CONFIG: &str = "/tmp/vrrp.conf";

/// Where every host's daemon keeps what a restart needs: `/run` is each host's own.
pub(crate) const RUNTIME: &str = "/run/vrrpd";

/// The virtual addresses of most tests.
pub(crate) const VIP: &str = "10.0.0.100";
pub(crate) const VIP6: &str = "2001:db8::100";

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// Two routers `a` (10.0.0.1) and `b` (10.0.0.2), and a client (10.0.0.9), each with an IPv6 address likewise.
pub(crate) struct Lan {
    pub(crate) lab: Lab,
    pub(crate) segment: Segment,
    pub(crate) a: Node,
    pub(crate) b: Node,
    pub(crate) client: Node,
}

/// A host and its MAC address on the LAN.
pub(crate) struct Node {
    pub(crate) host: Host,
    pub(crate) mac: Mac,
}

impl Lan {
    pub(crate) fn new() -> Self {
        let lab = Lab::new().unwrap();
        let segment = lab.bridge("lan0").unwrap();
        let [a, b, client] = [("a", 1), ("b", 2), ("client", 9)].map(|(name, n)| Node::new(&lab, &segment, name, n));
        Self { lab, segment, a, b, client }
    }

    /// One more host, with the addresses that end in `number`.
    pub(crate) fn join(&self, name: &str, number: u8) -> Node {
        Node::new(&self.lab, &self.segment, name, number)
    }

    /// A client that asks the address every millisecond.
    pub(crate) fn probe(&self, target: &str) -> Probe {
        self.client.host.probe(&ProbeConfig::new("eth0", ip(target))).unwrap()
    }
}

impl Node {
    fn new(lab: &Lab, segment: &Segment, name: &str, number: u8) -> Self {
        let host = lab.host(name).unwrap();
        let addresses = [format!("10.0.0.{number}/24"), format!("2001:db8::{number}/64")];
        let mac = host.attach(segment, "eth0", &addresses.each_ref().map(String::as_str)).unwrap();
        Self { host, mac }
    }

    /// Writes a file on the host.
    pub(crate) fn write(&self, path: &str, text: &str) {
        self.host.on(|| std::fs::write(path, text)).unwrap().unwrap();
    }

    /// Starts `vrrpd run` with this configuration.
    pub(crate) fn vrrpd(&self, config: &str) -> Vrrpd {
        self.vrrpd_with(config, &[])
    }

    /// Starts `vrrpd run` with this configuration and further arguments.
    pub(crate) fn vrrpd_with(&self, config: &str, arguments: &[&str]) -> Vrrpd {
        self.write(CONFIG, config);
        self.spawn(vrrpd_run(CONFIG, arguments))
    }

    /// Starts a command that ends up as a `vrrpd run`.
    pub(crate) fn spawn(&self, command: Command) -> Vrrpd {
        Vrrpd { daemon: self.host.spawn(command).unwrap(), host: self.host.clone() }
    }

    pub(crate) fn holds(&self, address: &str) -> bool {
        self.host.has_address("eth0", ip(address)).unwrap()
    }

    pub(crate) fn wait_holds(&self, address: &str, present: bool) {
        self.host.wait_for_address("eth0", ip(address), present, SOON).unwrap();
    }

    /// Runs a command line on the host that must succeed; gives what it printed.
    pub(crate) fn run(&self, line: &str) -> String {
        self.host.run(&line.split_whitespace().collect::<Vec<_>>()).unwrap().stdout
    }
}

/// The binary under test.
pub(crate) fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_vrrpd"))
}

/// `vrrpd run` with JSON log lines.
pub(crate) fn vrrpd_run(config: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(["run", "--log-format", "json", "--runtime-dir", RUNTIME, "--config", config]).args(arguments);
    command
}

/// One virtual router on `eth0` in the language of keepalived.conf.
pub(crate) fn instance(vrid: u8, priority: u8, advert: &str, extra: &str) -> String {
    format!(
        "vrrp_instance V{vrid} {{\n  version 3\n  interface eth0\n  virtual_router_id {vrid}\n  priority {priority}\n  \
         advert_int {advert}\n  {extra}\n  virtual_ipaddress {{\n    {VIP}/24\n  }}\n}}\n"
    )
}

/// A running `vrrpd`.
pub(crate) struct Vrrpd {
    pub(crate) daemon: Daemon,
    host: Host,
}

/// One JSON line of the log.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    fields: Value,
}

impl Line {
    fn parse(text: &str) -> Option<Self> {
        Some(Self { fields: serde_json::from_str(text).ok()? })
    }

    pub(crate) fn text(&self, field: &str) -> &str {
        self.fields[field].as_str().unwrap_or_default()
    }

    /// Whether every named field has its word.
    pub(crate) fn is(&self, wanted: &[(&str, &str)]) -> bool {
        wanted.iter().all(|(field, word)| {
            let value = &self.fields[*field];
            value.as_str().map_or_else(|| value.to_string(), str::to_owned) == *word
        })
    }
}

impl Vrrpd {
    /// Everything logged so far.
    pub(crate) fn lines(&self) -> Vec<Line> {
        self.daemon.log().lines().filter_map(|(_, text)| Line::parse(text)).collect()
    }

    pub(crate) fn mark(&self) -> usize {
        self.daemon.log_mark()
    }

    /// Lines in which every named field has its word.
    pub(crate) fn count(&self, wanted: &[(&str, &str)]) -> usize {
        self.lines().iter().filter(|line| line.is(wanted)).count()
    }

    pub(crate) fn wait(&self, wanted: &[(&str, &str)]) -> Line {
        self.wait_since(0, wanted)
    }

    /// Waits for a line in which every named field has its word, after a mark.
    pub(crate) fn wait_since(&self, mark: usize, wanted: &[(&str, &str)]) -> Line {
        self.wait_within(mark, wanted, SOON)
    }

    pub(crate) fn wait_within(&self, mark: usize, wanted: &[(&str, &str)], deadline: Duration) -> Line {
        self.wait_any_within(mark, &[wanted], deadline)
    }

    /// Waits for a line that is one of several.
    pub(crate) fn wait_any_since(&self, mark: usize, wanted: &[&[(&str, &str)]]) -> Line {
        self.wait_any_within(mark, wanted, SOON)
    }

    fn wait_any_within(&self, mark: usize, wanted: &[&[(&str, &str)]], deadline: Duration) -> Line {
        let end = std::time::Instant::now() + deadline;
        let mut seen = mark;
        loop {
            let log = self.daemon.log();
            let found = log
                .since(seen)
                .filter_map(|(_, text)| Line::parse(text))
                .find(|line| wanted.iter().any(|wanted| line.is(wanted)));
            if let Some(line) = found {
                return line;
            }
            seen = log.line_count();
            let left = end.saturating_duration_since(std::time::Instant::now());
            // Any new line wakes; one that does not match is looked past.
            if let Err(error) = self.daemon.wait_for_log_since(seen, "", left) {
                panic!("no line with {wanted:?}: {error}");
            }
        }
    }

    /// Waits until the virtual router has moved to this state for this cause.
    pub(crate) fn moved(&self, to: &str, cause: &str) -> Line {
        self.moved_since(0, to, cause)
    }

    pub(crate) fn moved_since(&self, mark: usize, to: &str, cause: &str) -> Line {
        self.wait_since(mark, &[("event", "moved"), ("to", to), ("cause", cause)])
    }

    /// Waits until the router is Active, for whatever cause, with all its addresses in place.
    pub(crate) fn active(&self) -> Line {
        self.wait(&[("event", "placed")])
    }

    /// The moves after a mark, as (from, to, cause).
    pub(crate) fn moves_since(&self, mark: usize) -> Vec<(String, String, String)> {
        let log = self.daemon.log();
        let lines = log.since(mark).filter_map(|(_, text)| Line::parse(text));
        let moves = lines.filter(|line| line.is(&[("event", "moved")]));
        moves.map(|line| (line.text("from").into(), line.text("to").into(), line.text("cause").into())).collect()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        self.daemon.signal(signal).unwrap();
    }

    /// Waits for the end.
    pub(crate) fn ended(&self) -> ExitStatus {
        self.daemon.exit_status(SOON).unwrap()
    }

    /// Puts another configuration in place and asks for a reload.
    pub(crate) fn reload(&self, config: &str) {
        self.host.on(|| std::fs::write(CONFIG, config)).unwrap().unwrap();
        self.signal(Signal::SIGHUP);
    }
}

/// Whether this is an advertisement of a virtual router with this priority.
pub(crate) fn advertises(frame: &Frame, vrid: u8, priority: u8) -> bool {
    frame.vrrp().is_some_and(|vrrp| vrrp.vrid == vrid && vrrp.priority == priority)
}

/// The stamps of a host's advertisements.
pub(crate) fn adverts_of(frames: &[Frame], mac: Mac, vrid: u8) -> Vec<Stamp> {
    let of = |frame: &&Frame| frame.source() == Some(mac) && frame.vrrp().is_some_and(|vrrp| vrrp.vrid == vrid);
    frames.iter().filter(of).map(|frame| frame.stamp).collect()
}
