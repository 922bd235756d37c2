use core::time::Duration;
use std::path::PathBuf;

/// What became of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How it ended.
    pub end: End,
    /// How long it took.
    pub took: Duration,
    /// The last lines of what it wrote to standard output and standard error.
    pub output: Box<str>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With this exit status.
    Exited(u8),
    /// By this signal, sent by somebody else.
    Signalled(i32),
    /// At its deadline: its group was ended.
    TimedOut,
    /// Superseded: its group was ended because we were told to.
    Cancelled,
    /// It never ran.
    Unrunnable(Unrunnable),
}

/// Why a program cannot run: names the component, owner and mode that are to blame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unrunnable {
    /// It is not there.
    #[error("{} does not exist", path.display())]
    Missing {
        /// The component that is missing.
        path: PathBuf,
    },
    /// It may not be executed.
    #[error("{} is not executable (owner {owner}, mode {mode:o})", path.display())]
    NotExecutable {
        /// The program.
        path: PathBuf,
        /// Its owner.
        owner: u32,
        /// Its mode.
        mode: u32,
    },
    /// Others than root could have written it, and it would run as root.
    #[error("{} can be written by others than root (owner {owner}, mode {mode:o})", path.display())]
    Insecure {
        /// The component of the path that is to blame.
        path: PathBuf,
        /// Its owner.
        owner: u32,
        /// Its mode.
        mode: u32,
    },
    /// There is no such user.
    #[error("there is no user {0}")]
    NoUser(Box<str>),
    /// There is no such group.
    #[error("there is no group {0}")]
    NoGroup(Box<str>),
    /// The kernel refused.
    #[error("it could not be started: {0}")]
    Start(Box<str>),
}
