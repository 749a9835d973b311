//! The digits a person is still typing, as the beginnings of keys they may become.

use super::{Key, plan, text};

/// With fewer digits than this everybody's number would do.
const LEAST_DIGITS: usize = 3;
/// The longest beginning of a key, in digits.
const MOST_DIGITS: usize = 15;

/// What the keys meant by an unfinished number begin with: `+49 30 12`, `0049 3012`, `(030) 12` and `30-12` all give
/// `493012` when 49 is among `codes`, the country codes worth trying.
///
/// Empty when the text is not the beginning of a number: something other than digits and what people put between them,
/// or fewer than three digits.
#[must_use]
pub fn beginnings(typed: &str, codes: &[u16]) -> Vec<u64> {
    let folded = text::fold(typed).replace("(0)", "");
    let folded = folded.trim();
    let between = |c: char| c.is_whitespace() || "+-./()".contains(c);
    if !folded.chars().all(|c| c.is_ascii_digit() || between(c)) {
        return Vec::new();
    }
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < LEAST_DIGITS {
        return Vec::new();
    }
    let mut found = Vec::new();
    if folded.trim_start_matches('(').starts_with('+') {
        keep(&mut found, &digits);
        return found;
    }
    if let Some(rest) = digits.strip_prefix("00") {
        keep(&mut found, rest);
        return found;
    }
    keep(&mut found, &digits);
    keep(&mut found, digits.strip_prefix("011").unwrap_or_default());
    for &code in codes {
        keep(&mut found, &format!("{code}{digits}"));
        let trunk = plan::of_code(code)
            .first()
            .and_then(|plan| plan.meta().national_prefix());
        if let Some(rest) = trunk.and_then(|trunk| digits.strip_prefix(trunk)) {
            keep(&mut found, &format!("{code}{rest}"));
        }
    }
    found
}

/// The country code that the digits of a key begin with; `None` for a number that was stored without one.
#[must_use]
pub fn country_code(key: Key) -> Option<u16> {
    let digits = key.is_whole().then(|| key.get().to_string())?;
    plan::part(&digits).map(|(code, _)| code)
}

/// No key begins with a zero.
fn keep(found: &mut Vec<u64>, digits: &str) {
    if digits.starts_with('0') || !(LEAST_DIGITS..=MOST_DIGITS).contains(&digits.len()) {
        return;
    }
    if let Some(digits) = digits.parse().ok().filter(|digits| !found.contains(digits)) {
        found.push(digits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_begun_in_any_writing_has_one_beginning() {
        for typed in [
            "+49 30 12",
            "0049-3012",
            "(030) 12",
            "030/12",
            "30-12",
            "+49 (0)30 12",
            "４９3012",
        ] {
            assert!(beginnings(typed, &[49]).contains(&493_012), "{typed}");
        }
        assert_eq!(beginnings("+49 30 12", &[1, 385]), [493_012]);
    }

    #[test]
    fn each_country_has_its_own_trunk_prefix() {
        assert!(beginnings("06 1 23", &[36]).contains(&36_123), "Hungary");
        assert!(beginnings("8 912", &[7]).contains(&7_912), "Russia");
        assert!(beginnings("06 12", &[39]).contains(&390_612), "Italy keeps its zero");
        assert!(beginnings("(212) 555", &[1]).contains(&1_212_555), "United States");
    }

    #[test]
    fn words_and_a_digit_or_two_are_no_number() {
        for typed in ["", "12", "+4", "Anna 12", "A-1000", "00", "000000"] {
            assert!(beginnings(typed, &[49]).is_empty(), "{typed}");
        }
        assert!(beginnings("12345678901234567890", &[49]).is_empty());
    }

    #[test]
    fn a_number_stored_without_a_country_has_no_code() {
        let whole = Key::new(919_997_221_733);
        assert_eq!(whole.and_then(country_code), Some(91));
        assert_eq!(whole.and_then(Key::without_country).and_then(country_code), None);
    }
}
