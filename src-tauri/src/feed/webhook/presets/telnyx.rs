//! Telnyx: Call Control events as JSON and TeXML callbacks as forms, signed by Ed25519 over time and raw body.
//!
//! The leg from outside is `incoming`; each leg that the account's program dials is `outgoing` in the same session.
//! There is no event for ringing: a leg that is dialled counts as ringing. That the program answers the incoming leg
//! does not mean that a person does. Sources: team-telnyx/telnyx-python `types/call_*.py`,
//! `lib/webhook_verification.py`; <https://developers.telnyx.com>.
//!
//! ```text
//! POST /in/telnyx
//! telnyx-timestamp: 1700000000
//! telnyx-signature-ed25519: base64
//!
//! {"data":{"event_type":"call.initiated","id":"e1","occurred_at":"2026-01-02T03:04:05Z","payload":{
//!  "call_session_id":"s1","call_leg_id":"l1","from":"+493055501234","to":"+493055509999","direction":"incoming",
//!  "shaken_stir_attestation":"B","shaken_stir_validated":true}}}
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use serde_json::{Value, json};

use super::twiml;
use crate::call::{CallEvent, Cause, Direction, Endpoint, LegKey, Side, Trust};
use crate::feed::webhook::fields::Fields;
use crate::feed::webhook::preset::{Draft, Format, Lack};
use crate::feed::webhook::proof::{Keys, Need, Unproven, base64, base64_header, header};
use crate::feed::webhook::request::Request;
use crate::feed::webhook::teller::Story;
use crate::feed::webhook::told::{Bad, Told, What, bare, trust_of, user_of};

const SIGNATURE: &str = "telnyx-signature-ed25519";
const TIME: &str = "telnyx-timestamp";

#[derive(Debug)]
pub(in crate::feed::webhook) struct Telnyx;

impl Format for Telnyx {
    fn name(&self) -> &'static str {
        "telnyx"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::PublicKey]
    }

    fn lacks(&self) -> &'static [Lack] {
        &[Lack::Hold, Lack::Ender, Lack::Voicemail, Lack::Rang, Lack::Refusal]
    }

    fn prove(&self, request: &Request, keys: &Keys, now: DateTime<Utc>) -> Result<(), Unproven> {
        let time = header(request, TIME)?;
        let seconds = time.parse().map_err(|_| Unproven::Unreadable(TIME.to_owned()))?;
        let signature = base64_header(request, SIGNATURE)?;
        let key = keys.public_key.as_deref().unwrap_or_default();
        let key = STANDARD.decode(key.trim()).map_err(|_| Unproven::Key)?;
        if key.len() != 32 {
            return Err(Unproven::Key);
        }
        UnparsedPublicKey::new(&ED25519, key)
            .verify(&signed(time, &request.body), &signature)
            .map_err(|_| Unproven::Signature)?;
        keys.fresh(seconds, now)
    }

    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        let Some(event) = fields.text("data.event_type")? else {
            return texml(fields);
        };
        let event = match event.as_str() {
            "call.initiated" => Event::Initiated,
            "call.answered" | "call.bridged" => Event::Answered,
            "call.hangup" => Event::Hangup,
            _ => return Ok(Vec::new()),
        };
        let session = fields.needed("data.payload.call_session_id")?;
        let text = |name: &str| Ok::<_, Bad>(fields.text(&format!("data.payload.{name}"))?.unwrap_or_default());
        let (from, to) = (text("from")?, text("to")?);
        let (trust, verstat) = attested(&text("shaken_stir_attestation")?, fields.truth(VALIDATED));
        let told = Told {
            session,
            from: bare(&from).to_owned(),
            to: bare(&to).to_owned(),
            name: text("caller_id_name")?,
            users: user_of(&to).into_iter().collect(),
            dialler: user_of(&from),
            trust,
            verstat,
            cause: Some(cause_of(&text("hangup_cause")?)),
            by: side_of(&text("hangup_source")?),
            ..Told::default()
        };
        if text("direction")? == "incoming" {
            return Ok(incoming(event, told));
        }
        let leg = fields.needed("data.payload.call_leg_id")?;
        Ok(outgoing(event, leg, told))
    }

    fn write(&self, story: &Story, event: &CallEvent, at: DateTime<Utc>) -> Vec<Draft> {
        // A call that nobody of ours dialled has no leg but the one that the program dialled.
        let has_incoming = story.direction != Direction::Out || story.origin.is_some();
        let draft = match event {
            CallEvent::Began { .. } if has_incoming => Some(write_incoming(story, "call.initiated", None, at)),
            CallEvent::Offered { leg, .. } => write_outgoing(story, leg, "call.initiated", None, at),
            CallEvent::Answered { leg, .. } => write_outgoing(story, leg, "call.answered", None, at),
            CallEvent::LegEnded { leg, cause, .. } => {
                write_outgoing(story, leg, "call.hangup", Some((*cause, None)), at)
            }
            CallEvent::Ended {
                cause: Cause::Stale, ..
            } => None,
            CallEvent::Ended { cause, by, .. } if has_incoming => {
                Some(write_incoming(story, "call.hangup", Some((*cause, *by)), at))
            }
            CallEvent::Began { .. }
            | CallEvent::Ended { .. }
            | CallEvent::Ringing { .. }
            | CallEvent::Held { .. }
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

    /// The secret is the seed of the private key, in base64.
    fn sign(&self, request: &mut Request, keys: &Keys, _: &str, at: DateTime<Utc>) {
        let seed = STANDARD.decode(keys.secret()).unwrap_or_default();
        let time = at.timestamp().to_string();
        if let Ok(pair) = Ed25519KeyPair::from_seed_unchecked(&seed) {
            let signature = pair.sign(&signed(&time, &request.body));
            request.set(TIME, &time);
            request.set(SIGNATURE, &base64(signature.as_ref()));
        }
    }
}

const VALIDATED: &str = "data.payload.shaken_stir_validated";

/// The events that tell of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Initiated,
    Answered,
    Hangup,
}

