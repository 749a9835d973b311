//! What a phone system says of a caller: a number, a colleague's extension, or that it is withheld.
//!
//! It knows the habits of trunks (outside-line digits, own ways to dial abroad) and of the fields that feeds pass on;
//! it does not know who anybody is.

use super::complete::{behind_outside_digit, by_area, by_plan, twin};
use super::text::{MOST_TEXT, digits_of, fold, out_of_uri};
use super::{Given, Home, Key, Number, Region, Unreadable, abroad, dials_its_code, is_valid, key, plain, plan, read};

/// How the trunk that the call came in on writes numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DialContext {
    /// Where numbers without a country code are from.
    pub region: Option<Region>,
    /// Where we are: numbers without an area code are from here, when the trunk is.
    pub home: Home,
    /// The digits that the phone system puts before every outside number, for example `0`. Empty for none.
    pub outside_prefix: String,
    /// What stands for the plus on this trunk, when it is not the region's own (`00`, `011`). Empty for the region's.
    pub idd: String,
    /// The phone system says that the caller restricted the number: it is not read even when it is there.
    pub restricted: bool,
}

impl DialContext {
    /// How numbers are read that come over no trunk in particular.
    #[must_use]
    pub fn of(home: Home) -> Self {
        DialContext {
            region: home.region,
            home,
            ..DialContext::default()
        }
    }

    /// Does the number have another country code than ours? Only then may somebody have stored it without one.
    #[must_use]
    pub fn is_abroad(&self, number: Key) -> bool {
        let home = self.home.region.or(self.region).and_then(plan::of_region);
        let digits = number.get().to_string();
        plan::part(&digits).is_some_and(|(code, _)| home.is_none_or(|home| home.code() != code))
    }
}

/// One way to read a caller's number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The digits that were read, with what was taken off and put in front.
    pub text: String,
    /// What they were read as, and what was supplied.
    pub number: Number,
}

/// Who calls, as far as the number says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallerId {
    /// Withheld by the caller or unavailable from the network.
    Withheld,
    /// A short number of the phone system itself.
    Extension(String),
    /// A number of the outside world.
    Number(Number),
    /// Something else as it was sent, or the beginning of it where it is long, with why.
    Unreadable(String, Unreadable),
}

/// The most digits of an extension; more are a number of the outside world.
const EXTENSION_DIGITS: usize = 5;

/// What phone systems and networks write for a number that is not there, plain.
const NOT_THERE: [&str; 24] = [
    "anonymous",
    "anonymousinvalid",
    "anonymousanonymousinvalid",
    "anonym",
    "anonimo",
    "anonyme",
    "asterisk",
    "desconocido",
    "hidden",
    "nepoznat",
    "nepoznato",
    "nobody",
    "notavailable",
    "numerooculto",
    "oculto",
    "o",
    "p",
    "private",
    "restricted",
    "skriven",
    "unavailable",
    "unbekannt",
    "unknown",
    "withheld",
];

/// Reads a caller's number as the phone system gave it: digits, a SIP or tel URI, with or without a name before it.
#[must_use]
pub fn caller(raw: &str, context: &DialContext) -> CallerId {
    let text = said(raw);
    if context.restricted || is_not_there(&text) {
        return CallerId::Withheld;
    }
    let text = without_filler(&text);
    let digits = digits_of(text);
    if !text.starts_with('+') && is_extension(text, &digits) {
        return CallerId::Extension(text.to_owned());
    }
    match read(&outside(text, &digits, context), context.region) {
        Ok(number) => CallerId::Number(number),
        Err(why) => {
            let raw = raw.trim();
            CallerId::Unreadable(raw[..raw.floor_char_boundary(MOST_TEXT)].to_owned(), why)
        }
    }
}

