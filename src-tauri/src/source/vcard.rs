//! Address books: vCards of versions 2.1 to 4.0, read into a grid with a row for each card.
//!
//! A reader of its own, because what telephones and mail programs write is seldom what the standards say: folded lines,
//! quoted-printable with soft breaks, groups with labels, types with and without a name (RFC 2426, RFC 6350, RFC 2045).

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use encoding_rs::Encoding;

use super::SourceError;
use super::grid::Grid;
use super::lines::sniff;
use super::mapping::Field;
use crate::number::plain;

/// The longest value that is kept, in bytes: a picture is none of ours.
const LONGEST: usize = 64 * 1024;
/// The columns before those of the telephone numbers.
const COLUMNS: [(Field, &str); 6] = [
    (Field::Customer, "key"),
    (Field::Name, "name"),
    (Field::Company, "company"),
    (Field::Email, "email"),
    (Field::City, "city"),
    (Field::Country, "country"),
];

/// One line of a card, unfolded.
struct Property {
    group: String,
    name: String,
    /// Types and parameters, upper case names.
    parameters: Vec<(String, String)>,
    value: String,
}

/// What is read of a card.
#[derive(Default)]
struct Card {
    line: u64,
    cells: [String; COLUMNS.len()],
    /// The name put together from its parts, for a card without a full one.
    parts: String,
    /// Group, label, number.
    phones: Vec<(String, String, String)>,
    /// By group: what the user called it.
    labels: BTreeMap<String, String>,
}

/// Whether the text of a file begins like an address book.
pub(super) fn is_vcard(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let start = text.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    text[start..].len() >= 11 && text[start..start + 11].eq_ignore_ascii_case(b"BEGIN:VCARD")
}

/// The cards of a file.
pub(super) fn read(path: &Path) -> Result<Vec<Grid>, SourceError> {
    let cards = cards(path)?;
    if cards.is_empty() {
        return Err(SourceError::Empty { path: path.to_owned() });
    }
    Ok(vec![grid(cards)])
}

fn cards(path: &Path) -> Result<Vec<Card>, SourceError> {
    let mut lines = sniff(path)?.lines(Arc::default())?;
    let (mut cards, mut card) = (Vec::new(), None::<Card>);
    let (mut number, mut logical, mut began) = (0, String::new(), 0);
    loop {
        let line = lines.next()?;
        number += 1;
        let text = line.as_ref().map(|line| line.text.as_str());
        // A soft break of quoted-printable, or a line that is folded.
        let goes_on = text.is_some_and(|text| text.starts_with([' ', '\t'])) || is_soft(&logical);
        if let (Some(text), true) = (text, goes_on) {
            if is_soft(&logical) {
                logical.pop();
                logical.push_str(text);
            } else {
                logical.push_str(&text[1..]);
            }
            if logical.len() > LONGEST {
                logical.truncate(logical.floor_char_boundary(LONGEST));
            }
            continue;
        }
        if let Some(property) = property(&logical) {
            take(&property, began, &mut card, &mut cards);
        }
        let Some(text) = text else { break };
        logical.clear();
        logical.push_str(text);
        began = number;
    }
    // A card that was cut off is as good as its lines.
    cards.extend(card);
    for card in &mut cards {
        let parts = std::mem::take(&mut card.parts);
        card.set(1, &parts);
    }
    cards.retain(|card| !card.cells[1].is_empty() || !card.cells[2].is_empty());
    Ok(cards)
}

fn is_soft(logical: &str) -> bool {
    logical.ends_with('=') && logical.to_ascii_uppercase().contains("QUOTED-PRINTABLE")
}

fn take(property: &Property, line: u64, card: &mut Option<Card>, cards: &mut Vec<Card>) {
    let begins = property.value.eq_ignore_ascii_case("VCARD");
    match (property.name.as_str(), card) {
        ("BEGIN", card) if begins => {
            let new = Card {
                line,
                ..Card::default()
            };
            cards.extend(card.replace(new));
        }
        ("END", card) if begins => cards.extend(card.take()),
        (_, Some(card)) => card.take(property),
        (_, None) => {}
    }
}

impl Card {
    fn take(&mut self, property: &Property) {
        let value = property.value.trim();
        match property.name.as_str() {
            "UID" => self.set(0, value.trim_start_matches("urn:uuid:")),
            "FN" => self.set(1, &unescape(value)),
            "N" => {
                let parts = split(value, ';');
                let part = |at: usize| parts.get(at).map(|part| unescape(part)).unwrap_or_default();
                self.parts = format!("{} {}", part(1), part(0)).trim().to_owned();
            }
            "ORG" => {
                let first = split(value, ';').into_iter().next().unwrap_or_default();
                self.set(2, &unescape(&first));
            }
            "EMAIL" => self.set(3, value.trim_start_matches("mailto:")),
            "ADR" => {
                let parts = split(value, ';');
                let part = |at: usize| parts.get(at).map(|part| unescape(part)).unwrap_or_default();
                self.set(4, &part(3));
                self.set(5, &part(6));
            }
            "TEL" => self.phone(property),
            "X-ABLABEL" => {
                let label = value.trim_start_matches("_$!<").trim_end_matches(">!$_");
                self.labels.insert(property.group.clone(), unescape(label));
            }
            _ => {}
        }
    }

    /// The first value counts.
    fn set(&mut self, column: usize, text: &str) {
        if self.cells[column].is_empty() {
            text.trim().clone_into(&mut self.cells[column]);
        }
    }

