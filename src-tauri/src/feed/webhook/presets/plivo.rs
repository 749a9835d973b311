//! Plivo: voice requests and callbacks, forms signed by HMAC-SHA256 over the address, the sorted fields and a nonce.
//!
//! The call is told by its own requests (answer, ring and hang-up address); of the phones that `<Dial>` rings, only
//! that one answered or was hung up (`callbackUrl`). So a call from outside rings at all lines of this computer until
//! one answers. Sources: plivo/plivo-python `utils/signature_v3.py`; plivo.com/docs `voice/xml/request`, `voice/xml/dial`
//! and `account/api/application` for the fields; the words of `HangupSource` and `HangupCause` from public connectors.
//!
//! ```text
//! POST /in/plivo
//! X-Plivo-Signature-V3: M0OEr7e2gyR0uRSDFS0a1r1FaiMgJXBJzFPPaGZ/itA=
//! X-Plivo-Signature-V3-Nonce: nonce123
//!
//! CallUUID=u-1&From=493055501234&To=493055509999
//! ```

use std::borrow::Cow;
use std::collections::BTreeSet;

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

use crate::call::{CallEvent, Cause, Direction, Endpoint, Side};
use crate::feed::webhook::fields::{Fields, form_pairs};
use crate::feed::webhook::preset::{Draft, Format, Lack, Reply};
use crate::feed::webhook::proof::{Keys, Need, SHA256, Unproven, base64, header, mac, same};
use crate::feed::webhook::request::Request;
use crate::feed::webhook::teller::{Story, digits};
use crate::feed::webhook::told::{Bad, Told, What, letters};

const SIGNATURE: &str = "x-plivo-signature-v3";
const NONCE: &str = "x-plivo-signature-v3-nonce";

#[derive(Debug)]
pub(in crate::feed::webhook) struct Plivo;

impl Format for Plivo {
    fn name(&self) -> &'static str {
        "plivo"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Secret]
    }

    fn lacks(&self) -> &'static [Lack] {
        &[
            Lack::Name,
            Lack::Trust,
            Lack::Hold,
            Lack::Voicemail,
            Lack::Rang,
            Lack::Reason,
        ]
    }

    fn methods(&self) -> &'static [Method] {
        &[Method::POST, Method::GET]
    }

    /// The header may list several signatures, one for each token of the account.
    fn prove(&self, request: &Request, keys: &Keys, _: DateTime<Utc>) -> Result<(), Unproven> {
        let unreadable = || Unproven::Unreadable(SIGNATURE.to_owned());
        let given = header(request, SIGNATURE)?.split(',');
        let given: Result<Vec<Vec<u8>>, _> = given.map(|one| STANDARD.decode(one.trim())).collect();
        let given = given.map_err(|_| unreadable())?;
        let nonce = header(request, NONCE)?;
        let text = signed_text(request, &request.url(keys.public_url.as_deref()));
        let parts = [text.as_bytes(), b".", nonce.as_bytes()];
        let fits = |secret: &[u8]| {
            let ours = mac(SHA256, secret, &parts);
            given.iter().fold(false, |fits, one| fits | same(&ours, one))
        };
        if keys.any(fits) {
            Ok(())
        } else {
            Err(Unproven::Signature)
        }
    }

    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        let text = |name: &str| Ok::<_, Bad>(fields.text(name)?.unwrap_or_default());
        let (from, to) = (text("From")?, text("To")?);
        let dialler = user(&from);
        let direction = match (&dialler, user(&to)) {
            _ if letters(&text("Direction")?).starts_with("outbound") => Direction::Out,
            (None, _) => Direction::In,
            (Some(_), None) => Direction::Out,
            (Some(_), Some(_)) => Direction::Internal,
        };
        let session = fields.text("DialALegUUID")?;
        let told = Told {
            direction: Some(direction),
            from: number(&from).to_owned(),
            to: number(&to).to_owned(),
            name: text("CallerName")?,
            dialler,
            users: user(&to).into_iter().collect(),
            verstat: text("STIRVerification")?,
            session: session.map_or_else(|| fields.needed("CallUUID"), Ok)?,
            ..Told::default()
        };
        Ok(match fields.text("DialAction")? {
            Some(action) => phone(fields, &action, told)?.into_iter().collect(),
            None => vec![whole(fields, told)?],
        })
    }

    fn reply(&self, _: &Fields, _: &str) -> Reply {
        Reply::xml("<Response/>")
    }

    fn write(&self, story: &Story, event: &CallEvent, _: DateTime<Utc>) -> Vec<Draft> {
        match event {
            CallEvent::Began { .. } => vec![draft(story, "ringing", &[("CallStatus", "ringing")])],
            CallEvent::Answered { leg, .. } => {
                let to = match story.phone(leg) {
                    Some(Endpoint::Line(line)) => address(&line.0),
                    Some(Endpoint::Outside(number)) => digits(number).to_owned(),
                    None => return Vec::new(),
                };
                let more = [
                    ("DialAction", "answer"),
                    ("DialALegUUID", &story.call),
                    ("DialBLegUUID", &leg.0),
                    ("DialBLegTo", &to),
                    ("CallStatus", "in-progress"),
                ];
                vec![draft(story, "answer", &more)]
            }
            CallEvent::Ended {
                cause: Cause::Stale, ..
            } => Vec::new(),
            CallEvent::Ended { cause, by, .. } => {
                let (status, hangup) = words_of(*cause);
                let mut more = vec![("CallStatus", status), ("HangupCause", hangup)];
                more.extend(source_of(story, *by).map(|source| ("HangupSource", source)));
                vec![draft(story, status, &more)]
            }
            _ => Vec::new(),
        }
    }

    fn sign(&self, request: &mut Request, keys: &Keys, url: &str, at: DateTime<Utc>) {
        let nonce = at.timestamp_micros().to_string();
        let text = signed_text(request, url);
        let digest = mac(SHA256, keys.secret(), &[text.as_bytes(), b".", nonce.as_bytes()]);
        request.set(NONCE, &nonce);
        request.set(SIGNATURE, &base64(&digest));
    }
}

