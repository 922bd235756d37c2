//! The notifier with real programs, real FIFOs and a mail server that stands in this process.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "functions that tests share; they pick one event out of many"
)]

mod arguments;
mod ends;
mod fifo;
mod mail;
mod order;
mod reader;
mod smtp;
mod stage;
