use core::fmt;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};
use tokio::sync::OnceCell;

use super::roots::{self, NoRoots};
use super::unverified::Unverified;
use super::{Tls, Trust};

/// What a check's handshakes have in common, made at the first. A failure is not kept: the next run tries again.
#[derive(Clone, Default)]
pub(super) struct Cached(Arc<OnceCell<Arc<ClientConfig>>>);

/// It follows from the trust beside it, which is compared.
impl PartialEq for Cached {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Cached {}

impl fmt::Debug for Cached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.initialized() { "Cached(loaded)" } else { "Cached" })
    }
}

/// Why no handshake can be begun.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoConfig {
    #[error(transparent)]
    Roots(#[from] NoRoots),
    #[error("TLS: {0}")]
    Rustls(#[from] rustls::Error),
}

impl Tls {
    pub(super) async fn config(&self) -> Result<Arc<ClientConfig>, NoConfig> {
        self.config.0.get_or_try_init(|| client(&self.trust)).await.cloned()
    }
}

async fn client(trust: &Trust) -> Result<Arc<ClientConfig>, NoConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = match trust {
        Trust::System => trusting(provider, roots::system().await?)?,
        Trust::File(path) => trusting(provider, roots::file(path.clone()).await?)?,
        Trust::Anything => unverified(provider)?,
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // A resumed session shows no certificate: one that has expired since would go unnoticed.
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
}

fn trusting(provider: Arc<CryptoProvider>, roots: Arc<RootCertStore>) -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn unverified(provider: Arc<CryptoProvider>) -> Result<ClientConfig, rustls::Error> {
    let verifier = Arc::new(Unverified(Arc::clone(&provider)));
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}
