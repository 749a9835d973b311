//! Events as Vonage documents them, and tokens that must not pass.

use serde_json::Value;

use super::*;
use crate::feed::webhook::calls::Calls;

const RINGING: &str = r#"{"headers":{},"from":"441234567890","to":"442038297050","uuid":"u-1",
    "conversation_uuid":"CON-1","status":"ringing","direction":"inbound","timestamp":"2021-03-29T21:20:05.582Z"}"#;

fn told(calls: &mut Calls, text: &str) -> Vec<CallEvent> {
    let told = Vonage
        .read(&Fields::from_json(text.as_bytes()).expect("JSON"))
        .expect("readable");
    told.iter()
        .flat_map(|told| calls.tell(told, DateTime::UNIX_EPOCH))
        .collect()
}

fn proof(claims: &Value, body: &str, at: i64) -> Result<(), Unproven> {
    proof_of(&jwt::token(claims, b"test-secret"), body, at)
}

fn proof_of(token: &str, body: &str, at: i64) -> Result<(), Unproven> {
    let mut request = Request::new(Method::POST, "/in/vonage");
    request.set("authorization", &format!("Bearer {token}"));
    request.body = body.as_bytes().to_vec();
    let keys = Keys {
        secrets: vec!["test-secret".to_owned().into()],
        ..Keys::default()
    };
    Vonage.prove(&request, &keys, DateTime::from_timestamp(at, 0).expect("a time"))
}

#[test]
fn a_token_is_good_for_its_own_body_and_its_own_time() {
    let claims = json!({"iat": 1000, "exp": 1100, "payload_hash": hash_of(b"body")});
    assert_eq!(proof(&claims, "body", 1000), Ok(()));
    assert_eq!(proof(&claims, "Body", 1000), Err(Unproven::Signature));
    assert_eq!(proof(&claims, "", 1000), Err(Unproven::Signature));
    assert_eq!(proof(&claims, "body", 1101), Err(Unproven::Stale(1)));
    assert_eq!(proof(&claims, "body", 600), Err(Unproven::Stale(-400)));
}

#[test]
fn a_token_without_the_hash_of_a_body_is_refused() {
    assert_eq!(proof(&json!({"iat": 1000}), "body", 1000), Err(Unproven::Signature));
    assert_eq!(proof(&json!({"iat": 1000}), "", 1000), Ok(()));
}

#[test]
fn a_token_does_not_choose_how_it_is_checked() {
    let signed = jwt::token(&json!({"iat": 1000}), b"test-secret");
    let (_, rest) = signed.split_once('.').expect("three parts");
    for head in ["eyJhbGciOiJub25lIn0", "eyJhbGciOiJSUzI1NiJ9", "e30"] {
        assert_eq!(proof_of(&format!("{head}.{rest}"), "", 1000), Err(Unproven::Signature));
    }
    for nonsense in ["", ".", "..", "a.b.c", "a.b", "\u{fffd}"] {
        assert!(proof_of(nonsense, "", 1000).is_err(), "{nonsense}");
    }
    let untimed = proof(&json!({}), "", 1000);
    assert_eq!(untimed, Err(Unproven::Unreadable("authorization".to_owned())));
}

#[test]
fn ringing_before_started_is_one_call() {
    let mut calls = Calls::default();
    let events = told(&mut calls, RINGING);
    assert!(
        matches!(&events[..], [CallEvent::Began { direction: Direction::In, remote, .. }]
        if remote.number == "+441234567890")
    );
    let again = told(&mut calls, &RINGING.replace("ringing", "started"));
    assert_eq!(again, events);
    let leg = RINGING
        .replace("inbound", "outbound")
        .replace("u-1", "u-2")
        .replace("442038297050", "Alice");
    let events = told(&mut calls, &leg);
    assert!(matches!(&events[0], CallEvent::Offered { to: Endpoint::Line(line), .. } if line.0 == "Alice"));
    assert!(matches!(&events[1], CallEvent::Ringing { .. }));
    let events = told(&mut calls, &leg.replace("ringing", "started"));
    assert!(matches!(&events[..], [CallEvent::Offered { .. }]));
}

#[test]
fn statuses_of_no_call_say_nothing() {
    for status in ["input", "record", "transfer", "human", "machine", "?"] {
        assert_eq!(told(&mut Calls::default(), &RINGING.replace("ringing", status)), []);
    }
}
