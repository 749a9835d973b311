//! Asterisk, over the Asterisk Manager Interface (versions 16 to 22).
//!
//! `wire` splits bytes into messages, `session` logs in and keeps the connection, `translate` tells
//! calls; all three without a socket. Here is the socket, and the patience to open it again.

mod begun;
mod channel;
mod party;
pub mod session;
pub mod translate;
pub mod wire;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::Rng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub use session::{Login, Session, SessionError};
pub use translate::{Dialplan, Translator};

use super::{Feed, FeedSignal, Signal, Signals, Tap};

/// How long opening a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// The first wait before another try; doubled up to [`LONGEST_WAIT`], with up to a third more by chance.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// Short enough that a restarted Asterisk is found within seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(3);
/// A wrong password does not get right by itself, and Asterisk may ban who tries often.
const REFUSED_WAIT: Duration = Duration::from_secs(30);

/// The feed of one Asterisk.
#[derive(Debug)]
pub struct AmiFeed {
    name: Arc<str>,
    address: String,
    login: Login,
    dialplan: Dialplan,
    tap: Tap,
}

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
enum Gone {
    #[error(
        "no connection to {address}: {source}. Check that Asterisk runs, that manager.conf says enabled=yes, and host and port of the feed"
    )]
    Connect { address: String, source: std::io::Error },
    #[error("the connection to Asterisk broke: {0}")]
    Broke(#[from] std::io::Error),
    #[error("Asterisk closed the connection")]
    Closed,
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error("nobody listens to this feed any more")]
    Unwanted,
}

impl AmiFeed {
    /// The Asterisk at `host:port`.
    #[must_use]
    pub fn new(name: &str, host: &str, port: u16, login: Login, dialplan: Dialplan) -> Self {
        AmiFeed {
            name: Arc::from(name),
            address: format!("{host}:{port}"),
            login,
            dialplan,
            tap: Tap::default(),
        }
    }

    /// The same, with a copy of what is received handed to `tap`.
    #[must_use]
    pub fn tapped(self, tap: Tap) -> Self {
        AmiFeed { tap, ..self }
    }

    async fn keep_connected(self, signals: Signals) {
        let mut translator = Session::translator(self.dialplan.clone());
        let mut wait = FIRST_WAIT;
        loop {
            let mut session = Session::new(self.login.clone(), translator, Utc::now());
            let gone = self.connect(&mut session, &signals).await;
            if session.is_on() {
                wait = FIRST_WAIT;
            }
            translator = session.into_translator();
            let (signal, pause) = match gone {
                Gone::Unwanted => return,
                Gone::Session(refused @ (SessionError::Refused { .. } | SessionError::NotAsterisk(_))) => {
                    (Signal::Refused(refused.to_string()), REFUSED_WAIT)
                }
                other => (Signal::Lost(other.to_string()), wait),
            };
            if self.tell(&signals, signal, Utc::now()).await.is_err() {
                return;
            }
            let jitter = rand::rng().random_range(1.0..1.33);
            tokio::time::sleep(pause.mul_f64(jitter)).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    async fn connect(&self, session: &mut Session, signals: &Signals) -> Gone {
        let connecting = timeout(CONNECT, TcpStream::connect(&self.address)).await;
        let mut stream = match connecting.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into())) {
            Ok(stream) => stream,
            Err(source) => {
                return Gone::Connect {
                    address: self.address.clone(),
                    source,
                };
            }
        };
        match self.converse(&mut stream, session, signals).await {
            Ok(()) => Gone::Closed,
            Err(gone) => gone,
        }
    }

    async fn converse(&self, stream: &mut TcpStream, session: &mut Session, signals: &Signals) -> Result<(), Gone> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let left = (session.poll_timeout() - Utc::now()).to_std().unwrap_or(Duration::ZERO);
            let read = match timeout(left, stream.read(&mut buffer)).await {
                Ok(read) => read?,
                Err(_) => {
                    session.handle_timeout(Utc::now())?;
                    stream.write_all(&session.take_to_send()).await?;
                    continue;
                }
            };
            if read == 0 {
                return Ok(());
            }
            let now = Utc::now();
            self.tap.take(now, &buffer[..read]);
            for signal in session.receive(&buffer[..read], now)? {
                self.tell(signals, signal, now).await?;
            }
            stream.write_all(&session.take_to_send()).await?;
        }
    }

    async fn tell(&self, signals: &Signals, what: Signal, at: DateTime<Utc>) -> Result<(), Gone> {
        let signal = FeedSignal {
            feed: Arc::clone(&self.name),
            at,
            what,
        };
        signals.send(signal).await.map_err(|_| Gone::Unwanted)
    }
}

impl Feed for AmiFeed {
    fn name(&self) -> &str {
        &self.name
    }

    fn run(self: Box<Self>, signals: Signals) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(self.keep_connected(signals))
    }
}
