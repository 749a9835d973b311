//! Calls as Zoom Phone would tell them.
//!
//! Pure. It does not know signatures. A call from outside is written as one that the receptionist takes first, because
//! that is how several phones come to ring for it.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::result_of;
use crate::call::{CallEvent, Cause, Direction, Endpoint, LegKey, Then};
use crate::feed::webhook::preset::Draft;
use crate::feed::webhook::teller::Story;

pub(super) fn write(story: &Story, event: &CallEvent, at: DateTime<Utc>) -> Vec<Draft> {
    let outgoing = story.direction == Direction::Out;
    let side = if outgoing { "caller" } else { "callee" };
    let whole =
        |word: &str, result: Option<Cause>| vec![draft(story, &format!("phone.{side}_{word}"), None, result, at)];
    match event {
        CallEvent::Began { .. } => whole("ringing", None),
        CallEvent::Ringing { leg, .. } => phone(story, leg, "ringing", None, at),
        CallEvent::Answered { .. } if outgoing => whole("connected", None),
        CallEvent::Answered { leg, .. } => phone(story, leg, "answered", None, at),
        CallEvent::Held { .. } if outgoing => whole("hold", None),
        CallEvent::Resumed { .. } if outgoing => whole("unhold", None),
        CallEvent::Held { .. } => talker(story, "hold", at),
        CallEvent::Resumed { .. } => talker(story, "unhold", at),
        CallEvent::LegEnded {
            cause: Cause::Normal, ..
        } => Vec::new(),
        CallEvent::LegEnded { leg, cause, .. } => {
            let refused = matches!(cause, Cause::Busy | Cause::Rejected);
            let word = if refused { "rejected" } else { "missed" };
            phone(story, leg, word, Some(*cause), at)
        }
        CallEvent::Ended {
            cause: Cause::Stale, ..
        } => Vec::new(),
        CallEvent::Ended { cause, .. } => whole("ended", Some(*cause)),
        _ => Vec::new(),
    }
}

/// An event about one of our phones that is called.
fn phone(story: &Story, leg: &LegKey, word: &str, result: Option<Cause>, at: DateTime<Utc>) -> Vec<Draft> {
    match story.phone(leg) {
        Some(Endpoint::Line(line)) => vec![draft(story, &format!("phone.callee_{word}"), Some(&line.0), result, at)],
        Some(Endpoint::Outside(_)) | None => Vec::new(),
    }
}

/// An event about our phone that talks.
fn talker(story: &Story, word: &str, at: DateTime<Utc>) -> Vec<Draft> {
    let leg = story.talks.as_ref().map(|(leg, _)| leg);
    leg.map_or_else(Vec::new, |leg| phone(story, leg, word, None, at))
}

/// An event about the extension `line`, or about the whole call.
fn draft(story: &Story, event: &str, line: Option<&str>, result: Option<Cause>, at: DateTime<Utc>) -> Draft {
    let mut object = json!({
        "call_id": story.call,
        "caller": caller(story),
        "callee": callee(story, line),
        "ringing_start_time": story.began.format("%FT%TZ").to_string(),
    });
    if line.is_some() {
        object["forwarded_by"] = json!({ "extension_type": "autoReceptionist", "name": "Reception" });
    }
    if let Some(cause) = result {
        object["call_end_time"] = at.format("%FT%TZ").to_string().into();
        object["handup_result"] = if line.is_none() && story.then == Some(Then::Voicemail) {
            "Voicemail".into()
        } else {
            result_of(cause)
        };
    }
    let payload = json!({ "account_id": "acme", "object": object });
    Draft::json(
        event,
        json!({ "event": event, "event_ts": at.timestamp_millis(), "payload": payload }),
    )
}

fn caller(story: &Story) -> Value {
    let (from, _) = story.from_to("anonymous");
    match story.direction {
        Direction::In => json!({ "extension_type": "pstn", "phone_number": from, "name": story.remote.name }),
        Direction::Out | Direction::Internal => user(from),
    }
}

fn callee(story: &Story, line: Option<&str>) -> Value {
    let (_, to) = story.from_to("anonymous");
    match (story.direction, line) {
        (_, Some(line)) => user(line),
        (Direction::Out, None) => json!({ "extension_type": "pstn", "phone_number": to, "name": story.remote.name }),
        (Direction::In | Direction::Internal, None) => {
            json!({ "extension_type": "autoReceptionist", "phone_number": to })
        }
    }
}

fn user(line: &str) -> Value {
    json!({
        "extension_type": "user",
        "extension_number": line,
        "phone_number": line,
        "device_id": format!("phone-of-{line}"),
    })
}
