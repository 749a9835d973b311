//! Who was erased does not come back with the next reading of a source, and comes back when that is said.

use ringside::customer::LeftOut;
use ringside::directory::{Counts, DirectoryError};
use ringside::source::pull::{Batch, Extent, Keyed, Stream};

use super::people::{crm, take_in, victim};
use super::{Shop, now, reference};
use crate::directory::{customer, phone};

fn erased() -> Shop {
    let shop = Shop::full();
    let people = shop.people();
    people
        .erase(&people.find("crm/17").expect("found"), now())
        .expect("erased");
    shop
}

fn is_there(shop: &Shop, record: &str) -> bool {
    let mut directory = shop.directory();
    let reading = directory.read().expect("read");
    reading.by_reference(&reference(record)).expect("read").is_some()
}

#[test]
fn an_import_leaves_out_who_was_erased_with_all_that_is_theirs_and_says_how_many() {
    let shop = erased();
    let counts: Counts = take_in(&shop, "crm", &crm());
    assert!(!is_there(&shop, "crm/17") && is_there(&shop, "crm/18"));
    assert_eq!(counts.customers.left_out, 1);
    let others = [counts.order_lines, counts.invoices, counts.balances, counts.tickets];
    assert_eq!(others.map(|tally| tally.left_out), [1, 1, 1, 1]);
    assert_eq!(others.map(|tally| tally.unknown_customer), [0; 4]);
}

#[test]
fn a_sync_leaves_them_out_too_and_the_history_of_the_source_says_it() {
    let shop = erased();
    let place = shop.directory().place();
    let mut sync = place.begin_sync("crm", 1, now()).expect("begun");
    let stream = Stream {
        name: "customers".to_owned(),
        kind: Keyed::Customer,
    };
    sync.stream(&stream, true).expect("a stream");
    let batch = Batch {
        records: vec![victim("17"), customer("19", &[phone(493_023_125_144)])],
        ..Batch::default()
    };
    sync.take(&batch).expect("taken");
    sync.end_stream(Extent::Changes).expect("ended");
    let tally = sync.finish(now(), None).expect("finished");
    assert_eq!((tally.left_out, tally.added, tally.refused), (1, 1, 0));
    assert!(!is_there(&shop, "crm/17") && is_there(&shop, "crm/19"));
    assert_eq!(place.runs("crm", 1).expect("read")[0].tally.left_out, 1);
}

#[test]
fn another_source_does_not_bring_them_back_under_another_key_with_their_number() {
    let shop = erased();
    let counts = take_in(&shop, "webshop", &[victim("17"), victim("4711")]);
    assert_eq!(counts.customers.left_out, 2);
    assert!(!is_there(&shop, "webshop/17"));
}

#[test]
fn who_was_there_before_with_a_shared_number_goes_on_being_read() {
    let shop = erased();
    let counts = take_in(&shop, "crm", &crm());
    assert_eq!(counts.customers.unchanged, 1, "crm/18 has a number that both had");
}

#[test]
fn who_comes_back_is_let_in_by_any_record_or_number_of_theirs() {
    for word in ["crm/17", "shop/9001", "+49 30 23125177", "03023125177"] {
        let shop = erased();
        let people = shop.people();
        assert!(!people.let_in("crm/18", now()).expect("read"), "was never erased");
        assert!(people.let_in(word, now()).expect("let in"), "{word}");
        let counts = take_in(&shop, "crm", &crm());
        assert_eq!(counts.customers.left_out, 0);
        assert!(is_there(&shop, "crm/17"));
        assert!(!people.let_in(word, now()).expect("read"), "once is enough");
    }
}

#[test]
fn nothing_is_taken_in_while_it_is_not_known_who_was_erased() {
    let shop = erased();
    let broken = std::sync::Arc::new(|| -> Result<LeftOut, String> { Err("the disk is gone".to_owned()) });
    let refused = shop.directory().leaving_out(broken).begin_import("crm", now()).err();
    assert!(matches!(refused, Some(DirectoryError::WhoIsLeftOut(_))));
}

#[test]
fn of_who_is_left_out_the_journal_has_hashes_alone() {
    let shop = erased();
    let left_out = shop.journal().left_out().expect("read");
    assert!(left_out.has_record(&reference("crm/17")) && left_out.has_record(&reference("shop/9001")));
    assert!(!left_out.has_record(&reference("crm/18")));
}
