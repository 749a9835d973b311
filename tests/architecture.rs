//! The rooms keep to themselves: each invariant of `src-tauri/ARCHITECTURE.md` is an absence, looked for here.

use std::path::{Path, PathBuf};

/// The sources of the application, as path below `src-tauri/src` and text without its tests.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("readable") {
            let path: PathBuf = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).expect("UTF-8");
                let code = text
                    .split("#[cfg(test)]\nmod tests")
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                let below = path.strip_prefix(&root).expect("below").to_string_lossy().into_owned();
                found.push((below, code));
            }
        }
    }
    assert!(found.len() > 20, "only {} sources found", found.len());
    found
}

/// Lines of code, without comments, that have one of `words`, in files of which `guarded` holds.
fn offences(guarded: impl Fn(&str) -> bool, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| guarded(path)) {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if let Some(word) = words.iter().find(|word| code.contains(**word)) {
                found.push(format!("{path}:{}: {word}", number + 1));
            }
        }
    }
    found
}

fn is_in(path: &str, rooms: &[&str]) -> bool {
    rooms
        .iter()
        .any(|room| path == format!("{room}.rs") || path.starts_with(&format!("{room}/")))
}

#[track_caller]
fn assert_absent(guarded: impl Fn(&str) -> bool, words: &[&str]) {
    let found = offences(guarded, words);
    assert!(
        found.is_empty(),
        "an invariant of src-tauri/ARCHITECTURE.md is broken:\n{}",
        found.join("\n")
    );
}

#[test]
fn only_the_shell_knows_tauri() {
    assert_absent(|path| !is_in(path, &["shell"]), &["tauri::", "tauri_"]);
}

#[test]
fn only_the_stores_know_sql() {
    let stores = ["directory", "journal", "store", "source/sql"];
    assert_absent(
        |path| !is_in(path, &stores),
        &["rusqlite", "sqlx", "SELECT ", "INSERT INTO", "PRAGMA"],
    );
}

#[test]
fn only_number_knows_the_numbering_library() {
    assert_absent(|path| !is_in(path, &["number"]), &["phonenumber::", "phonenumber {"]);
}

#[test]
fn the_pure_rooms_read_no_clock_no_file_and_no_network() {
    let pure = [
        "call", "matching", "advisor", "pop", "number", "customer", "link", "review", "role",
    ];
    let words = [
        "Utc::now",
        "Local::now",
        "Instant::",
        "SystemTime",
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "tokio",
        "thread::sleep",
        "reqwest",
    ];
    assert_absent(|path| is_in(path, &pure), &words);
}

#[test]
fn data_flows_one_way() {
    let earlier_knows_no_later = [
        (
            "number",
            vec![
                "call",
                "feed",
                "directory",
                "source",
                "matching",
                "advisor",
                "pop",
                "journal",
                "desk",
            ],
        ),
        (
            "customer",
            vec![
                "call",
                "feed",
                "directory",
                "source",
                "matching",
                "advisor",
                "pop",
                "journal",
                "desk",
            ],
        ),
        (
            "call",
            vec![
                "feed",
                "directory",
                "source",
                "matching",
                "advisor",
                "pop",
                "journal",
                "desk",
                "customer",
            ],
        ),
        (
            "feed",
            vec!["directory", "matching", "advisor", "pop", "journal", "desk"],
        ),
        (
            "matching",
            vec!["feed", "directory", "source", "advisor", "journal", "desk"],
        ),
        ("advisor", vec!["feed", "directory", "source", "pop", "journal", "desk"]),
        ("directory", vec!["feed", "pop", "journal", "desk"]),
        ("pop", vec!["feed", "journal", "desk"]),
        (
            "review",
            vec![
                "feed",
                "directory",
                "source",
                "matching",
                "advisor",
                "pop",
                "journal",
                "desk",
            ],
        ),
        (
            "journal",
            vec!["feed", "directory", "source", "matching", "advisor", "desk"],
        ),
        ("desk", vec!["cli", "shell"]),
    ];
    for (room, later) in earlier_knows_no_later {
        let words: Vec<String> = later
            .iter()
            .chain(&["cli", "shell"])
            .filter(|word| **word != room)
            .map(|word| format!("crate::{word}"))
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_absent(|path| is_in(path, &[room]), &words);
    }
}

#[test]
fn the_wire_formats_stay_in_their_feeds() {
    let words = [
        "DialBegin",
        "Uniqueid",
        "Linkedid",
        "CallerIDNum",
        "answeringNumber",
        "normalClearing",
    ];
    assert_absent(|path| !is_in(path, &["feed"]), &words);
}

#[test]
fn nothing_is_called_by_a_name_that_says_nothing() {
    let empty = ["manager", "service", "helper", "util", "common"];
    let mut found = Vec::new();
    for (path, text) in sources() {
        for line in text.lines() {
            let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
            let declared = words
                .windows(2)
                .find(|two| ["struct", "enum", "trait", "mod", "type"].contains(&two[0]));
            let name = declared.map(|two| two[1].to_lowercase()).unwrap_or_default();
            if empty
                .iter()
                .any(|word| name.ends_with(word) || name.ends_with(&format!("{word}s")))
            {
                found.push(format!("{path}: {}", line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn only_one_file_of_the_user_interface_knows_tauri() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut knowing = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("readable") {
            let path = entry.expect("readable").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !["node_modules", "dist"].contains(&name.as_str()) {
                folders.push(path);
            } else if [".ts", ".svelte"].iter().any(|ending| name.ends_with(ending)) && !name.contains(".test.") {
                let text = std::fs::read_to_string(&path).expect("UTF-8");
                if text.contains("from \"@tauri-apps")
                    || text.contains("from '@tauri-apps")
                    || text.contains("import(\"@tauri")
                {
                    knowing.push(path.strip_prefix(&root).expect("below").to_string_lossy().into_owned());
                }
            }
        }
    }
    assert_eq!(knowing, ["backend.ts"]);
}

#[test]
#[cfg(not(feature = "shell"))]
fn the_command_line_links_no_window_system() {
    let output = std::process::Command::new("ldd")
        .arg(env!("CARGO_BIN_EXE_ringside"))
        .output()
        .expect("ldd runs");
    let libraries = String::from_utf8_lossy(&output.stdout);
    assert!(libraries.contains("libc.so"), "ldd says nothing of use: {libraries}");
    for word in ["gtk", "webkit", "gdk", "X11", "wayland", "soup"] {
        assert!(!libraries.contains(word), "{word} is linked:\n{libraries}");
    }
}
