//! The Asterisk feed over TLS: the certificate that is expected, and every other.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use ringside::feed::ami::{Server, TlsError, Trust};
use ringside::feed::{Signal, Tap};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ServerConfig, SupportedProtocolVersion};
use sha2::{Digest, Sha256};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::{NO_CHANNELS, NO_QUEUES, Running, WELCOME, action, greet, listener, say};

/// A certificate with its key, as a server has it.
struct Shown {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Shown {
    fn self_signed(host: &str) -> Self {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![host.to_owned()]).expect("a name");
        let certificate = params.self_signed(&key).expect("a certificate");
        Self::new(certificate.der(), &key)
    }

    fn signed_by(authority: &CertifiedIssuer<'_, KeyPair>, host: &str) -> Self {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![host.to_owned()]).expect("a name");
        Self::new(params.signed_by(&key, authority).expect("a certificate").der(), &key)
    }

    fn new(certificate: &CertificateDer<'_>, key: &KeyPair) -> Self {
        Shown {
            certificate: certificate.clone().into_owned(),
            key: PrivateKeyDer::try_from(key.serialize_der()).expect("a key"),
        }
    }

    /// As `ast_tls_cert` makes it with OpenSSL 3.0: `openssl x509 -req` without extensions.
    fn of_version_1() -> Self {
        let pem = include_bytes!("certificates/version-1.pem");
        Shown {
            certificate: CertificateDer::from_pem_slice(pem).expect("a certificate"),
            key: PrivateKeyDer::from_pem_slice(pem).expect("a key"),
        }
    }

    fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(&self.certificate).into()
    }

    /// Whether the key fits the certificate is not looked at.
    fn certified(self) -> CertifiedKey {
        let provider = rustls::crypto::ring::default_provider();
        let key = provider.key_provider.load_private_key(self.key).expect("a key");
        CertifiedKey::new(vec![self.certificate], key)
    }

    fn acceptor(self, versions: &[&'static SupportedProtocolVersion]) -> TlsAcceptor {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .expect("versions")
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(self.certified())));
        TlsAcceptor::from(Arc::new(config))
    }
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(vec![]).expect("no name");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}

fn pem(authority: &CertifiedIssuer<'_, KeyPair>) -> Trust {
    Trust::Authorities(authority.pem().into_bytes())
}

fn server(port: u16, trust: &Trust) -> Server {
    Server::new("127.0.0.1", port).over_tls(trust).expect("to be trusted")
}

async fn accept(listener: &TcpListener, acceptor: &TlsAcceptor) -> TlsStream<TcpStream> {
    let (stream, _) = listener.accept().await.expect("a connection");
    acceptor.accept(stream).await.expect("TLS")
}

