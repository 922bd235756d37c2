//! The command line. Help, completions and man pages are made of it.

mod steer;

use core::time::Duration;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use steer::{Drain, LogLevel, Reload, Scope, Takeover};

/// Asks a VRRP daemon how it stands and why, and hands over on command.
#[derive(Debug, Parser)]
#[command(name = "vrrpctl", version, arg_required_else_help = true, after_help = crate::exit::help())]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// The control socket of the daemon
    #[arg(long, global = true, value_name = "PATH", default_value = vrrp_control::DEFAULT_SOCKET)]
    pub(crate) control: PathBuf,
    /// Print what the daemon answers, as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// When to use colours; `auto` means on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show how the virtual routers stand
    Status(Named),
    /// Say why a virtual router is or is not Active, and what would change it
    Explain(Named),
    /// Show what happened
    ///
    /// With --json: one object a line.
    Events(Events),
    /// Show what the health checks say
    Checks,
    /// Show what the virtual routers have counted
    Counters(Named),
    /// Show the configuration as it is running, secrets masked
    Config,
    /// Hand over and stay out of service
    ///
    /// An Active router says goodbye and serves on until a successor is heard. Where nobody takes over, it goes on as
    /// before and the exit status is 5. A router that is drained stays out until `undrain`, through a restart of the
    /// daemon.
    Drain(Drain),
    /// End a drain
    Undrain(Scope),
    /// Take over from the router that is Active
    ///
    /// The virtual router advertises a priority above that of the Active router, until undone. Refused (exit status 6)
    /// where a peer has priority 254 or more, or where something stands against serving here.
    Takeover(Takeover),
    /// Read the configuration again
    Reload(Reload),
    /// Show or change how much is logged
    LogLevel(LogLevel),
    /// Watch it live
    ///
    /// Up and down choose a virtual router, q ends.
    Watch(Watch),
    /// Collect what answers the question why it failed over, in one archive
    Report(Report),
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the man pages
    Man {
        /// Where to; it must exist
        directory: PathBuf,
    },
}

/// Of which.
#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    /// The virtual router; all of them if it is not named
    pub(crate) router: Option<String>,
}

/// Which events.
#[derive(Debug, clap::Args)]
pub(crate) struct Events {
    /// Go on as they happen, until interrupted
    #[arg(long, short)]
    pub(crate) follow: bool,
    /// Only those after this number
    #[arg(long, value_name = "N")]
    pub(crate) since: Option<u64>,
    /// Only those of one virtual router
    #[arg(long, value_name = "ROUTER")]
    pub(crate) router: Option<String>,
}

/// How to watch.
#[derive(Debug, clap::Args)]
pub(crate) struct Watch {
    /// Time between two looks
    #[arg(long, value_name = "TIME", default_value = "500ms", value_parser = steer::duration)]
    pub(crate) every: Duration,
}

/// What to report.
#[derive(Debug, clap::Args)]
pub(crate) struct Report {
    /// Where to; uncompressed if it ends in .tar [default: vrrp-report-HOST-TIME.tar.gz here]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::{Args, Command};

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn what_changes_service_names_a_router_or_says_all() {
        for command in ["drain", "undrain", "takeover"] {
            assert!(Args::try_parse_from(["vrrpctl", command]).is_err(), "{command}");
            assert!(Args::try_parse_from(["vrrpctl", command, "web", "--all"]).is_err(), "{command} web --all");
            assert!(Args::try_parse_from(["vrrpctl", command, "--all"]).is_ok(), "{command} --all");
        }
    }

    #[test]
    fn a_time_to_live_has_a_unit() {
        let args = Args::try_parse_from(["vrrpctl", "drain", "web", "--ttl", "1h 30m"]).unwrap();
        let Command::Drain(drain) = args.command else { panic!("{args:?}") };
        assert_eq!(drain.ttl.map(|ttl| ttl.as_secs()), Some(5400));
        for wrong in ["90", "0s", "soon"] {
            assert!(Args::try_parse_from(["vrrpctl", "drain", "web", "--ttl", wrong]).is_err(), "{wrong}");
        }
    }
}
