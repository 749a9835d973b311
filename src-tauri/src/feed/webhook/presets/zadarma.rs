//! Zadarma's PBX notifications: forms, signed by HMAC-SHA1 over three of their fields.
//!
//! `NOTIFY_INTERNAL` tells which extension rings; without it an incoming call rings nowhere here. The signature does
//! not cover the other fields, nor a time, so the token in the path should be set as well. Calls between extensions
//! are not told. Source: zadarma/user-api-v1 (`lib/Webhook`, `lib/Client.php`, MIT); `zd_echo`: the API page.
//! What `caller_id` says of a withheld number is not documented; `anonymous` is taken for it.
//!
//! ```text
//! POST /in/zadarma
//! Signature: MzYzNWFhZDY4ZjI0OTFmZDhkODdlNjE0NGJhZTZiMzZkNWE0MDYxZg==
//!
//! event=NOTIFY_START&pbx_call_id=in_1&caller_id=493055501234&called_did=493055509999&call_start=2026-01-02+03%3A04%3A05
//! ```

use axum::http::Method;
use chrono::{DateTime, Utc};

use crate::call::{CallEvent, Cause, Direction, Endpoint};
use crate::feed::webhook::fields::{Fields, form_pairs};
use crate::feed::webhook::preset::{Draft, Format, Lack, Reply};
use crate::feed::webhook::proof::{Keys, Need, SHA1, Unproven, base64, base64_header, mac};
use crate::feed::webhook::request::Request;
use crate::feed::webhook::teller::{Story, digits};
use crate::feed::webhook::told::{Bad, Told, What, letters};

const SIGNATURE: &str = "signature";

/// Characters that the text of a `zd_echo` may have.
const ECHO: usize = 64;

#[derive(Debug)]
pub(in crate::feed::webhook) struct Zadarma;

impl Format for Zadarma {
    fn name(&self) -> &'static str {
        "zadarma"
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
            Lack::Voicemail,
            Lack::Reason,
            Lack::Internal,
        ]
    }

    /// GET only for the question whether somebody is here.
    fn methods(&self) -> &'static [Method] {
        &[Method::POST, Method::GET]
    }

    /// The header is the base64 of the hexadecimal text, because PHP's `hash_hmac` gives text.
    fn prove(&self, request: &Request, keys: &Keys, _: DateTime<Utc>) -> Result<(), Unproven> {
        let text = base64_header(request, SIGNATURE)?;
        let given = hex::decode(text).map_err(|_| Unproven::Unreadable(SIGNATURE.to_owned()))?;
        keys.signed(SHA1, &[signed_text(&request.body).as_bytes()], &given)
    }

    /// Gives back the text of `zd_echo`, by which Zadarma tries an address before it takes it.
    fn greet(&self, request: &Request, _: &Keys) -> Option<Reply> {
        let asked = form_pairs(request.query().as_bytes()).find(|(name, _)| name == "zd_echo");
        let text = asked.filter(|_| request.method == Method::GET)?.1;
        let plain = text.len() <= ECHO && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        plain.then_some(Reply {
            kind: "text/plain; charset=utf-8",
            body: text.into_owned(),
            header: None,
        })
    }

    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        let event = letters(&fields.needed("event")?);
        let what = match event.as_str() {
            "notifystart" => What::Began,
            "notifyinternal" => What::Ringing,
            "notifyoutstart" => What::BeganRinging,
            "notifyanswer" => What::Answered,
            "notifyend" | "notifyoutend" => What::Ended,
            _ => return Ok(Vec::new()),
        };
        let session = fields.needed("pbx_call_id")?;
        let outgoing = event.starts_with("notifyout") || session.starts_with("out_");
        let number = fields.text("called_did")?;
        let internal = fields.text("internal")?;
        let disposition = letters(&fields.text("disposition")?.unwrap_or_default());
        let told = Told {
            direction: Some(if outgoing { Direction::Out } else { Direction::In }),
            from: fields.text("caller_id")?.unwrap_or_default(),
            to: number.or(fields.text("destination")?).unwrap_or_default(),
            dialler: internal.clone().filter(|_| outgoing),
            users: internal.iter().filter(|_| !outgoing).cloned().collect(),
            answering: internal.clone(),
            ..Told::new(session, what.clone())
        };
        if what != What::Ended {
            return Ok(vec![told]);
        }
        // Answers are notified only where that is switched on; the end says whether there was one, and whose.
        let answered = disposition == "answered" && (outgoing || internal.is_some());
        let before = answered.then(|| Told {
            what: What::Answered,
            ..told.clone()
        });
        let cause = Some(cause_of(&disposition));
        Ok(before.into_iter().chain([Told { cause, ..told }]).collect())
    }

    fn write(&self, story: &Story, event: &CallEvent, at: DateTime<Utc>) -> Vec<Draft> {
        let outgoing = story.direction == Direction::Out;
        let origin = story.origin.as_ref().map_or("", |line| line.0.as_str());
        let line = |leg| match story.phone(leg) {
            Some(Endpoint::Line(line)) => Some(line.0.clone()),
            Some(Endpoint::Outside(_)) | None => None,
        };
        let draft = |word, internal: Option<&str>| vec![drafted(story, word, internal, None)];
        match event {
            _ if story.direction == Direction::Internal => Vec::new(),
            CallEvent::Began { .. } if outgoing => draft("NOTIFY_OUT_START", Some(origin)),
            CallEvent::Began { .. } => draft("NOTIFY_START", None),
            CallEvent::Ringing { leg, .. } => {
                line(leg).map_or_else(Vec::new, |line| draft("NOTIFY_INTERNAL", Some(&line)))
            }
            CallEvent::Answered { .. } if outgoing => draft("NOTIFY_ANSWER", Some(origin)),
            CallEvent::Answered { leg, .. } => {
                line(leg).map_or_else(Vec::new, |line| draft("NOTIFY_ANSWER", Some(&line)))
            }
            CallEvent::Ended {
                cause: Cause::Stale, ..
            } => Vec::new(),
            CallEvent::Ended { cause, .. } => {
                let talked = story.talks.as_ref().map(|(_, since)| (at - *since).num_seconds());
                let end = Some((disposition_of(*cause, talked.is_some()), talked.unwrap_or(0)));
                let (word, internal) = if outgoing {
                    ("NOTIFY_OUT_END", Some(origin))
                } else {
                    ("NOTIFY_END", None)
                };
                vec![drafted(story, word, internal, end)]
            }
            _ => Vec::new(),
        }
    }

    fn sign(&self, request: &mut Request, keys: &Keys, _: &str, _: DateTime<Utc>) {
        let digest = mac(SHA1, keys.secret(), &[signed_text(&request.body).as_bytes()]);
        request.set(SIGNATURE, &base64(hex::encode(digest).as_bytes()));
    }
}

