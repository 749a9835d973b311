//! The shop's own tiers, from the settings to the panel and the commands.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use ringside::config::{Config, parse};
use ringside::desk::AdviceRules;
use ringside::pop;
use ringside::pop::view::{CoveredFact, TierView};
use serde_json::Value;

use super::commands::run_by;
use super::pot::{Pot, look, opened};

const TIERS: &str = r#"
home_currency = "EUR"
[[tier]]
name = "Zlatni"
entitles = "Free shipping, goods on approval"
value_a_year = 100
orders = 20
[[tier]]
name = "Srebrni"
value = 50
"#;

fn read(text: &str) -> Result<Config, String> {
    parse(Path::new("config.toml"), text).map_err(|error| error.to_string())
}

fn rules() -> AdviceRules {
    AdviceRules::of_settings(&read(TIERS).unwrap())
}

/// Orders of five euros each, one of tea and so many of the pot.
fn regular(again: i64) -> Pot {
    Pot {
        orders: 20,
        again,
        ..Pot::default()
    }
}

fn tier(name: &str, entitles: &str) -> Option<TierView> {
    let (name, entitles) = (name.to_owned(), entitles.to_owned());
    Some(TierView { name, entitles })
}

#[track_caller]
fn assert_refused(text: &str, line: usize, part: &str) {
    let said = read(text).expect_err(text);
    assert!(
        said.starts_with(&format!("config.toml, line {line}, ")) && said.contains(part),
        "`{part}` in line {line} is not in: {said}"
    );
}

#[test]
fn the_panel_is_given_the_highest_tier_that_is_reached_and_what_it_entitles_to() {
    let of = |again| look(&regular(again), rules()).pop.tier;
    assert_eq!(of(8), None, "45 euros");
    assert_eq!(of(9), tier("Srebrni", ""), "50 euros");
    assert_eq!(of(18), tier("Srebrni", ""), "95 euros");
    assert_eq!(of(19), tier("Srebrni", ""), "100 euros, not all of a year");
    assert_eq!(of(0), None);
    let lower = TIERS.replace("value_a_year = 100", "value_a_year = 90");
    let lower = AdviceRules::of_settings(&read(&lower).unwrap());
    let found = look(&regular(19), lower);
    assert_eq!(found.pop.tier, tier("Zlatni", "Free shipping, goods on approval"));
    assert_eq!(look(&regular(19), AdviceRules::default()).pop.tier, None);
}

#[test]
fn a_tier_is_covered_until_the_caller_was_verified() {
    let mut view = look(&regular(9), rules()).pop;
    pop::cover(&mut view);
    assert_eq!(view.tier, None);
    assert_eq!(view.covered, [CoveredFact::Tier]);
}

#[test]
fn the_commands_say_the_tier() {
    let (_folder, mut directory, journal) = opened(&regular(9));
    let said = run_by(&rules(), &["files/ALFKI"], &mut directory, &journal);
    assert!(said.starts_with("tier       Srebrni\n"), "{said}");
    let crowded = Pot {
        crowd: true,
        ..regular(20)
    };
    let (_folder, mut directory, journal) = opened(&crowded);
    let words = ["list", "valuable", "--json", "--limit", "1000"];
    let said = run_by(&rules(), &words, &mut directory, &journal);
    let listed: Vec<Value> = serde_json::from_str(&said).unwrap();
    let of = |reference: &str| listed.iter().find(|one| one["reference"] == reference).unwrap()["tier"].clone();
    assert_eq!(of("files/ALFKI"), "Srebrni");
    let said = run_by(&rules(), &["list", "valuable"], &mut directory, &journal);
    assert!(said.contains("  Srebrni  last order"), "{said}");
}

#[test]
fn what_is_wrong_with_a_tier_is_said_by_its_line() {
    let with = |rest: &str| format!("[[tier]]\nname = \"Gold\"\n{rest}\n");
    assert_refused("[[tier]]\nvalue = 5\n", 1, "missing field `name`");
    assert_refused("[[tier]]\nname = \" \"\nvalue = 5\n", 1, "a name is one line");
    assert_refused(
        &with(""),
        1,
        "the tier `Gold` has no rule; give at least one of value, value_a_year",
    );
    assert_refused(&with("orders = 0"), 1, "is 0, which everybody meets");
    assert_refused(&with("orders = -1"), 3, "invalid value");
    assert_refused(&with("order = 3"), 3, "did you mean `orders`?");
    assert_refused(&with("years = 2\ncurrency = \"EUR\""), 1, "names a currency and no sum");
    assert_refused(&with("value = 2\ncurrency = \"Euro\""), 4, "Euro");
    let long = format!("years = 2\nentitles = \"{}\"", "x".repeat(201));
    assert_refused(&with(&long), 1, "one line of at most 200 characters");
    assert_refused(
        &[with("years = 2"), with("years = 1")].concat(),
        1,
        "two tiers with the name `Gold`",
    );
    assert_refused("[tier]\nname = \"Gold\"\n", 1, "`[[tier]]`, with double brackets");
    let many: String = (0..10)
        .map(|nth| format!("[[tier]]\nname = \"{nth}\"\nyears = {}\n", 20 - nth))
        .collect();
    assert_refused(&many, 1, "at most 9 tiers");
}

#[test]
fn a_tier_that_nobody_can_reach_is_refused() {
    let silver = "[[tier]]\nname = \"Silver\"\nvalue = 500\n";
    let gold = "[[tier]]\nname = \"Gold\"\nvalue = 5000\nyears = 2\n";
    assert_refused(
        &[silver, gold].concat(),
        4,
        "nobody can reach the tier `Gold`: `Silver` stands before it",
    );
    assert!(read(&[gold, silver].concat()).is_ok());
    let other = silver.replace("value = 500", "value = 500\ncurrency = \"USD\"");
    assert!(read(&["home_currency = \"EUR\"\n", &other, gold].concat()).is_ok());
}
