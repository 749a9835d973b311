//! Zoom Phone events: JSON, signed by HMAC-SHA256 over the raw body and a time.
//!
//! All phones of a call share `call_id`; `callee_…` events are about a phone of ours that rings, `caller_…` about one
//! that dials. A queue or the receptionist is a callee too: it is the call, not a phone. When a phone that rings for
//! one of those stops, the call goes on. Fields: the event types of zoom/rivet-javascript (`PhoneCalleeRingingEvent` and
//! its like); the words of `handup_result` are those that public connectors compare with, no list was found.
//!
//! ```text
//! POST /in/zoom-phone
//! x-zm-request-timestamp: 1700000000
//! x-zm-signature: v0=hex
//!
//! {"event":"phone.callee_ringing","event_ts":1700000000000,"payload":{"account_id":"a","object":{"call_id":"7",
//!  "caller":{"extension_type":"pstn","phone_number":"+493055501234","name":"Ada"},
//!  "callee":{"extension_type":"user","extension_number":101,"phone_number":"101","device_id":"d"},
//!  "ringing_start_time":"2026-01-02T03:04:05Z"}}}
//! ```

mod write;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::call::{CallEvent, Cause, Direction};
use crate::feed::webhook::fields::Fields;
use crate::feed::webhook::preset::{Draft, Format, Lack, Reply};
use crate::feed::webhook::proof::{Keys, Need, SHA256, Unproven, header, mac};
use crate::feed::webhook::request::Request;
use crate::feed::webhook::teller::Story;
use crate::feed::webhook::told::{Bad, Told, What, letters};

const SIGNATURE: &str = "x-zm-signature";
const TIME: &str = "x-zm-request-timestamp";
const VERSION: &str = "v0=";

#[derive(Debug)]
pub(in crate::feed::webhook) struct ZoomPhone;

impl Format for ZoomPhone {
    fn name(&self) -> &'static str {
        "zoom-phone"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Secret]
    }

    fn lacks(&self) -> &'static [Lack] {
        &[Lack::Trust, Lack::Ender, Lack::Refusal]
    }

    fn prove(&self, request: &Request, keys: &Keys, now: DateTime<Utc>) -> Result<(), Unproven> {
        keys.fresh(signed_at(request, keys)?, now)
    }

    /// Answers `endpoint.url_validation`, which Zoom sends when the address is saved and every three days after, by
    /// the HMAC of its token. The question must be signed too, or anybody could have HMACs made.
    fn greet(&self, request: &Request, keys: &Keys) -> Option<Reply> {
        let fields = request.fields().ok()?;
        let event = fields.text("event").ok()??;
        if event != "endpoint.url_validation" || signed_at(request, keys).is_err() {
            return None;
        }
        let token = fields.text("payload.plainToken").ok()??;
        let encrypted = encrypted(keys.secret(), &token);
        let body = json!({ "plainToken": token, "encryptedToken": encrypted });
        Some(Reply::json(body.to_string()))
    }

    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        let event = fields.needed("event")?;
        let Some((side, word)) = event.strip_prefix("phone.").and_then(|event| event.split_once('_')) else {
            return Ok(Vec::new());
        };
        let call = Call::read(fields)?;
        Ok(match side {
            "callee" => call.callee(word),
            "caller" => call.caller(word),
            _ => Vec::new(),
        })
    }

    fn write(&self, story: &Story, event: &CallEvent, at: DateTime<Utc>) -> Vec<Draft> {
        write::write(story, event, at)
    }

    fn sign(&self, request: &mut Request, keys: &Keys, _: &str, at: DateTime<Utc>) {
        let time = at.timestamp().to_string();
        let digest = mac(SHA256, keys.secret(), &[b"v0:", time.as_bytes(), b":", &request.body]);
        request.set(TIME, &time);
        request.set(SIGNATURE, &format!("{VERSION}{}", hex::encode(digest)));
    }
}

/// When a request was signed, in seconds, if it was.
fn signed_at(request: &Request, keys: &Keys) -> Result<i64, Unproven> {
    let unreadable = |name: &str| Unproven::Unreadable(name.to_owned());
    let given = header(request, SIGNATURE)?.trim().strip_prefix(VERSION);
    let given = given.and_then(|hex| hex::decode(hex).ok());
    let given = given.ok_or_else(|| unreadable(SIGNATURE))?;
    let time = header(request, TIME)?;
    keys.signed(SHA256, &[b"v0:", time.as_bytes(), b":", &request.body], &given)?;
    time.parse().map_err(|_| unreadable(TIME))
}

/// The answer to a `plainToken`.
fn encrypted(secret: &[u8], token: &str) -> String {
    hex::encode(mac(SHA256, secret, &[token.as_bytes()]))
}

/// What `payload.object` says.
struct Call {
    told: Told,
    callee: Side,
    /// Whether it rings for a queue, a receptionist or a colleague who passed it on.
    forwarded: bool,
    result: Option<String>,
}

/// One side of the call.
struct Side {
    kind: String,
    user: Option<String>,
    number: String,
    name: String,
    device: Option<String>,
}

impl Side {
    fn read(fields: &Fields, name: &str) -> Result<Self, Bad> {
        let text = |field: &str| fields.text(&format!("payload.object.{name}.{field}"));
        let extension = text("extension_number")?;
        Ok(Side {
            kind: letters(&text("extension_type")?.unwrap_or_default()),
            number: text("phone_number")?.or(extension.clone()).unwrap_or_default(),
            user: extension.or(text("user_id")?).or(text("name")?),
            name: text("name")?.unwrap_or_default(),
            device: text("device_id")?,
        })
    }

