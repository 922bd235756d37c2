mod simulate;

use core::net::SocketAddr;
use core::time::Duration;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::log::Facility;
use crate::signum::SigFunc;

pub(crate) use simulate::Simulate;

/// VRRP for Linux: moves a virtual IP address from a dead machine to a living one.
#[derive(Debug, Parser)]
#[command(name = "vrrpd", version, arg_required_else_help = true, args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Print the number of the signal that does this, and exit
    #[arg(long, value_enum, value_name = "SIGFUNC")]
    pub(crate) signum: Option<SigFunc>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the virtual routers of a configuration in the foreground
    Run(Run),
    /// Say what is wrong with a configuration, and what will surprise
    Check(Check),
    /// Write keepalived.conf as TOML, or TOML as keepalived.conf
    Convert(Convert),
    /// Have every node, link and check fail in a simulated LAN, and say who serves then and what is suspicious
    Simulate(Simulate),
    /// Show a failover on a LAN of namespaces, without root: two routers, a client, and what it measures
    Demo(Demo),
}

/// What signals do, below the options of `run`.
const SIGNALS: &str = "\
Signals, with keepalived's name for `vrrpd --signum=NAME`, which prints the number:
  SIGTERM, SIGINT  STOP         hands the addresses over and exits with 0; a second one releases them at once
  SIGHUP           RELOAD       reads the configuration again, all of it or nothing
  SIGQUIT                       exits at once and leaves the addresses in place for the next start
  SIGUSR1          DATA         writes keepalived.data into the directory of --dump-dir
  SIGUSR2          STATS        writes keepalived.stats there
  SIGRTMAX-1       STATS_CLEAR  writes keepalived.stats there, and what that counts begins anew
  SIGRTMIN+2       JSON         writes keepalived.json there";

/// How to run.
#[derive(Debug, clap::Args)]
#[command(after_help = SIGNALS)]
pub(crate) struct Run {
    /// The configuration: keepalived.conf, or TOML if its name ends in .toml
    #[arg(long, short, value_name = "FILE", default_value = "/etc/vrrpd/vrrpd.conf")]
    pub(crate) config: PathBuf,
    #[command(flatten)]
    pub(crate) logging: Logging,
    /// Where a restart finds what the last run was doing; it must vanish at reboot
    #[arg(long, value_name = "DIR", default_value = "/run/vrrpd")]
    pub(crate) runtime_dir: PathBuf,
    /// Begin as Backup even if the last run died as Active a moment ago
    #[arg(long)]
    pub(crate) no_resume: bool,
    /// Remove configured addresses that are on this host at the start, whoever put them there
    #[arg(long)]
    pub(crate) remove_leftovers: bool,
    /// Where the control socket lies [default: `control_socket`, or vrrpd.sock in the runtime directory]
    #[arg(long, value_name = "PATH")]
    pub(crate) control: Option<PathBuf>,
    /// The group that may use the control socket, by name or number [default: `control_group`, or that of this process]
    #[arg(long, value_name = "GROUP")]
    pub(crate) control_group: Option<String>,
    /// Serve metrics here, over HTTP: 127.0.0.1:9650 for one [default: `metrics_address`, or nowhere]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) metrics: Option<SocketAddr>,
    /// Metrics also under the names of mehdy/keepalived-exporter
    #[arg(long)]
    pub(crate) metrics_compat: bool,
    /// Where the files go that keepalived's signals ask for, such as /tmp [default: `dump_directory`, or nowhere]
    #[arg(long, value_name = "DIR")]
    pub(crate) dump_dir: Option<PathBuf>,
    /// Write the number of this process to a file, as keepalived does for its exporters
    #[arg(long, short, value_name = "FILE")]
    pub(crate) pid: Option<PathBuf>,
    /// The same, where keepalived has the number of its VRRP process
    #[arg(long, short = 'r', value_name = "FILE", alias = "vrrp_pid")]
    pub(crate) vrrp_pid: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// How to check.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// The configuration: keepalived.conf, or TOML if its name ends in .toml
    pub(crate) file: PathBuf,
    /// Print diagnostics as JSON, one array
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// How to show it.
///
/// Two machines run this program from a keepalived.conf each, and a client asks the virtual address for an echo every
/// millisecond, while the Active machine dies, returns, and is stopped. Fails if the client was without the address
/// for clearly longer than the timers of VRRP demand.
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    /// The interval of advertisements, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "0.5", value_parser = advert_int)]
    pub(crate) advert_int: Duration,
    /// Where the plot of the probes goes
    #[arg(long, value_name = "PATH", default_value = "vrrpd-demo.svg")]
    pub(crate) svg: PathBuf,
}

