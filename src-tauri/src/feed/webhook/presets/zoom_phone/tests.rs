//! The handshake, and what single events of Zoom Phone say.

use serde_json::json;

use super::*;

fn keys() -> Keys {
    Keys {
        secrets: vec!["test-secret".to_owned().into()],
        ..Keys::default()
    }
}

fn question(secret: &str) -> Request {
    let mut request = Request::new(axum::http::Method::POST, "/in/zoom-phone");
    request.set("content-type", "application/json");
    request.body = br#"{"event":"endpoint.url_validation","payload":{"plainToken":"plain123"}}"#.to_vec();
    let asker = Keys {
        secrets: vec![secret.to_owned().into()],
        ..Keys::default()
    };
    ZoomPhone.sign(&mut request, &asker, "", DateTime::default());
    request
}

fn read(event: &str, object: &Value) -> Vec<Told> {
    let body = json!({ "event": event, "payload": { "object": object } }).to_string();
    let fields = Fields::from_json(body.as_bytes()).expect("an object");
    ZoomPhone.read(&fields).expect("readable")
}

fn object(result: Option<&str>, forwarded: bool) -> Value {
    let mut object = json!({
        "call_id": "7",
        "caller": { "extension_type": "pstn", "phone_number": "+493055501234" },
        "callee": { "extension_type": "user", "extension_number": 101, "device_id": "d" },
    });
    if let Some(result) = result {
        object["handup_result"] = result.into();
    }
    if forwarded {
        object["forwarded_by"] = json!({ "extension_type": "callQueue", "name": "Sales" });
    }
    object
}

#[test]
fn the_address_is_validated_by_the_hmac_of_its_token() {
    let reply = ZoomPhone.greet(&question("test-secret"), &keys()).expect("an answer");
    let body: Value = serde_json::from_str(&reply.body).expect("JSON");
    let known = "a85343347b68f44a3f23160d484dceb4ad455306204e7503d8fd3dc85f692013";
    assert_eq!(body, json!({ "plainToken": "plain123", "encryptedToken": known }));
}

#[test]
fn a_validation_that_is_not_signed_by_the_secret_gets_no_hmac() {
    assert_eq!(ZoomPhone.greet(&question("another"), &keys()), None);
    let mut unsigned = question("test-secret");
    unsigned.headers.remove(SIGNATURE);
    assert_eq!(ZoomPhone.greet(&unsigned, &keys()), None);
}

#[test]
fn a_queue_that_is_called_is_a_queue_and_no_phone() {
    let mut object = object(None, false);
    object["callee"] = json!({ "extension_type": "callQueue", "extension_number": 303, "name": "Sales" });
    let what: Vec<What> = read("phone.callee_ringing", &object)
        .into_iter()
        .map(|told| told.what)
        .collect();
    assert_eq!(what, [What::Began, What::Queued("Sales".to_owned())]);
}

#[test]
fn a_phone_that_rang_for_a_queue_leaves_the_call_on() {
    let what = |forwarded| {
        let told = read("phone.callee_missed", &object(Some("No Answer"), forwarded));
        told.into_iter().map(|told| (told.what, told.cause)).collect::<Vec<_>>()
    };
    let no_answer = Some(Cause::NoAnswer);
    assert_eq!(what(true), [(What::LegEnded, no_answer)]);
    assert_eq!(what(false), [(What::LegEnded, no_answer), (What::Ended, no_answer)]);
}

#[test]
fn two_devices_of_one_extension_are_two_phones_of_one_line() {
    let first = read("phone.callee_ringing", &object(None, false)).remove(0);
    let mut other = object(None, false);
    other["callee"]["device_id"] = "app".into();
    let second = read("phone.callee_ringing", &other).remove(0);
    assert_ne!(first.leg, second.leg);
    assert_eq!(
        (first.users, second.users),
        (vec!["101".to_owned()], vec!["101".to_owned()])
    );
}

#[test]
fn events_that_are_none_of_a_call_say_nothing() {
    assert_eq!(read("phone.voicemail_received", &json!({ "call_id": "7" })), []);
    assert_eq!(read("meeting.started", &json!({})), []);
}
