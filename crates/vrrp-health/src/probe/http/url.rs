use core::fmt;

use hyper::Uri;

use crate::probe::{Endpoint, Host, SpecError};

/// How a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// Over TLS.
    Https,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    pub(super) scheme: Scheme,
    pub(super) endpoint: Endpoint,
    pub(super) authority: Box<str>,
    pub(super) target: Uri,
}

impl Url {
    /// Reads `http://HOST[:PORT][/PATH][?QUERY]`, or `https`.
    ///
    /// # Errors
    ///
    /// [`SpecError::Url`], [`SpecError::Host`], and [`SpecError::TlsLeftOut`] in a build without the feature `tls`.
    pub fn parse(text: &str) -> Result<Self, SpecError> {
        let wrong = || SpecError::Url(text.into());
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let scheme = match uri.scheme_str() {
            Some("http") => Scheme::Http,
            Some("https") if cfg!(feature = "tls") => Scheme::Https,
            Some("https") => return Err(SpecError::TlsLeftOut(text.into())),
            _ => return Err(wrong()),
        };
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or_else(wrong)?;
        let port = match authority.port() {
            Some(port) => port.as_str().parse().map_err(|_| wrong())?,
            None if authority.as_str().ends_with(':') => return Err(wrong()),
            None => scheme.port(),
        };
        let endpoint = Endpoint { host: Host::parse(authority.host())?, port };
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let target = target.parse().map_err(|_| wrong())?;
        Ok(Self { scheme, endpoint, authority: authority.as_str().into(), target })
    }

    /// How its server is spoken to.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Where its server is.
    #[must_use]
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }
}

impl Scheme {
    const fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        write!(f, "{scheme}://{}{}", self.authority, self.target)
    }
}
