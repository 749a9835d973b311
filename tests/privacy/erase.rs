//! What is left of somebody who was erased: nothing beyond what is said to stay.

use ringside::call::{CallId, Outcome};
use ringside::journal::{Act, AuditFilter, CallFilter};
use ringside::start::{Erased, Instance, NoPerson};

use super::pages::stored;
use super::people::{LINKED, MOBILE, OTHER, OTHERS, OWN, SHARED, THEIRS};
use super::{Shop, days_ago, now, reference};
use crate::journal::answered;

fn erased(shop: &Shop) -> Erased {
    let people = shop.people();
    let person = people.find("crm/17").expect("found");
    people.erase(&person, now()).expect("erased")
}

fn missing(shop: &Shop, words: &[&str]) -> Vec<String> {
    let pages = shop.pages();
    let absent = words
        .iter()
        .filter(|word| !pages.iter().any(|file| file.have(word.as_bytes())));
    absent.map(|word| (*word).to_owned()).collect()
}

/// Where each of `words` stands.
fn present(shop: &Shop, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in shop.pages() {
        let name = file.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let here = words.iter().filter(|word| file.have(word.as_bytes()));
        found.extend(here.map(|word| format!("{word} in {name}")));
    }
    found
}

#[test]
fn nothing_of_somebody_who_was_erased_is_left_in_any_page_of_any_store() {
    let shop = Shop::full();
    assert_eq!(
        missing(&shop, &THEIRS),
        Vec::<String>::new(),
        "the search finds what is there"
    );
    let numbers = [OWN, MOBILE, LINKED];
    for number in numbers {
        assert!(
            shop.pages().iter().any(|file| file.have(&stored(number))),
            "{number} is there"
        );
    }
    let erased = erased(&shop);
    assert!(erased.finished);
    assert_eq!(present(&shop, &THEIRS), Vec::<String>::new());
    for number in numbers {
        for file in shop.pages() {
            assert!(!file.have(&stored(number)), "{number} in {}", file.file.display());
        }
    }
    assert_eq!(
        missing(&shop, &OTHER),
        Vec::<String>::new(),
        "the other customer is there"
    );
    shop.journal().check().expect("whole");
}

#[test]
fn the_other_customer_is_whole() {
    let shop = Shop::full();
    let everything = |shop: &Shop| {
        let people = shop.people();
        let person = people.find("crm/18").expect("found");
        let mut all = people.export(&person, now()).expect("given out");
        // the exports themselves stand in the trail, and of the shared call the trace named both
        all["journal"]["audit"].take();
        all["traces"].take();
        all["journal"]["audit_about"].take();
        (all, person.subject)
    };
    let (before, _) = everything(&shop);
    erased(&shop);
    let (after, subject) = everything(&shop);
    assert!(subject.numbers.contains(&SHARED), "now it is theirs alone");
    let journal = |all: &serde_json::Value| all["journal"]["notes"].clone();
    assert_eq!(journal(&before), journal(&after));
    assert_eq!(before["directory"], after["directory"]);
    assert_eq!(before["journal"]["contacts"], after["journal"]["contacts"]);
    assert_eq!(
        before["journal"]["campaign_entries"],
        after["journal"]["campaign_entries"]
    );
    let calls = |all: &serde_json::Value| -> Vec<String> {
        let calls = all["journal"]["calls"].as_array().expect("calls").iter();
        calls
            .map(|call| call["id"].as_str().expect("an id").to_owned())
            .collect()
    };
    assert_eq!(calls(&before), ["chat-1801", "chat-1802", "chat-1803"]);
    for call in calls(&before) {
        assert!(calls(&after).contains(&call));
    }
    let mut directory = shop.directory();
    let hits = directory
        .read()
        .expect("read")
        .search("bystanderin", 5)
        .expect("searched");
    assert_eq!(hits.len(), 1);
    let noted = shop
        .journal()
        .calls_noted(&["betoniertes".to_owned()], 5)
        .expect("searched");
    assert_eq!(
        noted[0].call.id,
        CallId("chat-1801".to_owned()),
        "notes are found by their words"
    );
}

#[test]
fn calls_stay_as_figures_and_say_nothing_of_who_it_was() {
    let shop = Shop::full();
    let before = shop.journal().counts().expect("counted").calls;
    erased(&shop);
    let journal = shop.journal();
    assert_eq!(journal.counts().expect("counted").calls, before);
    let calls = journal.calls_by(&CallFilter::default(), None, 100).expect("read");
    let anonymous: Vec<_> = calls
        .iter()
        .filter(|one| one.call.id.0.starts_with("erased:"))
        .collect();
    assert_eq!(anonymous.len(), 6);
    for one in anonymous {
        let call = &one.call;
        assert_eq!(
            (call.number, call.customer.as_ref(), one.note.as_ref()),
            (None, None, None)
        );
        assert!(call.number_raw.is_empty() && call.number_display.is_empty() && call.caller_name.is_empty());
        assert_eq!(call.outcome, Some(Outcome::Answered));
        assert_eq!(call.lines.len(), 2, "at which phones it rang stays");
    }
}