fn signed(time: &str, body: &[u8]) -> Vec<u8> {
    [time.as_bytes(), b"|", body].concat()
}

/// TeXML: Twilio's words, with an attestation of its own.
fn texml(fields: &Fields) -> Result<Vec<Told>, Bad> {
    let attestation = fields.text("ShakenStirAttestation")?.unwrap_or_default();
    let (trust, verstat) = attested(&attestation, fields.truth("ShakenStirValidated"));
    twiml::read(fields, trust, verstat)
}

fn incoming(event: Event, told: Told) -> Vec<Told> {
    let direction = match (&told.dialler, told.users.is_empty()) {
        (None, _) => Direction::In,
        (Some(_), true) => Direction::Out,
        (Some(_), false) => Direction::Internal,
    };
    vec![Told {
        what: if event == Event::Hangup {
            What::Ended
        } else {
            What::Began
        },
        direction: Some(direction),
        users: Vec::new(),
        ..told
    }]
}

fn outgoing(event: Event, leg: String, told: Told) -> Vec<Told> {
    let direction = match (told.users.is_empty(), &told.dialler) {
        (false, None) => Direction::In,
        (false, Some(_)) => Direction::Internal,
        (true, _) => Direction::Out,
    };
    vec![Told {
        what: match event {
            Event::Initiated => What::Ringing,
            Event::Answered => What::Answered,
            Event::Hangup => What::LegEnded,
        },
        leg: Some(leg),
        last_ends: direction == Direction::Out,
        // A leg that is heard of first is not the call from outside: its address is the phone's.
        to: if direction == Direction::In {
            String::new()
        } else {
            told.to.clone()
        },
        direction: Some(direction),
        ..told
    }]
}

/// The attestation in the words of `verstat`, of which Telnyx writes the level and whether it was validated.
fn attested(level: &str, validated: Option<bool>) -> (Trust, String) {
    let verstat = match (level.trim(), validated) {
        ("", None | Some(true)) => String::new(),
        ("", Some(false)) => "No-TN-Validation".to_owned(),
        (_, Some(false)) => "TN-Validation-Failed".to_owned(),
        (level, None | Some(true)) => format!("TN-Validation-Passed-{}", level.to_ascii_uppercase()),
    };
    (trust_of(&verstat), verstat)
}

