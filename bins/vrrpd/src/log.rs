use core::net::IpAddr;
use std::io::IsTerminal;

use tracing::field::display;
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

/// What programs read beside the sentence. Words without evidence, so that they can be compared.
#[derive(Default)]
struct Fields<'a> {
    from: Option<&'static str>,
    to: Option<&'static str>,
    cause: Option<&'static str>,
    /// The interface, check or router that it speaks of.
    about: Option<&'a str>,
    began: Option<bool>,
    priority: Option<u8>,
    source: Option<IpAddr>,
    address: Option<IpAddr>,
    times: Option<u32>,
}

fn fields(event: &Event) {
    let Event { router, what, .. } = event;
    let (router, event) = (&**router, what.token());
    let Fields { from, to, cause, about, began, priority, source, address, times } = Fields::of(what);
    let (source, address) = (source.map(display), address.map(display));
    if what.is_warning() {
        warn!(router, event, from, to, cause, about, began, priority, source, address, times, "{what}");
    } else {
        info!(router, event, from, to, cause, about, began, priority, source, address, times, "{what}");
    }
}

impl<'a> Fields<'a> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "an event without fields of its own has its sentence")]
    fn of(what: &'a What) -> Self {
        let none = Self::default();
        match *what {
            What::Moved { from, to, ref why, priority, ref about } => Self {
                about: about.as_deref(),
                from: Some(from.token()),
                to: Some(to.token()),
                cause: Some(why.token()),
                priority: Some(priority.get()),
                ..none
            },
            What::Ineligible { cause, began, ref about } => {
                Self { cause: Some(cause.token()), began: Some(began), about: about.as_deref(), ..none }
            }
            What::Condition { condition, began, ref about } => {
                Self { cause: Some(condition.token()), began: Some(began), about: about.as_deref(), ..none }
            }
            What::Priority { to, .. } => Self { priority: Some(to.get()), ..none },
            What::Check { ref name, .. } => Self { about: Some(name), ..none },
            What::Restored { address, times, .. } => Self { address: Some(address), times: Some(times), ..none },
            What::Refused { address, .. } => Self { address: Some(address), ..none },
            What::Leftover { address, began, .. } => Self { address: Some(address), began: Some(began), ..none },
            What::Discarded { source, reject, times } => {
                Self { source: Some(source), cause: Some(reject.token()), times: Some(times), ..none }
            }
            _ => none,
        }
    }
}
