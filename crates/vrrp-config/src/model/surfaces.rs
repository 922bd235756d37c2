use core::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// Where people and programs learn how it stands; what is `None` is as the daemon's arguments or its defaults say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Surfaces {
    /// `control_socket`, a keyword of our own: an absolute path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_socket: Option<String>,
    /// `control_group`, a keyword of our own: who may use the control socket beside root, by name or number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_group: Option<String>,
    /// `control_mode`, a keyword of our own: the permission bits of the control socket's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_mode: Option<u32>,
    /// `metrics_address`, a keyword of our own: where metrics are served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_address: Option<SocketAddr>,
    /// `metrics_compat`, a keyword of our own: metrics have the names of keepalived's exporters too.
    pub metrics_compat: bool,
    /// `dump_directory`, a keyword of our own: an absolute path; the files that keepalived's signals ask for go there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dump_directory: Option<String>,
}
