//! Telephone numbers: from what people type and phone systems send to one integer key.
//!
//! The only room that knows `phonenumber`. Pure: no clock, no file, no network. It does not know
//! customers, calls or which numbers are ours; `matching` decides what a key means.
//!
//! `text` folds what stands in a field, `plan` knows the numbering plans, `split` parts a cell with several
//! numbers, `stored` says under which keys a customer's number is filed, `caller` reads what a phone system says of a
//! caller, `complete` supplies digits that one side left out, `show` writes a key as people do, `typed`
//! reads what somebody is still typing.

mod caller;
mod complete;
mod plan;
mod region;
mod show;
mod split;
mod stored;
mod text;
mod typed;

use std::fmt;
use std::num::NonZeroU64;

pub use caller::{CallerId, DialContext, Reading, caller, further};
pub use region::{Region, UnknownRegion, plain};
pub use show::{country, display};
pub use split::{Piece, split};
pub use stored::{Home, stored};
pub use text::digits_in;
pub use typed::{beginnings, country_code};

use plan::Significant;

/// An E.164 number as an integer: country code and national (significant) number, at most 15 digits.
///
/// `+49 30 23125101` is `493023125101`. Two spellings of one number have one key
/// (ITU-T E.164, <https://www.itu.int/rec/T-REC-E.164>). A stored number whose country nobody knows has a key of another
/// kind: its national digits above all E.164 numbers, see [`Key::without_country`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(NonZeroU64);

/// What a text gave of the number, and what had to be supplied. In the order of trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Given {
    /// The country code stood in the text: the reading is certain.
    International,
    /// A region had to be supplied: the reading is as good as that.
    National,
    /// The numbering plan had to be repaired: Argentina's 9 and 15, Mexico's 1, Brazil's carriers.
    Repaired,
    /// The area code was missing, and that of the home was supplied.
    NoArea,
    /// Italy's leading 0 was missing.
    NoZero,
    /// The ninth digit of a Brazilian mobile was missing.
    NoNinth,
    /// A foreign national number of which nobody says the country.
    NoCountry,
    /// The first digit was taken for an outside-line prefix that no setting names.
    Outside,
}

/// A number that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// What it is found by.
    pub key: Key,
    /// What the text gave of it.
    pub given: Given,
    /// The extension behind it, digits only.
    pub ext: Option<String>,
}

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Unreadable {
    /// Nothing stands there.
    #[error("empty")]
    Empty,
    /// Words, or digits that are something else.
    #[error("no telephone number in it")]
    NotANumber,
    /// Fewer digits than any number has.
    #[error("too few digits")]
    TooShort,
    /// More than the 15 digits of E.164.
    #[error("too many digits")]
    TooLong,
    /// No country code in it and no region known.
    #[error("no country code, and the country is not known")]
    NoRegion,
    /// A plus, and behind it a code that no country has.
    #[error("no country has this code")]
    UnknownCountry,
    /// A spreadsheet wrote it as `4.93E+11`: the last digits are gone.
    #[error("rounded by a spreadsheet, digits are lost")]
    Rounded,
}

impl Given {
    /// Did the text lack digits, so that the number is a hint and no identity?
    #[must_use]
    pub fn lacks_digits(self) -> bool {
        self > Given::Repaired
    }

    /// The number that stands for it in the cache.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Given::National => 0,
            Given::International => 1,
            Given::Repaired => 2,
            Given::NoArea => 3,
            Given::NoZero => 4,
            Given::NoNinth => 5,
            Given::NoCountry => 6,
            Given::Outside => 7,
        }
    }

    /// What stands for `code` in the cache; what a newer Ringside wrote is the weakest.
    #[must_use]
    pub fn from_code(code: u8) -> Self {
        match code {
            0 => Given::National,
            1 => Given::International,
            2 => Given::Repaired,
            3 => Given::NoArea,
            4 => Given::NoZero,
            5 => Given::NoNinth,
            6 => Given::NoCountry,
            _ => Given::Outside,
        }
    }
}

impl Key {
    /// A key from the digits of a whole number. `None` for zero or more than 15 digits.
    #[must_use]
    pub fn new(digits: u64) -> Option<Self> {
        (digits < WITHOUT_COUNTRY)
            .then(|| NonZeroU64::new(digits).map(Key))
            .flatten()
    }

    /// The key that the number's national digits alone are filed under: what a customer's number that nobody knows the
    /// country of is found by, whatever zero it was written with. `None` for so few digits that they say nothing.
    #[must_use]
    pub fn without_country(self) -> Option<Key> {
        let digits = self.get().to_string();
        let (_, national) = plan::part(&digits).filter(|_| self.is_whole())?;
        Key::of_national(national)
    }

    /// Has it a country code?
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.get() < WITHOUT_COUNTRY
    }

    fn of_national(digits: &str) -> Option<Key> {
        let digits = digits.trim_start_matches('0');
        let enough = (LEAST_NATIONAL_DIGITS..=MAX_E164_DIGITS - 1).contains(&digits.len());
        let number: u64 = digits.parse().ok().filter(|_| enough)?;
        NonZeroU64::new(WITHOUT_COUNTRY + number).map(Key)
    }

    /// The digits as an integer, without the plus; as it stands in the cache.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0.get()
    }
}

