//! The probes as a picture.

mod events;
mod lanes;
mod round_trips;
mod scale;

use core::fmt::Write as _;
use core::time::Duration;

use vrrp_lab::{Mac, ProbeReport};

use super::outcome::Outcome;
use scale::{BOTTOM, LEFT, RIGHT, Scale, TOP, WIDTH};

/// What is drawn.
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) outcomes: &'a [Outcome],
    pub(crate) report: &'a ProbeReport,
    pub(crate) routers: [(&'static str, Mac); 2],
    pub(crate) interval: Duration,
}

/// The colours of the two routers.
const ROUTERS: [&str; 2] = ["#0d9488", "#7c3aed"];
/// The colour of a probe without a reply.
const LOST: &str = "#dc2626";

const STYLE: &str = "text{font-family:system-ui,'Segoe UI','Helvetica Neue',Arial,sans-serif;font-size:13px;fill:#334155}\
.title{font-size:22px;font-weight:600;fill:#0f172a}.quiet{fill:#64748b}.strong{font-weight:600;fill:#0f172a}\
.track{fill:#f1f5f9}.grid{stroke:#e2e8f0}.event{stroke:#475569;stroke-dasharray:3 4}.mark{fill:#0f172a}\
.number{fill:#fff;font-size:12px;font-weight:600;text-anchor:middle}.end{text-anchor:end}.middle{text-anchor:middle}\
.on{fill:#fff;font-weight:600;text-anchor:middle}";

/// Draws the probes as an SVG picture.
pub(crate) fn draw(facts: &Facts<'_>) -> String {
    let scale = Scale::of(facts.report);
    let height = BOTTOM + 70.0 + events::height(facts);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\">\n<title>A virtual address that moves</title>\n<style>{STYLE}</style>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    heading(&mut svg, facts);
    axis(&mut svg, &scale);
    events::lines(&mut svg, &scale, facts);
    lanes::draw(&mut svg, &scale, facts);
    round_trips::draw(&mut svg, &scale, facts);
    events::table(&mut svg, facts);
    svg.push_str("</svg>\n");
    svg
}

fn heading(svg: &mut String, facts: &Facts<'_>) {
    let _ = writeln!(
        svg,
        "<text x=\"24\" y=\"38\" class=\"title\">A virtual address that moves</text>\n\
         <text x=\"24\" y=\"62\" class=\"quiet\">One echo request to 192.0.2.100 every millisecond, {} in all; \
         VRRPv3 with advert_int {} s; replies in the colour of the router that sent them</text>",
        facts.report.sent,
        facts.interval.as_secs_f64()
    );
}

/// Seconds, from top to bottom.
fn axis(svg: &mut String, scale: &Scale) {
    for (second, x) in scale.ticks() {
        let _ = writeln!(
            svg,
            "<line class=\"grid\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{BOTTOM}\"/>\
             <text class=\"middle quiet\" x=\"{x:.1}\" y=\"{}\">{second} s</text>",
            BOTTOM + 20.0
        );
    }
    let _ = writeln!(
        svg,
        "<line stroke=\"#94a3b8\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{BOTTOM}\" y2=\"{BOTTOM}\"/>",
        WIDTH - RIGHT
    );
}

#[cfg(test)]
mod tests;
