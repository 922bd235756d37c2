use core::time::Duration;

use clap::ValueEnum;

/// Which virtual routers.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Scope {
    /// The virtual router
    pub(crate) router: Option<String>,
    /// All of them
    #[arg(long)]
    pub(crate) all: bool,
}

/// How to drain.
#[derive(Debug, clap::Args)]
pub(crate) struct Drain {
    #[command(flatten)]
    pub(crate) scope: Scope,
    /// Return by itself after this time, such as 1h or 90s
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) ttl: Option<Duration>,
    /// Release the addresses even if nobody takes over: nobody serves them then
    #[arg(long)]
    pub(crate) force: bool,
}

/// How to take over.
#[derive(Debug, clap::Args)]
pub(crate) struct Takeover {
    #[command(flatten)]
    pub(crate) scope: Scope,
    /// Return to its own priority after this time, such as 1h or 90s
    #[arg(long, value_name = "TIME", value_parser = duration, conflicts_with = "undo")]
    pub(crate) ttl: Option<Duration>,
    /// Return to its own priority now
    #[arg(long)]
    pub(crate) undo: bool,
}

/// How to read the configuration again.
#[derive(Debug, clap::Args)]
pub(crate) struct Reload {
    /// Only say what would change, and what would come of it
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How much to log.
#[derive(Debug, clap::Args)]
pub(crate) struct LogLevel {
    /// The new level, until the daemon ends; shows the present one if it is not given
    #[arg(value_enum)]
    pub(crate) level: Option<Level>,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// Only what failed
    Error,
    /// And what a person should look at
    Warn,
    /// And every change of state
    Info,
    /// And what helps to find a defect of the daemon itself
    Debug,
    /// And what the libraries below it have to say
    Trace,
}

impl From<Level> for vrrp_control::LogLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::Error,
            Level::Warn => Self::Warn,
            Level::Info => Self::Info,
            Level::Debug => Self::Debug,
            Level::Trace => Self::Trace,
        }
    }
}

/// A length of time with its unit, longer than zero.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let duration = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if duration.is_zero() { Err("it must be longer than zero".to_owned()) } else { Ok(duration) }
}
