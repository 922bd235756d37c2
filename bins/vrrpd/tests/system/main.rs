//! The daemon on real kernels: every test makes a LAN of namespaces and runs the real binary on it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helper fails the test it is called from"
)]

mod announcements;
mod ask;
mod bad_input;
mod beside;
mod chaos;
mod check;
mod checks;
mod container;
mod control;
mod dashboard;
mod decoded;
mod drain;
mod drained;
mod dumps;
mod explain;
mod exporter;
mod failover;
mod fixture;
mod floods;
mod frr;
mod groups;
mod hooks;
mod interop;
mod keepalived;
mod listening;
mod mail;
mod mission;
mod operator;
mod packet;
mod policies;
mod process;
mod protocol;
mod recorder;
mod reload;
mod reported;
mod restart;
mod sending;
mod silence;
mod swap;
mod trouble;
mod unlisted;
mod users;
mod vrrpctl;
