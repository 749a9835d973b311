//! One order to Asterisk to make a call, without a socket: bytes in, bytes and the result out.
//!
//! `Originate`: the agent's phone rings; when it is taken, the number is dialled. The order runs on in Asterisk
//! (`Async`), and what came of it is told by the event `OriginateResponse`.
//! Source: <https://docs.asterisk.org/Asterisk_22_Documentation/API_Documentation/AMI_Actions/Originate/>.

use crate::call::Line;

use super::super::action::{action, key, printable};
use super::super::message::Message;
use super::super::session::{Login, SessionError};
use super::super::wire::Wire;
use super::{DialError, Dialled, Plan};

/// The state of one order.
#[derive(Debug)]
pub(super) struct Order {
    login: Login,
    plan: Plan,
    line: Line,
    number: Dialled,
    /// Ours among the events, which all clients of the manager get.
    id: String,
    stage: Stage,
    wire: Wire,
    to_send: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Banner,
    Challenge,
    Login,
    Ordered,
}

impl Order {
    /// An order over a connection that was just opened. `id` is told apart from every other order.
    ///
    /// # Errors
    /// When `line` is no name of a phone.
    pub(super) fn new(login: Login, plan: Plan, line: Line, number: Dialled, id: String) -> Result<Self, DialError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-.+".contains(c);
        if line.0.is_empty() || line.0.len() > 80 || !line.0.chars().all(plain) {
            return Err(DialError::Line(printable(&line.0)));
        }
        Ok(Order {
            login,
            plan,
            line,
            number,
            id,
            stage: Stage::Banner,
            wire: Wire::default(),
            to_send: Vec::new(),
        })
    }

    /// Takes in what was received; true when the agent has taken the call.
    ///
    /// # Errors
    /// When the order was refused, or nothing came of it.
    pub(super) fn receive(&mut self, bytes: &[u8]) -> Result<bool, DialError> {
        self.wire.push(bytes);
        if self.stage == Stage::Banner {
            let Some(banner) = self.wire.banner() else {
                return Ok(false);
            };
            if !banner.starts_with("Asterisk Call Manager") {
                return Err(SessionError::NotAsterisk(printable(&banner)).into());
            }
            self.stage = Stage::Challenge;
            self.to_send
                .extend(action("Challenge", "challenge", &[("AuthType", "MD5")]));
        }
        let mut wire = std::mem::take(&mut self.wire);
        let mut result = Ok(false);
        while let (Ok(false), Some(message)) = (&result, wire.message()) {
            result = self.message(&message);
        }
        self.wire = wire;
        result
    }

    /// What to write to the socket now.
    pub(super) fn take_to_send(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.to_send)
    }

    /// Whether Asterisk was given the order.
    pub(super) fn is_given(&self) -> bool {
        self.stage == Stage::Ordered
    }

    fn message(&mut self, message: &Message<'_>) -> Result<bool, DialError> {
        let id = message.raw("ActionID").unwrap_or_default();
        if message.raw("Event") == Some(b"OriginateResponse") && id == self.id.as_bytes() {
            return self.outcome(message);
        }
        let success = match message.raw("Response") {
            Some(response) if message.raw("Event").is_none() => response == b"Success",
            _ => return Ok(false),
        };
        match (self.stage, success) {
            (Stage::Challenge, true) if id == b"challenge" => self.log_in(message),
            (Stage::Login, true) if id == b"login" => self.give(),
            (Stage::Challenge | Stage::Login, false) if [&b"challenge"[..], b"login"].contains(&id) => {
                let refused = SessionError::Refused {
                    user: self.login.user.clone(),
                    says: says(message),
                };
                return Err(refused.into());
            }
            (Stage::Ordered, false) if id == self.id.as_bytes() => return Err(self.refused(&says(message))),
            _ => {}
        }
        Ok(false)
    }

    fn log_in(&mut self, message: &Message<'_>) {
        let key = key(&message.get("Challenge").unwrap_or_default(), &self.login.secret);
        let user = self.login.user.clone();
        self.stage = Stage::Login;
        let headers = [
            ("AuthType", "MD5"),
            ("Username", user.as_str()),
            ("Key", &key),
            ("Events", "call"),
        ];
        self.to_send.extend(action("Login", "login", &headers));
    }

    fn give(&mut self) {
        self.stage = Stage::Ordered;
        let channel = self.plan.channel.replace("{line}", &self.line.0);
        let timeout = self.plan.timeout.as_millis().to_string();
        let headers = [
            ("Channel", channel.as_str()),
            ("Context", &self.plan.context),
            ("Exten", self.number.as_str()),
            ("Priority", "1"),
            ("Timeout", &timeout),
            ("Async", "true"),
        ];
        self.to_send.extend(action("Originate", &self.id, &headers));
    }

    /// Why Asterisk did not take the order.
    fn refused(&self, says: &str) -> DialError {
        match says {
            "Permission denied" => DialError::NotPermitted(self.login.user.clone()),
            "Extension does not exist." => DialError::NoExtension {
                number: self.number.to_string(),
                context: self.plan.context.clone(),
            },
            _ => DialError::Refused(says.to_owned()),
        }
    }

    /// What came of the order. The reasons are those of `ast_control_frame_type` (`frame.h`).
    fn outcome(&self, message: &Message<'_>) -> Result<bool, DialError> {
        if message.raw("Response") == Some(b"Success") {
            return Ok(true);
        }
        let line = self.line.clone();
        Err(match message.raw("Reason").unwrap_or_default() {
            b"0" => DialError::NotReachable {
                line,
                channel: self.plan.channel.replace("{line}", &self.line.0),
            },
            b"5" => DialError::Busy(line),
            b"8" => DialError::Congested(line),
            _ => DialError::NotTaken(line),
        })
    }
}

fn says(message: &Message<'_>) -> String {
    printable(&message.get("Message").unwrap_or_default())
}
