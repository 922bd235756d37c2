use core::fmt;
use core::net::IpAddr;

use serde::{Deserialize, Serialize};

/// One line of `unicast_peer`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnicastPeer {
    /// Where advertisements go and come from.
    pub address: IpAddr,
    /// `min_ttl`: the least TTL or hop limit accepted from it.
    #[serde(default)]
    pub min_ttl: u8,
    /// `max_ttl`: the greatest.
    #[serde(default = "most")]
    pub max_ttl: u8,
}

impl UnicastPeer {
    /// A peer from which any TTL is accepted.
    pub const fn new(address: IpAddr) -> Self {
        Self { address, min_ttl: 0, max_ttl: u8::MAX }
    }
}

impl fmt::Display for UnicastPeer {
    /// The line as keepalived reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.address)?;
        if self.min_ttl != 0 {
            write!(f, " min_ttl {}", self.min_ttl)?;
        }
        if self.max_ttl != u8::MAX {
            write!(f, " max_ttl {}", self.max_ttl)?;
        }
        Ok(())
    }
}

const fn most() -> u8 {
    u8::MAX
}
