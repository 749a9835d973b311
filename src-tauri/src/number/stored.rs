//! Under which keys a customer's number is filed.
//!
//! A number that carries all its digits has one key. One that lacks some has the keys it may mean, each marked with what
//! was supplied: looking up a caller stays a handful of point reads, and nothing is searched by suffix.

use super::complete::{by_area, by_plan, lacks_trunk_zero, may_be_local, valid};
use super::show::groups;
use super::text::{self, Written, digits_of, fold};
use super::{Given, Key, Number, Region, Unreadable, is_valid, number_of, plan};

/// The fewest digits of a number that somebody wrote with its country code and no plus.
const WITH_CODE_DIGITS: usize = 10;

/// Where a number without a country code or an area code is from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Home {
    /// The country.
    pub region: Option<Region>,
    /// The area code that people there leave out, `30` or `030`. Empty where none is left out.
    pub area: String,
}

/// The numbers that a stored text may mean, the surest first; never empty. `country` is the customer's, `others` are the
/// keys of their other numbers: somebody whose numbers are all Swiss writes Swiss ones.
///
/// # Errors
/// Says why the text is no number; never panics.
pub fn stored(raw: &str, country: Option<Region>, home: &Home, others: &[Key]) -> Result<Vec<Number>, Unreadable> {
    let written = text::written(raw)?;
    let region = country.or(home.region);
    let mut found = match number_of(&written, region) {
        Ok(number) => completed(&number, &written, region, home),
        Err(Unreadable::NoRegion) => Vec::new(),
        Err(why) => return Err(why),
    };
    let national = found.iter().all(|(_, given)| *given != Given::International);
    if country.is_none() && national {
        found.extend(abroad(raw, &written, &found, home, others));
    }
    let mut numbers: Vec<Number> = Vec::new();
    found.sort_by_key(|(_, given)| *given);
    for (key, given) in found {
        if !numbers.iter().any(|known| known.key == key) {
            let ext = written.ext.clone();
            numbers.push(Number { key, given, ext });
        }
    }
    match numbers.is_empty() {
        true => Err(Unreadable::NoRegion),
        false => Ok(numbers),
    }
}

/// What was read and what it may be when digits are missing. What no country gives out stands beside its completions only
/// when the text carried the country code.
fn completed(number: &Number, written: &Written, region: Option<Region>, home: &Home) -> Vec<(Key, Given)> {
    let valid = is_valid(number.key);
    let mut found = by_plan(number.key);
    if !written.plus && region == home.region && (!valid || may_be_local(written, region)) {
        found.extend(by_area(&written.digits, home));
    }
    if number.given == Given::National {
        found.extend(with_code(written, region).map(|key| (key, Given::NoCountry)));
    }
    if valid || found.is_empty() || number.given == Given::International {
        found.push((number.key, number.given));
    }
    found
}

/// The number that begins with its country code, where a person would have written a zero before a national one:
/// `33252035944` in Germany is as likely French.
fn with_code(written: &Written, region: Option<Region>) -> Option<Key> {
    if !lacks_trunk_zero(written, region) || written.digits.len() < WITH_CODE_DIGITS {
        return None;
    }
    let number = plan::international(&written.digits)?;
    valid(number.code, &number.national)
}

/// What national digits of a customer without a country may be abroad: numbers of the countries that the customer's other
/// numbers are of, else, when the digits are no number at home, digits of no known country.
fn abroad(raw: &str, written: &Written, at_home: &[(Key, Given)], home: &Home, others: &[Key]) -> Vec<(Key, Given)> {
    let home = home.region.and_then(plan::of_region).map(plan::Plan::code);
    let mut codes: Vec<u16> = others
        .iter()
        .filter(|key| key.is_whole())
        .filter_map(|key| plan::part(&key.get().to_string()).map(|(code, _)| code))
        .filter(|code| Some(*code) != home)
        .collect();
    codes.dedup();
    let there = |code: &u16| {
        let number = plan::of_code(*code).first()?.significant(&written.digits);
        valid(number.code, &number.national)
    };
    let keys: Vec<Key> = codes.iter().filter_map(there).collect();
    let is_of_home = |(key, _): &(Key, Given)| is_valid(*key) && !is_bracketed_otherwise(raw, *key);
    if keys.is_empty() && !at_home.iter().any(is_of_home) {
        let key = Key::of_national(&written.digits);
        return key.map(|key| (key, Given::NoCountry)).into_iter().collect();
    }
    keys.into_iter().map(|key| (key, Given::NoCountry)).collect()
}

