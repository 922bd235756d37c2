//! What the notifier is told.

use std::sync::Arc;

use crate::subject::{SubjectId, Variables};

/// Where a subject stands, in keepalived's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It serves (RFC 9568: Active).
    Master,
    /// It stands by.
    Backup,
    /// It cannot serve (RFC 9568: Initialize).
    Fault,
    /// The daemon stops.
    Stop,
    /// A reload removed it.
    Deleted,
}

impl State {
    /// Returns the word that hooks and the FIFO carry.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Master => "MASTER",
            Self::Backup => "BACKUP",
            Self::Fault => "FAULT",
            Self::Stop => "STOP",
            Self::Deleted => "DELETED",
        }
    }
}

/// What is told of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Told {
    /// It entered a state: hooks, FIFOs and mail.
    Entered(State),
    /// It was contested and stayed: hooks, `ensure` and FIFOs again, so that what they moved elsewhere comes back.
    Reasserted(State),
    /// It still is where it was, after a reload (`fifo_write_vrrp_states_on_reload`): FIFOs alone.
    Recalled(State),
    /// Being `MASTER`, it heard a lower priority: `notify_master_rx_lower_pri` and FIFOs.
    MasterRxLowerPri,
    /// Its effective priority moved while it was `MASTER` (`notify_priority_changes`): FIFOs alone.
    MasterPriority,
    /// Its effective priority moved while it was not `MASTER`: FIFOs alone.
    BackupPriority,
}

impl Told {
    /// Returns the state that the subject is in or was just told to be in, if this says so.
    pub(crate) const fn state(self) -> Option<State> {
        match self {
            Self::Entered(state) | Self::Reasserted(state) | Self::Recalled(state) => Some(state),
            Self::MasterRxLowerPri | Self::MasterPriority | Self::BackupPriority => None,
        }
    }

    /// Returns the word that the FIFO carries.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Entered(state) | Self::Reasserted(state) | Self::Recalled(state) => state.word(),
            Self::MasterRxLowerPri => "MASTER_RX_LOWER_PRI",
            Self::MasterPriority => "MASTER_PRIORITY",
            Self::BackupPriority => "BACKUP_PRIORITY",
        }
    }
}

/// One thing to tell, complete in itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Of whom.
    pub subject: SubjectId,
    /// What.
    pub told: Told,
    /// The effective priority; hooks and FIFOs of a group carry 0.
    pub priority: u8,
    /// Counts the subject's transitions; comes back with what is delivered.
    pub generation: u64,
    /// Why, in words (`VRRP_CAUSE`).
    pub cause: Arc<str>,
    /// The router that caused it, if one did (`VRRP_PEER`).
    pub peer: Option<Arc<str>>,
    /// More variables for the hooks of this notice.
    pub variables: Variables,
}

/// What runs around a move of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Before the address goes live.
    PreActive,
    /// On the way down.
    PostActive,
}

impl Notice {
    /// Tells something without a cause, of generation 0.
    #[must_use]
    pub fn new(subject: SubjectId, told: Told, priority: u8) -> Self {
        Self { subject, told, priority, generation: 0, cause: "".into(), peer: None, variables: Vec::new() }
    }
}
