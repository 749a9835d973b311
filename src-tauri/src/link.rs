//! A link that opens something here: `tel:+49…` (RFC 3966), `ringside://call/ID`, `ringside://customer/REF`,
//! `ringside://log/outcome=missed;days=7`.
//!
//! Anybody can write a link, and a web page can follow one by itself. So it is read strictly, what is odd is refused rather
//! than repaired, and nothing here dials: a person confirms first. Pure.

mod log;

use percent_encoding::percent_decode_str;

use crate::call::CallId;
use crate::customer::CustomerRef;
use crate::pop::view::LogFilter;
use crate::words::Saying;

pub use log::to_log;

/// What a link asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Call this number, when a person says so.
    Dial {
        /// Digits, with a `+` before them or not.
        number: String,
        /// The extension behind it, digits.
        extension: Option<String>,
    },
    /// Show this call.
    Call(CallId),
    /// Show this customer.
    Customer(CustomerRef),
    /// Show the calls of the log that this lets through.
    Log(Box<LogFilter>),
}

/// Why a link is refused. None of these repeats the link: it may be meant to deceive whoever reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.saying())]
pub enum NoLink {
    /// Longer than [`LONGEST`].
    TooLong,
    /// Neither `tel:` nor `ringside:`.
    Scheme,
    /// It has control characters, spaces at its ends, or characters that cannot be seen or turn the reading direction.
    Unreadable,
    /// A percent sign that stands for nothing, or for another percent sign.
    Percent,
    /// What is behind `tel:` is no number.
    NoNumber,
    /// A `*` or a `#`: a service code, for example one that forwards all calls.
    ServiceCode,
    /// `ringside:` knows no such thing.
    Unknown,
    /// The call or the customer has no name.
    NoName,
    /// What the log is to be filtered by is not what it can be filtered by.
    Filter,
}

impl NoLink {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        Saying::of(match self {
            NoLink::TooLong => "refused.link_long",
            NoLink::Scheme => "refused.link_scheme",
            NoLink::Unreadable => "refused.link_unreadable",
            NoLink::Percent => "refused.link_percent",
            NoLink::NoNumber => "refused.link_number",
            NoLink::ServiceCode => "refused.link_code",
            NoLink::Unknown => "refused.link_unknown",
            NoLink::NoName => "refused.link_name",
            NoLink::Filter => "refused.link_filter",
        })
    }
}

/// No link of ours has more bytes.
pub const LONGEST: usize = 512;

/// Fewer digits are no number that is called from a page; the emergency numbers of most countries have three.
const FEWEST_DIGITS: usize = 3;
/// E.164 allows 15; some national numbers have a few more, with what is dialled before a country code.
const MOST_DIGITS: usize = 20;
/// An extension has no more digits.
const MOST_EXTENSION: usize = 11;

/// Reads a link.
///
/// # Errors
/// See [`NoLink`].
pub fn read(text: &str) -> Result<Link, NoLink> {
    if text.len() > LONGEST {
        return Err(NoLink::TooLong);
    }
    let (scheme, rest) = text.split_once(':').ok_or(NoLink::Scheme)?;
    if scheme.eq_ignore_ascii_case("tel") {
        dial(rest)
    } else if scheme.eq_ignore_ascii_case("ringside") {
        open(rest)
    } else {
        Err(NoLink::Scheme)
    }
}

/// The number that is dialled for one that people write: an optional `+` and digits.
///
/// # Errors
/// [`NoLink::NoNumber`], [`NoLink::ServiceCode`].
pub fn dialable(number: &str) -> Result<String, NoLink> {
    let mut dialled = String::new();
    for (at, letter) in number.trim().char_indices() {
        match letter {
            '+' if at == 0 => dialled.push('+'),
            '0'..='9' => dialled.push(letter),
            ' ' | '\u{a0}' | '-' | '.' | '(' | ')' | '/' => {}
            '*' | '#' => return Err(NoLink::ServiceCode),
            _ => return Err(NoLink::NoNumber),
        }
    }
    let digits = dialled.trim_start_matches('+').len();
    if (FEWEST_DIGITS..=MOST_DIGITS).contains(&digits) {
        Ok(dialled)
    } else {
        Err(NoLink::NoNumber)
    }
}

/// A number and parameters. Of these only `ext` counts; the others say where a number is valid, which the phone system knows.
fn dial(rest: &str) -> Result<Link, NoLink> {
    // not of the standard, and on many pages
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let text = decoded(rest)?;
    if !text.is_ascii() {
        return Err(NoLink::NoNumber);
    }
    let mut parts = text.split(';');
    let number = dialable(parts.next().unwrap_or_default())?;
    let mut extension = None;
    for part in parts {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        if name.eq_ignore_ascii_case("ext") {
            let digits: String = value
                .chars()
                .filter(|letter| !matches!(letter, '-' | '.' | ' '))
                .collect();
            let good = (1..=MOST_EXTENSION).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit());
            extension = Some(good.then_some(digits).ok_or(NoLink::NoNumber)?);
        }
    }
    Ok(Link::Dial { number, extension })
}

fn open(rest: &str) -> Result<Link, NoLink> {
    if rest.contains(['?', '#', '\\']) {
        return Err(NoLink::Unknown);
    }
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (what, name) = rest.split_once('/').unwrap_or((rest, ""));
    if what.eq_ignore_ascii_case("log") {
        return log::filter(name).map(|filter| Link::Log(Box::new(filter)));
    }
    let name = decoded(name)?;
    let named = |name: String| if name.is_empty() { Err(NoLink::NoName) } else { Ok(name) };
    // what stands where the host of an address does is lower case by the time a browser hands it over
    match what.to_ascii_lowercase().as_str() {
        "call" => Ok(Link::Call(CallId(named(name)?))),
        "customer" => Ok(Link::Customer(CustomerRef(named(name)?))),
        _ => Err(NoLink::Unknown),
    }
}

/// Percent signs read once, strictly: what would still be read differently a second time is refused.
fn decoded(text: &str) -> Result<String, NoLink> {
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let stray = |at: usize| bytes[at] == b'%' && !(hex(at + 1) && hex(at + 2));
    if (0..bytes.len()).any(stray) {
        return Err(NoLink::Percent);
    }
    let text = percent_decode_str(text).decode_utf8().map_err(|_| NoLink::Percent)?;
    if text.contains('%') {
        return Err(NoLink::Percent);
    }
    if text.chars().any(is_unreadable) || text.trim() != text {
        return Err(NoLink::Unreadable);
    }
    Ok(text.into_owned())
}

/// Control characters, and those that are not seen or change in which order others are: Unicode's general category Cf as far
/// as it is used to deceive, and its separators of lines and paragraphs.
fn is_unreadable(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
