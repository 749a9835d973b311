//! Written once, whatever happens on the way.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};

use chrono::{DateTime, TimeDelta, Utc};
use ringside::config::Language;
use ringside::journal::{OutboxEntry, OutboxId};
use ringside::start::{Word, marker, say};
use ringside::words::view_text;
use serde_json::json;

use super::super::server::{Act, Asked};
use super::{Crm, Desk, Fault, ended, file, post};
use crate::journal::answered;

const VICTIM: &str = "RINGSIDE_TEST_WRITING_VICTIM";

/// Why it was not written.
fn english(entry: &OutboxEntry) -> String {
    view_text(&entry.trouble, Language::En)
}

#[test]
fn a_call_is_written_when_its_note_has_settled_and_a_later_edit_changes_what_was_written() {
    let crm = Crm::calm();
    let mut desk = Desk::of(&crm);
    let call = desk.call("a", "crm/17");
    let end = ended(&call);
    desk.note(
        &call,
        "She wants \"blue\" <b>{{ text }}</b>\nand soon",
        end + TimeDelta::seconds(50),
    );
    desk.turn(end + TimeDelta::seconds(61));
    assert_eq!(crm.notes(), [], "it has not settled");
    desk.turn(end + TimeDelta::seconds(111));
    let notes = crm.notes();
    assert_eq!((notes.len(), notes[0].0.as_str()), (1, "17"));
    let said = &notes[0].1;
    assert!(
        said.contains("She wants \"blue\" <b>{{ text }}</b>\nand soon"),
        "{said}"
    );
    assert!(
        said.contains("Incoming, Answered, 1:00") && said.contains("+49 30 23125101"),
        "{said}"
    );
    assert!(said.ends_with(&marker(&call.id)), "{said}");

    desk.journal.put_call(&call).expect("written again, as it was");
    desk.pass(end + TimeDelta::minutes(3), 1);
    assert_eq!(crm.asked(), ["POST /notes"], "what did not change is not sent");

    let later = end + TimeDelta::days(1);
    desk.note(&call, "Green, after all", later);
    desk.turn(later + TimeDelta::seconds(61));
    assert_eq!(crm.asked(), ["POST /notes", "PUT /notes/0"]);
    let notes = crm.notes();
    assert!(notes[0].1.contains("Green, after all") && !notes[0].1.contains("blue"));
    assert_eq!(desk.waits(), []);
}

#[test]
fn a_wrap_up_that_was_left_is_written_at_once() {
    let crm = Crm::calm();
    let mut desk = Desk::of(&crm);
    let call = desk.call("a", "crm/17");
    desk.journal.settle(&call.id, ended(&call)).expect("written");
    desk.turn(ended(&call));
    assert_eq!(crm.notes().len(), 1);
}

#[test]
fn every_trouble_ends_with_one_entry_and_no_source_is_asked_sooner_than_it_said() {
    let is_first_post = |asked: &Asked, seen: &Mutex<u32>| {
        let mut seen = seen.lock().expect("not poisoned");
        *seen += u32::from(asked.method == "POST");
        asked.method == "POST" && *seen == 1
    };
    type Trouble = fn() -> Fault;
    let troubles: [(&str, Trouble, &[&str]); 6] = [
        (
            "429",
            || Fault::Before(Act::status(429, "{}").with("retry-after", 1800)),
            &["POST /notes", "POST /notes"],
        ),
        (
            "500 and not done",
            || Fault::Before(Act::status(500, "{}")),
            &["POST /notes", "GET /notes", "POST /notes"],
        ),
        (
            "500 and done",
            || Fault::After(Act::status(500, "{}")),
            &["POST /notes", "GET /notes", "PUT /notes/0"],
        ),
        (
            "cut before",
            || Fault::Before(Act::Cut),
            &["POST /notes", "GET /notes", "POST /notes"],
        ),
        (
            "cut after",
            || Fault::After(Act::Cut),
            &["POST /notes", "GET /notes", "PUT /notes/0"],
        ),
        (
            "401",
            || Fault::Before(Act::status(401, "{}")),
            &["POST /notes", "POST /notes"],
        ),
    ];
    for (name, trouble, asked) in troubles {
        let seen = Mutex::new(0);
        let crm = Crm::start(move |_, asked| is_first_post(asked, &seen).then(trouble));
        let mut desk = Desk::of(&crm);
        let call = desk.call("a", "crm/17");
        desk.note(&call, "Rang about the bill", ended(&call));
        let from = ended(&call);
        desk.turn(from + TimeDelta::seconds(61));
        let waits = desk.waits();
        assert_eq!((waits.len(), waits[0].tries, waits[0].refused), (1, 1, false), "{name}");
        assert!(english(&waits[0]).starts_with("CRM (a note): "), "{name}: {waits:?}");
        if name == "429" {
            // a call that ends meanwhile does not ask sooner either, nor does a wrap-up that is left
            let other = desk.call("b", "crm/18");
            desk.journal.settle(&other.id, from).expect("written");
            (2..=30).for_each(|minute| desk.turn(from + TimeDelta::minutes(minute)));
            assert_eq!(crm.asked().len(), 1, "it said half an hour");
        }
        desk.pass(from, 2);
        let notes = crm.notes();
        assert_eq!(notes.iter().filter(|(contact, _)| contact == "17").count(), 1, "{name}");
        assert_eq!(crm.asked()[..asked.len()], *asked, "{name}");
        assert_eq!(desk.waits(), [], "{name}");
    }
}

