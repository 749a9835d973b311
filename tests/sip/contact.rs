//! The second contact: what it sees of a call, and that it takes no part in it.

use ringside::call::{CallEvent, Cause, Trust};
use ringside::feed::Signal;

use super::at;
use super::talk::{Talk, account, notify, ringing};

fn registered() -> Talk {
    let mut talk = Talk::new(&account(&[], true));
    let asked = talk.one();
    assert_eq!(asked.method(), Some("REGISTER"));
    talk.answer(&asked, "200 OK", "Contact: <sip:101@10.0.0.9:5070>;expires=120\r\n");
    let Some(Signal::Up { caveat: Some(caveat) }) = talk.signals.last() else {
        panic!("{:?}", talk.signals)
    };
    assert!(caveat.to_string().contains("second contact"), "{caveat}");
    talk.signals.clear();
    talk
}

fn offer(method: &str, branch: &str, more: &str) -> String {
    format!(
        "{method} sip:101@10.0.0.9:5070 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch={branch}\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKx\r\n\
         Record-Route: <sip:10.0.0.1;lr>\r\nFrom: <sip:+491@x>;tag=c\r\nTo: <sip:101@pbx.example>\r\nCall-ID: call\r\n\
         CSeq: 7 {method}\r\n{more}Content-Length: 0\r\n\r\n"
    )
}

#[test]
fn an_offered_call_is_answered_with_trying_and_nothing_more() {
    let mut talk = registered();
    talk.hear(&offer("INVITE", "z9hG4bK1", ""));
    let trying = talk.one();
    assert_eq!((trying.code(), trying.tag("To")), (Some(100), None));
    assert_eq!(trying.all("Via").count(), 2);
    assert_eq!(talk.signals.len(), 3);
    talk.hear(&offer("INVITE", "z9hG4bK1", ""));
    assert_eq!(talk.one().code(), Some(100), "a repeated INVITE is known");
    talk.hear(&offer("INVITE", "z9hG4bK2", ""));
    assert_eq!(talk.one().code(), Some(482), "the same on another way");
    assert_eq!(talk.signals.len(), 3);
    talk.hear(&offer("INVITE", "z9hG4bK3", "").replace("To: <sip:101@pbx.example>", "To: <sip:101@pbx.example>;tag=q"));
    assert_eq!(
        talk.one().code(),
        Some(481),
        "an INVITE within a call that we are not in"
    );
}

#[test]
fn a_cancelled_call_is_answered_until_it_is_acknowledged() {
    let mut talk = registered();
    talk.hear(&offer("INVITE", "z9hG4bK1", ""));
    talk.sent();
    talk.hear(&offer(
        "CANCEL",
        "z9hG4bK1",
        "Reason: Q.850;cause=26;text=\"x\", SIP;cause=487\r\n",
    ));
    let sent = talk.sent();
    assert_eq!((sent[0].code(), sent[0].get("CSeq")), (Some(200), Some("7 CANCEL")));
    assert_eq!((sent[1].code(), sent[1].get("CSeq")), (Some(487), Some("7 INVITE")));
    assert_eq!(sent[0].tag("To"), sent[1].tag("To"));
    let Some(Signal::Event(CallEvent::Ended { cause, by, .. })) = talk.signals.last() else {
        panic!("{:?}", talk.signals)
    };
    assert_eq!((*cause, *by), (Cause::AnsweredElsewhere, None));
    talk.hear(&offer("CANCEL", "z9hG4bK1", ""));
    assert_eq!(talk.one().code(), Some(200), "a repeated CANCEL");
    talk.until(4_000).expect("all well");
    assert_eq!(
        talk.sent().iter().filter(|message| message.code() == Some(487)).count(),
        3,
        "at 0.5, 1.5 and 3.5 s"
    );
    talk.hear(&offer("ACK", "z9hG4bK1", ""));
    talk.until(14_000).expect("all well");
    assert_eq!(talk.sent().len(), 0, "acknowledged");
    assert_eq!(talk.signals.len(), 5);
    talk.hear(&offer("CANCEL", "z9hG4bK9", ""));
    assert_eq!(talk.one().code(), Some(481));
}

