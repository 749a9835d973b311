//! Payment card numbers, struck out of a note before it is kept.
//!
//! A card number may not be stored after the payment (PCI DSS v4.0, requirement 3.3 and 3.4), and agents type what
//! callers dictate. Pure; it does not know where the text goes.

use std::borrow::Cow;
use std::ops::Range;

/// Digits of a card number (ISO/IEC 7812-1: at most 19; no network issues fewer than 13).
const DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// Digits that an unfinished number may tell: six name the issuer, as receipts print them.
const TELLING: usize = 7;

/// Stands for each digit but the last four.
const STRUCK: char = '•';

/// The text with all but the last four digits of each card number struck out. Its layout and length in characters
/// stay, so that a cursor stays where it is.
///
/// A card number is 13 to 19 digits of any script, in groups with at most two blanks or dashes between, that begin
/// as a card network's do and carry the right check digit (Luhn, ISO/IEC 7812-1 annex B). A telephone, order or
/// account number fits all of it by chance once in some hundred.
#[must_use]
pub fn struck(text: &str) -> Cow<'_, str> {
    let mut letters: Vec<char> = text.chars().collect();
    let cards = cards(&letters);
    if cards.is_empty() {
        return text.into();
    }
    for card in cards {
        strike(&mut letters, card);
    }
    letters.into_iter().collect::<String>().into()
}

/// Whether `earlier` has the beginning of a card number that `text` has: a note that was kept while the number was
/// being typed. Together with the last four digits it would tell the whole.
#[must_use]
pub fn begins_a_card_of(earlier: &str, text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let typed = digits_of(&earlier.chars().collect::<Vec<_>>());
    let cards = cards(&letters);
    let mut cards = cards.into_iter().map(|card| digits_of(&letters[card]));
    cards.any(|card| typed.contains(&card[..TELLING]))
}

/// Where the card numbers stand.
fn cards(letters: &[char]) -> Vec<Range<usize>> {
    let groups = groups(letters);
    let mut cards = Vec::new();
    let mut first = 0;
    while first < groups.len() {
        if let Some(end) = iban_from(letters, groups[first].start) {
            first += groups[first..].iter().take_while(|group| group.start < end).count();
        } else if let Some(taken) = card_from(letters, &groups[first..]) {
            cards.push(groups[first].start..groups[first + taken - 1].end);
            first += taken;
        } else {
            first += 1;
        }
    }
    cards
}

fn digits_of(letters: &[char]) -> String {
    let digits = letters.iter().filter_map(|letter| digit(*letter));
    digits.filter_map(|digit| char::from_digit(digit, 10)).collect()
}

/// Runs of digits.
fn groups(letters: &[char]) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        if digit(*letter).is_none() {
            continue;
        }
        match groups.last_mut() {
            Some(group) if group.end == at => group.end = at + 1,
            _ => groups.push(at..at + 1),
        }
    }
    groups
}

/// How many of `groups`, from the first on, are a card number; the longest.
fn card_from(letters: &[char], groups: &[Range<usize>]) -> Option<usize> {
    let mut digits = Vec::new();
    let mut card = None;
    for (index, group) in groups.iter().enumerate() {
        if index > 0 && !is_gap(&letters[groups[index - 1].end..group.start]) {
            break;
        }
        digits.extend(letters[group.clone()].iter().filter_map(|letter| digit(*letter)));
        if digits.len() > *DIGITS.end() {
            break;
        }
        if is_card(&digits) {
            card = Some(index + 1);
        }
    }
    card
}

/// What people write between the groups of one number.
fn is_gap(between: &[char]) -> bool {
    let dash = |letter: &char| matches!(letter, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '.' | '_' | '/');
    (1..=3).contains(&between.len())
        && between.iter().all(|letter| dash(letter) || letter.is_whitespace())
        && between.iter().filter(|letter| dash(letter)).count() <= 1
}

/// A length that the card's network uses, and the right check digit.
fn is_card(digits: &[u32]) -> bool {
    DIGITS.contains(&digits.len()) && fits_a_network(digits) && luhn(digits)
}

/// Ranges and lengths of the networks: Visa 4; Mastercard 51–55 and 2221–2720; American Express 34, 37; Diners 30, 36,
/// 38, 39; Discover 6011, 644–65; JCB 3528–3589; UnionPay 62; Maestro 50, 56–69. Source: the networks' pages on
/// issuer identification numbers.
fn fits_a_network(digits: &[u32]) -> bool {
    let begins = digits[..4].iter().fold(0, |begins, digit| begins * 10 + digit);
    let length = digits.len();
    match begins {
        4000..=4999 => matches!(length, 13 | 16 | 19),
        5100..=5599 | 2221..=2720 => length == 16,
        3400..=3499 | 3700..=3799 => length == 15,
        3000..=3099 | 3600..=3699 | 3800..=3999 => (14..=19).contains(&length),
        3528..=3589 => (16..=19).contains(&length),
        5000..=5099 | 5600..=6999 => true,
        _ => false,
    }
}