    fn phone(&mut self, property: &Property) {
        let types: Vec<String> = property
            .parameters
            .iter()
            .filter(|(name, _)| name == "TYPE")
            .flat_map(|(_, value)| value.split(','))
            .map(str::to_ascii_lowercase)
            .collect();
        let has = |word: &str| types.iter().any(|one| one == word);
        let number = property
            .value
            .trim()
            .trim_start_matches("tel:")
            .replace(";ext=", " ext. ");
        if number.is_empty() || (has("fax") && !has("voice") && !has("cell")) || has("pager") {
            return;
        }
        let label: Vec<&str> = types
            .iter()
            .map(String::as_str)
            .filter(|word| !["voice", "pref", "msg", "text", "fax", ""].contains(word))
            .collect();
        self.phones.push((property.group.clone(), label.join(" "), number));
    }
}

fn grid(cards: Vec<Card>) -> Grid {
    let mut labels: Vec<String> = Vec::new();
    let mut rows: Vec<(u64, Vec<String>)> = vec![(0, Vec::new())];
    for card in cards {
        let mut cells: Vec<String> = card.cells.to_vec();
        if cells[0].is_empty() {
            // Without a key: whoever has the same name and first number is the same at the next export.
            let digits = card
                .phones
                .first()
                .map(|(_, _, number)| plain(number))
                .unwrap_or_default();
            cells[0] = format!("{}-{digits}", plain(&format!("{}{}", cells[2], cells[1])));
        }
        let mut used: Vec<usize> = Vec::new();
        for (group, label, number) in &card.phones {
            let label = card.labels.get(group).filter(|_| !group.is_empty()).unwrap_or(label);
            let column = column(&mut labels, &used, label);
            used.push(column);
            let at = COLUMNS.len() + column;
            cells.resize(cells.len().max(at + 1), String::new());
            cells[at].clone_from(number);
        }
        rows.push((card.line, cells));
    }
    rows[0].1 = COLUMNS
        .iter()
        .map(|(_, name)| (*name).to_owned())
        .chain(labels.iter().cloned())
        .collect();
    let phones = labels.iter().map(|label| (Field::Phone, label.clone()));
    let none = labels.is_empty().then(|| (Field::Phone, "-".to_owned()));
    Grid {
        written: "import.as_vcard",
        said: COLUMNS
            .map(|(field, name)| (field, name.to_owned()))
            .into_iter()
            .chain(phones)
            .chain(none)
            .collect(),
        rows,
        ..Grid::default()
    }
}

/// The column of a label that this card has not used yet.
fn column(labels: &mut Vec<String>, used: &[usize], label: &str) -> usize {
    let label = if label.is_empty() { "phone" } else { label };
    for nth in 1.. {
        let name = match nth {
            1 if COLUMNS.iter().all(|(_, name)| plain(name) != plain(label)) => label.to_owned(),
            nth => format!("{label} {nth}"),
        };
        match labels.iter().position(|known| plain(known) == plain(&name)) {
            Some(at) if used.contains(&at) => {}
            Some(at) => return at,
            None => {
                labels.push(name);
                break;
            }
        }
    }
    labels.len() - 1
}

/// Reads `group.NAME;PARAM=value;TYPE:text`.
fn property(line: &str) -> Option<Property> {
    let mut quoted = false;
    let colon = line.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == ':' && !quoted).then_some(at)
    })?;
    let (head, value) = (&line[..colon], &line[colon + 1..]);
    let mut parts = split(head, ';').into_iter();
    let name = parts.next()?;
    let (group, name) = name.rsplit_once('.').unwrap_or(("", &name));
    let parameters: Vec<(String, String)> = parts
        .map(|part| match part.split_once('=') {
            Some((name, value)) => (name.to_ascii_uppercase(), value.trim_matches('"').to_owned()),
            // Version 2.1 writes types and encodings without their name.
            None => ("TYPE".to_owned(), part),
        })
        .collect();
    let parameter = |name: &str| {
        parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let is_quoted = parameters
        .iter()
        .any(|(_, value)| value.eq_ignore_ascii_case("QUOTED-PRINTABLE"));
    let value = match is_quoted {
        true => unquote(value, parameter("CHARSET")),
        false => value.to_owned(),
    };
    Some(Property {
        group: group.to_ascii_lowercase(),
        name: name.to_ascii_uppercase(),
        parameters,
        value,
    })
}

/// Parts at a delimiter that is neither escaped nor in quotes; escapes stay.
fn split(text: &str, delimiter: char) -> Vec<String> {
    let (mut parts, mut escaped, mut quoted) = (vec![String::new()], false, false);
    for c in text.chars() {
        quoted ^= c == '"' && !escaped;
        if c == delimiter && !escaped && !quoted {
            parts.push(String::new());
            continue;
        }
        escaped = c == '\\' && !escaped;
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(other) => plain.push(other),
                None => {}
            },
            c => plain.push(c),
        }
    }
    plain.trim().to_owned()
}

/// Undoes quoted-printable, in the character set that the line names.
fn unquote(text: &str, charset: Option<&str>) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match hex
            .and_then(|two| u8::from_str_radix(two, 16).ok())
            .filter(|_| first == b'=')
        {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    let encoding = charset.and_then(|name| Encoding::for_label(name.as_bytes()));
    let (text, _, _) = encoding.unwrap_or(encoding_rs::UTF_8).decode(&bytes);
    text.replace(['\r', '\n'], " ")
}
