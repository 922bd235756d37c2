//! The state machine of RFC 9568 against the ledger of its requirements, in virtual time.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that is surprised fails")]

mod announcing;
mod assertions;
mod backup;
mod conditions;
mod fixture;
mod hand_over;
mod node;
mod preempting;
mod priority;
mod properties;
mod receive;
mod stepping_down;
mod table;
mod timers;