/// The other ways to read a caller's number that [`caller`] read, the surest first: for when nobody has the first.
///
/// A number with a plus has one reading, but for the repairs of its country's plan. Without a plus the digits may carry
/// a country code, lack the area code of the home, or stand behind an outside-line prefix that no setting names.
#[must_use]
pub fn further(raw: &str, context: &DialContext) -> Vec<Reading> {
    let text = said(raw);
    let text = without_filler(&text);
    let digits = digits_of(text);
    let mut readings = Readings::default();
    let first = match caller(raw, context) {
        CallerId::Number(first) => first,
        // More digits than a number has may be a number behind an outside-line prefix.
        CallerId::Unreadable(_, Unreadable::TooLong) if !is_written_whole(text) => {
            readings.add_outside(&digits, context);
            return readings.found;
        }
        CallerId::Unreadable(..) | CallerId::Withheld | CallerId::Extension(_) => return Vec::new(),
    };
    readings.known = Some(first.key);
    readings.ext.clone_from(&first.ext);
    readings.add(text, twin(first.key).map(|key| (key, Given::Repaired)));
    if is_written_whole(text) {
        readings.add(text, by_plan(first.key));
        return readings.found;
    }
    let inner = inside(&digits, context);
    if let Ok(number) = read(&digits, context.region)
        && is_valid(number.key)
    {
        readings.add(&digits, [(number.key, number.given)]);
    }
    let foreign = abroad(inner).and_then(|number| key(&number).ok());
    readings.add(inner, foreign.map(|key| (key, Given::International)));
    readings.add(inner, by_plan(first.key));
    if context.region == context.home.region {
        readings.add(inner, by_area(inner, &context.home));
    }
    readings.add_outside(&digits, context);
    readings.found
}

/// Readings in their order, each key once.
#[derive(Default)]
struct Readings {
    /// What is looked up already.
    known: Option<Key>,
    ext: Option<String>,
    found: Vec<Reading>,
}

impl Readings {
    fn add(&mut self, text: &str, keys: impl IntoIterator<Item = (Key, Given)>) {
        for (key, given) in keys {
            if self.known == Some(key) || self.found.iter().any(|known| known.number.key == key) {
                continue;
            }
            let ext = self.ext.clone();
            self.found.push(Reading {
                text: text.to_owned(),
                number: Number { key, given, ext },
            });
        }
    }

    /// A trunk that says what it puts before numbers puts nothing else.
    fn add_outside(&mut self, digits: &str, context: &DialContext) {
        if context.outside_prefix.is_empty() {
            let rest = digits.get(1..).unwrap_or_default();
            self.add(rest, behind_outside_digit(digits, context.region));
        }
    }
}

/// What stands for the number: a URI's user part, without quotes.
fn said(raw: &str) -> String {
    let folded = fold(raw);
    let text = out_of_uri(folded.trim());
    let text = text.split('@').next().unwrap_or(&text);
    text.trim().trim_matches('"').to_owned()
}

/// Some gateways end the number with the keypad's `#` or the hexadecimal `f` of BCD.
fn without_filler(text: &str) -> &str {
    text.trim_end_matches(['#', 'f', 'F', ' '])
}

/// Words for "not there", nothing at all, and numbers of zeros alone or below zero.
fn is_not_there(text: &str) -> bool {
    let digits = digits_of(text);
    let word = plain(text);
    let zeros = !digits.is_empty() && digits == word && digits.bytes().all(|b| b == b'0');
    text == "-1" || zeros || (digits.is_empty() && (word.is_empty() || NOT_THERE.contains(&word.as_str())))
}

fn is_extension(text: &str, digits: &str) -> bool {
    let short = !digits.is_empty() && digits.len() <= EXTENSION_DIGITS;
    short && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'))
}

/// The text without the outside-line prefix, and with a plus for the trunk's own way abroad.
fn outside(text: &str, digits: &str, context: &DialContext) -> String {
    if is_written_whole(text) {
        return text.to_owned();
    }
    let digits = inside(digits, context);
    let abroad = Some(context.idd.as_str())
        .filter(|idd| !idd.is_empty())
        .and_then(|idd| digits.strip_prefix(idd));
    // A network that sends North America's 1 sends the country code.
    let whole = digits.len() == 11 && digits.starts_with('1') && context.region.is_some_and(dials_its_code);
    match abroad {
        Some(rest) if !rest.starts_with('0') => format!("+{rest}"),
        _ if whole => format!("+{digits}"),
        _ => digits.to_owned(),
    }
}

/// A plus, an extension or a word: nothing of the trunk's is taken off.
fn is_written_whole(text: &str) -> bool {
    text.starts_with('+') || text.contains(char::is_alphabetic) || text.contains(';')
}

