//! Records of several sources that are one person, seen as the panel sees them.

use chrono::{DateTime, Utc};
use ringside::call::Party;
use ringside::customer::CustomerRef;
use ringside::desk::{Identify, Moment, Via};
use ringside::directory::{Directory, Dossier, Hand};
use ringside::journal::{Fact, Journal};
use ringside::number::DialContext;
use ringside::pop::view::{PopView, VerdictKind};
use ringside::source::pull::{Batch, Extent, Keyed, Stream};
use ringside::source::record::{CustomerRow, Record};
use ringside::vault::MasterKey;

use crate::directory::{Cache, balance, day, line, phone, ticket};

struct Two {
    cache: Cache,
    hand: Hand,
}

fn person(key: &str, name: &str, email: &str, digits: u64) -> CustomerRow {
    CustomerRow {
        key: key.to_owned(),
        name: name.to_owned(),
        email: email.to_owned(),
        phones: vec![phone(digits)],
        ..CustomerRow::default()
    }
}

impl Two {
    /// Accounting, which is believed first, and a shop.
    fn new(books: Vec<CustomerRow>, shop: Vec<CustomerRow>) -> Self {
        let two = Two {
            cache: Cache::new(),
            hand: Hand::default(),
        };
        let people = |rows: Vec<CustomerRow>| rows.into_iter().map(Record::Customer).collect::<Vec<_>>();
        two.sync("books", 1, people(books), Keyed::Customer);
        two.sync("shop", 2, people(shop), Keyed::Customer);
        two.link();
        two
    }

    fn sync(&self, source: &str, precedence: u32, records: Vec<Record>, kind: Keyed) {
        let place = self.cache.open().place();
        let mut sync = place.begin_sync(source, precedence, day(50)).unwrap();
        let stream = Stream {
            name: format!("{kind:?}"),
            kind,
        };
        sync.stream(&stream, true).unwrap();
        let batch = Batch {
            records,
            ..Batch::default()
        };
        sync.take(&batch).unwrap();
        sync.end_stream(Extent::Whole).unwrap();
        sync.finish(day(50), None).unwrap();
    }

    fn link(&self) {
        self.cache.open().place().link(&self.hand).unwrap();
    }

    fn dossier(&self, reference: &str) -> Dossier {
        let mut directory = self.cache.open();
        let reading = directory.read().unwrap();
        let customer = reading
            .by_reference(&CustomerRef(reference.to_owned()))
            .unwrap()
            .unwrap();
        reading.dossier(customer.id, day(100)).unwrap().unwrap()
    }

    fn pop(&self, number: &str, journal: Option<&Journal>) -> PopView {
        let directory = Directory::open(&self.cache.path(), &crate::directory::KEY).unwrap();
        let mut identify = Identify::new(directory, DialContext::default(), Default::default(), Vec::new());
        let party = Party {
            number: number.to_owned(),
            ..Party::default()
        };
        let via = Via {
            feed: "pbx",
            called: "",
            trunk: None,
        };
        let now: DateTime<Utc> = day(100);
        let moment = Moment {
            now,
            offset: chrono::FixedOffset::east_opt(0).unwrap(),
        };
        identify.find(via, &party, journal, moment).unwrap().pop
    }
}

#[test]
fn what_was_bought_by_any_record_is_learnt_from_and_an_order_that_two_sources_know_counts_once() {
    let two = Two::new(
        vec![person("7", "Anna Maier", "anna@example.org", 493_023_125_101)],
        vec![person("A1", "A. Maier", "anna@example.org", 493_023_125_102)],
    );
    let both = |customer| line(customer, "o1", 1, "tea", 500);
    two.sync(
        "books",
        1,
        vec![both("7"), line("7", "o2", 3, "cup", 900)],
        Keyed::Order,
    );
    two.sync(
        "shop",
        2,
        vec![both("A1"), line("A1", "o3", 2, "pot", 700)],
        Keyed::Order,
    );
    let history = |reference: &str| {
        let mut directory = two.cache.open();
        let reading = directory.read().unwrap();
        let customer = reading
            .by_reference(&CustomerRef(reference.to_owned()))
            .unwrap()
            .unwrap();
        let (history, purchases) = reading.history(customer.id).unwrap();
        (history.len(), purchases.paid.unwrap().sum)
    };
    assert_eq!(history("books/7"), (3, 2_100));
    assert_eq!(history("shop/A1"), (3, 2_100));
}

