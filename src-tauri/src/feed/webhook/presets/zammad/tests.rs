//! Deliveries as phone systems send them, and what they come to.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta};

use super::*;
use crate::call::{CallKey, Cause, Direction, Endpoint, LegKey, Line, Presentation};
use crate::feed::webhook::calls::{Calls, REMEMBERED};
use crate::feed::webhook::names::{Book, Names, Numbers};

fn line(name: &str) -> Line {
    Line(name.to_owned())
}

fn names() -> Names {
    Names {
        agents: HashMap::from([("Ada Example".to_owned(), line("101")), ("bo".to_owned(), line("102"))]),
        ..Names::default()
    }
}

fn read(body: &str) -> Result<Vec<Told>, Bad> {
    Zammad.read(&Fields::from_json(body.as_bytes())?)
}

fn told(calls: &mut Calls, body: &str) -> Vec<CallEvent> {
    told_at(calls, body, DateTime::UNIX_EPOCH)
}

fn told_at(calls: &mut Calls, body: &str, at: DateTime<Utc>) -> Vec<CallEvent> {
    let told = read(body).expect("readable");
    told.iter().flat_map(|told| calls.tell(told, at)).collect()
}

fn offered(call: &CallKey, leg: LegKey, to: Endpoint) -> CallEvent {
    CallEvent::Offered {
        call: call.clone(),
        leg,
        to,
    }
}

const NEW: &str = r#"{"event":"newCall","from":"493055501234","to":"493055509999","direction":"in",
    "callId":"c-1","user":["Ada Example","102"],"queue":"sales"}"#;
const ANSWER: &str = r#"{"event":"answer","from":"493055501234","to":"493055509999","direction":"in",
    "callId":"c-1","answeringNumber":"bo"}"#;

