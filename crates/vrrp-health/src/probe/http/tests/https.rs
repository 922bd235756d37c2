use std::io::Write;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tempfile::NamedTempFile;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::server::{answer, request, say};
use super::*;
use crate::probe::http::{Tls, Trust};

/// An authority, and the file that holds its certificate.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: NamedTempFile,
}

impl Authority {
    fn new() -> Self {
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let mut file = NamedTempFile::new().unwrap();
        parameters.distinguished_name.push(DnType::CommonName, file.path().display().to_string());
        let issuer = CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();
        file.write_all(issuer.pem().as_bytes()).unwrap();
        Self { issuer, file }
    }

    fn trust(&self) -> Trust {
        Trust::File(self.file.path().to_owned())
    }

    /// A server that says `pong`, with a certificate for `name`.
    async fn server(&self, name: &str, set: impl FnOnce(&mut CertificateParams)) -> Server {
        let mut parameters = CertificateParams::new([name.to_owned()]).unwrap();
        set(&mut parameters);
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let config = builder.with_single_cert(vec![certificate.der().clone()], key).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Server::start(move |stream: TcpStream| {
            let acceptor = acceptor.clone();
            async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                request(&mut stream).await;
                say(&mut stream, answer("200 OK", "pong").as_bytes()).await;
            }
        })
        .await
    }
}

/// A check over TLS that the body is `pong`.
fn check(server: &Server, host: &str, trust: Trust) -> Http {
    let mut http = Http::get(Url::parse(&format!("https://{host}:{}/", server.at.port())).unwrap());
    http.body.equals = Some("pong".into());
    http.tls = Tls::new(trust);
    http
}

#[tokio::test]
async fn an_answer_over_tls_is_judged_like_any_other() {
    let authority = Authority::new();
    let server = authority.server("localhost", |_| ()).await;
    let mut http = check(&server, "localhost", authority.trust());
    assert_eq!(http.probe().await, Outcome::Ok);
    http.body.equals = Some("ping".into());
    assert_eq!(http.probe().await, failed(r#"body is "pong", expected "ping""#));
}

#[tokio::test]
async fn a_certificate_may_be_for_an_address() {
    let authority = Authority::new();
    let server = authority.server("127.0.0.1", |_| ()).await;
    assert_eq!(check(&server, "127.0.0.1", authority.trust()).probe().await, Outcome::Ok);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_a_failure_unless_that_name_is_asked_for() {
    let authority = Authority::new();
    let server = authority.server("api.example", |_| ()).await;
    let mut http = check(&server, "localhost", authority.trust());
    let Outcome::Failed(words) = http.probe().await else { panic!() };
    assert!(words.starts_with("certificate: for ") && words.contains("api.example"), "{words}");
    assert!(words.ends_with(", not for localhost"), "{words}");
    http.tls.server_name = Some("api.example".into());
    assert_eq!(http.probe().await, Outcome::Ok);
}

#[tokio::test]
async fn an_expired_certificate_is_a_failure() {
    let authority = Authority::new();
    let expired = |parameters: &mut CertificateParams| {
        parameters.not_before = date_time_ymd(2000, 1, 1);
        parameters.not_after = date_time_ymd(2001, 1, 1);
    };
    let server = authority.server("localhost", expired).await;
    let outcome = check(&server, "localhost", authority.trust()).probe().await;
    let expired = |words: &str| words.starts_with("certificate: expired ") && words.ends_with(" s ago");
    assert!(matches!(&outcome, Outcome::Failed(words) if expired(words)), "{outcome:?}");
}

#[tokio::test]
async fn a_certificate_of_the_future_is_a_failure() {
    let authority = Authority::new();
    let early = |parameters: &mut CertificateParams| parameters.not_before = date_time_ymd(4000, 1, 1);
    let server = authority.server("localhost", early).await;
    let outcome = check(&server, "localhost", authority.trust()).probe().await;
    let early = "certificate: not valid for another ";
    assert!(matches!(&outcome, Outcome::Failed(words) if words.starts_with(early)), "{outcome:?}");
}

#[tokio::test]
async fn a_certificate_of_a_stranger_is_a_failure_unless_anything_is_taken() {
    let (known, stranger) = (Authority::new(), Authority::new());
    let server = stranger.server("localhost", |_| ()).await;
    let untrusted = failed("certificate: its issuer is not trusted");
    assert_eq!(check(&server, "localhost", known.trust()).probe().await, untrusted);
    assert_eq!(check(&server, "localhost", Trust::Anything).probe().await, Outcome::Ok);
    assert_eq!(check(&server, "127.0.0.1", Trust::Anything).probe().await, Outcome::Ok);
}

#[tokio::test]
async fn the_file_of_an_authority_is_read_once_and_when_it_is_there() {
    let authority = Authority::new();
    let server = authority.server("localhost", |_| ()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let http = check(&server, "localhost", Trust::File(path.clone()));
    let missing = format!("cannot read certificates from {}: no such file or directory", path.display());
    assert_eq!(http.probe().await, Outcome::CouldNotRun(missing.into()));
    std::fs::write(&path, "no certificate").unwrap();
    let empty = format!("{} holds no certificate", path.display());
    assert_eq!(http.probe().await, Outcome::CouldNotRun(empty.into()));
    std::fs::copy(authority.file.path(), &path).unwrap();
    assert_eq!(http.probe().await, Outcome::Ok);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(http.clone().probe().await, Outcome::Ok, "clones share what was loaded");
}

#[tokio::test]
async fn a_server_without_tls_is_a_failure() {
    let server = Server::start(|mut stream: TcpStream| async move {
        say(&mut stream, answer("400 Bad Request", "").as_bytes()).await;
    });
    let server = server.await;
    let outcome = check(&server, "localhost", Trust::Anything).probe().await;
    assert!(matches!(&outcome, Outcome::Failed(words) if words.starts_with("TLS: ")), "{outcome:?}");
    let closing = Server::start(|stream: TcpStream| async move { drop(stream) }).await;
    let outcome = check(&closing, "localhost", Trust::Anything).probe().await;
    assert!(matches!(&outcome, Outcome::Failed(words) if words.starts_with("TLS: connection ")), "{outcome:?}");
}
