//! RingCentral telephony sessions: JSON with the parties of a session that changed; a token in a header, no signature.
//!
//! Only parties of the own account are told, so that a call from outside is over when its last party is. `Inbound` is
//! meant from the party: the platform calls a phone of ours. Our phones are named by the number or the id of their
//! extension. Source: ringcentral/ringcentral-api-docs `docs/notifications`, `docs/voice/telephony-session-notifications.md`.
//!
//! ```text
//! POST /in/ringcentral
//! Verification-Token: the secret
//!
//! {"uuid":"1","event":"/restapi/v1.0/account/1/telephony/sessions","timestamp":"2026-01-02T03:04:05.000Z",
//!  "subscriptionId":"s","body":{"sequence":3,"sessionId":"11","telephonySessionId":"s-1",
//!  "eventTime":"2026-01-02T03:04:05.000Z","origin":{"type":"Call"},"parties":[{"id":"p-1-2","extensionId":"62264",
//!  "direction":"Inbound","from":{"phoneNumber":"+493055501234","name":"Ada Example"},
//!  "to":{"phoneNumber":"+493055509999","extensionId":"62264"},"status":{"code":"Proceeding"}}]}}
//! ```

use axum::http::Method;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::call::{CallEvent, Cause, Direction, Endpoint, LegKey, TransferKind};
use crate::feed::webhook::fields::Fields;
use crate::feed::webhook::preset::{Draft, Format, Lack, Reply};
use crate::feed::webhook::proof::{Keys, Need, Unproven, same};
use crate::feed::webhook::request::Request;
use crate::feed::webhook::teller::Story;
use crate::feed::webhook::told::{Bad, Told, What};

/// The header of the handshake; some subscriptions repeat their own token in it.
const VALIDATION: &str = "validation-token";
/// The header with the token of the subscription.
const VERIFICATION: &str = "verification-token";

#[derive(Debug)]
pub(in crate::feed::webhook) struct RingCentral;

impl Format for RingCentral {
    fn name(&self) -> &'static str {
        "ringcentral"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Secret]
    }

    fn is_signed(&self) -> bool {
        false
    }

    fn lacks(&self) -> &'static [Lack] {
        &[Lack::Trust, Lack::Ender]
    }

    fn prove(&self, request: &Request, keys: &Keys, _: DateTime<Utc>) -> Result<(), Unproven> {
        let given = [VERIFICATION, VALIDATION].iter().find_map(|name| request.header(name));
        let given = given.ok_or_else(|| Unproven::Missing(VERIFICATION.to_owned()))?;
        if keys.any(|secret| same(secret, given.as_bytes())) {
            Ok(())
        } else {
            Err(Unproven::Secret(VERIFICATION.to_owned()))
        }
    }

    /// A new subscription asks with an empty request, whose token has to come back.
    fn greet(&self, request: &Request, _: &Keys) -> Option<Reply> {
        let token = request.header(VALIDATION)?;
        let asks = request.method == Method::POST && request.body.is_empty();
        asks.then(|| Reply {
            header: Some((VALIDATION, token.to_owned())),
            ..Reply::json("")
        })
    }

    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        if fields.count("body.parties") == 0 {
            return Ok(Vec::new());
        }
        let session = fields.needed("body.telephonySessionId")?;
        let order = fields.text("body.sequence")?.and_then(|text| text.parse().ok());
        let mut told = Vec::new();
        for index in 0..fields.count("body.parties") {
            let party = Party::read(fields, &format!("body.parties.{index}"))?;
            told.extend(party.told(&session, order.unwrap_or(0)));
        }
        Ok(told)
    }

    fn write(&self, story: &Story, event: &CallEvent, at: DateTime<Utc>) -> Vec<Draft> {
        let talking = || story.talks.as_ref().map(|(leg, _)| leg);
        let draft = match event {
            CallEvent::Began { .. } if story.direction == Direction::Internal => {
                Some(dialler_draft(story, "Setup", at))
            }
            CallEvent::Ended { .. } if story.direction == Direction::Internal => {
                Some(dialler_draft(story, "Disconnected", at))
            }
            CallEvent::Offered { leg, .. } => party_draft(story, leg, "Setup", None, at),
            CallEvent::Ringing { leg, .. } => party_draft(story, leg, "Proceeding", None, at),
            CallEvent::Answered { leg, .. } => party_draft(story, leg, "Answered", None, at),
            CallEvent::Held { .. } => talking().and_then(|leg| party_draft(story, leg, "Hold", None, at)),
            CallEvent::Resumed { .. } => talking().and_then(|leg| party_draft(story, leg, "Answered", None, at)),
            CallEvent::Diverted { .. } => {
                let first = story.phones.first();
                first.and_then(|(leg, _)| party_draft(story, leg, "VoiceMail", None, at))
            }
            // The party that the mailbox stands in for stays until the caller hangs up.
            CallEvent::LegEnded { leg, .. } if story.then.is_some() && is_first(story, leg) => None,
            CallEvent::Ended { .. } if story.then.is_some() => {
                let first = story.phones.first();
                first.and_then(|(leg, _)| party_draft(story, leg, "Disconnected", Some("Voicemail"), at))
            }
            CallEvent::LegEnded { leg, cause, .. } => {
                party_draft(story, leg, "Disconnected", Some(reason_of(*cause)), at)
            }
            CallEvent::Began { .. }
            | CallEvent::Ended { .. }
            | CallEvent::Consulted { .. }
            | CallEvent::PartyChanged { .. }
            | CallEvent::Queued { .. }
            | CallEvent::Unqueued { .. }
            | CallEvent::Transferred { .. } => None,
        };
        draft.into_iter().collect()
    }

    fn sign(&self, request: &mut Request, keys: &Keys, _: &str, _: DateTime<Utc>) {
        let secret = String::from_utf8_lossy(keys.secret()).into_owned();
        request.set(VERIFICATION, &secret);
    }
}

