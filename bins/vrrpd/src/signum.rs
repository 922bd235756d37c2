//! `--signum`: the number of a signal by what it does, as keepalived prints it for its exporters.

use std::io::Write;
use std::process::ExitCode;

use clap::ValueEnum;
use nix::libc::{SIGRTMAX, SIGRTMIN};
use nix::sys::signal::Signal;

/// What a signal does, by keepalived's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub(crate) enum SigFunc {
    /// Hands over and ends
    Stop,
    /// Reads the configuration again
    Reload,
    /// Writes keepalived.data
    Data,
    /// Writes keepalived.stats
    Stats,
    /// Writes keepalived.stats and counts anew
    #[value(name = "STATS_CLEAR")]
    StatsClear,
    /// Writes keepalived.json
    Json,
}

impl SigFunc {
    /// The signal's number on this system.
    pub(crate) fn number(self) -> i32 {
        match self {
            Self::Stop => Signal::SIGTERM as i32,
            Self::Reload => Signal::SIGHUP as i32,
            Self::Data => Signal::SIGUSR1 as i32,
            Self::Stats => Signal::SIGUSR2 as i32,
            Self::StatsClear => SIGRTMAX() - 1,
            Self::Json => SIGRTMIN() + 2,
        }
    }
}

/// Prints the number of a signal.
pub(crate) fn print(function: SigFunc) -> ExitCode {
    match writeln!(std::io::stdout().lock(), "{}", function.number()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_has_keepalived_s_number() {
        let numbers = [("STOP", 15), ("RELOAD", 1), ("DATA", 10), ("STATS", 12), ("STATS_CLEAR", 63), ("JSON", 36)];
        let ours = SigFunc::value_variants()
            .iter()
            .map(|function| (function.to_possible_value().unwrap().get_name().to_owned(), function.number()));
        assert_eq!(ours.collect::<Vec<_>>(), numbers.map(|(name, number)| (name.to_owned(), number)));
    }
}
