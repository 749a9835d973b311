//! Placetel Notify: forms, signed by HMAC-SHA256 over the raw body.
//!
//! No event says whose phone rings, so a call rings at all lines of this computer until somebody takes it; `peer`
//! then says who. Outgoing calls are told only where Placetel's caller id is set. Source: README of
//! Placetel/call-control-notify-api.
//!
//! ```text
//! POST /in/placetel
//! X-PLACETEL-SIGNATURE: c4f823c5b8806432fe2b83b1fc2ee714422e0cdfb4b5129152a7d0bbcd7792d0
//!
//! call_id=4a4cbb39578170aed9a2761a7bec8c7e704a541f52291ef603d6f5f152980c3c&event=CallAccepted&from=0123456789&to=0987654321
//! ```

use chrono::{DateTime, Utc};

use crate::call::{CallEvent, Cause, Direction, Endpoint, Then};
use crate::feed::webhook::fields::Fields;
use crate::feed::webhook::preset::{Draft, Format, Lack, Reply};
use crate::feed::webhook::proof::{Keys, Need, SHA256, Unproven, hex_header, mac};
use crate::feed::webhook::request::Request;
use crate::feed::webhook::teller::Story;
use crate::feed::webhook::told::{Bad, Told, What, direction_of, letters};

const SIGNATURE: &str = "x-placetel-signature";

#[derive(Debug)]
pub(in crate::feed::webhook) struct Placetel;

impl Format for Placetel {
    fn name(&self) -> &'static str {
        "placetel"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Secret]
    }

    fn lacks(&self) -> &'static [Lack] {
        &[
            Lack::Name,
            Lack::Trust,
            Lack::Hold,
            Lack::Ender,
            Lack::Rang,
            Lack::Reason,
            Lack::Internal,
        ]
    }

    fn prove(&self, request: &Request, keys: &Keys, _: DateTime<Utc>) -> Result<(), Unproven> {
        keys.signed(SHA256, &[&request.body], &hex_header(request, SIGNATURE)?)
    }

    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        let event = fields.needed("event")?;
        let session = fields.needed("call_id")?;
        let kind = letters(&fields.text("type")?.unwrap_or_default());
        let peer = fields.text("peer")?;
        let (what, direction) = match letters(&event).as_str() {
            "incomingcall" => (What::BeganRinging, Some(Direction::In)),
            "outgoingcall" => (What::BeganRinging, Some(Direction::Out)),
            "callaccepted" => (What::Answered, Some(Direction::In)),
            "hungup" => (What::Ended, fields.text("direction")?.as_deref().and_then(direction_of)),
            _ => return Ok(Vec::new()),
        };
        let told = Told {
            direction,
            from: fields.text("from")?.unwrap_or_default(),
            to: fields.text("to")?.unwrap_or_default(),
            dialler: peer.clone().filter(|_| direction == Some(Direction::Out)),
            answering: peer,
            ..Told::new(session, what.clone())
        };
        if what != What::Ended {
            return Ok(vec![told]);
        }
        let then = match (kind.as_str(), direction) {
            ("voicemail", _) => Some(What::Voicemail),
            // An outgoing call is not told again when it is answered; its end says whether it was.
            ("accepted", Some(Direction::Out)) => Some(What::Answered),
            _ => None,
        };
        let ended = Told {
            cause: Some(cause_of(&kind)),
            ..told.clone()
        };
        let before = then.map(|what| Told { what, ..told });
        Ok(before.into_iter().chain([ended]).collect())
    }

    fn reply(&self, _: &Fields, _: &str) -> Reply {
        Reply::xml("")
    }

    fn write(&self, story: &Story, event: &CallEvent, at: DateTime<Utc>) -> Vec<Draft> {
        let outgoing = story.direction == Direction::Out;
        let direction = if outgoing { "out" } else { "in" };
        let peer = |line: &str| format!("{line}@fpbx.de");
        let (from, to) = story.from_to("anonymous");
        let origin = story.origin.as_ref().map_or("", |line| &line.0);
        let basic = [
            ("call_id", story.call.as_str()),
            ("from", from),
            ("to", to),
            ("direction", direction),
        ];
        let with = |event: &'static str, more: &[(&str, &str)]| {
            let fields = [&basic[..], &[("event", event)], more].concat();
            vec![Draft::form(event, &fields)]
        };
        match event {
            _ if story.direction == Direction::Internal => Vec::new(),
            CallEvent::Began { .. } if outgoing => with("OutgoingCall", &[("peer", &peer(origin))]),
            CallEvent::Began { .. } => with("IncomingCall", &[]),
            CallEvent::Answered { leg, .. } => match story.phone(leg) {
                Some(Endpoint::Line(line)) => with("CallAccepted", &[("peer", &peer(&line.0))]),
                Some(Endpoint::Outside(_)) | None => Vec::new(),
            },
            CallEvent::Ended { cause, .. } => {
                let talked = story.talks.as_ref().map(|(_, since)| (at - *since).num_seconds());
                let duration = talked.unwrap_or(0).to_string();
                with("HungUp", &[("type", kind_of(story, *cause)), ("duration", &duration)])
            }
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
            | CallEvent::LegEnded { .. } => Vec::new(),
        }
    }

    fn sign(&self, request: &mut Request, keys: &Keys, _: &str, _: DateTime<Utc>) {
        let signature = hex::encode(mac(SHA256, keys.secret(), &[&request.body]));
        request.set(SIGNATURE, &signature);
    }
}

/// The `type` of a `HungUp`. `missed` does not say whether the caller gave up or nobody came.
fn cause_of(kind: &str) -> Cause {
    match kind {
        "accepted" | "voicemail" => Cause::Normal,
        "missed" | "canceled" => Cause::Cancelled,
        "blocked" => Cause::Rejected,
        "busy" => Cause::Busy,
        "unavailable" => Cause::Unreachable,
        _ => Cause::Other,
    }
}

fn kind_of(story: &Story, cause: Cause) -> &'static str {
    let outgoing = story.direction == Direction::Out;
    match cause {
        _ if story.talks.is_some() => "accepted",
        _ if story.then == Some(Then::Voicemail) => "voicemail",
        Cause::Busy | Cause::Rejected if outgoing => "busy",
        Cause::Unreachable if outgoing => "unavailable",
        Cause::Other if outgoing => "congestion",
        _ if outgoing => "canceled",
        _ => "missed",
    }
}

#[cfg(test)]
mod tests;
