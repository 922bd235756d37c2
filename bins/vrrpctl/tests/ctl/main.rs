//! The program against a daemon of a few lines: what it asks, what it prints, and how it ends.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test it is called from")]

mod control;
mod daemon;
mod report;
