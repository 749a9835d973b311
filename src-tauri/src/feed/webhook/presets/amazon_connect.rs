//! Amazon Connect contact events, as an EventBridge API destination sends them: JSON with a key in a header.
//!
//! Each contact is a call. A transfer makes a new contact, so what a colleague takes over is a call of its own here.
//! No event says whose phone rings; a call rings nowhere and then talks at the agent who took it. An event has no
//! number of the customer: `customerEndpoint` and `systemEndpoint` stand in it only when a step between (a Lambda
//! function that asks `DescribeContact`) has put them there. Delivery is best effort, without order. Sources:
//! docs.aws.amazon.com (`connect/latest/adminguide/contact-events`, `eventbridge/latest/ref/events-ref-connect`).
//!
//! ```text
//! POST /in/amazon-connect
//! x-api-key: secret
//!
//! {"version":"0","detail-type":"Amazon Connect Contact Event","source":"aws.connect","detail":{
//!  "eventType":"CONNECTED_TO_AGENT","contactId":"c-1","initialContactId":"c-1","channel":"VOICE",
//!  "initiationMethod":"INBOUND","queueInfo":{"queueArn":"arn:aws:connect:eu-central-1:1:instance/i/queue/q"},
//!  "agentInfo":{"agentArn":"arn:aws:connect:eu-central-1:1:instance/i/agent/a-1"},
//!  "customerEndpoint":{"type":"TELEPHONE_NUMBER","address":"+493055501234"}}}
//! ```

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::call::{CallEvent, Cause, Direction, Endpoint, Side};
use crate::feed::webhook::fields::Fields;
use crate::feed::webhook::preset::{Draft, Format, Lack};
use crate::feed::webhook::proof::{Keys, Need, Unproven, header, same};
use crate::feed::webhook::request::Request;
use crate::feed::webhook::teller::Story;
use crate::feed::webhook::told::{Bad, Told, What, letters};

const KEY: &str = "x-api-key";
const ARN: &str = "arn:aws:connect:eu-central-1:111122223333:instance/example";

#[derive(Debug)]
pub(in crate::feed::webhook) struct AmazonConnect;

