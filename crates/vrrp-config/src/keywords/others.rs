//! Keywords of the other blocks; those that are not built yet are known, so that a misspelt one is told from a missing
//! feature.

use super::{Keyword, Shape, built, later};

/// Keywords of `vrrp_sync_group`.
pub(super) const SYNC_GROUP: &[Keyword] = &[
    built("group", Shape::List),
    built("track_interface", Shape::List),
    built("track_script", Shape::List),
    built("track_file", Shape::List),
    built("track_process", Shape::List),
    built("track_check", Shape::List),
    later("track_bfd", Shape::List),
    built("notify_master", Shape::Command),
    built("notify_backup", Shape::Command),
    built("notify_fault", Shape::Command),
    built("notify_stop", Shape::Command),
    built("notify", Shape::Command),
    built("notify_priority_changes", Shape::Bool),
    built("smtp_alert", Shape::Bool),
    built("on_new_state", Shape::Word),
    built("notify_timeout", Shape::Seconds),
    built("ensure", Shape::Command),
    built("global_tracking", Shape::Flag),
    built("sync_group_tracking_weight", Shape::Flag),
];

/// Keywords of `bfd_instance`.
pub(super) const BFD: &[Keyword] = &[
    later("neighbor_ip", Shape::Word),
    later("neighbour_ip", Shape::Word),
    later("source_ip", Shape::Word),
    later("min_rx", Shape::Number),
    later("min_tx", Shape::Number),
    later("idle_tx", Shape::Number),
    later("multiplier", Shape::Number),
    later("passive", Shape::Flag),
    later("ttl", Shape::Number),
    later("hoplimit", Shape::Number),
    later("max_hops", Shape::Number),
    later("multihop", Shape::Bool),
    later("weight", Shape::Words(1, 2)),
    later("vrrp", Shape::Flag),
    later("checker", Shape::Flag),
];

/// Keywords of `garp_group`.
pub(super) const GARP_GROUP: &[Keyword] = &[
    later("garp_interval", Shape::Seconds),
    later("gna_interval", Shape::Seconds),
    later("interface", Shape::Word),
    later("interfaces", Shape::List),
];

/// Keywords of `track_group`.
pub(super) const TRACK_GROUP: &[Keyword] = &[later("group", Shape::List)];