/// Over TLS up to the moment when the feed is up.
async fn comes_up(shown: Shown, trust: &Trust, versions: &[&'static SupportedProtocolVersion]) {
    let (listener, port) = listener().await;
    let acceptor = shown.acceptor(versions);
    let mut feed = Running::over(server(port, trust), Tap::default());
    let mut stream = accept(&listener, &acceptor).await;
    greet(&mut stream, WELCOME).await;
    action(&mut stream).await;
    say(&mut stream, NO_CHANNELS).await;
    assert_eq!(feed.next().await, Signal::Resync(vec![]));
    assert!(action(&mut stream).await.contains("QueueStatus"));
    say(&mut stream, NO_QUEUES).await;
    assert_eq!(feed.next().await, Signal::Up { caveat: None });
}

/// What the feed says of a server with such a certificate.
async fn refusal(shown: Shown, trust: &Trust) -> String {
    let (listener, port) = listener().await;
    let acceptor = shown.acceptor(rustls::ALL_VERSIONS);
    let mut feed = Running::over(server(port, trust), Tap::default());
    let (stream, _) = listener.accept().await.expect("a connection");
    assert!(acceptor.accept(stream).await.is_err(), "it was trusted");
    match feed.next().await {
        Signal::Refused(why) => why.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn the_certificate_with_the_fingerprint_is_trusted_whatever_it_says_of_itself() {
    for versions in [&[&rustls::version::TLS12], &[&rustls::version::TLS13]] {
        let shown = Shown::self_signed("some.other.host");
        let trust = Trust::Fingerprint(shown.fingerprint());
        comes_up(shown, &trust, versions).await;
    }
}

#[tokio::test]
async fn a_certificate_of_version_1_is_trusted_by_its_fingerprint() {
    for versions in [&[&rustls::version::TLS12], &[&rustls::version::TLS13]] {
        let shown = Shown::of_version_1();
        let trust = Trust::Fingerprint(shown.fingerprint());
        comes_up(shown, &trust, versions).await;
    }
}

#[tokio::test]
async fn certificates_that_no_authority_can_vouch_for_are_refused_with_the_reason() {
    let said = refusal(Shown::of_version_1(), &pem(&authority())).await;
    assert!(
        said.contains("X.509 version 1, which only its fingerprint can vouch for"),
        "{said}"
    );
    let authority = authority();
    let own = Shown::new(authority.der(), authority.key());
    let said = refusal(own, &pem(&authority)).await;
    assert!(
        said.contains("an authority's own, which only its fingerprint can vouch for"),
        "{said}"
    );
}

#[tokio::test]
async fn a_certificate_of_the_given_authority_is_trusted() {
    let authority = authority();
    let shown = Shown::signed_by(&authority, "127.0.0.1");
    comes_up(shown, &pem(&authority), rustls::ALL_VERSIONS).await;
}

#[tokio::test]
async fn a_self_signed_certificate_is_refused_with_the_fingerprint_to_set() {
    let shown = Shown::self_signed("127.0.0.1");
    let fingerprint: Vec<String> = shown.fingerprint().iter().map(|byte| format!("{byte:02X}")).collect();
    let said = refusal(shown, &pem(&authority())).await;
    assert!(
        said.contains(&format!("fingerprint = \"{}\"", fingerprint.join(":"))),
        "{said}"
    );
    assert!(
        said.contains("signed by nobody who is trusted here") && said.contains("openssl x509"),
        "{said}"
    );
}

#[tokio::test]
async fn another_certificate_than_the_one_with_the_fingerprint_is_refused() {
    let expected = Shown::self_signed("127.0.0.1").fingerprint();
    let said = refusal(Shown::self_signed("127.0.0.1"), &Trust::Fingerprint(expected)).await;
    assert!(said.contains("another one than the feed's fingerprint names"), "{said}");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let authority = authority();
    let said = refusal(Shown::signed_by(&authority, "mail.example"), &pem(&authority)).await;
    assert!(said.contains("for another host than the feed's"), "{said}");
}

#[tokio::test]
async fn an_unknown_certificate_is_refused_where_only_the_system_is_trusted() {
    let said = refusal(Shown::self_signed("127.0.0.1"), &Trust::System).await;
    assert!(
        said.contains("is not to be trusted") && said.contains("fingerprint = \""),
        "{said}"
    );
}

#[tokio::test]
async fn a_server_that_shows_a_certificate_without_having_its_key_is_refused() {
    let stolen = Shown::self_signed("127.0.0.1");
    let trust = Trust::Fingerprint(stolen.fingerprint());
    let thief = Shown {
        certificate: stolen.certificate,
        key: Shown::self_signed("127.0.0.1").key,
    };
    let (listener, port) = listener().await;
    let mut feed = Running::over(server(port, &trust), Tap::default());
    let (stream, _) = listener.accept().await.expect("a connection");
    let acceptor = thief.acceptor(rustls::ALL_VERSIONS);
    assert!(acceptor.accept(stream).await.is_err(), "it was trusted");
    assert!(matches!(feed.next().await, Signal::Refused(_)));
}

#[tokio::test]
async fn a_port_without_tls_is_named() {
    let (listener, port) = listener().await;
    let mut feed = Running::over(server(port, &Trust::Fingerprint([0; 32])), Tap::default());
    let (mut stream, _) = listener.accept().await.expect("a connection");
    say(&mut stream, "Asterisk Call Manager/11.0.0\r\n").await;
    let Signal::Refused(why) = feed.next().await else {
        panic!("not refused")
    };
    assert!(
        why.to_string().contains("answers without encryption") && why.to_string().contains("tlsbindaddr"),
        "{why}"
    );
}

#[test]
fn a_ca_file_that_is_none_is_refused() {
    let made = Server::new("127.0.0.1", 1).over_tls(&Trust::Authorities(b"hello".to_vec()));
    assert!(matches!(made, Err(TlsError::NoAuthority(_))));
}
