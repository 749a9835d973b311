//! Recorded messages become the calls that were made.

use chrono::{DateTime, Utc};
use ringside::call::{Call, CallEvent, Cause, Direction, Line, Outcome, Presentation};
use ringside::feed::sip::Reader;

use super::{calls, folder};

/// What was received at the places in whose header one of `ways` stands, with the times.
fn received(recording: &str, way: &str) -> Vec<(Vec<u8>, DateTime<Utc>)> {
    let file = folder().join(format!("recordings/{recording}.sip.log"));
    let bytes = std::fs::read(&file).expect("the recording");
    let text = String::from_utf8(bytes).expect("UTF-8");
    let mut found = Vec::new();
    for part in text.split("--- 1").skip(1) {
        let (header, message) = part.split_once('\n').expect("a header line");
        let (time, what) = header.trim_end().split_once(' ').expect("time and way");
        if what == way {
            let seconds: f64 = format!("1{time}").parse().expect("seconds");
            #[allow(clippy::cast_possible_truncation)] // microseconds of this century fit
            let at = DateTime::from_timestamp_micros((seconds * 1e6) as i64).expect("a time");
            found.push((message.as_bytes().to_vec(), at));
        }
    }
    assert!(!found.is_empty(), "{recording} has nothing from {way}");
    found
}

