//! What files come to when things fail.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "functions that tests share")]

mod corpus;
mod findings;
mod fixture;
mod mission;
mod outcomes;
mod replay;
mod report;
mod segments;
mod weights;
