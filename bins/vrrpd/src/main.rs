//! `vrrpd` moves a virtual IP address from a dead machine to a living one.

mod args;
mod check;
mod control;
mod convert;
mod demo;
mod init;
mod log;
mod log_level;
mod run;
mod services;
mod signals;
mod simulate;
mod unrunnable;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

fn main() -> ExitCode {
    match Args::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Check(args) => check::check(&args),
        Command::Convert(args) => convert::convert(&args),
        Command::Simulate(args) => simulate::simulate(&args),
        Command::Demo(args) => demo::demo(&args),
    }
}
