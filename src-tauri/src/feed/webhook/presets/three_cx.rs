//! 3CX, by what somebody else pushes for it: 3CX itself has no webhook for calls.
//!
//! Two shapes. A third-party hook (komplit.eu, creomate.com: "3CX webhook documentation") says `ringing` with
//! `usertype` `other`, `queue` or `ext`, then `pickupincoming` (`hangupincoming` in older versions of its page, for the
//! same moment) and `incoming` at the end; outgoing calls are not described there. And the events of the v20 call
//! control API, when a bridge reads them from the websocket and posts each with its participant in `attached_data`;
//! field names as in qmexnetworks/3cx-zammad-bridge. Ringside does not open that websocket itself. Neither is signed.
//!
//! ```text
//! POST /in/3cx/TOKEN
//!
//! {"event":"ringing","callerid":"493055501234","user":"101","usertype":"ext","did":"DID-493055509999","id":"9-1"}
//! {"sequence":7,"event":{"event_type":0,"entity":"/callcontrol/101/participants/5","attached_data":{"id":5,
//!  "status":"Ringing","dn":"101","party_caller_id":"493055501234","party_did":"493055509999","callid":9}}}
//! ```

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::call::{CallEvent, Cause, Direction, Endpoint, TransferKind};
use crate::feed::webhook::fields::Fields;
use crate::feed::webhook::preset::{Draft, Format, Lack};
use crate::feed::webhook::proof::{Keys, Need, Unproven};
use crate::feed::webhook::request::Request;
use crate::feed::webhook::teller::{Story, digits};
use crate::feed::webhook::told::{Bad, Told, What, letters};

#[derive(Debug)]
pub(in crate::feed::webhook) struct ThreeCx;

impl Format for ThreeCx {
    fn name(&self) -> &'static str {
        "3cx"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Token]
    }

    fn lacks(&self) -> &'static [Lack] {
        &[
            Lack::Name,
            Lack::Trust,
            Lack::Hold,
            Lack::Ender,
            Lack::Voicemail,
            Lack::Reason,
            Lack::Internal,
            Lack::Outgoing,
        ]
    }

    fn is_signed(&self) -> bool {
        false
    }

    fn prove(&self, _: &Request, _: &Keys, _: DateTime<Utc>) -> Result<(), Unproven> {
        Ok(())
    }

    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        if let Some(kind) = fields.text("event.event_type")? {
            return participant(fields, &kind);
        }
        hook(fields)
    }

    fn write(&self, story: &Story, event: &CallEvent, _: DateTime<Utc>) -> Vec<Draft> {
        let ours = |leg| match story.phone(leg) {
            Some(Endpoint::Line(line)) => Some(line.0.as_str()),
            Some(Endpoint::Outside(_)) | None => None,
        };
        let about = |word: &str, leg| {
            let draft = |line: &str| hook_draft(story, word, line, "ext", &Value::Null);
            ours(leg).map(draft).into_iter().collect()
        };
        match event {
            _ if story.direction != Direction::In => Vec::new(),
            CallEvent::Began { .. } => vec![hook_draft(story, "ringing", "800", "other", &Value::Null)],
            CallEvent::Queued { queue, .. } => vec![hook_draft(story, "ringing", queue, "queue", &Value::Null)],
            CallEvent::Ringing { leg, .. } => about("ringing", leg),
            CallEvent::Answered { leg, .. } => about("pickupincoming", leg),
            CallEvent::Ended {
                cause: Cause::Stale, ..
            } => Vec::new(),
            CallEvent::Ended { .. } => {
                let talker = story.talks.as_ref().and_then(|(leg, _)| ours(leg));
                let end = if talker.is_some() { "Ok" } else { "Missed" };
                vec![hook_draft(
                    story,
                    "incoming",
                    talker.unwrap_or("800"),
                    "ext",
                    &end.into(),
                )]
            }
            _ => Vec::new(),
        }
    }
}

/// What the third-party hook says.
fn hook(fields: &Fields) -> Result<Vec<Told>, Bad> {
    let user = fields.text("user")?;
    let kind = letters(&fields.text("usertype")?.unwrap_or_default());
    let transferred = fields.truth("transfer") == Some(true);
    let what = match (letters(&fields.needed("event")?).as_str(), kind.as_str()) {
        ("ringing", "queue") => What::Queued(user.clone().unwrap_or_default()),
        ("ringing", "other") => What::Began,
        ("ringing", _) => What::Ringing,
        ("pickupincoming" | "hangupincoming", _) => What::Answered,
        ("incoming", _) if transferred => What::Passed(TransferKind::Blind, None),
        ("incoming", _) => What::Ended,
        _ => return Ok(Vec::new()),
    };
    let did = fields.text("did")?.unwrap_or_default();
    let user = user.filter(|_| !matches!(kind.as_str(), "queue" | "other"));
    let end = format!(
        "{} {}",
        fields.text("finishtype")?.unwrap_or_default(),
        fields.text("title")?.unwrap_or_default()
    );
    Ok(vec![Told {
        direction: Some(Direction::In),
        from: fields.text("callerid")?.unwrap_or_default(),
        to: did.strip_prefix("DID-").unwrap_or(&did).to_owned(),
        answering: user.clone(),
        users: user.into_iter().collect(),
        cause: (what == What::Ended).then(|| cause_of(&end)),
        ..Told::new(fields.needed("id")?, what)
    }])
}

