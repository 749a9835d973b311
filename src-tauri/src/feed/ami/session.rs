//! One connection to the Asterisk Manager, without a socket: bytes in, bytes and news out.
//!
//! Log-in is by MD5 challenge, so that the secret does not cross the network. After log-in the channels
//! that are on are asked for, so that a gap leaves no ghost call. It opens nothing and reads no clock.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use md5::{Digest, Md5};
use zeroize::Zeroizing;

use super::translate::{Dialplan, Translator};
use super::wire::{Message, Wire};
use crate::feed::Signal;

/// User and secret of `manager.conf`.
#[derive(Clone)]
pub struct Login {
    /// The section's name in `manager.conf`.
    pub user: String,
    /// Its `secret`.
    pub secret: Zeroizing<String>,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Login({})", self.user)
    }
}

/// Why a connection is of no use. Both say what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// Something else listens on the port.
    #[error(
        "this is not an Asterisk Manager: it says \"{0}\". Check host and port of the feed; the manager listens on 5038 unless manager.conf says otherwise"
    )]
    NotAsterisk(String),
    /// Wrong user or secret, or this computer is not permitted.
    #[error(
        "Asterisk refuses the log-in of \"{user}\" ({says}). Check user and secret of the feed against manager.conf, and that its permit= line lets this computer in"
    )]
    Refused {
        /// The user that tried.
        user: String,
        /// What Asterisk said.
        says: String,
    },
    /// Nothing was heard although it was asked.
    #[error("Asterisk does not answer any more")]
    Silent,
}

/// How long nothing may be heard before Asterisk is asked if it is there.
const PING_AFTER: TimeDelta = TimeDelta::seconds(20);
/// How long nothing may be heard before the connection is given up; log-in must be through by then, too.
const SILENT_AFTER: TimeDelta = TimeDelta::seconds(40);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Banner,
    Challenge,
    Login,
    Channels,
    On,
}

/// The state of one connection. The [`Translator`] outlives it: see [`Session::into_translator`].
#[derive(Debug)]
pub struct Session {
    login: Login,
    stage: Stage,
    wire: Wire,
    translator: Translator,
    live: Vec<String>,
    heard: DateTime<Utc>,
    pinged: bool,
    to_send: Vec<u8>,
    caveat: Option<String>,
    warned_presentation: bool,
}

impl Session {
    /// A connection that was just opened, over what is known from the one before.
    #[must_use]
    pub fn new(login: Login, translator: Translator, now: DateTime<Utc>) -> Self {
        Session {
            login,
            stage: Stage::Banner,
            wire: Wire::default(),
            translator,
            live: Vec::new(),
            heard: now,
            pinged: false,
            to_send: Vec::new(),
            caveat: None,
            warned_presentation: false,
        }
    }

    /// A translator for a first connection.
    #[must_use]
    pub fn translator(dialplan: Dialplan) -> Translator {
        Translator::new(dialplan)
    }

    /// Takes in what was received; the news in the order they came.
    ///
    /// # Errors
    /// When the other side is no Asterisk Manager or refuses the log-in.
    pub fn receive(&mut self, bytes: &[u8], now: DateTime<Utc>) -> Result<Vec<Signal>, SessionError> {
        self.heard = now;
        self.pinged = false;
        self.wire.push(bytes);
        if self.stage == Stage::Banner {
            let Some(banner) = self.wire.banner() else {
                return Ok(Vec::new());
            };
            if !banner.starts_with("Asterisk Call Manager") {
                return Err(SessionError::NotAsterisk(printable(&banner)));
            }
            self.stage = Stage::Challenge;
            self.send("Challenge", "challenge", &[("AuthType", "MD5")]);
        }
        let mut news = Vec::new();
        let mut wire = std::mem::take(&mut self.wire);
        let mut result = Ok(());
        while let Some(message) = wire.message() {
            result = self.message(&message, &mut news);
            if result.is_err() {
                break;
            }
        }
        self.wire = wire;
        result.map(|()| news)
    }

