//! Callbacks as Twilio sends them, and addresses that are signed.

use super::*;
use crate::call::Presentation;
use crate::feed::webhook::calls::Calls;

fn told(calls: &mut Calls, form: &str) -> Vec<CallEvent> {
    let told = Twilio.read(&Fields::from_form(form.as_bytes())).expect("readable");
    told.iter()
        .flat_map(|told| calls.tell(told, DateTime::UNIX_EPOCH))
        .collect()
}

#[test]
fn a_phone_that_rings_begins_the_call_whose_parent_was_not_told() {
    let mut calls = Calls::default();
    let child =
        "CallSid=c&ParentCallSid=p&CallStatus=ringing&Direction=outbound-dial&From=%2B493055501234&To=client:ada";
    let events = told(&mut calls, child);
    assert!(
        matches!(&events[0], CallEvent::Began { direction: Direction::In, remote, .. }
        if remote.number == "+493055501234")
    );
    assert!(matches!(&events[1], CallEvent::Offered { to: Endpoint::Line(line), .. } if line.0 == "ada"));
    assert!(matches!(&events[2], CallEvent::Ringing { .. }));
    let end = told(
        &mut calls,
        "CallSid=p&CallStatus=completed&Direction=inbound&From=%2B493055501234&To=%2B49305",
    );
    assert!(matches!(
        end.last(),
        Some(CallEvent::Ended {
            cause: Cause::Normal,
            ..
        })
    ));
}

#[test]
fn a_call_that_is_dialled_for_an_agent_is_a_call_of_the_caller() {
    let events = told(
        &mut Calls::default(),
        "CallSid=x&CallStatus=ringing&Direction=outbound-api&From=%2B493055501234&To=sip:101%40acme.sip.twilio.com",
    );
    assert!(matches!(
        &events[0],
        CallEvent::Began {
            direction: Direction::In,
            ..
        }
    ));
    assert!(matches!(&events[1], CallEvent::Offered { to: Endpoint::Line(line), .. } if line.0 == "101"));
}

#[test]
fn numbers_that_spell_a_word_are_withheld() {
    for (from, presentation) in [
        ("%2B266696687", Presentation::Restricted),
        ("anonymous", Presentation::Restricted),
        ("%2B86282452253", Presentation::Unknown),
    ] {
        let events = told(
            &mut Calls::default(),
            &format!("CallSid=p&CallStatus=ringing&Direction=inbound&From={from}&To=1"),
        );
        assert!(
            matches!(&events[0], CallEvent::Began { remote, .. }
                if remote.presentation == presentation && remote.number.is_empty()),
            "{from} {events:?}"
        );
    }
}

#[test]
fn a_body_that_is_no_form_is_covered_by_its_hash() {
    let keys = Keys {
        secrets: vec!["test-auth-token".to_owned().into()],
        public_url: Some("https://pop.example.test".to_owned()),
        ..Keys::default()
    };
    let hash = hex::encode(sha256(b"{}"));
    let mut request = Request::new(Method::POST, &format!("/in/twilio?bodySHA256={hash}"));
    request.body = b"{}".to_vec();
    let url = request.url(keys.public_url.as_deref());
    Twilio.sign(&mut request, &keys, &url, DateTime::UNIX_EPOCH);
    assert_eq!(Twilio.prove(&request, &keys, DateTime::UNIX_EPOCH), Ok(()));
    request.body = b"[]".to_vec();
    assert_eq!(
        Twilio.prove(&request, &keys, DateTime::UNIX_EPOCH),
        Err(Unproven::Signature)
    );
}
