//! Recorded calls: what `ringside replay --summary` tells is the truth.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

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
