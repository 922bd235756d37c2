//! `vrrpd` moves a virtual IP address from a dead machine to a living one.

mod args;
mod atomic_file;
mod check;
mod control;
mod convert;
mod demo;
mod doors;
mod dump;
mod init;
mod log;
mod log_level;
mod pid_file;
mod run;
mod services;
mod signals;
mod signum;
mod simulate;
mod unrunnable;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

fn main() -> ExitCode {
    let args = Args::parse();
    match args.command {
        Some(Command::Run(args)) => run::run(&args),
        Some(Command::Check(args)) => check::check(&args),
        Some(Command::Convert(args)) => convert::convert(&args),
        Some(Command::Simulate(args)) => simulate::simulate(&args),
        Some(Command::Demo(args)) => demo::demo(&args),
        None => args.signum.map_or(ExitCode::FAILURE, signum::print),
    }
}
