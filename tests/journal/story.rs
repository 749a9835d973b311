//! The story of a call: its steps, and what agents said of whom it was with beside who stood there until then.

use chrono::TimeDelta;
use ringside::call::{CallId, CallKey, Cause, Endpoint, Line, QueueOutcome, Step, Stepped, Transfer, TransferKind};
use ringside::customer::CustomerRef;
use ringside::journal::{CallRecord, Choice, Journal, LoggedCustomer, Said, SaidKind, StepWord};

use super::{answered, id, journal, noon, open, ringing};

fn step(second: i64, what: Stepped) -> Step {
    Step {
        at: noon() + TimeDelta::seconds(second),
        what,
    }
}

fn line(name: &str) -> Line {
    Line(name.to_owned())
}

fn phone(name: &str) -> Endpoint {
    Endpoint::Line(line(name))
}

fn words(journal: &Journal, call: &str) -> Vec<StepWord> {
    let steps = journal.steps(&id(call)).expect("read");
    steps.into_iter().map(|step| step.step).collect()
}

fn logged(name: &str, key: &str, customer: &str) -> CallRecord {
    let customer = Some(LoggedCustomer {
        reference: CustomerRef::new("files", key),
        name: customer.to_owned(),
        company: String::new(),
    });
    CallRecord {
        customer,
        ..answered(name, 0)
    }
}

fn choice(call: &str, key: &str) -> Choice {
    Choice {
        customer: CustomerRef::new("files", key),
        number: answered(call, 0).number,
        said: said(call),
    }
}

fn said(call: &str) -> Said {
    Said {
        call: id(call),
        line: line("101"),
        at: noon() + TimeDelta::seconds(30),
    }
}

#[test]
fn every_step_is_there_again_with_who_and_why() {
    let (folder, mut journal) = journal();
    let transfer = Transfer {
        kind: TransferKind::Attended,
        by: Some(line("101")),
        to: Some(phone("102")),
        consultation: Some(CallKey("7".to_owned())),
    };
    let outside = Endpoint::Outside("+4930123".to_owned());
    let steps = [
        step(0, Stepped::Began),
        step(1, Stepped::Queued("sales".to_owned())),
        step(2, Stepped::Ringing(phone("101"))),
        step(5, Stepped::Unqueued(QueueOutcome::Answered)),
        step(5, Stepped::Answered(phone("101"))),
        step(9, Stepped::Held),
        step(12, Stepped::Resumed),
        step(20, Stepped::Transferred(transfer)),
        step(21, Stepped::LegEnded(outside, Cause::Busy)),
        step(30, Stepped::Ended(Cause::Normal)),
    ];
    journal.put_story(&answered("1", 0), &steps, &[]).expect("written");
    let kept = open(folder.path()).steps(&id("1")).expect("read");
    let told: Vec<_> = kept
        .iter()
        .map(|step| {
            let text = |text: Option<&str>| text.unwrap_or("-").to_owned();
            let line = step.line.as_ref().map(|line| line.0.as_str());
            let seconds = (step.at - noon()).num_seconds();
            let parts = [text(line), text(step.other.as_deref()), text(step.why.as_deref())];
            format!("{seconds} {:?} {}", step.step, parts.join(" "))
        })
        .collect();
    assert_eq!(
        told,
        [
            "0 Began - - -",
            "1 Queued - sales -",
            "2 Ringing 101 - -",
            "5 Unqueued - - answered",
            "5 Answered 101 - -",
            "9 Held - - -",
            "12 Resumed - - -",
            "20 Transferred 101 102 attended",
            "21 LegEnded - +4930123 busy",
            "30 Ended - - normal",
        ]
    );
    assert_eq!(kept[7].joined, Some(CallId("pbx:7".to_owned())));
    let joined = journal.joined_from(&id("7")).expect("read");
    assert_eq!(joined.into_iter().map(|one| one.call).collect::<Vec<_>>(), [id("1")]);
}

#[test]
fn a_call_that_is_written_again_has_each_step_once() {
    let (_folder, mut journal) = journal();
    let steps = [step(0, Stepped::Began), step(2, Stepped::Ringing(phone("101")))];
    journal.put_story(&ringing("1", 0), &steps[..1], &[]).expect("written");
    journal.put_story(&ringing("1", 0), &steps, &[]).expect("written");
    assert_eq!(words(&journal, "1"), [StepWord::Began, StepWord::Ringing]);
    journal.put_call(&answered("1", 0)).expect("written");
    assert_eq!(words(&journal, "1"), [StepWord::Began, StepWord::Ringing]);
}

#[test]
fn what_was_written_before_ringside_stopped_stays_and_the_call_begins_once() {
    let (_folder, mut journal) = journal();
    let before = [step(0, Stepped::Began), step(1, Stepped::Queued("sales".to_owned()))];
    journal.put_story(&ringing("1", 0), &before, &[]).expect("written");
    let after = [step(60, Stepped::Began), step(61, Stepped::Answered(phone("101")))];
    journal.put_story(&answered("1", 0), &after, &[]).expect("written");
    assert_eq!(
        words(&journal, "1"),
        [StepWord::Began, StepWord::Queued, StepWord::Answered]
    );
}

#[test]
fn a_correction_stands_beside_what_the_number_said() {
    let (folder, mut journal) = journal();
    journal.put_call(&logged("1", "A", "Maria Anders")).expect("written");
    journal
        .choose(&choice("1", "B"), &logged("1", "B", "Karl Anders"))
        .expect("chosen");
    journal
        .link(&choice("1", "C"), &logged("1", "C", "Eva Anders"))
        .expect("linked");
    journal.take_back(&said("1")).expect("taken back");
    let told: Vec<_> = open(folder.path())
        .words_of(&id("1"))
        .expect("read")
        .into_iter()
        .map(|word| {
            assert_eq!((word.line, word.at), (line("101"), said("1").at));
            let name = |one: Option<ringside::journal::Named>| one.map(|one| one.name).unwrap_or_default();
            (word.word, name(word.before), name(word.customer))
        })
        .collect();
    let (a, b, c) = (
        "Maria Anders".to_owned(),
        "Karl Anders".to_owned(),
        "Eva Anders".to_owned(),
    );
    assert_eq!(
        told,
        [
            (SaidKind::Chosen, a, b.clone()),
            (SaidKind::Linked, b, c.clone()),
            (SaidKind::TakenBack, c, String::new()),
        ]
    );
}

#[test]
fn an_earlier_text_of_a_note_says_who_wrote_it() {
    let (_folder, mut journal) = journal();
    journal.put_call(&answered("1", 0)).expect("written");
    for (second, extension, text) in [(1, "101", "Two cases"), (9, "102", "Three cases")] {
        let at = noon() + TimeDelta::seconds(second);
        journal
            .save_note_at(&id("1"), &line(extension), text, at)
            .expect("saved");
    }
    let texts = journal.note_texts(&id("1")).expect("read");
    let told: Vec<_> = texts
        .iter()
        .map(|note| (note.text.as_str(), note.line.0.as_str()))
        .collect();
    assert_eq!(told, [("Three cases", "102"), ("Two cases", "101")]);
}
