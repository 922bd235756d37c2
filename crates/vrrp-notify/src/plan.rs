//! What is configured, as a whole.

use core::time::Duration;
use std::path::PathBuf;

use vrrp_script::{Identity, Program};

use crate::mail::Mail;
use crate::subject::Subject;

/// How long a STOP hook may take, as in keepalived.
const STOP_TIMEOUT: Duration = Duration::from_secs(1);

/// Who is spoken of, and through which channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The virtual routers and sync groups.
    pub subjects: Vec<Subject>,
    /// The FIFOs; each path once.
    pub fifos: Vec<Fifo>,
    /// How transitions are mailed, if they are.
    pub mail: Option<Mail>,
    /// How long a STOP hook may take.
    pub stop_timeout: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { subjects: Vec::new(), fifos: Vec::new(), mail: None, stop_timeout: STOP_TIMEOUT }
    }
}

/// A FIFO that gets a line for each notice (`notify_fifo`, `vrrp_notify_fifo`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fifo {
    /// Where it is; it is made if it is missing, and removed at the end if we made it.
    pub path: PathBuf,
    /// Whose it becomes when we make it.
    pub owner: Identity,
    /// The program that reads it, with the path as one more argument (`notify_fifo_script`).
    pub reader: Option<Program>,
}
