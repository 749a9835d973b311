//! Contacts over other channels, and notes found by their words.

use ringside::journal::{Channel, NewContact, Way};

use super::*;

fn maria() -> LoggedCustomer {
    answered("0", 0).customer.expect("known")
}

fn contact(channel: Channel, minutes: i64, text: &str) -> NewContact {
    NewContact {
        customer: maria(),
        channel,
        way: Way::In,
        at: noon() + TimeDelta::minutes(minutes),
        text: text.to_owned(),
        line: Line("101".to_owned()),
    }
}

/// Words of the notes that are found.
fn noted(journal: &Journal, words: &[&str]) -> Vec<String> {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let calls = journal.calls_noted(&words, 10).expect("read");
    calls
        .into_iter()
        .filter_map(|logged| logged.note)
        .map(|note| note.text)
        .collect()
}

#[test]
fn contacts_stand_with_their_customer_the_latest_first_and_can_be_taken_out() {
    let (_folder, mut journal) = journal();
    let letter = journal
        .put_contact(&contact(Channel::Letter, 0, "New terms"), noon())
        .expect("written");
    journal
        .put_contact(&contact(Channel::Email, 5, "Card 4111 1111 1111 1111"), noon())
        .expect("written");
    let of = |journal: &Journal| {
        journal
            .contacts_of(&maria().reference, DateTime::<Utc>::MAX_UTC, 10)
            .expect("read")
    };
    let told: Vec<_> = of(&journal).into_iter().map(|one| (one.channel, one.text)).collect();
    assert_eq!(
        told,
        [
            (Channel::Email, "Card •••• •••• •••• 1111".to_owned()),
            (Channel::Letter, "New terms".to_owned())
        ]
    );
    assert!(journal.drop_contact(letter).expect("taken out"));
    assert!(!journal.drop_contact(letter).expect("nothing is there"));
    assert_eq!(of(&journal).len(), 1);
}

#[test]
fn a_note_is_found_by_the_beginnings_of_its_words_whatever_their_accents() {
    let (_folder, mut journal) = journal();
    for (name, text) in [("1", "Käthe wants 20 × sea salt"), ("2", "Paški sir for Friday")] {
        journal.put_call(&answered(name, 0)).expect("written");
        journal.save_note(&id(name), text, noon()).expect("saved");
    }
    assert_eq!(noted(&journal, &["kathe", "sal"]), ["Käthe wants 20 × sea salt"]);
    assert_eq!(noted(&journal, &["PASK"]), ["Paški sir for Friday"]);
    assert_eq!(noted(&journal, &["kathe", "sir"]), Vec::<String>::new());
}

#[test]
fn a_note_that_was_changed_is_found_by_what_it_says_now() {
    let (_folder, mut journal) = journal();
    journal.put_call(&answered("1", 0)).expect("written");
    journal.save_note(&id("1"), "kettle", noon()).expect("saved");
    journal.save_note(&id("1"), "teapot", noon()).expect("saved");
    assert_eq!(noted(&journal, &["kettle"]), Vec::<String>::new());
    assert_eq!(noted(&journal, &["teap"]), ["teapot"]);
}

#[test]
fn whatever_is_typed_finds_or_finds_nothing_and_is_never_a_query_of_its_own() {
    let (_folder, mut journal) = journal();
    journal.put_call(&answered("1", 0)).expect("written");
    journal
        .save_note(&id("1"), "AND OR NOT near text", noon())
        .expect("saved");
    for words in [
        vec!["\"", "*"],
        vec![],
        vec!["text:", "^near"],
        vec!["NEAR(a", "b)"],
        vec!["\u{0}"],
        vec!["-"],
    ] {
        let _found = noted(&journal, &words);
    }
    assert_eq!(noted(&journal, &["not"]), ["AND OR NOT near text"]);
    assert_eq!(noted(&journal, &["\"and\""]), ["AND OR NOT near text"]);
}
