//! From received SIP messages to calls, without sending anything: what the feed does with what it receives, and
//! what a recording of it is replayed with.

use chrono::{DateTime, Utc};

use super::contact::{Contact, Outcome};
use super::dialog_info::{DialogInfo, Unreadable};
use super::message::Message;
use super::watch::{Told, Watch};
use crate::call::{CallEvent, CallKey, Line};
use crate::feed::sip::address::Address;

/// All that is known of the calls of one phone system.
#[derive(Clone, Debug)]
pub struct Reader {
    watch: Watch,
    contact: Contact,
    /// The last number of a NOTIFY by subscription, so that one that was overtaken is left out.
    notified: std::collections::HashMap<String, u32>,
}

impl Reader {
    /// `user` is whose second contact may be offered calls, `extensions` are the watched lines.
    #[must_use]
    pub fn new(user: &str, extensions: &[String]) -> Self {
        let user = Line(user.to_owned());
        let mut ours: Vec<Line> = extensions.iter().cloned().map(Line).collect();
        if !ours.contains(&user) {
            ours.push(user.clone());
        }
        Reader {
            watch: Watch::new(ours.clone()),
            contact: Contact::new(user, ours),
            notified: std::collections::HashMap::new(),
        }
    }

    /// The calls in one received message. What is no SIP message, or tells of no call, gives none.
    pub fn read(&mut self, bytes: &[u8], at: DateTime<Utc>) -> Vec<CallEvent> {
        let Ok(message) = Message::parse(bytes) else {
            return Vec::new();
        };
        let mut events = self.timeout(at).events;
        match message.method() {
            Some("NOTIFY") => {
                let from = Address::parse(message.get("From").unwrap_or_default());
                // a list that cannot be read tells nothing; the feed logs it
                events.extend(self.notify(&Line(from.user), &message).unwrap_or_default().events);
            }
            Some("INVITE" | "CANCEL" | "ACK") => events.extend(self.offered(&message, "replay", true, at).events),
            _ => {}
        }
        events
    }

    /// The calls that are on.
    pub(super) fn live(&self) -> Vec<CallKey> {
        let mut keys = self.watch.live();
        keys.extend(self.contact.live());
        keys
    }

    /// Whether a NOTIFY came after a later one (RFC 3261, 12.2.2).
    pub(super) fn is_overtaken(&self, notify: &Message) -> bool {
        let last = notify
            .get("Call-ID")
            .and_then(|subscription| self.notified.get(subscription));
        last.is_some_and(|last| notify.cseq().is_none_or(|(number, _)| number < *last))
    }

    /// A NOTIFY about `line`.
    pub(super) fn notify(&mut self, line: &Line, notify: &Message) -> Result<Told, Unreadable> {
        let Some((subscription, (number, _))) = notify.get("Call-ID").zip(notify.cseq()) else {
            return Ok(Told::default());
        };
        let last = self.notified.get(subscription);
        // a phone system that knows of no dialog may begin with no list at all
        let nothing = notify.body.is_empty() && last.is_none();
        if last.is_some_and(|last| number <= *last) || !(nothing || is_dialog_info(notify)) {
            return Ok(Told::default());
        }
        let list = if nothing {
            DialogInfo::empty()
        } else {
            DialogInfo::parse(&notify.body)?
        };
        self.notified.insert(subscription.to_owned(), number);
        Ok(self.watch.handle(line, subscription, &list))
    }

    /// A subscription is over; a later one begins to count anew.
    pub(super) fn unsubscribed(&mut self, subscription: &str) {
        self.notified.remove(subscription);
    }

    /// A line is not watched any more: its calls are closed.
    pub(super) fn lost_sight_of(&mut self, line: &Line) -> Vec<CallEvent> {
        self.watch.lost_sight_of(line)
    }

    /// An INVITE, ACK or CANCEL to the second contact.
    pub(super) fn offered(&mut self, request: &Message, tag: &str, reliable: bool, now: DateTime<Utc>) -> Outcome {
        let outcome = self.contact.handle(request, tag, reliable, now);
        self.beside_watch(outcome)
    }

    pub(super) fn poll_timeout(&self) -> Option<DateTime<Utc>> {
        self.contact.poll_timeout()
    }

    pub(super) fn timeout(&mut self, now: DateTime<Utc>) -> Outcome {
        let outcome = self.contact.handle_timeout(now);
        self.beside_watch(outcome)
    }

    /// A call that a list of dialogs tells, too, goes on when the offer is over; the offer knows more of who calls.
    fn beside_watch(&self, mut outcome: Outcome) -> Outcome {
        let watched = self.watch.live();
        let told = std::mem::take(&mut outcome.events).into_iter();
        let told = told.filter_map(|event| match event {
            CallEvent::Began { call, remote, .. } if watched.contains(&call) => {
                Some(CallEvent::PartyChanged { call, remote })
            }
            CallEvent::Ended { call, .. } if watched.contains(&call) => None,
            other => Some(other),
        });
        outcome.events = told.collect();
        outcome
    }

    /// The connection broke.
    pub(super) fn forget_offers(&mut self) -> Vec<CallEvent> {
        self.contact.forget()
    }
}

fn is_dialog_info(notify: &Message) -> bool {
    let content = notify.get("Content-Type").unwrap_or_default();
    let content = content.split(';').next().unwrap_or_default().trim();
    content.eq_ignore_ascii_case("application/dialog-info+xml")
}
