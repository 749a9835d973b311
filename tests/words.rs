//! The words of the catalogue as Rust says them: plurals, parameters, and no sentence that is missing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ringside::config::Language;
use ringside::words::{Saying, Words};

const LANGUAGES: [Language; 3] = [Language::En, Language::Es, Language::Hr];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources can be listed") {
        let path = entry.expect("a source").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

/// Every key that a Rust source names: a string that begins with one of these words and a dot.
fn named() -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/src"), &mut files);
    let key =
        regex::Regex::new(r#""((?:said|dial|refused|notify|tray|who|import|wrong|secret|unwritten)\.[a-z_0-9]+)""#)
            .expect("a pattern");
    let texts = files
        .iter()
        .map(|file| fs::read_to_string(file).expect("a source is text"));
    texts
        .flat_map(|text| {
            key.captures_iter(&text)
                .map(|found| found[1].to_owned())
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn every_message_that_rust_names_stands_in_all_three_catalogues() {
    let named = named();
    assert!(named.len() > 40, "{named:?}");
    for language in LANGUAGES {
        let words = Words::of(language);
        let missing: Vec<_> = named
            .iter()
            .filter(|key| words.text::<&str>(key, &[]) == **key)
            .collect();
        assert!(missing.is_empty(), "{language:?}: {missing:?}");
    }
}

#[test]
fn croatian_counts_as_croatians_do() {
    let cases = [
        (0, "0 poziva"),
        (1, "1 poziv"),
        (2, "2 poziva"),
        (5, "5 poziva"),
        (11, "11 poziva"),
        (21, "21 poziv"),
        (111, "111 poziva"),
    ];
    for (count, expected) in cases {
        assert_eq!(Words::of(Language::Hr).count("calls.count", count), expected);
    }
    let orders = [
        (1, "narudžba"),
        (3, "narudžbe"),
        (12, "narudžbi"),
        (22, "narudžbe"),
        (25, "narudžbi"),
    ];
    for (count, expected) in orders {
        assert_eq!(
            Words::of(Language::Hr).count("buys.orders", count),
            format!("{count} {expected}")
        );
    }
    assert_eq!(Words::of(Language::En).count("calls.count", 1), "1 call");
    assert_eq!(Words::of(Language::Es).count("calls.count", 2), "2 llamadas");
}

#[test]
fn a_parameter_is_filled_in_once_whatever_it_says() {
    let saying = Saying::of("dial.refused").with("why", "{why} {user} {");
    assert_eq!(saying.to_string(), "Asterisk refuses to make the call: {why} {user} {");
    let both = Saying::of("said.ami_silent").and(Saying::quoted("x"));
    assert_eq!(both.in_language(Language::Hr), "Asterisk više ne odgovara. x");
}

#[test]
fn a_message_is_known_again_by_its_english_with_what_stands_in_it() {
    let country = |text| Saying::of("wrong.no_country").with("text", text);
    let missing = Saying::of("wrong.missing_field").with("field", "host");
    for saying in [
        country("Atlantis"),
        country("` is no"),
        Saying::of("wrong.port"),
        missing,
    ] {
        assert_eq!(Saying::recognised("wrong.", &saying.to_string()), Some(saying));
    }
    for other in ["", "a port", "a port is a number from 1 to 65535!", "invalid type"] {
        assert_eq!(Saying::recognised("wrong.", other), None, "{other}");
    }
    let port = Saying::recognised("wrong.", "a port is a number from 1 to 65535").expect("known");
    assert_eq!(port.in_language(Language::Hr), "port je broj od 1 do 65535");
    assert_eq!(Saying::recognised("said.", "a port is a number from 1 to 65535"), None);
}

#[test]
fn what_is_said_within_a_saying_is_said_in_the_same_language() {
    let row = Saying::of("import.row")
        .with("file", "a.csv")
        .with("line", 4)
        .with_said(
            "why",
            Saying::of("import.row_lacks").with_said("field", Saying::of("setup.f.name")),
        );
    assert_eq!(row.to_string(), "a.csv, line 4: person’s name is empty");
    assert_eq!(
        row.in_language(Language::Es),
        "a.csv, línea 4: nombre de la persona: está vacío"
    );
    assert_eq!(row.in_language(Language::Hr), "a.csv, redak 4: ime osobe: prazno je");
}

#[test]
fn the_language_of_a_system_is_found_by_its_first_word() {
    let cases = [
        ("hr_HR.UTF-8", Some(Language::Hr)),
        ("es-419", Some(Language::Es)),
        ("EN", Some(Language::En)),
        ("de-AT", None),
        ("", None),
    ];
    for (tag, expected) in cases {
        assert_eq!(Language::of_locale(tag), expected, "{tag}");
    }
}