#[test]
fn the_audit_trail_says_under_a_pseudonym_that_somebody_was_seen_and_erased() {
    let shop = Shop::full();
    let pseudonym = erased(&shop).pseudonym;
    let rows = shop
        .journal()
        .audited(&AuditFilter::default(), None, 100)
        .expect("read");
    let theirs: Vec<Act> = rows
        .iter()
        .filter(|row| row.erased.as_ref() == Some(&pseudonym))
        .map(|row| row.entry.act)
        .collect();
    assert_eq!(theirs, [Act::PersonErased, Act::Uncovered]);
    let erased = &rows[0].entry;
    assert_eq!((erased.agent.as_str(), erased.line.0.as_str()), ("Marta", "101"));
    assert!(
        erased.detail.contains("calls: 6") && erased.detail.contains("notes: 2"),
        "{}",
        erased.detail
    );
    assert!(rows.iter().all(|row| row.entry.customer != Some(reference("crm/17"))));
    let other = rows
        .iter()
        .filter(|row| row.entry.customer == Some(reference("crm/18")));
    assert_eq!(other.count(), 1);
}

#[test]
fn a_call_from_a_shared_number_that_is_logged_for_nobody_stays() {
    let shop = Shop::full();
    let person = shop.people().find("crm/17").expect("found");
    assert_eq!(person.shared.len(), 1);
    assert_eq!(person.shared[0].1, [reference("crm/18")]);
    erased(&shop);
    assert!(
        shop.journal()
            .call(&CallId("chat-9999".to_owned()))
            .expect("read")
            .is_some()
    );
}

#[test]
fn who_is_known_by_a_number_alone_is_erased_by_it() {
    let shop = Shop::full();
    let mut unknown = answered("x", 0);
    unknown.id = CallId("chat-5".to_owned());
    (unknown.customer, unknown.started) = (None, days_ago(3));
    unknown.number = ringside::number::Key::new(493_023_125_133);
    shop.journal().put_call(&unknown).expect("logged");
    let people = shop.people();
    let person = people.find("+49 30 23125133").expect("found");
    assert_eq!(person.subject.records, []);
    people.erase(&person, now()).expect("erased");
    for file in shop.pages() {
        assert!(!file.have(&stored(493_023_125_133)), "{}", file.file.display());
        assert!(!file.have(b"chat-5"), "{}", file.file.display());
    }
    assert!(shop.pages().iter().any(|file| file.have(&stored(OTHERS))));
}

#[test]
fn nobody_is_erased_while_ringside_runs_and_says_what_to_do() {
    let shop = Shop::full();
    let _running = Instance::take(shop.folder.path()).expect("alone");
    let people = shop.people();
    let person = people.find("crm/17").expect("found");
    let refused = people.erase(&person, now()).expect_err("refused");
    assert!(matches!(refused, NoPerson::Running));
    assert!(refused.to_string().contains("quit it"), "{refused}");
    assert_eq!(shop.journal().erasures().expect("read"), []);
}

#[test]
fn nobody_is_erased_who_is_on_the_phone() {
    let shop = Shop::full();
    let mut on = shop
        .journal()
        .call(&CallId("chat-1701".to_owned()))
        .expect("read")
        .expect("there")
        .call;
    on.id = CallId("chat-on".to_owned());
    (on.ended, on.outcome) = (None, None);
    shop.journal().put_call(&on).expect("logged");
    let people = shop.people();
    let person = people.find("crm/17").expect("found");
    let refused = people.erase(&person, now()).expect_err("refused");
    assert!(matches!(refused, NoPerson::OnACall), "{refused}");
}

#[test]
fn an_erasure_while_another_command_reads_is_finished_later() {
    let shop = Shop::full();
    let mut reader = shop.directory();
    let reading = reader.read().expect("reading");
    assert!(!reading.is_empty().expect("read"));
    let people = shop.people();
    let person = people.find("crm/17").expect("found");
    let erased = people.erase(&person, now()).expect("erased");
    assert!(!erased.finished, "the log of the cache is still read");
    assert_eq!(shop.journal().erasures().expect("read").len(), 1);
    drop(reading);
    drop(reader);
    assert!(people.finish(now()).expect("finished").iter().all(|one| one.finished));
    assert_eq!(shop.journal().erasures().expect("read"), []);
    assert_eq!(present(&shop, &THEIRS), Vec::<String>::new());
}
