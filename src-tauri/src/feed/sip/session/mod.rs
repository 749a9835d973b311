//! One connection to a phone system, without a socket: messages in, messages and news out.
//!
//! It keeps a subscription for every watched line and, where asked for, a registration; it answers challenges,
//! repeats what may have got lost, and says how it stands. It opens nothing, reads no clock and throws no dice:
//! address, time and seed are arguments.

mod agreed;
mod asked;

use std::net::SocketAddr;

use chrono::{DateTime, TimeDelta, Utc};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;

use super::digest::{Challenge, Credentials};
use super::message::{Message, Start};
use super::reader::Reader;
use super::task::{Sender, Status, Task, What, uri_user};
use super::{Account, Transport};
use crate::call::CallEvent;
use crate::feed::Signal;
use crate::words::Saying;

/// Retransmissions of RFC 3261, 17.1.2.1.
const T1: TimeDelta = TimeDelta::milliseconds(500);
const T2: TimeDelta = TimeDelta::seconds(4);
/// Nothing came back in this time: the phone system is gone. Half of RFC 3261's timer F, for people wait.
const ANSWER_WITHIN: TimeDelta = TimeDelta::seconds(16);
/// The first list of a subscription comes within this, or is lost on the way.
const LIST_WITHIN: TimeDelta = TimeDelta::seconds(10);
/// The phone system is asked whether it is there when nothing was heard for this long; keeps a router's door open, too.
const PING_AFTER: TimeDelta = TimeDelta::seconds(15);
/// What failed by itself is tried again after this.
const AGAIN_AFTER: TimeDelta = TimeDelta::seconds(60);

/// Why a connection is of no use. Each says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.saying())]
pub enum SessionError {
    /// Wrong user or password.
    WrongPassword {
        /// Who tried.
        user: String,
        /// Code and words of the refusal.
        says: String,
    },
    /// It wants to be proven something that cannot be.
    UnknownChallenge,
    /// Not one subscription or registration was agreed to.
    Refused(Saying),
    /// Nothing was heard although it was asked.
    Silent,
}

impl SessionError {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            SessionError::WrongPassword { user, says } => {
                Saying::of("said.sip_password").with("user", user).with("says", says)
            }
            SessionError::UnknownChallenge => Saying::of("said.sip_challenge"),
            SessionError::Refused(why) => Saying::of("said.sip_refused").with_said("says", why.clone()),
            SessionError::Silent => Saying::of("said.sip_silent"),
        }
    }
}

/// A request that waits for its final answer.
#[derive(Clone, Debug)]
struct Transaction {
    task: usize,
    branch: String,
    bytes: Vec<u8>,
    /// When to repeat it; `None` where nothing gets lost.
    again: Option<DateTime<Utc>>,
    pause: TimeDelta,
    until: DateTime<Utc>,
    /// How many challenges of the server and of the proxy were answered for it.
    answered: [u8; 2],
}

/// A challenge that was answered, and how often.
#[derive(Clone, Debug)]
struct Known {
    challenge: Challenge,
    count: u32,
}

/// The state of one connection. The [`Reader`] outlives it: see [`Session::into_reader`].
#[derive(Debug)]
pub struct Session {
    credentials: Credentials,
    observe: bool,
    reliable: bool,
    sender: Sender,
    reader: Reader,
    dice: ChaCha12Rng,
    tasks: Vec<Task>,
    transactions: Vec<Transaction>,
    known: [Option<Known>; 2],
    heard: DateTime<Utc>,
    to_send: Vec<Vec<u8>>,
    up: Option<Option<Saying>>,
    leaving: bool,
}

