//! Other digits in the place of a telephone number's last six, the same ones for the same number.
//!
//! Only the last digits change: country code, area code and whatever is dialled before the number stay. So every
//! spelling of one number, `+49 30 231251 18`, `0049…`, `030…`, `2312…`, becomes a spelling of one other number.
//! The digits come from a secret key by SHA-256, so without the key nobody can tell which number it was.

use std::collections::{HashMap, HashSet};

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::number::{self, Region};

/// How many digits change.
pub(super) const CHANGED: usize = 6;
/// How many digits are tried for others that make a number as valid as it was.
const TRIES: u32 = 64;

/// A secret of 32 bytes.
pub type Key = Zeroizing<[u8; 32]>;

/// The numbers of one recording, and what became of them.
pub(super) struct Scramble {
    key: Key,
    region: Option<Region>,
    /// By the last six digits.
    known: HashMap<String, String>,
    given: HashSet<String>,
}

impl Scramble {
    /// Numbers without a country code are judged as those of `region`.
    pub(super) fn new(key: Key, region: Option<Region>) -> Self {
        Scramble {
            key,
            region,
            known: HashMap::new(),
            given: HashSet::new(),
        }
    }

    /// The same spelling with other last digits. Digits that are too few to be a number outside stay.
    pub(super) fn number(&mut self, text: &str) -> String {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let Some(cut) = digits.len().checked_sub(CHANGED) else {
            return text.to_owned();
        };
        let end = &digits[cut..];
        let other = match self.known.get(end) {
            Some(other) => other.clone(),
            None => self.learn(end, text),
        };
        with_end(text, &other)
    }

    /// Whether a number that ends with the last digits of `digits` was met.
    pub(super) fn knows(&self, digits: &str) -> bool {
        let cut = digits.len().checked_sub(CHANGED);
        cut.is_some_and(|cut| self.known.contains_key(&digits[cut..]))
    }

    /// Whether a person could be called under `text`.
    pub(super) fn is_number(&self, text: &str) -> bool {
        number::read(text, self.region).is_ok_and(|number| number::is_valid(number.key))
    }

    /// A keyed number for anything else that has to be replaced.
    pub(super) fn draw(&self, what: &str, of: &str, turn: u32) -> u64 {
        let mut hash = Sha256::new();
        hash.update(*self.key);
        hash.update(what.as_bytes());
        hash.update([0]);
        hash.update(turn.to_be_bytes());
        hash.update(of.as_bytes());
        let bytes = hash.finalize();
        bytes[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    fn learn(&mut self, end: &str, text: &str) -> String {
        let before = self.reading(text);
        let mut last = String::new();
        for turn in 0.. {
            let other = format!("{:06}", self.draw("number", end, turn) % 1_000_000);
            if other == end || self.known.contains_key(&other) || self.given.contains(&other) {
                continue;
            }
            let same = self.reading(&with_end(text, &other)) == before;
            last = other;
            if same || turn > TRIES {
                break;
            }
        }
        self.known.insert(end.to_owned(), last.clone());
        self.given.insert(last.clone());
        last
    }

    /// What matching sees of a number beside its digits.
    fn reading(&self, text: &str) -> Option<(bool, number::Given, Option<Region>)> {
        let number = number::read(text, self.region).ok()?;
        let valid = number::is_valid(number.key);
        Some((valid, number.given, number::country(number.key)))
    }
}

/// `text` with its last six digits replaced by `end`, whatever stands between them.
fn with_end(text: &str, end: &str) -> String {
    let mut end = end.chars().rev();
    let mut changed: Vec<char> = text.chars().collect();
    for place in changed.iter_mut().rev().filter(|place| place.is_ascii_digit()) {
        match end.next() {
            Some(digit) => *place = digit,
            None => break,
        }
    }
    changed.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scramble(key: u8) -> Scramble {
        Scramble::new(Zeroizing::new([key; 32]), Region::from_code("DE"))
    }

    #[test]
    fn every_spelling_of_a_number_becomes_a_spelling_of_one_other_number() {
        let mut scramble = scramble(1);
        let read = |text: &str| number::read(text, Region::from_code("DE")).map(|number| number.key);
        let spellings = [
            "+493023125118",
            "00493023125118",
            "030 231251-18",
            "(030) 23125118",
            "03023125118",
        ];
        let keys: Vec<_> = spellings.iter().map(|text| read(&scramble.number(text))).collect();
        assert!(keys.iter().all(|key| key.is_ok() && *key == keys[0]), "{keys:?}");
        assert_ne!(keys[0], read(spellings[0]));
        assert!(scramble.number("+493023125118").starts_with("+493023"));
        assert!(scramble.number("23125118").starts_with("23"));
    }

    #[test]
    fn extensions_and_short_codes_stay() {
        for text in ["101", "*72", "110", "12345", ""] {
            assert_eq!(scramble(1).number(text), text);
        }
    }

    #[test]
    fn another_key_makes_another_number() {
        let number = "+493023125118";
        assert_eq!(scramble(1).number(number), scramble(1).number(number));
        assert_ne!(scramble(1).number(number), scramble(2).number(number));
    }

    proptest! {
        #[test]
        fn a_number_stays_as_valid_as_it_was_and_two_numbers_stay_two(
            one in r"\+(49[1-9][0-9]{8,9}|1[2-9][0-9]{9}|385[1-9][0-9]{7}|34[689][0-9]{8}|44[127][0-9]{9})",
            two in r"\+(49[1-9][0-9]{8,9}|1[2-9][0-9]{9})",
        ) {
            let mut scramble = scramble(3);
            let valid = |text: &str| number::read(text, None).map(|number| number::is_valid(number.key));
            let (other, second) = (scramble.number(&one), scramble.number(&two));
            prop_assert_eq!(valid(&one), valid(&other), "{} {}", one, other);
            prop_assert_ne!(&one, &other);
            prop_assert_eq!(one == two, other == second);
            prop_assert_eq!(one.len(), other.len());
        }
    }
}
