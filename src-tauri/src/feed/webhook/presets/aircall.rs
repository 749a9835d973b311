//! Aircall webhooks: JSON with the webhook's token in the body, without a signature.
//!
//! `call.hungup` comes at once, `call.ended` about 30 seconds later and says the same. `call.ringing_on_agent` tells
//! whose phone rings. Users are known by e-mail address, else name, else id. Internal calls are not told. Sources:
//! developer.aircall.io (webhooks-overview, insight-cards); the fields of the call from public clients of it. Of
//! `call.hold`, `call.unhold`, `call.agent_declined` and `call.transferred` only the names were found.
//!
//! ```text
//! POST /in/aircall
//!
//! {"resource":"call","event":"call.ringing_on_agent","timestamp":1700000000,"token":"45XXYYZZa08","data":{"id":812,
//!  "direction":"inbound","raw_digits":"+49 30 55501234","number":{"digits":"+49 30 55509999"},
//!  "user":{"id":456,"name":"Ada Example","email":"ada@example.com"}}}
//! ```

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::call::{CallEvent, Cause, Direction, Endpoint, TransferKind};
use crate::feed::webhook::fields::Fields;
use crate::feed::webhook::preset::{Draft, Format, Lack, Written};
use crate::feed::webhook::proof::{Keys, Need, Unproven, same};
use crate::feed::webhook::request::Request;
use crate::feed::webhook::teller::Story;
use crate::feed::webhook::told::{Bad, Told, What, direction_of};

#[derive(Debug)]
pub(in crate::feed::webhook) struct Aircall;

impl Format for Aircall {
    fn name(&self) -> &'static str {
        "aircall"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Secret]
    }

    fn lacks(&self) -> &'static [Lack] {
        &[
            Lack::Name,
            Lack::Trust,
            Lack::Ender,
            Lack::Voicemail,
            Lack::Reason,
            Lack::Internal,
        ]
    }

    /// The token does not depend on what else is said.
    fn is_signed(&self) -> bool {
        false
    }

    fn prove(&self, request: &Request, keys: &Keys, _: DateTime<Utc>) -> Result<(), Unproven> {
        let unproven = || Unproven::Secret("token".to_owned());
        let fields = request.fields().map_err(|_| unproven())?;
        let token = fields.text("token").ok().flatten().ok_or_else(unproven)?;
        if keys.any(|secret| same(secret, token.as_bytes())) {
            Ok(())
        } else {
            Err(unproven())
        }
    }

    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        let event = fields.needed("event")?;
        let what = match event.as_str() {
            "call.created" => What::Began,
            "call.ringing_on_agent" => What::Ringing,
            "call.answered" => What::Answered,
            "call.agent_declined" => What::LegEnded,
            "call.hold" => What::Held,
            "call.unhold" => What::Resumed,
            "call.transferred" => What::Passed(TransferKind::Blind, person(fields, "transferred_to")?),
            "call.voicemail_left" => What::Voicemail,
            "call.hungup" | "call.ended" => What::Ended,
            _ => return Ok(Vec::new()),
        };
        let direction = fields.text("data.direction")?.as_deref().and_then(direction_of);
        let outgoing = direction == Some(Direction::Out);
        let user = match what {
            What::Passed(..) => person(fields, "transferred_by")?.or(person(fields, "user")?),
            _ => person(fields, "user")?,
        };
        let outside = fields.text("data.raw_digits")?.unwrap_or_default();
        let ours = fields.text("data.number.digits")?.unwrap_or_default();
        let (from, to) = if outgoing { (ours, outside) } else { (outside, ours) };
        let cause = match what {
            What::LegEnded => Some(Cause::Rejected),
            What::Ended => Some(cause_of(fields)?),
            _ => None,
        };
        let what = if outgoing && what == What::Began {
            What::BeganRinging
        } else {
            what
        };
        Ok(vec![Told {
            direction,
            from,
            to,
            dialler: user.clone().filter(|_| outgoing),
            answering: user.clone().filter(|_| !outgoing),
            users: user.into_iter().collect(),
            cause,
            ..Told::new(fields.needed("data.id")?, what)
        }])
    }

    fn write(&self, story: &Story, event: &CallEvent, at: DateTime<Utc>) -> Vec<Draft> {
        let outgoing = story.direction == Direction::Out;
        let origin = story.origin.as_ref().map(|line| line.0.as_str());
        let ours = |leg| match story.phone(leg) {
            Some(Endpoint::Line(line)) => Some(line.0.as_str()),
            Some(Endpoint::Outside(_)) | None => None,
        };
        let draft = |word: &str, user: Option<&str>| vec![drafted(story, word, user, at)];
        match event {
            _ if story.direction == Direction::Internal => Vec::new(),
            CallEvent::Began { .. } => draft("call.created", origin),
            CallEvent::Ringing { leg, .. } if !outgoing => draft("call.ringing_on_agent", ours(leg)),
            CallEvent::Answered { .. } if outgoing => draft("call.answered", origin),
            CallEvent::Answered { leg, .. } => draft("call.answered", ours(leg)),
            CallEvent::Held { .. } => draft("call.hold", None),
            CallEvent::Resumed { .. } => draft("call.unhold", None),
            CallEvent::LegEnded {
                leg,
                cause: Cause::Busy | Cause::Rejected,
                ..
            } if !outgoing => draft("call.agent_declined", ours(leg)),
            CallEvent::Ended {
                cause: Cause::Stale, ..
            } => Vec::new(),
            CallEvent::Ended { .. } => [draft("call.hungup", origin), draft("call.ended", origin)].concat(),
            _ => Vec::new(),
        }
    }

    /// Puts the token into the body.
    fn sign(&self, request: &mut Request, keys: &Keys, _: &str, _: DateTime<Utc>) {
        let token = String::from_utf8_lossy(keys.secret());
        if let Ok(mut body) = serde_json::from_slice::<serde_json::Value>(&request.body) {
            body["token"] = token.into();
            request.body = body.to_string().into_bytes();
        }
    }
}