impl Format for AmazonConnect {
    fn name(&self) -> &'static str {
        "amazon-connect"
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
            Lack::Internal,
            Lack::Dialler,
        ]
    }

    /// The key does not depend on what is said.
    fn is_signed(&self) -> bool {
        false
    }

    fn prove(&self, request: &Request, keys: &Keys, _: DateTime<Utc>) -> Result<(), Unproven> {
        let given = header(request, KEY)?;
        if keys.any(|secret| same(secret, given.as_bytes())) {
            Ok(())
        } else {
            Err(Unproven::Secret(KEY.to_owned()))
        }
    }

    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        let detail = |name: &str| fields.text(&format!("detail.{name}"));
        let is_voice = letters(&detail("channel")?.unwrap_or_default()) == "voice";
        if letters(&fields.needed("detail-type")?) != "amazonconnectcontactevent" || !is_voice {
            return Ok(Vec::new());
        }
        let method = detail("initiationMethod")?.unwrap_or_default();
        let outgoing = matches!(method.as_str(), "OUTBOUND" | "EXTERNAL_OUTBOUND" | "CALLBACK" | "API");
        let what = match (fields.needed("detail.eventType")?.as_str(), outgoing) {
            ("INITIATED", true) => What::BeganRinging,
            ("INITIATED", false) => What::Began,
            // The customer's end of a call from us.
            ("CONNECTED_TO_SYSTEM", true) => What::Answered,
            ("QUEUED", false) => What::Queued(name_of(&detail("queueInfo.queueArn")?.unwrap_or_default())),
            ("CONNECTED_TO_AGENT", false) => What::Answered,
            ("CONTACT_DATA_UPDATED", _) if detail("customerEndpoint.address")?.is_some() => What::Changed,
            ("DISCONNECTED", _) => What::Ended,
            _ => return Ok(Vec::new()),
        };
        let agent = detail("agentInfo.agentArn")?.as_deref().map(name_of);
        let customer = detail("customerEndpoint.address")?.unwrap_or_default();
        let ours = detail("systemEndpoint.address")?.unwrap_or_default();
        let talked = if outgoing {
            detail("connectedToSystemTimestamp")?.is_some()
        } else {
            agent.is_some()
        };
        let reason = detail("disconnectReason")?.unwrap_or_default();
        let told = Told {
            direction: Some(if outgoing { Direction::Out } else { Direction::In }),
            dialler: agent.clone().filter(|_| outgoing),
            answering: agent.clone(),
            users: agent.into_iter().filter(|_| !outgoing).collect(),
            cause: (what == What::Ended).then(|| cause_of(&reason, talked)),
            by: (what == What::Ended).then(|| side_of(&reason, outgoing)).flatten(),
            ..Told::new(fields.needed("detail.contactId")?, what.clone())
        };
        // The number may be known only when an agent talks.
        let known = what == What::Answered && !customer.is_empty();
        let (from, to) = if outgoing { (ours, customer) } else { (customer, ours) };
        let told = Told { from, to, ..told };
        let before = known.then(|| Told {
            what: What::Changed,
            ..told.clone()
        });
        Ok(before.into_iter().chain([told]).collect())
    }

    fn write(&self, story: &Story, event: &CallEvent, at: DateTime<Utc>) -> Vec<Draft> {
        let outgoing = story.direction == Direction::Out;
        match event {
            _ if story.direction == Direction::Internal => Vec::new(),
            CallEvent::Began { .. } => vec![draft("INITIATED", detail(story), at)],
            CallEvent::Queued { queue, .. } => {
                let info = json!({ "queueArn": format!("{ARN}/queue/{queue}"), "queueType": "STANDARD" });
                vec![draft("QUEUED", with(detail(story), "queueInfo", info), at)]
            }
            CallEvent::Answered { .. } if outgoing => vec![draft("CONNECTED_TO_SYSTEM", detail(story), at)],
            CallEvent::Answered { leg, .. } => match story.phone(leg) {
                Some(Endpoint::Line(line)) => vec![draft("CONNECTED_TO_AGENT", with_agent(detail(story), &line.0), at)],
                Some(Endpoint::Outside(_)) | None => Vec::new(),
            },
            CallEvent::Ended {
                cause: Cause::Stale, ..
            } => Vec::new(),
            CallEvent::Ended { by, .. } => vec![draft("DISCONNECTED", ended(story, *by), at)],
            _ => Vec::new(),
        }
    }

    fn sign(&self, request: &mut Request, keys: &Keys, _: &str, _: DateTime<Utc>) {
        request.set(KEY, &String::from_utf8_lossy(keys.secret()));
    }
}

/// The last part of an ARN: the id of the agent or the queue.
fn name_of(arn: &str) -> String {
    arn.rsplit('/').next().unwrap_or_default().to_owned()
}

fn cause_of(reason: &str, talked: bool) -> Cause {
    match reason {
        _ if talked => Cause::Normal,
        "CUSTOMER_DISCONNECT" => Cause::Cancelled,
        "TELECOM_PROBLEM" => Cause::Unreachable,
        _ => Cause::NoAnswer,
    }
}

fn side_of(reason: &str, outgoing: bool) -> Option<Side> {
    match reason {
        "CUSTOMER_DISCONNECT" if outgoing => Some(Side::Callee),
        "CUSTOMER_DISCONNECT" => Some(Side::Caller),
        "AGENT_DISCONNECT" => Some(Side::Agent),
        "TELECOM_PROBLEM" | "CONTACT_FLOW_DISCONNECT" | "EXPIRED" | "API" => Some(Side::Pbx),
        _ => None,
    }
}

fn ended(story: &Story, by: Option<Side>) -> Value {
    let reason = match by {
        Some(Side::Caller | Side::Callee) => "CUSTOMER_DISCONNECT",
        Some(Side::Agent) => "AGENT_DISCONNECT",
        Some(Side::Pbx) => "CONTACT_FLOW_DISCONNECT",
        Some(Side::Transfer) | None => "OTHER",
    };
    let ended = with(detail(story), "disconnectReason", reason.into());
    let Some((leg, since)) = &story.talks else {
        return ended;
    };
    match story.phone(leg) {
        Some(Endpoint::Line(line)) => with_agent(ended, &line.0),
        Some(Endpoint::Outside(_)) | None => with(
            ended,
            "connectedToSystemTimestamp",
            since.format("%FT%TZ").to_string().into(),
        ),
    }
}

