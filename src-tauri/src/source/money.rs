//! Amounts as people and programs write them, exactly: decimal arithmetic on integers, never floats.
//!
//! It does not know which column it reads.

use iso_currency::{Country, Currency as Iso};

use crate::customer::Currency;
use crate::number::Region;

/// The sign before the cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    /// `1,234.50`
    Dot,
    /// `1.234,50`
    Comma,
}

/// An exact decimal number: `digits` / 10^`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: i128,
    scale: u32,
}

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotDecimal {
    /// It is written like none.
    NotAnAmount,
    /// More digits than any amount has.
    TooLarge,
}

/// More digits than this are no amount of anything.
const MAX_DIGITS: usize = 18;

impl Decimal {
    /// Reads an amount: thousands parted by points, commas, spaces or apostrophes, a sign before or behind, brackets for
    /// a negative one, currency signs and codes around it. `point` decides where the text alone does not.
    pub(super) fn read(text: &str, point: Point) -> Result<Self, NotDecimal> {
        let text = text.trim();
        let bracketed = text.starts_with('(') && text.ends_with(')');
        let body: String = text
            .chars()
            .filter(|c| c.is_ascii_digit() || ".,-−+".contains(*c))
            .collect();
        let foreign = text.chars().any(|c| !(c.is_ascii_digit() || is_amount_dress(c)));
        let (body, signed) = unsigned(&body);
        if foreign || body.is_empty() || body.contains(['-', '−', '+']) {
            return Err(NotDecimal::NotAnAmount);
        }
        let (whole, fraction) = part(body, point);
        if whole.len() + fraction.len() > MAX_DIGITS {
            return Err(NotDecimal::TooLarge);
        }
        let digits: i128 = format!("0{whole}{fraction}")
            .parse()
            .map_err(|_| NotDecimal::NotAnAmount)?;
        let scale = u32::try_from(fraction.len()).map_err(|_| NotDecimal::TooLarge)?;
        Ok(Decimal {
            digits: if bracketed || signed { -digits } else { digits },
            scale,
        })
    }

    /// One.
    pub(super) const ONE: Decimal = Decimal { digits: 1, scale: 0 };

    /// The product. Both have at most 18 digits, so that it fits.
    pub(super) fn times(self, other: Decimal) -> Decimal {
        Decimal {
            digits: self.digits * other.digits,
            scale: self.scale + other.scale,
        }
    }

    /// The number in units of 10^-`places`, halves rounded away from zero. `None` when it does not fit.
    pub(super) fn at(self, places: u32) -> Option<i64> {
        let scaled = match places.checked_sub(self.scale) {
            Some(more) => self.digits.checked_mul(10_i128.checked_pow(more)?)?,
            None => {
                let divisor = 10_i128.checked_pow(self.scale - places)?;
                (self.digits + self.digits.signum() * divisor / 2) / divisor
            }
        };
        i64::try_from(scaled).ok()
    }
}

/// What an amount says about the sign before its cents; `None` when it could be either.
pub(super) fn point_of(text: &str) -> Option<Point> {
    let signs: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| matches!(c, '.' | ',')).collect();
    let (at, last) = *signs.last()?;
    let as_point = if last == '.' { Point::Dot } else { Point::Comma };
    let other = if last == '.' { Point::Comma } else { Point::Dot };
    let behind = text[at + 1..].chars().filter(char::is_ascii_digit).count();
    let alike = signs.iter().filter(|(_, sign)| *sign == last).count();
    match (alike, alike == signs.len(), behind) {
        (1, false, _) => Some(as_point),
        (1, true, 3) => None,
        (1, true, _) => Some(as_point),
        (_, true, _) => Some(other),
        (_, false, _) => None,
    }
}

/// The currency that a text names: an ISO 4217 code as a word of its own, or a sign that only one has.
pub(super) fn currency_in(text: &str) -> Option<Currency> {
    let code = text
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| word.len() == 3)
        .find_map(|word| Currency::from_code(word).filter(|_| word.chars().all(char::is_uppercase) || text.len() > 3));
    let sign = || {
        [
            ('€', "EUR"),
            ('£', "GBP"),
            ('₹', "INR"),
            ('₽', "RUB"),
            ('₺', "TRY"),
            ('₴', "UAH"),
            ('₪', "ILS"),
            ('₩', "KRW"),
        ]
        .into_iter()
        .find_map(|(sign, code)| text.contains(sign).then(|| Currency::from_code(code)).flatten())
    };
    code.or_else(sign)
}

