//! What a pop reads.

use super::*;
use ringside::customer::CustomerId;
use ringside::directory::{Opened, Outcome};

#[test]
fn a_missing_cache_is_an_empty_one() {
    let cache = Cache::new();
    let mut directory = cache.open();
    assert_eq!(directory.opened(), Opened::New);
    assert!(holders(&mut directory, 4_930_123).is_empty());
    assert_eq!(cache.open().opened(), Opened::Existing);
}

#[test]
fn a_shared_number_names_everybody_who_has_it() {
    let cache = Cache::new();
    cache.import(&shop());
    let mut directory = cache.open();
    assert_eq!(holders(&mut directory, 4_930_123).len(), 1);
    let mut shared: Vec<_> = holders(&mut directory, 4_930_999)
        .iter()
        .map(|holder| holder.customer)
        .collect();
    shared.sort();
    assert_eq!(shared, [CustomerId(1), CustomerId(2)]);
}

#[test]
fn a_holder_says_how_the_number_was_given_and_the_extension() {
    let cache = Cache::new();
    let national = PhoneRow {
        given: Given::National,
        ext: Some("42".into()),
        ..phone(4_930_123)
    };
    cache.import(&[customer("ALFKI", &[national, phone(4_930_124)])]);
    let mut directory = cache.open();
    let expected = Holder {
        customer: CustomerId(1),
        given: Given::National,
        ext: Some("42".into()),
    };
    assert_eq!(holders(&mut directory, 4_930_123), [expected]);
    assert_eq!(holders(&mut directory, 4_930_124)[0].given, Given::International);
}

#[test]
fn a_number_that_nobody_could_read_is_kept_and_never_matched() {
    let cache = Cache::new();
    let unread = PhoneRow {
        key: None,
        raw: "ask Maria".into(),
        ..phone(1)
    };
    cache.import(&[customer(
        "ALFKI",
        &[
            unread.clone(),
            PhoneRow {
                raw: "n/a".into(),
                ..unread
            },
        ],
    )]);
    assert!(holders(&mut cache.open(), 1).is_empty());
    let kept: i64 = cache
        .sql()
        .query_row("SELECT count(*) FROM unread_phones", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 2);
}

#[test]
fn a_dossier_has_everything_the_source_gave() {
    let cache = Cache::new();
    cache.import(&shop());
    let dossier = cache.dossier("ALFKI");
    assert_eq!(dossier.customer.name, "Name of ALFKI");
    assert_eq!(dossier.customer.reference, CustomerRef("files/ALFKI".into()));
    assert_eq!(dossier.customer.seen, day(100));
    assert_eq!(dossier.balances[0].open, euro(300));
    let orders: Vec<_> = dossier
        .orders
        .iter()
        .map(|order| (order.number.as_str(), order.amount.minor))
        .collect();
    assert_eq!(orders, [("o2", 200), ("o1", 1_000)]);
    let lines: Vec<_> = dossier
        .lines
        .iter()
        .map(|line| (line.order.as_str(), line.product_name.as_str()))
        .collect();
    assert_eq!(
        lines,
        [("o2", "Product tea"), ("o1", "Product tea"), ("o1", "Product pot")]
    );
    assert_eq!(
        dossier.bought.iter().map(|one| one.last).collect::<Vec<_>>(),
        [day(2), day(1)]
    );
    assert_eq!(
        dossier
            .tickets
            .iter()
            .map(|ticket| ticket.number.as_str())
            .collect::<Vec<_>>(),
        ["t1"]
    );
    assert_eq!(dossier.orders_seen, Some(day(100)));
}

#[test]
fn the_last_ten_lines_are_shown_with_the_product_names() {
    let cache = Cache::new();
    let mut records = vec![customer("ALFKI", &[])];
    records.extend((1..=25).map(|day| line("ALFKI", &format!("o{day}"), day, "unheard-of", day)));
    cache.import(&records);
    let lines = cache.dossier("ALFKI").lines;
    assert_eq!(
        lines.iter().map(|line| line.amount.minor).collect::<Vec<_>>(),
        (16..=25).rev().collect::<Vec<_>>()
    );
    assert_eq!(lines[0].product_name, "unheard-of");
}

#[test]
fn two_sources_may_use_the_same_keys() {
    let cache = Cache::new();
    cache.import(&shop());
    let mut other = cache.open().begin_import("shop", day(1)).unwrap();
    other.record(&customer("ALFKI", &[])).unwrap();
    assert_eq!(
        other.record(&line("BERGS", "o1", 1, "tea", 1)).unwrap(),
        Outcome::UnknownCustomer
    );
    assert_eq!(other.finish().unwrap().customers.added, 1);
    let mut directory = cache.open();
    let reading = directory.read().unwrap();
    let theirs = reading
        .by_reference(&CustomerRef::new("shop", "ALFKI"))
        .unwrap()
        .unwrap();
    assert!(reading.dossier(theirs.id, day(100)).unwrap().unwrap().orders.is_empty());
}

#[test]
fn a_product_renamed_by_another_process_has_its_new_name_at_the_next_pop() {
    let cache = Cache::new();
    cache.import(&shop());
    let mut desktop = cache.open();
    assert_eq!(dossier(&mut desktop, "ALFKI").lines[0].product_name, "Product tea");
    let Record::Product(row) = product("tea") else {
        unreachable!("a product is a product")
    };
    cache.import(&[Record::Product(ProductRow {
        name: "Green tea".into(),
        ..row
    })]);
    assert_eq!(dossier(&mut desktop, "ALFKI").lines[0].product_name, "Green tea");
}

#[test]
fn one_answer_is_of_one_moment() {
    let cache = Cache::new();
    cache.import(&shop());
    let mut desktop = cache.open();
    let reading = desktop.read().unwrap();
    let holder = reading.holders(Key::new(4_930_123).unwrap()).unwrap()[0].customer;
    cache.import(&[line("ALFKI", "o9", 9, "tea", 1)]);
    assert_eq!(reading.dossier(holder, day(100)).unwrap().unwrap().orders.len(), 2);
    drop(reading);
    assert_eq!(dossier(&mut desktop, "ALFKI").orders.len(), 3);
}

#[test]
fn products_that_go_together_are_learnt_from_the_orders() {
    let cache = Cache::new();
    let mut records = vec![customer("ALFKI", &[]), product("tea"), product("pot"), product("jam")];
    for n in 0..8 {
        records.push(line("ALFKI", &format!("both{n}"), n, "tea", 1));
        records.push(line("ALFKI", &format!("both{n}"), n, "pot", 1));
    }
    records.extend((0..60).map(|n| line("ALFKI", &format!("jam{n}"), n, "jam", 1)));
    cache.import(&records);
    let mut directory = cache.open();
    let related: Vec<_> = directory
        .read()
        .unwrap()
        .catalogue()
        .related
        .iter()
        .flat_map(|(one, others)| others.iter().map(|other| (one.0, other.other.0, other.together)))
        .collect();
    assert_eq!(related.len(), 2);
    assert!(related.contains(&(1, 2, 8)) && related.contains(&(2, 1, 8)));
}