#[test]
fn what_is_not_taken_waits_for_a_person_who_tries_again_or_drops_it() {
    let refuse = Arc::new(Mutex::new(true));
    let refusing = Arc::clone(&refuse);
    let crm = Crm::start(move |_, _| {
        let refuses = *refusing.lock().expect("not poisoned");
        refuses.then(|| Fault::Before(Act::status(400, json!({"message": "contact 17 is locked"}))))
    });
    let mut desk = Desk::of(&crm);
    let call = desk.call("a", "crm/17");
    desk.call("b", "crm/18");
    desk.pass(ended(&call), 3);
    assert_eq!(crm.asked().len(), 2, "each once, and not again by itself");
    let waits = desk.waits();
    assert!(waits.iter().all(|entry| entry.refused));
    assert!(english(&waits[0]).contains("contact 17 is locked"), "{waits:?}");

    *refuse.lock().expect("not poisoned") = false;
    let id = |customer: &str| {
        waits
            .iter()
            .find(|entry| entry.customer().0 == customer)
            .expect("there")
            .id
    };
    let now = ended(&call) + TimeDelta::hours(4);
    say(&mut desk.journal, id("crm/17"), Word::Again, now).expect("kept");
    say(&mut desk.journal, id("crm/18"), Word::Drop, now).expect("kept");
    say(&mut desk.journal, OutboxId(999), Word::Drop, now).expect_err("there is none");
    desk.pass(now, 1);
    let notes = crm.notes();
    assert_eq!((notes.len(), notes[0].0.as_str()), (1, "17"));
    assert_eq!(desk.waits(), []);
}

#[test]
fn where_it_cannot_be_asked_what_is_there_a_person_looks() {
    let crm = Crm::start(|count, _| (count == 0).then_some(Fault::After(Act::Cut)));
    let text = file(&crm.server.url);
    let (start, end) = (
        text.find("[write_back.find]").expect("there"),
        text.find("[write_back.create]").expect("there"),
    );
    let mut desk = Desk::new(format!("{}{}", &text[..start], &text[end..]));
    let call = desk.call("a", "crm/17");
    desk.pass(ended(&call), 3);
    assert_eq!(crm.asked(), ["POST /notes"], "it may be there");
    let waits = desk.waits();
    assert!(waits[0].refused, "{waits:?}");
    let why = english(&waits[0]);
    assert!(
        why.contains(&marker(&call.id)) && why.contains("try again or drop"),
        "{why}"
    );
    let why = view_text(&waits[0].trouble, Language::Hr);
    assert!(
        why.contains(&marker(&call.id)) && why.contains("pokušajte ponovno ili odbacite"),
        "{why}"
    );
}

#[test]
#[ignore = "the process that the next test kills; it needs a journal to work on"]
fn a_writer_to_be_killed() {
    let Ok(task) = std::env::var(VICTIM) else { return };
    let (path, url) = task.split_once('\n').expect("two lines");
    let at: DateTime<Utc> = ended(&answered("a", 0)) + TimeDelta::minutes(5);
    post(Path::new(path), file(url)).turn(at).expect("looked");
}

#[test]
fn a_process_killed_after_the_source_wrote_and_before_it_answered_does_not_write_twice() {
    let (wrote, written) = mpsc::channel::<()>();
    let (kill, killed) = mpsc::channel::<()>();
    let crm = Crm::start(move |_, asked| {
        // the first entry is kept; its answer comes when nobody is there to hear it
        (asked.method == "POST" && wrote.send(()).is_ok()).then(|| {
            let _ = killed.recv();
            Fault::After(Act::Cut)
        })
    });
    let mut desk = Desk::of(&crm);
    let call = desk.call("a", "crm/17");
    let path = desk.folder.path().join("journal.db");
    let mut victim = Command::new(std::env::current_exe().expect("this binary"))
        .args(["--exact", "rest::written::once::a_writer_to_be_killed", "--ignored"])
        .env(VICTIM, format!("{}\n{}", path.display(), crm.server.url))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    written.recv().expect("it was sent");
    victim.kill().expect("killed");
    victim.wait().expect("gone");
    kill.send(()).expect("the server waits");
    drop(written);
    let waits = desk.waits();
    assert!(waits[0].begun.is_some() && waits[0].entry.is_none(), "{waits:?}");
    desk.pass(ended(&call) + TimeDelta::minutes(5), 1);
    assert_eq!(crm.notes().len(), 1, "{:?}", crm.asked());
    assert_eq!(desk.waits(), []);
    assert_eq!(crm.asked()[..2], ["POST /notes", "GET /notes"]);
}
