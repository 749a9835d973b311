//! The way to the manager of an Asterisk: TCP, or TLS over it. It knows no message.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, InvalidMessage};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::tls::{self, Mistrusted, TlsError, Trust};
use crate::words::Saying;

/// How long opening a connection may take, TLS included.
const CONNECT: Duration = Duration::from_secs(5);

/// Where a manager listens.
#[derive(Clone, Debug)]
pub struct Server {
    host: String,
    port: u16,
    tls: Option<Arc<ClientConfig>>,
}

/// Why there is no connection. Each says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.saying())]
pub enum ConnectError {
    /// Nobody answers.
    Unreachable {
        /// Host and port.
        address: String,
        /// The system's reason.
        source: io::Error,
    },
    /// It shows a certificate that is not believed.
    Mistrusted(#[from] Mistrusted),
    /// It answers, but not in TLS that can be used.
    NotTls {
        /// Host and port.
        address: String,
        /// What went wrong.
        says: String,
    },
    /// No certificate can be for such a host.
    Host(String),
}

impl ConnectError {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            ConnectError::Unreachable { address, source } => Saying::of("said.ami_unreachable")
                .with("address", address)
                .with("why", source),
            ConnectError::Mistrusted(error) => error.saying(),
            ConnectError::NotTls { address, says } => Saying::of("said.ami_not_tls")
                .with("address", address)
                .with("says", says),
            ConnectError::Host(host) => Saying::of("said.ami_host").with("host", host),
        }
    }

    /// Whether somebody has to change something before it can work.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        !matches!(self, ConnectError::Unreachable { .. })
    }
}

/// An open connection.
#[derive(Debug)]
pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Server {
    /// The manager at `host:port`, without TLS.
    #[must_use]
    pub fn new(host: &str, port: u16) -> Self {
        Server {
            host: host.to_owned(),
            port,
            tls: None,
        }
    }

    /// The same over TLS.
    ///
    /// # Errors
    /// When the authorities of `trust` cannot be used.
    pub fn over_tls(self, trust: &Trust) -> Result<Self, TlsError> {
        let tls = Some(Arc::new(tls::client(trust)?));
        Ok(Server { tls, ..self })
    }

    /// What it says first, without its line end: `Asterisk Call Manager/` and a version, from an Asterisk. At most 512
    /// bytes, and empty when nothing is said for five seconds.
    ///
    /// # Errors
    /// When there is no connection.
    pub async fn banner(&self) -> Result<String, ConnectError> {
        let heard = match self.open().await? {
            Stream::Plain(stream) => timeout(CONNECT, first_line(stream)).await,
            Stream::Tls(stream) => timeout(CONNECT, first_line(stream)).await,
        };
        let line = heard.unwrap_or_else(|_| Ok(Vec::new()));
        let line = line.map_err(|source| self.unreachable(source))?;
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }

    pub(super) async fn open(&self) -> Result<Stream, ConnectError> {
        let late = || self.unreachable(io::ErrorKind::TimedOut.into());
        timeout(CONNECT, self.connect()).await.unwrap_or_else(|_| Err(late()))
    }

    async fn connect(&self) -> Result<Stream, ConnectError> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await;
        let stream = stream.map_err(|source| self.unreachable(source))?;
        let Some(config) = &self.tls else {
            return Ok(Stream::Plain(stream));
        };
        let name = ServerName::try_from(self.host.clone()).map_err(|_| ConnectError::Host(self.host.clone()))?;
        let connected = TlsConnector::from(Arc::clone(config)).connect(name, stream).await;
        connected
            .map(|stream| Stream::Tls(Box::new(stream)))
            .map_err(|error| self.why(error))
    }

    fn unreachable(&self, source: io::Error) -> ConnectError {
        ConnectError::Unreachable {
            address: self.address(),
            source,
        }
    }

    /// What the failure of a handshake means.
    fn why(&self, error: io::Error) -> ConnectError {
        let found = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        let says = match found {
            None => return self.unreachable(error),
            Some(rustls::Error::Other(other)) => match other.0.downcast_ref::<Mistrusted>() {
                Some(mistrusted) => return mistrusted.clone().into(),
                None => other.to_string(),
            },
            Some(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType)) => {
                "it answers without encryption".to_owned()
            }
            Some(other) => other.to_string(),
        };
        ConnectError::NotTls {
            address: self.address(),
            says,
        }
    }

    fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

async fn first_line<S: AsyncRead + Unpin>(stream: S) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    BufReader::new(stream.take(512)).read_until(b'\n', &mut line).await?;
    Ok(line)
}
