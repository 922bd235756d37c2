use core::str::FromStr;
use core::time::Duration;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};
use vrrp_core::{AddressList, Config};
use vrrp_lab::{Daemon, Host, Mac, Signal};
use vrrp_wire::{Family, Priority, Version, Vrid};

use crate::error::ChaosError;

/// The virtual address that everything is about, and its prefix.
pub(crate) const VIP: [u8; 4] = [10, 0, 0, 100];
pub(crate) const VIP_PREFIX: &str = "10.0.0.100/24";
/// The virtual router.
pub(crate) const VRID: u8 = 51;
/// The priorities of the two routers.
pub(crate) const PRIORITIES: [u8; 2] = [150, 100];

/// Where a host has its configuration, its check, and what makes the check fail: `/tmp` is each host's own.
const CONFIG: &str = "/tmp/vrrp.conf";
const CHECK: &str = "/tmp/well.sh";
const SICK: &str = "/tmp/sick";
/// The daemon has started when it says where it stands; a machine that takes longer is no place for this.
const START_DEADLINE: Duration = Duration::from_secs(60);

/// Whose daemon runs on a router.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Make {
    /// `vrrpd` of this workspace.
    Ours,
    /// The keepalived of the system.
    Keepalived,
}

impl FromStr for Make {
    type Err = ChaosError;

    fn from_str(word: &str) -> Result<Self, ChaosError> {
        match word {
            "ours" => Ok(Self::Ours),
            "keepalived" => Ok(Self::Keepalived),
            _ => Err(ChaosError::Make { word: word.to_owned() }),
        }
    }
}

/// The programs of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    /// `vrrpd`.
    pub vrrpd: PathBuf,
    /// `keepalived`.
    pub keepalived: PathBuf,
}

/// A router: its host and its daemon.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) host: Host,
    pub(crate) mac: Mac,
    pub(crate) make: Make,
    pub(crate) priority: u8,
    pub(crate) daemon: Option<Daemon>,
    /// What daemons that are gone have printed.
    pub(crate) said: String,
}

impl Node {
    pub(crate) const fn new(host: Host, mac: Mac, make: Make, priority: u8) -> Self {
        Self { host, mac, make, priority, daemon: None, said: String::new() }
    }

    /// Writes what the daemon needs to start.
    pub(crate) fn prepare(&self) -> Result<(), ChaosError> {
        self.host.write_file(CHECK, format!("#!/bin/sh\ntest ! -e {SICK}\n"))?;
        self.host
            .on(|| {
                use std::os::unix::fs::PermissionsExt as _;
                std::fs::set_permissions(CHECK, std::fs::Permissions::from_mode(0o755))
            })?
            .map_err(|source| ChaosError::File { path: CHECK.into(), source })?;
        self.configure(self.priority)
    }

    fn configure(&self, priority: u8) -> Result<(), ChaosError> {
        Ok(self.host.write_file(CONFIG, text(priority))?)
    }

    /// Starts the daemon and waits until it takes part.
    pub(crate) fn start(&mut self, programs: &Programs) -> Result<(), ChaosError> {
        self.bury();
        let (command, ready) = match self.make {
            Make::Ours => (vrrpd(&programs.vrrpd), "\"event\":\"moved\""),
            Make::Keepalived => (keepalived(&programs.keepalived), "Entering BACKUP STATE"),
        };
        let daemon = self.daemon.insert(self.host.spawn(command)?);
        daemon.wait_for_log(ready, START_DEADLINE)?;
        Ok(())
    }

    pub(crate) fn kill(&mut self) -> Result<(), ChaosError> {
        if let Some(daemon) = &self.daemon {
            daemon.kill()?;
        }
        self.bury();
        Ok(())
    }

    /// Asks the daemon to stop and waits until it has.
    pub(crate) fn stop(&mut self) -> Result<(), ChaosError> {
        if let Some(daemon) = &self.daemon {
            daemon.signal(Signal::SIGTERM)?;
            daemon.exit_status(START_DEADLINE)?;
        }
        self.bury();
        Ok(())
    }

    pub(crate) fn signal_all(&self, signal: Signal) -> Result<(), ChaosError> {
        self.daemon.as_ref().map_or(Ok(()), |daemon| Ok(daemon.signal_group(signal)?))
    }

    /// Has the daemon read its configuration, with another priority if it is not the same.
    pub(crate) fn reload(&mut self, priority: u8) -> Result<(), ChaosError> {
        self.priority = priority;
        self.configure(priority)?;
        self.daemon.as_ref().map_or(Ok(()), |daemon| Ok(daemon.signal(Signal::SIGHUP)?))
    }

    /// Makes the router's check fail, or succeed.
    pub(crate) fn set_well(&self, well: bool) -> Result<(), ChaosError> {
        if !well {
            return Ok(self.host.write_file(SICK, "")?);
        }
        let removed = self.host.on(|| std::fs::remove_file(SICK))?;
        removed.map_err(|source| ChaosError::File { path: SICK.into(), source })
    }

    /// Keeps the last words of a daemon that is no more.
    pub(crate) fn bury(&mut self) {
        if let Some(daemon) = self.daemon.take() {
            self.said.push_str(&daemon.log().tail(usize::MAX));
            self.said.push('\n');
        }
    }
}

/// The configuration of both makes, in the language of keepalived.conf.
fn text(priority: u8) -> String {
    format!(
        "global_defs {{\n  script_user root\n}}\nvrrp_script well {{\n  script {CHECK}\n  interval 1\n  fall 1\n  rise 1\n}}\n\
         vrrp_instance V{VRID} {{\n  state BACKUP\n  version 3\n  interface eth0\n  virtual_router_id {VRID}\n  priority \
         {priority}\n  advert_int 1\n  virtual_ipaddress {{\n    {VIP_PREFIX}\n  }}\n  track_script {{\n    well\n  }}\n}}\n"
    )
}

/// The same configuration for the checker's bounds.
pub(crate) fn config(priority: u8) -> Option<Config> {
    let addresses = AddressList::of(Family::V4, [VIP.into()]);
    let vrid = Vrid::try_from(VRID).ok()?;
    Some(Config { priority: Priority::new(priority), ..Config::new(Version::V3, vrid, addresses) })
}

/// `vrrpd run` with JSON log lines.
pub(crate) fn vrrpd(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["run", "--log-format", "json", "--runtime-dir", "/run/vrrpd", "--config", CONFIG]);
    command
}

fn keepalived(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["-n", "-l", "-D", "-P", "-f", CONFIG, "-p", "/run/keepalived.pid", "-r", "/run/vrrp.pid"]);
    command
}
