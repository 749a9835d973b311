//! Exotel: the requests of the Passthru and Connect applets, the `StatusCallback`, and the notices of its WebRTC apps.
//!
//! Three shapes, one call id. (a) Applets send a GET; `EventType=Dial` with `Status=busy` means that the agent's phone
//! rings, `Status=free` that it is free again. (b) The callback of a call made over the API is a POST; `From` is the
//! agent, who is called first. (c) Apps POST JSON when a call comes, and nothing when it ends. None is signed, so the
//! token in the path is all. Sources: developer.exotel.com (`api/statuscallback`, `docs/ip-pstn-webrtc`),
//! support.exotel.com 3000088074 and 3000096873, and frappe/crm (`crm/integrations/exotel/handler.py`) for `EventType`.
//!
//! ```text
//! GET /in/exotel/TOKEN?CallSid=a1&CallFrom=07799828555&CallTo=08039513882&Direction=incoming&EventType=Dial&Status=busy
//!     &DialWhomNumber=08030001111&AgentEmail=ada@example.com
//! ```

use axum::http::Method;
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::call::{CallEvent, Cause, Direction, Endpoint, LegKey, Then};
use crate::feed::webhook::fields::Fields;
use crate::feed::webhook::preset::{Draft, Format, Lack, Written};
use crate::feed::webhook::proof::{Keys, Need, Unproven};
use crate::feed::webhook::request::Request;
use crate::feed::webhook::teller::Story;
use crate::feed::webhook::told::{Bad, Told, What, direction_of, letters};

#[derive(Debug)]
pub(in crate::feed::webhook) struct Exotel;

impl Format for Exotel {
    fn name(&self) -> &'static str {
        "exotel"
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
            Lack::Reason,
            Lack::Internal,
        ]
    }

    fn is_signed(&self) -> bool {
        false
    }

    fn methods(&self) -> &'static [Method] {
        &[Method::GET, Method::POST]
    }

    fn prove(&self, _: &Request, _: &Keys, _: DateTime<Utc>) -> Result<(), Unproven> {
        Ok(())
    }

    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        let session = fields.needed("CallSid")?;
        if let Some(event) = fields.text("event")? {
            return Ok(notice(fields, session, &event)?.into_iter().collect());
        }
        if fields.text("CallFrom")?.is_none() && fields.text("DateUpdated")?.is_some() {
            return callback(fields, &session);
        }
        applet(fields, &session)
    }

    fn write(&self, story: &Story, event: &CallEvent, at: DateTime<Utc>) -> Vec<Draft> {
        match (story.direction, event) {
            (Direction::Internal, _)
            | (
                _,
                CallEvent::Ended {
                    cause: Cause::Stale, ..
                },
            ) => Vec::new(),
            (Direction::Out, _) => api_draft(story, event, at).into_iter().collect(),
            (Direction::In, CallEvent::Began { .. }) => vec![applet_draft(story, &[("CallType", "call-attempt")])],
            (Direction::In, CallEvent::Ringing { leg, .. }) => agent_draft(story, leg, "Dial", "busy"),
            (Direction::In, CallEvent::Answered { leg, .. }) => agent_draft(story, leg, "Answered", "in-progress"),
            (Direction::In, CallEvent::Ended { cause, .. }) => {
                let (kind, status) = end_of(story, *cause);
                vec![applet_draft(story, &[("CallType", kind), ("DialCallStatus", status)])]
            }
            (Direction::In, _) => Vec::new(),
        }
    }
}

/// Shape (c): a call came to a user of an app, or a user makes one.
fn notice(fields: &Fields, session: String, event: &str) -> Result<Option<Told>, Bad> {
    let direction = match letters(event).as_str() {
        "incomingcall" => Direction::In,
        "outboundcall" => Direction::Out,
        _ => return Ok(None),
    };
    let user = fields.text("user_id")?;
    let outgoing = direction == Direction::Out;
    let called = if outgoing { "to" } else { "exophone" };
    Ok(Some(Told {
        direction: Some(direction),
        from: fields.text("from")?.filter(|_| !outgoing).unwrap_or_default(),
        to: fields.text(called)?.unwrap_or_default(),
        name: fields.text("caller_info.name")?.unwrap_or_default(),
        dialler: user.clone().filter(|_| outgoing),
        users: user.into_iter().filter(|_| !outgoing).collect(),
        ..Told::new(session, What::BeganRinging)
    }))
}

