//! `ringside pop` over a cache on a real disk: from an import to what is printed.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, Utc};
use clap::Parser;
use ringside::cli::pop::{self, PopArgs, PopError, Surroundings};
use ringside::customer::{Currency, Money};
use ringside::desk::{AdviceRules, Moment};
use ringside::directory::Directory;
use ringside::journal::Journal;
use ringside::number::{DialContext, Region, read};
use ringside::pop::view::{PopView, VerdictKind};
use ringside::source::record::{BalanceRow, CustomerRow, OrderLineRow, PhoneRow, ProductRow, Record, TicketRow};
use tempfile::TempDir;

const KEY: [u8; 32] = [9; 32];

/// The command with nothing around it.
#[derive(Parser)]
struct Line {
    #[command(flatten)]
    pop: PopArgs,
}

fn at(time: &str) -> DateTime<Utc> {
    time.parse().unwrap()
}

fn euro(minor: i64) -> Money {
    Money {
        minor,
        currency: Currency::from_code("EUR").unwrap(),
    }
}

fn customer(key: &str, name: &str, phones: &[&str]) -> Record {
    let phone = |raw: &&str| {
        let number = read(raw, Region::from_code("DE")).unwrap();
        PhoneRow {
            raw: (*raw).into(),
            label: "phone".into(),
            key: Some(number.key),
            given: number.given,
            ext: number.ext,
        }
    };
    let phones = phones.iter().map(phone).collect();
    let (company, country) = (format!("{name} GmbH"), Some("DE".to_owned()));
    Record::Customer(CustomerRow {
        key: key.into(),
        name: name.into(),
        company,
        country,
        phones,
        ..CustomerRow::default()
    })
}

fn line(customer: &str, order: u32, product: &str) -> Record {
    Record::OrderLine(OrderLineRow {
        customer: customer.into(),
        order: order.to_string(),
        at: at("2026-06-01T10:00:00Z") + chrono::TimeDelta::days(i64::from(order % 28)),
        product: product.into(),
        quantity_milli: 1_500,
        amount: euro(1_250),
    })
}

/// Maria buys tea; everybody else who buys tea buys a pot with it.
fn shop(folder: &TempDir) -> Directory {
    let product = |key: &str, name: &str| {
        let (key, name, category) = (key.into(), name.into(), String::new());
        Record::Product(ProductRow {
            key,
            name,
            category,
            price: Some(euro(990)),
            discontinued: false,
            restrictions: Default::default(),
        })
    };
    let mut records = vec![
        customer("ALFKI", "Maria Anders", &["030 23125101", "+49 30 23125999"]),
        customer("BERGS", "Christina Berglund", &["+49 30 23125999"]),
        product("1", "Green tea"),
        product("2", "Tea pot"),
        product("3", "Jam"),
        Record::Balance(BalanceRow {
            customer: "ALFKI".into(),
            currency: Currency::from_code("EUR").unwrap(),
            open: 50_000,
            not_due: 30_000,
            overdue_30: 20_000,
            overdue_60: 0,
            overdue_more: 0,
            as_of: at("2026-07-01T00:00:00Z"),
        }),
        Record::Ticket(TicketRow {
            customer: "ALFKI".into(),
            number: "T1".into(),
            subject: "The lid is broken".into(),
            open: true,
            at: at("2026-07-01T00:00:00Z"),
        }),
    ];
    records.extend((0..12).map(|order| line("ALFKI", order, "1")));
    records.extend((100..120).flat_map(|order| [line("BERGS", order, "1"), line("BERGS", order, "2")]));
    records.extend((200..300).map(|order| line("BERGS", order, "3")));
    let directory = open(folder.path());
    let mut import = directory.begin_import("files", at("2026-07-10T00:00:00Z")).unwrap();
    for record in &records {
        import.record(record).unwrap();
    }
    import.finish().unwrap();
    directory
}

fn open(folder: &Path) -> Directory {
    Directory::open(&folder.join("cache.db"), &KEY).unwrap()
}

fn run(arguments: &[&str], region: Option<&str>) -> Result<String, PopError> {
    run_within(Duration::ZERO, arguments, region)
}

