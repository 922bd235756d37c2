//! The panels of the dashboard as one picture, from what Prometheus answered.

use core::fmt::Write as _;

use super::board::Panel;
use super::prometheus::Series;

/// The size of a panel with its title and legend, and of what is drawn in it.
const PANEL: (f64, f64) = (490.0, 190.0);
const PLOT: (f64, f64) = (410.0, 100.0);
/// Where what is drawn lies in its panel.
const ORIGIN: (f64, f64) = (64.0, 40.0);
/// Lines of a legend, two names each.
const LEGEND: usize = 6;

const COLORS: [&str; 6] = ["#2563eb", "#ea580c", "#16a34a", "#9333ea", "#0891b2", "#be123c"];
const STYLE: &str = "text{font-family:system-ui,'Segoe UI',Arial,sans-serif;font-size:11px;fill:#334155}\
    .title{font-size:13px;font-weight:600;fill:#0f172a}.quiet{fill:#64748b}.end{text-anchor:end}.grid{stroke:#e2e8f0}\
    path{fill:none;stroke-width:1.5}";

/// A panel with the series of all its targets, each with its name.
pub(super) struct Drawn {
    pub(super) panel: Panel,
    pub(super) series: Vec<(String, Series)>,
}

/// All panels in two columns, over one span of time.
pub(super) fn svg(panels: &[Drawn], span: (f64, f64)) -> String {
    let rows = f64::from(u32::try_from(panels.len().div_ceil(2)).unwrap());
    let (width, height) = (2.0 * PANEL.0 + 20.0, PANEL.1.mul_add(rows, 20.0));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <title>The panels of the dashboard</title>\n<style>{STYLE}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for (place, drawn) in (0_u32..).zip(panels) {
        let (x, y) = (f64::from(place % 2) * PANEL.0 + 10.0, f64::from(place / 2) * PANEL.1 + 10.0);
        let _ = writeln!(svg, "<g transform=\"translate({x} {y})\">");
        let _ = writeln!(svg, "<text class=\"title\" x=\"8\" y=\"14\">{}</text>", drawn.panel.title);
        let _ = writeln!(svg, "<text class=\"quiet\" x=\"8\" y=\"29\">{}</text>", drawn.panel.description);
        if drawn.panel.is_timeline {
            timeline(&mut svg, drawn, span)
        } else {
            lines(&mut svg, drawn, span)
        }
        svg.push_str("</g>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

fn x(at: f64, (start, end): (f64, f64)) -> f64 {
    ORIGIN.0 + (at - start) / (end - start) * PLOT.0
}

/// A lane for each series, in the colours of its values.
fn timeline(svg: &mut String, drawn: &Drawn, span: (f64, f64)) {
    let lanes = f64::from(u32::try_from(drawn.series.len().max(1)).unwrap());
    let pitch = (PLOT.1 / lanes).min(26.0);
    let left = 150.0;
    let squeezed = |at: f64| (x(at, span) - ORIGIN.0) * (PLOT.0 + ORIGIN.0 - left) / PLOT.0 + left;
    for (lane, (name, series)) in (0_u32..).zip(&drawn.series) {
        let y = f64::from(lane).mul_add(pitch, ORIGIN.1);
        let base = y + pitch / 2.0 + 2.0;
        let _ = writeln!(svg, "<text class=\"end\" x=\"{}\" y=\"{base:.0}\">{name}</text>", left - 6.0);
        for run in series.points.chunk_by(|one, other| one.1.to_bits() == other.1.to_bits() && other.0 - one.0 < 5.0) {
            let (from, to) = (squeezed(run[0].0), squeezed(run[run.len() - 1].0));
            let color = mapped(drawn, run[0].1, "color");
            let (width, height) = ((to - from).max(2.0) + 2.0, pitch - 4.0);
            let _ = writeln!(
                svg,
                "<rect x=\"{from:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{}\"/>",
                shade(&color)
            );
        }
    }
    let mut at = left;
    for option in ["0", "1", "2"].map(|value| &drawn.panel.mappings[value]).iter().filter(|option| option.is_object()) {
        let (word, color) = (option["text"].as_str().unwrap(), option["color"].as_str().unwrap());
        let y = ORIGIN.1 + PLOT.1 + 20.0;
        let _ =
            writeln!(svg, "<rect x=\"{at}\" y=\"{}\" width=\"9\" height=\"9\" fill=\"{}\"/>", y - 9.0, shade(color));
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{y}\">{word}</text>", at + 13.0);
        at += 80.0;
    }
}

fn mapped(drawn: &Drawn, value: f64, key: &str) -> String {
    drawn.panel.mappings[format!("{value}")][key].as_str().unwrap_or("gray").to_owned()
}

/// Grafana's names of colours.
fn shade(color: &str) -> &'static str {
    match color {
        "green" => "#5aa469",
        "blue" => "#7aa6da",
        "red" => "#d9534f",
        "orange" => "#e8923a",
        _ => "#d5dae1",
    }
}

/// A line for each series.
fn lines(svg: &mut String, drawn: &Drawn, span: (f64, f64)) {
    let values = drawn.series.iter().flat_map(|(_, series)| &series.points).map(|(_, value)| *value);
    let most = values.filter(|value| value.is_finite()).fold(0.0_f64, f64::max);
    let top = if most > 0.0 { most * 1.1 } else { 1.0 };
    let y = |value: f64| ORIGIN.1 + PLOT.1 - value / top * PLOT.1;
    for part in [0.0, 0.5, 1.0] {
        let at = y(part * top);
        let (left, right, label) = (ORIGIN.0, ORIGIN.0 + PLOT.0, said(part * top, &drawn.panel.unit));
        let _ = writeln!(svg, "<path class=\"grid\" d=\"M{left} {at:.0}H{right}\"/>");
        let _ = writeln!(svg, "<text class=\"end quiet\" x=\"{}\" y=\"{:.0}\">{label}</text>", left - 6.0, at + 4.0);
    }
    for (place, (name, series)) in drawn.series.iter().enumerate() {
        let color = COLORS[place % COLORS.len()];
        let dashes = if place < COLORS.len() { "" } else { " stroke-dasharray=\"4 3\"" };
        let _ = writeln!(svg, "<path stroke=\"{color}\"{dashes} d=\"{}\"/>", path(series, span, y));
        if place < LEGEND {
            let column = f64::from(u32::try_from(place % 2).unwrap()) * 240.0 + 12.0;
            let base = f64::from(u32::try_from(place / 2).unwrap()).mul_add(13.0, ORIGIN.1 + PLOT.1 + 17.0);
            let _ = writeln!(svg, "<path stroke=\"{color}\" d=\"M{column} {:.0}h14\"/>", base - 4.0);
            let _ = writeln!(svg, "<text x=\"{}\" y=\"{base:.0}\">{name}</text>", column + 19.0);
        }
    }
}

/// Whole points of the picture; those on a level stretch are left out, and a gap is a gap.
fn path(series: &Series, span: (f64, f64), y: impl Fn(f64) -> f64) -> String {
    let points: Vec<(f64, f64)> = series.points.iter().filter(|point| point.1.is_finite()).copied().collect();
    let mut path = String::new();
    for (place, (at, value)) in points.iter().enumerate() {
        let (before, after) = (place.checked_sub(1).map(|place| points[place]), points.get(place + 1));
        let begins = before.is_none_or(|before| at - before.0 > 5.0);
        let level = |other: &(f64, f64)| (y(other.1) - y(*value)).abs() < 0.5 && (other.0 - at).abs() < 5.0;
        if begins || !before.as_ref().is_some_and(level) || !after.is_some_and(level) {
            let _ = write!(path, "{}{:.0} {:.0}", if begins { "M" } else { "L" }, x(*at, span), y(*value));
        }
    }
    path
}

/// A value on an axis.
fn said(value: f64, unit: &str) -> String {
    match unit {
        "bytes" => format!("{:.0} MiB", value / 1_048_576.0),
        "s" if value < 1.0 => format!("{:.1} ms", value * 1000.0),
        "s" => format!("{value:.1} s"),
        _ if value >= 10.0 => format!("{value:.0}"),
        _ => format!("{value:.1}"),
    }
}
