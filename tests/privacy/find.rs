//! Whoever is meant is found without doubt, or nobody is.

use std::io::{BufReader, Cursor};

use clap::Parser;
use ringside::cli::erase::{self, EraseArgs};
use ringside::start::NoPerson;

use super::people::take_in;
use super::{Shop, now};
use crate::directory::{customer, phone};

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    args: EraseArgs,
}

/// Says the command with what is typed, and gives what it printed, or why not.
fn say(shop: &Shop, words: &[&str], typed: &str) -> Result<String, String> {
    let words = [&["erase"][..], words].concat();
    let command = Command::try_parse_from(words).map_err(|error| error.to_string())?;
    let mut answers = BufReader::new(Cursor::new(typed.to_owned()));
    let (mut questions, mut out) = (Vec::new(), Vec::new());
    let asked: erase::Asked<'_> = (&mut answers, &mut questions);
    let done = erase::run(&command.args, &shop.people(), now(), asked, &mut out);
    let text = String::from_utf8_lossy(&[questions, out].concat()).into_owned();
    done.map(|()| text).map_err(|error| error.to_string())
}

#[test]
fn a_number_that_several_have_names_nobody_and_lists_them() {
    let shop = Shop::full();
    let Err(NoPerson::Several { candidates, .. }) = shop.people().find("030 23125188") else {
        panic!("several have it");
    };
    let names: Vec<&str> = candidates.iter().map(|one| one.reference.0.as_str()).collect();
    assert_eq!(names, ["crm/17", "crm/18"]);
}

#[test]
fn a_number_a_name_and_every_record_find_the_same_person() {
    let shop = Shop::full();
    let people = shop.people();
    let mut found = ["crm/17", "shop/9001", "+49 30 23125177", "Quendolin Xaverovitz"]
        .map(|text| people.find(text).expect("found").subject.records);
    for records in &mut found {
        records.sort();
    }
    assert_eq!(found[0].len(), 3, "the one that an agent made is theirs too");
    assert!(found.iter().all(|records| *records == found[0]));
}

#[test]
fn what_names_nobody_says_what_to_do() {
    let shop = Shop::full();
    let people = shop.people();
    let long = "x".repeat(100_000);
    for text in ["", "   ", long.as_str()] {
        assert!(matches!(people.find(text), Err(NoPerson::NobodyNamed)));
    }
    for text in [
        "crm/99",
        "/",
        "crm/",
        "+49 30 99999999",
        "'; DROP TABLE calls; --",
        "\"*",
        "%",
        "\0",
        "\u{202e}nitram",
        "../../etc/passwd",
    ] {
        let refused = people.find(text).expect_err(text);
        assert!(matches!(refused, NoPerson::Nobody(_)), "{text}: {refused}");
        assert!(refused.to_string().contains("ringside search"), "{refused}");
        assert!(!refused.to_string().contains('\0'));
    }
}

#[test]
fn a_name_that_moves_the_cursor_is_shown_without_that() {
    let shop = Shop::new();
    for key in ["1", "2"] {
        let mut record = customer(key, &[phone(493_023_125_101)]);
        if let ringside::source::record::Record::Customer(row) = &mut record {
            row.name = format!("Evil\u{1b}[2J{key}");
        }
        take_in(&shop, "files", &[record]);
    }
    let refused = shop.people().find("+493023125101").expect_err("two").to_string();
    assert!(
        refused.contains("files/1") && !refused.contains('\u{1b}'),
        "{refused:?}"
    );
}

#[test]
fn nobody_is_erased_unless_the_name_is_typed() {
    let shop = Shop::full();
    let refused = say(&shop, &["crm/17"], "Ulrike\n").expect_err("another name");
    assert!(refused.contains("nothing was erased"), "{refused}");
    let refused = say(&shop, &["crm/17"], "").expect_err("nobody there");
    assert!(refused.contains("--yes"), "{refused}");
    assert!(shop.people().find("crm/17").is_ok());
    let said = say(&shop, &["crm/17"], "Quendolin Xaverovitz\n").expect("erased");
    assert!(said.contains("number of crm/18 too"), "{said}");
    assert!(said.contains("backups made before"), "{said}");
    assert!(matches!(shop.people().find("crm/17"), Err(NoPerson::Nobody(_))));
}

#[test]
fn without_a_question_a_search_that_forgives_is_not_enough() {
    let shop = Shop::full();
    let refused = say(&shop, &["--yes", "quendolim"], "").expect_err("a slip");
    assert!(refused.contains("crm/17"), "{refused}");
    say(&shop, &["--yes", "quendolin xaverovitz"], "").expect("the whole name");
}

#[test]
fn a_look_changes_nothing() {
    let shop = Shop::full();
    let said = say(&shop, &["--dry-run", "crm/17"], "").expect("looked");
    assert!(
        said.contains("calls: 6") && said.contains("nothing was changed"),
        "{said}"
    );
    assert!(shop.people().find("crm/17").is_ok());
}

#[test]
fn files_of_the_home_that_ringside_does_not_keep_are_named() {
    let shop = Shop::full();
    std::fs::write(shop.folder.path().join("customers.csv"), "name\nQuendolin\n").expect("written");
    let said = say(&shop, &["--yes", "crm/17"], "").expect("erased");
    assert!(said.contains("customers.csv"), "{said}");
    assert!(!said.contains("journal.db") && !said.contains("cache.lock"), "{said}");
}
