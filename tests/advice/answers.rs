//! Learning from what customers answer: a product that feeds itself does not win, and what everybody declines sinks.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use chrono::{FixedOffset, TimeDelta};
use ringside::call::{CallId, Line, Party};
use ringside::customer::{CustomerRef, Money};
use ringside::desk::{Identify, Moment, Via};
use ringside::directory::Directory;
use ringside::journal::{Offer, OfferAnswer};
use ringside::number::DialContext;
use ringside::source::record::{CustomerRow, PhoneRow, ProductRow, Record};
use serde_json::Value;
use tempfile::TempDir;

use super::commands::run_by;
use super::pot::{bought, now};

const NUMBER: &str = "+49 30 23125101";

/// What became of offering: to 60 of 120 who buy tea the jug was offered, and they took it; the cup is bought with tea by 40
/// of their own accord.
fn shop(folder: &TempDir) -> Directory {
    let directory = Directory::open(&folder.path().join("cache.db"), &[9; 32]).unwrap();
    let mut import = directory.begin_import("files", now()).unwrap();
    let number = ringside::number::read(NUMBER, None).unwrap();
    let customer = |key: String, phones| {
        Record::Customer(CustomerRow {
            name: key.clone(),
            key,
            phones,
            ..CustomerRow::default()
        })
    };
    let phone = PhoneRow {
        raw: NUMBER.into(),
        label: "phone".into(),
        key: Some(number.key),
        given: number.given,
        ext: None,
    };
    let mut records = vec![customer("CALLER".into(), vec![phone])];
    for key in ["tea", "jug", "cup", "jam"] {
        records.push(Record::Product(ProductRow {
            key: key.into(),
            name: key.into(),
            category: String::new(),
            price: None::<Money>,
            discontinued: false,
            restrictions: Default::default(),
        }));
    }
    records.push(bought("CALLER", "0", "tea", now() - TimeDelta::days(9)));
    for nth in 0..420 {
        let (key, order) = (format!("C{nth}"), format!("o{nth}"));
        records.push(customer(key.clone(), Vec::new()));
        let at = now() - TimeDelta::days(20 + nth % 28);
        let first = if nth < 120 { "tea" } else { "jam" };
        records.push(bought(&key, &order, first, at));
        if nth < 60 {
            records.push(bought(&key, &order, "jug", at));
        }
        if (60..100).contains(&nth) {
            records.push(bought(&key, &order, "cup", at));
        }
    }
    for record in records {
        import.record(&record).unwrap();
    }
    import.finish().unwrap();
    directory
}

fn offer(nth: i64, customer: &str, product: &str, answer: OfferAnswer, days: i64) -> Offer {
    Offer {
        call: CallId(format!("call-{nth}-{product}")),
        product: product.into(),
        product_name: product.into(),
        customer: Some(CustomerRef(format!("files/{customer}"))),
        answer,
        line: Line(format!("10{}", nth % 4)),
        at: now() - TimeDelta::days(days),
    }
}

/// The offers of the jug, on the day before it was bought.
fn prompting() -> Vec<Offer> {
    let of = |nth: i64| offer(nth, &format!("C{nth}"), "jug", OfferAnswer::Accepted, 21 + nth % 28);
    (0..60).map(of).collect()
}

/// What the caller is suggested on each of the next days, by name, after the desk was told of these offers.
fn suggested(offers: Vec<Offer>) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let mut identify = Identify::new(shop(&folder), DialContext::default(), HashMap::new(), Vec::new());
    identify.heed(offers, now());
    assert!(identify.learn_within(std::time::Duration::from_secs(600)).unwrap());
    let party = Party {
        number: NUMBER.into(),
        ..Party::default()
    };
    let via = Via {
        feed: "",
        called: "",
        trunk: None,
    };
    let on = |day| {
        let moment = Moment {
            now: now() + TimeDelta::days(day),
            offset: FixedOffset::east_opt(0).unwrap(),
        };
        let found = identify.find(via, &party, None, moment).unwrap();
        found.pop.suggestions.into_iter().map(|one| one.name).collect()
    };
    (0..64).map(on).collect()
}

#[test]
fn what_was_bought_because_it_was_offered_does_not_speak_for_itself() {
    let without = suggested(Vec::new());
    assert!(without.iter().all(|names| *names == ["jug", "cup"]), "{without:?}");
    let with = suggested(prompting());
    assert!(with.iter().all(|names| *names == ["cup"]), "{with:?}");
}

#[test]
fn what_is_bought_long_after_an_offer_is_their_own_wish() {
    let mut old = prompting();
    for one in &mut old {
        one.at -= TimeDelta::days(60);
        one.answer = OfferAnswer::NotNow;
    }
    assert!(suggested(old).iter().all(|names| *names == ["jug", "cup"]));
}

#[test]
fn what_everybody_declines_sinks_and_is_tried_again_now_and_then() {
    let declined = |nth: i64| offer(nth, "NOBODY", "jug", OfferAnswer::Declined, 1);
    let accepted = |nth: i64| offer(nth, "NOBODY", "cup", OfferAnswer::Accepted, 1);
    let days = suggested((0..40).map(declined).chain((0..40).map(accepted)).collect());
    let sunk = days.iter().filter(|names| **names == ["cup", "jug"]).count();
    let raised = days.iter().filter(|names| names.len() == 2).count() - sunk;
    assert!(sunk >= 48, "{days:?}");
    assert_eq!(sunk + raised, 64, "nothing is taken away: {days:?}");
}

#[test]
fn the_report_says_for_a_program_how_offers_fall_over_the_segments() {
    let folder = tempfile::tempdir().unwrap();
    let mut directory = shop(&folder);
    let key = crate::journal::key(7);
    let mut journal = ringside::journal::Journal::open(&folder.path().join("journal.db"), &key).unwrap();
    for one in prompting() {
        let call = crate::journal::answered(&one.call.0, 0);
        journal.put_call(&call).unwrap();
        journal.answer_offer(&Offer { call: call.id, ..one }).unwrap();
    }
    let said = run_by(&Default::default(), &["report", "--json"], &mut directory, &journal);
    let report: Value = serde_json::from_str(&said).unwrap();
    let tasks: Vec<&str> = report["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["task"].as_str().unwrap())
        .collect();
    assert_eq!(tasks, ["any", "new", "with"]);
    let groups = report["segments"].as_array().unwrap();
    let sum = |name: &str| groups.iter().map(|one| one[name].as_u64().unwrap()).sum::<u64>();
    assert!(
        groups.iter().all(|one| one["customers"].as_u64().unwrap() >= 10),
        "{said}"
    );
    let small = report["in_small_groups"].as_u64().unwrap();
    assert_eq!((sum("accepted") + small, sum("declined")), (60, 0), "{said}");
    let said = run_by(&Default::default(), &["report"], &mut directory, &journal);
    assert!(
        said.contains("offers by segment, in groups of ten customers or more:\n"),
        "{said}"
    );
}
