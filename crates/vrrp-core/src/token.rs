//! The words that programs read: one for each value, without its evidence, stable across releases.

use vrrp_wire::DecodeError;

use crate::{Cause, Condition, Ineligible, Reject};

impl Cause {
    /// The word that programs read.
    pub const fn token(&self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Owner => "owner",
            Self::Resumed => "resumed",
            Self::Recovered(_) => "recovered",
            Self::ActiveDown { .. } => "active_down",
            Self::Released { .. } => "released",
            Self::Preempting { .. } => "preempting",
            Self::Higher { .. } => "higher",
            Self::Tie { .. } => "tie",
            Self::Ineligible(_) => "ineligible",
            Self::Stopped => "stopped",
            Self::HandedOver { .. } => "handed_over",
            Self::NobodyTookOver => "nobody_took_over",
            Self::Group(_) => "group",
        }
    }
}

impl Ineligible {
    /// The word that programs read.
    pub const fn token(&self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::InterfaceAbsent(_) => "interface_absent",
            Self::InterfaceDown(_) => "interface_down",
            Self::NoSourceAddress(_) => "no_source_address",
            Self::NoSocket(_) => "no_socket",
            Self::NoPeers => "no_peers",
            Self::ClaimRefused => "claim_refused",
            Self::SendFailing => "send_failing",
            Self::DuplicateSource => "duplicate_source",
            Self::StartupDelay => "startup_delay",
            Self::Drained => "drained",
            Self::Check(_) => "check",
            Self::CheckPending(_) => "check_pending",
            Self::CheckSilent(_) => "check_silent",
            Self::Group(_) => "group",
        }
    }
}

impl Condition {
    /// The word that programs read.
    pub const fn token(&self) -> &'static str {
        match self {
            Self::Contested { .. } => "contested",
            Self::IntervalDiffers { .. } => "interval_differs",
            Self::AddressesDiffer { .. } => "addresses_differ",
            Self::ChecksumDiffers { .. } => "checksum_differs",
            Self::TwoOwners { .. } => "two_owners",
            Self::DuplicateSource { .. } => "duplicate_source",
            Self::SendFailing => "send_failing",
            Self::Stalled => "stalled",
            Self::Withheld(withheld) => withheld.token(),
            Self::PreemptionHeld { .. } => "preemption_held",
            Self::Unrelieved => "unrelieved",
        }
    }
}

impl Reject {
    /// The word that programs read; what makes a packet malformed has its own.
    #[expect(clippy::wildcard_enum_match_arm, reason = "a kind of malformation that this table does not know yet")]
    pub const fn token(&self) -> &'static str {
        match self {
            Self::UnknownVrid => "unknown_vrid",
            Self::Own => "own",
            Self::HopLimit { .. } => "hop_limit",
            Self::Delivery => "delivery",
            Self::NotAPeer => "not_a_peer",
            Self::Version { .. } => "version",
            Self::AuthenticationType => "authentication_type",
            Self::AuthenticationData => "authentication_data",
            Self::Interval { .. } => "interval",
            Self::OwnerIgnores => "owner_ignores",
            Self::Malformed(error) => match error {
                DecodeError::Truncated { .. }
                | DecodeError::AddressesTruncated { .. }
                | DecodeError::AuthenticationTruncated { .. } => "truncated",
                DecodeError::TooLong { .. } => "too_long",
                DecodeError::Version { .. } | DecodeError::V2OverIpv6 => "version",
                DecodeError::Type { .. } => "type",
                DecodeError::Checksum { .. } => "checksum",
                DecodeError::CountZero => "count_zero",
                DecodeError::IntervalZero => "interval_zero",
                _ => "malformed",
            },
        }
    }
}
