use core::time::Duration;
use std::sync::Arc;

use crate::outcome::{Outcome, Verdict};

/// What a check says after a run, or when what it watches has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The check's name.
    pub check: Arc<str>,
    /// What it counts as.
    pub verdict: Verdict,
    /// Whether it counted as something else before.
    pub changed: bool,
    /// What was found this time.
    pub outcome: Outcome,
    /// How long that took; nothing for a check that is told.
    pub took: Duration,
    /// The last lines of a script's output.
    pub output: Box<str>,
    /// How many outcomes there were, this one included.
    pub runs: u64,
}
