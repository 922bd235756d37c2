use super::{Keyword, Shape, built};

/// Keywords of `vrrp_script`.
pub(super) const SCRIPT: &[Keyword] = &[
    built("script", Shape::Command),
    built("interval", Shape::Seconds),
    built("timeout", Shape::Seconds),
    built("weight", Shape::Words(1, 2)),
    built("rise", Shape::Number),
    built("fall", Shape::Number),
    built("user", Shape::Words(1, 2)),
    built("init_fail", Shape::Flag),
];

/// Keywords of `track_file NAME`.
pub(super) const TRACK_FILE: &[Keyword] =
    &[built("file", Shape::Word), built("weight", Shape::Words(1, 2)), built("init_file", Shape::Words(0, 2))];

/// Keywords of `vrrp_track_process`.
pub(super) const TRACK_PROCESS: &[Keyword] = &[
    built("process", Shape::Words(1, 64)),
    built("param_match", Shape::Words(0, 1)),
    built("weight", Shape::Words(1, 2)),
    built("quorum", Shape::Number),
    built("quorum_max", Shape::Number),
    built("delay", Shape::Seconds),
    built("terminate_delay", Shape::Seconds),
    built("fork_delay", Shape::Seconds),
    built("full_command", Shape::Flag),
];

/// Keywords of `check`, a block of our own.
pub(super) const CHECK: &[Keyword] = &[
    built("http", Shape::Word),
    built("https", Shape::Word),
    built("tcp", Shape::Word),
    built("gateway", Shape::Words(1, 16)),
    built("dns", Shape::Words(2, 3)),
    built("unit", Shape::Word),
    built("method", Shape::Word),
    built("status", Shape::Words(1, 16)),
    built("body_equals", Shape::Quoted(1)),
    built("body_contains", Shape::Quoted(1)),
    built("body_matches", Shape::Quoted(1)),
    built("json", Shape::Quoted(2)),
    built("host", Shape::Word),
    built("header", Shape::Repeated(2, 2)),
    built("insecure", Shape::Flag),
    built("ca_file", Shape::Word),
    built("source", Shape::Word),
    built("interface", Shape::Word),
    built("quorum", Shape::Number),
    built("expect", Shape::Quoted(1)),
    built("interval", Shape::Seconds),
    built("timeout", Shape::Seconds),
    built("weight", Shape::Words(1, 2)),
    built("rise", Shape::Number),
    built("fall", Shape::Number),
    built("init_fail", Shape::Flag),
];
