//! Events as Telnyx documents them, and what they come to.

use super::*;
use crate::call::Line;
use crate::feed::webhook::calls::Calls;
use crate::feed::webhook::names::Names;

const INITIATED: &str = r#"{"data":{"event_type":"call.initiated","id":"e1","occurred_at":"2026-01-02T03:04:05Z","payload":{
    "call_session_id":"s1","call_leg_id":"l1","from":"+493055501234","to":"+493055509999","direction":"incoming",
    "shaken_stir_attestation":"B","shaken_stir_validated":true}}}"#;

fn told(calls: &mut Calls, fields: &Fields) -> Vec<CallEvent> {
    let told = Telnyx.read(fields).expect("readable");
    told.iter()
        .flat_map(|told| calls.tell(told, DateTime::UNIX_EPOCH))
        .collect()
}

fn json(text: &str) -> Fields {
    Fields::from_json(text.as_bytes()).expect("JSON")
}

fn trust(text: &str) -> (Trust, String) {
    match told(&mut Calls::default(), &json(text)).first() {
        Some(CallEvent::Began { remote, .. }) => (remote.trust, remote.verstat.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_attestation_counts_only_as_far_as_it_was_validated() {
    let with = |level: &str, validated: &str| {
        let text = INITIATED
            .replace("\"B\"", &format!("\"{level}\""))
            .replace("true", validated);
        trust(&text)
    };
    let passed = |level: &str| format!("TN-Validation-Passed-{level}");
    assert_eq!(with("A", "true"), (Trust::Verified, passed("A")));
    assert_eq!(with("B", "true"), (Trust::NotVerifiedB, passed("B")));
    assert_eq!(with("C", "true"), (Trust::NotVerifiedC, passed("C")));
    assert_eq!(with("A", "false"), (Trust::Failed, "TN-Validation-Failed".to_owned()));
    assert_eq!(with("", "false"), (Trust::Unknown, "No-TN-Validation".to_owned()));
    assert_eq!(with("", "true"), (Trust::Unknown, String::new()));
}

#[test]
fn the_program_that_answers_is_no_person_who_does() {
    let mut calls = Calls::default();
    told(&mut calls, &json(INITIATED));
    let events = told(&mut calls, &json(&INITIATED.replace("call.initiated", "call.answered")));
    assert!(!events.iter().any(|event| matches!(event, CallEvent::Answered { .. })));
}

#[test]
fn events_of_no_call_say_nothing() {
    for event in ["call.recording.saved", "call.dtmf.received", "message.received", "?"] {
        assert_eq!(
            Telnyx.read(&json(&INITIATED.replace("call.initiated", event))),
            Ok(Vec::new())
        );
    }
}

#[test]
fn a_call_that_the_account_dials_is_over_with_its_only_leg() {
    let mut calls = Calls::default();
    let dialled = INITIATED
        .replace("incoming", "outgoing")
        .replace("+493055509999", "+38521555014");
    let events = told(&mut calls, &json(&dialled));
    assert!(
        matches!(&events[0], CallEvent::Began { direction: Direction::Out, remote, .. }
        if remote.number == "+38521555014")
    );
    let events = told(&mut calls, &json(&dialled.replace("call.initiated", "call.hangup")));
    assert!(matches!(events.last(), Some(CallEvent::Ended { .. })));
}

#[test]
fn an_agent_who_is_reached_by_a_number_is_an_agent() {
    let names = Names {
        agents: [("+38521555014".to_owned(), Line("101".to_owned()))].into(),
        ..Names::default()
    };
    let mut calls = Calls::new(names);
    let dialled = INITIATED
        .replace("incoming", "outgoing")
        .replace("+493055509999", "+38521555014");
    let events = told(&mut calls, &json(&dialled));
    assert!(
        matches!(&events[0], CallEvent::Began { direction: Direction::In, remote, .. }
        if remote.number == "+493055501234")
    );
    assert!(matches!(&events[1], CallEvent::Offered { to: Endpoint::Line(line), .. } if line.0 == "101"));
}

#[test]
fn texml_tells_of_a_parent_and_its_children() {
    let mut calls = Calls::default();
    let parent = "CallSid=p&CallStatus=ringing&Direction=inbound&From=%2B493055501234&To=%2B493055509999\
                  &ShakenStirAttestation=A&ShakenStirValidated=true&ConnectionId=1&SequenceNumber=0";
    let events = told(&mut calls, &Fields::from_form(parent.as_bytes()));
    assert!(matches!(&events[0], CallEvent::Began { remote, .. } if remote.trust == Trust::Verified));
    let child = "CallSid=c&ParentCallSid=p&CallStatus=in-progress&From=%2B493055501234&To=sip:101@sip.telnyx.com";
    let events = told(&mut calls, &Fields::from_form(child.as_bytes()));
    assert!(matches!(&events[0], CallEvent::Offered { to: Endpoint::Line(line), .. } if line.0 == "101"));
    assert!(matches!(&events[1], CallEvent::Answered { .. }));
}

#[test]
fn a_key_that_is_none_is_said() {
    for key in ["", "x", "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg", "AAAA"] {
        let keys = Keys {
            public_key: Some(key.to_owned()),
            ..Keys::default()
        };
        let mut request = Request::new(axum::http::Method::POST, "/in/telnyx");
        request.set(TIME, "0");
        request.set(SIGNATURE, "AAAA");
        let proof = Telnyx.prove(&request, &keys, DateTime::UNIX_EPOCH);
        assert_eq!(proof, Err(Unproven::Key), "{key}");
    }
}
