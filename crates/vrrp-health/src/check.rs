use core::time::Duration;
use std::sync::Arc;

use vrrp_script::Program;

#[cfg(feature = "dns")]
use crate::probe::Dns;
#[cfg(feature = "http")]
use crate::probe::Http;
use crate::probe::{File, Gateway, Interface, Process, Tcp, Unit};

/// One health check.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Its name: what reports carry.
    pub name: Arc<str>,
    /// What is looked at.
    pub probe: Probe,
    /// When, and how many outcomes make a verdict.
    pub schedule: Schedule,
}

/// When a check runs and how many outcomes make a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// From start to start (`interval`).
    pub interval: Duration,
    /// The deadline of one run (`timeout`).
    pub timeout: Duration,
    /// Successes in a row that make it up (`rise`).
    pub rise: u32,
    /// Failures in a row that make it down (`fall`).
    pub fall: u32,
    /// What it counts as before its first verdict.
    pub assume: Assume,
}

/// What a check counts as before its first verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Assume {
    /// Unknown: the first success makes it up at once, whatever `rise` says.
    #[default]
    Unknown,
    /// Down until proven otherwise by `rise` successes (`init_fail`).
    Down,
}

/// What a check looks at.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Probe {
    /// A program's exit status (`vrrp_script`).
    Script(Program),
    /// An HTTP or HTTPS answer.
    #[cfg(feature = "http")]
    Http(Http),
    /// Whether a TCP connection can be made.
    Tcp(Tcp),
    /// Whether enough of some hosts can be reached.
    Gateway(Gateway),
    /// A DNS answer.
    #[cfg(feature = "dns")]
    Dns(Dns),
    /// How many processes of a name there are (`vrrp_track_process`).
    Process(Process),
    /// A number in a file (`track_file`).
    File(File),
    /// Whether a link is up and running (`track_interface`).
    Interface(Interface),
    /// Whether a systemd unit is active.
    Unit(Unit),
}
