//! Telephone numbers: from what people type and phone systems send to one integer key.
//!
//! The only room that knows `phonenumber`. Pure: no clock, no file, no network. It does not know
//! customers, calls or which numbers are ours; `matching` decides what a key means.
//!
//! `text` folds what stands in a field, `plan` knows the numbering plans, `split` parts a cell with several
//! numbers, `caller` reads what a phone system says of a caller, `show` writes a key as people do, `typed` reads
//! what somebody is still typing.

mod caller;
mod plan;
mod region;
mod show;
mod split;
mod text;
mod typed;

use std::fmt;
use std::num::NonZeroU64;

pub use caller::{CallerId, DialContext, caller};
pub use region::{Region, UnknownRegion, plain};
pub use show::{country, display};
pub use split::{Piece, split};
pub use text::digits_in;
pub use typed::{beginnings, country_code};

use plan::Significant;

/// An E.164 number as an integer: country code and national (significant) number, at most 15 digits.
///
/// `+49 30 23125101` is `493023125101`. Two spellings of one number have one key
/// (ITU-T E.164, <https://www.itu.int/rec/T-REC-E.164>).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(NonZeroU64);

/// Whether a text carried the country code itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Given {
    /// The country code stood in the text: the reading is certain.
    International,
    /// A region had to be supplied, or the numbering plan be repaired: the reading is as good as that.
    National,
}

/// A number that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// What it is found by.
    pub key: Key,
    /// Whether the text carried the country code.
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

impl Key {
    /// A key from its integer, as it stands in the cache. `None` for zero or more than 15 digits.
    #[must_use]
    pub fn new(digits: u64) -> Option<Self> {
        (digits < 1_000_000_000_000_000)
            .then(|| NonZeroU64::new(digits).map(Key))
            .flatten()
    }

    /// The digits as an integer, without the plus.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key(+{})", self.0)
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
    let written = text::written(raw)?;
    let (number, given) = match written.plus {
        true => (behind_plus(&written.digits)?, Given::International),
        false => behind_region(&written.digits, region)?,
    };
    Ok(Number {
        key: key(&number)?,
        given: if number.repaired { Given::National } else { given },
        ext: written.ext,
    })
}

/// Is the number one that its country gives out today?
#[must_use]
pub fn is_valid(key: Key) -> bool {
    let digits = key.get().to_string();
    plan::part(&digits).is_some_and(|(code, national)| plan::giving_out(code, national).is_some())
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
