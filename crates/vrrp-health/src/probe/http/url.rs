use core::fmt;
use std::sync::Arc;

use hyper::Uri;
use hyper::header::HeaderValue;

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
pub struct Url(Arc<Parts>);

#[derive(Debug, PartialEq, Eq)]
struct Parts {
    scheme: Scheme,
    endpoint: Endpoint,
    host: HeaderValue,
    target: Uri,
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
        let port = match authority.as_str().strip_prefix(authority.host()) {
            Some("") | None => scheme.port(),
            Some(port) => port.strip_prefix(':').and_then(|port| port.parse().ok()).ok_or_else(wrong)?,
        };
        let endpoint = Endpoint { host: Host::parse(authority.host())?, port };
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let target = if target.starts_with('/') { target.into() } else { format!("/{target}") };
        let target = target.parse().map_err(|_| wrong())?;
        let host = HeaderValue::from_str(authority.as_str()).map_err(|_| wrong())?;
        Ok(Self(Arc::new(Parts { scheme, endpoint, host, target })))
    }

    /// How its server is spoken to.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.0.scheme
    }

    /// Where its server is.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.0.endpoint
    }

    /// What the `Host` header says.
    pub(super) fn host(&self) -> HeaderValue {
        self.0.host.clone()
    }

    /// What the request line asks for.
    pub(super) fn target(&self) -> Uri {
        self.0.target.clone()
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
        let Parts { scheme, host, target, .. } = &*self.0;
        let scheme = match scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        write!(f, "{scheme}://{}{target}", host.to_str().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_a_scheme_an_endpoint_and_what_is_asked_there() {
        let url = Url::parse("http://localhost:8080/ping?a=b").unwrap();
        assert_eq!((url.scheme(), url.endpoint().to_string().as_str()), (Scheme::Http, "localhost:8080"));
        assert_eq!(url.target(), "/ping?a=b");
        assert_eq!(url.to_string(), "http://localhost:8080/ping?a=b");
    }

    #[test]
    fn a_port_follows_from_the_scheme_and_a_path_from_its_absence() {
        assert_eq!(Url::parse("http://[::1]").unwrap().endpoint().to_string(), "[::1]:80");
        assert_eq!(Url::parse("http://a.example").unwrap().target(), "/");
        assert_eq!(Url::parse("http://a.example?q").unwrap().target(), "/?q");
        #[cfg(feature = "tls")]
        assert_eq!(Url::parse("https://a.example/").unwrap().endpoint().port, 443);
        #[cfg(not(feature = "tls"))]
        assert_eq!(Url::parse("https://a/"), Err(SpecError::TlsLeftOut("https://a/".into())));
    }

    #[test]
    fn what_is_no_url_of_ours_is_refused() {
        let not =
            ["", "/ping", "localhost:80", "ftp://a/", "http://", "http://a:70000/", "http://u:p@a/", "http://a:/"];
        for text in not {
            assert!(Url::parse(text).is_err(), "{text}");
        }
    }
}
