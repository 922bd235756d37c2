#[cfg(test)]
mod documented;
mod keepalived;
mod limit;
mod outlet;
mod syslog;

use core::net::IpAddr;

use tracing::field::display;
use tracing::{error, info, warn};
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;
use vrrp::notify::{self, Delivered, End, FifoEvent, Outcome, Report};
use vrrp::{Event, What};

use crate::args::{LogFormat, LogTo, Logging};
use crate::log_level;
pub(crate) use syslog::Facility;

/// Sends log lines where they are to go; to standard error, where that cannot be.
pub(crate) fn start(logging: Logging) {
    let (lines, trouble) = outlet::lines(logging);
    let enabled = dynamic_filter_fn(|line, _| log_level::is_enabled(line));
    // Fails only if somebody else has set a subscriber, and this is the only place that does.
    let _ = tracing::subscriber::set_global_default(registry().with(lines).with(enabled));
    if let Some(trouble) = trouble {
        warn!(event = "log", "no journal, so standard error it is: {trouble}");
    }
}

/// One line for an event: a sentence for people, fields for programs. Fewer lines than events where they repeat.
pub(crate) fn event(logging: Logging, event: &Event) {
    let Some(withheld) = limit::withheld_before(event) else { return };
    match (logging.log_format, logging.log_to) {
        (LogFormat::Keepalived, _) => {
            keepalived::lines(event).iter().for_each(|line| said(event, line, withheld));
        }
        (LogFormat::Json, _) | (LogFormat::Text, LogTo::Journal) => fields(event, withheld),
        (LogFormat::Text, LogTo::Stderr | LogTo::Syslog) => said(event, &sentence(event), withheld),
    }
}

/// One line without fields.
fn said(event: &Event, line: &str, withheld: Option<u32>) {
    let withheld = withheld.map(|count| format!(" ({count} like it withheld)")).unwrap_or_default();
    if event.what.is_warning() { warn!("{line}{withheld}") } else { info!("{line}{withheld}") }
}

/// An event as people read it.
fn sentence(event: &Event) -> String {
    let Event { router, what, .. } = event;
    if router.is_empty() { what.to_string() } else { format!("({router}) {what}") }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "that a phase is over is nobody's news")]
/// One line for what became of a hook, a FIFO or a mail, where a person should know.
pub(crate) fn notification(event: &notify::Event) {
    match event {
        notify::Event::Delivered(delivered) => hook(delivered),
        notify::Event::Fifo(path, event) => match event {
            FifoEvent::Refused(error) => warn!(event = "fifo", path = %path.display(), "{error}"),
            FifoEvent::Full => warn!(event = "fifo", path = %path.display(), "nobody reads it: lines are dropped"),
            FifoEvent::Flows { dropped } => {
                warn!(event = "fifo", path = %path.display(), dropped, "it is read again; {dropped} lines were dropped");
            }
            FifoEvent::ReaderEnded(report) if report.end == End::Exited(0) => {
                info!(event = "fifo", path = %path.display(), "its script ended: {report}");
            }
            FifoEvent::ReaderEnded(report) => {
                warn!(event = "fifo", path = %path.display(), "its script ended: {report}");
            }
        },
        notify::Event::Mailed(mailed) => match &mailed.result {
            Ok(()) => info!(event = "mail", router = %mailed.subject, "mailed"),
            Err(error) => warn!(event = "mail", router = %mailed.subject, "not mailed: {error}"),
        },
        notify::Event::Died => error!(event = "notify", "notification has ended by itself: nobody is told any more"),
        _ => {}
    }
}

fn hook(delivered: &Delivered) {
    let Delivered { subject, hook, generation, outcome } = delivered;
    match outcome {
        Outcome::Ran(report) if outcome.succeeded() => {
            info!(event = "hook", router = %subject, %hook, generation, "{hook} succeeded after {:.1?}", report.took);
        }
        Outcome::Ran(report) => {
            warn!(event = "hook", router = %subject, %hook, generation, "{hook}: {report}");
        }
        Outcome::Skipped => info!(event = "hook", router = %subject, %hook, generation, "{hook} was superseded"),
    }
}

/// One line for a script of the daemon itself, if there was one.
pub(crate) fn daemon_script(name: &str, report: Option<Report>) {
    match report {
        Some(report) if report.end == End::Exited(0) => {
            info!(event = "script", "{name} succeeded after {:.1?}", report.took)
        }
        Some(report) => warn!(event = "script", "{name}: {report}"),
        None => {}
    }
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

fn fields(event: &Event, withheld: Option<u32>) {
    let Event { router, what, .. } = event;
    let (router, event) = (&**router, what.token());
    let Fields { from, to, cause, about, began, priority, source, address, times } = Fields::of(what);
    let (source, address) = (source.map(display), address.map(display));
    if what.is_warning() {
        warn!(router, event, from, to, cause, about, began, priority, source, address, times, withheld, "{what}");
    } else {
        info!(router, event, from, to, cause, about, began, priority, source, address, times, withheld, "{what}");
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
            What::Takeover { began, priority } => Self { began: Some(began), priority: Some(priority.get()), ..none },
            What::NearMiss { source, missed, .. } => Self { source: Some(source), times: Some(missed), ..none },
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
