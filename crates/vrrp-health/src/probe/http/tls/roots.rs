use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

/// The system's roots: some 0.3 MB, so they are loaded when a check first needs them, and once.
static SYSTEM: OnceCell<Arc<RootCertStore>> = OnceCell::const_new();

/// Why there are no roots.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoRoots {
    #[error("the system has no root certificates{0}")]
    System(Box<str>),
    #[error("cannot read certificates from {}: {}", .0.display(), pem_words(.1))]
    File(PathBuf, pem::Error),
    #[error("{} holds no certificate", .0.display())]
    Empty(PathBuf),
    #[error("a certificate in {} cannot be a root: {}", .0.display(), .1)]
    Root(PathBuf, rustls::Error),
    #[error("loading root certificates was given up")]
    GivenUp,
}

fn pem_words(error: &pem::Error) -> String {
    if let pem::Error::Io(error) = error { crate::probe::connect::io_words(error) } else { error.to_string() }
}

pub(super) async fn system() -> Result<Arc<RootCertStore>, NoRoots> {
    SYSTEM.get_or_try_init(|| aside(load_system)).await.cloned()
}

pub(super) async fn file(path: PathBuf) -> Result<Arc<RootCertStore>, NoRoots> {
    aside(move || load(&path)).await
}

/// Reads files on a thread where that delays nobody.
async fn aside(
    load: impl FnOnce() -> Result<RootCertStore, NoRoots> + Send + 'static,
) -> Result<Arc<RootCertStore>, NoRoots> {
    spawn_blocking(load).await.map_err(|_| NoRoots::GivenUp)?.map(Arc::new)
}

fn load_system() -> Result<RootCertStore, NoRoots> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let why = found.errors.first().map(|error| format!(": {error}")).unwrap_or_default();
        return Err(NoRoots::System(why.into()));
    }
    Ok(roots)
}

fn load(path: &Path) -> Result<RootCertStore, NoRoots> {
    let unreadable = |error| NoRoots::File(path.to_owned(), error);
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(unreadable)? {
        let certificate = certificate.map_err(unreadable)?;
        roots.add(certificate).map_err(|error| NoRoots::Root(path.to_owned(), error))?;
    }
    if roots.is_empty() { Err(NoRoots::Empty(path.to_owned())) } else { Ok(roots) }
}
