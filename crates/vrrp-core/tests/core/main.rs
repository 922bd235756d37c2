//! The state machine of RFC 9568 against the ledger of its requirements, in virtual time.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that is surprised fails")]

mod announcing;
mod assertions;
mod backup;
mod claiming;
mod conditions;
mod counters;
mod damping;
mod degraded;
mod drain;
mod eligibility;
mod failback;
mod fixture;
mod group_lan;
mod group_members;
mod group_moves;
mod group_ties;
mod hand_over;
mod listening;
mod node;
mod orders;
mod preempting;
mod priority;
mod properties;
mod receive;
mod stepping_down;
mod table;
mod takeover;
mod timers;
mod weights;
mod words;
