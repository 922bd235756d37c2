use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Command, text};

/// As whom programs run, and what is run with the daemon itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scripts {
    /// `script_user`; `None` is `keepalived_script` where the host has that user, else the daemon's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script_user: Option<ScriptUser>,
    /// `enable_script_security`: what others than root could have written is not run as root.
    pub enable_script_security: bool,
    /// `set_supplementary_groups`: the user's other groups are taken on too.
    pub set_supplementary_groups: bool,
    /// `use_symlink_paths`: a program is run by the name in the file, not by where its links lead.
    pub use_symlink_paths: bool,
    /// `startup_script`: run before the routers start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub startup_script: Option<Command>,
    /// `startup_script_timeout`
    #[serde(with = "text::duration")]
    pub startup_script_timeout: Duration,
    /// `shutdown_script`: run after the routers have stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shutdown_script: Option<Command>,
    /// `shutdown_script_timeout`
    #[serde(with = "text::duration")]
    pub shutdown_script_timeout: Duration,
}

/// A user and a group, by name or number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptUser {
    /// The user.
    pub user: String,
    /// The group; `None` is the user's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

impl Default for Scripts {
    fn default() -> Self {
        Self {
            script_user: None,
            enable_script_security: false,
            set_supplementary_groups: false,
            use_symlink_paths: false,
            startup_script: None,
            startup_script_timeout: Self::TIMEOUT,
            shutdown_script: None,
            shutdown_script_timeout: Self::TIMEOUT,
        }
    }
}

impl Scripts {
    /// The deadline of `startup_script` and `shutdown_script` where the file says nothing.
    pub const TIMEOUT: Duration = Duration::from_secs(10);
}
