//! What stands in a telephone field, folded to a plus, digits and an extension.
//!
//! It knows how people, spreadsheets and URIs write numbers, and nothing of numbering plans.

use super::Unreadable;

/// A number as it was written, without the writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// A plus stood before the digits.
    pub(super) plus: bool,
    /// ASCII digits.
    pub(super) digits: String,
    /// The extension behind them.
    pub(super) ext: Option<String>,
}

/// Words that begin an extension, plain, the longer before those they contain.
const EXTENSION_WORDS: [&str; 20] = [
    "extension",
    "extn",
    "extensión",
    "extens",
    "ext",
    "durchwahl",
    "dw",
    "interno",
    "interni",
    "int",
    "anexo",
    "ramal",
    "poste",
    "lokal",
    "kućni",
    "klapka",
    "доб",
    "nebenstelle",
    "nst",
    "x",
];
/// The longest text that is looked at, in bytes: a URI with its parameters is shorter, and what is taken for a mark of
/// an extension is weighed against all that stands before it.
pub(super) const MOST_TEXT: usize = 512;
/// This many times one digit is no number that anybody has.
const FILLER_DIGITS: usize = 9;
/// The longest extension that is believed behind a word, in digits.
const EXTENSION_DIGITS: usize = 9;
/// The longest behind a mere `#` or comma: more digits are another number.
const BARE_EXTENSION_DIGITS: usize = 6;

/// Folds a text that holds one number: `tel:` and `sip:` URIs, full-width and Arabic-Indic digits, marks of writing
/// direction, labels before and words behind, spreadsheet apostrophes, extensions.
pub(super) fn written(raw: &str) -> Result<Written, Unreadable> {
    if raw.len() > MOST_TEXT {
        return Err(Unreadable::NotANumber);
    }
    let folded = fold(raw);
    let text = undamaged(folded.trim())?;
    if text.is_empty() {
        return Err(Unreadable::Empty);
    }
    let text = out_of_uri(&text);
    if text.contains('@') {
        return Err(Unreadable::NotANumber);
    }
    let (number, ext) = part_extension(&text);
    let number = longest_run(&number);
    let plus = number.trim_start_matches(['(', ' ', '.', '-']).starts_with('+');
    let digits = digits_of(&number);
    match digits.len() {
        0 => Err(Unreadable::NotANumber),
        1..=3 => Err(Unreadable::TooShort),
        _ if is_filler(&digits) => Err(Unreadable::NotANumber),
        _ => Ok(Written { plus, digits, ext }),
    }
}

/// `000000000`, `111111111`: what people type to get past a field that must be filled.
pub(super) fn is_filler(digits: &str) -> bool {
    let one = digits.bytes().all(|byte| digits.as_bytes().first() == Some(&byte));
    one && (digits.starts_with('0') || digits.len() >= FILLER_DIGITS)
}

/// Folds digits of every script to ASCII, dashes and spaces to one kind, and drops marks that are not seen.
pub(super) fn fold(raw: &str) -> String {
    raw.chars().filter_map(fold_char).collect()
}

/// Undoes what spreadsheets do: a leading apostrophe, quotes, `="030…"`, `.0`, and `4.917E+11` where no digit is lost.
pub(super) fn undamaged(text: &str) -> Result<String, Unreadable> {
    let text = text
        .trim_start_matches('=')
        .trim_matches(['"', '\'', '`', '´', '’', '‘', ' '])
        .trim();
    let whole = text
        .strip_suffix(".0")
        .or(text.strip_suffix(".00"))
        .filter(|rest| all_digits(rest));
    if let Some(whole) = whole {
        return Ok(whole.to_owned());
    }
    match scientific(text) {
        Some(digits) => digits,
        None => Ok(text.to_owned()),
    }
}

/// The digits of a text, nothing else.
pub(super) fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The subscriber part of a `tel:`, `sip:` or `sips:` URI, also inside `"Name" <…>`; any other text as it is.
/// A global `phone-context` is put in front (RFC 3966, section 5.1.5).
pub(super) fn out_of_uri(text: &str) -> String {
    let inner = text
        .split_once('<')
        .map_or(text, |(_, rest)| rest.split('>').next().unwrap_or(rest))
        .trim();
    let lower = inner.to_ascii_lowercase();
    let Some(scheme) = ["tel:", "sip:", "sips:", "callto:"]
        .into_iter()
        .find(|s| lower.starts_with(s))
    else {
        return inner.to_owned();
    };
    let uri = percent_decoded(&inner[scheme.len()..]);
    let user = uri.split(['@', '?']).next().unwrap_or(&uri).trim_start_matches('/');
    let number = user.split(';').next().unwrap_or(user);
    let parameter = |name: &str| {
        user.split(';')
            .skip(1)
            .find_map(|p| p.strip_prefix(name))
            .map(str::to_owned)
    };
    let context = parameter("phone-context=").filter(|c| c.starts_with('+') && !number.starts_with('+'));
    let ext = parameter("ext=").map(|ext| format!(";ext={ext}"));
    format!("{}{number}{}", context.unwrap_or_default(), ext.unwrap_or_default())
}

