use core::fmt::Write as _;

use vrrp_lab::{Mac, Sample, Stamp};

use super::scale::{LEFT, RIGHT, Scale, TOP, WIDTH};
use super::{Facts, LOST, ROUTERS};
use crate::demo::screen::spoken;

const HEIGHT: f64 = 26.0;
const PITCH: f64 = 34.0;
/// The narrowest mark that can be seen: one lost probe is a thousandth of a second.
const NARROWEST: f64 = 1.2;
/// How much of the picture a length of time needs in words.
const WORDS: f64 = 60.0;

/// Probes in a row with the same fate: from the first one sent to the last.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) by: Option<Mac>,
    pub(super) first: Stamp,
    pub(super) last: Stamp,
}

/// One lane for each router and one for nobody, with a mark for each probe in the lane of who answered.
pub(super) fn draw(svg: &mut String, scale: &Scale, facts: &Facts<'_>) {
    let [(first, one), (second, other)] = facts.routers;
    let [ink, other_ink] = ROUTERS;
    let lanes = [(first, Some(one), ink), (second, Some(other), other_ink), ("no reply", None, LOST)];
    let runs = runs(&facts.report.samples);
    for (place, (name, by, color)) in (0_u8..).zip(lanes) {
        let y = PITCH.mul_add(f64::from(place), TOP + 8.0);
        let _ = writeln!(
            svg,
            "<rect class=\"track\" x=\"{LEFT}\" y=\"{y}\" width=\"{}\" height=\"{HEIGHT}\" rx=\"3\"/>\
             <text class=\"end strong\" x=\"{}\" y=\"{}\" style=\"fill:{color}\">{name}</text>",
            WIDTH - LEFT - RIGHT,
            LEFT - 10.0,
            y + 18.0
        );
        for run in runs.iter().filter(|run| run.by == by) {
            mark(svg, scale, run, (y, color));
        }
    }
}

fn mark(svg: &mut String, scale: &Scale, run: &Run, (y, color): (f64, &str)) {
    let (start, end) = (scale.x(run.first), scale.x(run.last));
    let width = (end - start).max(NARROWEST);
    let _ =
        writeln!(svg, "<rect x=\"{start:.2}\" y=\"{y}\" width=\"{width:.2}\" height=\"{HEIGHT}\" fill=\"{color}\"/>");
    if run.by.is_none() && width > WORDS {
        let words = spoken(run.last.since(run.first));
        let _ = writeln!(svg, "<text class=\"on\" x=\"{:.1}\" y=\"{}\">{words}</text>", start + width / 2.0, y + 18.0);
    }
}

pub(super) fn runs(samples: &[Sample]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for sample in samples {
        let by = sample.reply.map(|(_, mac)| mac);
        match runs.last_mut().filter(|run| run.by == by) {
            Some(run) => run.last = sample.sent,
            None => runs.push(Run { by, first: sample.sent, last: sample.sent }),
        }
    }
    runs
}
