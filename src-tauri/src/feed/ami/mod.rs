//! Asterisk, over the Asterisk Manager Interface (versions 16 to 22).
//!
//! `wire` splits bytes into messages, `message` finds their headers, `session` logs in and keeps the connection, `translate`
//! tells calls; all four without a socket. `server` opens the socket, and here is the patience to open it again.

mod action;
mod begun;
mod bridge;
mod channel;
mod channels;
pub mod dial;
mod listing;
pub mod message;
mod party;
mod queue;
mod server;
pub mod session;
mod tls;
mod transfer;
pub mod translate;
pub mod wire;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::Rng;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

pub use server::{ConnectError, Server};
pub use session::{Login, Session, SessionError};
pub use tls::{Mistrusted, TlsError, Trust};
pub use translate::{Dialplan, Translator};

use super::{Feed, FeedSignal, Signal, Signals, Tap};
use crate::words::Saying;
use server::Stream;

/// The first wait before another try; doubled up to [`LONGEST_WAIT`], with up to a third more by chance.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// Short enough that a restarted Asterisk is found within seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// A wrong password does not get right by itself, and Asterisk may ban who tries often.
const REFUSED_WAIT: Duration = Duration::from_secs(30);

/// The feed of one Asterisk.
#[derive(Debug)]
pub struct AmiFeed {
    name: Arc<str>,
    server: Server,
    login: Login,
    dialplan: Dialplan,
    tap: Tap,
}

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.saying())]
enum Gone {
    Connect(#[from] ConnectError),
    Broke(#[from] std::io::Error),
    Closed,
    Session(#[from] SessionError),
    /// Nobody listens to this feed any more.
    Unwanted,
}

impl AmiFeed {
    /// The Asterisk at `host:port`, without TLS.
    #[must_use]
    pub fn new(name: &str, host: &str, port: u16, login: Login, dialplan: Dialplan) -> Self {
        Self::at(name, Server::new(host, port), login, dialplan)
    }

    /// The Asterisk at `server`.
    #[must_use]
    pub fn at(name: &str, server: Server, login: Login, dialplan: Dialplan) -> Self {
        AmiFeed {
            name: Arc::from(name),
            server,
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
                gone if gone.is_lasting() => (Signal::Refused(gone.saying()), REFUSED_WAIT),
                gone => (Signal::Lost(gone.saying()), wait),
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
        let conversed = match self.server.open().await {
            Ok(Stream::Plain(mut stream)) => self.converse(&mut stream, session, signals).await,
            Ok(Stream::Tls(mut stream)) => self.converse(&mut *stream, session, signals).await,
            Err(error) => Err(error.into()),
        };
        conversed.err().unwrap_or(Gone::Closed)
    }

    /// Until the other side closes.
    async fn converse<S>(&self, stream: &mut S, session: &mut Session, signals: &Signals) -> Result<(), Gone>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        loop {
            let left = (session.poll_timeout() - Utc::now()).to_std().unwrap_or(Duration::ZERO);
            let read = match timeout(left, stream.read(session.room())).await {
                Ok(read) => Some(read?),
                Err(_) => None,
            };
            let now = Utc::now();
            let news = match read {
                Some(0) => return Ok(()),
                Some(read) => {
                    self.tap.take(now, &session.room()[..read]);
                    session.received(read, now)?
                }
                None => session.handle_timeout(now)?,
            };
            for signal in news {
                self.tell(signals, signal, now).await?;
            }
            stream.write_all(&session.take_to_send()).await?;
            stream.flush().await?;
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

impl Gone {
    fn saying(&self) -> Saying {
        match self {
            Gone::Connect(error) => error.saying(),
            Gone::Session(error) => error.saying(),
            Gone::Broke(error) => Saying::of("said.ami_broke").with("why", error),
            Gone::Closed | Gone::Unwanted => Saying::of("said.ami_closed"),
        }
    }

    /// Whether somebody has to change something before a connection can be of use.
    fn is_lasting(&self) -> bool {
        match self {
            Gone::Connect(error) => error.is_lasting(),
            Gone::Session(error) => matches!(error, SessionError::Refused { .. } | SessionError::NotAsterisk(_)),
            Gone::Broke(_) | Gone::Closed | Gone::Unwanted => false,
        }
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
