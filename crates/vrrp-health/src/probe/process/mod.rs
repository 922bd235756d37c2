//! How many processes of a name there are (`vrrp_track_process`).

mod census;
mod connector;
mod matching;
mod procfs;
mod quorum;

use core::time::Duration;

use tokio::time::{Instant, timeout_at};

use self::census::{census, enrol};
use self::connector::Connector;
use self::quorum::Quorum;
use crate::outcome::Outcome;

/// Whether as many processes of a name run as there should (`vrrp_track_process`).
///
/// A process counts once, however many threads it has; one that is dead and not yet reaped does not. Deaths are heard
/// at once, by pidfd; births at once as well where [`Process::source`] is the kernel's connector, within a second otherwise.
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
    /// How many there may be at most; 0 means that none may run, and goes with a quorum of 0.
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

/// Where the news of processes comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProcessSource {
    /// The kernel's proc connector, which tells of each fork, exec and exit. It needs `CAP_NET_ADMIN` in the initial user,
    /// PID and network namespaces.
    Connector,
    /// `/proc`, read once a second.
    Procfs,
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

    /// Tries where news of processes comes from on this thread.
    pub fn source() -> ProcessSource {
        if Connector::open().is_ok() { ProcessSource::Connector } else { ProcessSource::Procfs }
    }

    /// Tells whether the quorum is there, and from then on each change, until dropped.
    pub(crate) async fn watch(&self, mut told: impl FnMut(Outcome)) {
        loop {
            let shared = census();
            let mut enrolled = enrol(&shared, self).await;
            let mut quorum = Quorum::new(self);
            while let Some(count) = enrolled.count() {
                if let Some(up) = quorum.heard(count, Instant::now()) {
                    told(self.outcome(up, count.running));
                }
                let changed = match quorum.due() {
                    None => enrolled.changed().await,
                    Some(due) => timeout_at(due, enrolled.changed()).await.unwrap_or(true),
                };
                if !changed {
                    break;
                }
            }
        }
    }

    fn outcome(&self, up: bool, running: u32) -> Outcome {
        if up {
            return Outcome::Ok;
        }
        let name = &self.name;
        let mut words = match self.quorum_max {
            Some(most) if running > most => format!("{running} of {name} run, at most {most} may"),
            Some(_) | None => format!("{running} of {name} run, {} needed", self.quorum),
        };
        if procfs::hides_others() {
            words.push_str("; /proc hides the processes of other users");
        }
        Outcome::Failed(words.into())
    }
}

#[cfg(test)]
mod tests;
