//! Encryption of the endpoint: a certificate that was given or made here, and connections that are shaken hands with
//! beside each other.
//!
//! It does not know HTTP. A self-made certificate is kept, so that its fingerprint stays what a person once compared.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use ring::digest;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::config::write_durably;
use crate::words::Saying;

/// The files of the self-made certificate in the home folder.
const CERTIFICATE: &str = "webhook.cert.pem";
const KEY: &str = "webhook.key.pem";

/// How long a handshake may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Handshakes at once; who comes while so many are on waits for the system's queue.
const HANDSHAKES: usize = 64;

/// Why an endpoint cannot be encrypted.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.saying())]
pub enum TlsError {
    /// A file cannot be read.
    Pem {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The two files do not belong together, or the key is of a kind that cannot be used.
    Pair(#[source] rustls::Error),
    /// A certificate cannot be made.
    Make(#[source] rcgen::Error),
    /// A certificate that was made cannot be kept.
    Keep {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
}

impl TlsError {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            TlsError::Pem { path, why } => Saying::of("said.hook_no_pem")
                .with("path", path.display())
                .with("why", why),
            TlsError::Pair(error) => Saying::of("said.hook_no_pair").with("why", error),
            TlsError::Make(error) => Saying::of("said.hook_no_certificate").with("why", error),
            TlsError::Keep { path, source } => Saying::of("said.hook_not_kept")
                .with("path", path.display())
                .with("why", source),
        }
    }
}

/// Who the endpoint is: a certificate and its key.
#[derive(Clone, Debug)]
pub struct Identity {
    config: Arc<ServerConfig>,
    fingerprint: String,
}

impl Identity {
    /// From two PEM files.
    ///
    /// # Errors
    /// When one of them cannot be read, or when they do not belong together.
    pub fn from_files(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let wrong = |path: &Path, why: String| TlsError::Pem {
            path: path.to_owned(),
            why,
        };
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect)
            .map_err(|error| wrong(certificate, error.to_string()))?;
        let Some(first) = chain.first() else {
            return Err(wrong(certificate, "it holds no certificate".to_owned()));
        };
        let fingerprint = fingerprint(first);
        let key = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, error.to_string()))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(chain, key))
            .map_err(TlsError::Pair)?;
        Ok(Identity {
            config: Arc::new(config),
            fingerprint,
        })
    }

    /// The one that was made in `folder`, or a new one for `names` (host names and addresses), kept there for its
    /// owner alone.
    ///
    /// # Errors
    /// When none can be made, kept or read again.
    pub fn self_made(folder: &Path, names: Vec<String>) -> Result<Self, TlsError> {
        let (certificate, key) = (folder.join(CERTIFICATE), folder.join(KEY));
        if !(certificate.exists() && key.exists()) {
            let made = rcgen::generate_simple_self_signed(names).map_err(TlsError::Make)?;
            keep(&key, &made.signing_key.serialize_pem())?;
            keep(&certificate, &made.cert.pem())?;
        }
        Identity::from_files(&certificate, &key)
    }

    /// The SHA-256 of the certificate in pairs of hexadecimal digits, as browsers and phone systems show it.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

fn keep(path: &Path, pem: &str) -> Result<(), TlsError> {
    write_durably(path, pem.as_bytes()).map_err(|source| TlsError::Keep {
        path: path.to_owned(),
        source,
    })
}

fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let hash = digest::digest(&digest::SHA256, certificate);
    let pairs: Vec<String> = hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

/// Connections after their handshake.
pub(super) struct TlsListener {
    address: SocketAddr,
    shaken: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl TlsListener {
    /// Takes connections from `tcp` until it is dropped.
    pub(super) fn new(tcp: TcpListener, identity: &Identity) -> io::Result<Self> {
        let address = tcp.local_addr()?;
        let acceptor = TlsAcceptor::from(identity.config.clone());
        let (shake, shaken) = mpsc::channel(HANDSHAKES);
        tokio::spawn(take(tcp, acceptor, shake));
        Ok(TlsListener { address, shaken })
    }
}

type Shaken = mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>;

/// One slow or silent peer must not keep the others waiting: each shakes hands in a task of its own, and holds a place
/// in the channel until it is done.
async fn take(mut tcp: TcpListener, acceptor: TlsAcceptor, shaken: Shaken) {
    while let Ok(place) = shaken.clone().reserve_owned().await {
        let (stream, peer) = tokio::select! {
            accepted = Listener::accept(&mut tcp) => accepted,
            () = shaken.closed() => return,
        };
        let handshake = acceptor.accept(stream);
        tokio::spawn(async move {
            match timeout(PATIENCE, handshake).await {
                Ok(Ok(stream)) => drop(place.send((stream, peer))),
                Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS handshake"),
                Err(_) => tracing::debug!(%peer, "the TLS handshake took too long"),
            }
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.shaken.recv().await {
            Some(accepted) => accepted,
            // The task that takes connections ends only with this listener.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}