/// Brackets hold an area code: `(312) 863-2551` is not written by anybody whose area codes have two digits.
fn is_bracketed_otherwise(raw: &str, key: Key) -> bool {
    let folded = fold(raw);
    let inside = folded.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    let area = inside.map(|(area, _)| digits_of(area)).unwrap_or_default();
    let area = area.trim_start_matches('0');
    !area.is_empty() && !groups(key).iter().any(|group| group.trim_start_matches('0') == area)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(region: &str, area: &str) -> Home {
        Home {
            region: Region::from_code(region),
            area: area.to_owned(),
        }
    }

    fn filed(raw: &str, country: &str, home: &Home, others: &[u64]) -> Vec<(String, Given)> {
        let others: Vec<Key> = others.iter().filter_map(|digits| Key::new(*digits)).collect();
        let numbers = stored(raw, Region::from_code(country), home, &others).unwrap_or_default();
        numbers.iter().map(|n| (n.key.to_string(), n.given)).collect()
    }

    #[test]
    fn a_whole_number_is_filed_under_one_key() {
        for (raw, country, key, given) in [
            ("+49 30 23125101", "", "+493023125101", Given::International),
            ("030 23125101", "", "+493023125101", Given::National),
            ("030 23125101", "DE", "+493023125101", Given::National),
            ("91 123 45 67", "ES", "+34911234567", Given::National),
            ("+52 1 33 4829 5336", "MX", "+523348295336", Given::Repaired),
            ("0711 998370 ext. 22", "DE", "+49711998370", Given::National),
        ] {
            assert_eq!(
                filed(raw, country, &at("DE", "30"), &[]),
                [(key.to_owned(), given)],
                "{raw}"
            );
        }
    }

    #[test]
    fn a_number_without_its_area_code_is_filed_under_that_of_the_home_and_marked() {
        for (raw, home, key) in [
            ("8069 6654", at("GB", "20"), "+442080696654"),
            ("8069 6654", at("GB", "020"), "+442080696654"),
            ("4955 8010", at("AR", "11"), "+541149558010"),
            ("15-7008-1008", at("AR", "11"), "+5491170081008"),
            ("92867 0648", at("BR", "11"), "+5511928670648"),
            ("902-0033", at("US", "415"), "+14159020033"),
            ("4567 890", at("HR", "1"), "+38514567890"),
            ("6723 873", at("DE", "30"), "+49306723873"),
        ] {
            let expected = (key.to_owned(), Given::NoArea);
            assert!(
                filed(raw, "", &home, &[]).contains(&expected),
                "{raw} {:?}",
                filed(raw, "", &home, &[])
            );
        }
        let elsewhere = filed("8069 6654", "IE", &at("GB", "20"), &[]);
        assert!(
            elsewhere.iter().all(|(_, given)| *given != Given::NoArea),
            "{elsewhere:?}"
        );
    }

    #[test]
    fn a_brazilian_mobile_without_the_ninth_digit_and_an_italian_number_without_the_zero_are_marked() {
        let brazil = at("BR", "11");
        assert!(filed("(21) 8765-4321", "BR", &brazil, &[]).contains(&("+5521987654321".to_owned(), Given::NoNinth)));
        assert!(filed("+55 21 8765-4321", "BR", &brazil, &[]).contains(&("+5521987654321".to_owned(), Given::NoNinth)));
        let italy = at("IT", "06");
        assert!(filed("+39 81446656", "IT", &italy, &[]).contains(&("+39081446656".to_owned(), Given::NoZero)));
        assert!(filed("81446656", "IT", &italy, &[]).contains(&("+39081446656".to_owned(), Given::NoZero)));
    }

    #[test]
    fn a_foreign_number_without_a_country_is_filed_under_its_national_digits() {
        let home = at("GB", "20");
        assert!(filed("099972 21733", "", &home, &[]).contains(&("…9997221733".to_owned(), Given::NoCountry)));
        let swiss = filed("076 443 44 54", "", &at("DE", "30"), &[41_225_385_885]);
        assert!(
            swiss.contains(&("+41764434454".to_owned(), Given::NoCountry)),
            "{swiss:?}"
        );
        assert!(
            filed("(312) 863-2551", "", &at("BR", "11"), &[]).contains(&("…3128632551".to_owned(), Given::NoCountry))
        );
        for (raw, home) in [
            ("976 20 13 33", at("ES", "91")),
            ("(011) 4955-8010", at("AR", "11")),
            ("(0711) 998370", at("DE", "30")),
        ] {
            assert!(
                filed(raw, "", &home, &[])
                    .iter()
                    .all(|(_, given)| *given == Given::National),
                "{raw}"
            );
        }
    }

    #[test]
    fn digits_without_a_zero_that_begin_with_a_country_code_may_be_that_country() {
        let home = at("DE", "30");
        assert!(filed("33252035944", "", &home, &[]).contains(&("+33252035944".to_owned(), Given::NoCountry)));
        assert!(filed("49221637165", "DE", &home, &[]).contains(&("+49221637165".to_owned(), Given::NoCountry)));
        assert_eq!(
            filed("033252 035944", "DE", &home, &[]),
            [("+4933252035944".to_owned(), Given::National)]
        );
    }

    #[test]
    fn a_number_is_no_number_without_a_country_when_there_is_no_home() {
        assert_eq!(
            filed("030 23125101", "", &Home::default(), &[]),
            [("…3023125101".to_owned(), Given::NoCountry)]
        );
        assert_eq!(stored("12 34", None, &Home::default(), &[]), Err(Unreadable::NoRegion));
        assert_eq!(stored("n/a", None, &at("DE", ""), &[]), Err(Unreadable::NotANumber));
    }
}
