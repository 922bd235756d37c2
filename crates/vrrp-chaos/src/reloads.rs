use core::time::Duration;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;
use vrrp_lab::{Daemon, Host, Lab, Signal};

use crate::error::ChaosError;
use crate::node::vrrpd;

const CONFIG: &str = "/tmp/vrrp.conf";
/// One reload, on a machine that does much else.
const DEADLINE: Duration = Duration::from_secs(30);
/// How many times the daemon is looked at after the first.
const LOOKS: usize = 10;
/// How long a check or a change of an address may keep a descriptor open.
const SETTLES: Duration = Duration::from_secs(10);

/// What a daemon has of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Holdings {
    /// Reloads so far.
    pub reloads: usize,
    /// Resident memory in KiB (`VmRSS`).
    pub resident_kib: usize,
    /// Resident memory that no file is behind, in KiB (`RssAnon`).
    pub anonymous_kib: usize,
    /// Open descriptors.
    pub descriptors: usize,
}

/// Reloads of one `vrrpd`: two virtual routers in a sync group with checks, of which priorities, addresses and a check
/// change each time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reloads {
    /// Where `vrrpd` is.
    pub vrrpd: PathBuf,
    /// How many before the first look, which fill what is filled once.
    pub first: usize,
    /// How many after it.
    pub count: usize,
}

impl Reloads {
    /// Reloads, and returns what the daemon has after the first ones and at ten moments after that.
    ///
    /// # Errors
    ///
    /// [`ChaosError`] when the daemon does not start or says in 30 s neither that it has reloaded.
    pub fn run(&self) -> Result<Vec<Holdings>, ChaosError> {
        let lab = Lab::new()?;
        let segment = lab.bridge("lan0")?;
        let host = lab.host("a")?;
        host.attach(&segment, "eth0", &["10.0.0.1/24"])?;
        host.write_file(CONFIG, text(0))?;
        let daemon = host.spawn(vrrpd(&self.vrrpd))?;
        daemon.wait_for_log("\"event\":\"placed\"", DEADLINE)?;
        let mut done = 0;
        let mut looks = Vec::new();
        for look in 0..=LOOKS {
            let until = self.first + self.count * look / LOOKS;
            while done < until {
                done += 1;
                reload(&host, &daemon, done)?;
            }
            looks.push(settled(&daemon, done, looks.first())?);
        }
        Ok(looks)
    }
}

fn reload(host: &Host, daemon: &Daemon, turn: usize) -> Result<(), ChaosError> {
    host.write_file(CONFIG, text(turn))?;
    let mark = daemon.log_mark();
    daemon.signal(Signal::SIGHUP)?;
    daemon.wait_for_log_since(mark, "\"event\":\"reloaded\"", DEADLINE)?;
    Ok(())
}

/// Looks at a daemon, again for a while if it has more descriptors than at first: one may be on its way out.
fn settled(daemon: &Daemon, reloads: usize, first: Option<&Holdings>) -> Result<Holdings, ChaosError> {
    let since = Instant::now();
    loop {
        let seen = look(daemon.pid(), reloads)?;
        let more = first.is_some_and(|first| seen.descriptors > first.descriptors);
        // The first look is to be none of those that see one too many.
        let young = first.is_none() && since.elapsed() < SETTLES / 5;
        if !young && !more || since.elapsed() > SETTLES {
            return Ok(seen);
        }
        std::thread::sleep(SETTLES / 100);
    }
}

fn look(pid: i32, reloads: usize) -> Result<Holdings, ChaosError> {
    let process = Path::new("/proc").join(pid.to_string());
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ChaosError::File { path, source }
    };
    let (status, descriptors) = (process.join("status"), process.join("fd"));
    let text = std::fs::read_to_string(&status).map_err(failed(&status))?;
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or_default()
    };
    let descriptors = std::fs::read_dir(&descriptors).map_err(failed(&descriptors))?.count();
    Ok(Holdings { reloads, resident_kib: field("VmRSS:"), anonymous_kib: field("RssAnon:"), descriptors })
}

/// A configuration of which something changes from turn to turn.
fn text(turn: usize) -> String {
    let checks = ["true", "false"].map(|word| {
        format!("vrrp_script is_{word} {{\n  script /bin/{word}\n  interval {}\n  weight 5\n}}\n", 2 + turn % 3)
    });
    let router = |vrid: usize, priority: usize| {
        format!(
            "vrrp_instance V{vrid} {{\n  version 3\n  interface eth0\n  virtual_router_id {vrid}\n  priority {priority}\n  \
             advert_int 1\n  virtual_ipaddress {{\n    10.0.0.{vrid}/24\n    10.0.0.{}/24\n  }}\n  track_script {{\n    \
             is_true\n    is_false\n  }}\n}}\n",
            100 + vrid + turn % 4
        )
    };
    format!(
        "global_defs {{\n  script_user root\n}}\n{}vrrp_sync_group G {{\n  group {{\n    V51\n    V52\n  }}\n}}\n{}{}",
        checks.concat(),
        router(51, 100 + turn % 7),
        router(52, 150 + turn % 5)
    )
}