fn fold_char(c: char) -> Option<char> {
    Some(match c {
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}' => {
            return None;
        }
        '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}' => return None,
        '０'..='９' => digit(c, '０'),
        '٠'..='٩' => digit(c, '٠'),
        '۰'..='۹' => digit(c, '۰'),
        '०'..='९' => digit(c, '०'),
        '০'..='৯' => digit(c, '০'),
        '๐'..='๙' => digit(c, '๐'),
        '＋' | '﹢' | '⁺' => '+',
        '‐'..='―' | '−' | '－' | 'ー' | '﹣' => '-',
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        '（' => '(',
        '）' => ')',
        '．' | '。' | '·' | '•' => '.',
        '／' => '/',
        '＃' => '#',
        '；' => ';',
        '，' | '、' => ',',
        other => other,
    })
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c) - u32::from(zero), 10).unwrap_or(c)
}

/// `4.917E+11` as digits, `None` when the text is not written so.
fn scientific(text: &str) -> Option<Result<String, Unreadable>> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let exponent: usize = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
    let (whole, decimals) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    if whole.len() != 1 || !all_digits(whole) || !decimals.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    // Fewer decimals than the exponent: the digits behind were rounded away.
    Some(if decimals.len() == exponent {
        Ok(format!("{whole}{decimals}"))
    } else {
        Err(Unreadable::Rounded)
    })
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            decoded.push(byte);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Parts number and extension: `;ext=`, a word such as `ext.` or `Durchwahl`, or a bare `#` or comma at the end.
fn part_extension(text: &str) -> (String, Option<String>) {
    let lower = text.to_lowercase();
    // Lower-casing may change lengths outside ASCII: cut in the text that was searched.
    let marks = lower
        .match_indices(|c: char| c.is_alphabetic() || matches!(c, ';' | '#' | ',' | '~'))
        .map(|(at, _)| at);
    for at in marks {
        let (number, rest) = lower.split_at(at);
        if digits_of(number).len() < 4 {
            continue;
        }
        let starts_word = !number.ends_with(char::is_alphabetic);
        if let Some(ext) = extension(rest).filter(|_| starts_word) {
            return (number.to_owned(), Some(ext));
        }
    }
    (text.to_owned(), None)
}

/// The extension that a text is, from its mark to its end.
fn extension(rest: &str) -> Option<String> {
    let rest = rest.trim_start_matches([';', ' ']);
    let word = EXTENSION_WORDS.into_iter().find_map(|word| rest.strip_prefix(word));
    let (behind, most) = match word {
        Some(behind) => (behind, EXTENSION_DIGITS),
        None => (rest.strip_prefix(['#', ',', '~'])?, BARE_EXTENSION_DIGITS),
    };
    let digits = behind.trim_matches(['.', ':', '=', ' ', '#', '-', ')', ']']);
    (all_digits(digits) && digits.len() <= most).then(|| digits.to_owned())
}

/// The stretch with the most digits that no word interrupts; vanity letters become digits.
fn longest_run(text: &str) -> String {
    // Brazil writes the carrier's two digits as letters: `0xx41 3848…`.
    let text = text.replace("0xx", "0").replace("0XX", "0");
    if let Some(spelled) = vanity(&text) {
        return spelled;
    }
    let runs = text.split(|c: char| !(c.is_ascii_digit() || " +-./()*~#[]".contains(c)));
    runs.rev()
        .max_by_key(|run| digits_of(run).len())
        .unwrap_or_default()
        .to_owned()
}

/// `1-800-FLOWERS`: letters on a keypad (ITU-T E.161), when they fill a North American number exactly.
fn vanity(text: &str) -> Option<String> {
    let first_letter = text.find(|c: char| c.is_ascii_uppercase())?;
    let (digits, letters) = text.split_at(first_letter);
    let before = digits_of(digits);
    let spelled = letters
        .chars()
        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || " -.".contains(c));
    let area = before.strip_prefix('1').unwrap_or(&before);
    if !spelled || area.len() < 3 || digits.contains(|c: char| c.is_alphabetic()) {
        return None;
    }
    let keys: String = letters.chars().filter_map(keypad).collect();
    (area.len() + keys.len() == 10).then(|| format!("{digits}{keys}"))
}

fn keypad(letter: char) -> Option<char> {
    Some(match letter {
        '0'..='9' => letter,
        'A'..='C' => '2',
        'D'..='F' => '3',
        'G'..='I' => '4',
        'J'..='L' => '5',
        'M'..='O' => '6',
        'P'..='S' => '7',
        'T'..='V' => '8',
        'W'..='Z' => '9',
        _ => return None,
    })
}

/// How many digits a text has, of any script.
#[must_use]
pub fn digits_in(text: &str) -> usize {
    digits_of(&fold(text)).len()
}
