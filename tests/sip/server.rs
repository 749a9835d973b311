//! A phone system's socket under a test's hand, over UDP, TCP and TLS.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ringside::feed::sip::message::{Frames, Message};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio_rustls::TlsAcceptor;

use super::folder;

pub(super) enum Listener {
    Udp(UdpSocket),
    Tcp(TcpListener),
    Tls(TcpListener, TlsAcceptor),
}

/// One connection of the feed.
pub(super) enum Peer<'a> {
    Udp(&'a UdpSocket, Option<SocketAddr>),
    Stream(Box<dyn Stream>, Frames),
}

pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

impl Listener {
    pub(super) async fn udp() -> Self {
        Listener::Udp(UdpSocket::bind("127.0.0.1:0").await.expect("a port"))
    }

    pub(super) async fn tcp() -> Self {
        Listener::Tcp(TcpListener::bind("127.0.0.1:0").await.expect("a port"))
    }

    pub(super) async fn tls() -> Self {
        let file = |name: &str| folder().join("tls").join(name);
        let certificate = CertificateDer::from_pem_file(file("localhost.pem")).expect("the certificate");
        let key = PrivateKeyDer::from_pem_file(file("localhost.key")).expect("its key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .expect("they fit");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        Listener::Tls(listener, TlsAcceptor::from(Arc::new(config)))
    }

    pub(super) fn port(&self) -> u16 {
        let address = match self {
            Listener::Udp(socket) => socket.local_addr(),
            Listener::Tcp(listener) | Listener::Tls(listener, _) => listener.local_addr(),
        };
        address.expect("bound").port()
    }

    /// The next connection; `None` when its handshake fails.
    pub(super) async fn accept(&self) -> Option<Peer<'_>> {
        match self {
            Listener::Udp(socket) => Some(Peer::Udp(socket, None)),
            Listener::Tcp(listener) => {
                let (stream, _) = listener.accept().await.expect("a connection");
                Some(Peer::Stream(Box::new(stream), Frames::default()))
            }
            Listener::Tls(listener, acceptor) => {
                let (stream, _) = listener.accept().await.expect("a connection");
                let stream = acceptor.accept(stream).await.ok()?;
                Some(Peer::Stream(Box::new(stream), Frames::default()))
            }
        }
    }
}

impl Peer<'_> {
    /// The next message of that method or code.
    pub(super) async fn hear(&mut self, what: &str) -> Message {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(20), self.receive()).await;
            let message = message.unwrap_or_else(|_| panic!("no {what} in time"));
            let code = message.code().map(|code| code.to_string());
            if message.method() == Some(what) || code.as_deref() == Some(what) {
                return message;
            }
        }
    }

    async fn receive(&mut self) -> Message {
        let mut buffer = vec![0; 65_535];
        let bytes = match self {
            Peer::Udp(socket, from) => {
                let (read, sender) = socket.recv_from(&mut buffer).await.expect("a datagram");
                *from = Some(sender);
                buffer[..read].to_vec()
            }
            Peer::Stream(stream, frames) => loop {
                if let Some(message) = frames.take().expect("in step") {
                    break message;
                }
                let read = stream.read(&mut buffer).await.expect("readable");
                assert_ne!(read, 0, "the feed closed the connection");
                frames.push(&buffer[..read]);
            },
        };
        Message::parse(&bytes).expect("the feed sends SIP")
    }

    pub(super) async fn say(&mut self, text: &str) {
        match self {
            Peer::Udp(socket, to) => {
                socket
                    .send_to(text.as_bytes(), to.expect("heard from before"))
                    .await
                    .expect("sent");
            }
            Peer::Stream(stream, _) => {
                stream.write_all(text.as_bytes()).await.expect("writable");
                stream.flush().await.expect("writable");
            }
        }
    }
}