/// What is added to national digits whose country is not known.
const WITHOUT_COUNTRY: u64 = 1_000_000_000_000_000;
/// Fewer national digits name too many people in too many countries.
const LEAST_NATIONAL_DIGITS: usize = 7;

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.get().checked_sub(WITHOUT_COUNTRY) {
            Some(national) => write!(f, "…{national}"),
            None => write!(f, "+{}", self.0),
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

/// Reads one number as a person or a file wrote it; `region` is where it is dialled from when it has no country code.
///
/// Numbers that no plan gives out today have a key all the same, the same from inside the country and from outside.
/// A cell that may hold several numbers goes through [`split`] first.
///
/// # Errors
/// Says why the text is no number; never panics.
pub fn read(raw: &str, region: Option<Region>) -> Result<Number, Unreadable> {
    number_of(&text::written(raw)?, region)
}

fn number_of(written: &text::Written, region: Option<Region>) -> Result<Number, Unreadable> {
    let (number, given) = match written.plus {
        true => (behind_plus(&written.digits)?, Given::International),
        false => behind_region(&written.digits, region)?,
    };
    let number = settled(number);
    let key = key(&number)?;
    if text::is_filler(&key.get().to_string()) {
        // `4444444` with Britain's 44 in front is as little a number as all nine digits are.
        return Err(Unreadable::NotANumber);
    }
    Ok(Number {
        key,
        given: if number.repaired { Given::Repaired } else { given },
        ext: written.ext.clone(),
    })
}

/// The number that its own international form is read as. A number that no plan gives out may still carry what a second
/// reading takes off (`0011 49…` in Brazil): one number has one key.
fn settled(mut number: Significant) -> Significant {
    while !gives_out(&number) {
        let Some(again) = plan::international(&format!("{}{}", number.code, number.national)) else {
            break;
        };
        // Only a shorter one: a repair may put digits in front, and two readings must not go round in circles. And none
        // that is given out: the zero before a whole Spanish number is an outside line's, which is for `further` to say.
        if again.national.len() >= number.national.len() || gives_out(&again) {
            break;
        }
        number = Significant {
            repaired: number.repaired || again.repaired,
            ..again
        };
    }
    number
}

/// Is the number one that its country gives out today?
#[must_use]
pub fn is_valid(key: Key) -> bool {
    let digits = key.get().to_string();
    key.is_whole() && plan::part(&digits).is_some_and(|(code, national)| plan::giving_out(code, national).is_some())
}

/// Does the region dial its country code before its own numbers, so that a caller's digits beginning with it are whole?
fn dials_its_code(region: Region) -> bool {
    plan::of_region(region).is_some_and(plan::Plan::dials_its_code)
}

/// Compiles the plan of the home region and of the largest plans, so that the first call does not wait for it (about
/// a millisecond each in a release build).
pub fn warm(home: Option<Region>) {
    let large = ["US", "GB", "DE", "FR", "ES", "IT"]
        .iter()
        .filter_map(|code| Region::from_code(code));
    for plan in home.into_iter().chain(large).filter_map(plan::of_region) {
        plan.warm();
    }
}

fn behind_plus(digits: &str) -> Result<Significant, Unreadable> {
    // `+0049…`: both ways of writing abroad at once.
    let digits = digits.strip_prefix("00").unwrap_or(digits);
    plan::international(digits).ok_or(Unreadable::UnknownCountry)
}

/// Reads digits without a plus, from the surest reading to the last resort.
fn behind_region(digits: &str, region: Option<Region>) -> Result<(Significant, Given), Unreadable> {
    let plan = region.and_then(plan::of_region);
    let abroad_first = plan.and_then(|p| {
        p.behind_own_idd(digits)
            .or_else(|| plan::international(p.behind_idd(digits)?))
    });
    if let Some(number) = abroad_first {
        return Ok((number, Given::International));
    }
    if let Some((plan, number)) = plan.and_then(|p| Some((p, p.behind_own_code(digits)?))) {
        // North America dials 1 before its own numbers: in a list it says nothing of the country.
        let given = if plan.dials_its_code() {
            Given::National
        } else {
            Given::International
        };
        return Ok((number, given));
    }
    let national = plan
        .map(|p| p.significant(digits))
        .filter(|n| n.national.len() <= MAX_E164_DIGITS);
    if let Some(number) = national.as_ref().filter(|n| gives_out(n)) {
        return Ok((number.clone(), Given::National));
    }
    if let Some(number) = abroad(digits) {
        return Ok((number, Given::International));
    }
    match (national, digits.len()) {
        (Some(number), _) => Ok((number, Given::National)),
        (None, ..=3) => Err(Unreadable::TooShort),
        (None, _) if plan.is_some() => Err(Unreadable::TooLong),
        (None, _) => Err(Unreadable::NoRegion),
    }
}

/// `0049…` where the own way abroad is another, and `4930…` where it is nothing at home: only when it is valid there.
fn abroad(digits: &str) -> Option<Significant> {
    let number = plan::international(digits.strip_prefix("00").unwrap_or(digits))?;
    gives_out(&number).then_some(number)
}

fn gives_out(number: &Significant) -> bool {
    plan::giving_out(number.code, &number.national).is_some()
}

/// The most digits of an E.164 number, country code included.
const MAX_E164_DIGITS: usize = 15;

fn key(number: &Significant) -> Result<Key, Unreadable> {
    if number.national.len() < plan::MIN_NATIONAL_DIGITS {
        return Err(Unreadable::TooShort);
    }
    let digits = format!("{}{}", number.code, number.national);
    let digits = digits.parse().map_err(|_| Unreadable::TooLong)?;
    Key::new(digits).ok_or(Unreadable::TooLong)
}

#[cfg(test)]
mod tests;
