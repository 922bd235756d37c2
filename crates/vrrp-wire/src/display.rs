use core::fmt;

use crate::{Addresses, Advertisement, Authentication, Version};

/// One line after tcpdump's manner. The password of VRRPv2 is not in it: lines end up in logs.
///
/// ```text
/// VRRPv3 Advertisement vrid 51 prio 150 intvl 1s length 16 addrs 10.0.0.100,10.0.0.101
/// VRRPv2 Advertisement vrid 52 prio 150 authtype simple intvl 1s length 20 addrs 10.0.0.200
/// ```
impl fmt::Display for Advertisement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VRRPv{} Advertisement vrid {} prio {} ", self.version, self.vrid, self.priority)?;
        if self.version == Version::V2 {
            write!(f, "authtype {} ", self.authentication)?;
        }
        write!(f, "intvl {} length {} addrs {}", self.interval, self.encoded_len(), self.addresses)
    }
}

/// The addresses with commas between them.
impl fmt::Display for Addresses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, address) in self.iter().enumerate() {
            write!(f, "{}{address}", if index == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

/// The kind of authentication, never the password.
impl fmt::Display for Authentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Simple(_) => f.write_str("simple"),
            Self::Other(number) => number.fmt(f),
        }
    }
}