/// The address, name or id of the user `data.NAME`.
fn person(fields: &Fields, name: &str) -> Result<Option<String>, Bad> {
    let text = |field: &str| fields.text(&format!("data.{name}.{field}"));
    Ok(text("email")?.or(text("name")?).or(text("id")?))
}

/// Nothing but `missed_call_reason` says why nobody answered.
fn cause_of(fields: &Fields) -> Result<Cause, Bad> {
    let reason = fields.text("data.missed_call_reason")?.unwrap_or_default();
    Ok(if fields.text("data.answered_at")?.is_some() {
        Cause::Normal
    } else if reason.contains("abandoned") {
        Cause::Cancelled
    } else {
        Cause::NoAnswer
    })
}

fn drafted(story: &Story, word: &str, user: Option<&str>, at: DateTime<Utc>) -> Draft {
    let outgoing = story.direction == Direction::Out;
    let ours = if outgoing { "" } else { &story.called };
    let answered = story.talks.as_ref().map(|(_, since)| since.timestamp());
    let mut data = json!({
        "id": story.call,
        "direction": if outgoing { "outbound" } else { "inbound" },
        "raw_digits": story.remote("anonymous"),
        "number": { "digits": ours },
        "started_at": story.began.timestamp(),
        "answered_at": answered,
        "user": user.map(|name| json!({ "name": name })),
    });
    if matches!(word, "call.hungup" | "call.ended") {
        data["ended_at"] = at.timestamp().into();
        data["missed_call_reason"] =
            answered.map_or_else(|| "agents_did_not_answer".into(), |_| serde_json::Value::Null);
    }
    Draft {
        word: word.to_owned(),
        fields: Written::Json(json!({ "resource": "call", "event": word, "timestamp": at.timestamp(), "data": data })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(token: &str) -> Request {
        let mut request = Request::new(axum::http::Method::POST, "/in/aircall");
        request.set("content-type", "application/json");
        request.body = json!({ "event": "call.created", "token": token, "data": { "id": 1 } })
            .to_string()
            .into_bytes();
        request
    }

    #[test]
    fn the_token_of_the_webhook_must_be_in_the_body() {
        let keys = Keys {
            secrets: vec!["45XXYYZZa08".to_owned().into()],
            ..Keys::default()
        };
        let prove = |request: &Request| Aircall.prove(request, &keys, DateTime::default());
        let refused = Err(Unproven::Secret("token".to_owned()));
        assert_eq!(prove(&request("45XXYYZZa08")), Ok(()));
        assert_eq!(prove(&request("45XXYYZZa09")), refused);
        assert_eq!(prove(&request("")), refused);
        let mut none = request("45XXYYZZa08");
        none.body = b"{}".to_vec();
        assert_eq!(prove(&none), refused);
    }

    #[test]
    fn a_user_is_known_by_address_before_name_and_id() {
        let user = |user: serde_json::Value| {
            let body = json!({ "event": "call.ringing_on_agent", "data": { "id": 1, "user": user } }).to_string();
            let fields = Fields::from_json(body.as_bytes()).expect("an object");
            Aircall.read(&fields).expect("readable").remove(0).users
        };
        let whole = json!({ "id": 456, "name": "Ada Example", "email": "ada@example.com" });
        assert_eq!(user(whole), ["ada@example.com"]);
        assert_eq!(user(json!({ "id": 456, "name": "Ada Example" })), ["Ada Example"]);
        assert_eq!(user(json!({ "id": 456 })), ["456"]);
    }
}
