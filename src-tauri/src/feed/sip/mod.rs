//! Any phone system that speaks SIP (RFC 3261): a subscription to the dialogs of lines (RFC 4235), and, where asked
//! for, a second contact that watches calls being offered.
//!
//! `message` reads, `dialog_info` and `watch` tell calls from lists of dialogs, `contact` from offered calls,
//! `session` keeps subscriptions and registration; all without a socket, which is `link`. Here is the patience to
//! open it again. A call is never answered: `reply` has no words for it.

mod address;
mod caller;
mod contact;
pub mod dialog_info;
pub mod digest;
mod link;
pub mod message;
mod reader;
mod reply;
pub mod session;
mod task;
mod watch;

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::Rng;
use tokio::time::timeout;

pub use digest::Credentials;
pub use reader::Reader;
pub use session::{Session, SessionError};

use self::link::{Link, LinkError};
use super::{Feed, FeedSignal, Signal, Signals, Tap};
use crate::words::Saying;

/// The first wait before another try; doubled up to [`LONGEST_WAIT`], with up to a third more by chance.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// Short enough that a restarted phone system is found within seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(3);
/// A wrong password does not get right by itself, and phone systems ban who tries often.
const REFUSED_WAIT: Duration = Duration::from_secs(60);
/// How long the phone system has to hear that we leave.
const FAREWELL: Duration = Duration::from_secs(1);

/// How messages travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// Datagrams.
    #[default]
    Udp,
    /// A stream.
    Tcp,
    /// An encrypted stream.
    Tls,
}

impl Transport {
    /// As in a `Via` header.
    fn protocol(self) -> &'static str {
        match self {
            Transport::Udp => "UDP",
            Transport::Tcp => "TCP",
            Transport::Tls => "TLS",
        }
    }
}

/// Where and as whom, and what to watch.
#[derive(Clone, Debug)]
pub struct Account {
    /// Name or address of the phone system.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How messages travel.
    pub transport: Transport,
    /// The domain of the addresses, `host` or `host:port`.
    pub domain: String,
    /// User and password.
    pub credentials: Credentials,
    /// The lines to watch.
    pub extensions: Vec<String>,
    /// Whether to register a second contact of the user.
    pub observe: bool,
    /// Certificates to trust besides the computer's own.
    pub ca_file: Option<PathBuf>,
}

impl Account {
    fn server(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// The feed of one phone system.
#[derive(Debug)]
pub struct SipFeed {
    name: Arc<str>,
    account: Account,
    tap: Tap,
}

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.saying())]
enum Gone {
    Link(#[from] LinkError),
    Session(#[from] SessionError),
    /// Nobody listens to this feed any more.
    Unwanted,
}

impl Gone {
    fn saying(&self) -> Saying {
        match self {
            Gone::Link(error) => error.saying(),
            Gone::Session(error) => error.saying(),
            Gone::Unwanted => Saying::of("said.sip_closed"),
        }
    }
}

impl SipFeed {
    /// The phone system of `account`.
    #[must_use]
    pub fn new(name: &str, account: Account) -> Self {
        SipFeed {
            name: Arc::from(name),
            account,
            tap: Tap::default(),
        }
    }

    /// Hands a copy of every received message to `tap`.
    #[must_use]
    pub fn tapped(self, tap: Tap) -> Self {
        SipFeed { tap, ..self }
    }

    async fn keep_connected(self, signals: Signals) {
        let mut reader = Reader::new(&self.account.credentials.user, &self.account.extensions);
        let mut wait = FIRST_WAIT;
        loop {
            let (gone, was_on) = self.connect(&mut reader, &signals).await;
            if was_on {
                wait = FIRST_WAIT;
            }
            let (signal, pause) = match gone {
                Gone::Unwanted => return,
                Gone::Session(SessionError::Silent) | Gone::Link(_) => (Signal::Lost(gone.saying()), wait),
                Gone::Session(_) => (Signal::Refused(gone.saying()), REFUSED_WAIT),
            };
            if self.tell(&signals, signal, Utc::now()).await.is_err() {
                return;
            }
            let jitter = rand::rng().random_range(1.0..1.33);
            tokio::select! {
                () = tokio::time::sleep(pause.mul_f64(jitter)) => {}
                () = signals.closed() => return,
            }
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// One connection, from opening to its end; and whether the phone system had agreed to anything.
    async fn connect(&self, reader: &mut Reader, signals: &Signals) -> (Gone, bool) {
        let mut link = match Link::open(&self.account).await {
            Ok(link) => link,
            Err(error) => return (error.into(), false),
        };
        let mut session = Session::new(
            &self.account,
            reader.clone(),
            link.local(),
            rand::rng().random(),
            Utc::now(),
        );
        let gone = match self.converse(&mut link, &mut session, signals).await {
            Ok(()) => Gone::Unwanted,
            Err(gone) => gone,
        };
        if matches!(gone, Gone::Unwanted) {
            // who does not hear it finds out when the subscription is over
            let _ = timeout(FAREWELL, leave(&mut link, &mut session)).await;
        }
        let was_on = session.is_on();
        let (known, ended) = session.into_reader();
        *reader = known;
        for event in ended {
            if self.tell(signals, Signal::Event(event), Utc::now()).await.is_err() {
                return (Gone::Unwanted, was_on);
            }
        }
        (gone, was_on)
    }

    async fn converse(&self, link: &mut Link, session: &mut Session, signals: &Signals) -> Result<(), Gone> {
        loop {
            link.send(session.take_to_send()).await?;
            let left = (session.poll_timeout() - Utc::now()).to_std().unwrap_or(Duration::ZERO);
            let received = tokio::select! {
                received = timeout(left, link.receive()) => received,
                () = signals.closed() => return Ok(()),
            };
            let now = Utc::now();
            let news = match received {
                Ok(message) => {
                    let message = message?;
                    self.tap.take(now, &message);
                    session.receive(&message, now)?
                }
                Err(_) => session.handle_timeout(now)?,
            };
            // a phone system that waits for an answer comes before a desk that is behind
            link.send(session.take_to_send()).await?;
            for signal in news {
                self.tell(signals, signal, now).await?;
            }
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

/// Ends registration and subscriptions, challenges included.
async fn leave(link: &mut Link, session: &mut Session) -> Result<(), Gone> {
    session.leave(Utc::now());
    while !session.has_left() {
        link.send(session.take_to_send()).await?;
        let message = link.receive().await?;
        session.receive(&message, Utc::now())?;
    }
    Ok(())
}

impl Feed for SipFeed {
    fn name(&self) -> &str {
        &self.name
    }

    fn run(self: Box<Self>, signals: Signals) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(self.keep_connected(signals))
    }
}
