//! What fuzzing once found of use is read again: every input of the corpus holds what its target asks.
//!
//! `cargo xtask fuzz` looks for more; see `targets` for what is done with an input.

mod targets;

use std::path::Path;

/// Every input of `tests/fuzz/corpus/TARGET`; with it those cut short, for what a broken connection leaves.
#[track_caller]
fn replay(target: &str, take: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz/corpus")
        .join(target);
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).expect("a corpus") {
        let path = entry.expect("readable").path();
        let bytes = std::fs::read(&path).expect("readable");
        println!("{}", path.display());
        take(&bytes);
        take(&bytes[..bytes.len() / 2]);
        count += 1;
    }
    assert!(count >= 10, "{} has {count} inputs", folder.display());
}

#[test]
fn every_stream_of_the_corpus_leaves_no_call_and_is_read_the_same_however_it_is_cut() {
    replay("ami", targets::ami);
}

#[test]
fn every_delivery_of_the_corpus_is_read_as_short_plain_text_or_refused() {
    replay("webhook", targets::webhook);
}

#[test]
fn every_number_of_the_corpus_is_read_as_the_same_in_its_international_form() {
    replay("number", targets::number);
}

#[test]
fn every_shop_of_the_corpus_names_who_holds_a_number_and_nobody_else() {
    replay("matching", targets::matching);
}
