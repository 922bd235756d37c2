use vrrp_lab::{Sample, Stamp};

use super::*;
use crate::demo::outcome::{Demand, Step};
use lanes::{Run, runs};

const R1: Mac = Mac([2, 0, 0, 0, 0, 1]);
const R2: Mac = Mac([2, 0, 0, 0, 0, 2]);

fn at(millis: u64) -> Stamp {
    Stamp::from_epoch(Duration::from_millis(millis))
}

fn probes() -> Vec<Sample> {
    let by = [Some(R1), Some(R1), None, None, Some(R2), None, Some(R2)];
    let sample = |(sent, by): (u64, Option<Mac>)| Sample { sent: at(sent), reply: by.map(|mac| (at(sent + 1), mac)) };
    (0..).zip(by).map(sample).collect()
}

#[test]
fn a_single_lost_probe_between_replies_is_a_run_of_its_own() {
    let run = |by, first, last| Run { by, first: at(first), last: at(last) };
    let expected = [run(Some(R1), 0, 1), run(None, 2, 3), run(Some(R2), 4, 4), run(None, 5, 5), run(Some(R2), 6, 6)];
    assert_eq!(runs(&probes()), expected);
}

#[test]
fn every_run_of_lost_probes_is_a_red_mark_and_every_step_has_its_number() {
    let report = ProbeReport { sent: 7, lost: 3, samples: probes(), ..ProbeReport::default() };
    let step = Step { title: "it dies", begin: at(1), end: at(6), demand: Demand::Nothing, keeper: None };
    let outcome = Outcome::of(&step, &report);
    let routers = [("r1", R1), ("r2", R2)];
    let svg = draw(&Facts { outcomes: &[outcome], report: &report, routers, interval: Duration::from_millis(100) });
    assert_eq!(svg.matches("fill=\"#dc2626\"").count(), 2, "{svg}");
    assert_eq!(svg.matches("class=\"number\"").count(), 2, "above and in the table: {svg}");
    assert!(svg.ends_with("</svg>\n"), "{svg}");
}