fn run_within(patience: Duration, arguments: &[&str], region: Option<&str>) -> Result<String, PopError> {
    let folder = tempfile::tempdir().unwrap();
    let home = DialContext {
        region: region.and_then(Region::from_code),
        ..DialContext::default()
    };
    let surroundings = Surroundings {
        advice: AdviceRules::default(),
        patience,
        directory: shop(&folder),
        home,
        own: Vec::new(),
    };
    let key = crate::journal::key(7);
    let mut journal = Journal::open(&folder.path().join("journal.db"), &key).unwrap();
    let call = crate::journal::answered("1", 0);
    journal.put_call(&call).unwrap();
    journal
        .save_note(&call.id, "wants a call on Friday", at("2026-07-02T00:00:00Z"))
        .unwrap();
    let moment = Moment {
        now: at("2026-07-15T10:00:00Z"),
        offset: FixedOffset::east_opt(7_200).unwrap(),
    };
    let args = Line::try_parse_from([&["pop"], arguments].concat()).unwrap().pop;
    let mut out = Vec::new();
    pop::run(&args, surroundings, &journal, moment, &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

fn json(arguments: &[&str]) -> PopView {
    serde_json::from_str(&run(&[arguments, &["--json"]].concat(), Some("DE")).unwrap()).unwrap()
}

#[test]
fn the_json_is_the_whole_pop() {
    let view = json(&["+493023125101"]);
    assert_eq!(view.verdict, VerdictKind::One);
    assert_eq!(view.customer.unwrap().reference, "files/ALFKI");
    assert_eq!(view.balance.unwrap().overdue.unwrap().minor, 20_000);
    let purchases = view.purchases.unwrap();
    assert_eq!((purchases.orders, purchases.lines.len()), (12, 10));
    assert!(purchases.lines.iter().all(|line| line.name == "Green tea"));
    assert_eq!(purchases.year.minor, 12 * 1_250);
    let suggestion = &view.suggestions[0];
    assert_eq!(
        (suggestion.name.as_str(), suggestion.with_name.as_str()),
        ("Tea pot", "Green tea")
    );
    assert_eq!(
        (suggestion.together, suggestion.of, suggestion.at_least_percent),
        (20, 32, None)
    );
    assert_eq!(view.open[0].number, "T1");
    assert_eq!(view.notes[0].text, "wants a call on Friday");
}

#[test]
fn a_number_is_found_however_it_is_written() {
    for number in ["030 23125101", "+49 30 23125101", "0049 30 23125101", "(030) 231-25101"] {
        assert_eq!(json(&[number]).verdict, VerdictKind::One, "{number}");
    }
}

#[test]
fn the_region_of_the_command_line_goes_before_the_home_region() {
    let out = run(&["030 23125101", "--region", "Germany", "--json"], Some("FR")).unwrap();
    assert_eq!(serde_json::from_str::<PopView>(&out).unwrap().verdict, VerdictKind::One);
}

#[test]
fn a_shared_number_shows_who_shares_it_and_opens_nothing() {
    let view = json(&["+493023125999"]);
    assert_eq!(
        (view.verdict, view.customer, view.purchases),
        (VerdictKind::Several, None, None)
    );
    assert_eq!(view.candidates.len(), 2);
}

#[test]
fn the_card_says_what_a_person_wants_to_know() {
    let card = run(&["+493023125101"], None).unwrap();
    for part in [
        "+49 30 23125101  Maria Anders, Maria Anders GmbH  [national]",
        "files/ALFKI · DE",
        "Owes      500.00 EUR, 200.00 EUR overdue  (as of 2026-07-01)",
        "Bought    12 orders since 2026-06-01",
        "1.5 × Green tea  12.50 EUR",
        "Suggest   Tea pot: 20 of 32 orders with Green tea",
        "Open      The lid is broken (T1)",
        "Note      2026-07-02  wants a call on Friday",
    ] {
        assert!(card.contains(part), "{part:?} is not in\n{card}");
    }
}

#[test]
fn a_stranger_is_said_to_be_one() {
    assert_eq!(run(&["+4930999999"], None).unwrap(), "+49 30 999999  not in the data\n");
}

#[test]
fn what_is_no_number_is_an_error_that_says_how_to_write_one() {
    let error = run(&["Maria"], None).unwrap_err();
    assert!(
        error.to_string().contains("`Maria` is not a telephone number"),
        "{error}"
    );
    let error = run(&["030 23125101"], None).unwrap_err();
    assert!(error.to_string().contains("--region"), "{error}");
}

#[test]
fn a_region_that_nobody_knows_is_refused() {
    assert!(Line::try_parse_from(["pop", "030", "--region", "Atlantis"]).is_err());
}

#[test]
fn one_look_has_what_all_purchases_teach_where_that_is_learnt_soon() {
    let out = run_within(Duration::from_secs(600), &["+493023125101", "--json"], None).unwrap();
    let view: PopView = serde_json::from_str(&out).unwrap();
    let suggestion = &view.suggestions[0];
    assert_eq!(
        (suggestion.together, suggestion.of, suggestion.at_least_percent),
        (20, 32, Some(17)),
        "the orders are those of two customers"
    );
    assert!(view.relation.is_some());
}
