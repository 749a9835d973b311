//! The journal on a real disk: what is said to be saved is there, whatever happens next.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use rand::{Rng as _, SeedableRng as _};
use ringside::call::{CallId, Direction, Line, Outcome, Presentation, Side, Then, Trust};
use ringside::customer::CustomerRef;
use ringside::journal::{CallLine, CallRecord, Counts, Journal, LoggedCustomer};
use ringside::number::Key;
use ringside::store::OpenError;
use ringside::vault::MasterKey;
use tempfile::TempDir;

/// Tells the test binary that it is the process that will be killed, and where its journal is.
const WRITER_JOURNAL: &str = "RINGSIDE_TEST_WRITER_JOURNAL";

pub(crate) fn key(byte: u8) -> MasterKey {
    MasterKey::from_hex(&format!("{byte:02x}").repeat(32)).expect("32 bytes")
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 12, 0, 0).single().expect("a time")
}

fn id(name: &str) -> CallId {
    CallId(format!("pbx:{name}"))
}

/// A call of a known customer that 101 answered, begun `minutes` after noon.
pub(crate) fn answered(name: &str, minutes: i64) -> CallRecord {
    let began = noon() + TimeDelta::minutes(minutes);
    CallRecord {
        id: id(name),
        feed: "pbx".to_owned(),
        direction: Direction::In,
        number: Key::new(493023125101),
        number_raw: "03023125101".to_owned(),
        number_display: "+49 30 23125101".to_owned(),
        presentation: Presentation::Allowed,
        caller_name: "M Anders".to_owned(),
        trust: Trust::NotVerifiedB,
        customer: Some(LoggedCustomer {
            reference: CustomerRef::new("files", "ALFKI"),
            name: "Maria Anders".to_owned(),
            company: "Alfreds Futterkiste".to_owned(),
        }),
        called: "100".to_owned(),
        started: began,
        answered: Some(began + TimeDelta::seconds(7)),
        answered_by: None,
        ended: Some(began + TimeDelta::seconds(67)),
        outcome: Some(Outcome::Answered),
        ended_by: Some(Side::Caller),
        unfinished: false,
        then: None,
        talked_seconds: Some(60),
        lines: vec![
            CallLine {
                line: Line("102".to_owned()),
                rang: Some(began + TimeDelta::milliseconds(1234)),
                talked_from: None,
                talked_until: None,
            },
            CallLine {
                line: Line("101".to_owned()),
                rang: Some(began + TimeDelta::seconds(2)),
                talked_from: Some(began + TimeDelta::seconds(7)),
                talked_until: Some(began + TimeDelta::seconds(67)),
            },
        ],
    }
}

/// The same call while it rings: nothing after the ringing is known.
fn ringing(name: &str, minutes: i64) -> CallRecord {
    let mut call = answered(name, minutes);
    (call.answered, call.ended, call.outcome) = (None, None, None);
    (call.ended_by, call.talked_seconds) = (None, None);
    call.lines.truncate(1);
    call
}

fn journal() -> (TempDir, Journal) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let journal = open(folder.path());
    (folder, journal)
}

fn open(folder: &Path) -> Journal {
    Journal::open(&folder.join("journal.db"), &key(7)).expect("the journal opens")
}

#[test]
fn a_call_reads_back_as_it_was_written_and_twice_written_is_one() {
    let (folder, mut journal) = journal();
    let call = answered("1", 0);
    journal.put_call(&ringing("1", 0)).expect("ringing");
    journal.put_call(&call).expect("answered");
    journal.put_call(&call).expect("again");
    drop(journal);
    let logged = open(folder.path()).calls(None, 10).expect("calls");
    assert_eq!(logged.iter().map(|l| &l.call).collect::<Vec<_>>(), [&call]);
}

