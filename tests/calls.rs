//! Recorded calls: what `ringside replay --summary` tells is the truth.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use ringside::call::{CallTracker, Direction, Summary};
use ringside::feed::ami::message::Message;
use ringside::feed::ami::{Dialplan, Translator};
use serde_json::Value;

/// The recordings in `tests/calls`, one directory each; those of other Asterisk versions stand one level deeper.
fn recordings() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calls")];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(folder).expect("readable");
        let inner = entries
            .map(|entry| entry.expect("readable").path())
            .filter(|path| path.is_dir());
        let (recordings, others) = inner.partition(|path| path.join("recording.ami").exists());
        found.extend::<Vec<PathBuf>>(recordings);
        folders.extend::<Vec<PathBuf>>(others);
    }
    found.sort();
    found
}

fn replay(recording: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_ringside"))
        .arg("replay")
        .arg(recording)
        .args(["--feed", "ami", "--agents", "101,102,103", "--summary"])
        .output()
        .expect("ringside runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

/// Every stated field of the truth, as `field: expected … told …`, that the summary tells otherwise.
fn differences(truth: &Value, told: &Value) -> Vec<String> {
    let (Value::Object(truth), Value::Object(told)) = (truth, told) else {
        return vec!["no object".to_owned()];
    };
    let fields = [
        "direction",
        "caller_number",
        "caller_name",
        "called",
        "rang",
        "answered_by",
        "talked",
        "outcome",
        "ended_by",
        "presentation",
        "held",
        "verstat",
        "then",
        "transfer",
        "queue",
        "queue_outcome",
    ];
    let mut found = Vec::new();
    for field in fields {
        let expected = truth.get(field).unwrap_or(&Value::Null);
        let is_withheld = field == "caller_number" && truth.get("presentation") == Some(&"restricted".into());
        let is_judged = !expected.is_null() || is_withheld || field == "answered_by";
        let actual = told.get(field).unwrap_or(&Value::Null);
        if is_judged && !same(expected, actual) {
            found.push(format!("{field}: expected {expected}, told {actual}"));
        }
    }
    found
}

fn same(expected: &Value, told: &Value) -> bool {
    match (expected, told) {
        (Value::Array(expected), Value::Array(told)) => {
            let set = |values: &[Value]| values.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
            set(expected) == set(told)
        }
        (Value::Object(expected), Value::Object(told)) => expected
            .iter()
            .all(|(key, value)| told.get(key).is_some_and(|told| same(value, told))),
        _ => expected == told,
    }
}

#[test]
fn every_recording_is_told_as_it_was_lived_through() {
    let mut wrong = Vec::new();
    let recordings = recordings();
    for recording in &recordings {
        let text = std::fs::read_to_string(recording.join("expected.json")).expect("truth is there");
        let truth: Value = serde_json::from_str(&text).expect("truth is JSON");
        // the same call as a user with all classes of events heard it, and one with `call,agent` alone
        for heard in ["recording.ami", "popmin.ami"].map(|name| recording.join(name)) {
            if heard.exists() {
                let told = replay(&heard);
                wrong.extend(differing_calls(
                    &heard.display().to_string(),
                    &truth["calls"],
                    &told["calls"],
                ));
            }
        }
    }
    assert!(recordings.len() >= 60, "only {} recordings found", recordings.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn differing_calls(name: &str, truth: &Value, told: &Value) -> Vec<String> {
    let (truth, told) = (truth.as_array().expect("calls"), told.as_array().expect("calls"));
    let mut wrong = Vec::new();
    if truth.len() != told.len() {
        wrong.push(format!("{name}: {} calls expected, {} told", truth.len(), told.len()));
    }
    for (truth, told) in truth.iter().zip(told) {
        let found = differences(truth, told);
        wrong.extend(found.into_iter().map(|difference| format!("{name}: {difference}")));
    }
    wrong
}

/// What the tracker tells of these messages, and whether a call is still on at the end.
fn tell<'a>(messages: impl Iterator<Item = &'a [u8]>) -> (Vec<Summary>, bool) {
    let dialplan = Dialplan::new("101|102|103", vec!["voicemail".to_owned()]).expect("a pattern");
    let mut translator = Translator::new(dialplan);
    let mut tracker = CallTracker::default();
    let mut at = DateTime::UNIX_EPOCH;
    for message in messages {
        at += TimeDelta::milliseconds(1);
        for event in translator.handle(&Message::new(message)) {
            tracker.handle("test", &event, at);
        }
    }
    let on = tracker.calls().any(|call| call.ended.is_none());
    let mut calls: Vec<_> = tracker.calls().collect();
    calls.sort_by(|one, other| (one.began, &one.id).cmp(&(other.began, &other.id)));
    let mut calls: Vec<_> = calls
        .into_iter()
        .map(|call| (call.id.clone(), Summary::from(call)))
        .collect();
    Summary::number_consultations(&mut calls);
    let mut calls: Vec<_> = calls.into_iter().map(|(_, summary)| summary).collect();
    // who rang is a set
    calls.iter_mut().for_each(|call| call.rang.sort());
    (calls, on)
}

/// The messages of the classes `call` and `agent`, which suffice; the others are not even looked at.
fn messages(bytes: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let mut rest = bytes;
    while let Some(end) = memchr::memmem::find(rest, b"\r\n\r\n") {
        let privilege = Message::new(&rest[..end]).get("Privilege").unwrap_or_default();
        if privilege.starts_with("call") || privilege.starts_with("agent") {
            found.push(&rest[..end]);
        }
        rest = &rest[end + 4..];
    }
    found
}

/// When the message was sent, in microseconds.
fn sent(message: &[u8]) -> Option<i64> {
    let text = Message::new(message).get("Timestamp")?.replace('.', "");
    text.parse().ok()
}

/// Every recording, its messages, and what the tracker tells of them as they are.
fn told_recordings(mut check: impl FnMut(&str, &[&[u8]], &[Summary])) {
    for recording in recordings() {
        let bytes = std::fs::read(recording.join("recording.ami")).expect("readable");
        let messages = messages(&bytes);
        let (whole, on) = tell(messages.iter().copied());
        assert!(!on, "{}", recording.display());
        check(&recording.display().to_string(), &messages, &whole);
    }
}

/// No number but the recording's own is named: a wrong number is a wrong customer.
fn assert_no_other_caller(name: &str, whole: &[Summary], told: &[Summary]) {
    let numbers: BTreeSet<_> = whole.iter().filter_map(other_side).collect();
    for call in told {
        assert!(
            other_side(call).is_none_or(|number| numbers.contains(number) || number.len() <= 3),
            "{name}: {call:?}"
        );
    }
}

/// The number that a customer is looked for by.
fn other_side(call: &Summary) -> Option<&String> {
    match call.direction {
        Direction::In | Direction::Internal => call.caller_number.as_ref(),
        Direction::Out => Some(&call.called),
    }
}

#[test]
fn a_recording_with_every_event_doubled_is_told_the_same() {
    told_recordings(|name, messages, whole| {
        let (twice, on) = tell(messages.iter().flat_map(|message| [*message, *message]));
        assert_eq!(whole, twice, "{name}");
        assert!(!on, "{name}");
    });
}

#[test]
fn a_recording_joined_anywhere_leaves_no_call_open_and_names_no_other_caller() {
    told_recordings(|name, messages, whole| {
        for from in 0..messages.len() {
            let (told, on) = tell(messages[from..].iter().copied());
            let name = format!("{name} from message {from}");
            assert!(!on, "{name}");
            assert_no_other_caller(&name, whole, &told);
        }
    });
}

#[test]
fn two_neighbours_that_change_places_within_50_ms_change_nothing() {
    let mut wrong = Vec::new();
    told_recordings(|name, messages, whole| {
        for (at, pair) in messages.windows(2).enumerate() {
            let is_near = matches!((sent(pair[0]), sent(pair[1])), (Some(a), Some(b)) if b - a <= 50_000);
            if !is_near {
                continue;
            }
            let mut swapped = messages.to_vec();
            swapped.swap(at, at + 1);
            let (told, on) = tell(swapped.iter().copied());
            assert!(!on, "{name}, swapped at {at}");
            assert_no_other_caller(name, whole, &told);
            if told != whole {
                wrong.push(format!("{name}, swapped at {at}:\n{told:?}\ninstead of\n{whole:?}"));
            }
        }
    });
    assert!(
        wrong.is_empty(),
        "{} stories changed, the first:\n{}",
        wrong.len(),
        wrong[0]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn however_the_events_of_50_ms_are_shuffled_no_call_stays_open_and_nobody_else_is_named(seed in any::<u64>()) {
        told_recordings(|name, messages, whole| {
            let shuffled = shuffled_in_bursts(messages, seed);
            let (told, on) = tell(shuffled.into_iter());
            assert!(!on, "{name}, seed {seed}");
            assert_no_other_caller(name, whole, &told);
        });
    }
}

/// The messages in bursts of 50 ms, each burst in an order by chance.
fn shuffled_in_bursts<'a>(messages: &[&'a [u8]], seed: u64) -> Vec<&'a [u8]> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut bursts: Vec<Vec<&[u8]>> = Vec::new();
    let mut began = i64::MIN;
    for message in messages {
        let at = sent(message).unwrap_or(began);
        match bursts.last_mut() {
            Some(burst) if at.saturating_sub(began) <= 50_000 => burst.push(message),
            _ => {
                began = at;
                bursts.push(vec![message]);
            }
        }
    }
    for burst in &mut bursts {
        burst.shuffle(&mut rng);
    }
    bursts.concat()
}
