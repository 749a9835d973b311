//! Anonymised recordings: nobody is found in them, and they tell the same calls.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use chrono::TimeDelta;
use proptest::prelude::*;
use ringside::call::{CallTracker, Line, Summary};
use ringside::feed::Piece;
use ringside::feed::record::anonymise::Anonymiser;
use ringside::feed::record::{Header, Reading, Recorder};
use ringside::feed::replay::{Events, Recording, reader};
use ringside::feed::simulated::{Pace, Plan, Traffic};
use ringside::feed::webhook::{Keys, Preset, Teller};
use ringside::number::Region;
use ringside::source::demo::Shop;
use serde_json::Value;

use super::recordings::{at, home, pieces, recorded, ringside, summary, tests, worked};

/// The recordings of `tests/calls`, bare bytes of a manager client.
fn bare() -> Vec<(String, PathBuf)> {
    let folders = fs::read_dir(tests().join("calls")).expect("readable");
    let mut found: Vec<(String, PathBuf)> = folders
        .map(|entry| entry.expect("readable"))
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.path().join("recording.ami"),
            )
        })
        .filter(|(_, path)| path.exists())
        .collect();
    found.sort();
    assert!(found.len() >= 15, "only {} found", found.len());
    found
}

/// `told` without what an anonymised recording tells otherwise: numbers outside, and names.
fn without_people(mut told: Value) -> Value {
    for call in told["calls"].as_array_mut().expect("calls") {
        for field in ["caller_number", "caller_name", "called", "answered_by"] {
            hide(&mut call[field]);
        }
        if let Some(to) = call["transfer"].get_mut("to") {
            hide(to);
        }
    }
    told
}

fn hide(field: &mut Value) {
    let text = field.as_str().unwrap_or_default();
    let is_line = text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_line {
        *field = Value::from(text.len().min(1));
    }
}

#[test]
fn a_recording_written_again_and_anonymised_tells_the_same_calls_of_other_people() {
    let home = home();
    for (name, path) in bare() {
        let plain = home.path().join(format!("{name}.plain"));
        let other = home.path().join(format!("{name}.other"));
        let (from, plain_to, other_to) = (path.to_string_lossy(), plain.to_string_lossy(), other.to_string_lossy());
        worked(&ringside(home.path(), &["record", "--from", &from, &plain_to]));
        worked(&ringside(
            home.path(),
            &["record", "--from", &plain_to, &other_to, "--anonymise"],
        ));
        let told = summary(home.path(), &path);
        assert_eq!(told, summary(home.path(), &plain), "{name}");
        let changed = summary(home.path(), &other);
        assert_eq!(without_people(told.clone()), without_people(changed.clone()), "{name}");
        let written = fs::read_to_string(&other).expect("text");
        for (call, other) in told["calls"]
            .as_array()
            .into_iter()
            .flatten()
            .zip(changed["calls"].as_array().into_iter().flatten())
        {
            for field in ["caller_number", "caller_name", "called"] {
                let text = call[field].as_str().unwrap_or_default();
                // `anonymous` and the like name nobody
                if text.len() > 5 && !text.eq_ignore_ascii_case("anonymous") {
                    assert!(!written.contains(text), "{name}: {text} is still there");
                    assert_ne!(call[field], other[field], "{name}");
                }
            }
        }
        for number in ["2025550143", "23125100", "23125101"] {
            assert!(!written.contains(number), "{name}: {number}");
        }
        for person in ["Jane", "Doe", "JD", "Asserted", "Agent One", "Agent Two"] {
            assert!(!written.contains(person), "{name}: {person}");
        }
    }
}

