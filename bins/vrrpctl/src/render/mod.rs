//! Answers of the daemon as people read them: pure functions from values to text.

mod checks;
mod counters;
mod events;
mod explain;
mod notes;
mod outcome;
mod paint;
mod reload;
mod status;
mod table;
mod time;

#[cfg(test)]
pub(crate) mod sample;

pub(crate) use checks::checks;
pub(crate) use counters::counters;
pub(crate) use events::{event, lost};
pub(crate) use explain::explanations;
pub(crate) use notes::{Note, notes};
pub(crate) use outcome::{drained, took_over, undrained};
pub(crate) use paint::{Look, Paint};
pub(crate) use reload::reloaded;
pub(crate) use status::{addresses, in_charge, priority, standing, status, tracks};
pub(crate) use time::{ago, clock, since_epoch, span, time_of_day};
