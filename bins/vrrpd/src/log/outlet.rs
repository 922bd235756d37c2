use std::io::{self, IsTerminal};

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::{Layer, Registry, fmt};

use super::syslog::Syslog;
use crate::args::{LogFormat, LogTo, Logging};

/// What turns what is logged into lines.
pub(super) type Lines = Box<dyn Layer<Registry> + Send + Sync>;

/// What writes lines as they are asked for; with standard error in place of a journal that is not there, and why.
pub(super) fn lines(logging: Logging) -> (Lines, Option<io::Error>) {
    let stderr = || to_terminal(logging.log_format, io::stderr, io::stderr().is_terminal());
    match logging.log_to {
        LogTo::Stderr => (stderr(), None),
        LogTo::Syslog => (to_syslog(logging.log_format, Syslog::new(logging.log_facility)), None),
        LogTo::Journal => match tracing_journald::Layer::new() {
            Ok(journal) => {
                let journal = journal.with_field_prefix(Some("VRRP".to_owned()));
                (Box::new(journal.with_syslog_identifier("vrrpd".to_owned())), None)
            }
            Err(error) => (stderr(), Some(error)),
        },
    }
}

/// Lines with the time, and but for programs that know keepalived's, the severity.
pub(super) fn to_terminal<W>(format: LogFormat, writer: W, color: bool) -> Lines
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(writer).with_target(false).with_ansi(color);
    match format {
        LogFormat::Text => Box::new(lines),
        LogFormat::Json => Box::new(lines.json().flatten_event(true)),
        LogFormat::Keepalived => Box::new(lines.with_level(false)),
    }
}

/// Lines for a service that adds time, host and severity itself.
pub(super) fn to_syslog<W>(format: LogFormat, writer: W) -> Lines
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(writer).with_target(false).with_ansi(false);
    match format {
        LogFormat::Text | LogFormat::Keepalived => Box::new(lines.without_time().with_level(false)),
        LogFormat::Json => Box::new(lines.json().flatten_event(true)),
    }
}