    /// What to write to the socket now.
    pub fn take_to_send(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.to_send)
    }

    /// When [`Session::handle_timeout`] wants to be called.
    #[must_use]
    pub fn poll_timeout(&self) -> DateTime<Utc> {
        self.heard
            + if self.pinged || self.stage != Stage::On {
                SILENT_AFTER
            } else {
                PING_AFTER
            }
    }

    /// Asks if Asterisk is still there, or gives up.
    ///
    /// # Errors
    /// When nothing was heard for too long.
    pub fn handle_timeout(&mut self, now: DateTime<Utc>) -> Result<(), SessionError> {
        if now < self.poll_timeout() {
            return Ok(());
        }
        if self.pinged || self.stage != Stage::On {
            return Err(SessionError::Silent);
        }
        self.pinged = true;
        self.send("Ping", "ping", &[]);
        Ok(())
    }

    /// Whether the log-in went through.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.stage == Stage::On
    }

    /// What is known of the calls, for the next connection.
    #[must_use]
    pub fn into_translator(self) -> Translator {
        self.translator
    }

    fn message(&mut self, message: &Message<'_>, news: &mut Vec<Signal>) -> Result<(), SessionError> {
        if let Some(response) = message.get("Response") {
            return self.response(&response, message, news);
        }
        match message.raw("Event") {
            Some(b"CoreShowChannelsComplete") if self.stage == Stage::Channels => self.channels_listed(news),
            // a channel may come into being while the list is being sent
            Some(b"CoreShowChannel" | b"Newchannel") if self.stage == Stage::Channels => {
                self.live
                    .extend(message.get("Uniqueid").map(std::borrow::Cow::into_owned));
                self.events(message, news);
            }
            Some(b"Shutdown") => news.push(Signal::Lost("Asterisk is shutting down".to_owned())),
            _ => self.events(message, news),
        }
        Ok(())
    }

    fn events(&mut self, message: &Message<'_>, news: &mut Vec<Signal>) {
        let events = self.translator.handle(message);
        news.extend(events.into_iter().map(Signal::Event));
        if self.stage == Stage::On && !self.warned_presentation && self.translator.tells_presentation() == Some(false) {
            self.warned_presentation = true;
            self.add_caveat(
                "Asterisk does not tell which numbers are withheld: add channelvars=CALLERID(num-pres) under [general] in manager.conf and restart Asterisk",
            );
            news.push(Signal::Up {
                caveat: self.caveat.clone(),
            });
        }
    }

    fn response(&mut self, response: &str, message: &Message<'_>, news: &mut Vec<Signal>) -> Result<(), SessionError> {
        let success = response == "Success";
        let says = || printable(&message.get("Message").unwrap_or_default());
        match (message.raw("ActionID"), self.stage) {
            (Some(b"challenge"), Stage::Challenge) if success => {
                self.answer_challenge(&message.get("Challenge").unwrap_or_default());
            }
            (Some(b"login"), Stage::Login) if success => {
                self.stage = Stage::Channels;
                self.send("CoreShowChannels", "channels", &[]);
            }
            (Some(b"challenge" | b"login"), _) if !success => {
                return Err(SessionError::Refused {
                    user: self.login.user.clone(),
                    says: says(),
                });
            }
            (Some(b"channels"), Stage::Channels) if !success => {
                self.add_caveat(
                    "Asterisk does not let this user list the channels, so calls that end during a gap close late: add write=reporting in manager.conf",
                );
                self.stage = Stage::On;
                news.push(Signal::Up {
                    caveat: self.caveat.clone(),
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn answer_challenge(&mut self, challenge: &str) {
        let mut hash = Md5::new();
        hash.update(challenge.as_bytes());
        hash.update(self.login.secret.as_bytes());
        let key: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let user = self.login.user.clone();
        self.stage = Stage::Login;
        let headers = [
            ("AuthType", "MD5"),
            ("Username", user.as_str()),
            ("Key", &key),
            ("Events", "call,agent"),
        ];
        self.send("Login", "login", &headers);
    }

    fn channels_listed(&mut self, news: &mut Vec<Signal>) {
        let live = std::mem::take(&mut self.live);
        let (ended, left) = self.translator.resync(&live);
        news.extend(ended.into_iter().map(Signal::Event));
        self.stage = Stage::On;
        news.push(Signal::Resync(left));
        news.push(Signal::Up {
            caveat: self.caveat.clone(),
        });
    }

    fn add_caveat(&mut self, text: &str) {
        let caveat = self.caveat.get_or_insert_default();
        if !caveat.is_empty() {
            caveat.push_str(". ");
        }
        caveat.push_str(text);
    }

    /// A header with a line break in its value would smuggle in another: there is none after this.
    fn send(&mut self, action: &str, id: &str, headers: &[(&str, &str)]) {
        let mut text = format!("Action: {action}\r\nActionID: {id}\r\n");
        for (name, value) in headers {
            let value: String = value.chars().filter(|c| !c.is_control()).collect();
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        self.to_send.extend_from_slice(text.as_bytes());
        self.to_send.extend_from_slice(b"\r\n");
    }
}

/// What a stranger sent, short and without control characters, for a message.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}
