//! What a configuration means: plain data, complete, with every default filled in.

mod address;
mod check;
mod command;
mod fifo;
mod garp;
mod global;
mod group;
mod hooks;
mod mail;
mod policy;
mod probe;
mod router;
mod scripts;
mod secret;
mod surfaces;
mod text;
mod unicast;

use serde::{Deserialize, Serialize};

pub use address::{Lifetime, Scope, VirtualAddress};
pub use check::{Check, Track, Weight};
pub use command::Command;
pub use fifo::{Fifo, Fifos};
pub use garp::{Garp, GarpExtraInterfaces};
pub use global::{DynamicInterfaces, Global, RxBufs, Scheduling};
pub use group::SyncGroup;
pub use hooks::{Hooks, OnNewState};
pub use mail::{Mail, SmtpServer};
pub use policy::{ClaimRequires, Failback, OnDegraded, Otherwise};
pub use probe::{
    CheckProbe, DnsProbe, DnsRecord, FileInit, FileProbe, GatewayProbe, Header, HttpMethod, HttpProbe, InterfaceProbe,
    JsonValue, Origin, ParamMatch, ProcessProbe, StatusRange, TcpProbe, UnitProbe,
};
pub use router::{Checksum, OldUnicastChecksum, Router, StateWish};
pub use scripts::{ScriptUser, Scripts};
pub use secret::Secret;
pub use surfaces::Surfaces;
pub use unicast::UnicastPeer;

/// A whole configuration.
///
/// It says what keepalived makes of the same file: defaults are in place and what keepalived resets
/// (`nopreempt` beside `state MASTER`, for one) is reset. Field names are keepalived's keywords. It
/// serialises with [`serde`], secrets included; [`Debug`] masks them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// `global_defs`
    #[serde(rename = "global_defs")]
    pub global: Global,
    /// The `vrrp_instance` blocks, in the order of the file.
    #[serde(rename = "vrrp_instance", default)]
    pub routers: Vec<Router>,
    /// The `vrrp_sync_group` blocks, in the order of the file.
    #[serde(rename = "vrrp_sync_group", default)]
    pub sync_groups: Vec<SyncGroup>,
    /// Every check: scripts, then files, processes, the native ones and links, each kind in the order of the file, and
    /// links by name. One that nobody tracks and no `claim_requires` names is not to be run.
    #[serde(rename = "check", default)]
    pub checks: Vec<Check>,
}