/// The check digit of ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u32]) -> bool {
    let doubled = |(place, digit): (usize, &u32)| match place % 2 {
        0 => *digit,
        _ if *digit > 4 => digit * 2 - 9,
        _ => digit * 2,
    };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// Where an account number ends whose check digits stand at `digits` (ISO 13616: two letters before them, 15 to 34
/// characters, remainder 1 by 97 with the first four behind). Its groups of four look like a card's.
fn iban_from(letters: &[char], digits: usize) -> Option<usize> {
    let start = digits.checked_sub(2)?;
    let country = letters[start..digits].iter().all(char::is_ascii_alphabetic);
    let apart = start == 0 || !letters[start - 1].is_alphanumeric();
    if !country || !apart {
        return None;
    }
    let mut account = Vec::new();
    for (at, letter) in letters.iter().enumerate().skip(start) {
        match letter.to_digit(36) {
            Some(value) => account.push((at, value)),
            None if *letter == ' ' && account.len() % 4 == 0 => {}
            None => break,
        }
    }
    let ends = (15..=account.len().min(34)).rev();
    let mut ends = ends.filter(|length| {
        letters
            .get(account[length - 1].0 + 1)
            .is_none_or(|next| !next.is_alphanumeric())
    });
    ends.find(|length| is_iban(&account[..*length]))
        .map(|length| account[length - 1].0 + 1)
}

fn is_iban(account: &[(usize, u32)]) -> bool {
    let turned = account[4..].iter().chain(&account[..4]);
    turned.fold(0, |rest, (_, value)| {
        (rest * if *value > 9 { 100 } else { 10 } + value) % 97
    }) == 1
}

fn strike(letters: &mut [char], places: Range<usize>) {
    let digits: Vec<usize> = places.filter(|at| digit(letters[*at]).is_some()).collect();
    for at in &digits[..digits.len().saturating_sub(4)] {
        letters[*at] = STRUCK;
    }
}

/// The value of a digit: ASCII, full-width, Arabic-Indic or Persian, as keyboards give them.
fn digit(letter: char) -> Option<u32> {
    let zero = match letter {
        '0'..='9' => '0',
        '\u{FF10}'..='\u{FF19}' => '\u{FF10}',
        '\u{0660}'..='\u{0669}' => '\u{0660}',
        '\u{06F0}'..='\u{06F9}' => '\u{06F0}',
        _ => return None,
    };
    Some(u32::from(letter) - u32::from(zero))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_number_keeps_its_last_four_digits_however_it_is_grouped() {
        for (typed, kept) in [
            ("4111111111111111", "••••••••••••1111"),
            (
                "card 4111 1111 1111 1111, exp 12/27",
                "card •••• •••• •••• 1111, exp 12/27",
            ),
            ("4111-1111-1111-1111", "••••-••••-••••-1111"),
            ("3782 822463 10005", "•••• •••••• •0005"),
            ("5555 - 5555 - 5555 - 4444", "•••• - •••• - •••• - 4444"),
            ("30569309025904", "••••••••••5904"),
            ("６０１１１１１１１１１１１１１７", "••••••••••••１１１７"),
            (
                "4012\u{a0}8888\u{a0}8888\u{a0}1881",
                "••••\u{a0}••••\u{a0}••••\u{a0}1881",
            ),
            ("4222222222222", "•••••••••2222"),
        ] {
            assert_eq!(struck(typed), kept);
        }
    }

    #[test]
    fn what_stands_beside_a_card_number_stays() {
        assert_eq!(struck("4111 1111 1111 1111 12/27 123"), "•••• •••• •••• 1111 12/27 123");
        assert_eq!(
            struck("order 10248, 4111111111111111 and 5500005555555559!"),
            "order 10248, ••••••••••••1111 and ••••••••••••5559!"
        );
        assert_eq!(struck("10 4111 1111 1111 1111"), "10 •••• •••• •••• 1111");
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for text in [
            "",
            "call +49 30 23125101 or 0049 30 23125101",
            "4111 1111 1111 1112",
            "DE89 3704 0044 0532 0130 00",
            "ES91 2100 0418 4502 0005 1332 is the account",
            "IBAN HR1210010051863000160",
            "DE44 5001 0517 5407 3249 31",
            "order 1234567890123",
            "0000 0000 0000 0000",
            "41111111111111111111111",
            "4111 and 1111 and 1111 and 1111",
            "4111\n\n\n\n1111 1111 1111",
        ] {
            assert_eq!(struck(text), text);
        }
    }

    #[test]
    fn a_number_that_was_kept_while_it_was_typed_is_known_by_its_beginning() {
        let whole = "her card 4111 1111 1111 1111";
        assert!(begins_a_card_of("her card 4111 1111 1111", whole));
        assert!(!begins_a_card_of("her card 4111 11", whole));
        assert!(!begins_a_card_of("order 10248 of 4 May", whole));
        assert!(!begins_a_card_of("4111 1111 1111", "no card"));
    }

    #[test]
    fn striking_twice_changes_nothing_more() {
        let once = struck("4111 1111 1111 1111 4111 1111 1111 1111").into_owned();
        assert_eq!(once, "•••• •••• •••• 1111 •••• •••• •••• 1111");
        assert_eq!(struck(&once), once);
    }
}
