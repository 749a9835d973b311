//! Each guard silences its product in what the panel is given, and the trace says which it was.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use ringside::call::{Line, Party};
use ringside::customer::{Currency, CustomerRef, Money};
use ringside::desk::{AdviceRules, Found, Identify, Moment, Via};
use ringside::directory::Directory;
use ringside::journal::{Journal, Offer, OfferAnswer};
use ringside::number::{DialContext, Region, read};
use ringside::pop::view::{GuardView, SilencedView};
use ringside::source::record::{CustomerRow, OrderLineRow, PhoneRow, ProductRow, Record};

const NUMBER: &str = "+49 30 23125101";

fn now() -> DateTime<Utc> {
    "2026-07-15T10:00:00Z".parse().unwrap()
}

/// What is special about the tea pot that everybody buys with tea.
#[derive(Default)]
struct Pot {
    discontinued: bool,
    category: &'static str,
    /// The caller has another of the category already.
    owned: bool,
    /// The caller said no to it so many days ago.
    declined: Option<i64>,
    /// How many orders had tea and pot.
    orders: u32,
    /// Category of the tea, by which the pot is explained.
    tea: &'static str,
}

fn records(pot: &Pot) -> Vec<Record> {
    let number = read(NUMBER, Region::from_code("DE")).unwrap();
    let customer = |key: &str| {
        let phone = PhoneRow {
            raw: NUMBER.into(),
            label: "phone".into(),
            key: Some(number.key),
            given: number.given,
            ext: None,
        };
        Record::Customer(CustomerRow {
            key: key.into(),
            name: key.into(),
            phones: if key == "ALFKI" { vec![phone] } else { Vec::new() },
            ..CustomerRow::default()
        })
    };
    let product = |key: &str, name: &str, category: &str, discontinued| {
        Record::Product(ProductRow {
            key: key.into(),
            name: name.into(),
            category: category.into(),
            price: None,
            discontinued,
        })
    };
    let line = |customer: &str, order: u32, product: &str| {
        Record::OrderLine(OrderLineRow {
            customer: customer.into(),
            order: order.to_string(),
            at: now() - TimeDelta::days(10 + i64::from(order % 28)),
            product: product.into(),
            quantity_milli: 1_000,
            amount: Money {
                minor: 500,
                currency: Currency::EUR,
            },
        })
    };
    let mut records = vec![customer("ALFKI"), customer("BERGS")];
    records.push(product("tea", "Green tea", pot.tea, false));
    records.push(product("pot", "Tea pot", pot.category, pot.discontinued));
    records.push(product("jam", "Jam", "", false));
    records.push(line("ALFKI", 1, "tea"));
    if pot.owned {
        records.push(line("ALFKI", 1, "pot"));
    }
    records
        .extend((100..100 + pot.orders).flat_map(|order| [line("BERGS", order, "tea"), line("BERGS", order, "pot")]));
    records.extend((200..300).map(|order| line("BERGS", order, "jam")));
    records
}

fn look(pot: &Pot, rules: AdviceRules) -> Found {
    let folder = tempfile::tempdir().unwrap();
    let directory = Directory::open(&folder.path().join("cache.db"), &[9; 32]).unwrap();
    let mut import = directory.begin_import("files", now()).unwrap();
    for record in records(pot) {
        import.record(&record).unwrap();
    }
    import.finish().unwrap();
    let mut journal = Journal::open(&folder.path().join("journal.db"), &crate::journal::key(7)).unwrap();
    if let Some(days) = pot.declined {
        let call = crate::journal::answered("1", 0);
        journal.put_call(&call).unwrap();
        let offer = Offer {
            call: call.id,
            product: "pot".into(),
            product_name: "Tea pot".into(),
            customer: Some(CustomerRef("files/ALFKI".into())),
            answer: OfferAnswer::Declined,
            line: Line("101".into()),
            at: now() - TimeDelta::days(days),
        };
        journal.answer_offer(&offer).unwrap();
    }
    let mut identify = Identify::new(directory, DialContext::default(), HashMap::new(), Vec::new()).advising(rules);
    let party = Party {
        number: NUMBER.into(),
        ..Party::default()
    };
    let via = Via {
        feed: "",
        called: "",
        trunk: None,
    };
    let moment = Moment {
        now: now(),
        offset: FixedOffset::east_opt(0).unwrap(),
    };
    identify.find(via, &party, Some(&journal), moment).unwrap()
}

fn suggested(found: &Found) -> Vec<&str> {
    found.pop.suggestions.iter().map(|one| one.name.as_str()).collect()
}

#[track_caller]
fn assert_silenced(pot: &Pot, rules: AdviceRules, guard: GuardView) {
    let found = look(pot, rules);
    assert_eq!(suggested(&found), [] as [&str; 0]);
    let silenced = SilencedView {
        name: "Tea pot".into(),
        guard,
    };
    assert_eq!(found.how.silenced, [silenced]);
}

fn plain() -> Pot {
    Pot {
        orders: 20,
        ..Pot::default()
    }
}

fn sensitive() -> AdviceRules {
    AdviceRules::of(&[], &["Health".to_owned()])
}

#[test]
fn what_nothing_forbids_is_suggested() {
    let found = look(&plain(), AdviceRules::default());
    assert_eq!(suggested(&found), ["Tea pot"]);
    assert_eq!(found.how.silenced, []);
}

#[test]
fn too_few_orders_are_no_evidence() {
    let pot = Pot { orders: 4, ..plain() };
    assert_eq!(suggested(&look(&pot, AdviceRules::default())), [] as [&str; 0]);
}

#[test]
fn what_is_no_longer_sold_is_silenced() {
    let pot = Pot {
        discontinued: true,
        ..plain()
    };
    assert_silenced(&pot, AdviceRules::default(), GuardView::Discontinued);
}

#[test]
fn a_no_of_the_last_90_days_silences() {
    let pot = Pot {
        declined: Some(89),
        ..plain()
    };
    assert_silenced(&pot, AdviceRules::default(), GuardView::Declined);
}

#[test]
fn a_no_of_longer_ago_does_not() {
    let pot = Pot {
        declined: Some(90),
        ..plain()
    };
    assert_eq!(suggested(&look(&pot, AdviceRules::default())), ["Tea pot"]);
}

#[test]
fn a_sensitive_category_is_silenced() {
    let pot = Pot {
        category: "health",
        ..plain()
    };
    assert_silenced(&pot, sensitive(), GuardView::Sensitive);
}

#[test]
fn a_sensitive_category_is_never_a_reason() {
    let pot = Pot {
        tea: "Health",
        ..plain()
    };
    assert_eq!(suggested(&look(&pot, sensitive())), [] as [&str; 0]);
}

#[test]
fn what_lasts_and_is_owned_is_not_offered_again() {
    let pot = Pot {
        category: "Kitchen",
        owned: true,
        ..plain()
    };
    let found = look(&pot, AdviceRules::of(&["kitchen".to_owned()], &[]));
    assert_eq!(suggested(&found), [] as [&str; 0]);
}

#[test]
fn a_guard_that_nothing_is_known_for_is_off_and_says_so() {
    let found = look(&plain(), AdviceRules::default());
    assert_eq!(
        found.how.guards_off,
        [
            GuardView::Stock,
            GuardView::Owned,
            GuardView::Sensitive,
            GuardView::OptedOut
        ]
    );
    let found = look(&plain(), sensitive());
    assert!(!found.how.guards_off.contains(&GuardView::Sensitive));
}
