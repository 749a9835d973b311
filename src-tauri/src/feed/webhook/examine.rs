//! One pasted request, looked at from all sides: is it signed rightly, what does it say, who calls.
//!
//! Pure; time is an argument. Nothing is remembered and nothing is told to anybody.

use chrono::{DateTime, Utc};

use super::calls::Calls;
use super::dialect::Dialect;
use super::gate::Gate;
use super::names::Names;
use super::proof::{Keys, Need, Unproven};
use super::request::Request;
use crate::call::{CallEvent, Direction, Party, Presentation};
use crate::words::Saying;

/// What is found out about a request.
#[derive(Debug, PartialEq, Eq)]
pub struct Examined {
    /// Whether it is from whom it says.
    pub proof: Proof,
    /// What it says about a call, also when it is not believed, so that both can be mended at once.
    pub events: Vec<CallEvent>,
    /// The person outside with the number as it came, when it says who.
    pub caller: Option<Party>,
    /// Why it says nothing, or would not be taken for another reason than its proof; says what to do.
    pub trouble: Option<Saying>,
}

/// Whether a request is from whom it says.
#[derive(Debug, PartialEq, Eq)]
pub enum Proof {
    /// The token and the signature are right.
    Signed,
    /// The token is right; the format has no signature.
    TokenOnly,
    /// A check failed; this one.
    Failed(Unproven),
    /// This is not set without which it cannot be checked.
    Unset(Need),
}

/// Examines `text`, one request as HTTP/1.1, as the feed with these settings would take it at `now`.
#[must_use]
pub fn examine(dialect: impl Into<Dialect>, keys: Keys, names: Names, text: &[u8], now: DateTime<Utc>) -> Examined {
    let dialect = dialect.into();
    let request = match Request::from_text(text) {
        Ok(request) => request,
        Err(error) => return Examined::nothing(Proof::Failed(Unproven::Nothing), error.saying()),
    };
    let gate = Gate::new(dialect.clone(), keys);
    let proof = match &gate {
        Err(need) => Proof::Unset(*need),
        Ok(gate) => prove(gate, &request, now),
    };
    if gate.is_ok_and(|gate| gate.greet(&request).is_some()) {
        return Examined::nothing(proof, Saying::of("said.hook_greeting"));
    }
    let format = dialect.format();
    if !format.methods().contains(&request.method) {
        let methods: Vec<&str> = format.methods().iter().map(|method| method.as_str()).collect();
        let said = Saying::of("said.hook_method")
            .with("method", &request.method)
            .with("methods", methods.join(", "));
        return Examined::nothing(proof, said);
    }
    let told = match format.fields(&request).and_then(|fields| Ok(format.read(&fields)?)) {
        Ok(told) => told,
        Err(refusal) => return Examined::nothing(proof, refusal.saying()),
    };
    let mut calls = Calls::new(names);
    let events: Vec<CallEvent> = told.iter().flat_map(|told| calls.tell(told, now)).collect();
    let trouble = if told.is_empty() {
        Some(Saying::of("said.hook_no_event"))
    } else if events.is_empty() {
        Some(Saying::of("said.hook_waits"))
    } else {
        None
    };
    let caller = events.iter().find_map(|event| {
        if let CallEvent::Began { remote, .. } | CallEvent::PartyChanged { remote, .. } = event {
            Some(remote.clone())
        } else {
            None
        }
    });
    Examined {
        proof,
        events,
        caller,
        trouble,
    }
}

impl Examined {
    /// What it says about a call, a line an event, as the log and the command line show it.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.events.iter().map(line).collect()
    }

    fn nothing(proof: Proof, trouble: Saying) -> Self {
        Examined {
            proof,
            events: Vec::new(),
            caller: None,
            trouble: Some(trouble),
        }
    }
}

fn prove(gate: &Gate, request: &Request, now: DateTime<Utc>) -> Proof {
    let below = request.path().split("/in/").last().unwrap_or_default();
    let token = below.split_once('/').map(|(_, token)| token);
    if !gate.opens(token) {
        return Proof::Failed(Unproven::Token);
    }
    match gate.prove(request, now) {
        Err(unproven) => Proof::Failed(unproven),
        Ok(()) if gate.format().is_signed() => Proof::Signed,
        Ok(()) => Proof::TokenOnly,
    }
}

fn line(event: &CallEvent) -> String {
    let call = &event.call().0;
    let said = match event {
        CallEvent::Began {
            direction,
            remote,
            called,
            origin,
            ..
        } => {
            let number = if remote.presentation == Presentation::Restricted {
                "a withheld number"
            } else {
                &remote.number
            };
            let by = origin
                .as_ref()
                .map(|line| format!(", dialled by {line}"))
                .unwrap_or_default();
            match direction {
                Direction::In => format!("call from {number} to {called}"),
                Direction::Out => format!("call to {number}{by}"),
                Direction::Internal => format!("internal call from {number} to {called}{by}"),
            }
        }
        CallEvent::Offered { leg, to, .. } => format!("{to} is dialled ({})", leg.0),
        CallEvent::Consulted { leg, by, .. } => format!("{} is asked by {by}", leg.0),
        CallEvent::Ringing { leg, .. } => format!("{} rings", leg.0),
        CallEvent::Answered { leg, .. } => format!("{} talks", leg.0),
        CallEvent::Held { .. } => "on hold".to_owned(),
        CallEvent::Resumed { .. } => "off hold".to_owned(),
        CallEvent::PartyChanged { remote, .. } => format!("the other side is {} {}", remote.number, remote.name),
        CallEvent::Queued { queue, .. } => format!("waits in queue {queue}"),
        CallEvent::Unqueued { outcome, .. } => format!("waits no longer: {outcome:?}"),
        CallEvent::Transferred { transfer, .. } => {
            let to = transfer.to.as_ref().map(|to| format!(" to {to}")).unwrap_or_default();
            format!("passed on{to} ({:?})", transfer.kind)
        }
        CallEvent::Diverted { then, .. } => format!("goes on to {then:?}"),
        CallEvent::LegEnded { leg, cause, .. } => format!("{} is out: {cause:?}", leg.0),
        CallEvent::Ended { cause, .. } => format!("over: {cause:?}"),
    };
    format!("{call}: {said}")
}
