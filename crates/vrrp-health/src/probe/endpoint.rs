use core::fmt;
use core::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use super::SpecError;

/// A host by address or by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// An address.
    Address(IpAddr),
    /// A name, which each run resolves.
    Name(Arc<str>),
}

impl Host {
    /// Reads an address, in brackets or without, or a host name.
    ///
    /// # Errors
    ///
    /// [`SpecError::Host`] for everything else.
    pub fn parse(text: &str) -> Result<Self, SpecError> {
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        if let Ok(address) = bare.parse() {
            return Ok(Self::Address(address));
        }
        let lettered = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let name = !text.is_empty() && text.len() < 256 && text.chars().all(lettered) && !text.starts_with(['-', '.']);
        if name { Ok(Self::Name(text.into())) } else { Err(SpecError::Host(text.into())) }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
            Self::Address(address) => address.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

/// A host and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The host.
    pub host: Host,
    /// The port.
    pub port: u16,
}

impl Endpoint {
    /// Reads `HOST:PORT`, with an IPv6 address in brackets.
    ///
    /// # Errors
    ///
    /// [`SpecError::Endpoint`] where there is no port, [`SpecError::Host`] where the host is none.
    pub fn parse(text: &str) -> Result<Self, SpecError> {
        let wrong = || SpecError::Endpoint(text.into());
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        if host.contains(':') && !host.starts_with('[') {
            return Err(wrong());
        }
        Ok(Self { host: Host::parse(host)?, port: port.parse().map_err(|_| wrong())? })
    }
}

impl From<SocketAddr> for Endpoint {
    fn from(at: SocketAddr) -> Self {
        Self { host: Host::Address(at.ip()), port: at.port() }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_read_and_written_alike() {
        for text in ["127.0.0.1:80", "[::1]:8080", "localhost:1", "api.example.org:65535"] {
            assert_eq!(Endpoint::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_name_is_as_long_as_dns_has_them() {
        assert!(Host::parse(&"a".repeat(255)).is_ok());
        assert_eq!(Host::parse(&"a".repeat(256)), Err(SpecError::Host("a".repeat(256).into())));
    }

    #[test]
    fn an_address_that_is_known_is_an_endpoint() {
        assert_eq!(Endpoint::from(SocketAddr::from(([192, 0, 2, 1], 53))), Endpoint::parse("192.0.2.1:53").unwrap());
    }

    #[test]
    fn what_is_no_endpoint_is_refused() {
        for text in ["", "host", "host:", "host:65536", "::1:80", ":80", "a b:80", "-a:80", "fe80::1%eth0:80"] {
            assert!(Endpoint::parse(text).is_err(), "{text}");
        }
    }
}
