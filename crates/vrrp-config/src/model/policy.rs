use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::text;

/// `failback`: when a router that has recovered takes the addresses back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failback {
    /// At once.
    Immediate,
    /// `after SECONDS`: once it has heard a lower priority for so long.
    After(#[serde(with = "text::duration")] Duration),
    /// Never by itself.
    Manual,
}

/// `on_degraded`: what an Active router does when a weight has lowered its priority.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnDegraded {
    /// It advertises the lower priority, and serves until another takes over.
    #[default]
    Stay,
    /// It steps down, so that others may take over though they do not preempt.
    Resign,
}

/// `claim_requires NAME [prefer-single | prefer-availability]`: a check without which the router claims nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimRequires {
    /// The name of a [`Check`](super::Check) of the model; it need not be tracked besides.
    pub check: String,
    /// What happens when it is down and nobody serves.
    pub otherwise: Otherwise,
}

/// What a router does that nobody else answers and whose own check is down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Otherwise {
    /// It claims nothing as long as the check is down: rather no Active router than two.
    #[default]
    PreferSingle,
    /// It waits one more down interval, then claims: rather two than none.
    PreferAvailability,
}
