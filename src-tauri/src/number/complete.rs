//! Numbers that lack digits, made whole: Italy's leading 0, Brazil's ninth digit, the home's area code; and Argentina's
//! mobiles, which are written with a 9 and without.
//!
//! Each completion says what was supplied. It knows numbering plans; whether anybody has the number is not its business.

use super::plan::{self, Plan};
use super::text::Written;
use super::{Given, Home, Key, Region, dials_its_code, gives_out, is_valid, key, number_of};

const ITALY: u16 = 39;
const BRAZIL: u16 = 55;
const ARGENTINA: u16 = 54;

/// Local numbers have at most so many digits (Germany's longest).
const LOCAL_DIGITS: usize = 9;
/// Fewer digits are an extension or a service.
const LEAST_LOCAL_DIGITS: usize = 5;

/// What a number may be when its country's plan says that digits are missing, with what was supplied.
pub(super) fn by_plan(number: Key) -> Vec<(Key, Given)> {
    let digits = number.get().to_string();
    let Some((code, national)) = plan::part(&digits).filter(|_| number.is_whole()) else {
        return Vec::new();
    };
    let (whole, given) = match code {
        ITALY if plan::giving_out(code, national).is_none() => (format!("0{national}"), Given::NoZero),
        BRAZIL => match without_ninth(national) {
            Some(whole) => (whole, Given::NoNinth),
            None => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    valid(code, &whole).map(|key| (key, given)).into_iter().collect()
}

/// Argentina's mobile with the 9 for one without, and the other way: abroad the 9 is dialled, at home it is not (ENACOM,
/// Plan Fundamental de Numeración Nacional).
pub(super) fn twin(number: Key) -> Option<Key> {
    let digits = number.get().to_string();
    let (code, national) = plan::part(&digits).filter(|_| number.is_whole())?;
    if code != ARGENTINA {
        return None;
    }
    match (national.strip_prefix('9'), national.len()) {
        (Some(rest), 11) => valid(code, rest),
        (None, 10) => valid(code, &format!("9{national}")),
        (Some(_) | None, _) => None,
    }
}

/// The number with the home's area code in front, when the digits came without one and the home gives out such a number.
pub(super) fn by_area(digits: &str, home: &Home) -> Vec<(Key, Given)> {
    let Some(plan) = home.region.and_then(plan::of_region) else {
        return Vec::new();
    };
    let local = (LEAST_LOCAL_DIGITS..=LOCAL_DIGITS + 2).contains(&digits.len()) && !has_trunk_prefix(plan, digits);
    if home.area.is_empty() || !local {
        return Vec::new();
    }
    let digits = format!("{}{digits}", home.area);
    let number = plan.significant(&digits);
    let Ok(whole) = key(&number) else {
        return Vec::new();
    };
    let ninth = by_plan(whole).into_iter().map(|(key, _)| key);
    let as_it_is = gives_out(&number).then_some(whole);
    as_it_is
        .into_iter()
        .chain(ninth)
        .map(|key| (key, Given::NoArea))
        .collect()
}

/// Digits that a person wrote without the zero that the country writes before its area codes, and few enough to be a
/// local number: they may be that even where a national number has the same digits.
pub(super) fn may_be_local(written: &Written, region: Option<Region>) -> bool {
    written.digits.len() < LOCAL_DIGITS && lacks_trunk_zero(written, region)
}

/// Does the country write a zero before its area codes, and is there none?
pub(super) fn lacks_trunk_zero(written: &Written, region: Option<Region>) -> bool {
    let prefix = region.and_then(plan::of_region).and_then(Plan::trunk_prefix);
    !written.plus && prefix == Some("0") && !written.digits.starts_with('0')
}

/// The digits behind an outside-line prefix that no setting names, read as a number that is given out. `0` and `9` are
/// what offices dial.
pub(super) fn behind_outside_digit(digits: &str, region: Option<Region>) -> Vec<(Key, Given)> {
    let Some(rest) = digits.strip_prefix(['0', '9']) else {
        return Vec::new();
    };
    let whole = rest.len() == 11 && rest.starts_with('1') && region.is_some_and(dials_its_code);
    let written = Written {
        plus: whole,
        digits: rest.to_owned(),
        ext: None,
    };
    let Some(number) = number_of(&written, region).ok().filter(|number| is_valid(number.key)) else {
        return Vec::new();
    };
    [Some(number.key), twin(number.key)]
        .into_iter()
        .flatten()
        .map(|key| (key, Given::Outside))
        .collect()
}

/// A mobile of Brazil's eight-digit plan with the ninth digit (Anatel, Resolução 553/2010): area, 9, the old number.
fn without_ninth(national: &str) -> Option<String> {
    let (area, number) = national.split_at_checked(2)?;
    let mobile = number.len() == 8 && number.starts_with(['6', '7', '8', '9']);
    mobile.then(|| format!("{area}9{number}"))
}

fn has_trunk_prefix(plan: &Plan, digits: &str) -> bool {
    plan.trunk_prefix().is_some_and(|prefix| digits.starts_with(prefix)) && !plan.dials_its_code()
}

/// The key of a number that is given out.
pub(super) fn valid(code: u16, national: &str) -> Option<Key> {
    plan::giving_out(code, national)?;
    Key::new(format!("{code}{national}").parse().ok()?)
}
