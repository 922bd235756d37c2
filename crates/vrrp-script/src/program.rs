use std::sync::Arc;

/// What is run, as whom, and how far it is shut in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The program and its arguments; no shell looks at them. A file that is no executable format (a script without `#!`) is given to
    /// `/bin/sh`, as `system` would.
    pub argv: Box<[Arc<str>]>,
    /// As whom.
    pub identity: Identity,
    /// How far it is shut in.
    pub sandbox: Sandbox,
    /// Variables beside those it inherits, or all it gets (with a `PATH`) in a strict sandbox.
    pub environment: Vec<(Arc<str>, Arc<str>)>,
    /// Whether it is refused when it would run as root and others than root could have written it (`enable_script_security`).
    pub secure: bool,
}

/// As whom a program runs (`script_user`, `user`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Identity {
    /// As whoever runs us.
    #[default]
    Inherit,
    /// As this user, in the group or the user's own, resolved when it is run.
    Named {
        /// The user's name or number.
        user: Arc<str>,
        /// The group's name or number.
        group: Option<Arc<str>>,
        /// Whether the user's other groups are taken on too (`set_supplementary_groups`).
        supplementary: bool,
    },
}

/// How far a program is shut in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sandbox {
    /// As keepalived runs it: our limits, and our environment without `IFS`, `LD_PRELOAD` and `LD_LIBRARY_PATH`.
    #[default]
    None,
    /// `no_new_privs` (so neither `sudo` nor set-user-ID programs work), a clean environment, no ambient capabilities, no core files,
    /// at most 1024 descriptors and 4096 processes of its user.
    Strict,
}

impl Program {
    /// Returns a program that runs as we do, in no sandbox.
    pub fn new<A: Into<Arc<str>>>(argv: impl IntoIterator<Item = A>) -> Self {
        Self {
            argv: argv.into_iter().map(Into::into).collect(),
            identity: Identity::Inherit,
            sandbox: Sandbox::None,
            environment: Vec::new(),
            secure: false,
        }
    }
}