fn cause_of(word: &str) -> Cause {
    match word {
        "normal_clearing" => Cause::Normal,
        "call_rejected" => Cause::Rejected,
        "originator_cancel" => Cause::Cancelled,
        "timeout" | "no_answer" => Cause::NoAnswer,
        "user_busy" => Cause::Busy,
        "not_found" => Cause::Unreachable,
        _ => Cause::Other,
    }
}

fn side_of(word: &str) -> Option<Side> {
    match word {
        "caller" => Some(Side::Caller),
        "callee" => Some(Side::Agent),
        _ => None,
    }
}

fn write_incoming(story: &Story, event: &str, end: Option<(Cause, Option<Side>)>, at: DateTime<Utc>) -> Draft {
    let (from, to) = from_to(story);
    let mut payload = json!({
        "call_session_id": story.call, "call_leg_id": format!("{}/incoming", story.call), "direction": "incoming",
        "from": from, "to": to, "caller_id_name": story.remote.name,
    });
    let level = match story.remote.trust {
        Trust::Verified => Some(("A", true)),
        Trust::NotVerifiedB => Some(("B", true)),
        Trust::NotVerifiedC => Some(("C", true)),
        Trust::Failed => Some(("A", false)),
        Trust::Unknown => None,
    };
    if let Some((level, validated)) = level {
        payload["shaken_stir_attestation"] = level.into();
        payload["shaken_stir_validated"] = validated.into();
    }
    envelope(event, payload, end, at)
}

fn write_outgoing(
    story: &Story,
    leg: &LegKey,
    event: &str,
    end: Option<(Cause, Option<Side>)>,
    at: DateTime<Utc>,
) -> Option<Draft> {
    let (from, _) = from_to(story);
    let to = match story.phone(leg)? {
        Endpoint::Line(line) => format!("sip:{line}@sip.telnyx.com"),
        Endpoint::Outside(number) => number.clone(),
    };
    let payload = json!({
        "call_session_id": story.call, "call_leg_id": leg.0, "direction": "outgoing", "from": from, "to": to,
    });
    Some(envelope(event, payload, end, at))
}

fn envelope(event: &str, mut payload: Value, end: Option<(Cause, Option<Side>)>, at: DateTime<Utc>) -> Draft {
    if let Some((cause, by)) = end {
        payload["hangup_cause"] = word_of(cause).into();
        payload["hangup_source"] = match by {
            Some(Side::Caller) => "caller",
            Some(Side::Agent | Side::Callee) => "callee",
            Some(Side::Pbx | Side::Transfer) | None => "unknown",
        }
        .into();
    }
    let id = format!(
        "{}-{event}-{}",
        payload["call_leg_id"].as_str().unwrap_or_default(),
        at.timestamp_millis()
    );
    let data = json!({
        "record_type": "event", "event_type": event, "id": id,
        "occurred_at": at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true), "payload": payload,
    });
    Draft::json(event, json!({ "data": data }))
}

fn from_to(story: &Story) -> (String, String) {
    let sip = |line: &str| format!("sip:{line}@sip.telnyx.com");
    let (from, to) = story.from_to("anonymous");
    match story.direction {
        Direction::In => (from.to_owned(), to.to_owned()),
        Direction::Out => (sip(from), to.to_owned()),
        Direction::Internal => (sip(from), sip(to)),
    }
}

fn word_of(cause: Cause) -> &'static str {
    match cause {
        Cause::Normal => "normal_clearing",
        Cause::Busy => "user_busy",
        Cause::Rejected => "call_rejected",
        Cause::NoAnswer => "timeout",
        Cause::Cancelled | Cause::AnsweredElsewhere => "originator_cancel",
        Cause::Unreachable => "not_found",
        Cause::Other | Cause::Stale => "unspecified",
    }
}

#[cfg(test)]
mod tests;