#[test]
fn every_word_for_what_happens_on_the_phone_is_kept_for_ever() {
    let (folder, mut journal) = journal();
    let mut call = answered("1", 0);
    for direction in [Direction::In, Direction::Out, Direction::Internal] {
        for outcome in [
            None,
            Some(Outcome::Answered),
            Some(Outcome::Missed),
            Some(Outcome::Busy),
            Some(Outcome::Rejected),
            Some(Outcome::Failed),
        ] {
            (call.direction, call.outcome) = (direction, outcome);
            journal.put_call(&call).expect("written");
            assert_eq!(journal.call(&call.id).expect("read").expect("there").call, call);
        }
    }
    (call.trust, call.presentation) = (Trust::NotVerifiedC, Presentation::Restricted);
    (call.ended_by, call.then) = (Some(Side::Pbx), Some(Then::Voicemail));
    journal.put_call(&call).expect("written");
    drop(journal);
    let stored = ringside::store::open_database(&folder.path().join("journal.db"), &key(7)).expect("open");
    let words: String = stored
        .query_row(
            "SELECT concat_ws(' ', direction, outcome, trust, presentation, ended_by, went_to) FROM calls",
            [],
            |row| row.get(0),
        )
        .expect("words");
    assert_eq!(words, "internal failed not_verified_c restricted pbx voicemail");
}

#[test]
fn pages_of_the_log_follow_each_other_without_gap_or_repetition() {
    let (_folder, mut journal) = journal();
    // Three calls a minute share their start, so that only the id tells them apart.
    for number in 0..30 {
        journal
            .put_call(&answered(&format!("{number:02}"), number / 3))
            .expect("written");
    }
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = journal.calls(cursor.as_ref(), 7).expect("a page");
        let Some(last) = page.last() else { break };
        cursor = Some(last.call.cursor());
        seen.extend(page.into_iter().map(|logged| logged.call.id));
    }
    let newest_first: Vec<CallId> = (0..30).rev().map(|number| id(&format!("{number:02}"))).collect();
    assert_eq!(seen, newest_first);
}

#[test]
fn a_note_keeps_its_time_until_it_changes_and_what_it_said_before() {
    let (_folder, mut journal) = journal();
    let first = journal.save_note(&id("1"), "Asks for tea", noon()).expect("saved");
    let same = journal
        .save_note(&id("1"), "Asks for tea", noon() + TimeDelta::seconds(5))
        .expect("saved");
    let changed = journal
        .save_note(&id("1"), "Asks for chai", noon() + TimeDelta::seconds(9))
        .expect("saved");
    assert_eq!((first.at, same), (noon(), first));
    assert_eq!((changed.revision, changed.at), (2, noon() + TimeDelta::seconds(9)));
    assert_eq!(
        journal.note(&id("1")).expect("read").expect("there").text,
        "Asks for chai"
    );
    let earlier = journal.earlier_notes(&id("1")).expect("read");
    assert_eq!(
        earlier.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(),
        ["Asks for tea"]
    );
}

#[test]
fn earlier_texts_of_a_note_are_bounded() {
    let (_folder, mut journal) = journal();
    for length in 1..=80 {
        journal.save_note(&id("1"), &"x".repeat(length), noon()).expect("saved");
    }
    let earlier = journal.earlier_notes(&id("1")).expect("read");
    assert_eq!(
        (earlier.len(), earlier[0].text.len(), earlier[49].text.len()),
        (50, 79, 30)
    );
}

#[test]
fn past_notes_are_found_by_customer_and_by_number_with_who_talked() {
    let (_folder, mut journal) = journal();
    let mut other = answered("3", 20);
    other.customer = None;
    for (call, note) in [
        (answered("1", 0), "first"),
        (answered("2", 10), ""),
        (other, "same number"),
    ] {
        journal.save_note(&call.id, note, noon()).expect("saved");
        journal.put_call(&call).expect("written");
    }
    let alfki = CustomerRef::new("files", "ALFKI");
    let of_customer = journal.notes_of(&alfki, 3).expect("read");
    assert_eq!(
        of_customer.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(),
        ["first"]
    );
    assert_eq!(of_customer[0].line, Some(Line("101".to_owned())));
    let of_number = journal
        .notes_of_number(Key::new(493023125101).expect("a key"), 3)
        .expect("read");
    assert_eq!(
        of_number.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(),
        ["same number", "first"]
    );
    assert_eq!(
        journal.last_contact(&alfki).expect("read"),
        Some(noon() + TimeDelta::minutes(10))
    );
    assert_eq!(
        journal
            .last_contact(&CustomerRef::new("files", "nobody"))
            .expect("read"),
        None
    );
}

