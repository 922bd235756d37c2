//! A runner with real scripts and real files.
#![expect(clippy::unwrap_used, reason = "functions that tests share")]

mod fixture;
mod kinds;
mod outcomes;
mod reloads;
mod slots;
mod stopping;
