//! The socket: UDP, TCP or TLS to one phone system, giving and taking whole messages. Knows nothing of their meaning.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::message::{Frames, Malformed};
use super::{Account, Transport};
use crate::words::Saying;

/// How long opening a connection may take, the TLS handshake included.
const CONNECT: Duration = Duration::from_secs(8);
/// The largest datagram there is.
const DATAGRAM: usize = 65_535;

/// Why there is no connection, or no more. Each says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.saying())]
pub(super) enum LinkError {
    Unknown { server: String, source: io::Error },
    Connect { server: String, source: io::Error },
    Tls { server: String, source: io::Error },
    Name { server: String },
    Authority { path: PathBuf, says: String },
    NoAuthority,
    Provider(#[from] rustls::Error),
    Broke(#[from] io::Error),
    Closed,
    NotSip(#[from] Malformed),
}

impl LinkError {
    /// What is wrong and what to do.
    pub(super) fn saying(&self) -> Saying {
        match self {
            LinkError::Unknown { server, source } => Saying::of("said.sip_unknown")
                .with("server", server)
                .with("why", source),
            LinkError::Connect { server, source } => Saying::of("said.sip_unreachable")
                .with("server", server)
                .with("why", source),
            LinkError::Tls { server, source } => Saying::of("said.sip_tls").with("server", server).with("why", source),
            LinkError::Name { server } => Saying::of("said.sip_no_name").with("server", server),
            LinkError::Authority { path, says } => Saying::of("said.ca_file")
                .with("path", path.display())
                .with("why", says),
            LinkError::NoAuthority => Saying::of("said.sip_no_authority"),
            LinkError::Provider(error) => Saying::of("said.no_tls").with("why", error),
            LinkError::Broke(error) => Saying::of("said.sip_broke").with("why", error),
            LinkError::Closed => Saying::of("said.sip_closed"),
            LinkError::NotSip(error) => Saying::of("said.not_sip").with("why", error),
        }
    }
}

/// An open connection.
pub(super) struct Link {
    local: SocketAddr,
    socket: Socket,
    buffer: Vec<u8>,
}

enum Socket {
    Udp(UdpSocket),
    Tcp(TcpStream, Frames),
    Tls(Box<TlsStream<TcpStream>>, Frames),
}

impl Link {
    /// Opens a connection.
    pub(super) async fn open(account: &Account) -> Result<Self, LinkError> {
        let socket = match account.transport {
            Transport::Udp => Socket::Udp(udp(account).await?),
            Transport::Tcp => Socket::Tcp(tcp(account).await?, Frames::default()),
            Transport::Tls => Socket::Tls(Box::new(tls(account).await?), Frames::default()),
        };
        let local = match &socket {
            Socket::Udp(socket) => socket.local_addr(),
            Socket::Tcp(stream, _) => stream.local_addr(),
            Socket::Tls(stream, _) => stream.get_ref().0.local_addr(),
        };
        Ok(Link {
            local: local?,
            socket,
            buffer: vec![0; DATAGRAM],
        })
    }

    /// Our end.
    pub(super) fn local(&self) -> SocketAddr {
        self.local
    }

    /// The bytes of the next message. May be dropped while it waits; nothing gets lost.
    pub(super) async fn receive(&mut self) -> Result<Vec<u8>, LinkError> {
        loop {
            let (read, frames) = match &mut self.socket {
                Socket::Udp(socket) => {
                    let read = socket.recv(&mut self.buffer).await?;
                    return Ok(self.buffer[..read].to_vec());
                }
                Socket::Tcp(stream, frames) => match frames.take()? {
                    Some(message) => return Ok(message),
                    None => (stream.read(&mut self.buffer).await?, frames),
                },
                Socket::Tls(stream, frames) => match frames.take()? {
                    Some(message) => return Ok(message),
                    None => (stream.read(&mut self.buffer).await?, frames),
                },
            };
            if read == 0 {
                return Err(LinkError::Closed);
            }
            frames.push(&self.buffer[..read]);
        }
    }

    /// Sends whole messages.
    pub(super) async fn send(&mut self, messages: Vec<Vec<u8>>) -> Result<(), LinkError> {
        for message in messages {
            match &mut self.socket {
                Socket::Udp(socket) => {
                    socket.send(&message).await?;
                }
                Socket::Tcp(stream, _) => stream.write_all(&message).await?,
                Socket::Tls(stream, _) => {
                    stream.write_all(&message).await?;
                    stream.flush().await?;
                }
            }
        }
        Ok(())
    }
}

async fn addresses(account: &Account) -> Result<Vec<SocketAddr>, LinkError> {
    let found = tokio::net::lookup_host((account.host.trim_matches(['[', ']']), account.port)).await;
    let unknown = |source| LinkError::Unknown {
        server: account.server(),
        source,
    };
    let found: Vec<SocketAddr> = found.map_err(unknown)?.collect();
    if found.is_empty() {
        return Err(unknown(io::ErrorKind::NotFound.into()));
    }
    Ok(found)
}

/// Connected, so that a phone system that is down is noticed and nobody else is listened to.
async fn udp(account: &Account) -> Result<UdpSocket, LinkError> {
    let server = addresses(account).await?[0];
    let any: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let no_connection = |source| LinkError::Connect {
        server: account.server(),
        source,
    };
    let socket = UdpSocket::bind(any).await.map_err(no_connection)?;
    socket.connect(server).await.map_err(no_connection)?;
    Ok(socket)
}

async fn tcp(account: &Account) -> Result<TcpStream, LinkError> {
    let addresses = addresses(account).await?;
    let connecting = timeout(CONNECT, TcpStream::connect(&addresses[..])).await;
    let stream = connecting.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    let stream = stream.map_err(|source| LinkError::Connect {
        server: account.server(),
        source,
    })?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn tls(account: &Account) -> Result<TlsStream<TcpStream>, LinkError> {
    let roots = trusted(account.ca_file.as_deref())?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let host = account.host.trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host).map_err(|_| LinkError::Name {
        server: account.server(),
    })?;
    let stream = tcp(account).await?;
    let shaking = timeout(CONNECT, TlsConnector::from(Arc::new(config)).connect(name, stream)).await;
    let stream = shaking.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    stream.map_err(|source| LinkError::Tls {
        server: account.server(),
        source,
    })
}

/// The computer's authorities and those of `ca_file`.
fn trusted(ca_file: Option<&Path>) -> Result<RootCertStore, LinkError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca_file {
        let unreadable = |says: String| LinkError::Authority {
            path: path.to_owned(),
            says,
        };
        let certificates = CertificateDer::pem_file_iter(path).map_err(|error| unreadable(error.to_string()))?;
        let before = roots.len();
        for certificate in certificates {
            let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
            roots.add(certificate).map_err(|error| unreadable(error.to_string()))?;
        }
        if roots.len() == before {
            return Err(unreadable("no certificate in it".to_owned()));
        }
    }
    if roots.is_empty() {
        Err(LinkError::NoAuthority)
    } else {
        Ok(roots)
    }
}
