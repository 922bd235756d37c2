//! What each command asks of the daemon, and shows.

mod ask;
mod see;
mod steer;

use crate::args::{Args, Command};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{Output, print};
use crate::{generate, report, watch};

pub(crate) use ask::Daemon;

/// Does what the command line says.
pub(crate) async fn run(args: &Args) -> Result<Exit, Error> {
    let output = Output::new(args);
    let daemon = Daemon::new(&args.control);
    match &args.command {
        Command::Status(named) => see::status(&daemon, named, &output).await?,
        Command::Explain(named) => see::explain(&daemon, named, &output).await?,
        Command::Events(events) => see::events(&daemon, events, &output).await?,
        Command::Checks => see::checks(&daemon, &output).await?,
        Command::Counters(named) => see::counters(&daemon, named, &output).await?,
        Command::Config => see::config(&daemon).await?,
        Command::Drain(drain) => return steer::drain(&daemon, drain, &output).await,
        Command::Undrain(scope) => steer::undrain(&daemon, scope, &output).await?,
        Command::Takeover(takeover) => return steer::takeover(&daemon, takeover, &output).await,
        Command::Reload(reload) => return steer::reload(&daemon, reload, &output).await,
        Command::LogLevel(level) => steer::log_level(&daemon, level, &output).await?,
        Command::Watch(watch) => watch::watch(&daemon, watch.every).await?,
        Command::Report(report) => report::report(&daemon, report.output.as_deref()).await?,
        Command::Completions { shell } => print(&generate::completions(*shell))?,
        Command::Man { directory } => generate::man(directory)?,
    }
    Ok(Exit::Done)
}
