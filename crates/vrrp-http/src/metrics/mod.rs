//! Metrics in the text format of OpenMetrics, made at each scrape from one status.

mod compat;
mod page;
mod process;
mod routers;

use core::fmt::Error;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, text};
use prometheus_client::registry::Registry;
use vrrp_control::{Status, Verdict};

use page::{Labels, Page, flag, plain};

/// The media type of the page.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The page for a status; with `compat` also under the names of mehdy/keepalived-exporter.
pub(crate) fn page(status: &Arc<Status>, compat: bool) -> String {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(Scrape { status: Arc::clone(status), compat }));
    let mut text = String::with_capacity(5120 * (status.routers.len() + 1));
    // Writing to a string does not fail.
    let _ = text::encode(&mut text, &registry);
    text
}

#[derive(Debug)]
struct Scrape {
    status: Arc<Status>,
    compat: bool,
}

impl Collector for Scrape {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> Result<(), Error> {
        let (page, status) = (&mut Page(encoder), &*self.status);
        routers::encode(page, status)?;
        daemon(page, status)?;
        checks(page, status)?;
        hooks(page, status)?;
        process::encode(page)?;
        if self.compat { compat::encode(page, status) } else { Ok(()) }
    }
}

fn daemon(page: &mut Page<'_>, status: &Status) -> Result<(), Error> {
    let build = [(Labels::of("version", &status.version), 1.0)];
    page.gauges("vrrp_build_info", "The version of the daemon", build)?;
    page.gauges("vrrp_start_time_seconds", "When the engine was started", plain(status.started.0))?;
    page.gauges("vrrp_configured_time_seconds", "When a configuration was last taken", plain(status.configured.0))?;
    let engine = &status.engine;
    page.histograms("vrrp_engine_lag_seconds", "How late timers fired", [(Labels::default(), &engine.lag)])?;
    page.gauges("vrrp_engine_lag_worst_seconds", "The latest that a timer fired", plain(engine.worst_lag.0))?;
    page.gauges(
        "vrrp_announcements_pending",
        "Rounds of gratuitous ARP and unsolicited NA that are queued",
        plain(f64::from(engine.announcements_pending)),
    )?;
    page.counters("vrrp_events", "Events since the start", [(Labels::default(), status.last_event)])?;
    page.gauges(
        "vrrp_strangers",
        "Virtual routers of others heard on our links",
        plain(page::count(status.strangers.len())),
    )
}

fn checks(page: &mut Page<'_>, status: &Status) -> Result<(), Error> {
    let labels = |name| Labels::of("check", name);
    let up = |verdict| matches!(verdict, Verdict::Up | Verdict::Value(_));
    let ups = status.checks.iter().map(|check| (labels(check.name.as_str()), flag(up(check.verdict))));
    page.gauges("vrrp_check_up", "Whether a check is up", ups)?;
    let values = status.checks.iter().filter_map(|check| match check.verdict {
        Verdict::Value(value) => Some((labels(check.name.as_str()), page::number(value))),
        Verdict::Unknown | Verdict::Up | Verdict::Down | Verdict::Silent => None,
    });
    page.gauges("vrrp_check_value", "The number that a check found", values)?;
    let runs = status.checks.iter().filter_map(|check| Some((labels(check.name.as_str()), check.runs?)));
    page.counters("vrrp_check_runs", "Runs of a check", runs)?;
    let failures = status.checks.iter().filter_map(|check| Some((labels(check.name.as_str()), check.failures?)));
    page.counters("vrrp_check_failures", "Runs of a check that failed", failures)?;
    let took = status.checks.iter().filter_map(|check| Some((labels(check.name.as_str()), check.took?.0)));
    page.gauges("vrrp_check_last_duration_seconds", "How long the last run of a check took", took)?;
    let counted = status.checks.iter().filter(|check| !check.durations.counts.is_empty());
    let durations = counted.map(|check| (labels(check.name.as_str()), &check.durations));
    page.histograms("vrrp_check_duration_seconds", "How long runs of a check took", durations)
}

fn hooks(page: &mut Page<'_>, status: &Status) -> Result<(), Error> {
    let series = status.hooks.iter().flat_map(|hook| {
        let results = [("succeeded", hook.succeeded), ("failed", hook.failed), ("superseded", hook.superseded)];
        results.map(|(result, count)| (Labels::of("hook", &hook.hook).and("result", result), count))
    });
    page.counters("vrrp_hooks", "Runs of notification hooks by their result", series)
}