/// What every event of a contact says.
fn detail(story: &Story) -> Value {
    let outgoing = story.direction == Direction::Out;
    let ours = if outgoing { "" } else { &story.called };
    json!({
        "contactId": story.call,
        "initialContactId": story.call,
        "channel": "VOICE",
        "instanceArn": ARN,
        "initiationMethod": if outgoing { "OUTBOUND" } else { "INBOUND" },
        "customerEndpoint": { "type": "TELEPHONE_NUMBER", "address": story.remote("anonymous") },
        "systemEndpoint": { "type": "TELEPHONE_NUMBER", "address": ours },
    })
}

fn with(mut detail: Value, name: &str, value: Value) -> Value {
    detail[name] = value;
    detail
}

fn with_agent(detail: Value, line: &str) -> Value {
    with(
        detail,
        "agentInfo",
        json!({ "agentArn": format!("{ARN}/agent/{line}") }),
    )
}

fn draft(word: &str, detail: Value, at: DateTime<Utc>) -> Draft {
    let detail = with(detail, "eventType", word.into());
    Draft::json(
        word,
        json!({
            "version": "0",
            "detail-type": "Amazon Connect Contact Event",
            "source": "aws.connect",
            "time": at.format("%FT%TZ").to_string(),
            "detail": detail,
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(detail: &Value) -> Vec<Told> {
        let body = json!({ "detail-type": "Amazon Connect Contact Event", "detail": detail }).to_string();
        let fields = Fields::from_json(body.as_bytes()).expect("an object");
        AmazonConnect.read(&fields).expect("readable")
    }

    #[test]
    fn the_key_in_the_header_must_be_the_secret() {
        let keys = Keys {
            secrets: vec!["secret".to_owned().into()],
            ..Keys::default()
        };
        let mut request = Request::new(axum::http::Method::POST, "/in/amazon-connect");
        let prove = |request: &Request| AmazonConnect.prove(request, &keys, DateTime::default());
        assert_eq!(prove(&request), Err(Unproven::Missing(KEY.to_owned())));
        request.set(KEY, "secreT");
        assert_eq!(prove(&request), Err(Unproven::Secret(KEY.to_owned())));
        request.set(KEY, "secret");
        assert_eq!(prove(&request), Ok(()));
    }

    #[test]
    fn the_documented_spelling_of_the_agent_is_read_however_it_is_capitalised() {
        for name in ["AgentInfo", "agentInfo"] {
            let mut detail = json!({ "eventType": "CONNECTED_TO_AGENT", "contactId": "c-1", "channel": "Voice" });
            detail[name] = json!({ "AgentArn": format!("{ARN}/agent/a-1") });
            assert_eq!(read(&detail).remove(0).users, ["a-1"], "{name}");
        }
    }

    #[test]
    fn a_number_that_comes_only_with_the_agent_is_taken_over() {
        let mut detail = json!({ "eventType": "CONNECTED_TO_AGENT", "contactId": "c-1", "channel": "VOICE" });
        detail["customerEndpoint"] = json!({ "type": "TELEPHONE_NUMBER", "address": "+493055501234" });
        let what: Vec<(What, String)> = read(&detail).into_iter().map(|told| (told.what, told.from)).collect();
        let number = "+493055501234".to_owned();
        assert_eq!(what, [(What::Changed, number.clone()), (What::Answered, number)]);
    }

    #[test]
    fn chats_and_tasks_and_unknown_events_say_nothing() {
        let event = |event: &str, channel: &str| {
            read(&json!({ "eventType": event, "contactId": "c-1", "channel": channel, "initiationMethod": "INBOUND" }))
        };
        assert_eq!(event("INITIATED", "CHAT"), []);
        assert_eq!(event("AMD_DISABLED", "VOICE"), []);
        assert_eq!(event("COMPLETED", "VOICE"), []);
        assert_eq!(event("INITIATED", "VOICE").len(), 1);
    }
}