/// Shape (b): a call made over the API was answered or is over.
fn callback(fields: &Fields, session: &str) -> Result<Vec<Told>, Bad> {
    let agent = fields.text("From")?;
    let status = letters(&fields.text("Status")?.unwrap_or_default());
    let told = |what| Told {
        direction: agent.as_ref().map(|_| Direction::Out),
        dialler: agent.clone(),
        ..Told::new(session.to_owned(), what)
    };
    let to = fields.text("To")?.unwrap_or_default();
    let answered = letters(&fields.text("EventType")?.unwrap_or_default()) == "answered";
    let mut all = Vec::new();
    if answered || status == "completed" {
        all.push(told(What::Answered));
    }
    if !answered {
        let cause = Some(cause_of(&status));
        all.push(Told {
            cause,
            ..told(What::Ended)
        });
    }
    Ok(all.into_iter().map(|told| Told { to: to.clone(), ..told }).collect())
}

/// Shape (a): a call goes through an applet, or an agent's phone rings.
fn applet(fields: &Fields, session: &str) -> Result<Vec<Told>, Bad> {
    let text = |name: &str| Ok::<_, Bad>(fields.text(name)?.unwrap_or_default());
    let status = letters(&text("Status")?);
    if status == "free" {
        return Ok(Vec::new());
    }
    let (dialled, kind) = (letters(&text("DialCallStatus")?), letters(&text("CallType")?));
    let outgoing = letters(&text("Direction")?).starts_with("outbound")
        || direction_of(&text("Direction")?) == Some(Direction::Out);
    let agent = fields.text("AgentEmail")?.or(fields.text("DialWhomNumber")?);
    let told = |what| Told {
        direction: Some(if outgoing { Direction::Out } else { Direction::In }),
        users: agent.iter().filter(|_| !outgoing).cloned().collect(),
        answering: agent.clone(),
        ..Told::new(session.to_owned(), what)
    };
    let ended = |cause| Told {
        cause: Some(cause),
        ..told(What::Ended)
    };
    let rings = if agent.is_some() {
        What::Ringing
    } else {
        What::BeganRinging
    };
    let event = letters(&text("EventType")?);
    let all = match (event.as_str(), kind.as_str()) {
        ("dial", _) => vec![told(if outgoing { What::BeganRinging } else { rings })],
        ("answered", _) => vec![told(What::Answered)],
        (_, "voicemail") => vec![told(What::Voicemail), ended(Cause::Normal)],
        (_, "completed") => vec![told(What::Answered), ended(Cause::Normal)],
        (_, "clienthangup") if dialled != "completed" => vec![ended(Cause::Cancelled)],
        (_, "incomplete" | "clienthangup") => vec![ended(cause_of(&dialled))],
        ("terminal", _) => vec![ended(cause_of(if dialled.is_empty() { &status } else { &dialled }))],
        _ if outgoing => vec![told(What::BeganRinging)],
        _ => vec![told(What::Began)],
    };
    let (from, to) = (text("CallFrom")?, text("CallTo")?);
    let all = all.into_iter().map(|told| Told {
        from: from.clone(),
        to: to.clone(),
        ..told
    });
    Ok(all.collect())
}

