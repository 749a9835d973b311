//! Every command of the windows asks the desk whether whoever sits there may, or is said here to be for everybody.

use std::fs;
use std::path::Path;

/// What needs nobody: the panel's window, what belongs to a call, and what says nothing of anybody.
const OPEN: [&str; 16] = [
    "after_call",
    "at_the_desk",
    "close_link",
    "close_notice",
    "drag_panel",
    "end_phone_trial",
    "hide_panel",
    "log_link",
    "opened_link",
    "painted",
    "panel_state",
    "read_when",
    "resize_panel",
    "system",
    "want_keyboard",
    "webhook_feeds",
];

/// Each command of the windows with the text of its function.
fn commands() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/src/shell");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if !path.is_file() {
            continue;
        }
        let text = fs::read_to_string(path).expect("UTF-8");
        for after in text.split("#[tauri::command]").skip(1) {
            let body = after.split("\n}\n").next().unwrap_or_default();
            let name = body.split("fn ").nth(1).and_then(|rest| rest.split('(').next());
            found.push((name.expect("a function").trim().to_owned(), body.to_owned()));
        }
    }
    found
}

#[test]
fn every_command_asks_the_desk_first_or_is_said_to_be_for_everybody() {
    let commands = commands();
    assert!(commands.len() > 80, "only {} commands found", commands.len());
    let unguarded = commands.iter().filter(|(name, body)| {
        let asks = body.contains("desk.") || body.contains("&desk");
        !asks && !OPEN.contains(&name.as_str())
    });
    let unguarded: Vec<&str> = unguarded.map(|(name, _)| name.as_str()).collect();
    assert_eq!(unguarded, Vec::<&str>::new(), "`desk.may(Act::…)` comes first in these");
}

#[test]
fn nothing_is_said_to_be_for_everybody_that_is_no_command() {
    let commands = commands();
    let gone = OPEN
        .iter()
        .filter(|open| !commands.iter().any(|(name, _)| name == *open));
    assert_eq!(gone.collect::<Vec<_>>(), Vec::<&&str>::new());
}
