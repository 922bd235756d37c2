use core::fmt;

use serde::{Deserialize, Serialize};

/// Where a virtual router stands (RFC 9568 §6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Not taking part; keepalived's FAULT.
    Initialize,
    /// Watching the Active router.
    Backup,
    /// Serving the addresses.
    #[doc(alias = "Master")]
    Active,
}

/// An address family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
}

/// What a check says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No result yet.
    Unknown,
    /// It succeeds.
    Up,
    /// It fails.
    Down,
    /// A number, which moves a priority.
    Value(i64),
    /// Whoever runs it has fallen silent.
    Silent,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Initialize, Self::Backup, Self::Active];

    /// The word that programs read: `initialize`, `backup` or `active`.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Initialize => "initialize",
            Self::Backup => "backup",
            Self::Active => "active",
        }
    }

    /// keepalived's word: `FAULT`, `BACKUP` or `MASTER`.
    pub const fn keepalived(self) -> &'static str {
        match self {
            Self::Initialize => "FAULT",
            Self::Backup => "BACKUP",
            Self::Active => "MASTER",
        }
    }
}

impl fmt::Display for State {
    /// RFC 9568's word with keepalived's beside it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Initialize => "Initialize (FAULT)",
            Self::Backup => "Backup (BACKUP)",
            Self::Active => "Active (MASTER)",
        })
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
        })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("no result yet"),
            Self::Up => f.write_str("up"),
            Self::Down => f.write_str("down"),
            Self::Value(value) => value.fmt(f),
            Self::Silent => f.write_str("silent"),
        }
    }
}