#[test]
fn one_person_of_two_sources_pops_once_with_what_both_know() {
    let two = Two::new(
        vec![person("7", "Anna Maier", "Anna@Example.org", 493_023_125_101)],
        vec![person("A1", "A. Maier", "anna@example.org ", 493_023_125_101)],
    );
    two.sync("books", 1, vec![balance("7", "EUR", 5_000)], Keyed::Balance);
    two.sync("shop", 2, vec![balance("A1", "EUR", 9_900)], Keyed::Balance);
    two.sync("shop", 2, vec![line("A1", "o1", 1, "tea", 500)], Keyed::Order);
    two.sync("shop", 2, vec![ticket("A1", "t1", true)], Keyed::Ticket);
    let pop = two.pop("+493023125101", None);
    assert_eq!((pop.verdict, pop.shared_by), (VerdictKind::One, 1));
    let customer = pop.customer.unwrap();
    assert_eq!(
        (customer.reference.as_str(), customer.name.as_str()),
        ("books/7", "Anna Maier")
    );
    let balance = pop.balance.unwrap();
    assert_eq!((balance.open.minor, balance.origin.source.as_str()), (5_000, "books"));
    let said: Vec<_> = balance
        .others
        .iter()
        .map(|other| (other.open.minor, other.origin.source.as_str()))
        .collect();
    assert_eq!(said, [(9_900, "shop")]);
    assert_eq!(pop.purchases.unwrap().orders, 1);
    assert_eq!(pop.open[0].number, "t1");
    let others: Vec<_> = pop
        .records
        .iter()
        .map(|one| (one.origin.source.as_str(), one.name.as_deref()))
        .collect();
    assert_eq!(others, [("books", Some("Anna Maier")), ("shop", Some("A. Maier"))]);
    // the search has her once
    let mut directory = two.cache.open();
    assert_eq!(directory.read().unwrap().search("maier", 10).unwrap().len(), 1);
}

#[test]
fn a_shared_number_links_nobody_and_neither_does_an_address_that_several_have() {
    let mut office = person("8", "Ben", "info@example.org", 493_023_125_101);
    office.vat = "DE 123 456 789".to_owned();
    let two = Two::new(
        vec![person("7", "Anna", "info@example.org", 493_023_125_101), office.clone()],
        vec![
            person("A1", "Carla", "info@example.org", 493_023_125_101),
            person("A2", "Dora", "", 493_023_125_101),
            CustomerRow {
                key: "A3".to_owned(),
                vat: "DE123456789".to_owned(),
                ..CustomerRow::default()
            },
        ],
    );
    assert!(two.dossier("shop/A1").records.is_empty());
    assert!(two.dossier("shop/A2").records.is_empty());
    // but one tax number is one company
    assert_eq!(two.dossier("shop/A3").customer.reference.0, "books/8");
}

#[test]
fn a_source_that_has_the_keys_of_another_links_by_them() {
    let mut known = person("A1", "Anna", "", 1);
    known.same_as = vec![CustomerRef::new("books", "7"), CustomerRef::new("books", "nobody")];
    let two = Two::new(vec![person("7", "Anna Maier", "", 2)], vec![known]);
    assert_eq!(two.dossier("shop/A1").records.len(), 2);
}

#[test]
fn what_was_linked_by_hand_is_parted_exactly_and_what_was_parted_stays_so() {
    let mut two = Two::new(
        vec![
            person("7", "Anna", "anna@example.org", 493_023_125_101),
            person("8", "Ben", "", 493_023_125_102),
        ],
        vec![
            person("A1", "Anna", "anna@example.org", 493_023_125_101),
            person("A2", "B.", "", 493_023_125_103),
        ],
    );
    two.sync("shop", 2, vec![line("A2", "o1", 1, "tea", 500)], Keyed::Order);
    let before = (two.dossier("books/8"), two.dossier("shop/A2"));
    two.hand.together = vec![(CustomerRef::new("books", "8"), CustomerRef::new("shop", "A2"))];
    two.link();
    let linked = two.dossier("shop/A2");
    assert_eq!(
        (linked.customer.reference.0.as_str(), linked.orders.len()),
        ("books/8", 1)
    );
    assert_eq!(two.pop("+493023125103", None).customer.unwrap().name, "Ben");
    two.hand = Hand::default();
    two.link();
    assert_eq!((two.dossier("books/8"), two.dossier("shop/A2")), before);
    two.hand.apart = vec![CustomerRef::new("shop", "A1")];
    two.link();
    assert!(two.dossier("shop/A1").records.is_empty());
    assert_eq!(two.pop("+493023125101", None).verdict, VerdictKind::Several);
}

#[test]
fn what_a_person_wrote_stands_before_what_every_source_says() {
    let two = Two::new(vec![person("7", "Ana Maier", "", 493_023_125_101)], Vec::new());
    let folder = tempfile::tempdir().unwrap();
    let key = MasterKey::random().unwrap();
    let mut journal = Journal::open(&folder.path().join("journal.db"), &key).unwrap();
    let reference = CustomerRef::new("books", "7");
    journal
        .edit(&reference, Fact::Name, Some("Anna Maier"), day(1))
        .unwrap();
    let name = |journal: &Journal| two.pop("+493023125101", Some(journal)).customer.unwrap().name;
    assert_eq!(name(&journal), "Anna Maier");
    two.sync(
        "books",
        1,
        vec![Record::Customer(person("7", "ANA MAIER", "", 493_023_125_101))],
        Keyed::Customer,
    );
    assert_eq!(name(&journal), "Anna Maier");
    journal.edit(&reference, Fact::Name, None, day(2)).unwrap();
    assert_eq!(name(&journal), "ANA MAIER");
    journal
        .link_records(&reference, &CustomerRef::new("shop", "A"), day(3))
        .unwrap();
    assert_eq!(journal.record_links().unwrap().len(), 1);
    journal.part_record(&reference, day(4)).unwrap();
    assert!(journal.record_links().unwrap().is_empty());
    assert_eq!(journal.records_apart().unwrap(), [reference]);
}
