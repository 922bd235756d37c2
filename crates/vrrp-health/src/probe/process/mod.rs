//! How many processes of a name there are (`vrrp_track_process`).

use core::time::Duration;

/// Whether as many processes of a name run as there should (`vrrp_track_process`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// The name: compared with the process's own (`comm`, of which the kernel keeps 15 bytes), or with its first argument
    /// where `full_command` or `parameters` say so.
    pub name: Box<str>,
    /// Compares the name with the first argument of the command line.
    pub full_command: bool,
    /// What must follow the name on the command line (`param_match`); anything but [`Parameters::Any`] implies `full_command`.
    pub parameters: Parameters,
    /// How many there must be at least.
    pub quorum: u32,
    /// How many there may be at most; 0 means that none may run.
    pub quorum_max: Option<u32>,
    /// How long a change that a fork brought must last before it is told (`fork_delay`).
    pub fork_delay: Duration,
    /// How long a change that an exit brought must last before it is told (`terminate_delay`).
    pub terminate_delay: Duration,
}

/// What must follow a process's name on its command line (`param_match`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Parameters {
    /// Anything may.
    #[default]
    Any,
    /// These and no others (`param_match` without a word, and the default where parameters are given).
    Exact(Vec<Box<str>>),
    /// These, and others after them may follow (`partial`).
    Partial(Vec<Box<str>>),
    /// As `Partial`, and the last one may be longer than given (`initial`).
    Initial(Vec<Box<str>>),
}

impl Process {
    /// Asks for at least one process of this name.
    pub fn new(name: impl Into<Box<str>>) -> Self {
        Self {
            name: name.into(),
            full_command: false,
            parameters: Parameters::Any,
            quorum: 1,
            quorum_max: None,
            fork_delay: Duration::ZERO,
            terminate_delay: Duration::ZERO,
        }
    }
}
