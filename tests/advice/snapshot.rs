//! What a directory learns from its purchases, from the import to a customer's advice.
#![allow(clippy::unwrap_used)]

use chrono::{DateTime, TimeDelta, Utc};
use ringside::advisor::answers::Answers;
use ringside::advisor::champion::{Task, Voice};
use ringside::advisor::{Asked, Guards, Kind, suggest};
use ringside::customer::{Currency, CustomerRef, Money};
use ringside::directory::Directory;
use ringside::source::record::{CustomerRow, OrderLineRow, Record};

/// 300 customers; each of them re-orders one product of a hundred every 20 days, and one that chance chooses.
fn records() -> Vec<Record> {
    let start: DateTime<Utc> = "2026-01-01T10:00:00Z".parse().unwrap();
    let mut records = Vec::new();
    for customer in 0..300i64 {
        let key = format!("C{customer}");
        records.push(Record::Customer(CustomerRow {
            key: key.clone(),
            name: key.clone(),
            ..CustomerRow::default()
        }));
        for nth in 0..9i64 {
            let chance = (customer * 7_919 + nth * 104_729) % 100;
            for product in [customer % 100, chance] {
                records.push(Record::OrderLine(OrderLineRow {
                    customer: key.clone(),
                    order: format!("{customer}-{nth}"),
                    at: start + TimeDelta::days(customer % 20 + nth * 20),
                    product: format!("P{product}"),
                    quantity_milli: 1_000,
                    amount: Money {
                        minor: 500,
                        currency: Currency::EUR,
                    },
                }));
            }
        }
    }
    records
}

#[test]
fn a_product_that_is_bought_again_and_again_is_said_to_be_due_in_its_own_rhythm() {
    let folder = tempfile::tempdir().unwrap();
    let mut directory = Directory::open(&folder.path().join("cache.db"), &[9; 32]).unwrap();
    let mut import = directory
        .begin_import("files", "2026-07-01T00:00:00Z".parse().unwrap())
        .unwrap();
    for record in records() {
        import.record(&record).unwrap();
    }
    import.finish().unwrap();
    assert!(directory.read().unwrap().snapshot().is_none());
    directory.learn().unwrap();
    let reading = directory.read().unwrap();
    let snapshot = reading.snapshot().unwrap();
    assert_eq!(snapshot.advice.champion(Task::Any).voice, Voice::Speaks);
    let customer = reading.by_reference(&CustomerRef("files/C7".into())).unwrap().unwrap();
    let dossier = reading.dossier(customer.id, chrono::Utc::now()).unwrap().unwrap();
    let bought: Vec<_> = dossier.bought.iter().map(|one| one.product).collect();
    let (history, purchases) = reading.history(customer.id).unwrap();
    let last = *history.days().last().unwrap();
    let asked = Asked {
        bought: &bought,
        history: &history,
        guards: &Guards::default(),
        answers: &Answers::default(),
        day: last + 18,
    };
    let advised = suggest(
        reading.catalogue(),
        Some((&snapshot.advice, &mut Default::default())),
        asked,
    );
    let again: Vec<_> = advised
        .suggestions
        .iter()
        .filter(|one| one.kind != Kind::CrossSell)
        .collect();
    assert_eq!(again.len(), 1, "{advised:?}");
    let (every, due) = (20, last + 20);
    assert_eq!(again[0].kind, Kind::Again { every, due });
    assert_eq!(reading.catalogue().products[&again[0].product].key, "P7");
    assert!(again[0].chance.unwrap() > 0.5, "{advised:?}");
    let relation = snapshot.relations.of(&purchases, last + 18).unwrap();
    assert_eq!((relation.rhythm, relation.overdue), (Some(20), false));
    assert!(snapshot.relations.of(&purchases, last + 41).unwrap().overdue);
}

#[test]
fn a_running_desk_takes_new_purchases_in_without_learning_all_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut directory = Directory::open(&folder.path().join("cache.db"), &[9; 32]).unwrap();
    let import = |directory: &Directory, records: Vec<Record>| {
        let at = "2026-07-01T00:00:00Z".parse().unwrap();
        let mut import = directory.begin_import("files", at).unwrap();
        for record in records {
            import.record(&record).unwrap();
        }
        import.finish().unwrap();
    };
    import(&directory, records());
    directory.learn().unwrap();
    let pair = |directory: &mut Directory| {
        let reading = directory.read().unwrap();
        let id = |key: &str| {
            let mut products = reading.catalogue().products.iter();
            products.find(|one| one.1.key == key).unwrap().0.0
        };
        reading.snapshot().unwrap().advice.together(id("P1"), id("P2"))
    };
    let (together, of) = pair(&mut directory);
    let line = |nth: i64, product: &str| {
        Record::OrderLine(OrderLineRow {
            customer: format!("C{nth}"),
            order: format!("new-{nth}"),
            at: "2026-06-30T10:00:00Z".parse().unwrap(),
            product: product.into(),
            quantity_milli: 1_000,
            amount: Money {
                minor: 500,
                currency: Currency::EUR,
            },
        })
    };
    let new = (0..10).flat_map(|nth| [line(nth, "P1"), line(nth, "P2")]).collect();
    import(&directory, new);
    assert_eq!(pair(&mut directory), (together + 10, of + 10));
    assert_eq!(
        pair(&mut directory),
        (together + 10, of + 10),
        "each line is taken in once"
    );
    directory.learn().unwrap();
    assert_eq!(pair(&mut directory), (together + 10, of + 10), "as all purchases teach");
}
