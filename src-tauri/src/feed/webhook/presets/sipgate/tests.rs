//! What sipgate.io is answered, and signatures that must not pass.

use axum::http::Method;

use super::*;

const NEW: &str = "event=newCall&direction=in&from=493055501234&to=493055509999&callId=77&origCallId=77&user%5B%5D=Ada";

#[test]
fn a_new_call_is_answered_with_where_to_tell_of_its_answer_and_end() {
    let fields = Fields::from_form(NEW.as_bytes());
    let reply = Sipgate.reply(&fields, "https://pop.example.test/in/sipgate/a?b=\"<&>");
    assert_eq!(reply.kind, "application/xml");
    assert_eq!(
        reply.body,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response \
         onAnswer=\"https://pop.example.test/in/sipgate/a?b=&quot;&lt;&amp;&gt;\" \
         onHangup=\"https://pop.example.test/in/sipgate/a?b=&quot;&lt;&amp;&gt;\"/>"
    );
    let hangup = Fields::from_form(b"event=hangup&callId=77&cause=cancel");
    assert!(Sipgate.reply(&hangup, "https://x").body.ends_with("<Response/>"));
}

#[test]
fn a_tone_that_the_caller_dials_says_nothing() {
    assert_eq!(
        Sipgate.read(&Fields::from_form(b"event=dtmf&callId=77&dtmf=01")),
        Ok(Vec::new())
    );
}

#[test]
fn nobody_but_sipgate_signs_for_sipgate() {
    let mut request = Request::new(Method::POST, "/in/sipgate");
    request.body = NEW.as_bytes().to_vec();
    let proof = |request: &Request, keys: &Keys| Sipgate.prove(request, keys, DateTime::UNIX_EPOCH);
    request.set(SIGNATURE, &base64(&[0; 512]));
    assert_eq!(
        proof(&request, &Keys::default()),
        Err(Unproven::Signature),
        "the key is built in"
    );
    request.set(SIGNATURE, "");
    assert_eq!(proof(&request, &Keys::default()), Err(Unproven::Signature));
    for key in [
        "",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----",
    ] {
        let keys = Keys {
            public_key: Some(key.to_owned()),
            ..Keys::default()
        };
        assert_eq!(proof(&request, &keys), Err(Unproven::Key), "{key}");
    }
}
