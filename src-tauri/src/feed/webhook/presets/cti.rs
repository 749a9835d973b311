//! The vocabulary that Zammad's generic CTI took over from sipgate.io: `newCall`, `answer`, `hangup`.
//!
//! Pure. It says who rings only in the first and why it ended only in the last. What differs between the two
//! (verification, answers, JSON or form) is theirs.

use serde_json::{Map, Value};

use crate::call::{CallEvent, Cause, Direction, Endpoint};
use crate::feed::webhook::fields::Fields;
use crate::feed::webhook::teller::{Story, digits};
use crate::feed::webhook::told::{Bad, Told, What, direction_of, letters};

/// Reads one event. `None` for an event that is none of the three.
pub(super) fn read(fields: &Fields) -> Result<Option<Told>, Bad> {
    let event = fields.needed("event")?;
    let session = fields.needed("callId")?;
    let what = match letters(&event).as_str() {
        "newcall" => What::BeganRinging,
        "answer" | "answered" => What::Answered,
        "hangup" | "hungup" => What::Ended,
        _ => return Ok(None),
    };
    let direction = fields.text("direction")?;
    if direction.is_none() && what == What::BeganRinging {
        return Err(Bad::Missing("direction".to_owned()));
    }
    let users = fields.texts("user")?;
    Ok(Some(Told {
        direction: direction.map(direction_word).transpose()?,
        from: fields.text("from")?.unwrap_or_default(),
        to: fields.text("to")?.unwrap_or_default(),
        users: if users.is_empty() {
            fields.texts("caller")?
        } else {
            users
        },
        answering: fields.text("answeringNumber")?,
        cause: fields.text("cause")?.as_deref().map(cause_of),
        ..Told::new(session, what)
    }))
}

/// Writes one event: its word and the fields in the order of the documentation; `None` when there is no word.
pub(super) fn write(story: &Story, event: &CallEvent) -> Option<(&'static str, Map<String, Value>)> {
    let word = match event {
        CallEvent::Began { .. } => "newCall",
        CallEvent::Answered { .. } => "answer",
        CallEvent::Ended { .. } => "hangup",
        CallEvent::Offered { .. }
        | CallEvent::Ringing { .. }
        | CallEvent::Consulted { .. }
        | CallEvent::Held { .. }
        | CallEvent::Resumed { .. }
        | CallEvent::PartyChanged { .. }
        | CallEvent::Queued { .. }
        | CallEvent::Unqueued { .. }
        | CallEvent::Transferred { .. }
        | CallEvent::Diverted { .. }
        | CallEvent::LegEnded { .. } => return None,
    };
    let (from, to) = story.from_to("anonymous");
    let direction = if story.direction == Direction::Out { "out" } else { "in" };
    let mut fields = Map::new();
    for (name, value) in [
        ("event", word),
        ("from", digits(from)),
        ("to", digits(to)),
        ("direction", direction),
        ("callId", &story.call),
    ] {
        fields.insert(name.to_owned(), value.into());
    }
    if let CallEvent::Began { .. } = event {
        let dialler = story.origin.iter().filter(|_| story.direction == Direction::Out);
        let users = story.lines().chain(dialler).map(|line| line.0.clone().into());
        fields.insert("user".to_owned(), Value::Array(users.collect()));
    }
    if let CallEvent::Answered { leg, .. } = event {
        let answering = match story.phone(leg)? {
            Endpoint::Line(line) => line.0.as_str(),
            Endpoint::Outside(number) => digits(number),
        };
        fields.insert("answeringNumber".to_owned(), answering.into());
    }
    if let CallEvent::Ended { cause, .. } = event {
        fields.insert("cause".to_owned(), cause_word(*cause)?.into());
    }
    Some((word, fields))
}

fn direction_word(word: String) -> Result<Direction, Bad> {
    direction_of(&word).ok_or(Bad::Word {
        field: "direction".to_owned(),
        word,
        allowed: "said.hook_in_out",
    })
}

fn cause_of(word: &str) -> Cause {
    match letters(word).as_str() {
        "normalclearing" => Cause::Normal,
        "busy" => Cause::Busy,
        "cancel" => Cause::Cancelled,
        "noanswer" => Cause::NoAnswer,
        "notfound" => Cause::Unreachable,
        "forwarded" => Cause::AnsweredElsewhere,
        _ => Cause::Other,
    }
}

/// `None` for a call whose end nobody heard: nothing is sent for it.
fn cause_word(cause: Cause) -> Option<&'static str> {
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
