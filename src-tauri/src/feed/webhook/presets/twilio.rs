//! Twilio: voice requests and status callbacks, forms signed by HMAC-SHA1 over the address and the sorted fields.
//!
//! It tells only what the account's program asks for: `statusCallback` with all four events on each `<Client>`, `<Sip>`
//! or `<Number>`, and a copy of the voice request. Sources: the changelog on `StirVerstat` (2020-09-21),
//! twilio/twilio-python `request_validator.py`.
//!
//! ```text
//! POST /in/twilio?t=1
//! X-Twilio-Signature: +shCeumQ3nHHOaYjPuAlrmsz1Vw=
//!
//! CallSid=CA00000000000000000000000000000001&From=%2B493055501234&To=%2B493055509999&CallStatus=ringing
//! &Direction=inbound&StirVerstat=TN-Validation-Passed-A
//! ```

use std::collections::BTreeSet;

use axum::http::Method;
use chrono::{DateTime, Utc};

use super::twiml;
use crate::call::{CallEvent, Cause, Direction, Endpoint, LegKey};
use crate::feed::webhook::fields::{Fields, form_pairs};
use crate::feed::webhook::preset::{Draft, Format, Lack, Reply};
use crate::feed::webhook::proof::{Keys, Need, SHA1, Unproven, base64, base64_header, mac, same, sha256};
use crate::feed::webhook::request::Request;
use crate::feed::webhook::teller::Story;
use crate::feed::webhook::told::{Bad, Told, trust_of};

const SIGNATURE: &str = "x-twilio-signature";

#[derive(Debug)]
pub(in crate::feed::webhook) struct Twilio;

impl Format for Twilio {
    fn name(&self) -> &'static str {
        "twilio"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Secret]
    }

    fn lacks(&self) -> &'static [Lack] {
        &[Lack::Hold, Lack::Ender, Lack::Voicemail]
    }

    fn methods(&self) -> &'static [Method] {
        &[Method::POST, Method::GET]
    }

    /// With and without the port, because the signing side is not of one mind about it.
    fn prove(&self, request: &Request, keys: &Keys, _: DateTime<Utc>) -> Result<(), Unproven> {
        let given = base64_header(request, SIGNATURE)?;
        if let Some(hash) = body_hash(request) {
            let fits = hex::decode(hash).is_ok_and(|hash| same(&hash, &sha256(&request.body)));
            if !fits {
                return Err(Unproven::Signature);
            }
        }
        let fields = signed_fields(request);
        let url = request.url(keys.public_url.as_deref());
        let fits =
            |url: &str| keys.any(|secret| same(&mac(SHA1, secret, &[url.as_bytes(), fields.as_bytes()]), &given));
        if fits(&without_port(&url)) | fits(&with_port(&url)) {
            Ok(())
        } else {
            Err(Unproven::Signature)
        }
    }

    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        let verstat = fields.text("StirVerstat")?.unwrap_or_default();
        twiml::read(fields, trust_of(&verstat), verstat)
    }

    fn reply(&self, _: &Fields, _: &str) -> Reply {
        Reply::xml("<Response/>")
    }

    fn write(&self, story: &Story, event: &CallEvent, _: DateTime<Utc>) -> Vec<Draft> {
        match event {
            CallEvent::Began { .. } => vec![parent_draft(story, "ringing")],
            CallEvent::Offered { leg, .. } => child_draft(story, leg, "initiated"),
            CallEvent::Ringing { leg, .. } => child_draft(story, leg, "ringing"),
            CallEvent::Answered { leg, .. } => child_draft(story, leg, "in-progress"),
            CallEvent::LegEnded { leg, cause, .. } => child_draft(story, leg, status_of(*cause)),
            CallEvent::Ended {
                cause: Cause::Stale, ..
            } => Vec::new(),
            CallEvent::Ended { cause, .. } => vec![parent_draft(story, status_of(*cause))],
            CallEvent::Consulted { .. }
            | CallEvent::Held { .. }
            | CallEvent::Resumed { .. }
            | CallEvent::PartyChanged { .. }
            | CallEvent::Queued { .. }
            | CallEvent::Unqueued { .. }
            | CallEvent::Transferred { .. }
            | CallEvent::Diverted { .. } => Vec::new(),
        }
    }

    fn sign(&self, request: &mut Request, keys: &Keys, url: &str, _: DateTime<Utc>) {
        let fields = signed_fields(request);
        let signature = mac(SHA1, keys.secret(), &[url.as_bytes(), fields.as_bytes()]);
        request.set(SIGNATURE, &base64(&signature));
    }
}

