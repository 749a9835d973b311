//! Vonage Voice: events of each leg as JSON, with a JSON Web Token that has the hash of the body.
//!
//! The leg from outside is `inbound`; each leg that the account's program dials is `outbound` in the same
//! conversation. That the program answers the inbound leg does not mean that a person does. `ringing` may come before
//! `started`. Sources: <https://developer.vonage.com/en/voice/voice-api/webhook-reference>, and for signed webhooks
//! <https://developer.vonage.com/en/getting-started/concepts/webhooks>.
//!
//! ```text
//! POST /in/vonage
//! Authorization: Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDAwMDAwMDB9.x5IQeHBURpNfTH78X0z8sUbEcexaPl-v1zMo2A1Nmcc
//!
//! {"from":"493055501234","to":"493055509999","uuid":"u-1","conversation_uuid":"CON-1","status":"ringing",
//!  "direction":"inbound","timestamp":"2026-01-02T03:04:05.000Z"}
//! ```

use axum::http::Method;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;

use crate::call::{CallEvent, Cause, Direction, Endpoint, LegKey};
use crate::feed::webhook::fields::Fields;
use crate::feed::webhook::jwt;
use crate::feed::webhook::preset::{Draft, Format, Lack};
use crate::feed::webhook::proof::{Keys, Need, Unproven, header, same, sha256};
use crate::feed::webhook::request::Request;
use crate::feed::webhook::teller::{Story, digits};
use crate::feed::webhook::told::{Bad, Told, What, bare};

#[derive(Debug)]
pub(in crate::feed::webhook) struct Vonage;

impl Format for Vonage {
    fn name(&self) -> &'static str {
        "vonage"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Secret]
    }

    fn lacks(&self) -> &'static [Lack] {
        &[Lack::Name, Lack::Trust, Lack::Hold, Lack::Ender, Lack::Voicemail]
    }

    fn methods(&self) -> &'static [Method] {
        &[Method::POST, Method::GET]
    }

    /// The token says when it was signed and, when it has `payload_hash`, over which body. Without a hash the body is
    /// covered by nothing but TLS, so that a token alone proves little: it is refused where there is a body.
    fn prove(&self, request: &Request, keys: &Keys, now: DateTime<Utc>) -> Result<(), Unproven> {
        let token = header(request, "authorization")?;
        let token = token
            .strip_prefix("Bearer ")
            .ok_or_else(|| Unproven::Unreadable("authorization".to_owned()))?;
        let claims = jwt::claims(token.trim(), keys, now)?;
        let hash = claims.get("payload_hash").and_then(|hash| hash.as_str());
        let fits =
            hash.is_some_and(|hash| same(hash.to_ascii_lowercase().as_bytes(), hash_of(&request.body).as_bytes()));
        if fits || (hash.is_none() && request.body.is_empty()) {
            Ok(())
        } else {
            Err(Unproven::Signature)
        }
    }

    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        let status = fields.needed("status")?;
        let inbound = fields.text("direction")?.unwrap_or_default() == "inbound";
        let Some(what) = what_of(&status, inbound) else {
            return Ok(Vec::new());
        };
        let text = |name: &str| Ok::<_, Bad>(fields.text(name)?.unwrap_or_default());
        let (from, to) = (text("from")?, text("to")?);
        let user = |address: &str| (!is_number(address)).then(|| bare(address).to_owned());
        let told = Told {
            from: bare(&from).to_owned(),
            to: bare(&to).to_owned(),
            users: user(&to).into_iter().collect(),
            dialler: fields
                .text("from_user")?
                .or_else(|| user(&from).filter(|_| !is_withheld(&from))),
            cause: Some(cause_of(&status)),
            ..Told::new(fields.needed("conversation_uuid")?, what)
        };
        let to_user = !told.users.is_empty();
        let direction = match (&told.dialler, inbound || to_user) {
            (None, true) => Direction::In,
            (Some(_), true) if to_user => Direction::Internal,
            (Some(_) | None, _) => Direction::Out,
        };
        let told = Told {
            direction: Some(direction),
            ..told
        };
        Ok(vec![if inbound {
            Told {
                users: Vec::new(),
                ..told
            }
        } else {
            Told {
                leg: Some(fields.needed("uuid")?),
                last_ends: direction == Direction::Out,
                to: if direction == Direction::In {
                    String::new()
                } else {
                    told.to.clone()
                },
                ..told
            }
        }])
    }

    fn write(&self, story: &Story, event: &CallEvent, at: DateTime<Utc>) -> Vec<Draft> {
        let draft = match event {
            CallEvent::Began { .. } => Some(inbound_draft(story, "started", at)),
            CallEvent::Offered { leg, .. } => outbound_draft(story, leg, "started", at),
            CallEvent::Ringing { leg, .. } => outbound_draft(story, leg, "ringing", at),
            CallEvent::Answered { leg, .. } => outbound_draft(story, leg, "answered", at),
            CallEvent::LegEnded { leg, cause, .. } => outbound_draft(story, leg, status_of(*cause), at),
            CallEvent::Ended {
                cause: Cause::Stale, ..
            } => None,
            CallEvent::Ended { cause, .. } => Some(inbound_draft(story, status_of(*cause), at)),
            CallEvent::Held { .. }
            | CallEvent::Resumed { .. }
            | CallEvent::Consulted { .. }
            | CallEvent::PartyChanged { .. }
            | CallEvent::Queued { .. }
            | CallEvent::Unqueued { .. }
            | CallEvent::Transferred { .. }
            | CallEvent::Diverted { .. } => None,
        };
        draft.into_iter().collect()
    }

    fn sign(&self, request: &mut Request, keys: &Keys, _: &str, at: DateTime<Utc>) {
        let claims = json!({ "iat": at.timestamp(), "payload_hash": hash_of(&request.body) });
        request.set(
            "authorization",
            &format!("Bearer {}", jwt::token(&claims, keys.secret())),
        );
    }
}

