use std::path::PathBuf;
use std::sync::Arc;

/// How a server proves who it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tls {
    /// Whose name the certificate must carry and SNI asks for, rather than the URL's host.
    pub server_name: Option<Arc<str>>,
    /// Whose word counts.
    pub trust: Trust,
}

/// Whose word counts for a server's certificate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Trust {
    /// The system's roots.
    #[default]
    System,
    /// The certificates of this PEM file.
    File(PathBuf),
    /// Nobody's: any certificate is taken (`insecure`).
    Anything,
}
