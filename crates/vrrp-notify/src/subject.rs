//! Whom the notifier speaks of, and which programs hear of it.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use vrrp_script::Program;

/// Environment variables: names and values.
pub type Variables = Vec<(Arc<str>, Arc<str>)>;

/// What a subject is, in keepalived's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A virtual router (`vrrp_instance`).
    Instance,
    /// A sync group (`vrrp_sync_group`).
    Group,
}

impl Kind {
    /// Returns the word that hooks and the FIFO carry.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Instance => "INSTANCE",
            Self::Group => "GROUP",
        }
    }
}

/// Names one virtual router or sync group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectId {
    /// Which of the two it is.
    pub kind: Kind,
    /// Its name in the configuration.
    pub name: Arc<str>,
}

impl SubjectId {
    /// Names a virtual router.
    #[must_use]
    pub fn instance(name: &str) -> Self {
        Self { kind: Kind::Instance, name: name.into() }
    }

    /// Names a sync group.
    #[must_use]
    pub fn group(name: &str) -> Self {
        Self { kind: Kind::Group, name: name.into() }
    }
}

impl fmt::Display for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.name)
    }
}

/// One virtual router or sync group, with the programs that hear of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its name.
    pub id: SubjectId,
    /// What runs on transitions and events.
    pub hooks: Hooks,
    /// What a newer state does to a hook that is running.
    pub on_new_state: OnNewState,
    /// What runs while the subject is `MASTER`, until it succeeds.
    pub ensure: Option<Ensure>,
    /// What runs before the address goes live.
    pub pre_active: Option<Barrier>,
    /// What runs on the way down.
    pub post_active: Option<Barrier>,
    /// Whether transitions are mailed (`smtp_alert`).
    pub mail: bool,
    /// Variables that every hook of this subject gets beside those of the notice.
    pub variables: Variables,
}

impl Subject {
    /// Describes a subject that nothing hears of but the FIFOs.
    #[must_use]
    pub const fn new(id: SubjectId) -> Self {
        Self {
            id,
            hooks: Hooks::NONE,
            on_new_state: OnNewState::Interrupt,
            ensure: None,
            pre_active: None,
            post_active: None,
            mail: false,
            variables: Vec::new(),
        }
    }
}

/// The hooks of one subject.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hooks {
    /// `notify_master`.
    pub master: Option<Hook>,
    /// `notify_backup`.
    pub backup: Option<Hook>,
    /// `notify_fault`.
    pub fault: Option<Hook>,
    /// `notify_stop`.
    pub stop: Option<Hook>,
    /// `notify_deleted`.
    pub deleted: Deletion,
    /// `notify`: runs after the hook of the state, with four more arguments.
    pub any: Option<Hook>,
    /// `notify_master_rx_lower_pri`.
    pub master_rx_lower_pri: Option<Hook>,
}

impl Hooks {
    /// No hook at all.
    pub const NONE: Self = Self {
        master: None,
        backup: None,
        fault: None,
        stop: None,
        deleted: Deletion::AsFault,
        any: None,
        master_rx_lower_pri: None,
    };
}

/// How the end of a subject that a reload removed is told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Deletion {
    /// As `FAULT`: what keepalived does without `notify_deleted`.
    #[default]
    AsFault,
    /// As `DELETED`, to this hook if there is one: `notify_deleted` takes its program or stands alone.
    AsDeleted(Option<Hook>),
}

/// A program that hears of transitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// The program, with the arguments of the configuration.
    pub program: Program,
    /// How long it may take; without it, as long as it likes, as keepalived's hooks may.
    pub timeout: Option<Duration>,
}

impl Hook {
    /// A hook without a deadline.
    #[must_use]
    pub const fn new(program: Program) -> Self {
        Self { program, timeout: None }
    }
}

/// A program that runs again, with back-off, until it exits with 0, while its subject is `MASTER`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ensure {
    /// The program.
    pub program: Program,
    /// How long one attempt may take.
    pub timeout: Duration,
}

/// A program that an address waits for, but no longer than this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barrier {
    /// The program.
    pub program: Program,
    /// How long the address waits, counted from when the preparation was asked for.
    pub deadline: Duration,
}

/// What a newer state does to the hooks of an older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnNewState {
    /// It ends the one that runs (SIGTERM to its group, SIGKILL a second later) and replaces those not begun.
    #[default]
    Interrupt,
    /// It waits its turn: every hook of every state runs, in order (`on_new_state wait`). Behind a hook that never ends
    /// waits everything, `STOP` too.
    Wait,
}
