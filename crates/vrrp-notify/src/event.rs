//! What the notifier reports: everything that it did, for logs and metrics.

use core::fmt;
use std::path::PathBuf;

use vrrp_script::{End, Report};

use crate::error::{FifoError, MailError};
use crate::notice::{Phase, State};
use crate::subject::SubjectId;

/// What the sink gets.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// A hook ended, or will not run.
    Delivered(Delivered),
    /// The address need not wait for a phase any longer. Comes once for each preparation, by its deadline.
    Prepared(Prepared),
    /// Something about a FIFO.
    Fifo(PathBuf, FifoEvent),
    /// A transition was mailed, or could not be.
    Mailed(Mailed),
    /// The notifier panicked: nothing is delivered any more.
    Died,
}

/// What became of one hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// Of whom it heard.
    pub subject: SubjectId,
    /// Which hook it is.
    pub hook: HookName,
    /// The generation of the notice.
    pub generation: u64,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It ran: to its end, to its deadline, or until a newer state ended it ([`End::Cancelled`]).
    Ran(Report),
    /// It was not begun: a newer state replaced it, its phase was over or the notifier stopped.
    Skipped,
}

impl Outcome {
    /// Whether the hook exited with 0.
    #[must_use]
    pub const fn succeeded(&self) -> bool {
        matches!(self, Self::Ran(Report { end: End::Exited(0), .. }))
    }
}

/// A hook, by the keyword that configures it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HookName {
    /// `notify_master`, `notify_backup`, `notify_fault`, `notify_stop`, `notify_deleted`.
    State(State),
    /// `notify`.
    Any,
    /// `notify_master_rx_lower_pri`.
    MasterRxLowerPri,
    /// `ensure`.
    Ensure,
    /// `pre_active` or `post_active`.
    Phase(Phase),
}

impl fmt::Display for HookName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::State(State::Master) => "notify_master",
            Self::State(State::Backup) => "notify_backup",
            Self::State(State::Fault) => "notify_fault",
            Self::State(State::Stop) => "notify_stop",
            Self::State(State::Deleted) => "notify_deleted",
            Self::Any => "notify",
            Self::MasterRxLowerPri => "notify_master_rx_lower_pri",
            Self::Ensure => "ensure",
            Self::Phase(Phase::PreActive) => "pre_active",
            Self::Phase(Phase::PostActive) => "post_active",
        })
    }
}

/// Word that the address need not wait any longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// Whose address.
    pub subject: SubjectId,
    /// For which phase.
    pub phase: Phase,
    /// The generation of the notice.
    pub generation: u64,
    /// Why it need not.
    pub why: Readiness,
}

/// Why an address need not wait any longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// The program of the phase exited with 0.
    Succeeded,
    /// It ran and did not succeed.
    Failed,
    /// Its deadline passed.
    Deadline,
    /// No program is configured for the phase, or it was not begun.
    Nothing,
}

/// What happened to a FIFO.
#[derive(Debug)]
pub enum FifoEvent {
    /// It cannot be used.
    Refused(FifoError),
    /// It is full and nobody reads: lines are dropped from now on.
    Full,
    /// Lines go through again, after this many were dropped.
    Flows {
        /// How many lines were dropped.
        dropped: u64,
    },
    /// Its reader (`notify_fifo_script`) ended; it is started again after a while, unless we ended it.
    ReaderEnded(Report),
}

/// What became of a mail.
#[derive(Debug)]
pub struct Mailed {
    /// Of whom it tells.
    pub subject: SubjectId,
    /// The generation of the notice.
    pub generation: u64,
    /// Whether the server took it.
    pub result: Result<(), MailError>,
}
