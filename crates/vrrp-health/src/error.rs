use std::io;
use std::sync::Arc;

/// Why a [`Runner`](crate::Runner) does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Two checks have the same name.
    #[error(transparent)]
    Duplicate(#[from] Duplicate),
    /// There is no thread to be had, or nothing to wait on.
    #[error("the thread of the checks cannot be started: {0}")]
    Thread(#[from] io::Error),
}

/// Two checks have this name, and reports could not tell them apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("two checks have the name {name}")]
pub struct Duplicate {
    /// The name.
    pub name: Arc<str>,
}
