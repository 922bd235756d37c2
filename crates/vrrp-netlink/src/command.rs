//! What the caller asks of the keeper.

use crate::address::{Address, OwnerId};

/// One request to the [`Keeper`](crate::Keeper); a batch of them costs one wake-up.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Says what the owner would hold when it claims, in place of what it said before. Nothing is
    /// added for an owner that has not claimed; for one that has, the difference is applied.
    Declare(OwnerId, Vec<Address>),
    /// Wants the declared addresses of the owner from now on.
    Claim(OwnerId),
    /// Wants them no longer: those that are ours are removed.
    Release(OwnerId),
    /// Releases and drops the declaration.
    Forget(OwnerId),
    /// Removes every address that carries our mark and that nobody claims: what a crash left. Two
    /// keepers in one network namespace need marks of their own, or one sweeps away the other's.
    Sweep,
    /// Removes the declared addresses of an unclaimed owner from their link, whoever added them.
    RemoveLeftovers(OwnerId),
    /// Reads everything anew and repairs what differs.
    Resync,
}
