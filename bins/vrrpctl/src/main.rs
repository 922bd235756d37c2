//! `vrrpctl` asks a VRRP daemon how it stands and why, and hands over on command.

mod args;
mod command;
mod error;
mod exit;
mod generate;
mod output;
mod render;
mod report;
mod watch;

use std::process::ExitCode;

use clap::Parser;

use args::Args;
use error::Error;

fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::Runtime)
        .and_then(|runtime| runtime.block_on(command::run(&args)));
    let exit = outcome.unwrap_or_else(|error| {
        output::complain(&error);
        error.exit()
    });
    exit.into()
}