#[test]
fn no_request_whatever_is_answered_so_that_a_call_is_taken_or_ended() {
    let mut talk = registered();
    for method in [
        "INVITE",
        "UPDATE",
        "BYE",
        "PRACK",
        "REFER",
        "INFO",
        "MESSAGE",
        "OPTIONS",
        "PUBLISH",
        "FOO",
        "SUBSCRIBE",
    ] {
        for more in [
            "",
            "Replaces: call;to-tag=1;from-tag=2\r\n",
            "Require: 100rel\r\n",
            "Answer-Mode: Auto\r\nAlert-Info: <x>;answer-after=0\r\n",
        ] {
            talk.hear(&offer(method, &format!("z9hG4bK{method}{}", more.len()), more));
            talk.hear(
                &offer(method, "z9hG4bKq", more)
                    .replace("To: <sip:101@pbx.example>", "To: <sip:101@pbx.example>;tag=q"),
            );
            for reply in talk.sent() {
                let code = reply.code().expect("a reply");
                assert!(code < 600, "{method} {more}: {code}");
                assert!(
                    method == "OPTIONS" || !(101..300).contains(&code),
                    "{method} {more}: {code}"
                );
            }
        }
    }
}

#[test]
fn a_call_that_nobody_cancels_is_given_up() {
    let mut talk = registered();
    talk.hear(&offer("INVITE", "z9hG4bK1", ""));
    talk.sent();
    for seconds in (10..=200).step_by(10) {
        let _ = talk.until(seconds * 1000);
        for message in talk.sent() {
            if message.method().is_some() {
                talk.answer(&message, "200 OK", "");
            } else {
                assert_eq!(message.code(), Some(480));
            }
        }
    }
    let ended = talk.signals.iter().any(|signal| {
        matches!(
            signal,
            Signal::Event(CallEvent::Ended {
                cause: Cause::Stale,
                ..
            })
        )
    });
    assert!(ended, "{:?}", talk.signals);
}

#[test]
fn calls_that_rang_when_the_connection_broke_are_closed() {
    let mut talk = registered();
    talk.hear(&offer("INVITE", "z9hG4bK1", ""));
    let (_, events) = talk.session.into_reader();
    assert!(
        matches!(
            events[..],
            [
                CallEvent::LegEnded { .. },
                CallEvent::Ended {
                    cause: Cause::Stale,
                    ..
                }
            ]
        ),
        "{events:?}"
    );
}

#[test]
fn a_line_that_is_watched_and_registered_tells_one_call_to_its_end() {
    for list_first in [true, false] {
        let mut talk = Talk::new(&account(&["101"], true));
        let asked = talk.sent();
        talk.subscribed(&asked[0]);
        talk.answer(&asked[1], "200 OK", "Contact: <sip:101@10.0.0.9:5070>;expires=120\r\n");
        let list = |cseq, state: &str| {
            let dialog = ringing("d")
                .replace("id=\"d\"", "id=\"d\" call-id=\"call\"")
                .replace("early", state);
            let list = notify(&asked[0], cseq, "active", "full", cseq, &dialog);
            list.replace("<sip:102@pbx.example>;tag=pbx", "<sip:101@pbx.example>;tag=pbx")
        };
        let invite = offer(
            "INVITE",
            "z9hG4bK1",
            "P-Asserted-Identity: \"ACME\" <sip:+491;verstat=TN-Validation-Passed@x>\r\n",
        );
        let order = [list(2, "early"), invite];
        let order = if list_first {
            [&order[0], &order[1]]
        } else {
            [&order[1], &order[0]]
        };
        order.iter().for_each(|message| talk.hear(message));
        talk.hear(&offer("CANCEL", "z9hG4bK1", "Reason: SIP;cause=200\r\n"));
        talk.hear(&list(3, "confirmed"));
        let told = |signals: &[Signal]| {
            let events = signals.iter().filter_map(|signal| match signal {
                Signal::Event(event) => Some((event.clone(), at(0))),
                _ => None,
            });
            super::calls(&events.collect::<Vec<_>>())
        };
        let calls = told(&talk.signals);
        assert_eq!(calls.len(), 1, "{calls:#?}");
        assert!(calls[0].ended.is_none() && calls[0].answer().is_some(), "{calls:#?}");
        assert_eq!(
            (calls[0].remote.name.as_str(), calls[0].remote.trust),
            ("ACME", Trust::Verified)
        );
        talk.hear(&list(4, "terminated"));
        assert!(told(&talk.signals)[0].ended.is_some());
    }
}
