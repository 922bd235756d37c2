use std::path::PathBuf;

use clap::ValueEnum;
use vrrp_rehearsal::{Join, Make};

use super::Reading;

/// What to simulate.
///
/// Every node, link and check fails, one at a time, in a simulated LAN; printed is who serves each address then, after how
/// long, and what is suspicious. With --replay two event logs are held against the simulation instead. Exits 0 if nothing is
/// suspicious or different, 1 if something is, 2 if the files cannot be simulated.
#[derive(Debug, clap::Args)]
pub(crate) struct Simulate {
    /// The configurations of all nodes: keepalived.conf, or TOML if a name ends in .toml
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What the nodes are called, in the order of the files [default: the files' names without their endings]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Vec<String>,
    /// Whose daemon runs on the nodes
    #[arg(long = "as", value_enum, default_value_t = Software::Vrrpd)]
    pub(crate) software: Software,
    /// Also two failures at a time, the second while the first lasts
    #[arg(long)]
    pub(crate) pairs: bool,
    /// Only failures with this in their names
    #[arg(long, value_name = "TEXT")]
    pub(crate) only: Option<String>,
    /// Two interfaces that share a segment, where the files do not tell: node-a:eth0=node-b:ens3
    #[arg(long, value_name = "NODE:IF=NODE:IF")]
    pub(crate) segment: Vec<Join>,
    /// Where latencies come from: the same seed, the same report
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Draw what happened: into a file that ends in .svg, or one file for each failure into a directory
    #[arg(long, value_name = "FILE|DIR")]
    pub(crate) svg: Option<PathBuf>,
    /// Event logs of two nodes, as `vrrpctl events --json` prints them, in the order of their configurations: does to the
    /// simulated nodes what the logs say, and shows what differs
    #[arg(long, num_args = 2, value_names = ["EVENTS", "EVENTS"], conflicts_with_all = ["pairs", "only"])]
    pub(crate) replay: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// Somebody's daemon, as the simulator has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Software {
    /// This one
    Vrrpd,
    /// A model of keepalived 2.4
    Keepalived,
    /// A model of keepalived 2.2
    #[value(name = "keepalived-2.2")]
    Keepalived22,
}

impl Software {
    /// What the simulator calls it.
    pub(crate) const fn make(self) -> Make {
        match self {
            Self::Vrrpd => Make::Ours,
            Self::Keepalived => Make::Keepalived24,
            Self::Keepalived22 => Make::Keepalived22,
        }
    }
}
