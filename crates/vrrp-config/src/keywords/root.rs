use super::{HARMLESS, Keyword, Place, Shape, balancing, built, later, left_out};

const WORKDIR: &str = "this daemon keeps its files in its own runtime directory";

/// Keywords at the top level.
pub(super) const KEYWORDS: &[Keyword] = &[
    built("global_defs", Shape::Block(Place::GlobalDefs)),
    built("vrrp_instance", Shape::Named(Place::Instance)),
    built("vrrp_script", Shape::Named(Place::Script)),
    built("vrrp_sync_group", Shape::Named(Place::SyncGroup)),
    built("track_file", Shape::Named(Place::TrackFile)),
    built("vrrp_track_file", Shape::Named(Place::TrackFile)),
    built("vrrp_track_process", Shape::Named(Place::TrackProcess)),
    built("check", Shape::Named(Place::Check)),
    later("bfd_instance", Shape::Named(Place::Bfd)),
    later("static_ipaddress", Shape::List),
    later("static_routes", Shape::List),
    later("static_rules", Shape::List),
    later("track_group", Shape::Named(Place::TrackGroup)),
    later("garp_group", Shape::Block(Place::GarpGroup)),
    later("interface_up_down_delays", Shape::List),
    left_out("linkbeat_interfaces", Shape::List, "links are watched by netlink here"),
    left_out("linkbeat_use_polling", Shape::Flag, "links are watched by netlink here"),
    later("net_namespace", Shape::Word),
    left_out("net_namespace_ipvs", Shape::Words(0, 1), HARMLESS),
    left_out("namespace_with_ipsets", Shape::Flag, HARMLESS),
    left_out("use_pid_dir", Shape::Flag, WORKDIR),
    left_out("instance", Shape::Word, WORKDIR),
    left_out("child_wait_time", Shape::Seconds, "there are no child processes here"),
    balancing("virtual_server", Shape::Opaque),
    balancing("virtual_server_group", Shape::Opaque),
    left_out("SSL", Shape::Opaque, "used by load balancing only"),
];
