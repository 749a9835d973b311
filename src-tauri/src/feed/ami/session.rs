//! One connection to the Asterisk Manager, without a socket: bytes in, bytes and news out.
//!
//! Log-in is by MD5 challenge, so that the secret does not cross the network. After log-in the channels
//! that are on are asked for, so that a gap leaves no ghost call, then who waits in the queues. It opens
//! nothing and reads no clock.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use zeroize::Zeroizing;

use super::action::{action, key, printable};
use super::listing::Listing;
use super::message::Message;
use super::translate::{Dialplan, Translator};
use super::wire::Wire;
use crate::feed::Signal;
use crate::words::Saying;

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

/// Why a connection is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.saying())]
pub enum SessionError {
    /// Something else listens on the port; what it says.
    NotAsterisk(String),
    /// Wrong user or secret, or this computer is not permitted.
    Refused {
        /// The user that tried.
        user: String,
        /// What Asterisk said.
        says: String,
    },
    /// Nothing was said from the beginning.
    Mute,
    /// Nothing was heard although it was asked.
    Silent,
}

impl SessionError {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            SessionError::NotAsterisk(says) => Saying::of("said.ami_not_manager").with("says", says),
            SessionError::Refused { user, says } => {
                Saying::of("said.ami_refused").with("user", user).with("says", says)
            }
            SessionError::Mute => Saying::of("said.ami_mute"),
            SessionError::Silent => Saying::of("said.ami_silent"),
        }
    }
}

/// How long nothing may be heard before Asterisk is asked if it is there.
const PING_AFTER: TimeDelta = TimeDelta::seconds(20);
/// How long nothing may be heard before the connection is given up; log-in must be through by then, too.
const SILENT_AFTER: TimeDelta = TimeDelta::seconds(40);
/// How long the greeting may take, which Asterisk sends at once.
const GREETING_WITHIN: TimeDelta = TimeDelta::seconds(10);
/// How long a list may take that was asked for.
const LIST_WITHIN: TimeDelta = TimeDelta::seconds(15);
/// How often the channels are asked for when the list cannot be believed.
const LIST_TRIES: u8 = 3;

/// The user may not list the channels.
const NO_REPORTING: &str = "said.ami_no_reporting";
/// The list of channels came incomplete several times.
const NO_LIST: &str = "said.ami_no_list";
/// It is not told which numbers are withheld.
const NO_PRESENTATION: &str = "said.ami_no_presentation";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Banner,
    Challenge,
    Login,
    /// The channels were asked for, then, so many times already.
    Channels(DateTime<Utc>, u8),
    /// The queues were asked for, then.
    Queues(DateTime<Utc>),
    On,
}

/// The state of one connection. The [`Translator`] outlives it: see [`Session::into_translator`].
#[derive(Debug)]
pub struct Session {
    login: Login,
    stage: Stage,
    wire: Wire,
    translator: Translator,
    listing: Listing,
    heard: DateTime<Utc>,
    pinged: bool,
    to_send: Vec<u8>,
    caveat: Option<Saying>,
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
            listing: Listing::default(),
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

    /// Where to receive, so that nothing need be copied: see [`Wire::room`] and [`Session::received`].
    pub fn room(&mut self) -> &mut [u8] {
        self.wire.room()
    }

    /// Takes in what was received elsewhere; the news in the order they came.
    ///
    /// # Errors
    /// When the other side is no Asterisk Manager or refuses the log-in.
    pub fn receive(&mut self, bytes: &[u8], now: DateTime<Utc>) -> Result<Vec<Signal>, SessionError> {
        self.wire.push(bytes);
        self.read(now)
    }

    /// Takes in as many bytes as were received into [`Session::room`]; the news in the order they came.
    ///
    /// # Errors
    /// When the other side is no Asterisk Manager or refuses the log-in.
    pub fn received(&mut self, length: usize, now: DateTime<Utc>) -> Result<Vec<Signal>, SessionError> {
        self.wire.received(length);
        self.read(now)
    }

    fn read(&mut self, now: DateTime<Utc>) -> Result<Vec<Signal>, SessionError> {
        self.heard = now;
        self.pinged = false;
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
            result = self.message(&message, &mut news, now);
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
        match self.stage {
            Stage::Banner => self.heard + GREETING_WITHIN,
            Stage::Challenge | Stage::Login => self.heard + SILENT_AFTER,
            Stage::Channels(asked, _) | Stage::Queues(asked) => asked + LIST_WITHIN,
            Stage::On if self.pinged => self.heard + SILENT_AFTER,
            Stage::On => self.heard + PING_AFTER,
        }
    }

