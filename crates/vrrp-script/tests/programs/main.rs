//! Real programs: how they end, what they leave behind and what keeps them from running.
#![expect(clippy::unwrap_used, reason = "functions that tests share")]

mod ending;
mod fixture;
mod identity;
mod leaving;
mod output;
mod shut_in;
mod unrunnable;
