use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};

use crate::arena::Arena;
use crate::error::ChaosError;
use crate::journal::{Event, Journal};
use crate::judge::{Finding, judge};
use crate::node::{Make, Programs};
use crate::observe::Marks;
use crate::report::Report;
use crate::schedule::{Slot, schedule};

/// How long the pair is left alone before the first fault: both have started and one of them has the address.
const START: Duration = Duration::from_secs(8);

/// What to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What the schedule is made of.
    pub seed: u64,
    /// How long the schedule is.
    pub time: Duration,
    /// Whose daemons run.
    pub nodes: [Make; 2],
    /// Where the programs are.
    pub programs: Programs,
    /// Where journal, report, logs and the captures of violations go; nothing is kept where there is none.
    pub out: Option<PathBuf>,
}

impl Plan {
    /// Runs the schedule in namespaces of its own ([`vrrp_lab::enter`] or [`vrrp_lab::isolated`] comes first) and judges
    /// what was seen. `tell` hears of every slot that is over, and what was found in it.
    ///
    /// # Errors
    ///
    /// [`ChaosError`] when the run could not go on, such as with a daemon that does not start.
    pub fn run(&self, mut tell: impl FnMut(usize, &Slot, &[Finding], &Journal)) -> Result<Report, ChaosError> {
        let mut arena = Arena::new(self.nodes, &self.programs)?;
        let mut marks = Marks::default();
        std::thread::sleep(START);
        for (number, slot) in schedule(self.seed, self.time).iter().enumerate() {
            let played = arena.play(number, slot).and_then(|()| arena.revive());
            marks.gather(&mut arena)?;
            let verdict = judge(&arena.journal, self.nodes);
            let news: Vec<_> = verdict.findings.into_iter().filter(|finding| finding.slot == number).collect();
            tell(number, slot, &news, &arena.journal);
            if !news.is_empty() || played.is_err() {
                self.keep(&arena, number)?;
            }
            played?;
        }
        if let Some(out) = &self.out {
            arena.journal.write(&out.join("journal.jsonl"))?;
            arena.write_logs(out)?;
        }
        let report = Report { seed: self.seed, nodes: words(self.nodes), verdict: judge(&arena.journal, self.nodes) };
        self.write(&report)?;
        Ok(report)
    }

    fn keep(&self, arena: &Arena, number: usize) -> Result<(), ChaosError> {
        let Some(out) = &self.out else { return Ok(()) };
        let directory = out.join(format!("slot-{number}"));
        create(&directory)?;
        arena.journal.write(&out.join("journal.jsonl"))?;
        arena.write_captures(&directory)
    }

    fn write(&self, report: &Report) -> Result<(), ChaosError> {
        let Some(out) = &self.out else { return Ok(()) };
        let json = serde_json::to_string_pretty(report).unwrap_or_default();
        for (name, text) in [("report.txt", report.to_string()), ("report.json", json)] {
            let path = out.join(name);
            fs::write(&path, text).map_err(|source| ChaosError::File { path, source })?;
        }
        Ok(())
    }
}

/// Makes a directory and those above it.
///
/// # Errors
///
/// The file system's refusal.
pub fn create(path: &Path) -> Result<(), ChaosError> {
    fs::create_dir_all(path).map_err(|source| ChaosError::File { path: path.to_owned(), source })
}

/// The two makes in a word.
pub fn words(nodes: [Make; 2]) -> String {
    let word = |make| match make {
        Make::Ours => "ours",
        Make::Keepalived => "keepalived",
    };
    nodes.map(word).join(",")
}

/// The events of a journal around a moment, one a line.
pub fn around(journal: &Journal, at: Duration, width: Duration) -> String {
    let near = journal.entries.iter().filter(|entry| entry.at + width >= at && entry.at <= at + width);
    let told = near.filter(|entry| !matches!(entry.event, Event::Gathered));
    told.map(|entry| format!("{:10.3} {:?}\n", entry.at.as_secs_f64(), entry.event)).collect()
}
