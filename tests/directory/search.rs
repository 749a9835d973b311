//! Search as you type.

use super::*;
use ringside::directory::{Hit, Matched};

fn person(key: &str, name: &str, company: &str, email: &str, phones: &[PhoneRow]) -> Record {
    Record::Customer(CustomerRow {
        key: key.into(),
        name: name.into(),
        company: company.into(),
        email: email.into(),
        phones: phones.to_vec(),
        ..CustomerRow::default()
    })
}

fn people() -> Vec<Record> {
    vec![
        person(
            "1",
            "Jürgen Müller",
            "Teehaus Müller GmbH",
            "j.mueller@teehaus.example",
            &[phone(493_023_125_101)],
        ),
        person(
            "2",
            "María Muñoz",
            "Acme Tools, S.L.",
            "maria@acme.example",
            &[phone(34_911_234_567)],
        ),
        person("3", "Ana Škrtić", "", "", &[phone(385_912_345_678)]),
        person(
            "4",
            "Anabel O'Brien",
            "Nordwind Ltd",
            "anabel@nordwind.example",
            &[phone(12_125_550_123)],
        ),
        line("2", "SO-2024/17", 1, "tea", 100),
        line("4", "49117", 2, "tea", 100),
    ]
}

fn cache() -> Cache {
    let cache = Cache::new();
    cache.import(&people());
    cache
}

fn hits(cache: &Cache, typed: &str) -> Vec<Hit> {
    cache.open().read().unwrap().search(typed, 20).unwrap()
}

/// Keys of the customers that were found, in the order they come.
fn found(cache: &Cache, typed: &str) -> String {
    let keys: Vec<_> = hits(cache, typed)
        .iter()
        .map(|hit| hit.customer.reference.0.trim_start_matches("files/").to_owned())
        .collect();
    keys.join(" ")
}

#[test]
fn every_key_press_of_a_name_finds_it() {
    let cache = cache();
    for end in 1..="Jürgen".chars().count() {
        let typed: String = "Jürgen".chars().take(end).collect();
        assert_eq!(found(&cache, &typed), "1", "{typed}");
    }
    assert_eq!(found(&cache, "mul jur"), "1");
    assert_eq!(found(&cache, "teehaus gmbh"), "1");
}

#[test]
fn accents_and_their_spellings_do_not_matter() {
    let cache = cache();
    for typed in ["Müller", "Mueller", "muller", "MULLER", "Mu\u{308}ll"] {
        assert_eq!(found(&cache, typed), "1", "{typed}");
    }
    assert_eq!(found(&cache, "skrtic"), "3");
    assert_eq!(found(&cache, "munoz"), "2");
    assert_eq!(found(&cache, "obrien"), "4");
}

#[test]
fn one_mistake_in_a_word_is_forgiven_and_two_are_not() {
    let cache = cache();
    for typed in [
        "Mulller",
        "Mullr",
        "Mukler",
        "Mullre",
        "Nuller",
        "uller",
        "Jurgen Mukler",
    ] {
        assert_eq!(found(&cache, typed), "1", "{typed}");
    }
    assert_eq!(found(&cache, "nordwimd"), "4");
    assert_eq!(found(&cache, "Nukler"), "");
    assert_eq!(found(&cache, "mxl"), "", "short words mean too many things");
}

#[test]
fn what_fits_to_the_letter_comes_first() {
    let cache = cache();
    cache.import(&[person("0", "Anastasia", "", "", &[]), person("9", "Ana", "", "", &[])]);
    assert_eq!(found(&cache, "ana"), "3 9 4 0");
    let mut directory = cache.open();
    let few = directory.read().unwrap().search("ana", 2).unwrap();
    assert!(
        few.iter()
            .all(|hit| hit.customer.name.starts_with("Ana ") || hit.customer.name == "Ana")
    );
}

#[test]
fn a_number_is_found_in_any_writing() {
    let cache = cache();
    for typed in [
        "+49 30 231",
        "0049-30-231",
        "030 231 25",
        "(030) 23125101",
        "30231",
        "+49 (0)30/23125-101",
    ] {
        assert_eq!(found(&cache, typed), "1", "{typed}");
    }
    assert_eq!(found(&cache, "091 234 56"), "3");
    assert_eq!(found(&cache, "(212) 555-0123"), "4");
    assert_eq!(found(&cache, "+49 231"), "");
    let hit = &hits(&cache, "911 23")[0];
    assert_eq!((hit.matched, hit.text.as_str()), (Matched::Number, "+34 911 23 45 67"));
}

#[test]
fn an_order_is_found_by_the_beginning_of_its_number_and_a_whole_one_comes_first() {
    let cache = cache();
    let hit = &hits(&cache, "so-2024")[0];
    assert_eq!((hit.matched, hit.text.as_str()), (Matched::Order, "SO-2024/17"));
    cache.import(&[person("5", "Eve", "", "", &[phone(491_171_234_567)])]);
    assert_eq!(found(&cache, "49117"), "4 5");
}

