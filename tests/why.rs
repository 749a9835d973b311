//! `ringside why` as a person types it, on homes with a log, without one, and with nothing at all.

use std::fs;
use std::process::{Command, Output, Stdio};

use chrono::{DateTime, TimeDelta, Utc};
use clap::Parser;
use ringside::call::{CallId, Line};
use ringside::cli::why::{self, Surroundings, WhyArgs, WhyError};
use ringside::journal::{FeedState, Journal, Ran, StepRow, TraceHead, Traces};
use ringside::number::Region;
use ringside::vault::MasterKey;
use tempfile::TempDir;

use crate::journal::answered;
use crate::vault::fresh_home;

/// The command with nothing around it.
#[derive(Parser)]
struct Typed {
    #[command(flatten)]
    why: WhyArgs,
}

struct Place {
    _folder: TempDir,
    around: Surroundings,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let key = MasterKey::random().expect("randomness");
        let around = Surroundings {
            journal: Journal::open(&folder.path().join("journal.db"), &key).expect("a journal"),
            traces: Traces::open(&folder.path().join("traces.db"), &key).expect("traces"),
            lines: vec![Line("101".to_owned())],
            feeds: vec!["pbx".to_owned()],
            home: Region::from_code("DE"),
        };
        Place {
            _folder: folder,
            around,
        }
    }

    fn ask(&self, arguments: &[&str]) -> Result<String, WhyError> {
        self.ask_at(arguments, Utc::now())
    }

    fn ask_at(&self, arguments: &[&str], now: DateTime<Utc>) -> Result<String, WhyError> {
        let typed = Typed::try_parse_from([&["why"], arguments].concat()).expect("arguments");
        let mut out = Vec::new();
        why::run(&typed.why, &self.around, now, &mut out)?;
        Ok(String::from_utf8(out).expect("text"))
    }
}

#[test]
fn a_call_is_found_by_its_name_by_the_phone_systems_name_and_by_its_number() {
    let mut place = Place::new();
    place.around.journal.put_call(&answered("17.1", 0)).expect("written");
    place.around.journal.put_call(&answered("17.2", 5)).expect("written");
    for (asked, call) in [
        ("pbx:17.1", "pbx:17.1"),
        ("17.1", "pbx:17.1"),
        ("030 23125101", "pbx:17.2"),
        ("+49 30 23125101", "pbx:17.2"),
        ("sip:03023125101@pbx", "pbx:17.2"),
    ] {
        let said = place.ask(&[asked, "--json"]).expect(asked);
        let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(said["call"], call, "{asked}");
        assert_eq!(said["answer"]["code"], "not_traced");
    }
    let said = place.ask(&["--last"]).expect("the last call");
    assert!(said.contains("pbx:17.2"), "{said}");
}

#[test]
fn of_calls_with_one_number_the_time_says_which_is_meant() {
    let mut place = Place::new();
    for (name, minutes) in [("early", 0), ("late", 300)] {
        place
            .around
            .journal
            .put_call(&answered(name, minutes))
            .expect("written");
    }
    let near = |text: &str| place.ask(&["030 23125101", "--at", text]).expect("an answer");
    assert!(near("2026-03-02T12:10:00Z").contains("pbx:early"));
    assert!(near("2026-03-02T16:55:00Z").contains("pbx:late"));
    assert!(near("2026-03-02T20:55:00Z").contains("No call `030 23125101` was heard"));
}

#[test]
fn a_call_that_was_not_heard_is_explained_by_what_ran_and_was_connected_at_that_time() {
    let mut place = Place::new();
    let start: DateTime<Utc> = "2026-03-02T08:00:00Z".parse().expect("a time");
    let state = |state: &str, detail: Option<&str>, hours| FeedState {
        feed: "pbx".to_owned(),
        state: state.to_owned(),
        detail: detail.map(str::to_owned),
        at: start + TimeDelta::hours(hours),
    };
    let traces = &mut place.around.traces;
    traces.begin_run(start).expect("written");
    traces.note_feed(&state("up", None, 0)).expect("written");
    traces
        .note_feed(&state("refused", Some("wrong password"), 2))
        .expect("written");
    traces.still_on(start + TimeDelta::hours(4), true).expect("written");
    let at = |time: &str| place.ask(&["--at", time]).expect("an answer");
    assert!(at("2026-03-02T09:00:00Z").contains("told of no such call"));
    let refused = at("2026-03-02T11:00:00Z");
    assert!(
        refused.contains("refused") && refused.contains("wrong password"),
        "{refused}"
    );
    assert!(at("2026-03-02T13:00:00Z").contains("not running"));
    assert!(at("2026-03-01T13:00:00Z").contains("knows nothing of that time"));
}

#[test]
fn a_run_that_was_never_closed_counts_until_the_next_one() {
    let mut place = Place::new();
    let traces = &mut place.around.traces;
    let start: DateTime<Utc> = "2026-03-02T08:00:00Z".parse().expect("a time");
    let hours = |hours| start + TimeDelta::hours(hours);
    traces.begin_run(hours(0)).expect("written");
    traces.still_on(hours(1), false).expect("written");
    assert_eq!(traces.ran_at(hours(2)).expect("read"), Ran::Yes, "it may still run");
    traces.begin_run(hours(5)).expect("written");
    assert_eq!(traces.ran_at(hours(2)).expect("read"), Ran::NotSince(hours(1)));
    assert_eq!(traces.ran_at(hours(-1)).expect("read"), Ran::Unknown);
}