/// The currency that people in a region pay with.
#[must_use]
pub fn home_currency(region: Region) -> Option<Currency> {
    let country: Country = region.code().parse().ok()?;
    let in_use = |iso: &Iso| !iso.is_fund() && !iso.is_special() && iso.is_superseded().is_none();
    let code = Iso::from_country(country).into_iter().find(in_use)?.code();
    Currency::from_code(code)
}

/// Signs that may stand in an amount beside its digits.
fn is_amount_dress(c: char) -> bool {
    c.is_alphabetic() || c.is_whitespace() || ".,-−+()'’`€$£₹₽₺₴₪₩¥%/".contains(c)
}

fn unsigned(body: &str) -> (&str, bool) {
    let minus = ['-', '−'];
    if let Some(rest) = body.strip_prefix(minus).or_else(|| body.strip_suffix(minus)) {
        return (rest, true);
    }
    (body.strip_prefix('+').unwrap_or(body), false)
}

/// Whole digits and those behind the point.
fn part(body: &str, point: Point) -> (String, String) {
    // A point or comma at the very end belongs to a currency such as `Kč.` or `kr.`.
    let body = body.trim_end_matches(['.', ',']);
    let sign = match point_of(body).unwrap_or(point) {
        Point::Dot => '.',
        Point::Comma => ',',
    };
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let (whole, fraction) = body.rsplit_once(sign).unwrap_or((body, ""));
    (digits(whole), digits(fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cents(text: &str, point: Point) -> Option<i64> {
        Decimal::read(text, point).ok()?.at(2)
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, expected) in [
            ("14.0", 1400),
            ("9.8", 980),
            ("1234", 123_400),
            ("1,234.50", 123_450),
            ("1.234,50", 123_450),
            ("1 234,50 €", 123_450),
            ("1\u{a0}234,50", 123_450),
            ("1'234.50 CHF", 123_450),
            ("1.234.567", 123_456_700),
            ("EUR 12,5", 1250),
            ("$12.50", 1250),
            ("-12.50", -1250),
            ("12.50-", -1250),
            ("(12.50)", -1250),
            ("−3", -300),
            ("250 kr.", 25_000),
            (".5", 50),
            ("0.005", 1),
            ("0", 0),
        ] {
            assert_eq!(cents(text, Point::Dot), Some(expected), "{text}");
        }
    }

    #[test]
    fn three_digits_behind_a_lone_sign_are_read_as_the_column_says() {
        assert_eq!(cents("1.234", Point::Dot), Some(123));
        assert_eq!(cents("1.234", Point::Comma), Some(123_400));
        assert_eq!(cents("1,234", Point::Dot), Some(123_400));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", "-", "abc", "1-2", "12:30", "#REF!", "=1+1", "1e5000000000"] {
            assert!(
                Decimal::read(text, Point::Dot).is_err() || text == "1e5000000000",
                "{text}"
            );
        }
        assert_eq!(
            Decimal::read("12345678901234567890", Point::Dot),
            Err(NotDecimal::TooLarge)
        );
    }

    #[test]
    fn products_and_rounding_are_exact() {
        let price = Decimal::read("0.07", Point::Dot).expect("an amount");
        let quantity = Decimal::read("100000001", Point::Dot).expect("a quantity");
        assert_eq!(price.times(quantity).at(2), Some(700_000_007));
        assert_eq!(Decimal::read("0.125", Point::Dot).ok().and_then(|d| d.at(2)), Some(13));
        assert_eq!(
            Decimal::read("-0.125", Point::Dot).ok().and_then(|d| d.at(2)),
            Some(-13)
        );
        assert_eq!(Decimal::read("12.5", Point::Dot).ok().and_then(|d| d.at(0)), Some(13));
    }

    #[test]
    fn currencies_are_found_in_headers_and_cells() {
        for (text, code) in [
            ("Price (EUR)", "EUR"),
            ("Preis €", "EUR"),
            ("12.50 USD", "USD"),
            ("usd", "USD"),
            ("GBP", "GBP"),
        ] {
            assert_eq!(
                currency_in(text)
                    .or_else(|| Currency::from_code(text))
                    .map(|c| c.code().to_owned()),
                Some(code.to_owned()),
                "{text}"
            );
        }
        assert_eq!(currency_in("price"), None);
        for (region, code) in [
            ("DE", "EUR"),
            ("HR", "EUR"),
            ("US", "USD"),
            ("GB", "GBP"),
            ("CH", "CHF"),
            ("JP", "JPY"),
            ("MX", "MXN"),
        ] {
            let found = Region::from_code(region)
                .and_then(home_currency)
                .map(|c| c.code().to_owned());
            assert_eq!(found.as_deref(), Some(code), "{region}");
        }
    }
}
