//! `ringside lookup`: the readings, the trunk, and what is said of them.

use chrono::DateTime;
use clap::Parser;
use ringside::cli::lookup::{self, LookupArgs, LookupError, Place};
use ringside::config;
use ringside::desk::FeedNumbers;
use ringside::directory::Directory;
use ringside::number::{DialContext, Home, Key, Region};
use ringside::source::phones_of;
use ringside::source::record::CustomerRow;
use serde_json::Value;
use tempfile::TempDir;

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    lookup: LookupArgs,
}

/// A shop in London with one customer for each number, and a trunk to Ireland.
fn asked(phones: &[&str], words: &[&str]) -> Result<String, LookupError> {
    let folder = TempDir::new().expect("a folder");
    let home = Home {
        region: Region::from_code("GB"),
        area: "20".to_owned(),
    };
    let mut directory = Directory::open(&folder.path().join("cache.db"), &[7; 32]).expect("a cache");
    let mut import = directory.begin_import("crm", DateTime::UNIX_EPOCH).expect("an import");
    for (nth, phone) in phones.iter().enumerate() {
        let row = CustomerRow {
            key: format!("C{nth}"),
            name: format!("Customer {nth}"),
            phones: phones_of(&[("", phone)], None, &home),
            ..CustomerRow::default()
        };
        import.customer(&row).expect("a customer");
    }
    import.finish().expect("an import");
    let dublin = config::Trunk {
        name: "dublin".to_owned(),
        region: Region::from_code("IE"),
        prefix: Some("9".to_owned()),
        idd: String::new(),
    };
    let own = config::Ddi {
        number: "020 7946 0000".to_owned(),
        label: String::new(),
        region: None,
        language: None,
    };
    let place = Place {
        feeds: vec![FeedNumbers::new(DialContext::of(home.clone()), vec![own], vec![dublin])],
        home,
        own: Vec::from_iter(Key::new(447_911_123_456)),
    };
    let words: Vec<&str> = ["lookup"].into_iter().chain(words.iter().copied()).collect();
    let args = Command::try_parse_from(words).expect("arguments").lookup;
    let mut out = Vec::new();
    lookup::run(&args, &mut directory, &place, &mut out)?;
    Ok(String::from_utf8(out).expect("text"))
}

#[test]
fn every_reading_that_was_tried_is_told_with_what_was_supplied() {
    let text = asked(&["020 8311 4986"], &["83114986"]).expect("an answer");
    assert_eq!(
        text,
        "83114986: +44 20 8311 4986, GB, key +442083114986; the home's area code was supplied\n  \
         read as +44 83114986, key +4483114986; its country was supplied: nobody\n  \
         read as +44 20 8311 4986, GB, key +442083114986; the home's area code was supplied: 1 stored number\n  \
         one customer may have it: the agent has to say so\n  \
         crm/C0 Customer 0: ambiguous match, because the caller's number came without an area code: the shop's own was supplied\n"
    );
}

#[test]
fn a_program_gets_readings_reason_and_grade_as_codes() {
    let text = asked(&["099972 21733"], &["--json", "+919997221733"]).expect("an answer");
    let answer = &serde_json::from_str::<Value>(&text).expect("JSON")[0];
    assert_eq!(answer["verdict"], "one");
    assert_eq!(answer["readings"][0]["key"], "+919997221733");
    assert_eq!(answer["candidates"][0]["grade"], "ambiguous");
    assert_eq!(answer["candidates"][0]["reason"], "stored_no_country");
}

#[test]
fn a_trunk_says_the_country_and_the_prefix_of_its_callers() {
    let stored = ["+353 1 679 1234"];
    let text = asked(&stored, &["--trunk", "dublin", "9016791234"]).expect("an answer");
    assert!(text.contains("crm/C0 Customer 0: national match"), "{text}");
    let home = asked(&stored, &["016791234"]).expect("an answer");
    assert!(home.contains("nobody in the data has it"), "{home}");
}

#[test]
fn our_own_number_is_nobodys_even_when_a_customer_record_holds_it() {
    for caller in ["+442079460000", "02079460000", "79460000", "07911 123456"] {
        let text = asked(&["020 7946 0000", "07911 123456"], &[caller]).expect("an answer");
        assert!(text.contains("one of our own numbers"), "{text}");
    }
}

#[test]
fn a_trunk_that_the_settings_do_not_name_is_refused_with_those_they_do() {
    let error = asked(&[], &["--trunk", "paris", "1234567"]).expect_err("no such trunk");
    assert_eq!(
        error.to_string(),
        "the settings have no trunk `paris`: they name dublin"
    );
}
