//! Calls told in a mapped format, for the simulator: its fields and words the other way round.
//!
//! Pure. What the mapping has no word or no place for is left out; places in headers and queries are.

use serde_json::{Map, Value};

use super::{Mapping, MappingEvent, MappingForm, MappingMethod, Place};
use crate::call::{CallEvent, Cause, Direction, Endpoint, LegKey};
use crate::feed::webhook::preset::{Draft, Written};
use crate::feed::webhook::teller::Story;

impl Mapping {
    /// `None` when the format has no word for the event.
    pub(super) fn draft(&self, story: &Story, event: &CallEvent) -> Option<Draft> {
        let (word, mapped) = self.word(event)?;
        let mut body = Value::Object(Map::new());
        let mut put = |place: &Place, value: Value| place.put(&mut body, value);
        let (from, to) = story.from_to(self.withheld.first().map_or("anonymous", String::as_str));
        put(&self.fields.event, word.into());
        put(&self.fields.call, story.call.as_str().into());
        put(&self.fields.direction, self.direction_word(story.direction).into());
        put(&self.fields.from, from.into());
        put(&self.fields.to, to.into());
        put(&self.fields.name, story.remote.name.as_str().into());
        put(&self.fields.attestation, story.remote.verstat.as_str().into());
        if let Some(origin) = &story.origin {
            put(&self.fields.dialler, origin.0.as_str().into());
        }
        if mapped == MappingEvent::RingsAll {
            let users: Vec<&str> = story.lines().map(|line| line.0.as_str()).collect();
            put(&self.fields.users, users.into());
        }
        if let Some(leg) = leg_of(event) {
            let user = match story.phone(leg)? {
                Endpoint::Line(line) => line.0.as_str(),
                Endpoint::Outside(_) => "",
            };
            put(&self.fields.phone, leg.0.as_str().into());
            put(&self.fields.users, user.into());
            put(&self.fields.answering, user.into());
        }
        if let Some(cause) = cause_of(event) {
            put(&self.fields.cause, self.cause_word(cause).into());
        }
        let fields = match (self.method, self.written) {
            (MappingMethod::Get, _) | (_, MappingForm::Query) => Written::Query(flat(body)),
            (MappingMethod::Post, MappingForm::Form) => Written::Form(flat(body)),
            (MappingMethod::Post, MappingForm::Json | MappingForm::ByContentType) => Written::Json(body),
        };
        let word = word.to_owned();
        Some(Draft { word, fields })
    }

    fn word(&self, event: &CallEvent) -> Option<(&str, MappingEvent)> {
        let meant: &[MappingEvent] = match event {
            CallEvent::Began { .. } => &[MappingEvent::Began, MappingEvent::RingsAll],
            CallEvent::Offered { .. } => &[MappingEvent::Dialled],
            CallEvent::Ringing { .. } => &[MappingEvent::Rings],
            CallEvent::Answered { .. } => &[MappingEvent::Answered],
            CallEvent::Held { .. } => &[MappingEvent::Held],
            CallEvent::Resumed { .. } => &[MappingEvent::Resumed],
            CallEvent::LegEnded { .. } => &[MappingEvent::PhoneEnded],
            CallEvent::Diverted { .. } => &[MappingEvent::Voicemail],
            CallEvent::Ended { .. } => &[MappingEvent::Ended],
            CallEvent::Consulted { .. }
            | CallEvent::PartyChanged { .. }
            | CallEvent::Queued { .. }
            | CallEvent::Unqueued { .. }
            | CallEvent::Transferred { .. } => &[],
        };
        let found = |meant: &MappingEvent| self.events.iter().find(|(_, event)| *event == meant);
        meant
            .iter()
            .find_map(found)
            .map(|(word, event)| (word.as_str(), *event))
    }

    fn direction_word(&self, direction: Direction) -> &str {
        let mapped = self.directions.iter().find(|(_, meant)| **meant == direction);
        mapped.map_or(
            match direction {
                Direction::In => "in",
                Direction::Out => "out",
                Direction::Internal => "internal",
            },
            |(word, _)| word,
        )
    }

    fn cause_word(&self, cause: Cause) -> &str {
        let mapped = self.causes.iter().find(|(_, meant)| Cause::from(**meant) == cause);
        mapped.map_or("", |(word, _)| word)
    }
}

impl Place {
    /// Puts a value at the first place that is in the body; the values of a list each at its own where the place has
    /// a `*`.
    fn put(&self, body: &mut Value, value: Value) {
        let Some(path) = self.0.iter().find(|place| !place.starts_with('@')) else {
            return;
        };
        match (path.split_once(".*."), value) {
            (None, value) => put(path, body, value),
            (Some((list, rest)), Value::Array(values)) => {
                for (index, value) in values.into_iter().enumerate() {
                    put(&format!("{list}.{index}.{rest}"), body, value);
                }
            }
            (Some((list, rest)), value) => put(&format!("{list}.0.{rest}"), body, value),
        }
    }
}

/// The longest list that is written; a mistyped index must not fill the memory.
const LONGEST: usize = 64;

/// Puts a value at a path, with the objects and lists on the way.
fn put(path: &str, body: &mut Value, value: Value) {
    let mut names = path.split('.').peekable();
    let mut at = body;
    while let Some(name) = names.next() {
        let next = match name.parse::<usize>() {
            Ok(index) if index < LONGEST => {
                if !at.is_array() {
                    *at = Value::Array(Vec::new());
                }
                let Value::Array(list) = at else { return };
                while list.len() <= index {
                    list.push(Value::Null);
                }
                &mut list[index]
            }
            Ok(_) | Err(_) => {
                if !at.is_object() {
                    *at = Value::Object(Map::new());
                }
                let Value::Object(object) = at else { return };
                object.entry(name).or_insert(Value::Null)
            }
        };
        if names.peek().is_none() {
            *next = value;
            return;
        }
        at = next;
    }
}

/// The fields of a form: a list is one field several times.
fn flat(body: Value) -> Vec<(String, String)> {
    let Value::Object(object) = body else {
        return Vec::new();
    };
    let mut pairs = Vec::new();
    for (name, value) in object {
        match value {
            Value::Array(values) => {
                let texts = values.iter().filter_map(Value::as_str);
                pairs.extend(texts.map(|text| (name.clone(), text.to_owned())));
            }
            value => pairs.extend(value.as_str().map(|text| (name, text.to_owned()))),
        }
    }
    pairs
}

fn leg_of(event: &CallEvent) -> Option<&LegKey> {
    match event {
        CallEvent::Offered { leg, .. }
        | CallEvent::Consulted { leg, .. }
        | CallEvent::Ringing { leg, .. }
        | CallEvent::Answered { leg, .. }
        | CallEvent::LegEnded { leg, .. } => Some(leg),
        CallEvent::Began { .. }
        | CallEvent::Held { .. }
        | CallEvent::Resumed { .. }
        | CallEvent::PartyChanged { .. }
        | CallEvent::Queued { .. }
        | CallEvent::Unqueued { .. }
        | CallEvent::Transferred { .. }
        | CallEvent::Diverted { .. }
        | CallEvent::Ended { .. } => None,
    }
}

fn cause_of(event: &CallEvent) -> Option<Cause> {
    if let CallEvent::LegEnded { cause, .. } | CallEvent::Ended { cause, .. } = event {
        Some(*cause)
    } else {
        None
    }
}
