//! Many virtual routers in a steady state: when their advertisements come, and how late the engine's timers fire.

use core::error::Error;
use core::time::Duration;
use std::collections::BTreeMap;

use serde_json::Value;
use vrrp_lab::{CaptureConfig, Frame, Mac, Stamp};

use crate::crowd::{self, Asked, Crowd};
use crate::figures::Pair;
use crate::stage::{Node, SOON, Stage};

/// How long each turn is, in intervals of a second.
const TURN: usize = 6;

pub(crate) fn measure(pairs: usize, routers: u8, asked: Asked) -> Result<String, Box<dyn Error>> {
    let stage = Stage::set(routers, "1")?;
    let capture = stage.client.capture_with("eth0", CaptureConfig::default().only(|frame| frame.vrrp().is_some()))?;
    let _daemons = [stage.a.start()?, stage.b.start()?];
    let last = |frame: &Frame| frame.source() == Some(stage.a.mac) && frame.vrrp().is_some_and(|it| it.vrid == routers);
    let mut mark = capture.mark();
    for _ in 0..3 {
        capture.wait_for_since(mark, last, SOON)?;
        mark = capture.mark();
    }
    let mut jitter = Pair::new("interval off one second");
    let (mut quiet, mut crowded) = (Lag::default(), Lag::default());
    for turn in 0..pairs * 2 {
        let with = (turn % 2 == 1) ^ (turn % 4 > 1);
        let crowds = if with { both(&stage, asked)? } else { Vec::new() };
        let before = Lag::of(&stage.a)?;
        let mark = capture.mark();
        let mut seen = mark;
        for _ in 0..=TURN {
            capture.wait_for_since(seen, last, SOON)?;
            seen = capture.mark();
        }
        jitter.side(with).extend(off_by(&capture.frames_since(mark), stage.a.mac));
        let lag = if with { &mut crowded } else { &mut quiet };
        lag.add(&Lag::of(&stage.a)?, &before);
        drop(crowds);
    }
    Ok(format!(
        "{routers} virtual routers, interval 1 s; ms, median / p90 / max\n{jitter}  timers late by at most (ms): without | with\n{}",
        quiet.beside(&crowded)
    ))
}

fn both(stage: &Stage, asked: Asked) -> Result<Vec<Crowd>, Box<dyn Error>> {
    [&stage.a, &stage.b].into_iter().map(|node| Crowd::around(&node.host, asked)).collect()
}

/// How far from a second two advertisements of one virtual router lie apart.
fn off_by(frames: &[Frame], from: Mac) -> Vec<Duration> {
    let mut last: BTreeMap<u8, Stamp> = BTreeMap::new();
    let mut all = Vec::new();
    for frame in frames.iter().filter(|frame| frame.source() == Some(from)) {
        let Some(advertisement) = frame.vrrp() else { continue };
        if let Some(before) = last.insert(advertisement.vrid, frame.stamp) {
            all.push(frame.stamp.since(before).abs_diff(Duration::from_secs(1)));
        }
    }
    all
}

/// The engine's histogram of lateness.
#[derive(Debug, Default)]
struct Lag {
    bounds: Vec<f64>,
    counts: Vec<u64>,
}

impl Lag {
    fn of(node: &Node) -> Result<Self, Box<dyn Error>> {
        let status: Value = serde_json::from_str(&crowd::ask(&node.host, "/v1/status")?)?;
        let lag = status.pointer("/engine/lag").ok_or("a status without the engine's lag")?;
        let list = |name| lag.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        Ok(Self {
            bounds: list("bounds").iter().filter_map(Value::as_f64).collect(),
            counts: list("counts").iter().filter_map(Value::as_u64).collect(),
        })
    }

    /// Adds what came between two looks.
    fn add(&mut self, after: &Self, before: &Self) {
        self.bounds.clone_from(&after.bounds);
        self.counts.resize(after.counts.len(), 0);
        let new = after.counts.iter().zip(&before.counts).map(|(after, before)| after.saturating_sub(*before));
        self.counts.iter_mut().zip(new).for_each(|(count, new)| *count += new);
    }

    /// A line for each range: how many fired so late, and which part of all that is.
    fn beside(&self, other: &Self) -> String {
        let part = |lag: &Self, count: u64| {
            let all = lag.counts.iter().sum::<u64>().max(1);
            format!("{count:>8} ({:>6.2} %)", count as f64 * 100.0 / all as f64)
        };
        let ends = self.bounds.iter().map(|bound| format!("{:.3}", bound * 1000.0)).chain(["more".to_owned()]);
        let rows = ends.zip(self.counts.iter().zip(&other.counts));
        rows.map(|(end, (quiet, crowded))| format!("  {end:>10} {} | {}\n", part(self, *quiet), part(other, *crowded)))
            .collect()
    }
}