#[test]
fn a_hit_says_what_matched() {
    let cache = cache();
    let matched = |typed| hits(&cache, typed).first().map(|hit| (hit.matched, hit.text.clone()));
    assert_eq!(matched("mull"), Some((Matched::Name, "Jürgen Müller".into())));
    assert_eq!(
        matched("teehaus"),
        Some((Matched::Company, "Teehaus Müller GmbH".into()))
    );
    assert_eq!(
        matched("maria@acme"),
        Some((Matched::Email, "maria@acme.example".into()))
    );
}

#[test]
fn a_change_is_found_and_what_was_before_is_not() {
    let cache = cache();
    cache.import(&[person("3", "Ana Horvat", "Zlatna Ptica", "", &[phone(436_601_234)])]);
    assert_eq!(found(&cache, "skrtic"), "");
    assert_eq!(found(&cache, "horvat"), "3");
    assert_eq!(found(&cache, "0660 12"), "3");
    assert_eq!(found(&cache, "091 234"), "");
    cache.import(&people());
    assert_eq!(found(&cache, "skrtic"), "3");
}

#[test]
fn a_source_that_is_taken_out_is_found_no_more() {
    let cache = cache();
    let mut import = cache.open().begin_import("other", day(1)).unwrap();
    import.record(&person("7", "Jürgen Anders", "", "", &[])).unwrap();
    assert!(import.forget("files").unwrap());
    import.finish().unwrap();
    let found: Vec<_> = hits(&cache, "jur")
        .iter()
        .map(|hit| hit.customer.name.clone())
        .collect();
    assert_eq!(found, ["Jürgen Anders"]);
    assert!(hits(&cache, "SO-2024/17").is_empty());
    let check = "INSERT INTO found (found, rank) VALUES ('integrity-check', 0)";
    cache.sql().execute(check, []).unwrap();
}

#[test]
fn hits_stop_at_the_limit_and_name_nobody_twice() {
    let cache = Cache::new();
    let many: Vec<_> = (0..50)
        .map(|n| {
            person(
                &n.to_string(),
                "Maria Maria",
                "Maria Ltd",
                "maria@maria",
                &[phone(49_301_000 + n)],
            )
        })
        .collect();
    cache.import(&many);
    let mut directory = cache.open();
    let reading = directory.read().unwrap();
    for typed in ["maria", "4930", "maria ma"] {
        let mut who: Vec<_> = reading
            .search(typed, 20)
            .unwrap()
            .iter()
            .map(|hit| hit.customer.id)
            .collect();
        who.dedup();
        assert_eq!(who.len(), 20, "{typed}");
    }
    assert!(reading.search("maria", 0).unwrap().is_empty());
}

#[test]
fn no_text_is_an_error() {
    let cache = cache();
    let long = "ana ".repeat(10_000);
    for typed in [
        "",
        " ",
        "\"",
        "ana\" OR \"x",
        "ana*",
        "NEAR(a b)",
        "words : ana",
        "-",
        "' OR 1=1",
        "\0",
        "%",
        "\u{10ffff}1",
        "123\u{0}",
        &long,
    ] {
        hits(&cache, typed);
    }
    assert_eq!(found(&cache, "ana* \"skrtic\""), "3");
}

#[test]
fn a_cache_of_before_the_search_is_searched_after_an_update() {
    let cache = cache();
    cache
        .sql()
        .execute_batch(
            "DROP TABLE found; DROP TABLE words; DROP TABLE country_codes; DROP TABLE order_numbers;
             DROP TABLE fresh_lines; DROP TABLE invoices; DROP TABLE marks; DROP TABLE given; DROP TABLE held;
             DROP TABLE runs; DROP TABLE same_as; DROP INDEX tickets_of_customer; DROP INDEX records_of_person;
             ALTER TABLE sources DROP COLUMN checked; ALTER TABLE sources DROP COLUMN unfinished;
             ALTER TABLE sources DROP COLUMN precedence; ALTER TABLE customers DROP COLUMN stream;
             ALTER TABLE customers DROP COLUMN hash; ALTER TABLE customers DROP COLUMN person;
             ALTER TABLE products DROP COLUMN stream; ALTER TABLE tickets DROP COLUMN stream;
             ALTER TABLE products DROP COLUMN out_of_stock; ALTER TABLE products DROP COLUMN durable;
             ALTER TABLE products DROP COLUMN sensitive; ALTER TABLE customers DROP COLUMN no_advertising;
             PRAGMA user_version = 1",
        )
        .unwrap();
    assert_eq!(found(&cache, "Mukler"), "1");
    assert_eq!(found(&cache, "091 23"), "3");
    assert_eq!(found(&cache, "so-2024"), "2");
}