    /// Asks if Asterisk is still there, asks again for a list that does not come, or gives up. The news, as in
    /// [`Session::receive`].
    ///
    /// # Errors
    /// When nothing was heard for too long.
    pub fn handle_timeout(&mut self, now: DateTime<Utc>) -> Result<Vec<Signal>, SessionError> {
        let mut news = Vec::new();
        if now < self.poll_timeout() {
            return Ok(news);
        }
        match self.stage {
            Stage::Banner => return Err(SessionError::Mute),
            Stage::Challenge | Stage::Login => return Err(SessionError::Silent),
            Stage::Channels(..) => self.ask_again(&mut news, now),
            Stage::Queues(_) => self.on(&mut news),
            Stage::On if self.pinged => return Err(SessionError::Silent),
            Stage::On => {
                self.pinged = true;
                self.send("Ping", "ping", &[]);
            }
        }
        Ok(news)
    }

    /// Whether the log-in went through and all was asked for.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.stage == Stage::On
    }

    /// What is known of the calls, for the next connection.
    #[must_use]
    pub fn into_translator(self) -> Translator {
        self.translator
    }

    fn message(
        &mut self,
        message: &Message<'_>,
        news: &mut Vec<Signal>,
        now: DateTime<Utc>,
    ) -> Result<(), SessionError> {
        // OriginateResponse, an event, has a Response too, and an ActionID that somebody else chose
        let Some(event) = message.raw("Event") else {
            let Some(response) = message.raw("Response") else {
                return Ok(());
            };
            return self.response(response == b"Success", message, news, now);
        };
        match (event, self.stage) {
            (b"CoreShowChannelsComplete", Stage::Channels(..)) => self.channels_listed(message, news, now),
            (b"QueueStatusComplete", Stage::Queues(_)) => self.on(news),
            (b"Shutdown", _) => news.push(Signal::Lost(Saying::of("said.ami_stopping"))),
            (_, Stage::Channels(..)) => {
                if self.listing.take(message) {
                    self.events(message, news);
                }
            }
            _ => self.events(message, news),
        }
        Ok(())
    }

    fn events(&mut self, message: &Message<'_>, news: &mut Vec<Signal>) {
        let events = self.translator.handle(message);
        news.extend(events.into_iter().map(Signal::Event));
        if self.stage == Stage::On && !self.warned_presentation && self.translator.tells_presentation() == Some(false) {
            self.warned_presentation = true;
            self.add_caveat(NO_PRESENTATION);
            self.on(news);
        }
    }

    fn response(
        &mut self,
        success: bool,
        message: &Message<'_>,
        news: &mut Vec<Signal>,
        now: DateTime<Utc>,
    ) -> Result<(), SessionError> {
        match (message.raw("ActionID").unwrap_or_default(), self.stage) {
            (b"challenge", Stage::Challenge) if success => {
                self.answer_challenge(&message.get("Challenge").unwrap_or_default());
            }
            (b"login", Stage::Login) if success => self.ask_for_channels(now, 1),
            (b"challenge" | b"login", _) if !success => {
                return Err(SessionError::Refused {
                    user: self.login.user.clone(),
                    says: printable(&message.get("Message").unwrap_or_default()),
                });
            }
            (b"channels", Stage::Channels(..)) if !success => {
                self.add_caveat(NO_REPORTING);
                self.on(news);
            }
            // an Asterisk without queues does not know the action
            (b"queues", Stage::Queues(_)) if !success => self.on(news),
            _ => {}
        }
        Ok(())
    }

    fn answer_challenge(&mut self, challenge: &str) {
        let key = key(challenge, &self.login.secret);
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

    fn ask_for_channels(&mut self, now: DateTime<Utc>, time: u8) {
        self.stage = Stage::Channels(now, time);
        self.listing = Listing::default();
        self.send("CoreShowChannels", "channels", &[]);
    }

    fn channels_listed(&mut self, complete: &Message<'_>, news: &mut Vec<Signal>, now: DateTime<Utc>) {
        let Some(live) = std::mem::take(&mut self.listing).finish(complete) else {
            return self.ask_again(news, now);
        };
        let (ended, left) = self.translator.resync(&live);
        news.extend(ended.into_iter().map(Signal::Event));
        news.push(Signal::Resync(left));
        self.stage = Stage::Queues(now);
        // members are of no interest: a name that no member has leaves them out of the answer
        self.send("QueueStatus", "queues", &[("Member", "-")]);
    }

    fn ask_again(&mut self, news: &mut Vec<Signal>, now: DateTime<Utc>) {
        match self.stage {
            Stage::Channels(_, times) if times < LIST_TRIES => self.ask_for_channels(now, times + 1),
            _ => {
                self.add_caveat(NO_LIST);
                self.on(news);
            }
        }
    }

    /// All is known that can be asked for.
    fn on(&mut self, news: &mut Vec<Signal>) {
        self.stage = Stage::On;
        news.push(Signal::Up {
            caveat: self.caveat.clone(),
        });
    }

    fn add_caveat(&mut self, key: &'static str) {
        let next = Saying::of(key);
        self.caveat = Some(match self.caveat.take() {
            Some(caveat) => caveat.and(next),
            None => next,
        });
    }

    fn send(&mut self, name: &str, id: &str, headers: &[(&str, &str)]) {
        self.to_send.extend(action(name, id, headers));
    }
}
