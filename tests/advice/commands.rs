//! `ringside advise` for a customer and for lists.
#![allow(clippy::unwrap_used)]

use chrono::TimeDelta;
use clap::Parser;
use ringside::call::Line;
use ringside::cli::advise::{self, AdviseArgs};
use ringside::customer::CustomerRef;
use ringside::desk::AdviceRules;
use ringside::directory::Directory;
use ringside::journal::{Journal, Offer, OfferAnswer};
use serde_json::Value;

use super::pot::{Pot, now, opened};

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    args: AdviseArgs,
}

fn run(words: &[&str], directory: &mut Directory, journal: &Journal) -> String {
    run_by(&AdviceRules::default(), words, directory, journal)
}

pub(super) fn run_by(rules: &AdviceRules, words: &[&str], directory: &mut Directory, journal: &Journal) -> String {
    let command = Command::parse_from([&["advise"], words].concat());
    let mut out = Vec::new();
    advise::run(&command.args, directory, (rules, journal), now(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn shop() -> Pot {
    Pot {
        orders: 20,
        ..Pot::default()
    }
}

#[test]
fn what_a_customer_declined_is_read_from_the_journal_and_the_latest_no_counts() {
    let declined = Pot {
        declined: Some(5),
        ..shop()
    };
    let (_folder, mut directory, mut journal) = opened(&declined);
    let call = crate::journal::answered("2", 0);
    journal.put_call(&call).unwrap();
    let earlier = Offer {
        call: call.id,
        product: "pot".into(),
        product_name: "Tea pot".into(),
        customer: Some(CustomerRef("files/ALFKI".into())),
        answer: OfferAnswer::Declined,
        line: Line("101".into()),
        at: now() - TimeDelta::days(200),
    };
    journal.answer_offer(&earlier).unwrap();
    let said = run(&["files/ALFKI", "--explain"], &mut directory, &journal);
    assert!(
        said.contains("not said   Tea pot: the customer said no within 90 days"),
        "{said}"
    );
    let (_folder, mut directory, journal) = opened(&shop());
    let said = run(&["files/ALFKI"], &mut directory, &journal);
    assert!(said.contains("suits      Tea pot"), "{said}");
}

#[test]
fn whoever_wants_no_advertising_is_told_of_nothing_by_the_command_too() {
    let quiet = Pot {
        no_advertising: Some(true),
        ..shop()
    };
    let (_folder, mut directory, journal) = opened(&quiet);
    let said = run(&["files/ALFKI", "--explain"], &mut directory, &journal);
    assert!(
        said.contains("not said   Tea pot: the customer wants no advertising"),
        "{said}"
    );
}

#[test]
fn the_valuable_are_listed_without_those_who_want_no_advertising() {
    let crowded = |no_advertising| Pot {
        crowd: true,
        again: 20,
        no_advertising,
        ..shop()
    };
    let (_folder, mut directory, journal) = opened(&crowded(None));
    let all = run(
        &["list", "valuable", "--json", "--limit", "1000"],
        &mut directory,
        &journal,
    );
    let listed: Vec<Value> = serde_json::from_str(&all).unwrap();
    assert!(listed.iter().any(|one| one["reference"] == "files/ALFKI"), "{all}");
    assert!(
        listed
            .iter()
            .all(|one| one["segment"] == "champion" || one["segment"] == "loyal")
    );
    let worth: Vec<i64> = listed
        .iter()
        .map(|one| one["value_a_year"]["minor"].as_i64().unwrap())
        .collect();
    assert!(worth.is_sorted_by(|a, b| a >= b), "{worth:?}");
    let risk = run(&["list", "at-risk", "--json"], &mut directory, &journal);
    let risk: Vec<Value> = serde_json::from_str(&risk).unwrap();
    assert!(
        risk.iter()
            .all(|one| one["segment"] == "at_risk" || one["segment"] == "cannot_lose")
    );
    let (_folder, mut directory, journal) = opened(&crowded(Some(true)));
    let said = run(&["list", "valuable", "--limit", "1000"], &mut directory, &journal);
    assert!(!said.contains("files/ALFKI "), "{said}");
    assert!(
        said.ends_with("left out, because they want no advertising: 1\n"),
        "{said}"
    );
}
