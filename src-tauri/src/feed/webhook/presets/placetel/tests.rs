//! Notifications as Placetel documents them, and what they come to.

use super::*;
use crate::call::Line;
use crate::feed::webhook::calls::Calls;
use crate::feed::webhook::names::Names;

fn told(calls: &mut Calls, form: &str) -> Vec<CallEvent> {
    let told = Placetel.read(&Fields::from_form(form.as_bytes())).expect("readable");
    told.iter()
        .flat_map(|told| calls.tell(told, DateTime::UNIX_EPOCH))
        .collect()
}

fn calls() -> Calls {
    Calls::new(Names {
        agents: [("777abcdef@fpbx.de".to_owned(), Line("101".to_owned()))].into(),
        unnamed: vec![Line("101".to_owned()), Line("102".to_owned())],
        ..Names::default()
    })
}

#[test]
fn who_took_a_call_is_told_when_it_is_taken() {
    let mut calls = calls();
    let events = told(
        &mut calls,
        "event=IncomingCall&from=030123&to=030456&call_id=c&direction=in",
    );
    let ringing = events.iter().filter(|event| matches!(event, CallEvent::Ringing { .. }));
    assert_eq!(
        ringing.count(),
        2,
        "nobody is named, so all lines of this computer ring"
    );
    let events = told(
        &mut calls,
        "event=CallAccepted&from=030123&to=030456&call_id=c&peer=777abcdef@fpbx.de&direction=in",
    );
    assert!(
        events
            .iter()
            .any(|event| matches!(event, CallEvent::Answered { leg, .. } if leg.0 == "c/101"))
    );
}

#[test]
fn the_end_says_what_became_of_the_call() {
    let end = |kind: &str, direction: &str| {
        let mut calls = calls();
        told(
            &mut calls,
            &format!("event=IncomingCall&from=1&to=2&call_id=c&direction={direction}"),
        );
        told(
            &mut calls,
            &format!("event=HungUp&from=1&to=2&call_id=c&type={kind}&duration=0&direction={direction}"),
        )
    };
    let cause = |kind: &str| match end(kind, "in").last() {
        Some(CallEvent::Ended { cause, .. }) => *cause,
        other => panic!("{other:?}"),
    };
    assert_eq!(cause("missed"), Cause::Cancelled);
    assert_eq!(cause("blocked"), Cause::Rejected);
    assert_eq!(cause("accepted"), Cause::Normal);
    assert!(matches!(
        &end("voicemail", "in")[0],
        CallEvent::Diverted {
            then: Then::Voicemail,
            ..
        }
    ));
}
