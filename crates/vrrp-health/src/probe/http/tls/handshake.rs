use std::io;

use rustls::CertificateError;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::Tls;
use crate::Outcome;
use crate::probe::Host;
use crate::probe::connect::io_words;

impl Tls {
    /// Makes `stream` a TLS connection to `host`.
    ///
    /// # Errors
    ///
    /// The outcome that the probe has without one.
    pub(in crate::probe::http) async fn handshake(
        &self,
        host: &Host,
        stream: TcpStream,
    ) -> Result<TlsStream<TcpStream>, Outcome> {
        let name = self.name(host)?;
        let config = self.config().await.map_err(|error| Outcome::CouldNotRun(error.to_string().into()))?;
        let connected = TlsConnector::from(config).connect(name, stream).await;
        connected.map_err(|error| Outcome::Failed(words(&error).into()))
    }

    fn name(&self, host: &Host) -> Result<ServerName<'static>, Outcome> {
        let named = |name: &str| {
            let parsed = ServerName::try_from(name.to_owned());
            parsed.map_err(|_| Outcome::CouldNotRun(format!("{name:?} is not a server name").into()))
        };
        match (&self.server_name, host) {
            (Some(name), _) | (None, Host::Name(name)) => named(name),
            (None, Host::Address(address)) => Ok((*address).into()),
        }
    }
}

fn words(error: &io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    if let Some(rustls::Error::InvalidCertificate(fault)) = inner {
        return format!("certificate: {}", certificate_words(fault));
    }
    if let Some(error) = inner {
        return format!("TLS: {error}");
    }
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return "TLS: connection closed during the handshake".to_owned();
    }
    format!("TLS: {}", io_words(error))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what is rare is said in the words of rustls")]
fn certificate_words(fault: &CertificateError) -> String {
    match fault {
        CertificateError::ExpiredContext { time, not_after } => {
            let since = time.as_secs().saturating_sub(not_after.as_secs());
            format!("expired {since} s ago")
        }
        CertificateError::NotValidYetContext { time, not_before } => {
            let until = not_before.as_secs().saturating_sub(time.as_secs());
            format!("not valid for another {until} s")
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            let names = if presented.is_empty() { "nobody".to_owned() } else { presented.join(", ") };
            format!("for {names}, not for {}", expected.to_str())
        }
        CertificateError::UnknownIssuer => "its issuer is not trusted".to_owned(),
        CertificateError::BadSignature => "its signature is not its issuer's".to_owned(),
        CertificateError::Revoked => "revoked".to_owned(),
        other => other.to_string(),
    }
}