    /// Whether this is the person outside.
    fn is_outside(&self) -> bool {
        self.kind == "pstn" || (self.kind.is_empty() && self.number.starts_with('+'))
    }

    /// Whether this is a queue or a receptionist, which is no phone.
    fn is_place(&self) -> bool {
        matches!(self.kind.as_str(), "callqueue" | "autoreceptionist" | "sharedlinegroup")
    }
}

impl Call {
    fn read(fields: &Fields) -> Result<Self, Bad> {
        let (caller, callee) = (Side::read(fields, "caller")?, Side::read(fields, "callee")?);
        let direction = match (caller.is_outside(), callee.is_outside()) {
            (_, true) => Direction::Out,
            (true, false) => Direction::In,
            (false, false) => Direction::Internal,
        };
        let told = Told {
            direction: Some(direction),
            from: caller.number.clone(),
            to: callee.number.clone(),
            name: if direction == Direction::Out {
                callee.name.clone()
            } else {
                caller.name.clone()
            },
            dialler: caller.user.clone().filter(|_| direction != Direction::In),
            ..Told::new(fields.needed("payload.object.call_id")?, What::Began)
        };
        Ok(Call {
            told,
            forwarded: fields.count("payload.object.forwarded_by") > 0,
            result: fields.text("payload.object.handup_result")?,
            callee,
        })
    }

    /// An event about who is called.
    fn callee(self, word: &str) -> Vec<Told> {
        if self.callee.is_place() {
            return self.place(word);
        }
        match word {
            "ringing" => vec![self.phone(What::Ringing)],
            "answered" => vec![self.phone(What::Answered)],
            "hold" => vec![self.all(What::Held)],
            "unhold" => vec![self.all(What::Resumed)],
            "missed" | "rejected" => {
                let refused = (word == "rejected").then_some(Cause::Rejected);
                let cause = refused.or(self.cause()).unwrap_or(Cause::NoAnswer);
                let ended = [self.phone(What::LegEnded), self.all(What::Ended)];
                let told = ended.into_iter().take(if self.forwarded { 1 } else { 2 });
                told.map(|told| Told {
                    cause: Some(cause),
                    ..told
                })
                .collect()
            }
            "ended" => self.ended(),
            _ => Vec::new(),
        }
    }

    /// An event about who calls; that is one of our phones, or there would be none.
    fn caller(self, word: &str) -> Vec<Told> {
        // In an internal call the events about the callee tell of the phone that rings.
        let outgoing = self.told.direction == Some(Direction::Out);
        match word {
            "ringing" if outgoing => vec![self.all(What::BeganRinging)],
            "ringing" => vec![self.all(What::Began)],
            "connected" if outgoing => vec![self.all(What::Answered)],
            "hold" => vec![self.all(What::Held)],
            "unhold" => vec![self.all(What::Resumed)],
            "ended" => self.ended(),
            _ => Vec::new(),
        }
    }

    /// An event about a queue or a receptionist.
    fn place(self, word: &str) -> Vec<Told> {
        match word {
            "ringing" if self.callee.kind == "callqueue" => {
                let queue = [&self.callee.name, &self.callee.number]
                    .into_iter()
                    .find(|name| !name.is_empty());
                let queued = What::Queued(queue.cloned().unwrap_or_default());
                vec![self.all(What::Began), self.all(queued)]
            }
            "ringing" => vec![self.all(What::Began)],
            "missed" | "ended" => self.ended(),
            _ => Vec::new(),
        }
    }

    fn ended(self) -> Vec<Told> {
        let voicemail = self
            .result
            .as_deref()
            .is_some_and(|result| letters(result).contains("voicemail"));
        let before = voicemail.then(|| self.all(What::Voicemail));
        let cause = self.cause().or(Some(Cause::Normal));
        let ended = Told {
            cause,
            ..self.all(What::Ended)
        };
        before.into_iter().chain([ended]).collect()
    }

    /// Something about the whole call.
    fn all(&self, what: What) -> Told {
        Told {
            what,
            ..self.told.clone()
        }
    }

    /// Something about the callee's phone. One extension can ring on a desk phone and in the app at a time.
    fn phone(&self, what: What) -> Told {
        let user = self.callee.user.clone().unwrap_or_default();
        let device = self.callee.device.as_ref().map(|device| format!("/{device}"));
        Told {
            what,
            leg: Some(format!("{}/{user}{}", self.told.session, device.unwrap_or_default())),
            users: vec![user],
            ..self.told.clone()
        }
    }

    fn cause(&self) -> Option<Cause> {
        let result = letters(self.result.as_deref()?);
        let has = |word: &str| result.contains(word);
        Some(match result.as_str() {
            _ if has("connected") || has("voicemail") => Cause::Normal,
            _ if has("other") => Cause::AnsweredElsewhere,
            _ if has("cancel") => Cause::Cancelled,
            _ if has("noanswer") || has("missed") => Cause::NoAnswer,
            _ if has("reject") || has("declin") => Cause::Rejected,
            _ if has("busy") => Cause::Busy,
            _ if has("fail") => Cause::Unreachable,
            _ => Cause::Other,
        })
    }
}

/// The words of [`Call::cause`].
fn result_of(cause: Cause) -> Value {
    Value::from(match cause {
        Cause::Normal => "Call connected",
        Cause::AnsweredElsewhere => "Answered by Other Member",
        Cause::Cancelled => "Call Cancel",
        Cause::NoAnswer => "No Answer",
        Cause::Busy => "Busy",
        Cause::Rejected => "Rejected",
        Cause::Unreachable | Cause::Other | Cause::Stale => "Call failed",
    })
}

#[cfg(test)]
mod tests;