fn hangup(cause: &str) -> String {
    format!(r#"{{"event":"hangup","callId":"c-1","direction":"in","cause":"{cause}"}}"#)
}

fn ends(events: &[CallEvent]) -> Vec<(String, Cause)> {
    let end = |event: &CallEvent| match event {
        CallEvent::LegEnded { leg, cause, .. } => Some((leg.0.clone(), *cause)),
        CallEvent::Ended { call, cause, .. } => Some((call.0.clone(), *cause)),
        _ => None,
    };
    events.iter().filter_map(end).collect()
}

#[test]
fn a_new_call_rings_every_named_phone() {
    let events = told(&mut Calls::new(names()), NEW);
    let CallEvent::Began {
        direction,
        remote,
        called,
        ..
    } = &events[0]
    else {
        panic!("{events:?}");
    };
    assert_eq!(*direction, Direction::In);
    assert_eq!(
        (remote.number.as_str(), remote.presentation),
        ("+493055501234", Presentation::Allowed)
    );
    assert_eq!(called, "+493055509999");
    let call = CallKey("c-1".into());
    let phone = |name: &str| {
        let leg = LegKey(format!("c-1/{name}"));
        [
            offered(&call, leg.clone(), Endpoint::Line(line(name))),
            CallEvent::Ringing {
                call: call.clone(),
                leg,
            },
        ]
    };
    assert_eq!(events[1..5], [phone("101"), phone("102")].concat());
    let queue = "sales".to_owned();
    assert_eq!(events[5..], [CallEvent::Queued { call, queue }]);
}

#[test]
fn the_answer_silences_the_other_phones() {
    let mut calls = Calls::new(names());
    told(&mut calls, NEW);
    let events = told(&mut calls, ANSWER);
    let answered = CallEvent::Answered {
        call: CallKey("c-1".into()),
        leg: LegKey("c-1/102".into()),
    };
    assert!(events.contains(&answered), "{events:?}");
    assert_eq!(ends(&events), [("c-1/101".to_owned(), Cause::AnsweredElsewhere)]);
    assert_eq!(
        ends(&told(&mut calls, &hangup("normalClearing"))),
        [("c-1/102".to_owned(), Cause::Normal), ("c-1".to_owned(), Cause::Normal)]
    );
}

#[test]
fn a_delivery_that_is_repeated_after_the_end_says_nothing() {
    let mut calls = Calls::new(names());
    let bodies = [NEW, ANSWER, &hangup("busy")];
    bodies.iter().for_each(|body| drop(told(&mut calls, body)));
    let hour_later = DateTime::UNIX_EPOCH + TimeDelta::hours(1);
    for body in bodies {
        assert_eq!(told_at(&mut calls, body, hour_later), [], "{body}");
    }
}

#[test]
fn a_beginning_that_comes_after_the_answer_does_not_ring_any_more() {
    let mut calls = Calls::new(names());
    told(&mut calls, ANSWER);
    let events = told(&mut calls, NEW);
    assert!(!events.iter().any(|event| matches!(event, CallEvent::Ringing { .. })));
    assert_eq!(ends(&events), [("c-1/101".to_owned(), Cause::AnsweredElsewhere)]);
}

#[test]
fn a_beginning_that_comes_after_the_end_tells_of_the_phones_before_it_begins() {
    let mut calls = Calls::new(names());
    told(&mut calls, &hangup("cancel"));
    let events = told(&mut calls, NEW);
    assert!(matches!(&events[0], CallEvent::Offered { leg, .. } if leg.0 == "c-1/101"));
    assert_eq!(
        ends(&events),
        ["c-1/101", "c-1/102"].map(|leg| (leg.to_owned(), Cause::Cancelled))
    );
    assert!(matches!(events.last(), Some(CallEvent::Began { .. })));
}

#[test]
fn an_answer_whose_beginning_was_not_heard_begins_the_call() {
    let events = told(&mut Calls::new(names()), ANSWER);
    assert!(matches!(events[0], CallEvent::Began { .. }));
    assert!(matches!(&events[2], CallEvent::Answered { leg, .. } if leg.0 == "c-1/102"));
    assert_eq!(
        ends(&told(&mut Calls::new(names()), &hangup("cancel"))),
        [("c-1".to_owned(), Cause::Cancelled)]
    );
}

#[test]
fn the_answering_phone_is_found_from_what_little_is_said() {
    let answer = |rest: &str| {
        let mut calls = Calls::new(names());
        told(&mut calls, NEW);
        let body = format!(r#"{{"event":"answer","callId":"c-1"{rest}}}"#);
        let events = told(&mut calls, &body);
        events.iter().find_map(|event| match event {
            CallEvent::Answered { leg, .. } => Some(leg.0.clone()),
            _ => None,
        })
    };
    assert_eq!(answer(r#","answeringNumber":101"#).as_deref(), Some("c-1/101"));
    assert_eq!(
        answer(r#","answeringNumber":"493055509999","user":["Ada Example"]"#).as_deref(),
        Some("c-1/101")
    );
    assert_eq!(answer(r#","caller":"BO""#).as_deref(), Some("c-1/102"));
    assert_eq!(answer(r#","answeringNumber":"103""#).as_deref(), Some("c-1/103"));
    assert_eq!(
        answer("").as_deref(),
        Some("c-1/outside"),
        "nothing tells who: no agent is named"
    );
}

#[test]
fn every_documented_cause_is_understood() {
    let causes = [
        ("normalClearing", Cause::Normal),
        ("busy", Cause::Busy),
        ("cancel", Cause::Cancelled),
        ("noAnswer", Cause::NoAnswer),
        ("congestion", Cause::Other),
        ("notFound", Cause::Unreachable),
        ("forwarded", Cause::AnsweredElsewhere),
        ("something else", Cause::Other),
    ];
    for (word, cause) in causes {
        let mut calls = Calls::new(names());
        told(&mut calls, NEW);
        let legs = ["c-1/101", "c-1/102", "c-1"].map(|key| (key.to_owned(), cause));
        assert_eq!(ends(&told(&mut calls, &hangup(word))), legs, "{word}");
    }
}

#[test]
fn a_withheld_number_is_never_kept() {
    for (from, presentation) in [
        (r#""anonymous""#, Presentation::Restricted),
        (r#""Anonymous""#, Presentation::Restricted),
        (r#""unknown""#, Presentation::Unknown),
        ("null", Presentation::Unknown),
    ] {
        let body = format!(r#"{{"event":"newCall","from":{from},"to":"1","direction":"in","callId":"c"}}"#);
        let events = told(&mut Calls::new(names()), &body);
        assert!(
            matches!(&events[0], CallEvent::Began { remote, .. }
                if remote.number.is_empty() && remote.presentation == presentation),
            "{from}: {events:?}"
        );
    }
}

#[test]
fn an_outgoing_call_belongs_to_its_user_and_dials_outside() {
    let mut calls = Calls::new(names());
    let body =
        r#"{"event":"newCall","from":"493055509999","to":"38521555014","direction":"out","callId":"o","user":"bo"}"#;
    let events = told(&mut calls, body);
    assert!(
        matches!(&events[0], CallEvent::Began { direction: Direction::Out, remote, origin: Some(origin), .. }
        if remote.number == "+38521555014" && origin.0 == "102")
    );
    assert!(matches!(&events[1], CallEvent::Offered { to: Endpoint::Outside(number), .. } if number == "+38521555014"));
    let answer = told(
        &mut calls,
        r#"{"event":"answer","callId":"o","direction":"out","answeringNumber":"38521555014"}"#,
    );
    assert!(matches!(&answer[1], CallEvent::Answered { leg, .. } if leg.0 == "o/outside"));
    let end = told(
        &mut calls,
        r#"{"event":"hangup","callId":"o","cause":"normalClearing"}"#,
    );
    assert_eq!(
        ends(&end),
        [("o/outside".to_owned(), Cause::Normal), ("o".to_owned(), Cause::Normal)]
    );
}

#[test]
fn a_call_in_from_one_of_our_lines_is_internal() {
    let body = r#"{"event":"newCall","from":"102","to":"101","direction":"in","callId":"i","user":["101"]}"#;
    let events = told(&mut Calls::new(names()), body);
    assert!(
        matches!(&events[0], CallEvent::Began { direction: Direction::Internal, origin: Some(origin), .. }
        if origin.0 == "102")
    );
}

#[test]
fn a_call_that_names_nobody_rings_the_lines_set_for_it() {
    let names = Names {
        unnamed: vec![line("101")],
        ..Names::default()
    };
    let body = r#"{"event":"newCall","from":"030 5550 1234","to":"","direction":"in","callId":"u"}"#;
    let events = told(&mut Calls::new(names), body);
    assert!(matches!(&events[0], CallEvent::Began { remote, .. } if remote.number == "030 5550 1234"));
    assert!(matches!(&events[1], CallEvent::Offered { to: Endpoint::Line(line), .. } if line.0 == "101"));
}

#[test]
fn the_spelling_of_other_bridges_is_understood() {
    let body = r#"{"Event":"NewCall","From":"493055501234","To":"1","Direction":"Inbound","call_id":"b","callid":"b","caller":["Ada Example"]}"#;
    let events = told(&mut Calls::new(names()), body);
    assert!(matches!(&events[1], CallEvent::Offered { leg, .. } if leg.0 == "b/101"));
}

#[test]
fn numbers_get_their_plus_back_only_where_a_country_code_can_stand() {
    let names = Book::default();
    for (came, number) in [
        ("493055501234", "+493055501234"),
        ("4586555014", "+4586555014"),
        ("03055501234", "03055501234"),
        ("+493055501234", "+493055501234"),
        ("101", "101"),
        ("1234567890123456", "1234567890123456"),
    ] {
        assert_eq!(names.number(came), number);
    }
    let national = Book::new(Names {
        numbers: Numbers::AsDialled,
        ..Names::default()
    });
    assert_eq!(national.number("2125550123"), "2125550123");
}

#[test]
fn what_cannot_be_told_is_refused_with_what_to_do() {
    let refused = |body: &str| read(body).expect_err("refused").to_string();
    assert_eq!(refused("{}"), "`event` is missing; send it with every event");
    assert_eq!(
        refused(r#"{"event":"newCall"}"#),
        "`callId` is missing; send it with every event"
    );
    assert_eq!(
        refused(r#"{"event":"newCall","callId":""}"#),
        "`callId` is missing; send it with every event"
    );
    assert_eq!(
        refused(r#"{"event":"newCall","callId":"c","from":"1"}"#),
        "`direction` is missing; send it with every event"
    );
    assert_eq!(
        refused(r#"{"event":"dtmf","callId":"c"}"#),
        "`event` is `dtmf`; it must be newCall, answer or hangup"
    );
    assert_eq!(
        refused(r#"{"event":"newCall","callId":"c","direction":"up"}"#),
        "`direction` is `up`; it must be in or out"
    );
    assert_eq!(
        refused(r#"{"event":"newCall","callId":{},"user":7}"#),
        "`callId` is an object; send it as text"
    );
}

#[test]
fn memory_is_bounded_and_the_oldest_call_goes_first() {
    let mut calls = Calls::new(names());
    for id in 0..=REMEMBERED {
        told(&mut calls, &NEW.replace("c-1", &format!("c-{id}")));
    }
    assert_eq!(calls.remembered(), REMEMBERED);
    let end = |id: u32| hangup("busy").replace("c-1", &format!("c-{id}"));
    assert_eq!(ends(&told(&mut calls, &end(1))).len(), 3);
    assert_eq!(ends(&told(&mut calls, &end(0))).len(), 1, "its phones are forgotten");
}

#[test]
fn an_id_that_is_used_again_after_its_end_is_a_call_of_its_own() {
    let mut calls = Calls::new(names());
    for body in [NEW, ANSWER, &hangup("normalClearing")] {
        told(&mut calls, body);
    }
    let day_later = DateTime::UNIX_EPOCH + TimeDelta::days(1);
    told_at(&mut calls, NEW, day_later);
    let legs = ["c-1/101", "c-1/102", "c-1"].map(|key| (key.to_owned(), Cause::Cancelled));
    assert_eq!(ends(&told(&mut calls, &hangup("cancel"))), legs);
}