/// The whole call. That the account's program answers it does not mean that a person does.
fn whole(fields: &Fields, told: Told) -> Result<Told, Bad> {
    let status = letters(&fields.text("CallStatus")?.unwrap_or_default());
    if matches!(status.as_str(), "" | "queued" | "ringing" | "inprogress") {
        let what = What::BeganRinging;
        return Ok(Told { what, ..told });
    }
    let hangup = letters(&fields.text("HangupCause")?.unwrap_or_default());
    let source = letters(&fields.text("HangupSource")?.unwrap_or_default());
    Ok(Told {
        what: What::Ended,
        cause: Some(cause_of(&hangup, &status)),
        by: side_of(&source, told.direction),
        ..told
    })
}

/// A phone that was dialled for the call.
fn phone(fields: &Fields, action: &str, told: Told) -> Result<Option<Told>, Bad> {
    let what = match letters(action).as_str() {
        "answer" | "connected" => What::Answered,
        "hangup" => What::LegEnded,
        _ => return Ok(None),
    };
    let to = fields.text("DialBLegTo")?.unwrap_or_default();
    let outgoing = told.direction == Some(Direction::Out);
    let line = user(&to).unwrap_or(to);
    let hangup = letters(&fields.text("DialBLegHangupCauseName")?.unwrap_or_default());
    Ok(Some(Told {
        cause: (what == What::LegEnded).then(|| cause_of(&hangup, "completed")),
        what,
        answering: Some(line.clone()).filter(|_| !outgoing),
        users: Some(line).filter(|_| !outgoing).into_iter().collect(),
        ..told
    }))
}

/// Our user behind an address: `ada` of `sip:ada@phone.plivo.com`.
fn user(address: &str) -> Option<String> {
    let sip = address.strip_prefix("sip:").or_else(|| address.strip_prefix("sips:"))?;
    sip.split(['@', ';']).next().map(str::to_owned)
}

/// The number, or the user's name, without what stands before and behind it.
fn number(address: &str) -> &str {
    let bare = address.strip_prefix("sip:").or_else(|| address.strip_prefix("sips:"));
    bare.map_or(address, |rest| rest.split(['@', ';']).next().unwrap_or_default())
}

fn address(line: &str) -> String {
    format!("sip:{line}@phone.plivo.com")
}

fn cause_of(hangup: &str, status: &str) -> Cause {
    match (hangup, status) {
        ("originatorcancel", _) | (_, "cancel") => Cause::Cancelled,
        ("userbusy", _) | (_, "busy") => Cause::Busy,
        ("callrejected", _) => Cause::Rejected,
        ("noanswer" | "nouserresponse" | "allottedtimeout", _) | (_, "noanswer" | "timeout") => Cause::NoAnswer,
        (_, "failed") | ("unallocatednumber", _) => Cause::Unreachable,
        (_, "completed") => Cause::Normal,
        _ => Cause::Other,
    }
}