/// A call made over the API, as shapes (c) and (b) tell it.
fn api_draft(story: &Story, event: &CallEvent, at: DateTime<Utc>) -> Option<Draft> {
    let (from, to) = story.from_to("anonymous");
    let updated = at.format("%Y-%m-%d %H:%M:%S").to_string();
    let posted = |event: &str, status: &str| {
        let fields = [
            ("CallSid", story.call.as_str()),
            ("EventType", event),
            ("Status", status),
            ("From", from),
            ("To", to),
            ("DateUpdated", &updated),
        ];
        Some(Draft::form(event, &fields))
    };
    match event {
        CallEvent::Began { .. } => Some(Draft::json(
            "outbound_call",
            json!({
                "event": "outbound_call",
                "call_sid": story.call,
                "direction": "outbound",
                "from": format!("sip:{from}@app.exotel.com"),
                "to": to,
                "user_id": from,
            }),
        )),
        CallEvent::Answered { .. } => posted("answered", "in-progress"),
        CallEvent::Ended { cause, .. } => posted("terminal", end_of(story, *cause).1),
        _ => None,
    }
}

fn agent_draft(story: &Story, leg: &LegKey, event: &str, status: &str) -> Vec<Draft> {
    match story.phone(leg) {
        Some(Endpoint::Line(line)) => vec![applet_draft(
            story,
            &[("EventType", event), ("Status", status), ("DialWhomNumber", &line.0)],
        )],
        Some(Endpoint::Outside(_)) | None => Vec::new(),
    }
}

fn applet_draft(story: &Story, more: &[(&str, &str)]) -> Draft {
    let (from, to) = story.from_to("anonymous");
    let basic = [
        ("CallSid", story.call.as_str()),
        ("CallFrom", from),
        ("CallTo", to),
        ("Direction", "incoming"),
    ];
    let pairs = basic.iter().chain(more);
    Draft {
        word: more.first().map_or("", |(_, word)| word).to_owned(),
        fields: Written::Query(
            pairs
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        ),
    }
}

fn cause_of(status: &str) -> Cause {
    match status {
        "completed" => Cause::Normal,
        "busy" => Cause::Busy,
        "noanswer" => Cause::NoAnswer,
        "canceled" | "cancelled" => Cause::Cancelled,
        "failed" => Cause::Unreachable,
        _ => Cause::Other,
    }
}

/// `CallType` and `DialCallStatus` of a call that ended so.
fn end_of(story: &Story, cause: Cause) -> (&'static str, &'static str) {
    match cause {
        _ if story.talks.is_some() => ("completed", "completed"),
        _ if story.then == Some(Then::Voicemail) => ("voicemail", "no-answer"),
        Cause::Cancelled => ("client-hangup", "canceled"),
        Cause::Busy | Cause::Rejected => ("incomplete", "busy"),
        Cause::Unreachable | Cause::Other => ("incomplete", "failed"),
        _ => ("incomplete", "no-answer"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(query: &str) -> Vec<What> {
        let told = Exotel.read(&Fields::from_form(query.as_bytes())).expect("readable");
        told.into_iter().map(|told| told.what).collect()
    }

    #[test]
    fn an_agent_who_is_busy_by_this_very_call_rings_and_one_who_is_free_says_nothing() {
        let call = "CallSid=a1&CallFrom=07799828555&DialWhomNumber=08030001111";
        assert_eq!(what(&format!("{call}&EventType=Dial&Status=busy")), [What::Ringing]);
        assert_eq!(what(&format!("{call}&EventType=Terminal&Status=free")), []);
    }

    #[test]
    fn a_call_that_the_applets_end_ends_with_its_cause() {
        let call = "CallSid=a1&CallFrom=07799828555&Direction=incoming";
        let ended = |more: &str| {
            let fields = Fields::from_form(format!("{call}&{more}").as_bytes());
            Exotel
                .read(&fields)
                .expect("readable")
                .pop()
                .and_then(|told| told.cause)
        };
        assert_eq!(
            ended("CallType=incomplete&DialCallStatus=no-answer"),
            Some(Cause::NoAnswer)
        );
        assert_eq!(
            ended("CallType=client-hangup&DialCallStatus=canceled"),
            Some(Cause::Cancelled)
        );
        assert_eq!(
            ended("CallType=completed&DialCallStatus=completed"),
            Some(Cause::Normal)
        );
    }
}
