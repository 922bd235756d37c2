use core::time::Duration;

use vrrp_lab::{Mac, ProbeReport};

use super::outcome::Outcome;

/// What is drawn.
pub(crate) struct Facts<'a> {
    pub(crate) outcomes: &'a [Outcome],
    pub(crate) report: &'a ProbeReport,
    pub(crate) routers: [(&'static str, Mac); 2],
    pub(crate) interval: Duration,
}

/// Draws the probes as an SVG picture.
pub(crate) fn draw(facts: &Facts<'_>) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><!-- {} {:?} {} {} --></svg>", facts.outcomes.len(), facts.interval, facts.report.sent, facts.routers[0].0)
}
