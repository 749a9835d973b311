//! Notifications as RingCentral documents them, and what they come to.

use super::*;
use crate::call::{CallKey, Line, Side as Ender, Transfer};
use crate::feed::webhook::calls::Calls;
use crate::feed::webhook::names::Names;

/// A notification of one party.
fn notice(session: &str, sequence: u32, party: &str, status: &str) -> Vec<u8> {
    format!(
        r#"{{"uuid":"1","event":"/restapi/v1.0/account/1/telephony/sessions","subscriptionId":"s",
        "body":{{"sequence":{sequence},"sessionId":"1","telephonySessionId":"{session}",
        "origin":{{"type":"Call"}},"parties":[{{{party},"status":{status},"missedCall":false,"muted":false}}]}}}}"#
    )
    .into_bytes()
}

const CALLER: &str = r#""id":"p-1","extensionId":"62264","direction":"Inbound",
    "from":{"phoneNumber":"+493055501234","name":"Ada Example"},"to":{"phoneNumber":"+493055509999","extensionId":"62264"}"#;

fn names() -> Names {
    Names {
        agents: [("62264", "101"), ("62265", "102")]
            .map(|(id, line)| (id.to_owned(), Line(line.to_owned())))
            .into(),
        ..Names::default()
    }
}

fn told(calls: &mut Calls, body: &[u8]) -> Vec<CallEvent> {
    let told = RingCentral
        .read(&Fields::from_json(body).expect("JSON"))
        .expect("readable");
    told.iter()
        .flat_map(|told| calls.tell(told, DateTime::UNIX_EPOCH))
        .collect()
}

fn code(code: &str) -> String {
    format!(r#"{{"code":"{code}"}}"#)
}

#[test]
fn a_subscription_that_asks_gets_its_token_back() {
    let mut request = Request::new(Method::POST, "/in/ringcentral");
    request.set(VALIDATION, "from-the-platform");
    let reply = RingCentral.greet(&request, &Keys::default()).expect("an answer");
    assert_eq!(reply.header, Some((VALIDATION, "from-the-platform".to_owned())));
    request.body = b"{}".to_vec();
    assert_eq!(
        RingCentral.greet(&request, &Keys::default()),
        None,
        "a delivery is not answered without a look at its token"
    );
}

#[test]
fn a_delivery_without_our_token_is_refused() {
    let keys = Keys {
        secrets: vec!["ours".to_owned().into(), "before".to_owned().into()],
        ..Keys::default()
    };
    let proof = |name: &'static str, token: &str| {
        let mut request = Request::new(Method::POST, "/in/ringcentral");
        request.set(name, token);
        RingCentral.prove(&request, &keys, DateTime::UNIX_EPOCH)
    };
    assert_eq!(proof(VERIFICATION, "ours"), Ok(()));
    assert_eq!(proof(VALIDATION, "before"), Ok(()));
    let wrong = Err(Unproven::Secret(VERIFICATION.to_owned()));
    assert_eq!(proof(VERIFICATION, "theirs"), wrong);
    assert_eq!(proof("x", "ours"), Err(Unproven::Missing(VERIFICATION.to_owned())));
}

#[test]
fn a_call_from_outside_is_over_when_its_last_party_is() {
    let mut calls = Calls::new(names());
    let events = told(&mut calls, &notice("s", 1, CALLER, &code("Setup")));
    assert!(
        matches!(&events[0], CallEvent::Began { direction: Direction::In, remote, .. }
        if remote.number == "+493055501234" && remote.name == "Ada Example")
    );
    assert!(matches!(&events[1], CallEvent::Offered { to: Endpoint::Line(line), .. } if line.0 == "101"));
    let events = told(&mut calls, &notice("s", 2, CALLER, &code("Answered")));
    assert!(matches!(&events[1], CallEvent::Answered { .. }));
    let events = told(&mut calls, &notice("s", 3, CALLER, &code("Hold")));
    assert!(matches!(&events[..], [CallEvent::Held { .. }]));
    let events = told(&mut calls, &notice("s", 4, CALLER, &code("Answered")));
    assert!(matches!(&events[..], [CallEvent::Resumed { .. }]));
    let events = told(&mut calls, &notice("s", 5, CALLER, &code("Disconnected")));
    assert!(matches!(
        events.last(),
        Some(CallEvent::Ended {
            cause: Cause::Normal,
            ..
        })
    ));
}

