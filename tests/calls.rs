//! Recorded calls: what `ringside replay --summary` tells is the truth.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, TimeDelta};
use ringside::call::{CallTracker, Happened, Summary};
use ringside::feed::ami::wire::Message;
use ringside::feed::ami::{Dialplan, Translator};
use serde_json::Value;

/// The recordings in `tests/calls`, one directory each.
fn recordings() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calls");
    let mut found: Vec<PathBuf> = std::fs::read_dir(root)
        .expect("tests/calls is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.join("recording.ami").exists())
        .collect();
    found.sort();
    found
}

fn replay(recording: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_ringside"))
        .arg("replay")
        .arg(recording.join("recording.ami"))
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
        let told = replay(recording);
        let (truth, told) = (
            truth["calls"].as_array().expect("calls"),
            told["calls"].as_array().expect("calls"),
        );
        let name = recording.file_name().expect("named").to_string_lossy();
        if truth.len() != told.len() {
            wrong.push(format!("{name}: {} calls expected, {} told", truth.len(), told.len()));
        }
        for (truth, told) in truth.iter().zip(told) {
            wrong.extend(
                differences(truth, told)
                    .into_iter()
                    .map(|difference| format!("{name}: {difference}")),
            );
        }
    }
    assert!(recordings.len() >= 15, "only {} recordings found", recordings.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the tracker tells of these messages, and whether a call is still on at the end.
fn tell<'a>(messages: impl Iterator<Item = &'a [u8]>) -> (Vec<Summary>, bool) {
    let dialplan = Dialplan::new("101|102|103", vec!["voicemail".to_owned()]).expect("a pattern");
    let mut translator = Translator::new(dialplan);
    let mut tracker = CallTracker::default();
    let mut ended = Vec::new();
    let mut at = DateTime::UNIX_EPOCH;
    for message in messages {
        at += TimeDelta::milliseconds(1);
        for event in translator.handle(&Message::new(message)) {
            tracker.handle("test", &event, at);
        }
        while let Some(change) = tracker.poll_change() {
            if change.happened == Happened::Ended {
                ended.extend(tracker.call(&change.call).map(Summary::from));
            }
        }
    }
    let on = tracker.calls().any(|call| call.ended.is_none());
    (ended, on)
}

fn messages(bytes: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let mut rest = bytes;
    while let Some(end) = rest.windows(4).position(|four| four == b"\r\n\r\n") {
        found.push(&rest[..end]);
        rest = &rest[end + 4..];
    }
    found
}

#[test]
fn a_recording_with_every_event_doubled_is_told_the_same() {
    for recording in recordings() {
        let bytes = std::fs::read(recording.join("recording.ami")).expect("readable");
        let messages = messages(&bytes);
        let once = tell(messages.iter().copied());
        let twice = tell(messages.iter().flat_map(|message| [*message, *message]));
        assert_eq!(once, twice, "{}", recording.display());
    }
}

#[test]
fn a_recording_joined_anywhere_leaves_no_call_open_and_names_no_other_caller() {
    for recording in recordings() {
        let bytes = std::fs::read(recording.join("recording.ami")).expect("readable");
        let messages = messages(&bytes);
        let (whole, _) = tell(messages.iter().copied());
        let numbers: BTreeSet<_> = whole.iter().map(|call| call.caller_number.clone()).collect();
        for from in 0..messages.len() {
            let (told, on) = tell(messages[from..].iter().copied());
            assert!(!on, "{} from message {from}", recording.display());
            for call in told {
                assert!(
                    numbers.contains(&call.caller_number),
                    "{} from {from}: {call:?}",
                    recording.display()
                );
            }
        }
    }
}
