//! The simulated LAN: random episodes, planted bugs, kept seeds, and scenarios that read as timelines.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that is surprised fails")]

mod episodes;
mod particular;
mod planted;
mod scenarios;
mod scripts;
mod shrinking;