#[test]
fn traces_are_bounded_by_age_and_number_and_those_of_my_lines_outlive_others() {
    let mut place = Place::new();
    let now = Utc::now();
    let step = |call: usize, mine: bool, began: DateTime<Utc>| {
        let head = TraceHead {
            call: CallId(format!("pbx:{mine}-{call}")),
            feed: "pbx".to_owned(),
            mine,
            began,
        };
        let row = StepRow {
            at: began,
            body: "{}".to_owned(),
            raw: None,
        };
        (head, row)
    };
    let many: Vec<_> = (0..2100)
        .map(|nth| step(nth, false, now - TimeDelta::seconds(i64::try_from(nth).expect("small"))))
        .collect();
    let traces = &mut place.around.traces;
    traces.add(&many).expect("written");
    traces
        .add(&[
            step(1, true, now - TimeDelta::days(13)),
            step(2, true, now - TimeDelta::days(15)),
        ])
        .expect("written");
    traces.prune(now).expect("pruned");
    let kept = |call: &str| traces.of_call(&CallId(call.to_owned())).expect("read").is_some();
    assert!(kept("pbx:true-1") && !kept("pbx:true-2"));
    assert!(kept("pbx:false-1999") && !kept("pbx:false-2000"));
}

#[test]
fn a_file_of_traces_that_is_damaged_begins_anew_and_one_that_is_not_ours_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("traces.db");
    let key = MasterKey::random().expect("randomness");
    drop(Traces::open(&path, &key).expect("made"));
    fs::write(&path, vec![0x5a; 8192]).expect("damaged");
    let traces = Traces::open(&path, &key).expect("made anew");
    assert_eq!(traces.last().expect("read"), None);
    drop(traces);
    let other = MasterKey::random().expect("randomness");
    assert!(
        Traces::open(&path, &other).is_ok(),
        "a file of another key holds nothing that is missed"
    );

    let plain = folder.path().join("plain.db");
    rusqlite::Connection::open(&plain)
        .and_then(|conn| conn.execute_batch("CREATE TABLE mine (a)"))
        .expect("a plain file");
    assert!(Traces::open(&plain, &key).is_err());
    assert!(plain.exists());
}

#[test]
fn hostile_names_are_answered_in_plain_words_and_move_no_cursor() {
    let mut place = Place::new();
    place
        .around
        .traces
        .begin_run(Utc::now() - TimeDelta::hours(1))
        .expect("written");
    for asked in [
        "' OR 1=1 --",
        "\u{1b}[2J\u{7}",
        "pbx:",
        "%",
        "\u{202e}",
        "99999999999999999999999999",
        &"x".repeat(100_000),
    ] {
        let said = place.ask(&["--", asked]).expect("an answer");
        assert!(said.contains("was heard"), "{asked:?}: {said}");
        assert!(!said.contains('\u{1b}') && !said.contains('\u{7}'));
    }
    let no_time = place.ask(&["--at", "half past nine"]);
    assert!(matches!(no_time, Err(WhyError::NoTime(_))));
    assert!(matches!(place.ask(&["--last"]), Err(WhyError::NoCalls)));
}

#[test]
fn a_step_of_another_version_is_shown_by_its_time_and_what_was_heard() {
    let mut place = Place::new();
    let head = TraceHead {
        call: CallId("pbx:new".to_owned()),
        feed: "pbx".to_owned(),
        mine: true,
        began: Utc::now(),
    };
    let row = StepRow {
        at: Utc::now(),
        body: "{\"shape\":\"unknown\"}".to_owned(),
        raw: Some("Event: \u{1b}[31mHangup".to_owned()),
    };
    place.around.traces.add(&[(head, row)]).expect("written");
    place.around.traces.begin_run(Utc::now()).expect("written");
    let said = place.ask(&["pbx:new"]).expect("an answer");
    assert!(said.contains("Hangup") && !said.contains('\u{1b}'), "{said}");
}

fn ringside(arguments: &[&str]) -> (TempDir, Output) {
    let (folder, home) = fresh_home();
    let output = Command::new(env!("CARGO_BIN_EXE_ringside"))
        .arg("--home")
        .arg(home.folder())
        .args(arguments)
        .env("RINGSIDE_PASSPHRASE", "secret")
        .env("RINGSIDE_KEYRING", "off")
        .env_remove("RINGSIDE_HOME")
        .stdin(Stdio::null())
        .output()
        .expect("the command runs");
    (folder, output)
}

#[test]
fn on_a_home_without_calls_the_command_says_what_to_do_first() {
    let (_folder, output) = ringside(&["why", "+49 30 23125101"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("Start it, then make the call again"), "{said}");
    let (_folder, output) = ringside(&["why"]);
    assert!(!output.status.success());
}
