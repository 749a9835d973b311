//! A process that is killed while it writes, and several that open the journal at once.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rand::{Rng as _, SeedableRng as _};
use ringside::call::Line;
use ringside::customer::CustomerRef;
use ringside::journal::{Choice, Journal, LoggedCustomer, NewCustomer, Said};
use ringside::number::Key;

use super::{answered, id, key, noon, open};

/// Tells the test binary that it is the process that will be killed, and where its journal is.
const WRITER_JOURNAL: &str = "RINGSIDE_TEST_WRITER_JOURNAL";

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
    kill_after("journal::processes::writer_that_is_killed", path, round, count)
}

fn kill_after(writer: &str, path: &Path, round: u32, count: usize) -> Vec<String> {
    let mut writer = Command::new(std::env::current_exe().expect("this binary"))
        .args(["--exact", writer, "--ignored", "--nocapture"])
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
fn every_customer_that_was_said_to_be_made_survives_a_killed_process_with_number_and_call() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("journal.db");
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(11);
    let mut made = Vec::new();
    for round in 0..5 {
        let writer = "journal::processes::maker_that_is_killed";
        made.extend(kill_after(writer, &path, round, random.random_range(1..40)));
        let journal = open(folder.path());
        for told in &made {
            let (call, reference) = told.split_once(' ').expect("call and reference");
            let reference = CustomerRef(reference.to_owned());
            let created = journal.created(&reference).expect("read").expect("kept");
            assert_eq!(created.said.call, id(call));
            assert_eq!(journal.numbers_of(&reference).expect("read").len(), 1, "{told}");
            let logged = journal.call(&id(call)).expect("read").expect("logged");
            assert_eq!(logged.call.customer.map(|customer| customer.reference), Some(reference));
        }
        // one that was not said to be made is there as a whole or not at all
        let all = journal.all_created().expect("read");
        assert!(all.len() >= made.len());
        for created in all {
            assert_eq!(journal.numbers_of(&created.reference).expect("read").len(), 1);
            assert!(journal.choice(&created.said.call).expect("read").is_some());
        }
        journal.check().expect("whole");
    }
}

#[test]
#[ignore = "runs in a process of its own, started and killed by another test"]
fn maker_that_is_killed() {
    let Some(path) = std::env::var_os(WRITER_JOURNAL).map(PathBuf::from) else {
        return;
    };
    let round = std::env::var("RINGSIDE_TEST_ROUND").expect("the round");
    let mut journal = Journal::open(&path, &key(7)).expect("the journal opens");
    let mut out = std::io::stdout();
    for nth in 0..100_000_u64 {
        let call = format!("{round}-{nth}");
        let reference = journal.new_reference().expect("a reference");
        let number = Key::new(493_020_000_000 + nth);
        let choice = Choice {
            customer: reference.clone(),
            number,
            said: Said {
                call: id(&call),
                line: Line("101".to_owned()),
                at: noon(),
            },
        };
        let card = NewCustomer {
            name: call.clone(),
            ..NewCustomer::default()
        };
        let mut record = answered(&call, 0);
        record.customer = Some(LoggedCustomer {
            reference: reference.clone(),
            name: call.clone(),
            company: String::new(),
        });
        journal.create(&card, number, &choice, &record).expect("made");
        writeln!(out, "saved {call} {reference}")
            .and_then(|()| out.flush())
            .expect("said");
    }
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
