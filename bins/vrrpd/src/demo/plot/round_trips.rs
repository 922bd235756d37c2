use core::fmt::Write as _;
use core::time::Duration;
use std::collections::BTreeMap;

use super::scale::{BOTTOM, LEFT, RIGHT, Scale, WIDTH};
use super::{Facts, ROUTERS};

const TOP: f64 = 236.0;
/// The shortest and longest round trip that is told apart, as powers of ten of a second.
const SHORTEST: f64 = -6.0;
const LONGEST: f64 = -2.0;

/// How long each reply took: for every column of the picture a line from the quickest to the slowest.
pub(super) fn draw(svg: &mut String, scale: &Scale, facts: &Facts<'_>) {
    for (words, time) in [("1 µs", 1), ("10 µs", 10), ("0.1 ms", 100), ("1 ms", 1_000), ("10 ms", 10_000)].map(micros)
    {
        let y = place(time);
        let _ = writeln!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text class=\"end quiet\" x=\"{}\" y=\"{:.1}\">{words}</text>",
            WIDTH - RIGHT,
            LEFT - 10.0,
            y + 4.0
        );
    }
    for ((_, mac), color) in facts.routers.iter().zip(ROUTERS) {
        let mut path = String::new();
        for (column, (quickest, slowest)) in columns(scale, facts, *mac) {
            let (low, high) = (place(quickest), place(slowest));
            // A line without length is not drawn at all.
            let _ = write!(path, "M{}.5 {:.1}V{:.1}", column, low.max(high + 1.5), high);
        }
        let _ = writeln!(svg, "<path d=\"{path}\" stroke=\"{color}\" fill=\"none\"/>");
    }
    let _ = writeln!(
        svg,
        "<text class=\"quiet\" x=\"{}\" y=\"{}\">time from request to reply</text>",
        LEFT + 8.0,
        TOP + 14.0
    );
}

const fn micros((words, count): (&str, u64)) -> (&str, Duration) {
    (words, Duration::from_micros(count))
}

/// The quickest and slowest reply in each column, one pixel wide.
fn columns(scale: &Scale, facts: &Facts<'_>, mac: vrrp_lab::Mac) -> BTreeMap<u32, (Duration, Duration)> {
    let mut columns = BTreeMap::new();
    let replies = facts.report.samples.iter().filter_map(|sample| {
        let (came, by) = sample.reply?;
        (by == mac).then(|| (scale.x(sample.sent), came.since(sample.sent)))
    });
    for (x, took) in replies {
        let (quickest, slowest) = columns.entry(whole(x)).or_insert((took, took));
        *quickest = took.min(*quickest);
        *slowest = took.max(*slowest);
    }
    columns
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the picture, as whole pixels")]
const fn whole(x: f64) -> u32 {
    x as u32
}

fn place(time: Duration) -> f64 {
    let power = time.as_secs_f64().log10().clamp(SHORTEST, LONGEST);
    BOTTOM - (power - SHORTEST) / (LONGEST - SHORTEST) * (BOTTOM - TOP)
}
