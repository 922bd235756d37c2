use core::fmt;
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
    /// There is no program in it.
    #[error("there is no program to run")]
    Empty,
    /// It is not there.
    #[error("{} does not exist", path.display())]
    Missing {
        /// The component that is missing.
        path: PathBuf,
    },
    /// No directory of the search path has it.
    #[error("{name} is in no directory of {search}")]
    NotInPath {
        /// The program's name.
        name: Box<str>,
        /// Where it was looked for.
        search: Box<str>,
    },
    /// It cannot be looked at.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// The component in question.
        path: PathBuf,
        /// What the kernel said.
        error: Box<str>,
    },
    /// It is a directory, or a device.
    #[error("{} is not a file", path.display())]
    NotAFile {
        /// What is there.
        path: PathBuf,
    },
    /// It may not be executed.
    #[error("{} is not executable (owner {owner}:{group}, mode {mode:o})", path.display())]
    NotExecutable {
        /// The program.
        path: PathBuf,
        /// Its owner.
        owner: u32,
        /// Its group.
        group: u32,
        /// Its mode.
        mode: u32,
    },
    /// A directory on the way to it may not be entered.
    #[error("{} may not be entered (owner {owner}:{group}, mode {mode:o})", path.display())]
    Closed {
        /// The directory.
        path: PathBuf,
        /// Its owner.
        owner: u32,
        /// Its group.
        group: u32,
        /// Its mode.
        mode: u32,
    },
    /// Its first line names an interpreter that is not there.
    #[error("{}: its interpreter {} does not exist", path.display(), interpreter.display())]
    NoInterpreter {
        /// The program.
        path: PathBuf,
        /// What follows `#!`.
        interpreter: PathBuf,
    },
    /// Others than root could have written it, and it would run as root.
    #[error("{} can be written by others than root (owner {owner}:{group}, mode {mode:o})", path.display())]
    Insecure {
        /// The component of the path that is to blame.
        path: PathBuf,
        /// Its owner.
        owner: u32,
        /// Its group.
        group: u32,
        /// Its mode.
        mode: u32,
    },
    /// There is no such user.
    #[error("there is no user {0}")]
    NoUser(Box<str>),
    /// There is no such group.
    #[error("there is no group {0}")]
    NoGroup(Box<str>),
    /// Whoever knows users and groups did not answer.
    #[error("users and groups cannot be looked up: {0}")]
    Lookup(Box<str>),
    /// We may not become that user.
    #[error("we may not run programs as user {user}, group {group}: {error}")]
    NotPermitted {
        /// The user's number.
        user: u32,
        /// The group's number.
        group: u32,
        /// What the kernel said.
        error: Box<str>,
    },
    /// The kernel refused.
    #[error("it could not be started: {0}")]
    Start(Box<str>),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(status) => write!(f, "exit status {status}"),
            Self::Signalled(signal) => write!(f, "ended by signal {signal}"),
            Self::TimedOut => f.write_str("ended at its deadline"),
            Self::Cancelled => f.write_str("ended, it was superseded"),
            Self::Unrunnable(why) => write!(f, "cannot be run: {why}"),
        }
    }
}

impl fmt::Display for Report {
    /// How it ended, how long it took and the last line that it wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} after {:.1?}", self.end, self.took)?;
        self.output.lines().next_back().map_or(Ok(()), |line| write!(f, ": {line}"))
    }
}
