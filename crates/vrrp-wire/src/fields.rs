use core::fmt;
use core::net::IpAddr;
use core::num::NonZeroU8;
use core::time::Duration;

use crate::FieldError;

/// The version of the protocol an advertisement speaks (RFC 9568 §5.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// VRRPv2 (RFC 3768): IPv4 only, whole seconds, an authentication trailer.
    V2,
    /// VRRPv3 (RFC 9568): IPv4 and IPv6, centiseconds.
    V3,
}

/// The address family of a virtual router; an advertisement lists addresses of one family only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// Virtual Router Identifier, 1 to 255 (RFC 9568 §5.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Vrid(NonZeroU8);

/// Priority of the sender for the virtual router (RFC 9568 §5.2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Priority(u8);

/// Advertisement interval, kept in centiseconds (RFC 9568 §5.2.7).
///
/// VRRPv3 carries 1 to 4095 centiseconds, VRRPv2 1 to 255 whole seconds; a value of this type is
/// one that at least one of the two can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AdverInterval(u16);

impl Version {
    /// The number in the packet's version nibble.
    pub const fn number(self) -> u8 {
        match self {
            Self::V2 => 2,
            Self::V3 => 3,
        }
    }
}

impl Family {
    /// The family of `address`.
    pub const fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self::V4,
            IpAddr::V6(_) => Self::V6,
        }
    }
}

impl Vrid {
    /// A VRID; `None` for 0, which names no virtual router.
    pub const fn new(vrid: u8) -> Option<Self> {
        match NonZeroU8::new(vrid) {
            Some(vrid) => Some(Self(vrid)),
            None => None,
        }
    }

    /// The number, 1 to 255.
    pub const fn get(self) -> u8 {
        self.0.get()
    }
}

impl Priority {
    /// 0: the Active router stops taking part (RFC 9568 §5.2.4).
    pub const RELEASE: Self = Self(0);
    /// 100: the default of a Backup (RFC 9568 §6.1).
    pub const DEFAULT: Self = Self(100);
    /// 255: the router that owns the addresses.
    pub const OWNER: Self = Self(255);

    /// A priority; every octet is one.
    pub const fn new(priority: u8) -> Self {
        Self(priority)
    }

    /// The number, 0 to 255.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl AdverInterval {
    /// One second, the default of both versions (RFC 9568 §6.1).
    pub const DEFAULT: Self = Self(100);
    /// The longest interval VRRPv3's 12 bits hold: 40.95 s.
    pub const MAX_V3: Self = Self(4095);
    /// The longest interval VRRPv2's octet holds: 255 s.
    pub const MAX_V2: Self = Self(25_500);

    /// An interval in centiseconds, 1 to 25500.
    ///
    /// # Errors
    /// [`FieldError::Interval`] for 0 and for more than VRRPv2's 255 s.
    pub const fn from_centis(centis: u16) -> Result<Self, FieldError> {
        if centis == 0 || centis > Self::MAX_V2.0 {
            return Err(FieldError::Interval { centis: centis as u32 });
        }
        Ok(Self(centis))
    }

    /// An interval in whole seconds, 1 to 255.
    ///
    /// # Errors
    /// [`FieldError::Interval`] for 0.
    pub const fn from_secs(secs: u8) -> Result<Self, FieldError> {
        Self::from_centis(secs as u16 * 100)
    }

    /// The interval in centiseconds.
    pub const fn centis(self) -> u16 {
        self.0
    }

    /// The interval in whole seconds, if it is a whole number of them that fits VRRPv2's octet.
    pub const fn whole_secs(self) -> Option<u8> {
        match (self.0 / 100).to_be_bytes() {
            [0, secs] if self.0.is_multiple_of(100) => Some(secs),
            _ => None,
        }
    }

    /// The interval as a duration.
    pub const fn duration(self) -> Duration {
        Duration::from_millis(self.0 as u64 * 10)
    }

    /// Whether an advertisement of `version` can carry it.
    pub const fn fits(self, version: Version) -> bool {
        match version {
            Version::V2 => self.whole_secs().is_some(),
            Version::V3 => self.0 <= Self::MAX_V3.0,
        }
    }
}

impl TryFrom<u8> for Vrid {
    type Error = FieldError;

    fn try_from(vrid: u8) -> Result<Self, FieldError> {
        Self::new(vrid).ok_or(FieldError::Vrid)
    }
}

impl From<u8> for Priority {
    fn from(priority: u8) -> Self {
        Self(priority)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number())
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        })
    }
}

impl fmt::Display for Vrid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for AdverInterval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.whole_secs() {
            Some(secs) => write!(f, "{secs}s"),
            None => write!(f, "{}ms", u32::from(self.0) * 10),
        }
    }
}
