//! TLS to an Asterisk: which certificate it may show, and what to do about any other.
//!
//! Asterisk's own script (`ast_tls_cert`) makes certificates that name no host and are often of X.509
//! version 1, which no library takes as a server's: such a one is known by its fingerprint.

use std::fmt;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};
use sha2::{Digest as _, Sha256};
use webpki::RawPublicKeyEntity;

use crate::words::Saying;

/// Whom to believe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The authorities that this computer trusts.
    System,
    /// The authorities in this PEM text, for example a company's own.
    Authorities(Vec<u8>),
    /// The one certificate with this SHA-256 fingerprint, whatever it says of itself.
    Fingerprint([u8; 32]),
}

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.saying())]
pub enum TlsError {
    /// The PEM text has no certificate that can be used.
    NoAuthority(String),
    /// The system's authorities cannot be used.
    NoSystem(rustls::Error),
}

impl TlsError {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            TlsError::NoAuthority(why) => Saying::of("said.tls_no_authority").with("why", why),
            TlsError::NoSystem(why) => Saying::of("said.tls_no_system").with("why", why),
        }
    }
}

/// A certificate that is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.saying())]
pub struct Mistrusted {
    /// What is wrong with it.
    pub why: Saying,
    /// The SHA-256 fingerprint of the certificate that was shown.
    pub seen: [u8; 32],
}

impl Mistrusted {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        Saying::of("said.tls_mistrusted")
            .with_said("why", self.why.clone())
            .with("fingerprint", Hex(&self.seen))
    }
}

/// Thirty-two bytes as `AB:CD:…`.
struct Hex<'a>(&'a [u8; 32]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, rest) = self.0.split_at(1);
        write!(f, "{:02X}", first[0])?;
        rest.iter().try_for_each(|byte| write!(f, ":{byte:02X}"))
    }
}

/// What a TLS connection is opened with.
///
/// # Errors
/// When the authorities cannot be used.
pub(super) fn client(trust: &Trust) -> Result<ClientConfig, TlsError> {
    let provider = Arc::new(ring::default_provider());
    let known = match trust {
        Trust::System => Known::Chain(Arc::new(
            rustls_platform_verifier::Verifier::new(Arc::clone(&provider)).map_err(TlsError::NoSystem)?,
        )),
        Trust::Authorities(pem) => Known::Chain(authorities(pem, &provider)?),
        Trust::Fingerprint(wanted) => Known::Fingerprint(*wanted),
    };
    let verifier = Arc::new(Verifier {
        known,
        algorithms: provider.signature_verification_algorithms,
    });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsError::NoSystem)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

fn authorities(pem: &[u8], provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| TlsError::NoAuthority(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| TlsError::NoAuthority(error.to_string()))?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
    Ok(verifier.map_err(|error| TlsError::NoAuthority(error.to_string()))?)
}

/// Judges the certificate, and says of a wrong one which it is.
#[derive(Debug)]
struct Verifier {
    known: Known,
    algorithms: WebPkiSupportedAlgorithms,
}