#[test]
fn a_call_that_was_on_when_ringside_stopped_is_closed_at_the_next_start() {
    let (folder, mut journal) = journal();
    let mut talking = answered("2", 5);
    (talking.ended, talking.outcome, talking.ended_by, talking.talked_seconds) = (None, None, None, None);
    talking.lines[1].talked_until = None;
    journal.put_call(&ringing("1", 0)).expect("written");
    journal.put_call(&talking).expect("written");
    drop(journal);

    let mut journal = open(folder.path());
    assert_eq!(journal.open_calls().expect("read").len(), 2);
    assert_eq!(journal.close_unfinished().expect("closed"), 2);
    let closed = journal.calls(None, 10).expect("read");
    let ends: Vec<_> = closed
        .iter()
        .map(|l| (l.call.ended, l.call.outcome, l.call.unfinished))
        .collect();
    assert_eq!(
        ends,
        [
            (talking.answered, Some(Outcome::Answered), true),
            (ringing("1", 0).lines[0].rang, None, true)
        ]
    );
    assert_eq!(journal.close_unfinished().expect("nothing left"), 0);
}

#[test]
fn a_note_of_a_call_that_could_not_be_written_is_kept() {
    let (_folder, mut journal) = journal();
    journal
        .save_note(&id("never written"), "Ring back", noon())
        .expect("saved");
    assert_eq!(
        journal.note(&id("never written")).expect("read").expect("there").text,
        "Ring back"
    );
    assert_eq!(journal.counts().expect("counts"), Counts { calls: 0, notes: 1 });
}

#[test]
fn every_note_that_was_said_to_be_saved_survives_a_killed_process() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("journal.db");
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(9);
    let mut saved = Vec::new();
    for round in 0..5 {
        saved.extend(kill_a_writer_after(&path, round, random.random_range(1..60)));
        let journal = open(folder.path());
        for text in &saved {
            let (call, _) = text.split_once(' ').expect("call and text");
            assert_eq!(&journal.note(&id(call)).expect("read").expect("kept").text, text);
        }
        journal.check().expect("whole");
    }
    assert!(saved.len() >= 5, "{} notes were saved", saved.len());
}