/// How files are read.
#[derive(Debug, clap::Args)]
pub(crate) struct Reading {
    /// Treat warnings as errors
    #[arg(long)]
    pub(crate) strict: bool,
    /// The id that lines beginning with @id are kept for [default: the host's name up to its first dot]
    #[arg(long, short = 'i', value_name = "ID")]
    pub(crate) config_id: Option<String>,
    /// Accept virtual_server and its kin: another process serves them
    #[arg(long)]
    pub(crate) load_balancing_by_others: bool,
}

/// How log lines look, and where they go.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Logging {
    /// How log lines look
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
    /// Where log lines go
    #[arg(long, value_enum, default_value_t = LogTo::Stderr)]
    pub(crate) log_to: LogTo,
    /// The facility of syslog: local0 to local7, daemon or user
    #[arg(long, value_name = "FACILITY", default_value = "daemon")]
    pub(crate) log_facility: Facility,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
    /// In keepalived's words where it has some, for programs that read its log
    Keepalived,
}

/// Where log lines go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogTo {
    /// Standard error
    Stderr,
    /// The journal, with a field for each value: `journalctl VRRP_ROUTER=web`
    Journal,
    /// The socket of syslog, /dev/log
    Syslog,
}

impl Reading {
    pub(crate) fn options(&self) -> vrrp_config::Options {
        vrrp_config::Options {
            config_id: self.config_id.clone(),
            strict: self.strict,
            load_balancing_by_others: self.load_balancing_by_others,
            ..vrrp_config::Options::default()
        }
    }
}

/// The intervals at which a demonstration is worth watching, in the unit that VRRPv3 counts.
fn advert_int(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|error| format!("{error}"))?;
    let centiseconds = (1..=500_u16).find(|count| (f64::from(*count) / 100.0 - seconds).abs() < 1e-9);
    let centiseconds = centiseconds.ok_or("it must be between 0.01 and 5, in steps of 0.01")?;
    Ok(Duration::from_millis(u64::from(centiseconds) * 10))
}

/// How to convert.
#[derive(Debug, clap::Args)]
pub(crate) struct Convert {
    /// The file to read
    pub(crate) file: PathBuf,
    /// What to write [default: the other one]
    #[arg(long, value_enum)]
    pub(crate) to: Option<Syntax>,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// A language that configurations are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Syntax {
    /// keepalived.conf
    Keepalived,
    /// TOML
    Toml,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_help_of_run_says_what_every_signal_does() {
        let mut command = Args::command();
        let help = command.find_subcommand_mut("run").unwrap().render_long_help().to_string();
        for function in SigFunc::value_variants() {
            let name = function.to_possible_value().unwrap().get_name().to_owned();
            assert!(help.lines().any(|line| line.split_whitespace().any(|word| word == name)), "{name}: {help}");
        }
        assert!(help.contains("SIGQUIT"), "{help}");
    }

    #[test]
    fn keepalived_s_spellings_of_the_pid_files_are_taken() {
        let line = ["vrrpd", "run", "-p", "/run/a.pid", "--vrrp_pid=/run/b.pid"];
        let Some(Command::Run(run)) = Args::parse_from(line).command else { panic!("it runs") };
        assert_eq!(run.pid.as_deref(), Some("/run/a.pid".as_ref()));
        assert_eq!(run.vrrp_pid.as_deref(), Some("/run/b.pid".as_ref()));
        assert!(Args::try_parse_from(["vrrpd", "--signum=DATA", "run"]).is_err());
    }
}
