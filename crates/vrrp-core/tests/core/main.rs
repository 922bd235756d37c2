//! The state machine of RFC 9568 against the ledger of its requirements, in virtual time.

mod announcing;
mod assertions;
mod backup;
mod conditions;
mod fixture;
mod hand_over;
mod preempting;
mod priority;
mod receive;
mod stepping_down;
mod table;
mod timers;