fn parent_draft(story: &Story, status: &str) -> Draft {
    let (from, to) = from_to(story);
    let fields = [
        ("CallSid", story.call.as_str()),
        ("CallStatus", status),
        ("Direction", "inbound"),
        ("From", &from),
        ("To", &to),
        ("CallerName", &story.remote.name),
        ("StirVerstat", &story.remote.verstat),
    ];
    let given: Vec<_> = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    Draft::form(status, &given)
}

fn child_draft(story: &Story, leg: &LegKey, status: &str) -> Vec<Draft> {
    let Some(phone) = story.phone(leg) else {
        return Vec::new();
    };
    let (from, _) = from_to(story);
    let to = match phone {
        Endpoint::Line(line) => format!("client:{line}"),
        Endpoint::Outside(number) => number.clone(),
    };
    let fields = [
        ("CallSid", leg.0.as_str()),
        ("ParentCallSid", &story.call),
        ("CallStatus", status),
        ("Direction", "outbound-dial"),
        ("From", &from),
        ("To", &to),
    ];
    vec![Draft::form(status, &fields)]
}

fn from_to(story: &Story) -> (String, String) {
    let client = |line: &str| format!("client:{line}");
    let (from, to) = story.from_to("anonymous");
    match story.direction {
        Direction::In => (from.to_owned(), to.to_owned()),
        Direction::Out => (client(from), to.to_owned()),
        Direction::Internal => (client(from), client(to)),
    }
}

fn status_of(cause: Cause) -> &'static str {
    match cause {
        Cause::Normal => "completed",
        Cause::Busy | Cause::Rejected => "busy",
        Cause::NoAnswer => "no-answer",
        Cause::Cancelled | Cause::AnsweredElsewhere => "canceled",
        Cause::Unreachable | Cause::Other | Cause::Stale => "failed",
    }
}

/// Names and values of a form, sorted, each pair once, without anything between them.
fn signed_fields(request: &Request) -> String {
    if request.method == Method::GET || body_hash(request).is_some() {
        return String::new();
    }
    let sorted: BTreeSet<_> = form_pairs(&request.body).collect();
    sorted
        .into_iter()
        .map(|(name, value)| format!("{name}{value}"))
        .collect()
}

/// The SHA-256 of the body that the signed address has when the body is no form.
fn body_hash(request: &Request) -> Option<String> {
    form_pairs(request.query().as_bytes()).find_map(|(name, value)| (name == "bodySHA256").then(|| value.into_owned()))
}

/// The address in three parts: scheme with `://`, host without port, and the rest; with its port.
fn parts(url: &str) -> (&str, &str, Option<&str>, &str) {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = url.split_at(after_scheme);
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(end);
    match host.rsplit_once(':') {
        Some((bare, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (scheme, bare, Some(port), rest),
        _ => (scheme, host, None, rest),
    }
}

fn without_port(url: &str) -> String {
    let (scheme, host, _, rest) = parts(url);
    format!("{scheme}{host}{rest}")
}

fn with_port(url: &str) -> String {
    let (scheme, host, port, rest) = parts(url);
    let port = port.unwrap_or(if scheme == "http://" { "80" } else { "443" });
    format!("{scheme}{host}:{port}{rest}")
}

#[cfg(test)]
mod tests;
