#[cfg(feature = "tls")]
mod config;
#[cfg(feature = "tls")]
mod handshake;
#[cfg(feature = "tls")]
mod roots;
#[cfg(feature = "tls")]
mod unverified;

use std::path::PathBuf;
use std::sync::Arc;

/// How a server proves who it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tls {
    /// Whose name the certificate must carry and SNI asks for, rather than the URL's host.
    pub server_name: Option<Arc<str>>,
    trust: Trust,
    #[cfg(feature = "tls")]
    config: config::Cached,
}

impl Tls {
    /// Proof to those who are trusted. What it is made of is loaded at the first run, once for this and its clones.
    #[must_use]
    pub fn new(trust: Trust) -> Self {
        Self { trust, ..Self::default() }
    }

    /// Whose word counts.
    #[must_use]
    pub const fn trust(&self) -> &Trust {
        &self.trust
    }
}

/// Whose word counts for a server's certificate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Trust {
    /// The system's roots, as they were when a check first needed them.
    #[default]
    System,
    /// The certificates of this PEM file.
    File(PathBuf),
    /// Nobody's: any certificate is taken (`insecure`).
    Anything,
}

#[cfg(not(feature = "tls"))]
impl Tls {
    /// [`Url::parse`](super::Url::parse) lets no URL through that would come here.
    #[expect(clippy::unused_async, reason = "the one with TLS waits")]
    pub(super) async fn handshake(
        &self,
        _host: &crate::probe::Host,
        _stream: tokio::net::TcpStream,
    ) -> Result<tokio::net::TcpStream, crate::Outcome> {
        Err(crate::Outcome::CouldNotRun("this build is without TLS".into()))
    }
}
