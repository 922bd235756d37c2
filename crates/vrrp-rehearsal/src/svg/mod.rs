//! A report as a picture: what each node was, and who answered for the addresses.

mod panel;
mod scale;

use core::fmt::Write as _;

use crate::{Outcome, Report};
use panel::Panel;

const STYLE: &str = "text{font-family:system-ui,'Segoe UI','Helvetica Neue',Arial,sans-serif;font-size:12px;fill:#334155}\
.title{font-size:16px;font-weight:600;fill:#0f172a}.bad{fill:#b91c1c}.quiet{fill:#64748b}.end{text-anchor:end}\
.middle{text-anchor:middle}.on{fill:#fff;font-weight:600;text-anchor:middle;font-size:11px}\
.mark{stroke:#0f172a;stroke-dasharray:3 3}.grid{stroke:#e2e8f0}";

/// Between two panels.
const GAP: f64 = 26.0;

impl Report {
    /// Draws outcomes below each other: all of a report, or those that one chooses.
    pub fn svg<'a>(&self, outcomes: impl IntoIterator<Item = &'a Outcome>) -> String {
        let panels: Vec<Panel<'_>> = outcomes.into_iter().map(|outcome| Panel::new(self, outcome)).collect();
        let height: f64 = panels.iter().map(|panel| panel.height() + GAP).sum::<f64>() + GAP;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height:.0}\" width=\"{width}\" \
             height=\"{height:.0}\">\n<title>Who serves when something fails</title>\n<style>{STYLE}</style>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
            width = scale::WIDTH
        );
        let mut top = GAP;
        for panel in &panels {
            panel.draw(&mut svg, top);
            top += panel.height() + GAP;
        }
        svg.push_str("</svg>\n");
        svg
    }
}

/// Writes text between tags, or into an attribute.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}

/// Writes one element; a `String` takes everything.
fn put(svg: &mut String, element: core::fmt::Arguments<'_>) {
    let _ = svg.write_fmt(element);
    svg.push('\n');
}
