//! Click-to-dial: the agent's phone rings, and when it is taken, the number is dialled.
//!
//! Over a short connection of its own, with a user of the manager of its own, so that whoever only listens can order
//! nothing. `number` is what may be dialled, `order` the conversation; here is the socket.

mod number;
mod order;
#[cfg(test)]
mod tests;

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

pub use number::{Dialled, NotDialled};

use super::server::{ConnectError, Server, Stream};
use super::session::{Login, SessionError};
use crate::call::Line;
use order::Order;

/// How long the conversation may take beside the ringing of the phone.
const CONVERSATION: Duration = Duration::from_secs(5);

/// How calls are made in one phone system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The context of the dialplan in which our phones dial.
    pub context: String,
    /// The channel of the phone that rings first; `{line}` stands for the extension.
    pub channel: String,
    /// How long it rings.
    pub timeout: Duration,
}

/// Orders calls from one Asterisk.
#[derive(Clone, Debug)]
pub struct Dialler {
    server: Server,
    login: Login,
    plan: Plan,
}

/// Why no call was made. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    /// It is no number.
    #[error(transparent)]
    Number(#[from] NotDialled),
    /// Such a phone cannot be.
    #[error("\"{0}\" is no extension; set my extension as the phone system writes it, for example 101")]
    Line(String),
    /// Asterisk cannot be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// Asterisk does not let the user in.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The connection broke.
    #[error("the connection to Asterisk broke before the call was made ({0}); try again")]
    Broke(#[from] io::Error),
    /// The user may not order calls.
    #[error("the user \"{0}\" may not order calls: give it write=originate and read=call in manager.conf")]
    NotPermitted(String),
    /// The dialplan leads nowhere.
    #[error(
        "the dialplan of the Asterisk has no {number} in the context \"{context}\"; check the number, and context under [feed.dial] (from-internal on FreePBX)"
    )]
    NoExtension {
        /// What was to be dialled.
        number: String,
        /// Where.
        context: String,
    },
    /// Asterisk refuses for a reason of its own.
    #[error("Asterisk refuses to make the call: {0}")]
    Refused(String),
    /// The agent's phone is not there.
    #[error(
        "the phone {line} cannot be reached: check that it is on and registered, and that channel under [feed.dial] is right ({channel})"
    )]
    NotReachable {
        /// The agent's phone.
        line: Line,
        /// The channel that was tried.
        channel: String,
    },
    /// The agent's phone is in use, or do-not-disturb is on.
    #[error("the phone {0} is busy, or set to do-not-disturb")]
    Busy(Line),
    /// The phone system cannot make a call to the agent's phone now.
    #[error("the phone system cannot make a call to the phone {0} now; try again")]
    Congested(Line),
    /// Nobody took the agent's phone.
    #[error("the phone {0} rang and was not taken, so nothing was dialled; take it when it rings")]
    NotTaken(Line),
    /// Asterisk took the order and told nothing more.
    #[error(
        "Asterisk took the order for the call and did not tell what came of it: give the user \"{0}\" read=call in manager.conf"
    )]
    NoResult(String),
    /// Asterisk did not answer in time.
    #[error("Asterisk did not answer in time; try again")]
    Late,
}

impl Dialler {
    /// Orders calls from the Asterisk at `server` as the user of `login`.
    #[must_use]
    pub fn new(server: Server, login: Login, plan: Plan) -> Self {
        Dialler { server, login, plan }
    }

    /// Rings `line`, and dials `number` when it is taken. Returns when it is taken.
    ///
    /// # Errors
    /// When nothing was dialled.
    pub async fn dial(&self, line: &Line, number: &str) -> Result<(), DialError> {
        let id = format!("ringside-{:032x}", rand::random::<u128>());
        let number = Dialled::new(number)?;
        let mut order = Order::new(self.login.clone(), self.plan.clone(), line.clone(), number, id)?;
        let within = self.plan.timeout + CONVERSATION;
        let mut stream = self.server.open().await?;
        let conversed = match &mut stream {
            Stream::Plain(stream) => timeout(within, converse(stream, &mut order)).await,
            Stream::Tls(stream) => timeout(within, converse(&mut **stream, &mut order)).await,
        };
        conversed.unwrap_or_else(|_| {
            Err(if order.is_given() {
                DialError::NoResult(self.login.user.clone())
            } else {
                DialError::Late
            })
        })
    }
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, order: &mut Order) -> Result<(), DialError> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = stream.read(&mut buffer).await?;
        if read == 0 {
            return Err(DialError::Broke(io::ErrorKind::UnexpectedEof.into()));
        }
        if order.receive(&buffer[..read])? {
            return Ok(());
        }
        stream.write_all(&order.take_to_send()).await?;
        stream.flush().await?;
    }
}