/// All lists of Kamailio, each in a NOTIFY; the log ends before the last of them.
fn lists_of_kamailio() -> Vec<(Vec<u8>, DateTime<Utc>)> {
    let text = std::fs::read_to_string(folder().join("recordings/kamailio-dialog-info.json")).expect("the recording");
    let lists: Vec<serde_json::Value> = serde_json::from_str(&text).expect("JSON");
    let notify = |(number, list): (usize, &serde_json::Value)| {
        let body = list["body"].as_str().expect("a list");
        let text = format!(
            "NOTIFY sip:watch@h SIP/2.0\r\nVia: SIP/2.0/UDP k;branch=z9hG4bK{number}\r\nFrom: <sip:101@k>;tag=k\r\n\
             To: <sip:watch@k>;tag=w\r\nCall-ID: s\r\nCSeq: {number} NOTIFY\r\nContent-Type: application/dialog-info+xml\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        #[allow(clippy::cast_possible_truncation)] // a few seconds
        let after = (list["t"].as_f64().expect("seconds") * 1000.0) as i64;
        (text.into_bytes(), super::at(after))
    };
    lists.iter().enumerate().map(notify).collect()
}

fn read_all(messages: &[(Vec<u8>, DateTime<Utc>)]) -> Vec<(CallEvent, DateTime<Utc>)> {
    let mut reader = Reader::new("watch", &["101".to_owned()]);
    let mut events = Vec::new();
    for (message, at) in messages {
        // doubled, as a retransmission would
        for _ in 0..2 {
            events.extend(reader.read(message, *at).into_iter().map(|event| (event, *at)));
        }
    }
    events
}

fn watched(recording: &str, way: &str) -> Vec<Call> {
    calls(&read_all(&received(recording, way)))
}

fn line(text: &str) -> Line {
    Line(text.to_owned())
}

#[track_caller]
fn assert_answered(call: &Call, number: &str) {
    assert_eq!(call.direction, Direction::In);
    assert_eq!(call.remote.number, number);
    assert_eq!(call.rang(), [&line("101")]);
    assert_eq!(call.talked(), [&line("101")]);
    assert_eq!(call.outcome(), Some(Outcome::Answered));
}

#[test]
fn kamailio_tells_who_calls_in_every_state_and_several_calls_of_a_line() {
    let calls = calls(&read_all(&lists_of_kamailio()));
    assert_eq!(
        calls.len(),
        3,
        "dialogs that were over long before are no calls: {calls:#?}"
    );
    assert_answered(&calls[0], "+12025550143");
    assert_eq!(calls[1].remote.number, "+442079460123");
    assert_eq!(calls[1].outcome(), Some(Outcome::Missed));
    assert!(
        calls[1].began < calls[0].ended.expect("over").0,
        "the second call came during the first"
    );
    assert_eq!(calls[2].remote.presentation, Presentation::Restricted);
    assert_eq!(
        (calls[2].remote.number.as_str(), calls[2].outcome()),
        ("", Some(Outcome::Missed))
    );
}

#[test]
fn kamailio_shows_the_identity_even_to_who_joins_in_the_middle() {
    let all = received("kamailio-dialog-info", "watch recv");
    let confirmed = all
        .iter()
        .filter(|(message, _)| String::from_utf8_lossy(message).contains("version=\"3\""));
    let mut reader = Reader::new("watch", &["101".to_owned()]);
    let events: Vec<_> = confirmed.flat_map(|(message, at)| reader.read(message, *at)).collect();
    assert!(
        matches!(&events[0], CallEvent::Began { remote, .. } if remote.number == "+12025550143"),
        "{events:?}"
    );
    assert!(matches!(events.last(), Some(CallEvent::Answered { .. })), "{events:?}");
}

#[test]
fn asterisk_names_the_caller_while_it_rings_and_the_name_stays() {
    let calls = watched("asterisk-dialog-info", "PBX -> 127.0.0.1:15412");
    assert_eq!(calls.len(), 1, "{calls:#?}");
    assert_answered(&calls[0], "+12025550143");
    assert_eq!(calls[0].remote.name, "Alice");
    assert_eq!(calls[0].remote.presentation, Presentation::Unknown);
}

#[test]
fn an_anonymous_caller_stays_anonymous() {
    let calls = watched("asterisk-dialog-info-anonymous", "PBX -> 127.0.0.1:15412");
    assert_eq!(calls.len(), 1, "{calls:#?}");
    assert_answered(&calls[0], "");
    assert_eq!(calls[0].remote.presentation, Presentation::Restricted);
}

#[test]
fn every_suffix_of_a_subscription_leaves_no_call_open() {
    let asterisk = |recording| received(recording, "PBX -> 127.0.0.1:15412");
    for all in [
        lists_of_kamailio(),
        asterisk("asterisk-dialog-info"),
        asterisk("asterisk-dialog-info-anonymous"),
    ] {
        for from in 0..all.len() {
            for call in calls(&read_all(&all[from..])) {
                assert!(call.ended.is_some(), "from {from}: {call:#?}");
            }
        }
    }
}

/// Events at the second contact for one of Kamailio's cases.
fn second_contact(case: &str) -> Vec<CallEvent> {
    let file = folder().join("recordings/kamailio-second-contact.sip.log");
    let text = std::fs::read_to_string(file).expect("the recording");
    let part = text
        .split("######## ")
        .find(|part| part.starts_with(case))
        .expect("the case");
    let mut reader = Reader::new("101", &[]);
    let mut events = Vec::new();
    for message in part.split("--- 1").skip(1) {
        let (_, message) = message.split_once('\n').expect("a header line");
        // received twice, as over UDP when our answer got lost
        events.extend(reader.read(message.as_bytes(), super::start()));
        events.extend(reader.read(message.as_bytes(), super::start()));
    }
    events
}

#[track_caller]
fn assert_offered_then(events: &[CallEvent], cause: Cause) {
    let [
        CallEvent::Began {
            remote,
            called,
            direction,
            ..
        },
        CallEvent::Offered { .. },
        CallEvent::Ringing { .. },
        CallEvent::LegEnded { cause: leg, .. },
        CallEvent::Ended { cause: ended, by, .. },
    ] = events
    else {
        panic!("{events:#?}")
    };
    assert_eq!((remote.number.as_str(), called.as_str()), ("+12025550143", "101"));
    assert_eq!(
        (*direction, remote.presentation),
        (Direction::In, Presentation::Allowed)
    );
    assert_eq!((*leg, *ended, *by), (cause, cause, None));
}

#[test]
fn the_second_contact_knows_when_another_phone_took_the_call() {
    assert_offered_then(
        &second_contact("phone: answers; observer: none"),
        Cause::AnsweredElsewhere,
    );
    assert_offered_then(
        &second_contact("phone: answers; observer: 180"),
        Cause::AnsweredElsewhere,
    );
}

#[test]
fn the_second_contact_cannot_tell_why_else_a_call_is_cancelled() {
    for phone in ["no answer", "busy 486", "offline"] {
        assert_offered_then(
            &second_contact(&format!("phone: {phone}; observer: none")),
            Cause::Cancelled,
        );
    }
}

#[test]
fn an_offer_by_asterisk_is_read() {
    let mut reader = Reader::new("101", &[]);
    let mut events = Vec::new();
    for (message, at) in received("asterisk-second-contact", "PBX -> 127.0.0.1:15411") {
        events.extend(reader.read(&message, at));
    }
    assert!(
        matches!(&events[0], CallEvent::Began { remote, .. } if remote.number == "+12025550143"),
        "{events:?}"
    );
    assert_eq!(events.len(), 3, "it was refused, so nothing more is heard: {events:?}");
}
