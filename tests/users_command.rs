//! `ringside users`: for whoever has the key of the home, whatever PIN was forgotten.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

fn users(home: &Path, arguments: &[&str], typed: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ringside"))
        .arg("--home")
        .arg(home)
        .arg("users")
        .args(arguments)
        .env("RINGSIDE_KEYRING", "off")
        .env("RINGSIDE_PASSPHRASE", "correct horse")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("ringside runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    // a command that refused what was asked has closed its end
    let _ = stdin.write_all(typed.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

#[track_caller]
fn worked(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("text")
}

#[track_caller]
fn refused(output: &Output, why: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains(why), "{said}");
}

#[test]
fn people_are_added_listed_given_a_new_pin_and_removed() {
    let home = TempDir::new().expect("a folder");
    let at = home.path();
    assert!(worked(&users(at, &["list"], "")).contains("nobody"));
    let agent = ["add", "Tea", "--role", "agent", "--extension", "102"];
    refused(&users(at, &agent, "4712\n"), "the first one has to be an admin");
    worked(&users(at, &["add", "Ana", "--role", "admin"], "4711\n"));
    worked(&users(at, &agent, "4712\r\n"));
    let listed: Value = serde_json::from_str(&worked(&users(at, &["list", "--json"], ""))).expect("JSON");
    assert_eq!(listed[1]["name"], "Tea");
    assert_eq!(listed[1]["role"], "agent");
    assert_eq!(listed[1]["extensions"][0], "102");
    assert!(
        !listed.to_string().contains("argon2"),
        "what is kept of a PIN is not told"
    );
    worked(&users(at, &["reset", "Tea"], "55555"));
    refused(&users(at, &["reset", "Eve"], "55555"), "nobody of that name");
    refused(&users(at, &["remove", "Ana"], ""), "the last admin");
    worked(&users(at, &["remove", "Tea"], ""));
    assert!(!worked(&users(at, &["list"], "")).contains("Tea"));
}

#[test]
fn what_is_no_pin_and_no_role_changes_nothing() {
    let home = TempDir::new().expect("a folder");
    let at = home.path();
    for pin in ["", "12\n", "4711\n4711\n", "letters\n", "1234567890123\n"] {
        refused(&users(at, &["add", "Ana", "--role", "admin"], pin), "4 to 12 digits");
    }
    refused(
        &users(at, &["add", "Ana", "--role", "boss"], "4711\n"),
        "agent, supervisor or admin",
    );
    refused(
        &users(at, &["add", "Ana", "--role", "admin", "--extension", "1 2"], "4711\n"),
        "without spaces",
    );
    assert!(worked(&users(at, &["list"], "")).contains("nobody"));
}