/// One notification; `end` is how it ended and the seconds that were talked.
fn drafted(story: &Story, word: &str, internal: Option<&str>, end: Option<(&str, i64)>) -> Draft {
    let (from, to) = story.from_to("anonymous");
    let start = story.began.format("%Y-%m-%d %H:%M:%S").to_string();
    let seconds = end.map(|(_, seconds)| seconds.to_string()).unwrap_or_default();
    let called = if story.direction == Direction::Out || word == "NOTIFY_ANSWER" {
        "destination"
    } else {
        "called_did"
    };
    let mut fields = vec![("event", word), ("pbx_call_id", &story.call)];
    fields.extend([("caller_id", digits(from)), (called, digits(to))]);
    fields.extend(internal.map(|internal| ("internal", internal)));
    if let Some((disposition, _)) = end {
        fields.extend([("disposition", disposition), ("duration", seconds.as_str())]);
    }
    fields.push(("call_start", &start));
    Draft::form(word, &fields)
}

/// What is signed of a form: the values of three fields, or two, one after the other.
fn signed_text(body: &[u8]) -> String {
    let pairs: Vec<_> = form_pairs(body).collect();
    let value = |name: &str| pairs.iter().find(|pair| pair.0 == name).map_or("", |pair| &pair.1);
    let names: &[&str] = match value("event") {
        "NOTIFY_ANSWER" => &["caller_id", "destination", "call_start"],
        "NOTIFY_OUT_START" | "NOTIFY_OUT_END" => &["internal", "destination", "call_start"],
        "NOTIFY_RECORD" => &["pbx_call_id", "call_id_with_rec"],
        _ => &["caller_id", "called_did", "call_start"],
    };
    names.iter().map(|name| value(name)).collect()
}

fn cause_of(disposition: &str) -> Cause {
    match disposition {
        "answered" => Cause::Normal,
        "busy" => Cause::Busy,
        "cancel" => Cause::Cancelled,
        "noanswer" => Cause::NoAnswer,
        "failed" | "unallocatednumber" => Cause::Unreachable,
        _ => Cause::Other,
    }
}

fn disposition_of(cause: Cause, talked: bool) -> &'static str {
    match cause {
        _ if talked => "answered",
        Cause::Busy | Cause::Rejected => "busy",
        Cause::Cancelled => "cancel",
        Cause::Normal | Cause::NoAnswer => "no answer",
        _ => "failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: Method, query: &str) -> Option<String> {
        let request = Request::new(method, &format!("/in/zadarma?{query}"));
        Zadarma.greet(&request, &Keys::default()).map(|reply| reply.body)
    }

    #[test]
    fn the_text_by_which_the_address_is_tried_is_given_back_when_it_is_harmless() {
        assert_eq!(asked(Method::GET, "zd_echo=a1B2"), Some("a1B2".to_owned()));
        assert_eq!(asked(Method::POST, "zd_echo=a1B2"), None);
        assert_eq!(asked(Method::GET, "zd_echo=%3Cscript%3E"), None);
        assert_eq!(asked(Method::GET, &format!("zd_echo={}", "a".repeat(65))), None);
    }

    #[test]
    fn each_notification_signs_fields_of_its_own() {
        let form = |event: &str| {
            let rest =
                "caller_id=1&called_did=2&destination=3&internal=4&call_start=5&pbx_call_id=6&call_id_with_rec=7";
            signed_text(format!("event={event}&{rest}").as_bytes())
        };
        for event in ["NOTIFY_START", "NOTIFY_INTERNAL", "NOTIFY_END", "NOTIFY_IVR"] {
            assert_eq!(form(event), "125", "{event}");
        }
        assert_eq!(form("NOTIFY_ANSWER"), "135");
        assert_eq!(form("NOTIFY_OUT_START"), "435");
        assert_eq!(form("NOTIFY_OUT_END"), "435");
        assert_eq!(form("NOTIFY_RECORD"), "67");
    }

    #[test]
    fn the_end_says_whether_an_outgoing_call_was_answered() {
        let whats = |disposition: &str| {
            let form = format!("event=NOTIFY_OUT_END&pbx_call_id=out_1&internal=101&disposition={disposition}");
            let told = Zadarma.read(&Fields::from_form(form.as_bytes())).expect("readable");
            told.into_iter().map(|told| told.what).collect::<Vec<_>>()
        };
        assert_eq!(whats("answered"), [What::Answered, What::Ended]);
        assert_eq!(whats("no+answer"), [What::Ended]);
    }
}