#[derive(Debug)]
enum Known {
    Chain(Arc<dyn ServerCertVerifier>),
    Fingerprint([u8; 32]),
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let seen: [u8; 32] = Sha256::digest(end_entity).into();
        let why = match &self.known {
            Known::Fingerprint(wanted) if *wanted == seen => return Ok(ServerCertVerified::assertion()),
            Known::Fingerprint(_) => Saying::of("said.tls_other_fingerprint"),
            Known::Chain(chain) => {
                match chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
                    Ok(verified) => return Ok(verified),
                    Err(error) => in_words(&error),
                }
            }
        };
        Err(rustls::Error::Other(OtherError(Arc::new(Mistrusted { why, seen }))))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        match &self.known {
            Known::Chain(chain) => chain.verify_tls12_signature(message, cert, dss),
            Known::Fingerprint(_) => self.verify(message, cert, dss),
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        match &self.known {
            Known::Chain(chain) => chain.verify_tls13_signature(message, cert, dss),
            Known::Fingerprint(_) => self.verify(message, cert, dss),
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl Verifier {
    /// That the other side has the key of the certificate. Rustls' own check takes no certificate of version 1.
    fn verify(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let bad = |error| rustls::Error::InvalidCertificate(error);
        let key = public_key(cert).ok_or(bad(CertificateError::BadEncoding))?;
        let key = SubjectPublicKeyInfoDer::from(key);
        let key = RawPublicKeyEntity::try_from(&key).map_err(|_| bad(CertificateError::BadEncoding))?;
        let mut fitting = self
            .algorithms
            .mapping
            .iter()
            .filter(|(scheme, _)| *scheme == dss.scheme);
        let good = fitting.any(|(_, algorithms)| {
            algorithms
                .iter()
                .any(|algorithm| key.verify_signature(*algorithm, message, dss.signature()).is_ok())
        });
        if good {
            Ok(HandshakeSignatureValid::assertion())
        } else {
            Err(bad(CertificateError::BadSignature))
        }
    }
}

/// What rustls says of a certificate, for a person.
fn in_words(error: &rustls::Error) -> Saying {
    let rustls::Error::InvalidCertificate(wrong) = error else {
        return Saying::quoted(error);
    };
    match wrong {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => Saying::of("said.tls_unknown_issuer"),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Saying::of("said.tls_expired"),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Saying::of("said.tls_other_host")
        }
        CertificateError::Other(other) => match other.0.downcast_ref() {
            Some(webpki::Error::UnsupportedCertVersion) => Saying::of("said.tls_version_1"),
            Some(webpki::Error::CaUsedAsEndEntity) => Saying::of("said.tls_authority_itself"),
            _ => Saying::quoted(other),
        },
        other => Saying::quoted(other),
    }
}

/// The key in a certificate of any version (RFC 5280, 4.1): the sixth or seventh part of its first part.
fn public_key(cert: &[u8]) -> Option<&[u8]> {
    const VERSION: u8 = 0xA0;
    const SEQUENCE: u8 = 0x30;
    let (_, certificate, _) = part(cert)?;
    let (_, to_be_signed, _) = part(certificate)?;
    let mut rest = to_be_signed;
    if rest.first() == Some(&VERSION) {
        rest = part(rest)?.2;
    }
    // serial number, signature, issuer, validity, subject
    for _ in 0..5 {
        rest = part(rest)?.2;
    }
    let (tag, _, after) = part(rest)?;
    (tag == SEQUENCE).then(|| &rest[..rest.len() - after.len()])
}

/// The first DER value: its tag, its content, and what is behind it.
fn part(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
        if digits.len() > 4 {
            return None;
        }
        let length = digits.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        (length, rest)
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((tag, content, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_certificate_is_found_in_every_version() {
        let key = rcgen::KeyPair::generate().expect("a key");
        let spki = rcgen::PublicKeyData::subject_public_key_info(&key);
        let certificate = rcgen::CertificateParams::new(vec!["pbx".to_owned()])
            .and_then(|params| params.self_signed(&key))
            .expect("a certificate");
        assert_eq!(public_key(certificate.der()), Some(spki.as_slice()));
    }

    #[test]
    fn a_certificate_cut_anywhere_or_with_any_byte_changed_ends_nothing() {
        let key = rcgen::KeyPair::generate().expect("a key");
        let certificate = rcgen::CertificateParams::new(vec!["pbx".to_owned()])
            .and_then(|params| params.self_signed(&key))
            .expect("a certificate");
        let der = certificate.der().to_vec();
        for at in 0..der.len() {
            assert_eq!(public_key(&der[..at]), None, "cut at {at}");
            let mut changed = der.clone();
            changed[at] = !changed[at];
            let _ = public_key(&changed);
        }
    }

    #[test]
    fn a_ca_file_without_a_certificate_says_what_it_should_hold() {
        for pem in [
            "",
            "hello",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            let said = client(&Trust::Authorities(pem.into())).expect_err(pem).to_string();
            assert!(said.contains("ca_file") && said.contains("BEGIN CERTIFICATE"), "{said}");
        }
    }
}
