use core::time::Duration;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use vrrp_sim::Station;

use crate::error::JournalError;
use crate::fault::Fault;
use crate::schedule::Target;

/// The station of the client; those of the routers are 0 and 1.
pub const CLIENT: Station = 2;

/// What became of a daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Process {
    /// It was started.
    Started,
    /// It has said that it takes part.
    Ready,
    /// It was told to stop.
    Stopping,
    /// It is no more.
    Gone,
    /// It is no more, and nobody has ended it.
    Died,
    /// It stands still.
    Frozen,
    /// It goes on.
    Thawed,
}

/// Something that was done or seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A slot of the schedule begins.
    Slot {
        /// Its place in the schedule, from 0.
        number: usize,
    },
    /// A fault strikes.
    Struck {
        /// What is done.
        fault: Fault,
        /// To which router.
        router: Station,
        /// What the router was then.
        role: Target,
        /// How long it is to last.
        lasts: Duration,
    },
    /// A fault is over.
    Over {
        /// Which.
        fault: Fault,
        /// Whose.
        router: Station,
    },
    /// Something became of a daemon.
    Process {
        /// Whose.
        router: Station,
        /// What.
        is: Process,
    },
    /// An interface has its carrier or has not.
    Link {
        /// Whose.
        router: Station,
        /// Whether frames pass.
        up: bool,
    },
    /// Frames pass from one station to another, or no longer.
    Way {
        /// Who sends.
        from: Station,
        /// Who is to hear it.
        to: Station,
        /// Whether it does.
        open: bool,
    },
    /// What a router's check looks at is well or not.
    Check {
        /// Whose.
        router: Station,
        /// Whether it is well.
        well: bool,
    },
    /// A router has another priority.
    Priority {
        /// Whose.
        router: Station,
        /// The new one.
        priority: u8,
    },
    /// A router sent an advertisement.
    Advertised {
        /// Who.
        router: Station,
        /// With which priority.
        priority: u8,
    },
    /// The virtual address came to a router's kernel or left it.
    Address {
        /// Whose.
        router: Station,
        /// Whether it is there now.
        present: bool,
    },
    /// The client was told by ARP who has the virtual address.
    Cached {
        /// Which router.
        router: Station,
    },
    /// A router answered everybody who asked for the virtual address.
    Answered {
        /// Which.
        router: Station,
        /// Until when.
        until: Duration,
    },
    /// Nobody answered the client's probes.
    Unserved {
        /// Until when.
        until: Duration,
    },
    /// The machine did not run what was due.
    Stalled {
        /// Until when.
        until: Duration,
        /// What shows it.
        seen_by: String,
    },
    /// The slot is over and everything about it has been written down.
    Gathered,
}

/// An event and when it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The time since the journal began.
    pub at: Duration,
    /// What was done or seen.
    #[serde(flatten)]
    pub event: Event,
}

/// Everything that is known of a run, from which it is judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Journal {
    /// The entries, in the order of their time after [`Journal::sort`].
    pub entries: Vec<Entry>,
}

impl Journal {
    /// Adds what was the case or began at a moment.
    pub fn note(&mut self, at: Duration, event: Event) {
        self.entries.push(Entry { at, event });
    }

    /// Puts the entries in the order of their time. Those of one moment keep theirs.
    pub fn sort(&mut self) {
        self.entries.sort_by_key(|entry| entry.at);
    }

    /// Writes one JSON object per line.
    ///
    /// # Errors
    ///
    /// The file system's refusal.
    pub fn write(&self, path: &Path) -> Result<(), JournalError> {
        let failed = |source| JournalError::File { path: path.to_owned(), source };
        let mut file = BufWriter::new(File::create(path).map_err(failed)?);
        for entry in &self.entries {
            let line = serde_json::to_string(entry).map_err(|source| JournalError::Line { number: 0, source })?;
            writeln!(file, "{line}").map_err(failed)?;
        }
        file.flush().map_err(failed)
    }

    /// Reads what [`Journal::write`] wrote.
    ///
    /// # Errors
    ///
    /// The file system's refusal, or the line that is no entry.
    pub fn read(path: &Path) -> Result<Self, JournalError> {
        let failed = |source| JournalError::File { path: path.to_owned(), source };
        let mut journal = Self::default();
        for (number, line) in BufReader::new(File::open(path).map_err(failed)?).lines().enumerate() {
            let line = line.map_err(failed)?;
            let entry = serde_json::from_str(&line);
            journal.entries.push(entry.map_err(|source| JournalError::Line { number: number + 1, source })?);
        }
        Ok(journal)
    }
}