#[test]
fn one_key_scrambles_alike_and_no_key_otherwise_every_time() {
    let home = home();
    let from = tests().join("calls/in_missed/recording.ami");
    let write = |name: &str, key: &[&str]| {
        let path = home.path().join(name);
        let mut arguments = vec![
            "record",
            "--from",
            from.to_str().expect("text"),
            path.to_str().expect("text"),
            "--anonymise",
        ];
        arguments.extend(key);
        worked(&ringside(home.path(), &arguments));
        summary(home.path(), &path)["calls"][0]["caller_number"].clone()
    };
    let key = ["--anonymise-key", "env:SECRET_OF_THE_TEST"];
    assert_eq!(write("a", &key), write("b", &key));
    assert_ne!(write("c", &[]), write("d", &[]));
}

/// All bytes of a recording, one piece after the other.
fn read_back(recording: &[u8]) -> Vec<u8> {
    let mut recording = Recording::open(recording).expect("a recording");
    let mut bytes = Vec::new();
    while let Some(piece) = recording.piece().expect("whole") {
        bytes.extend_from_slice(&piece.bytes);
    }
    bytes
}

/// Header lines of AMI with one number in many spellings and one name.
fn message(number: &str, name: &str) -> String {
    let (country, rest) = number.split_at(2);
    [
        "Event: Newchannel\r\nTimestamp: 1795305759.123456\r\nUniqueid: pbx-1795305759.59\r\n".to_owned(),
        format!("Channel: PJSIP/+{number}@trunk-00000035\r\nCallerIDNum: +{number}\r\nCallerIDName: {name}\r\n"),
        format!("ConnectedLineNum: 00{number}\r\nConnectedLineName: <unknown>\r\nExten: 0{rest}\r\n"),
        format!("CallerID: \"{name}\" <+{number}>\r\nAppData: PJSIP/00{number}@pstn,30,tT\r\n"),
        format!("ChanVariable: PAI=\"{name}\" <sip:%2B{number}@10.0.0.7;user=phone>\r\n"),
        format!(
            "DialString: {country}{rest}@pstn\r\nValue: (0{}) {}\r\n",
            &rest[..3],
            &rest[3..]
        ),
        format!("Value: call from {name} 0{rest} via 203.0.114.9\r\n\r\n"),
    ]
    .concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_number_and_no_name_is_left_in_an_anonymised_recording_however_it_was_cut(
        numbers in prop::collection::vec("49[1-9][0-9]{8,9}", 1..4),
        name in "[A-Z][a-z]{5,9} [A-Z][a-z]{5,9}",
        size in 1usize..400,
        key in any::<u64>(),
    ) {
        let bytes: String = numbers.iter().map(|number| message(number, &name)).collect();
        let key = Anonymiser::key_of(&key.to_string());
        let anonymiser = Anonymiser::new("ami", key, Region::from_code("DE"));
        let written = recorded(&pieces(bytes.as_bytes(), size), Some(anonymiser));
        let other = String::from_utf8(read_back(&written)).expect("text");
        for number in &numbers {
            prop_assert!(!other.contains(&number[2..]), "{} in {}", number, other);
        }
        prop_assert!(!other.contains(&name) && !other.contains("203.0.114.9"), "{}", other);
        prop_assert!(other.contains("10.0.0.7") && other.contains("pbx-1795305759.59") && other.contains("-00000035"));
        let headers = |text: &str| -> Vec<String> {
            text.lines().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
        };
        prop_assert_eq!(headers(&bytes), headers(&other), "the framing stays");
        // every spelling is a spelling of one other number
        for message in other.split_terminator("\r\n\r\n") {
            let values: Vec<&str> = message.lines().filter_map(|line| line.split_once(": ").map(|(_, value)| value)).collect();
            let new = values[4].trim_start_matches('+');
            let (abroad, national) = (["00", new].concat(), ["0", &new[2..]].concat());
            prop_assert_eq!((values[6], values[8]), (abroad.as_str(), national.as_str()));
            for field in [3, 9, 10, 11, 12] {
                prop_assert!(values[field].contains(new), "{}", values[field]);
            }
            prop_assert!(values[13].ends_with(&new[5..]) && values[14].contains(&new[2..]), "{}", message);
        }
    }

    #[test]
    fn bytes_of_any_kind_are_anonymised_and_replayed_without_a_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        size in 1usize..100,
        feed in prop::sample::select(vec!["ami", "sip", "zammad", "simulated"]),
    ) {
        let anonymiser = Anonymiser::new(feed, Anonymiser::key_of("x"), None);
        let written = recorded(&pieces(&bytes, size), Some(anonymiser));
        let recording = Recording::open(&written[..]).expect("a recording");
        let reader = reader("ami", &Reading::default()).expect("known");
        prop_assert!(Events::new(recording, reader).all(|event| event.is_ok()));
        let bare = Recording::bare(&bytes[..]);
        let reader = ringside::feed::replay::reader("simulated", &Reading::default()).expect("known");
        prop_assert!(Events::new(bare, reader).all(|event| event.is_ok()));
    }
}

