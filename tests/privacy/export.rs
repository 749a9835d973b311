//! All that is known of somebody, given out.

use super::people::{OTHER, THEIRS};
use super::{Shop, now, reference};
use ringside::journal::{Act, AuditFilter};

#[test]
fn an_export_has_everything_that_the_stores_have_of_somebody() {
    let shop = Shop::full();
    let people = shop.people();
    let person = people.find("shop/9001").expect("found by any record of theirs");
    assert_eq!(person.name, "Quendolin Xaverovitz");
    let document = people.export(&person, now()).expect("given out");
    let text = document.to_string();
    // an earlier name that a source no longer has, and an earlier word of the town, are nowhere to be given out
    for word in THEIRS.iter().filter(|word| !["ndaskop"].contains(word)) {
        let word = word.to_lowercase();
        assert!(text.to_lowercase().contains(&word), "{word} is missing");
    }
    for (part, table, rows) in [
        ("directory", "customers", 2),
        ("directory", "purchases", 2),
        ("directory", "invoices", 1),
        ("directory", "tickets", 1),
        ("directory", "balances", 1),
        ("journal", "calls", 6),
        ("journal", "notes", 2),
        ("journal", "note_revisions", 2),
        ("journal", "tasks", 2),
        ("journal", "tickets", 1),
        ("journal", "ticket_entries", 1),
        ("journal", "offers", 1),
        ("journal", "contacts", 1),
        ("journal", "campaign_entries", 1),
        ("journal", "campaign_tries", 1),
        ("journal", "links", 2),
        ("journal", "choices", 2),
        ("journal", "customers", 1),
        ("journal", "edits", 1),
        ("journal", "handed_notes", 1),
        ("journal", "audit", 2),
    ] {
        let found = document[part][table].as_array().map_or(0, Vec::len);
        assert_eq!(found, rows, "{part} {table}: {}", document[part][table]);
    }
    let note = &document["journal"]["notes"][0];
    assert_eq!(note["written_at"], "2026-10-26T12:00:00+00:00", "times are readable");
}

#[test]
fn an_export_has_nothing_of_anybody_else() {
    let shop = Shop::full();
    let people = shop.people();
    let person = people.find("crm/17").expect("found");
    let mut document = people.export(&person, now()).expect("given out");
    // of a call at which both were candidates, the trace is of both
    document["traces"].take();
    let text = document.to_string();
    for word in OTHER.iter().filter(|word| **word != "3023125188") {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn that_somebody_was_given_out_stands_in_the_trail() {
    let shop = Shop::full();
    let people = shop.people();
    people
        .export(&people.find("crm/18").expect("found"), now())
        .expect("given out");
    let rows = shop.journal().audited(&AuditFilter::default(), None, 1).expect("read");
    assert_eq!(rows[0].entry.act, Act::PersonExported);
    assert_eq!(rows[0].entry.customer, Some(reference("crm/18")));
    assert_eq!(rows[0].name, "Ulrike Bystanderin");
}
