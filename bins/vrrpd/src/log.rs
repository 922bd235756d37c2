use std::io::IsTerminal;

use tracing::{info, warn};
use vrrp::{Event, What};

use crate::args::LogFormat;

/// Sends log lines to standard error.
pub(crate) fn start(format: LogFormat) {
    let lines = tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false);
    // Fails only if somebody else has set a subscriber, and this is the only place that does.
    let _ = match format {
        LogFormat::Text => {
            tracing::subscriber::set_global_default(lines.with_ansi(std::io::stderr().is_terminal()).finish())
        }
        LogFormat::Json => tracing::subscriber::set_global_default(lines.json().flatten_event(true).finish()),
    };
}

/// One line for an event: a sentence for people, fields for programs.
pub(crate) fn event(format: LogFormat, event: &Event) {
    match format {
        LogFormat::Text => sentence(event),
        LogFormat::Json => fields(event),
    }
}

fn sentence(event: &Event) {
    let Event { router, what, .. } = event;
    let name = if router.is_empty() { String::new() } else { format!("({router}) ") };
    if what.is_warning() { warn!("{name}{what}") } else { info!("{name}{what}") }
}

fn fields(event: &Event) {
    let Event { router, what, .. } = event;
    let router = &**router;
    if let What::Moved { from, to, why, priority, .. } = what {
        let (from, to) = (from.token(), to.token());
        info!(router, from, to, cause = %why, priority = priority.get(), "{what}");
    } else if what.is_warning() {
        warn!(router, "{what}");
    } else {
        info!(router, "{what}");
    }
}
