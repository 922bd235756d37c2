//! The words that programs read: one for each value, without its evidence, stable across releases.

use core::net::IpAddr;

use vrrp_wire::DecodeError;

use crate::{Cause, Condition, Ineligible, Reject, Timer};

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

impl Condition {
    /// The other router that it speaks of.
    pub const fn peer(&self) -> Option<IpAddr> {
        match self {
            Self::Contested { by, .. }
            | Self::IntervalDiffers { by, .. }
            | Self::AddressesDiffer { by }
            | Self::ChecksumDiffers { by, .. }
            | Self::TwoOwners { by } => Some(*by),
            Self::DuplicateSource { .. }
            | Self::SendFailing
            | Self::Stalled
            | Self::Withheld(_)
            | Self::PreemptionHeld { .. }
            | Self::Unrelieved => None,
        }
    }
}

impl Timer {
    /// The word that programs read.
    pub const fn token(&self) -> &'static str {
        match self {
            Self::ActiveDown => "active_down",
            Self::Probe => "probe",
            Self::Adver => "adver",
            Self::Announce => "announce",
            Self::Assertion => "assertion",
            Self::LastLower => "last_lower",
            Self::HandOver => "hand_over",
        }
    }
}

impl Reject {
    /// How many kinds of rejection there are.
    pub const KINDS: usize = 17;

    /// The word of each kind, in the order of their numbers.
    pub const TOKENS: [&'static str; Self::KINDS] = [
        "unknown_vrid",
        "own",
        "hop_limit",
        "delivery",
        "not_a_peer",
        "malformed",
        "version",
        "authentication_type",
        "authentication_data",
        "interval",
        "owner_ignores",
        "truncated",
        "too_long",
        "type",
        "checksum",
        "count_zero",
        "interval_zero",
    ];

    /// A number for the kind, below [`Reject::KINDS`]: the index of its counter and of its word.
    #[expect(clippy::wildcard_enum_match_arm, reason = "a kind of malformation that this table does not know yet")]
    pub const fn kind(&self) -> usize {
        match self {
            Self::UnknownVrid => 0,
            Self::Own => 1,
            Self::HopLimit { .. } => 2,
            Self::Delivery => 3,
            Self::NotAPeer => 4,
            Self::Version { .. } => 6,
            Self::AuthenticationType => 7,
            Self::AuthenticationData => 8,
            Self::Interval { .. } => 9,
            Self::OwnerIgnores => 10,
            Self::Malformed(error) => match error {
                DecodeError::Version { .. } | DecodeError::V2OverIpv6 => 6,
                DecodeError::Truncated { .. }
                | DecodeError::AddressesTruncated { .. }
                | DecodeError::AuthenticationTruncated { .. } => 11,
                DecodeError::TooLong { .. } => 12,
                DecodeError::Type { .. } => 13,
                DecodeError::Checksum { .. } => 14,
                DecodeError::CountZero => 15,
                DecodeError::IntervalZero => 16,
                _ => 5,
            },
        }
    }

    /// The word that programs read; what makes a packet malformed has its own.
    pub fn token(&self) -> &'static str {
        Self::TOKENS.get(self.kind()).copied().unwrap_or_default()
    }
}