#[test]
fn what_was_overtaken_changes_nothing() {
    let mut calls = Calls::new(names());
    told(&mut calls, &notice("s", 1, CALLER, &code("Setup")));
    told(&mut calls, &notice("s", 5, CALLER, &code("Answered")));
    assert_eq!(told(&mut calls, &notice("s", 3, CALLER, &code("Hold"))), []);
}

#[test]
fn a_call_that_rings_elsewhere_after_its_last_party_left_is_told_as_one_more() {
    let mut calls = Calls::new(names());
    told(&mut calls, &notice("s", 1, CALLER, &code("Proceeding")));
    let missed = r#"{"code":"Disconnected","reason":"NoAnswer"}"#;
    assert!(matches!(
        told(&mut calls, &notice("s", 2, CALLER, missed)).last(),
        Some(CallEvent::Ended { .. })
    ));
    let second = CALLER.replace("p-1", "p-2").replace("62264", "62265");
    let events = told(&mut calls, &notice("s", 3, &second, &code("Proceeding")));
    assert!(matches!(&events[0], CallEvent::Began { call, remote, .. }
        if call.0 == "s/2" && remote.number == "+493055501234"));
    assert!(matches!(&events[2], CallEvent::Ringing { .. }));
}

#[test]
fn a_blind_transfer_goes_on_in_the_same_call() {
    let mut calls = Calls::new(names());
    told(&mut calls, &notice("s", 1, CALLER, &code("Answered")));
    let left = r#"{"code":"Disconnected","reason":"BlindTransfer"}"#;
    let events = told(&mut calls, &notice("s", 2, CALLER, left));
    assert!(matches!(&events[0], CallEvent::Transferred { transfer, .. }
        if transfer.kind == TransferKind::Blind && transfer.by == Some(Line("101".to_owned()))));
    assert!(matches!(&events.last(), Some(CallEvent::LegEnded { .. })));
    let second = CALLER.replace("p-1", "p-2").replace("62264", "62265");
    let events = told(&mut calls, &notice("s", 3, &second, &code("Proceeding")));
    assert!(events.iter().all(|event| event.call().0 == "s"));
    assert!(matches!(events.last(), Some(CallEvent::Ringing { .. })));
}

#[test]
fn an_attended_transfer_brings_the_colleague_into_the_callers_call() {
    let mut calls = Calls::new(names());
    told(&mut calls, &notice("s", 1, CALLER, &code("Answered")));
    let from_to =
        r#""from":{"phoneNumber":"101","extensionId":"62264"},"to":{"phoneNumber":"102","extensionId":"62265"}"#;
    let dialler = format!(r#""id":"c-1","extensionId":"62264","direction":"Outbound",{from_to}"#);
    let colleague = format!(r#""id":"c-2","extensionId":"62265","direction":"Inbound",{from_to}"#);
    told(&mut calls, &notice("c", 1, &dialler, &code("Setup")));
    told(&mut calls, &notice("c", 2, &colleague, &code("Answered")));
    let gone = |peer: &str| {
        format!(
            r#"{{"code":"Gone","reason":"AttendedTransfer","peerId":{{"telephonySessionId":"{peer}","partyId":"x"}}}}"#
        )
    };
    let [caller, consultation] = ["s", "c"].map(|key| CallKey(key.to_owned()));
    let leg = LegKey("c-2".to_owned());
    let joined = [
        CallEvent::Transferred {
            call: caller.clone(),
            transfer: Transfer {
                kind: TransferKind::Attended,
                by: Some(Line("101".to_owned())),
                to: Some(Endpoint::Line(Line("102".to_owned()))),
                consultation: Some(consultation.clone()),
            },
        },
        CallEvent::Offered {
            call: caller.clone(),
            leg: leg.clone(),
            to: Endpoint::Line(Line("102".to_owned())),
        },
        CallEvent::Answered {
            call: caller.clone(),
            leg: leg.clone(),
        },
        CallEvent::LegEnded {
            call: caller.clone(),
            leg: LegKey("p-1".to_owned()),
            cause: Cause::Normal,
        },
        CallEvent::Ended {
            call: consultation,
            cause: Cause::Normal,
            by: Some(Ender::Transfer),
        },
    ];
    assert_eq!(told(&mut calls, &notice("c", 3, &dialler, &gone("s"))), joined);
    assert_eq!(
        told(&mut calls, &notice("s", 2, CALLER, &gone("c"))),
        [],
        "the other half of the news says nothing new"
    );
    let events = told(&mut calls, &notice("c", 4, &colleague, &code("Disconnected")));
    assert!(events.iter().all(|event| event.call() == &caller), "{events:?}");
    assert!(matches!(events.last(), Some(CallEvent::Ended { .. })));
}
