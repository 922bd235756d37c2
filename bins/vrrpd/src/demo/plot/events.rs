use core::fmt::Write as _;

use super::scale::{BOTTOM, LEFT, Scale, TOP};
use super::{Facts, LOST};
use crate::demo::table;

const ROW: f64 = 24.0;
/// Where the columns of the table are: words begin there, quantities end there.
const COLUMNS: [f64; 5] = [LEFT + 24.0, LEFT + 440.0, LEFT + 560.0, LEFT + 720.0, LEFT + 840.0];

/// The height of the table below the picture.
pub(super) fn height(facts: &Facts<'_>) -> f64 {
    facts.outcomes.iter().fold(2.0 * ROW, |height, _| height + ROW)
}

/// A line down through everything for each step, with its number above.
pub(super) fn lines(svg: &mut String, scale: &Scale, facts: &Facts<'_>) {
    for (number, outcome) in (1..).zip(facts.outcomes) {
        let x = scale.x(outcome.step.begin);
        let _ = writeln!(svg, "<line class=\"event\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{BOTTOM}\"/>");
        badge(svg, (x, TOP - 14.0), number);
    }
}

/// What the numbers mean, and what was measured.
pub(super) fn table(svg: &mut String, facts: &Facts<'_>) {
    let top = BOTTOM + 62.0;
    for (place, (x, heading)) in COLUMNS.iter().zip(table::HEADINGS).enumerate() {
        let side = if place == 0 { "" } else { "end" };
        let _ = writeln!(svg, "<text class=\"quiet {side}\" x=\"{x}\" y=\"{top}\">{heading}</text>");
    }
    let mut y = top;
    for (number, outcome) in (1..).zip(facts.outcomes) {
        y += ROW;
        badge(svg, (LEFT, y - 4.5), number);
        let style = if outcome.complaint().is_some() { format!(" style=\"fill:{LOST}\"") } else { String::new() };
        for (place, (x, cell)) in COLUMNS.iter().zip(table::row(outcome)).enumerate() {
            let class = ["strong", "end strong"].get(place).unwrap_or(&"end");
            let _ = writeln!(svg, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\"{style}>{cell}</text>");
        }
    }
}

fn badge(svg: &mut String, (x, y): (f64, f64), number: u8) {
    let _ = writeln!(
        svg,
        "<circle class=\"mark\" cx=\"{x:.1}\" cy=\"{y}\" r=\"10\"/><text class=\"number\" x=\"{x:.1}\" y=\"{}\">{number}</text>",
        y + 4.5
    );
}
