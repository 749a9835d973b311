//! A shop in which a tea pot goes with tea, and what its caller is shown.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use ringside::call::{Line, Party};
use ringside::customer::{Currency, CustomerRef, Money, Restrictions};
use ringside::desk::{AdviceRules, Found, Identify, Moment, Via};
use ringside::directory::Directory;
use ringside::journal::{Journal, NewTicket, Offer, OfferAnswer};
use ringside::number::{DialContext, Region, read};
use ringside::pop::view::{Priority, TicketKind};
use ringside::source::record::{BalanceRow, CustomerRow, OrderLineRow, PhoneRow, ProductRow, Record};
use tempfile::TempDir;

const NUMBER: &str = "+49 30 23125101";

pub(crate) fn now() -> DateTime<Utc> {
    "2026-07-15T10:00:00Z".parse().unwrap()
}

/// What is special about the tea pot that everybody buys with tea.
#[derive(Default)]
pub(crate) struct Pot {
    pub(crate) discontinued: bool,
    pub(crate) category: &'static str,
    /// The caller has another of the category already.
    pub(crate) owned: bool,
    /// The caller said no to it so many days ago.
    pub(crate) declined: Option<i64>,
    /// How many orders had tea and pot.
    pub(crate) orders: u32,
    /// Category of the tea, by which the pot is explained.
    pub(crate) tea: &'static str,
    /// What the source says of the pot besides.
    pub(crate) restrictions: Restrictions,
    /// What the source says of the caller's wish.
    pub(crate) no_advertising: Option<bool>,
    /// What the caller owes, past due.
    pub(crate) overdue: bool,
    /// The caller complained.
    pub(crate) complaint: bool,
    /// The caller re-ordered the pot so many times, every 20 days.
    pub(crate) again: i64,
    /// Many other customers buy besides, and all purchases are learnt from.
    pub(crate) crowd: bool,
}

/// 400 customers in twenty groups: each re-orders one product every 20 days, with a new one of their group's fifteen.
fn crowd() -> Vec<Record> {
    let mut records = Vec::new();
    for customer in 0..400i64 {
        let key = format!("C{customer}");
        records.push(Record::Customer(CustomerRow {
            key: key.clone(),
            name: key.clone(),
            ..CustomerRow::default()
        }));
        for nth in 0..6 {
            let at = now() - TimeDelta::days(130 - customer % 20 - nth * 20);
            let new = format!("G{}-{}", customer % 20, (customer / 20 + nth * 4) % 15);
            let order = format!("{customer}-{nth}");
            records.push(bought(&key, &order, &format!("S{}", customer % 100), at));
            records.push(bought(&key, &order, &new, at));
        }
    }
    records
}

pub(crate) fn bought(customer: &str, order: &str, product: &str, at: DateTime<Utc>) -> Record {
    Record::OrderLine(OrderLineRow {
        customer: customer.into(),
        order: order.into(),
        at,
        product: product.into(),
        quantity_milli: 1_000,
        amount: Money {
            minor: 500,
            currency: Currency::EUR,
        },
    })
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
            no_advertising: pot.no_advertising.filter(|_| key == "ALFKI"),
            ..CustomerRow::default()
        })
    };
    let product = |key: &str, name: &str, category: &str, discontinued, restrictions| {
        Record::Product(ProductRow {
            key: key.into(),
            name: name.into(),
            category: category.into(),
            price: None,
            discontinued,
            restrictions,
        })
    };
    let line = |customer: &str, order: u32, product: &str| {
        let at = now() - TimeDelta::days(10 + i64::from(order % 28));
        bought(customer, &order.to_string(), product, at)
    };
    let mut records = vec![customer("ALFKI"), customer("BERGS")];
    let free = Restrictions::default();
    records.push(product("tea", "Green tea", pot.tea, false, free));
    records.push(product(
        "pot",
        "Tea pot",
        pot.category,
        pot.discontinued,
        pot.restrictions,
    ));
    records.push(product("jam", "Jam", "", false, free));
    if pot.overdue {
        records.push(Record::Balance(BalanceRow {
            customer: "ALFKI".into(),
            currency: Currency::EUR,
            open: 900,
            not_due: 0,
            overdue_30: 900,
            overdue_60: 0,
            overdue_more: 0,
            as_of: now(),
        }));
    }
    records.push(line("ALFKI", 1, "tea"));
    if pot.owned {
        records.push(line("ALFKI", 1, "pot"));
    }
    records
        .extend((100..100 + pot.orders).flat_map(|order| [line("BERGS", order, "tea"), line("BERGS", order, "pot")]));
    records.extend((200..300).map(|order| line("BERGS", order, "jam")));
    let again = |nth| {
        bought(
            "ALFKI",
            &format!("A{nth}"),
            "pot",
            now() - TimeDelta::days(20 + 20 * nth),
        )
    };
    records.extend((0..pot.again).map(again));
    if pot.crowd {
        records.extend(crowd());
    }
    records
}

/// The shop on a disk, as long as the folder lives.
pub(crate) fn opened(pot: &Pot) -> (TempDir, Directory, Journal) {
    let folder = tempfile::tempdir().unwrap();
    let mut directory = Directory::open(&folder.path().join("cache.db"), &[9; 32]).unwrap();
    let mut import = directory.begin_import("files", now()).unwrap();
    for record in records(pot) {
        import.record(&record).unwrap();
    }
    import.finish().unwrap();
    if pot.crowd {
        directory.learn().unwrap();
    }
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
    if pot.complaint {
        let ticket = NewTicket {
            call: None,
            customer: Some(CustomerRef("files/ALFKI".into())),
            customer_name: String::new(),
            kind: TicketKind::Complaint,
            priority: Priority::Normal,
            subject: "The lid is broken".into(),
            line: Line("101".into()),
        };
        journal.open_ticket(ticket, now() - TimeDelta::days(1)).unwrap();
    }
    (folder, directory, journal)
}

pub(crate) fn look(pot: &Pot, rules: AdviceRules) -> Found {
    let (_folder, directory, journal) = opened(pot);
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