impl Session {
    /// A connection from `local` that was just opened, over what is known from the one before.
    #[must_use]
    pub fn new(account: &Account, reader: Reader, local: SocketAddr, seed: [u8; 32], now: DateTime<Utc>) -> Self {
        let user = &account.credentials.user;
        let mut session = Session {
            credentials: account.credentials.clone(),
            observe: account.observe,
            reliable: account.transport != Transport::Udp,
            sender: Sender {
                address: format!("{}@{}", uri_user(user), account.domain),
                domain: account.domain.clone(),
                protocol: account.transport.protocol(),
                local,
                seen: local,
                user: user.clone(),
            },
            reader,
            dice: ChaCha12Rng::from_seed(seed),
            tasks: Vec::new(),
            transactions: Vec::new(),
            known: [None, None],
            heard: now,
            to_send: Vec::new(),
            up: None,
            leaving: false,
        };
        let watched = account
            .extensions
            .iter()
            .cloned()
            .map(crate::call::Line)
            .map(What::Watch);
        for what in watched.chain(account.observe.then_some(What::Register)) {
            session.add(what, now);
        }
        session.add(What::Ping, now + PING_AFTER);
        session.send_due(now);
        session
    }

    /// Takes in one message; the news in the order they came. What is no SIP message is left out.
    ///
    /// # Errors
    /// When the phone system refuses.
    pub fn receive(&mut self, bytes: &[u8], now: DateTime<Utc>) -> Result<Vec<Signal>, SessionError> {
        let message = match Message::parse(bytes) {
            Ok(message) => message,
            Err(error) => {
                tracing::debug!(%error, "a SIP message is left out");
                return Ok(Vec::new());
            }
        };
        self.heard = now;
        let events = match &message.start {
            Start::Response { code, .. } => {
                self.response(&message, *code, now)?;
                Vec::new()
            }
            Start::Request { method, .. } => self.request(&message, &method.clone(), now),
        };
        self.send_due(now);
        self.news(events)
    }

