//! A phone system that sends its events to this computer over HTTP.
//!
//! A request is verified over its raw bytes (`proof`, by what its preset asks for), read into one normal form
//! (`told`), put into the story of its call (`calls`), and acknowledged before the desk sees it, because providers
//! give few seconds and repeat what was not acknowledged in time. Everything but the listening is pure. It does not
//! know who the customer is.

mod calls;
mod dialect;
mod door;
mod examine;
mod fields;
mod gate;
mod joined;
mod jwt;
pub mod mapping;
mod names;
mod phones;
mod preset;
mod presets;
mod proof;
mod reader;
mod refusal;
mod request;
mod rsa;
mod spelling;
mod story;
mod teller;
mod tls;
mod told;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use tokio::net::TcpListener;

use super::{Feed, FeedSignal, Signal, Signals, Tap};
use crate::words::Saying;
use door::{Door, Peer};
use gate::Gate;
use tls::TlsListener;

pub use dialect::Dialect;
pub use examine::{Examined, Proof, examine};
pub use names::{Names, Numbers};
pub use preset::{Lack, Preset};
pub use proof::{Keys, Need, Unproven, WINDOW};
pub use reader::Reader;
pub use request::{NotARequest, Request};
pub use teller::{Teller, Telling};
pub use tls::{Identity, TlsError};

/// The first wait before a taken port is tried again; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest wait before a taken port is tried again.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// From where deliveries may come.
#[derive(Clone, Debug, Default)]
pub enum Reach {
    /// This computer alone, in the clear.
    #[default]
    Loopback,
    /// Any address of this computer, encrypted.
    Encrypted(Identity),
    /// Any address of this computer. Numbers and the token then cross the network in the clear.
    Network,
}

/// Why an endpoint cannot be opened as it is configured.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.saying())]
pub enum Unfit {
    /// The address is open to the network.
    OpenToNetwork(SocketAddr),
    /// The token cannot stand in a path.
    Token,
    /// Something is not set without which nobody can tell the provider from anybody else.
    Missing(Need, String),
}

impl Unfit {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            Unfit::OpenToNetwork(address) => Saying::of("said.hook_open").with("address", address),
            Unfit::Token => Saying::of("said.hook_token_form"),
            Unfit::Missing(Need::Token, format) => Saying::of("said.hook_needs_token").with("format", format),
            Unfit::Missing(Need::Secret, format) => Saying::of("said.hook_needs_secret").with("format", format),
            Unfit::Missing(Need::PublicKey, format) => Saying::of("said.hook_needs_key").with("format", format),
        }
    }
}

/// The endpoint `/in/PRESET`, or `/in/PRESET/TOKEN`.
pub struct Webhook {
    name: Arc<str>,
    listen: SocketAddr,
    gate: Arc<Gate>,
    names: Names,
    identity: Option<Identity>,
    tap: Tap,
}

impl Webhook {
    /// An endpoint for a preset or a mapping.
    ///
    /// # Errors
    /// When `listen` is no loopback address and `reach` does not allow it, or when a key is missing or cannot be used.
    pub fn new(
        name: &str,
        dialect: impl Into<Dialect>,
        listen: SocketAddr,
        keys: Keys,
        names: Names,
        reach: Reach,
    ) -> Result<Self, Unfit> {
        if matches!(reach, Reach::Loopback) && !listen.ip().is_loopback() {
            return Err(Unfit::OpenToNetwork(listen));
        }
        let unreserved = |c: char| c.is_ascii_alphanumeric() || "-_.~".contains(c);
        if keys
            .token
            .as_ref()
            .is_some_and(|token| token.is_empty() || !token.chars().all(unreserved))
        {
            return Err(Unfit::Token);
        }
        let dialect = dialect.into();
        let gate = Gate::new(dialect.clone(), keys).map_err(|need| Unfit::Missing(need, dialect.name().to_owned()))?;
        Ok(Webhook {
            name: name.into(),
            listen,
            gate: Arc::new(gate),
            names,
            identity: match reach {
                Reach::Encrypted(identity) => Some(identity),
                Reach::Loopback | Reach::Network => None,
            },
            tap: Tap::default(),
        })
    }

    /// Hands every request that was believed to `tap`, without its secrets.
    #[must_use]
    pub fn tapped(mut self, tap: Tap) -> Self {
        self.tap = tap;
        self
    }

    /// Opens the port; with port 0 a free one.
    ///
    /// # Errors
    /// What the system says when it does not give the port.
    pub async fn bind(&self) -> io::Result<TcpListener> {
        TcpListener::bind(self.listen).await
    }

    /// Takes deliveries from an open port until the receiving side of `signals` is closed.
    ///
    /// # Errors
    /// What the system says when the port fails.
    pub async fn serve(&self, listener: TcpListener, signals: Signals) -> io::Result<()> {
        self.say(&signals, Signal::Up { caveat: None }).await;
        let door = Door::new(
            self.name.clone(),
            self.gate.clone(),
            self.names.clone(),
            self.tap.clone(),
            signals.clone(),
        );
        let router = door.router().into_make_service_with_connect_info::<Peer>();
        let closed = async move { signals.closed().await };
        match &self.identity {
            None => axum::serve(listener, router).with_graceful_shutdown(closed).await,
            Some(identity) => {
                let listener = TlsListener::new(listener, identity)?;
                axum::serve(listener, router).with_graceful_shutdown(closed).await
            }
        }
    }

    async fn keep_open(&self, signals: &Signals) {
        let mut wait = FIRST_WAIT;
        let mut said = None;
        while !signals.is_closed() {
            let failed = match self.bind().await {
                Ok(listener) => {
                    (wait, said) = (FIRST_WAIT, None);
                    self.serve(listener, signals.clone()).await
                }
                Err(error) => Err(error),
            };
            let Err(error) = failed else { return };
            let what = self.trouble(&error);
            if said.as_ref() != Some(&what) {
                self.say(signals, what.clone()).await;
                said = Some(what);
            }
            tokio::select! {
                () = signals.closed() => return,
                () = tokio::time::sleep(wait) => wait = (wait * 2).min(LONGEST_WAIT),
            }
        }
    }

    fn trouble(&self, error: &io::Error) -> Signal {
        let (port, address) = (self.listen.port(), self.listen.ip());
        match error.kind() {
            io::ErrorKind::AddrInUse => Signal::Lost(
                Saying::of("said.port_taken")
                    .with("port", port)
                    .with("address", address),
            ),
            io::ErrorKind::PermissionDenied => Signal::Refused(Saying::of("said.port_forbidden").with("port", port)),
            io::ErrorKind::AddrNotAvailable => Signal::Refused(
                Saying::of("said.no_such_address")
                    .with("address", address)
                    .with("port", port),
            ),
            _ => Signal::Lost(
                Saying::of("said.cannot_listen")
                    .with("address", self.listen)
                    .with("why", error),
            ),
        }
    }

    async fn say(&self, signals: &Signals, what: Signal) {
        let signal = FeedSignal {
            feed: self.name.clone(),
            at: Utc::now(),
            what,
        };
        if signals.send(signal).await.is_err() {
            tracing::debug!(feed = %self.name, "nobody listens any more");
        }
    }
}

impl Feed for Webhook {
    fn name(&self) -> &str {
        &self.name
    }

    fn run(self: Box<Self>, signals: Signals) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move { self.keep_open(&signals).await })
    }
}

#[cfg(test)]
mod tests;