/// Starts a writer, kills it without warning after it said `count` times that a note is saved, and gives all it said.
fn kill_a_writer_after(path: &Path, round: u32, count: usize) -> Vec<String> {
    let mut writer = Command::new(std::env::current_exe().expect("this binary"))
        .args(["--exact", "journal::writer_that_is_killed", "--ignored", "--nocapture"])
        .env(WRITER_JOURNAL, path)
        .env("RINGSIDE_TEST_ROUND", round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the writer starts");
    let lines = BufReader::new(writer.stdout.take().expect("its output")).lines();
    let mut said = Vec::new();
    for line in lines.map_while(Result::ok) {
        said.extend(line.strip_prefix("saved ").map(str::to_owned));
        if said.len() == count {
            // SIGKILL. What is still in the pipe was said as well and is read on.
            writer.kill().expect("killed");
        }
    }
    writer.wait().expect("gone");
    assert!(
        said.len() >= count,
        "the writer stopped by itself after {} notes",
        said.len()
    );
    said
}

#[test]
#[ignore = "runs in a process of its own, started and killed by another test"]
fn writer_that_is_killed() {
    let Some(path) = std::env::var_os(WRITER_JOURNAL).map(PathBuf::from) else {
        return;
    };
    let round = std::env::var("RINGSIDE_TEST_ROUND").expect("the round");
    let mut journal = Journal::open(&path, &key(7)).expect("the journal opens");
    let mut out = std::io::stdout();
    for number in 0..100_000 {
        let text = format!("{round}-{number} {}", "typed ".repeat(number % 50));
        journal
            .save_note(&id(&format!("{round}-{number}")), &text, noon())
            .expect("saved");
        writeln!(out, "saved {text}").and_then(|()| out.flush()).expect("said");
    }
}

#[test]
fn a_wrong_key_is_said_and_leaves_the_file_alone() {
    let (folder, mut journal) = journal();
    journal.put_call(&answered("1", 0)).expect("written");
    drop(journal);
    let path = folder.path().join("journal.db");
    let before = fs::read(&path).expect("bytes");
    let error = Journal::open(&path, &key(8)).expect_err("the key is wrong");
    assert!(matches!(error, OpenError::WrongKey { .. }), "{error}");
    assert!(before == fs::read(&path).expect("bytes"));
}

#[test]
fn nothing_of_a_call_stands_in_plain_text_on_the_disk() {
    let (folder, mut journal) = journal();
    journal.put_call(&answered("1", 0)).expect("written");
    journal
        .save_note(&id("1"), "Wants the blue teapot", noon())
        .expect("saved");
    let mut files = 0;
    for entry in fs::read_dir(folder.path()).expect("the folder") {
        let bytes = fs::read(entry.expect("an entry").path()).expect("bytes");
        for plain in ["teapot", "Alfreds", "23125101", "SQLite format"] {
            assert!(
                !bytes.windows(plain.len()).any(|window| window == plain.as_bytes()),
                "{plain}"
            );
        }
        files += 1;
    }
    assert!(files >= 2, "the write-ahead log is looked at too");
}

#[test]
fn a_journal_that_was_cut_short_is_called_damaged_and_never_replaced_by_an_empty_one() {
    let (folder, mut journal) = journal();
    for number in 0..200 {
        journal
            .put_call(&answered(&number.to_string(), number))
            .expect("written");
    }
    assert!(journal.fold().expect("folded"));
    let path = folder.path().join("journal.db");
    let whole = fs::read(&path).expect("bytes");
    for length in [0, 100, 4096, 4096 * 3, whole.len() - 4096] {
        fs::write(&path, &whole[..length]).expect("cut");
        let failed = Journal::open(&path, &key(7)).map(|journal| journal.check());
        assert!(matches!(failed, Err(OpenError::Damaged { .. })), "{length}: {failed:?}");
        assert_eq!(fs::read(&path).expect("bytes").len(), length);
    }
}

#[test]
fn a_changed_byte_anywhere_is_found_by_the_check() {
    let (folder, mut journal) = journal();
    for number in 0..50 {
        journal
            .put_call(&answered(&number.to_string(), number))
            .expect("written");
    }
    assert!(journal.fold().expect("folded"));
    let path = folder.path().join("journal.db");
    let mut bytes = fs::read(&path).expect("bytes");
    let middle = bytes.len() - 2000;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).expect("changed");
    assert!(matches!(open(folder.path()).check(), Err(OpenError::Damaged { .. })));
}

#[test]
fn a_plain_database_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("journal.db");
    let plain = rusqlite::Connection::open(&path).expect("plain");
    plain.execute_batch("CREATE TABLE t (x)").expect("a table");
    drop(plain);
    assert!(matches!(
        Journal::open(&path, &key(7)),
        Err(OpenError::NotEncrypted { .. })
    ));
}

#[test]
fn a_journal_of_a_newer_ringside_is_refused_unchanged() {
    let (folder, journal) = journal();
    drop(journal);
    let path = folder.path().join("journal.db");
    let newer = ringside::store::open_database(&path, &key(7)).expect("open");
    newer.execute_batch("PRAGMA user_version = 99").expect("newer");
    drop(newer);
    assert!(matches!(Journal::open(&path, &key(7)), Err(OpenError::Newer { .. })));
}

#[test]
fn two_processes_may_make_the_journal_at_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::thread::scope(|scope| {
        for name in ["a", "b", "c", "d"] {
            let path = folder.path();
            scope.spawn(move || {
                let mut journal = open(path);
                journal.save_note(&id(name), name, noon()).expect("saved");
            });
        }
    });
    assert_eq!(open(folder.path()).counts().expect("counts").notes, 4);
}

#[test]
#[cfg(unix)]
fn a_store_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, mut journal) = journal();
    journal.put_call(&answered("1", 0)).expect("written");
    for name in ["journal.db", "journal.db-wal"] {
        let mode = fs::metadata(folder.path().join(name))
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{name} {mode:o}");
    }
}
