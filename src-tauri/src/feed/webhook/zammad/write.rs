//! Zammad's generic CTI push, written: how a phone system would tell Zammad of simulated calls.
//!
//! Pure; it does not know HTTP. What the format has no word for (hold, a changed caller, who hung up)
//! is left out.

use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::call::{CallEvent, CallKey, Cause, Direction, Endpoint, LegKey, Line, Party, Presentation};

/// The fields of one POST, in the order of the documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post(Vec<(&'static str, String)>);

impl Post {
    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        let mut object = Map::new();
        for (name, value) in &self.0 {
            let value = Value::String(value.clone());
            match name.strip_suffix("[]") {
                None => drop(object.insert((*name).to_owned(), value)),
                Some(list) => match object.entry(list).or_insert_with(|| Value::Array(Vec::new())) {
                    Value::Array(values) => values.push(value),
                    other => *other = value,
                },
            }
        }
        Value::Object(object).to_string()
    }

    /// The fields of the body as a form.
    #[must_use]
    pub fn form(&self) -> &[(&'static str, String)] {
        &self.0
    }

    fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(field, _)| *field == name)
            .map_or("", |(_, value)| value)
    }
}

/// What is said, in one line for a person.
impl fmt::Display for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [event, call, direction, from, to] =
            ["event", "callId", "direction", "from", "to"].map(|name| self.get(name));
        write!(f, "{event:<8} {call}  {direction:<3}  {from} → {to}")?;
        let rest = self
            .0
            .iter()
            .filter(|(name, _)| ["user[]", "answeringNumber", "cause"].contains(name));
        let rest: Vec<&str> = rest.map(|(_, value)| value.as_str()).collect();
        if rest.is_empty() {
            Ok(())
        } else {
            write!(f, "  {}", rest.join(", "))
        }
    }
}

/// Tells the story of calls in POSTs.
#[derive(Debug, Default)]
pub struct Teller(HashMap<CallKey, Told>);

/// What has to be repeated with every event of a call.
#[derive(Debug)]
struct Told {
    from: String,
    to: String,
    direction: &'static str,
    origin: Option<Line>,
    phones: Vec<(LegKey, Endpoint)>,
}

impl Teller {
    /// The posts for what happened at one moment. The phones of a new call must be offered in the moment
    /// in which it begins, because the format names them all at once.
    pub fn tell(&mut self, moment: &[CallEvent]) -> Vec<Post> {
        let mut posts = Vec::new();
        for event in moment {
            if let CallEvent::Began {
                call,
                direction,
                remote,
                called,
                origin,
                ..
            } = event
            {
                self.0
                    .insert(call.clone(), Told::new(*direction, remote, called, origin.clone()));
            }
            if let CallEvent::Offered { call, leg, to } = event
                && let Some(told) = self.0.get_mut(call)
            {
                told.phones.push((leg.clone(), to.clone()));
            }
        }
        for event in moment {
            posts.extend(self.post(event));
        }
        posts
    }

    fn post(&mut self, event: &CallEvent) -> Option<Post> {
        match event {
            CallEvent::Began { call, .. } => Some(self.0.get(call)?.new_call(call)),
            CallEvent::Answered { call, leg } => self.0.get(call)?.answer(call, leg),
            CallEvent::Ended { call, cause, .. } => {
                let mut post = self.0.remove(call)?.post("hangup", call);
                post.0.push(("cause", word(*cause)?.to_owned()));
                Some(post)
            }
            CallEvent::Offered { .. }
            | CallEvent::Consulted { .. }
            | CallEvent::Ringing { .. }
            | CallEvent::Held { .. }
            | CallEvent::Resumed { .. }
            | CallEvent::PartyChanged { .. }
            | CallEvent::Queued { .. }
            | CallEvent::Unqueued { .. }
            | CallEvent::Transferred { .. }
            | CallEvent::Diverted { .. }
            | CallEvent::LegEnded { .. } => None,
        }
    }
}

impl Told {
    fn new(direction: Direction, remote: &Party, called: &str, origin: Option<Line>) -> Self {
        let remote = match remote.presentation {
            Presentation::Restricted => "anonymous".to_owned(),
            Presentation::Allowed | Presentation::Unknown => digits(&remote.number),
        };
        let ours = origin.as_ref().map_or_else(String::new, ToString::to_string);
        let (from, to, direction) = match direction {
            Direction::In | Direction::Internal => (remote, digits(called), "in"),
            Direction::Out => (ours, remote, "out"),
        };
        Told {
            from,
            to,
            direction,
            origin,
            phones: Vec::new(),
        }
    }

    fn new_call(&self, call: &CallKey) -> Post {
        let mut post = self.post("newCall", call);
        let lines = self.phones.iter().filter_map(|(_, to)| match to {
            Endpoint::Line(line) => Some(line),
            Endpoint::Outside(_) => None,
        });
        let dialler = self.origin.iter().filter(|_| self.direction == "out");
        post.0
            .extend(lines.chain(dialler).map(|line| ("user[]", line.to_string())));
        post
    }

    fn answer(&self, call: &CallKey, leg: &LegKey) -> Option<Post> {
        let (_, to) = self.phones.iter().find(|(key, _)| key == leg)?;
        let answering = match to {
            Endpoint::Line(line) => line.to_string(),
            Endpoint::Outside(number) => digits(number),
        };
        let mut post = self.post("answer", call);
        post.0.push(("answeringNumber", answering));
        Some(post)
    }

    fn post(&self, event: &str, call: &CallKey) -> Post {
        Post(vec![
            ("event", event.to_owned()),
            ("from", self.from.clone()),
            ("to", self.to.clone()),
            ("direction", self.direction.to_owned()),
            ("callId", call.0.clone()),
        ])
    }
}

/// The number as the format has it: with the country code, without the plus.
fn digits(number: &str) -> String {
    number.strip_prefix('+').unwrap_or(number).to_owned()
}

/// `None` for a call whose end nobody heard: no post is sent for it.
fn word(cause: Cause) -> Option<&'static str> {
    match cause {
        Cause::Normal => Some("normalClearing"),
        Cause::Busy | Cause::Rejected => Some("busy"),
        Cause::NoAnswer => Some("noAnswer"),
        Cause::Cancelled => Some("cancel"),
        Cause::AnsweredElsewhere => Some("forwarded"),
        Cause::Unreachable => Some("notFound"),
        Cause::Other => Some("congestion"),
        Cause::Stale => None,
    }
}
