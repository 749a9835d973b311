//! Other names in the place of people's names, the same one for the same name.

use std::collections::{BTreeMap, HashSet};

use super::scramble::Scramble;

const FIRST: [&str; 24] = [
    "Alma", "Boris", "Carla", "Dario", "Elin", "Franz", "Greta", "Hugo", "Iris", "Janko", "Katja", "Leon", "Mira",
    "Nils", "Olga", "Petar", "Rosa", "Silas", "Tessa", "Uwe", "Vera", "Wanda", "Yann", "Zoe",
];
const LAST: [&str; 24] = [
    "Ahorn", "Birke", "Castel", "Dorn", "Eiche", "Fichte", "Ginster", "Hasel", "Iltis", "Jasmin", "Kiefer", "Linde",
    "Moos", "Nessel", "Olive", "Pinie", "Quitte", "Rebe", "Salbei", "Tanne", "Ulme", "Veil", "Weide", "Zeder",
];

/// What phone systems write where there is no name. They say something of the call, so they stay.
const NO_NAMES: [&str; 11] = [
    "<unknown>",
    "anonymous",
    "unknown",
    "unavailable",
    "restricted",
    "private",
    "withheld",
    "asterisk",
    "wireless caller",
    "coming from",
    "no name",
];

/// Shorter names are too likely to stand for something else in other text.
const SHORTEST_IN_TEXT: usize = 3;

/// The names of one recording, and what became of them.
#[derive(Default)]
pub(super) struct Names {
    known: BTreeMap<String, String>,
    given: HashSet<String>,
}

impl Names {
    /// The name in the place of `name`. What has no letter in it is no name, and stays.
    pub(super) fn name(&mut self, name: &str, scramble: &Scramble) -> String {
        let plain = name.trim().to_lowercase();
        if NO_NAMES.contains(&plain.as_str()) || !plain.chars().any(char::is_alphabetic) {
            return name.to_owned();
        }
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let mut turn = 0;
        let other = loop {
            let drawn = drawn(scramble.draw("name", name, turn), turn);
            if !self.given.contains(&drawn) && !self.known.contains_key(&drawn) {
                break drawn;
            }
            turn += 1;
        };
        self.given.insert(other.clone());
        self.known.insert(name.to_owned(), other.clone());
        other
    }

    /// Running text with every name replaced that was met before.
    pub(super) fn in_text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let long = self.known.iter().filter(|(name, _)| name.len() >= SHORTEST_IN_TEXT);
        for (name, other) in long {
            if let Some(replaced) = replaced(&text, name, other) {
                text = replaced;
            }
        }
        text
    }
}

/// A first and a last name; after many collisions with a number behind them.
fn drawn(number: u64, turn: u32) -> String {
    let pick = |list: &[&'static str], number: u64| {
        let index = usize::try_from(number % list.len() as u64).unwrap_or_default();
        list[index]
    };
    let (first, last) = (pick(&FIRST, number), pick(&LAST, number >> 16));
    if turn < 8 {
        format!("{first} {last}")
    } else {
        format!("{first} {last} {turn}")
    }
}

/// `None` when `name` does not stand in `text` as whole words.
fn replaced(text: &str, name: &str, other: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(found) = rest.find(name) {
        let (before, after) = (&rest[..found], &rest[found + name.len()..]);
        let joined = before.chars().next_back().is_some_and(char::is_alphanumeric)
            || after.chars().next().is_some_and(char::is_alphanumeric);
        out.push_str(before);
        out.push_str(if joined { name } else { other });
        rest = after;
    }
    (rest.len() < text.len()).then(|| out + rest)
}
