use serde::{Deserialize, Serialize};

use super::{Hooks, Track};

/// One `vrrp_sync_group`: routers that move together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncGroup {
    /// The word after `vrrp_sync_group`.
    pub name: String,
    /// `group`: the names of its routers, all of them in the model.
    pub members: Vec<String>,
    /// `track_script` and its kin: what counts for all members.
    #[serde(default)]
    pub track: Vec<Track>,
    /// `global_tracking`: what a member tracks counts for all; always so, with or without it.
    pub global_tracking: bool,
    /// `sync_group_tracking_weight`: weights count; without it the members' weighted checks are gone from the model.
    pub sync_group_tracking_weight: bool,
    /// What is run and told when its state changes.
    #[serde(default)]
    pub hooks: Hooks,
}