#[test]
fn a_webhook_and_a_sip_message_lose_their_people_and_keep_their_form() {
    let anonymise = |feed: &str, text: &str| {
        let mut anonymiser = Anonymiser::new(feed, Anonymiser::key_of("x"), Region::from_code("DE"));
        let pieces = anonymiser.piece(&pieces(text.as_bytes(), 10_000)[0]);
        String::from_utf8(pieces[0].bytes.to_vec()).expect("text")
    };
    let people = ["23125118", "2025550143", "Jane", "Doe", "5550143"];
    let form = "POST /in/zammad HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 99\r\n\r\n\
                event=newCall&from=%2B493023125118&to=101&callerName=Jane+Doe&callId=ab12-1795305759&user%5B%5D=Ada+Example";
    let form = anonymise("zammad", form);
    assert!(
        form.contains("user%5B%5D=Ada+Example") && form.contains("to=101") && form.contains("from=%2B493023"),
        "{form}"
    );
    let length = form.split_once("\r\n\r\n").expect("a body").1.len();
    assert!(form.contains(&format!("content-length: {length}\r\n")), "{form}");
    let json = "POST /in/x HTTP/1.1\r\ncontent-type: application/json\r\n\r\n\
                {\"from\":\"tel:+1-202-555-0143\",\"caller\":{\"display_name\":\"Jane Doe\"},\"number\":12025550143,\"at\":\"2026-11-22T04:50:00Z\"}";
    let json = anonymise("x", json);
    assert!(
        json.contains("2026-11-22T04:50:00Z") && json.contains("tel:+1-202-5"),
        "{json}"
    );
    let body: Value = serde_json::from_str(json.split_once("\r\n\r\n").expect("a body").1).expect("still JSON");
    let digits: String = body["from"]
        .as_str()
        .expect("text")
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    assert_eq!(body["number"].to_string(), digits, "the same number everywhere");
    let sip = "INVITE sip:101@192.168.1.5 SIP/2.0\r\nFrom: \"Jane Doe\" <sip:+493023125118@carrier.example>;tag=9fxced76sl\r\n\
               To: <sip:101@192.168.1.5>\r\nP-Asserted-Identity: Jane Doe <tel:+493023125118>\r\nContact: <sip:23125118@10.1.1.1:5060>\r\n\
               Call-ID: 3848276298220188511@atlanta.example.com\r\nContent-Length: 0\r\n\r\n";
    let sip = anonymise("sip", sip);
    assert!(
        sip.contains("tag=9fxced76sl") && sip.contains("sip:101@192.168.1.5"),
        "{sip}"
    );
    for text in [form, json, sip] {
        for person in people {
            assert!(!text.contains(person), "{person} in {text}");
        }
    }
}

#[test]
fn two_callers_stay_two_and_one_stays_one() {
    let numbers = ["+493023125118", "+493023125119", "+4915112345678"];
    let lines: Vec<String> = numbers
        .iter()
        .map(|number| format!("CallerIDNum: {number}\r\n"))
        .collect();
    let anonymiser = Anonymiser::new("ami", Anonymiser::new_key(), None);
    let twice = lines.concat().repeat(2);
    let written = recorded(&pieces(twice.as_bytes(), 11), Some(anonymiser));
    let other = String::from_utf8(read_back(&written)).expect("text");
    let all: Vec<&str> = other.lines().collect();
    assert_eq!(all[..3], all[3..]);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 3);
}

