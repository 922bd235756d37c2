use serde::{Deserialize, Serialize};

use super::Command;

/// The named pipes that changes of state are written to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fifos {
    /// `notify_fifo`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_fifo: Option<Fifo>,
    /// `notify_fifo_script`: started with the pipe's path appended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_fifo_script: Option<Command>,
    /// `vrrp_notify_fifo`: the same lines again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vrrp_notify_fifo: Option<Fifo>,
    /// `vrrp_notify_fifo_script`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vrrp_notify_fifo_script: Option<Command>,
    /// `fifo_write_vrrp_states_on_reload`: every state is written again after a reload.
    pub fifo_write_vrrp_states_on_reload: bool,
    /// `vrrp_notify_priority_changes`: what routers inherit; groups do too.
    pub vrrp_notify_priority_changes: bool,
}

/// A named pipe and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fifo {
    /// Its path.
    pub path: String,
    /// Its owner, by name or number; `None` is the one of `script_user`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Its group, by name or number; `None` is the owner's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}