/// One party of a session.
struct Party {
    id: String,
    inbound: bool,
    extension: Option<String>,
    from: Side,
    to: Side,
    code: String,
    reason: String,
    peer: Option<String>,
    missed: bool,
}

/// One side of a party.
struct Side {
    number: String,
    name: String,
    /// Its extension, when it is one of ours: the number before the id.
    extension: Option<String>,
}

impl Party {
    fn read(fields: &Fields, path: &str) -> Result<Self, Bad> {
        let text = |name: &str| Ok::<_, Bad>(fields.text(&format!("{path}.{name}"))?);
        Ok(Party {
            id: fields.needed(&format!("{path}.id"))?,
            inbound: text("direction")?.unwrap_or_default() == "Inbound",
            extension: text("extensionId")?,
            from: Side::read(fields, &format!("{path}.from"))?,
            to: Side::read(fields, &format!("{path}.to"))?,
            code: text("status.code")?.unwrap_or_default(),
            reason: text("status.reason")?.unwrap_or_default(),
            peer: text("status.peerId.telephonySessionId")?,
            missed: fields.truth(&format!("{path}.missedCall")).unwrap_or(false),
        })
    }

    fn told(self, session: &str, order: u64) -> Vec<Told> {
        let direction = match (&self.from.extension, &self.to.extension) {
            (Some(_), Some(_)) => Direction::Internal,
            (Some(_), None) if !self.inbound => Direction::Out,
            (Some(_) | None, _) => Direction::In,
        };
        // The party that dials is no phone that rings, unless nobody else of the call is told.
        let dials = !self.inbound && direction != Direction::Out;
        let mut users: Vec<String> = Vec::new();
        if self.inbound {
            users.extend(self.to.extension.clone().into_iter().chain(self.extension.clone()));
            users.push(self.to.name.clone());
        } else if direction == Direction::Out {
            users.extend(self.from.extension.clone());
        }
        let transferred = transfer_of(&self.reason).is_some();
        let base = Told {
            direction: Some(direction),
            from: self.from.number.clone(),
            to: self.to.number.clone(),
            name: if direction == Direction::Out {
                self.to.name.clone()
            } else {
                self.from.name.clone()
            },
            dialler: self.from.extension.clone().filter(|_| direction != Direction::In),
            users: if direction == Direction::Out {
                Vec::new()
            } else {
                users.clone()
            },
            leg: (!dials).then(|| self.id.clone()),
            cause: Some(self.cause()),
            last_ends: !transferred,
            order,
            ..Told::new(session.to_owned(), What::Began)
        };
        let what = self.what(dials, transferred);
        let silenced = (what == Some(What::Voicemail)).then(|| Told {
            what: What::LegEnded,
            cause: Some(Cause::NoAnswer),
            last_ends: false,
            ..base.clone()
        });
        let passed = transfer_of(&self.reason)
            .filter(|_| self.code == "Disconnected")
            .map(|kind| Told {
                what: What::Passed(kind, None),
                leg: None,
                users,
                ..base.clone()
            });
        let what = what.map(|what| Told { what, ..base });
        passed.into_iter().chain(silenced).chain(what).collect()
    }

    fn what(&self, dials: bool, transferred: bool) -> Option<What> {
        Some(match self.code.as_str() {
            "Setup" | "Proceeding" | "Answered" if dials => What::Began,
            "Setup" => What::Offered,
            "Proceeding" => What::Ringing,
            "Answered" => What::Answered,
            "Hold" => What::Held,
            "VoiceMail" | "VoiceMailScreening" | "VMScreening" => What::Voicemail,
            "Gone" => match &self.peer {
                Some(peer) => What::Joined(peer.clone()),
                None => What::LegEnded,
            },
            "Disconnected" if dials && !transferred => What::Ended,
            "Disconnected" if dials => return None,
            "Disconnected" => What::LegEnded,
            _ => return None,
        })
    }

