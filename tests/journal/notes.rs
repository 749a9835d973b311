//! Notes: their time, what they said before, and finding them again.

use chrono::TimeDelta;
use ringside::call::Line;
use ringside::customer::CustomerRef;
use ringside::journal::Counts;
use ringside::number::Key;

use super::{answered, id, journal, noon};

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
fn a_card_number_is_in_no_text_of_a_note_not_even_in_one_that_was_kept_while_it_was_typed() {
    let (_folder, mut journal) = journal();
    for typed in [
        "Wants to pay",
        "Wants to pay, 4111 1111",
        "Wants to pay, 4111 1111 1111 111",
        "Wants to pay, 4111 1111 1111 1111",
    ] {
        journal.save_note(&id("1"), typed, noon()).expect("saved");
    }
    let note = journal.note(&id("1")).expect("read").expect("there");
    assert_eq!(note.text, "Wants to pay, •••• •••• •••• 1111");
    let earlier = journal.earlier_notes(&id("1")).expect("read");
    let earlier: Vec<&str> = earlier.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(earlier, ["Wants to pay"]);
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
