use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// VRRP for Linux: moves a virtual IP address from a dead machine to a living one.
#[derive(Debug, Parser)]
#[command(name = "vrrpd", version, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the virtual routers of a configuration in the foreground
    Run(Run),
    /// Say what is wrong with a configuration, and what will surprise
    Check(Check),
}

/// How to run.
///
/// SIGTERM and SIGINT hand the addresses over and exit 0; a second one releases them at once. SIGHUP reads the
/// configuration again. SIGQUIT exits at once and leaves the addresses in place for the next start.
#[derive(Debug, clap::Args)]
pub(crate) struct Run {
    /// The configuration: keepalived.conf, or TOML if its name ends in .toml
    #[arg(long, short, value_name = "FILE", default_value = "/etc/vrrpd/vrrpd.conf")]
    pub(crate) config: PathBuf,
    /// How log lines look
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
    /// Where a restart finds what the last run was doing; it must vanish at reboot
    #[arg(long, value_name = "DIR", default_value = "/run/vrrpd")]
    pub(crate) runtime_dir: PathBuf,
    /// Begin as Backup even if the last run died as Active a moment ago
    #[arg(long)]
    pub(crate) no_resume: bool,
    /// Remove configured addresses that are on this host at the start, whoever put them there
    #[arg(long)]
    pub(crate) remove_leftovers: bool,
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

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
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