/// What a provider would send of twenty simulated calls, as a webhook feed hands it to a recording.
fn deliveries(preset: Preset) -> Vec<Piece> {
    let shop = Shop::new(7, "DE", at(0));
    let plan = Plan::for_shop(
        &shop,
        Line("101".to_owned()),
        vec![Line("102".to_owned())],
        Pace::demo(600),
    );
    let plan = Plan {
        calls: Some(20),
        queues: Vec::new(),
        transfers: false,
        ..plan
    };
    let url = format!("https://pop.example.test/in/{}", preset.name());
    let mut teller = Teller::new(preset, Keys::default(), &url);
    let (mut traffic, mut now, mut pieces) = (Traffic::new(plan, 5, "run"), at(0), Vec::new());
    while let Some((delay, events)) = traffic.moment() {
        now += TimeDelta::from_std(delay).expect("not long");
        let tellings = teller.tell(&events, now).into_iter();
        pieces.extend(tellings.map(|telling| Piece {
            at: now,
            bytes: telling.request.to_text(&[]).into(),
        }));
    }
    pieces
}

/// The calls in a recording of `preset`, by its own header alone.
fn calls(preset: Preset, pieces: &[Piece], anonymiser: Option<Anonymiser>) -> Value {
    let reading = Reading {
        agents: Some("101|102".to_owned()),
        ..Reading::default()
    };
    let header = Header::new(preset.name(), "hook", reading, at(0));
    let mut recorder = Recorder::new(Vec::new(), header, anonymiser).expect("in memory");
    pieces.iter().for_each(|piece| recorder.take(piece).expect("in memory"));
    let recording = recorder.finish().expect("in memory");
    let recording = Recording::open(&recording[..]).expect("a recording");
    let header = recording.header().expect("one").clone();
    let mut tracker = CallTracker::default();
    for event in Events::new(recording, reader(&header.feed, &header.reading).expect("known")) {
        let (at, event) = event.expect("readable");
        tracker.handle("f", &event, at);
    }
    let mut calls: Vec<_> = tracker.calls().collect();
    calls.sort_by_key(|call| (call.began, &call.id));
    let told: Vec<Summary> = calls.into_iter().map(Summary::from).collect();
    serde_json::json!({ "calls": told })
}

#[test]
fn the_webhooks_of_every_preset_are_replayed_and_anonymised_tell_the_same_calls() {
    for preset in Preset::all() {
        let pieces = deliveries(*preset);
        let told = calls(*preset, &pieces, None);
        assert!(
            told["calls"].as_array().expect("calls").len() >= 10,
            "{preset:?}: {told}"
        );
        let mut anonymiser = Anonymiser::new(preset.name(), Anonymiser::key_of("x"), Region::from_code("DE"));
        let written: Vec<u8> = pieces
            .iter()
            .flat_map(|piece| anonymiser.piece(piece))
            .flat_map(|piece| piece.bytes.to_vec())
            .collect();
        let written = String::from_utf8(written).expect("text");
        for call in told["calls"].as_array().into_iter().flatten() {
            let number = call["caller_number"]
                .as_str()
                .unwrap_or_default()
                .trim_start_matches('+');
            assert!(
                number.len() <= 5 || !written.contains(number),
                "{preset:?}: {number} is still there"
            );
        }
        let anonymiser = Anonymiser::new(preset.name(), Anonymiser::key_of("x"), Region::from_code("DE"));
        let other = calls(*preset, &pieces, Some(anonymiser));
        assert_ne!(told, other, "{preset:?}");
        assert_eq!(without_people(told), without_people(other), "{preset:?}");
    }
}