/// The digits without the trunk's outside-line prefix.
fn inside<'d>(digits: &'d str, context: &DialContext) -> &'d str {
    let prefix = Some(context.outside_prefix.as_str()).filter(|prefix| !prefix.is_empty());
    prefix.and_then(|prefix| digits.strip_prefix(prefix)).unwrap_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Given;

    fn germany() -> DialContext {
        DialContext {
            region: Region::from_code("DE"),
            ..DialContext::default()
        }
    }

    fn key(raw: &str, context: &DialContext) -> Option<u64> {
        match caller(raw, context) {
            CallerId::Number(number) => Some(number.key.get()),
            CallerId::Withheld | CallerId::Extension(_) | CallerId::Unreadable(..) => None,
        }
    }

    #[test]
    fn a_caller_without_a_number_is_withheld() {
        for raw in [
            "",
            " ",
            "anonymous",
            "Anonymous@anonymous.invalid",
            "sip:anonymous@anonymous.invalid",
            "<unknown>",
            "unavailable",
            "\"Anonymous\" <sip:anonymous@anonymous.invalid>",
            "Número oculto",
            "sip:unavailable@10.0.0.5",
            "-1",
            "0",
            "00000000",
            "unbekannt",
            "O",
            "P",
            "Restricted",
            "asterisk",
        ] {
            assert_eq!(caller(raw, &germany()), CallerId::Withheld, "{raw:?}");
        }
    }

    #[test]
    fn a_restricted_number_is_not_read_even_when_the_network_shows_it() {
        let restricted = DialContext {
            restricted: true,
            ..germany()
        };
        assert_eq!(caller("+493023125101", &restricted), CallerId::Withheld);
    }

    #[test]
    fn short_numbers_are_extensions() {
        for (raw, ext) in [
            ("101", "101"),
            ("sip:351@pbx.local", "351"),
            ("\"Desk\" <sip:9931@10.0.0.5>", "9931"),
            ("*97", "*97"),
        ] {
            assert_eq!(caller(raw, &germany()), CallerId::Extension(ext.to_owned()), "{raw:?}");
        }
    }

    #[test]
    fn one_caller_has_one_key_however_the_trunk_writes_it() {
        for raw in [
            "+493023125101",
            "00493023125101",
            "03023125101",
            "493023125101",
            "tel:+49-30-23125101",
            "sip:+493023125101@10.0.0.5;user=phone",
            "\"Müller\" <sip:%2B493023125101@sbc.example.net>",
            "sip:03023125101;cpc=ordinary@10.1.1.1;user=phone",
            " 03023125101# ",
            "+493023125101f",
            "tel:23125101;phone-context=+4930",
            "\u{202a}+49 30 23125101\u{202c}",
        ] {
            assert_eq!(key(raw, &germany()), Some(493_023_125_101), "{raw:?}");
        }
    }

    #[test]
    fn the_outside_prefix_is_taken_off_and_never_from_a_plus() {
        let context = DialContext {
            outside_prefix: "0".to_owned(),
            ..germany()
        };
        for raw in [
            "0004940449831825",
            "+4940449831825",
            "0040449831825",
            "04940449831825",
            "tel:0004940449831825",
        ] {
            assert_eq!(key(raw, &context), Some(4_940_449_831_825), "{raw:?}");
        }
        assert_eq!(caller("101", &context), CallerId::Extension("101".to_owned()));
    }

    #[test]
    fn a_north_american_caller_with_the_1_carries_the_country_code() {
        let context = DialContext {
            region: Region::from_code("US"),
            ..DialContext::default()
        };
        let given = |raw| match caller(raw, &context) {
            CallerId::Number(number) => Some((number.key.get(), number.given)),
            CallerId::Withheld | CallerId::Extension(_) | CallerId::Unreadable(..) => None,
        };
        assert_eq!(given("12124808526"), Some((12_124_808_526, Given::International)));
        assert_eq!(given("2124808526"), Some((12_124_808_526, Given::National)));
    }

    #[test]
    fn a_trunk_may_have_its_own_way_abroad() {
        let context = DialContext {
            idd: "810".to_owned(),
            ..germany()
        };
        assert_eq!(key("810385915001234", &context), Some(385_915_001_234));
    }

    #[test]
    fn what_is_no_number_is_said_with_its_reason() {
        for (raw, why) in [
            ("(null)", Unreadable::NotANumber),
            ("h", Unreadable::NotANumber),
            ("alice@example.com", Unreadable::NotANumber),
            ("+34", Unreadable::TooShort),
            ("+999123456789", Unreadable::UnknownCountry),
            ("123456789012345678", Unreadable::TooLong),
        ] {
            assert_eq!(
                caller(raw, &germany()),
                CallerId::Unreadable(raw.to_owned(), why),
                "{raw:?}"
            );
        }
    }
}
