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
use crate::words::Saying;
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
#[error("{}", self.saying())]
pub enum DialError {
    /// It is no number.
    Number(#[from] NotDialled),
    /// Such a phone cannot be.
    Line(String),
    /// Asterisk cannot be reached.
    Connect(#[from] ConnectError),
    /// Asterisk does not let the user in.
    Session(#[from] SessionError),
    /// The connection broke.
    Broke(#[from] io::Error),
    /// The user may not order calls.
    NotPermitted(String),
    /// The dialplan leads nowhere.
    NoExtension {
        /// What was to be dialled.
        number: String,
        /// Where.
        context: String,
    },
    /// Asterisk refuses for a reason of its own.
    Refused(String),
    /// The agent's phone is not there.
    NotReachable {
        /// The agent's phone.
        line: Line,
        /// The channel that was tried.
        channel: String,
    },
    /// The agent's phone is in use, or do-not-disturb is on.
    Busy(Line),
    /// The phone system cannot make a call to the agent's phone now.
    Congested(Line),
    /// Nobody took the agent's phone.
    NotTaken(Line),
    /// Asterisk took the order and told nothing more.
    NoResult(String),
    /// Asterisk did not answer in time.
    Late,
}

impl DialError {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            DialError::Number(error) => error.saying(),
            DialError::Line(line) => Saying::of("dial.no_extension").with("line", line),
            DialError::Connect(error) => error.saying(),
            DialError::Session(error) => error.saying(),
            DialError::Broke(error) => Saying::of("dial.broke").with("why", error),
            DialError::NotPermitted(user) => Saying::of("dial.not_permitted").with("user", user),
            DialError::NoExtension { number, context } => Saying::of("dial.nowhere")
                .with("number", number)
                .with("context", context),
            DialError::Refused(why) => Saying::of("dial.refused").with("why", why),
            DialError::NotReachable { line, channel } => Saying::of("dial.not_reachable")
                .with("line", line)
                .with("channel", channel),
            DialError::Busy(line) => Saying::of("dial.busy").with("line", line),
            DialError::Congested(line) => Saying::of("dial.congested").with("line", line),
            DialError::NotTaken(line) => Saying::of("dial.not_taken").with("line", line),
            DialError::NoResult(user) => Saying::of("dial.no_result").with("user", user),
            DialError::Late => Saying::of("dial.late"),
        }
    }
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