    fn cause(&self) -> Cause {
        match self.reason.as_str() {
            "Rejected" => Cause::Rejected,
            "Cancelled" | "CallDropped" => Cause::Cancelled,
            "NoAnswer" | "Timeout" | "Voicemail" => Cause::NoAnswer,
            "TargetBusy" => Cause::Busy,
            "Pickup" | "AgentAnswered" => Cause::AnsweredElsewhere,
            "InvalidNumber" | "NoSuchUser" | "DestinationBlocked" | "InternationalDisabled" => Cause::Unreachable,
            "InternalError" | "NotEnoughFunds" => Cause::Other,
            _ if self.missed => Cause::Cancelled,
            _ => Cause::Normal,
        }
    }
}

impl Side {
    fn read(fields: &Fields, path: &str) -> Result<Self, Bad> {
        let text = |name: &str| Ok::<_, Bad>(fields.text(&format!("{path}.{name}"))?);
        let extension = text("extensionNumber")?;
        Ok(Side {
            number: text("phoneNumber")?.unwrap_or_default(),
            name: text("name")?.unwrap_or_default(),
            extension: extension.or(text("extensionId")?),
        })
    }
}

fn transfer_of(reason: &str) -> Option<TransferKind> {
    match reason {
        "BlindTransfer" | "RccTransfer" | "DtmfTransfer" => Some(TransferKind::Blind),
        "AttendedTransfer" => Some(TransferKind::Attended),
        _ => None,
    }
}

fn reason_of(cause: Cause) -> &'static str {
    match cause {
        Cause::Normal => "CallFinished",
        Cause::Busy => "TargetBusy",
        Cause::Rejected => "Rejected",
        Cause::Cancelled => "Cancelled",
        Cause::NoAnswer => "NoAnswer",
        Cause::AnsweredElsewhere => "AgentAnswered",
        Cause::Unreachable => "NoSuchUser",
        Cause::Other | Cause::Stale => "InternalError",
    }
}

fn is_first(story: &Story, leg: &LegKey) -> bool {
    story.phones.first().is_some_and(|(first, _)| first == leg)
}

/// The party of the colleague who dials.
fn dialler_draft(story: &Story, code: &str, at: DateTime<Utc>) -> Draft {
    let id = format!("{}/dialler", story.call);
    let mut party = party(story, &id, "Outbound", code, None);
    party["to"]["extensionId"] = story.called.clone().into();
    envelope(story, code, &party, at)
}

fn party_draft(story: &Story, leg: &LegKey, code: &str, reason: Option<&str>, at: DateTime<Utc>) -> Option<Draft> {
    let party = match story.phone(leg)? {
        Endpoint::Outside(_) => party(story, &leg.0, "Outbound", code, reason),
        Endpoint::Line(line) => {
            let mut party = party(story, &leg.0, "Inbound", code, reason);
            party["extensionId"] = line.0.clone().into();
            party["to"]["extensionId"] = line.0.clone().into();
            party
        }
    };
    Some(envelope(story, code, &party, at))
}

fn party(story: &Story, id: &str, direction: &str, code: &str, reason: Option<&str>) -> Value {
    let (from, to) = story.from_to("anonymous");
    let outgoing = story.direction == Direction::Out;
    let (from_name, to_name) = if outgoing {
        ("", story.remote.name.as_str())
    } else {
        (story.remote.name.as_str(), "")
    };
    let mut party = json!({
        "id": id, "direction": direction, "missedCall": false, "standAlone": false, "muted": false,
        "from": {"phoneNumber": from, "name": from_name}, "to": {"phoneNumber": to, "name": to_name},
        "status": {"code": code},
    });
    if let Some(reason) = reason {
        party["status"]["reason"] = reason.into();
    }
    if let Some(origin) = &story.origin {
        party["from"]["extensionId"] = origin.0.clone().into();
    }
    party
}

fn envelope(story: &Story, code: &str, party: &Value, at: DateTime<Utc>) -> Draft {
    let time = at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let body = json!({
        "sequence": at.timestamp_millis() - story.began.timestamp_millis() + 1, "sessionId": story.call,
        "telephonySessionId": story.call, "eventTime": time, "origin": {"type": "Call"}, "parties": [party],
    });
    let fields = json!({
        "uuid": format!("{}-{}-{code}", story.call, at.timestamp_millis()),
        "event": "/restapi/v1.0/account/~/telephony/sessions", "timestamp": time, "subscriptionId": "simulated",
        "body": body,
    });
    Draft::json(code, fields)
}

#[cfg(test)]
mod tests;
