//! Two routers, a client, and the real programs.

use core::error::Error;
use core::net::{IpAddr, Ipv4Addr};
use core::time::Duration;
use std::path::PathBuf;
use std::process::Command;

use clap::ValueEnum;
use vrrp_lab::{Daemon, Host, Lab, Mac, Probe, ProbeConfig, Stamp};

use crate::figures::Window;

/// Beyond every deadline of the protocol.
const SOON: Duration = Duration::from_secs(30);
/// Replies waited for after a hand-over: longer than a successor takes to announce a second time.
const SETTLED: usize = 300;
const VIP: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 100));
const CONFIG: &str = "/tmp/vrrp.conf";

/// Who takes over from the router that is drained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Peer {
    /// Our own, with a lower priority.
    Vrrpd,
    /// keepalived, with a lower priority.
    KeepalivedPreempt,
    /// keepalived, with a higher priority and `nopreempt`.
    KeepalivedNopreempt,
    /// keepalived, with a higher priority and `preempt_delay`.
    KeepalivedPreemptDelay,
    /// Nobody.
    None,
}

impl Peer {
    /// The priority of the router that is drained.
    const fn priority(self) -> u8 {
        if self.is_better() { 100 } else { 150 }
    }

    /// Whether the drained router gets its addresses back by a takeover only.
    const fn is_better(self) -> bool {
        matches!(self, Self::KeepalivedNopreempt | Self::KeepalivedPreemptDelay)
    }

    const fn policy(self) -> &'static str {
        match self {
            Self::KeepalivedNopreempt => "nopreempt",
            Self::KeepalivedPreemptDelay => "preempt_delay 1000",
            Self::Vrrpd | Self::KeepalivedPreempt | Self::None => "",
        }
    }
}

/// The LAN and what runs on it.
pub(crate) struct Stage {
    peer: Peer,
    a: (Host, Mac),
    b: Mac,
    client: Host,
    vrrpctl: PathBuf,
    // What is dropped ends.
    daemons: Vec<Daemon>,
    _lab: Lab,
}

impl Stage {
    /// Both routers run, and the one that is to be drained is Active.
    pub(crate) fn set(peer: Peer) -> Result<Self, Box<dyn Error>> {
        let lab = Lab::new()?;
        let segment = lab.bridge("lan0")?;
        let [a, b, client] = [("a", 1), ("b", 2), ("client", 9)];
        let attach = |(name, number): (&str, u8)| -> Result<(Host, Mac), Box<dyn Error>> {
            let host = lab.host(name)?;
            let mac = host.attach(&segment, "eth0", &[&format!("10.0.0.{number}/24")])?;
            Ok((host, mac))
        };
        let (a, b, client) = (attach(a)?, attach(b)?, attach(client)?.0);
        // target/release/examples/drains
        let example = std::env::current_exe()?;
        let bins = example.ancestors().nth(2).ok_or("an example is two folders below the programs")?.to_owned();
        a.0.write_file(CONFIG, config(peer.priority(), ""))?;
        let active = a.0.spawn(vrrpd(&bins.join("vrrpd")))?;
        let (a_mac, vrrpctl) = (a.1, bins.join("vrrpctl"));
        let mut stage = Self { peer, a, b: b.1, client, vrrpctl, daemons: vec![active], _lab: lab };
        // Only then the peer, which may be the better one and does not preempt.
        stage.probe()?.wait_for_reply_from(a_mac, SOON)?;
        stage.daemons.extend(peer_on(peer, &b.0, &bins.join("vrrpd"))?);
        Ok(stage)
    }

    /// A client that waits for an answer as long as it takes.
    pub(crate) fn probe(&self) -> Result<Probe, Box<dyn Error>> {
        let probe = self.client.probe(&ProbeConfig { late_after: SOON, ..ProbeConfig::new("eth0", VIP) })?;
        probe.wait_for_replies(SETTLED, SOON)?;
        Ok(probe)
    }

    /// Drains; over when the successor has answered for a while.
    pub(crate) fn drain(&self, probe: &Probe) -> Result<Window, Box<dyn Error>> {
        let from = Stamp::now();
        let code = self.vrrpctl(&["drain", "V51"])?;
        let wanted = if self.peer == Peer::None { 5 } else { 0 };
        if code != Some(wanted) {
            return Err(format!("vrrpctl drain ended with {code:?}, not with {wanted}").into());
        }
        let active = if self.peer == Peer::None { self.a.1 } else { self.b };
        probe.wait_for_reply_from(active, SOON)?;
        probe.wait_for_replies(SETTLED, SOON)?;
        Ok(Window { from, to: Stamp::now() })
    }

    /// Brings the addresses back.
    pub(crate) fn back(&self, probe: &Probe) -> Result<Window, Box<dyn Error>> {
        let from = Stamp::now();
        self.vrrpctl(&["undrain", "V51"])?;
        if self.peer.is_better() {
            self.vrrpctl(&["takeover", "V51"])?;
        }
        probe.wait_for_reply_from(self.a.1, SOON)?;
        if self.peer.is_better() {
            self.vrrpctl(&["takeover", "--undo", "V51"])?;
        }
        probe.wait_for_replies(SETTLED, SOON)?;
        Ok(Window { from, to: Stamp::now() })
    }

    /// As long without anything, one probe a millisecond.
    pub(crate) fn quiet(&self, probe: &Probe, length: Duration) -> Result<Window, Box<dyn Error>> {
        let from = Stamp::now();
        probe.wait_for_replies(usize::try_from(length.as_millis())?, SOON)?;
        Ok(Window { from, to: Stamp::now() })
    }

    fn vrrpctl(&self, words: &[&str]) -> Result<Option<i32>, Box<dyn Error>> {
        let output = self.a.0.on(|| Command::new(&self.vrrpctl).args(words).output())??;
        Ok(output.status.code())
    }
}

fn config(priority: u8, policy: &str) -> String {
    format!(
        "global_defs {{\n  script_user root\n}}\nvrrp_instance V51 {{\n  version 3\n  state BACKUP\n  interface eth0\n  \
         virtual_router_id 51\n  priority {priority}\n  advert_int 1\n  {policy}\n  virtual_ipaddress {{\n    \
         {VIP}/24\n  }}\n}}\n"
    )
}

fn vrrpd(program: &std::path::Path) -> Command {
    let mut command = Command::new(program);
    command.args(["run", "--config", CONFIG]);
    command
}

/// Starts the peer, and waits until it is a Backup.
fn peer_on(peer: Peer, host: &Host, ours: &std::path::Path) -> Result<Option<Daemon>, Box<dyn Error>> {
    let (command, is_backup, priority) = match peer {
        Peer::None => return Ok(None),
        Peer::Vrrpd => (vrrpd(ours), "Backup", 100),
        Peer::KeepalivedPreempt | Peer::KeepalivedNopreempt | Peer::KeepalivedPreemptDelay => {
            let mut command = Command::new("/usr/sbin/keepalived");
            command.args(["-n", "-l", "-D", "-P", "-f", CONFIG, "-p", "/run/keepalived.pid", "-r", "/run/vrrp.pid"]);
            (command, "Entering BACKUP STATE", if peer.is_better() { 150 } else { 100 })
        }
    };
    host.write_file(CONFIG, config(priority, peer.policy()))?;
    let daemon = host.spawn(command)?;
    daemon.wait_for_log(is_backup, SOON)?;
    Ok(Some(daemon))
}