fn what_of(status: &str, inbound: bool) -> Option<What> {
    match (status, inbound) {
        ("started" | "ringing" | "answered", true) => Some(What::Began),
        ("started", false) => Some(What::Offered),
        ("ringing", false) => Some(What::Ringing),
        ("answered", false) => Some(What::Answered),
        ("busy" | "cancelled" | "unanswered" | "disconnected" | "rejected" | "failed" | "timeout" | "completed", _) => {
            Some(if inbound { What::Ended } else { What::LegEnded })
        }
        _ => None,
    }
}

fn is_number(address: &str) -> bool {
    let digits = address.strip_prefix('+').unwrap_or(address);
    digits.len() > 6 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_withheld(address: &str) -> bool {
    ["", "anonymous", "unknown", "restricted", "private"].contains(&address.to_ascii_lowercase().as_str())
}

fn hash_of(body: &[u8]) -> String {
    hex::encode(sha256(body))
}

fn cause_of(status: &str) -> Cause {
    match status {
        "completed" | "disconnected" => Cause::Normal,
        "busy" => Cause::Busy,
        "rejected" => Cause::Rejected,
        "cancelled" => Cause::Cancelled,
        "unanswered" | "timeout" => Cause::NoAnswer,
        "failed" => Cause::Unreachable,
        _ => Cause::Other,
    }
}

fn status_of(cause: Cause) -> &'static str {
    match cause {
        Cause::Normal => "completed",
        Cause::Busy => "busy",
        Cause::Rejected => "rejected",
        Cause::Cancelled | Cause::AnsweredElsewhere => "cancelled",
        Cause::NoAnswer => "unanswered",
        Cause::Unreachable | Cause::Other | Cause::Stale => "failed",
    }
}

fn inbound_draft(story: &Story, status: &str, at: DateTime<Utc>) -> Draft {
    let (from, to) = story.from_to("anonymous");
    draft(story, &story.call, "inbound", (digits(from), digits(to)), status, at)
}

fn outbound_draft(story: &Story, leg: &LegKey, status: &str, at: DateTime<Utc>) -> Option<Draft> {
    let (from, _) = story.from_to("anonymous");
    let to = match story.phone(leg)? {
        Endpoint::Line(line) => &line.0,
        Endpoint::Outside(number) => number,
    };
    Some(draft(story, &leg.0, "outbound", (digits(from), digits(to)), status, at))
}

fn draft(
    story: &Story,
    uuid: &str,
    direction: &str,
    (from, to): (&str, &str),
    status: &str,
    at: DateTime<Utc>,
) -> Draft {
    let fields = json!({
        "from": from, "to": to, "uuid": uuid, "conversation_uuid": story.call, "status": status,
        "direction": direction, "timestamp": at.to_rfc3339_opts(SecondsFormat::Millis, true),
    });
    Draft::json(status, fields)
}

#[cfg(test)]
mod tests;
