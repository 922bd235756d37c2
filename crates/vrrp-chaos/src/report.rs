use core::fmt;
use core::time::Duration;

use serde::Serialize;

use crate::judge::{Row, Verdict};

/// What a run ends with: a table for people, and as JSON for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The seed of the schedule.
    pub seed: u64,
    /// Whose daemons ran.
    pub nodes: String,
    /// What was found and measured.
    #[serde(flatten)]
    pub verdict: Verdict,
}

fn seconds(duration: Duration) -> String {
    format!("{:.2}", duration.as_secs_f64())
}

fn pair((took, allowed): (Duration, Duration)) -> String {
    format!("{} / {}", seconds(took), seconds(allowed))
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let figures = &self.verdict.figures;
        let (time, faults) = (figures.time.as_secs(), figures.faults);
        writeln!(f, "{}, seed {}: {faults} faults in {time} s", self.nodes, self.seed)?;
        let kinds = figures.kinds.iter().map(|(fault, times)| format!("{fault} {times}"));
        writeln!(f, "{}\n", kinds.collect::<Vec<_>>().join(", "))?;
        row(f, ["fault", "times", "none, worst / allowed", "two, worst / allowed", "none", "two"])?;
        row(f, ["---"; 6])?;
        for Row { fault, times, unserved_worst, two_worst, unserved, two_holders } in &figures.rows {
            let (none, two) = (pair(*unserved_worst), pair(*two_worst));
            let (unserved, two_holders) = (seconds(*unserved), seconds(*two_holders));
            row(f, [fault, &times.to_string(), &none, &two, &unserved, &two_holders])?;
        }
        let (none, avoidable) = (seconds(figures.unserved), seconds(figures.unserved_avoidable));
        let (two, answer) = (seconds(figures.two_holders), seconds(figures.two_answer));
        writeln!(f, "\nunserved {none} s, of it {avoidable} s neither by silence nor for want of a fit router")?;
        writeln!(f, "two holders {two} s, two answering {answer} s")?;
        writeln!(f, "the machine stalled for {} s, which is allowed for", seconds(figures.stalled))?;
        writeln!(f, "{} violations", self.verdict.findings.len())?;
        for finding in &self.verdict.findings {
            writeln!(f, "  slot {}, {} s: {}", finding.slot, seconds(finding.at), finding.what)?;
        }
        Ok(())
    }
}

fn row(f: &mut fmt::Formatter<'_>, [fault, times, none, two, unserved, holders]: [&str; 6]) -> fmt::Result {
    writeln!(f, "| {fault:<26} | {times:>5} | {none:>21} | {two:>20} | {unserved:>7} | {holders:>7} |")
}