/// The end is told by `finishtype`, or by a title such as `Answered call from … (0:07)`.
fn cause_of(end: &str) -> Cause {
    let words = letters(end);
    if words.starts_with("ok") || words.contains("answeredcall") || words.contains("successfulcall") {
        Cause::Normal
    } else {
        Cause::NoAnswer
    }
}

/// What an event of the call control API says of a participant. Kind 0 is new or changed, 1 is gone.
fn participant(fields: &Fields, kind: &str) -> Result<Vec<Told>, Bad> {
    let text = |name: &str| fields.text(&format!("event.attached_data.{name}"));
    let status = letters(&text("status")?.unwrap_or_default());
    let outgoing = status == "dialing";
    let whats = match (kind, status.as_str()) {
        ("0", "dialing") => vec![What::BeganRinging],
        ("0", "ringing") => vec![What::Ringing],
        ("0", "connected") => vec![What::Answered],
        // The one who talked is gone; whose phone only rang leaves the call on.
        ("1", "connected") => vec![What::LegEnded, What::Ended],
        ("1", _) => vec![What::LegEnded],
        _ => return Ok(Vec::new()),
    };
    let session = fields.needed("event.attached_data.callid")?;
    let line = fields.needed("event.attached_data.dn")?;
    let party = text("party_caller_id")?.or(text("party_dn")?).unwrap_or_default();
    let did = text("party_did")?.unwrap_or_default();
    let (from, to) = if outgoing { (line.clone(), party) } else { (party, did) };
    let told = Told {
        direction: match status.as_str() {
            "dialing" => Some(Direction::Out),
            "ringing" => Some(Direction::In),
            _ => None,
        },
        from,
        to,
        name: text("party_caller_name")?.unwrap_or_default(),
        dialler: outgoing.then(|| line.clone()),
        answering: Some(line.clone()),
        users: Some(line).filter(|_| !outgoing).into_iter().collect(),
        cause: (kind == "1").then_some(if status == "connected" {
            Cause::Normal
        } else {
            Cause::Other
        }),
        ..Told::new(session, What::Began)
    };
    let told = whats.into_iter().map(|what| Told { what, ..told.clone() });
    Ok(told.collect())
}

fn hook_draft(story: &Story, word: &str, user: &str, kind: &str, end: &Value) -> Draft {
    let (from, to) = story.from_to("anonymous");
    let mut body = json!({
        "event": word,
        "callerid": digits(from),
        "user": user,
        "usertype": kind,
        "did": format!("DID-{}", digits(to)),
        "id": story.call,
    });
    if !end.is_null() {
        body["finishtype"] = end.clone();
        body["transfer"] = "False".into();
    }
    Draft::json(word, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &Value) -> Vec<Told> {
        let fields = Fields::from_json(body.to_string().as_bytes()).expect("an object");
        ThreeCx.read(&fields).expect("readable")
    }

    fn pushed(kind: u8, status: &str) -> Vec<What> {
        let data = json!({ "id": 5, "status": status, "dn": "101", "party_caller_id": "493055501234", "callid": 9 });
        let event = json!({ "event_type": kind, "entity": "/callcontrol/101/participants/5", "attached_data": data });
        let told = read(&json!({ "sequence": 7, "event": event }));
        assert!(told.iter().all(|told| told.session == "9"));
        told.into_iter().map(|told| told.what).collect()
    }

    #[test]
    fn picking_up_has_two_names() {
        for event in ["pickupincoming", "hangupincoming"] {
            let told =
                read(&json!({ "event": event, "callerid": "49305", "user": "102", "usertype": " ext", "id": "1" }));
            assert_eq!(told[0].what, What::Answered, "{event}");
            assert_eq!(told[0].users, ["102"], "{event}");
        }
    }

    #[test]
    fn a_queue_that_is_called_is_no_phone() {
        let told =
            read(&json!({ "event": "ringing", "callerid": "49305", "user": "804", "usertype": "queue", "id": "1" }));
        assert_eq!(
            (&told[0].what, told[0].users.len()),
            (&What::Queued("804".to_owned()), 0)
        );
    }

    #[test]
    fn a_participant_that_a_bridge_pushes_is_a_phone() {
        assert_eq!(pushed(0, "Ringing"), [What::Ringing]);
        assert_eq!(pushed(0, "Connected"), [What::Answered]);
        assert_eq!(pushed(0, "Dialing"), [What::BeganRinging]);
        assert_eq!(pushed(1, "Ringing"), [What::LegEnded]);
        assert_eq!(pushed(1, "Connected"), [What::LegEnded, What::Ended]);
        assert_eq!(pushed(4, ""), []);
    }
}