/// `CallStatus` and `HangupCause`.
fn words_of(cause: Cause) -> (&'static str, &'static str) {
    match cause {
        Cause::Normal | Cause::AnsweredElsewhere => ("completed", "NORMAL_CLEARING"),
        Cause::Cancelled => ("cancel", "ORIGINATOR_CANCEL"),
        Cause::Busy => ("busy", "USER_BUSY"),
        Cause::Rejected => ("busy", "CALL_REJECTED"),
        Cause::NoAnswer => ("no-answer", "NO_ANSWER"),
        Cause::Unreachable | Cause::Other | Cause::Stale => ("failed", "UNALLOCATED_NUMBER"),
    }
}

fn side_of(source: &str, direction: Option<Direction>) -> Option<Side> {
    match (source, direction) {
        ("caller", Some(Direction::Out)) | ("callee", Some(Direction::In | Direction::Internal)) => Some(Side::Agent),
        ("caller", _) => Some(Side::Caller),
        ("callee", _) => Some(Side::Callee),
        ("plivo" | "carrier", _) => Some(Side::Pbx),
        _ => None,
    }
}

fn source_of(story: &Story, by: Option<Side>) -> Option<&'static str> {
    match by? {
        Side::Agent if story.direction == Direction::Out => Some("Caller"),
        Side::Agent | Side::Callee => Some("Callee"),
        Side::Caller => Some("Caller"),
        Side::Pbx => Some("Plivo"),
        Side::Transfer => None,
    }
}

fn draft(story: &Story, word: &str, more: &[(&str, &str)]) -> Draft {
    let (from, to) = story.from_to("anonymous");
    let (from, to) = match story.direction {
        Direction::In => (digits(from).to_owned(), digits(to).to_owned()),
        Direction::Out => (address(from), digits(to).to_owned()),
        Direction::Internal => (address(from), address(to)),
    };
    let basic = [
        ("CallUUID", story.call.as_str()),
        ("From", &from),
        ("To", &to),
        ("Direction", "inbound"),
    ];
    Draft::form(word, &[&basic[..], more].concat())
}

/// The address without its query, `?`, the sorted query, and for fields of a form `.` and the sorted fields; as
/// `construct_post_url` of the provider's library puts them together.
fn signed_text(request: &Request, url: &str) -> String {
    let base = url.split('?').next().unwrap_or_default();
    let query = sorted(request.query().as_bytes(), |(name, value)| format!("{name}={value}"));
    let query = query.join("&");
    let posted = if request.method == Method::GET {
        Vec::new()
    } else {
        sorted(&request.body, |(name, value)| format!("{name}{value}"))
    };
    let mut text = base.to_owned();
    if !query.is_empty() || !posted.is_empty() {
        text = format!("{text}?{query}");
    }
    if !query.is_empty() && !posted.is_empty() {
        text.push('.');
    }
    text + &posted.concat()
}

/// The pairs of a form, sorted by name and value.
fn sorted(form: &[u8], written: impl Fn((Cow<'_, str>, Cow<'_, str>)) -> String) -> Vec<String> {
    let pairs: BTreeSet<_> = form_pairs(form).collect();
    pairs.into_iter().map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A request that Plivo's library for Python signs so; `signatures` is the header.
    fn signed(target: &str, body: &str, signatures: &str) -> Request {
        let mut request = Request::new(Method::POST, target);
        request.body = body.as_bytes().to_vec();
        request.set(NONCE, "nonce123");
        request.set(SIGNATURE, signatures);
        request
    }

    #[test]
    fn one_right_signature_among_several_is_enough() {
        let keys = Keys {
            secrets: vec!["test-auth-token".to_owned().into()],
            public_url: Some("https://pop.example.test".to_owned()),
            ..Keys::default()
        };
        let right = "M0OEr7e2gyR0uRSDFS0a1r1FaiMgJXBJzFPPaGZ/itA=";
        let body = "CallUUID=u-1&From=493055501234&To=493055509999";
        let prove = |request: &Request| Plivo.prove(request, &keys, DateTime::default());
        assert_eq!(prove(&signed("/in/plivo", body, &format!("AAAA, {right}"))), Ok(()));
        assert_eq!(prove(&signed("/in/plivo", body, "AAAA")), Err(Unproven::Signature));
        assert_eq!(prove(&signed("/in/plivo?a=1", body, right)), Err(Unproven::Signature));
    }

    #[test]
    fn the_query_is_signed_sorted_and_apart_from_the_fields() {
        let post = signed("/in/plivo?b=2&a=1", "To=2&From=1", "");
        let url = "https://pop.example.test/in/plivo?b=2&a=1";
        assert_eq!(
            signed_text(&post, url),
            "https://pop.example.test/in/plivo?a=1&b=2.From1To2"
        );
        let bare = signed("/in/plivo", "", "");
        assert_eq!(
            signed_text(&bare, "https://pop.example.test/in/plivo"),
            "https://pop.example.test/in/plivo"
        );
    }
}
