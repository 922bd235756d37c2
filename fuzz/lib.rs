//! Bodies of the fuzz targets, so that stable clippy and `cargo test` see them.
//!
//! One module and one function per target; `fuzz_targets/NAME.rs` wraps it for libFuzzer, `corpus/NAME/` is
//! replayed by `tests/replay.rs`. A body panics when what it promises does not hold.

mod codec;
mod config;
mod control;

pub use codec::{decode, roundtrip};
pub use config::config;
pub use control::control;
pub use vrrp_sim::steer as node;
