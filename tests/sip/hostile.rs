//! What nobody should send, and somebody will.

use proptest::prelude::*;
use ringside::call::{CallEvent, Cause};
use ringside::feed::sip::Reader;
use ringside::feed::sip::dialog_info::{DialogInfo, Unreadable};
use ringside::feed::sip::message::{Frames, LONGEST, Malformed, Message};

use super::{calls, start};

const NAMESPACE: &str = "urn:ietf:params:xml:ns:dialog-info";

fn list(version: u32, state: &str, dialogs: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><dialog-info xmlns=\"{NAMESPACE}\" version=\"{version}\" state=\"{state}\" \
         entity=\"sip:101@pbx\">{dialogs}</dialog-info>"
    )
}

fn dialog(id: &str, state: &str, number: &str) -> String {
    format!(
        "<dialog id=\"{id}\" direction=\"recipient\"><state>{state}</state><remote>\
         <identity>sip:{number}@pbx</identity></remote></dialog>"
    )
}

fn notify(subscription: &str, cseq: u32, body: &str) -> Vec<u8> {
    notify_of("101", subscription, cseq, body)
}

fn notify_of(line: &str, subscription: &str, cseq: u32, body: &str) -> Vec<u8> {
    format!(
        "NOTIFY sip:w@10.0.0.9 SIP/2.0\r\nVia: SIP/2.0/UDP pbx;branch=z9hG4bK{cseq}\r\nFrom: <sip:{line}@pbx>;tag=p\r\n\
         To: <sip:w@pbx>;tag=w\r\nCall-ID: {subscription}\r\nCSeq: {cseq} NOTIFY\r\nEvent: dialog\r\n\
         Subscription-State: active;expires=60\r\nContent-Type: application/dialog-info+xml\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

struct Watcher {
    reader: Reader,
    cseq: u32,
}

impl Watcher {
    fn new() -> Self {
        Watcher {
            reader: Reader::new("w", &["101".to_owned(), "102".to_owned()]),
            cseq: 0,
        }
    }

    fn hears(&mut self, subscription: &str, body: &str) -> Vec<CallEvent> {
        self.cseq += 1;
        self.reader.read(&notify(subscription, self.cseq, body), start())
    }
}

#[test]
fn entities_are_refused_so_that_no_bomb_goes_off() {
    let bomb = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>\
         <dialog-info xmlns=\"{NAMESPACE}\" version=\"0\" state=\"full\" entity=\"sip:&b;@x\"/>"
    );
    assert!(matches!(DialogInfo::parse(bomb.as_bytes()), Err(Unreadable::Xml(_))));
}

#[test]
fn what_is_too_long_or_too_deep_is_refused_without_being_read() {
    let deep = "<a>".repeat(100_000);
    assert_eq!(DialogInfo::parse(deep.as_bytes()), Err(Unreadable::TooMuch));
    let deep = list(0, "full", &"<dialog>".repeat(80));
    assert_eq!(DialogInfo::parse(deep.as_bytes()), Err(Unreadable::TooMuch));
    let long = list(0, "full", &dialog("1", "early", "1").repeat(3000));
    assert_eq!(DialogInfo::parse(long.as_bytes()), Err(Unreadable::TooMuch));
    let many = list(0, "full", &"<x/>".repeat(30_000));
    assert!(matches!(DialogInfo::parse(many.as_bytes()), Err(Unreadable::Xml(_))));
}

#[test]
fn other_documents_are_named() {
    let stranger = "<dialog-info xmlns=\"urn:other\" version=\"0\" state=\"full\" entity=\"sip:101@pbx\"/>";
    assert!(matches!(
        DialogInfo::parse(stranger.as_bytes()),
        Err(Unreadable::Other(_))
    ));
    assert!(DialogInfo::parse(list(0, "some", "").as_bytes()).is_err());
    assert!(DialogInfo::parse(list(0, "full", "").replace("\"0\"", "\"-1\"").as_bytes()).is_err());
    assert!(DialogInfo::parse(b"\xff\xfe").is_err());
    let whole = list(0, "full", &dialog("1", "early", "1"));
    for end in 0..whole.len() {
        assert!(DialogInfo::parse(&whole.as_bytes()[..end]).is_err(), "cut at {end}");
    }
    assert!(DialogInfo::parse(format!("\u{feff}\r\n{}\r\n", list(0, "full", "")).as_bytes()).is_ok());
}

#[test]
fn dialogs_that_are_incomplete_are_left_out() {
    let body = list(
        0,
        "full",
        "<dialog id=\"a\"/><dialog><state>early</state></dialog><dialog id=\"c\"><state>singing</state></dialog>\
         <dialog xmlns=\"urn:other\" id=\"d\"><state>early</state></dialog><dialog id=\"e\"><state> early </state></dialog>",
    );
    let parsed = DialogInfo::parse(body.as_bytes()).expect("a list");
    assert_eq!(
        parsed
            .dialogs
            .iter()
            .map(|dialog| dialog.id.as_str())
            .collect::<Vec<_>>(),
        ["e"]
    );
}

#[test]
fn a_busy_line_without_direction_or_number_is_no_call() {
    let mut watcher = Watcher::new();
    let silent = "<dialog id=\"101\"><state>confirmed</state></dialog>";
    assert_eq!(watcher.hears("s", &list(0, "full", silent)), []);
    assert_eq!(
        watcher.hears(
            "s",
            &list(1, "full", "<dialog id=\"101\"><state>terminated</state></dialog>")
        ),
        []
    );
}

#[test]
fn a_list_that_was_overtaken_changes_nothing() {
    let mut reader = Reader::new("w", &[]);
    let ringing = list(1, "full", &dialog("1", "early", "+491"));
    let over = list(2, "full", &dialog("1", "terminated", "+491"));
    assert_eq!(reader.read(&notify("s", 8, &ringing), start()).len(), 3);
    assert_eq!(reader.read(&notify("s", 10, &over), start()).len(), 2);
    assert_eq!(reader.read(&notify("s", 9, &ringing), start()), []);
    assert_eq!(reader.read(&notify("s", 10, &ringing), start()), []);
}

#[test]
fn a_partial_list_changes_only_what_it_names() {
    let mut watcher = Watcher::new();
    assert_eq!(
        watcher
            .hears("s", &list(0, "full", &dialog("1", "early", "+491")))
            .len(),
        3
    );
    assert_eq!(
        watcher
            .hears("s", &list(1, "partial", &dialog("2", "early", "+492")))
            .len(),
        3
    );
    let events = watcher.hears("s", &list(2, "partial", &dialog("1", "confirmed", "+491")));
    assert!(matches!(events[..], [CallEvent::Answered { .. }]), "{events:?}");
    assert_eq!(
        watcher.hears("s", &list(2, "partial", &dialog("2", "confirmed", "+492"))),
        [],
        "an old version"
    );
    let events = watcher.hears("s", &list(3, "full", &dialog("1", "confirmed", "+491")));
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
fn after_a_gap_the_first_list_closes_what_ended_meanwhile_and_keeps_the_rest() {
    let mut watcher = Watcher::new();
    let both = dialog("1", "confirmed", "+491") + &dialog("2", "early", "+492");
    assert_eq!(watcher.hears("old", &list(7, "full", &both)).len(), 6);
    let events = watcher.hears("new", &list(0, "full", &dialog("1", "confirmed", "+491")));
    assert!(
        matches!(&events[..], [CallEvent::LegEnded { leg, .. }, CallEvent::Ended { .. }] if leg.0.ends_with("/2")),
        "{events:?}"
    );
    let events = watcher.hears("newer", &list(0, "full", &dialog("1", "early", "+493")));
    assert_eq!(
        events.len(),
        5,
        "another caller under the same dialog name is another call: {events:?}"
    );
}

#[test]
fn two_lines_in_one_sip_call_are_one_call() {
    let with_id = |state: &str| dialog("1", state, "+491").replace("id=\"1\"", "id=\"1\" call-id=\"abc\"");
    let mut reader = Reader::new("w", &["101".to_owned(), "102".to_owned()]);
    let mut events = Vec::new();
    let mut hear = |line: &str, cseq, state: &str| {
        let heard = reader.read(
            &notify_of(line, line, cseq, &list(cseq, "full", &with_id(state))),
            start(),
        );
        events.extend(heard.into_iter().map(|event| (event, super::at(i64::from(cseq)))));
    };
    hear("101", 1, "early");
    hear("102", 1, "early");
    hear("102", 2, "confirmed");
    hear("101", 2, "terminated");
    hear("102", 3, "terminated");
    let calls = calls(&events);
    assert_eq!(calls.len(), 1, "{calls:#?}");
    assert_eq!(calls[0].rang().len(), 2);
    assert_eq!(
        calls[0].answer().and_then(|leg| leg.line()).map(|line| line.0.as_str()),
        Some("102")
    );
    assert_eq!(calls[0].legs[0].ended.expect("over").1, Cause::AnsweredElsewhere);
    assert_eq!(calls[0].ended.expect("over").1, Cause::Normal);
}

#[test]
fn a_second_call_under_the_same_dialog_name_does_not_end_the_first() {
    let mut watcher = Watcher::new();
    assert_eq!(
        watcher
            .hears("s", &list(0, "full", &dialog("101", "early", "+491")))
            .len(),
        3
    );
    assert_eq!(
        watcher
            .hears(
                "s",
                &list(1, "full", "<dialog id=\"101\"><state>confirmed</state></dialog>")
            )
            .len(),
        1
    );
    let events = watcher.hears("s", &list(2, "full", &dialog("101", "early", "+492")));
    assert!(
        matches!(&events[0], CallEvent::Began { remote, .. } if remote.number == "+492"),
        "{events:?}"
    );
    let events = watcher.hears(
        "s",
        &list(3, "full", "<dialog id=\"101\"><state>confirmed</state></dialog>"),
    );
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
    let events = watcher.hears(
        "s",
        &list(4, "full", "<dialog id=\"101\"><state>terminated</state></dialog>"),
    );
    assert!(
        matches!(
            events[..],
            [
                CallEvent::LegEnded {
                    cause: Cause::Normal,
                    ..
                },
                CallEvent::Ended { .. }
            ]
        ),
        "{events:?}"
    );
}

#[test]
fn hold_is_told_where_the_list_tells_it() {
    let held = |rendering: &str| {
        format!(
            "<dialog id=\"1\" direction=\"recipient\"><state>confirmed</state><remote><identity>sip:+491@pbx</identity></remote>\
             <local><target uri=\"sip:101@pbx\"><param pname=\"+sip.rendering\" pvalue=\"{rendering}\"/></target></local></dialog>"
        )
    };
    let mut watcher = Watcher::new();
    watcher.hears("s", &list(0, "full", &held("yes")));
    assert!(matches!(
        watcher.hears("s", &list(1, "full", &held("no")))[..],
        [CallEvent::Held { .. }]
    ));
    assert!(matches!(
        watcher.hears("s", &list(2, "full", &held("yes")))[..],
        [CallEvent::Resumed { .. }]
    ));
}

#[test]
fn a_name_in_latin_1_hides_nothing_that_follows_it() {
    let mut invite =
        b"INVITE sip:101@10.0.0.9 SIP/2.0\r\nVia: SIP/2.0/UDP pbx;branch=z9hG4bK1\r\nFrom: \"J\xf6rg\" ".to_vec();
    invite.extend_from_slice(b"<sip:+491@pbx>;tag=1\r\nTo: <sip:101@pbx>\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\n\r\n");
    let mut reader = Reader::new("101", &[]);
    let events = reader.read(&invite, start());
    assert!(
        matches!(&events[0], CallEvent::Began { remote, .. } if remote.name == "J\u{f6}rg"),
        "{events:?}"
    );
}

#[test]
fn a_message_that_is_cut_off_is_no_message() {
    let whole = notify("s", 1, &list(0, "full", &dialog("1", "early", "1")));
    for end in 0..whole.len() {
        assert!(Message::parse(&whole[..end]).is_err(), "cut at {end}");
    }
    assert_eq!(Message::parse(&vec![b'x'; LONGEST + 1]), Err(Malformed::TooLong));
    let without = String::from_utf8(whole).expect("UTF-8");
    let without: String = without
        .split_inclusive("\r\n")
        .filter(|line| !line.starts_with("Content-Length"))
        .collect();
    assert!(Message::parse(without.as_bytes()).is_ok_and(|message| message.body.ends_with(b"</dialog-info>")));
}

#[test]
fn a_stream_is_cut_into_messages_wherever_it_was_broken() {
    let one = notify("s", 1, &list(0, "full", ""));
    let stream = [b"\r\n\r\n".as_slice(), &one, b"\r\n", &one].concat();
    for at in 0..stream.len() {
        let mut frames = Frames::default();
        let mut found = Vec::new();
        for part in [&stream[..at], &stream[at..]] {
            frames.push(part);
            while let Some(message) = frames.take().expect("in step") {
                found.push(message);
            }
        }
        assert_eq!(found, [one.clone(), one.clone()], "broken at {at}");
    }
    let mut frames = Frames::default();
    frames.push(b"NOTIFY sip:x SIP/2.0\r\nContent-Length: 99999999999\r\n\r\n");
    assert_eq!(frames.take(), Err(Malformed::TooLong));
    let mut frames = Frames::default();
    frames.push(&vec![b'x'; LONGEST + 1]);
    assert_eq!(frames.take(), Err(Malformed::TooLong));
}

proptest! {
    #[test]
    fn no_bytes_end_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        Reader::new("101", &[]).read(&bytes, start());
        let _ = DialogInfo::parse(&bytes);
    }

    #[test]
    fn no_change_of_a_real_message_ends_the_reader(at in 0_usize..700, byte in any::<u8>(), cut in 0_usize..700) {
        let mut message = notify("s", 1, &list(0, "full", &dialog("1", "early", "+491")));
        let length = message.len();
        message[at % length] = byte;
        message.truncate(length - cut % 3);
        Reader::new("101", &[]).read(&message, start());
        let mut invite = b"INVITE sip:101@h SIP/2.0\r\nVia: SIP/2.0/UDP p;branch=z9hG4bK1\r\nFrom: \"a\" <sip:+491@p>;tag=1\r\n\
            To: <sip:101@p>\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\nDiversion: <sip:1@p>\r\nHistory-Info: <sip:2@p>;index=1\r\n\
            Privacy: id\r\nP-Asserted-Identity: <tel:+1>\r\nReason: SIP;cause=200\r\n\r\n".to_vec();
        let length = invite.len();
        invite[at % length] = byte;
        Reader::new("101", &[]).read(&invite, start());
    }
}