    /// What to send now, message by message.
    pub fn take_to_send(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.to_send)
    }

    /// When [`Session::handle_timeout`] wants to be called.
    #[must_use]
    pub fn poll_timeout(&self) -> DateTime<Utc> {
        let tasks = self.tasks.iter().filter_map(|task| task.due);
        let transactions = self
            .transactions
            .iter()
            .map(|one| one.again.map_or(one.until, |again| again.min(one.until)));
        let first = tasks.chain(transactions).chain(self.reader.poll_timeout()).min();
        first.unwrap_or(self.heard + PING_AFTER)
    }

    /// Sends what is due.
    ///
    /// # Errors
    /// When nothing was heard for too long, or nothing was agreed to.
    pub fn handle_timeout(&mut self, now: DateTime<Utc>) -> Result<Vec<Signal>, SessionError> {
        if self.transactions.iter().any(|one| one.until <= now) {
            return Err(SessionError::Silent);
        }
        for one in &mut self.transactions {
            if one.again.is_some_and(|again| again <= now) {
                one.pause = (one.pause * 2).min(T2);
                one.again = Some(now + one.pause);
                self.to_send.push(one.bytes.clone());
            }
        }
        let outcome = self.reader.timeout(now);
        self.to_send.extend(outcome.replies);
        self.send_due(now);
        self.news(outcome.events)
    }

    /// Whether the phone system agreed to something.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.up.is_some()
    }

    /// Ends the registration and all subscriptions, so that no caller waits for a contact that is gone.
    pub fn leave(&mut self, now: DateTime<Utc>) {
        self.leaving = true;
        self.transactions.clear();
        for task in &mut self.tasks {
            let agreed = matches!(task.status, Status::On | Status::Agreed) && task.what != What::Ping;
            task.expires = 0;
            task.due = agreed.then_some(now);
        }
        self.send_due(now);
    }

    /// After [`Session::leave`]: whether everything was answered.
    #[must_use]
    pub fn has_left(&self) -> bool {
        self.leaving && self.transactions.is_empty()
    }

    /// What is known of the calls, for the next connection, and what is out of sight with this one.
    #[must_use]
    pub fn into_reader(mut self) -> (Reader, Vec<CallEvent>) {
        let events = self.reader.forget_offers();
        (self.reader, events)
    }

    fn add(&mut self, what: What, due: DateTime<Utc>) {
        let (call_id, tag) = (self.word(20), self.word(10));
        self.tasks.push(Task::new(what, &self.sender, call_id, tag, due));
    }

    fn send_due(&mut self, now: DateTime<Utc>) {
        for index in 0..self.tasks.len() {
            if self.tasks[index].due.is_none_or(|due| due > now) {
                continue;
            }
            match (&self.tasks[index].what, &self.tasks[index].status) {
                (What::Ping, _) if self.heard + PING_AFTER > now => {
                    self.tasks[index].due = Some(self.heard + PING_AFTER);
                }
                (What::Watch(line), Status::Agreed) if !self.leaving => {
                    let seen = self.sender.seen;
                    let why = Saying::of("said.sip_sends_nothing")
                        .with("line", line)
                        .with("address", seen);
                    self.fail(index, why, now);
                }
                _ => self.send(index, [0, 0], now),
            }
        }
    }

    fn send(&mut self, index: usize, answered: [u8; 2], now: DateTime<Utc>) {
        let branch = format!("z9hG4bK{}", self.word(16));
        let answers = self.answers(index);
        let task = &mut self.tasks[index];
        task.due = None;
        let bytes = task.request(&self.sender, &branch, &answers);
        self.to_send.push(bytes.clone());
        self.transactions.push(Transaction {
            task: index,
            branch,
            bytes,
            again: (!self.reliable).then_some(now + T1),
            pause: T1,
            until: now + ANSWER_WITHIN,
            answered,
        });
    }

    /// The headers that answer the challenges that are known.
    fn answers(&mut self, index: usize) -> Vec<String> {
        let cnonce = self.word(16);
        let task = &self.tasks[index];
        let mut answers = Vec::new();
        for known in self.known.iter_mut().flatten() {
            known.count += 1;
            let (method, target) = (task.method(), task.target());
            answers.push(
                known
                    .challenge
                    .answer(&self.credentials, method, target, known.count, &cnonce),
            );
        }
        answers
    }

    /// The events, and how the connection stands when that changed.
    fn news(&mut self, events: Vec<CallEvent>) -> Result<Vec<Signal>, SessionError> {
        let lost = self.out_of_sight();
        let mut news: Vec<Signal> = events.into_iter().chain(lost).map(Signal::Event).collect();
        let mut kept = self.tasks.iter().filter(|task| task.what != What::Ping);
        if self.leaving
            || kept
                .clone()
                .any(|task| matches!(task.status, Status::Waiting | Status::Agreed))
        {
            return Ok(news);
        }
        if !kept.any(|task| task.status == Status::On) {
            let why = self.failures().into_iter().reduce(Saying::and);
            return Err(SessionError::Refused(why.unwrap_or_else(|| Saying::quoted(""))));
        }
        let caveat = self.caveat();
        if self.up.is_none() {
            news.push(Signal::Resync(self.reader.live()));
        }
        if self.up.as_ref() != Some(&caveat) {
            news.push(Signal::Up { caveat: caveat.clone() });
            self.up = Some(caveat);
        }
        Ok(news)
    }

    /// Calls of lines that are not watched any more: nobody would tell their end.
    fn out_of_sight(&mut self) -> Vec<CallEvent> {
        let mut events = Vec::new();
        for task in &self.tasks {
            if let (What::Watch(line), Status::Failed(_)) = (&task.what, &task.status) {
                events.extend(self.reader.lost_sight_of(line));
            }
        }
        events
    }

    fn caveat(&self) -> Option<Saying> {
        let mut all = self.failures();
        if self.observe {
            all.push(Saying::of("said.sip_contact"));
        }
        all.into_iter().reduce(Saying::and)
    }

    fn failures(&self) -> Vec<Saying> {
        let failed = |task: &Task| match &task.status {
            Status::Failed(why) => Some(why.clone()),
            Status::Waiting | Status::Agreed | Status::On => None,
        };
        self.tasks.iter().filter_map(failed).collect()
    }

    /// A word that nobody guesses, of letters and digits.
    fn word(&mut self, length: usize) -> String {
        const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        (0..length)
            .map(|_| char::from(LETTERS[self.dice.random_range(0..LETTERS.len())]))
            .collect()
    }
}
