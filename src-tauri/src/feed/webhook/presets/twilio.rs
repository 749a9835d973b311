//! Twilio: voice requests and status callbacks, forms signed by HMAC-SHA1 over the address and the sorted fields.
//!
//! The call from outside is the parent; each phone that `<Dial>` rings is a child with a `ParentCallSid`. Who is
//! behind a child is its `To`: `client:ada`, `sip:101@…`, or a number that `agents` has. A child can begin the call,
//! because the number's own callback tells of a call from outside only when it is over. Sources: the changelog on
//! `StirVerstat` (2020-09-21), twilio/twilio-python `request_validator.py`.
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
use ring::digest;

use crate::call::{CallEvent, Cause, Direction, Endpoint, LegKey};
use crate::feed::webhook::fields::{Fields, form_pairs};
use crate::feed::webhook::preset::{Draft, Format, Lack, Reply};
use crate::feed::webhook::proof::{Keys, Need, SHA1, Unproven, base64, base64_header, mac, same};
use crate::feed::webhook::request::Request;
use crate::feed::webhook::teller::Story;
use crate::feed::webhook::told::{Bad, Told, What, letters, trust_of};

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
        let sid = fields.needed("CallSid")?;
        let status = letters(&fields.text("CallStatus")?.unwrap_or_default());
        let text = |name: &str| Ok::<_, Bad>(fields.text(name)?.unwrap_or_default());
        let (from, to) = (text("From")?, text("To")?);
        let verstat = text("StirVerstat")?;
        let told = Told {
            from: number(&from),
            to: number(&to),
            name: text("CallerName")?,
            trust: trust_of(&verstat),
            verstat,
            users: user(&to).into_iter().collect(),
            dialler: user(&from),
            cause: Some(cause_of(&status)),
            ..Told::default()
        };
        Ok(match fields.text("ParentCallSid")? {
            Some(parent) => child(&parent, sid, &status, told),
            None if text("Direction")?.starts_with("outbound") => dialled(sid, &status, told),
            None => parent(sid, &status, told),
        })
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

/// A phone that rings for a call.
fn child(parent: &str, sid: String, status: &str, told: Told) -> Vec<Told> {
    let what = match status {
        "queued" | "initiated" => What::Offered,
        "ringing" => What::Ringing,
        "inprogress" | "answered" => What::Answered,
        _ => What::LegEnded,
    };
    let direction = match (told.users.is_empty(), &told.dialler) {
        (false, None) => Some(Direction::In),
        (false, Some(_)) => Some(Direction::Internal),
        (true, Some(_)) => Some(Direction::Out),
        (true, None) => None,
    };
    // The phone's address is the number that was called only when the call goes out.
    let to = if direction == Some(Direction::In) {
        String::new()
    } else {
        told.to.clone()
    };
    vec![Told {
        session: parent.to_owned(),
        to,
        what,
        leg: Some(sid),
        direction,
        ..told
    }]
}

/// A call that the account made: to somebody outside, or to a user whom the call is handed to.
fn dialled(sid: String, status: &str, told: Told) -> Vec<Told> {
    let direction = if told.users.is_empty() {
        Direction::Out
    } else {
        Direction::In
    };
    let leg = child(&sid, sid.clone(), status, told);
    let ended = leg.iter().any(|leg| leg.what == What::LegEnded);
    let end = leg.first().filter(|_| ended).cloned().map(|leg| Told {
        what: What::Ended,
        leg: None,
        ..leg
    });
    let leg = leg.into_iter().map(|leg| Told {
        direction: Some(direction),
        ..leg
    });
    leg.chain(end).collect()
}

/// A call from outside, or from one of our users. That the account's program answers it does not mean that a person
/// does.
fn parent(sid: String, status: &str, told: Told) -> Vec<Told> {
    let what = match status {
        "queued" | "initiated" | "ringing" | "inprogress" | "answered" => What::Began,
        _ => What::Ended,
    };
    let direction = match (&told.dialler, told.users.is_empty()) {
        (None, _) => Direction::In,
        (Some(_), true) => Direction::Out,
        (Some(_), false) => Direction::Internal,
    };
    vec![Told {
        session: sid,
        what,
        direction: Some(direction),
        // Whose phones ring is told by the children.
        users: Vec::new(),
        ..told
    }]
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

/// Our user behind an address: `ada` of `client:ada`, `101` of `sip:101@acme.sip.twilio.com`.
fn user(address: &str) -> Option<String> {
    if let Some(client) = address.strip_prefix("client:") {
        return Some(client.to_owned());
    }
    let sip = address.strip_prefix("sip:").or_else(|| address.strip_prefix("sips:"))?;
    let user = sip.split(['@', ';']).next().filter(|user| !user.starts_with('+'))?;
    Some(user.to_owned())
}

/// The number, or the user's name, without what stands before and behind it. Withheld numbers come as the word that
/// a keypad has for them.
fn number(address: &str) -> String {
    let bare = ["client:", "sip:", "sips:"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme))
        .map_or(address, |rest| rest.split(['@', ';']).next().unwrap_or_default());
    match bare {
        "+266696687" | "+7378742833" | "+2562533" => "anonymous".to_owned(),
        "+8656696" | "+86282452253" => "unknown".to_owned(),
        number => number.to_owned(),
    }
}

fn cause_of(status: &str) -> Cause {
    match status {
        "completed" => Cause::Normal,
        "busy" => Cause::Busy,
        "noanswer" => Cause::NoAnswer,
        "canceled" => Cause::Cancelled,
        "failed" => Cause::Unreachable,
        _ => Cause::Other,
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
    let sorted: BTreeSet<(String, String)> = form_pairs(&request.body).collect();
    sorted.into_iter().map(|(name, value)| name + &value).collect()
}

/// The SHA-256 of the body that the signed address has when the body is no form.
fn body_hash(request: &Request) -> Option<String> {
    form_pairs(request.query().as_bytes()).find_map(|(name, value)| (name == "bodySHA256").then_some(value))
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
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
