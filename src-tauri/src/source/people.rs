//! A row about a customer: names, country, and every number in it.
//!
//! Numbers without a country code are of the customer's country, or of the shop's when that is not known: a reading that
//! is valid elsewhere is no reason to move somebody abroad.

use super::Reason;
use super::cells::Cells;
use super::mapping::Field;
use super::record::{CustomerRow, PhoneRow};
use super::rows;
use crate::number::{self, Given, Piece, Region, plain};

/// The customer of a row.
pub(super) fn customer(cells: &Cells<'_>) -> Result<CustomerRow, Reason> {
    let country = Region::parse(cells.text(Field::Country));
    let mut row = CustomerRow {
        key: String::new(),
        name: name(cells),
        company: cells.text(Field::Company).to_owned(),
        city: cells.text(Field::City).to_owned(),
        country: country.map(|region| region.to_string()),
        phones: phones(cells, country),
        email: cells.text(Field::Email).to_owned(),
        vat: cells.text(Field::Vat).to_owned(),
        no_advertising: cells.known(Field::OptOut).map(no_advertising),
        same_as: Vec::new(),
    };
    row.key = match cells.text(Field::Customer) {
        "" if cells.mapping.column(Field::Customer).is_some() => return Err(Reason::Missing(Field::Customer)),
        "" => made_up_key(&row),
        key => key.to_owned(),
    };
    if row.key.is_empty() {
        return Err(Reason::Missing(Field::Name));
    }
    Ok(row)
}

/// Anything but a clear no counts, such as the day when they said so.
fn no_advertising(text: &str) -> bool {
    !text.is_empty() && !rows::is_no(text)
}

fn name(cells: &Cells<'_>) -> String {
    match cells.text(Field::Name) {
        "" => format!("{} {}", cells.text(Field::FirstName), cells.text(Field::LastName))
            .trim()
            .to_owned(),
        name => name.to_owned(),
    }
}

/// A table without keys: who has the same names and the same first number is the same customer at the next import.
fn made_up_key(row: &CustomerRow) -> String {
    let whole = |key: &number::Key| key.is_whole();
    let phone = row.phones.first().map(|phone| {
        let key = phone.key.filter(whole);
        key.map_or_else(|| plain(&phone.raw), |key| key.get().to_string())
    });
    let parts = [plain(&row.company), plain(&row.name), phone.unwrap_or_default()];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Every number of the row.
fn phones(cells: &Cells<'_>, country: Option<Region>) -> Vec<PhoneRow> {
    let settings = &cells.settings;
    let home = number::Home {
        region: settings.region,
        area: settings.area.clone(),
    };
    let columns: Vec<usize> = cells.mapping.columns_of(Field::Phone).collect();
    let header = |column: usize| match columns.len() {
        1 => "",
        _ => cells.mapping.columns[column].header.as_str(),
    };
    let fields: Vec<(&str, &str)> = columns
        .iter()
        .map(|&column| (header(column), cells.at(column)))
        .collect();
    phones_of(&fields, country, &home)
}

/// Every number of a customer's telephone fields, given as label and text: each number once for each extension, and a
/// number that lacks digits once for each number it may be.
#[must_use]
pub fn phones_of(fields: &[(&str, &str)], country: Option<Region>, home: &number::Home) -> Vec<PhoneRow> {
    let pieces: Vec<(&str, Piece)> = fields
        .iter()
        .flat_map(|(label, text)| number::split(text).into_iter().map(move |piece| (*label, piece)))
        .collect();
    let whole = |piece: &Piece| {
        let read = number::read(&piece.text, country.or(home.region)).ok();
        read.filter(|read| read.given == Given::International)
            .map(|read| read.key)
    };
    let others: Vec<_> = match country {
        Some(_) => Vec::new(),
        None => pieces.iter().filter_map(|(_, piece)| whole(piece)).collect(),
    };
    let mut phones: Vec<PhoneRow> = Vec::new();
    for phone in pieces
        .into_iter()
        .flat_map(|(label, piece)| phone(piece, label, country, home, &others))
    {
        let known = |other: &PhoneRow| phone.key.is_some() && (other.key, &other.ext) == (phone.key, &phone.ext);
        match phones.iter_mut().find(|other| known(other)) {
            Some(other) if phone.given < other.given => other.given = phone.given,
            Some(_) => {}
            None => phones.push(phone),
        }
    }
    phones
}

fn phone(
    piece: Piece,
    header: &str,
    country: Option<Region>,
    home: &number::Home,
    others: &[number::Key],
) -> Vec<PhoneRow> {
    let label = if piece.label.is_empty() {
        header.to_owned()
    } else {
        piece.label
    };
    let unread = PhoneRow {
        raw: piece.text,
        label,
        key: None,
        given: Given::National,
        ext: None,
    };
    let Ok(numbers) = number::stored(&unread.raw, country, home, others) else {
        return vec![unread];
    };
    let row = |number: number::Number| PhoneRow {
        key: Some(number.key),
        given: number.given,
        ext: number.ext,
        ..unread.clone()
    };
    numbers.into_iter().map(row).collect()
}
