//! The server against clients good and bad, with a host that answers from memory.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test's helper fails the test it is called from")]

mod bad_clients;
mod bound;
mod documented;
mod fixture;
mod metrics;
mod resources;
