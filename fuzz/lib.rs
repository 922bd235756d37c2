//! Bodies of the fuzz targets, so that stable clippy and `cargo test` see them.
//!
//! One module and one function per target; `fuzz_targets/NAME.rs` wraps it for libFuzzer, `corpus/NAME/` is
//! replayed by `tests/replay.rs`. A body panics when what it promises does not hold.

mod authenticated;
mod codec;
mod config;
mod control;
mod differential;
mod frames;
mod lan;
mod netlink;

pub use authenticated::authenticated;
pub use codec::{decode, roundtrip};
pub use config::{config, toml};
pub use control::control;
pub use differential::differential;
pub use frames::frames;
pub use lan::lan;
pub use netlink::netlink;
pub use vrrp_sim::steer as node;

/// What a target does with the bytes that it is given.
pub type Body = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Body); 11] = [
    ("authenticated", authenticated),
    ("config", config),
    ("control", control),
    ("decode", decode),
    ("differential", differential),
    ("frames", frames),
    ("lan", lan),
    ("netlink", netlink),
    ("node", node),
    ("roundtrip", roundtrip),
    ("toml", toml),
];
