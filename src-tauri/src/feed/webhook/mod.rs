//! A phone system that POSTs its events to this computer.
//!
//! An endpoint over HTTP/1 with the secret in the path. Each delivery is acknowledged before the desk
//! sees it, because providers give few seconds and repeat what was not acknowledged in time. It does
//! not know TLS: it listens on loopback, for a bridge on the same computer or behind a proxy.

mod door;
mod fields;
mod refusal;
pub mod zammad;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use tokio::net::TcpListener;

use super::{Feed, FeedSignal, Signal, Signals};
use door::Door;
pub use fields::{Fields, Malformed};

/// The first wait before a taken port is tried again; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest wait before a taken port is tried again.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// From where deliveries may come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// This computer alone.
    #[default]
    Loopback,
    /// Any address of this computer. Numbers and the token then cross the network in the clear.
    Network,
}

/// Why an endpoint cannot be opened as it is configured.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The address is open to the network.
    #[error(
        "`listen = \"{0}\"` is open to the network, and calls would cross it unencrypted; \
         set `listen` to 127.0.0.1 and put a proxy with TLS before it, or force it"
    )]
    OpenToNetwork(SocketAddr),
    /// There is no token, or one that cannot stand in a path.
    #[error(
        "the token must be letters, digits, `-`, `_`, `.` or `~`, as it stands in the address; set `token` to a long random one"
    )]
    Token,
}

/// The endpoint `POST /in/zammad/TOKEN`.
pub struct Webhook {
    name: Arc<str>,
    listen: SocketAddr,
    token: String,
    names: zammad::Names,
}

impl Webhook {
    /// An endpoint with preset Zammad.
    ///
    /// # Errors
    /// When `listen` is no loopback address and `reach` does not allow it, or when `token` cannot be used.
    pub fn zammad(
        name: &str,
        listen: SocketAddr,
        token: &str,
        names: zammad::Names,
        reach: Reach,
    ) -> Result<Self, Unfit> {
        if reach == Reach::Loopback && !listen.ip().is_loopback() {
            return Err(Unfit::OpenToNetwork(listen));
        }
        let unreserved = |c: char| c.is_ascii_alphanumeric() || "-_.~".contains(c);
        if token.is_empty() || !token.chars().all(unreserved) {
            return Err(Unfit::Token);
        }
        Ok(Webhook {
            name: name.into(),
            listen,
            token: token.to_owned(),
            names,
        })
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
            self.token.clone(),
            self.names.clone(),
            signals.clone(),
        );
        let closed = async move { signals.closed().await };
        axum::serve(listener, door.router())
            .with_graceful_shutdown(closed)
            .await
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
            io::ErrorKind::AddrInUse => Signal::Lost(format!(
                "port {port} on {address} is taken by another program; close that or set another port in `listen`"
            )),
            io::ErrorKind::PermissionDenied => Signal::Refused(format!(
                "this user may not open port {port}; set a port above 1023 in `listen`"
            )),
            io::ErrorKind::AddrNotAvailable => Signal::Refused(format!(
                "{address} is no address of this computer; set `listen` to 127.0.0.1:{port}"
            )),
            _ => Signal::Lost(format!("cannot listen on {}: {error}; it is tried again", self.listen)),
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
