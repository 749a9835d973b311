//! A row about a customer: names, country, and every number in it.
//!
//! Numbers without a country code are of the customer's country, or of the shop's when that is not known: a reading that
//! is valid elsewhere is no reason to move somebody abroad.

use super::Reason;
use super::cells::Cells;
use super::mapping::Field;
use super::record::{CustomerRow, PhoneRow};
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
    };
    row.key = match cells.text(Field::Customer) {
        "" if cells.sheet.mapping.column(Field::Customer).is_some() => return Err(Reason::Missing(Field::Customer)),
        "" => made_up_key(&row),
        key => key.to_owned(),
    };
    if row.key.is_empty() {
        return Err(Reason::Missing(Field::Name));
    }
    Ok(row)
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
    let phone = row
        .phones
        .first()
        .map(|phone| phone.key.map_or_else(|| plain(&phone.raw), |key| key.get().to_string()));
    let parts = [plain(&row.company), plain(&row.name), phone.unwrap_or_default()];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Every number of the row, each once for each extension.
fn phones(cells: &Cells<'_>, country: Option<Region>) -> Vec<PhoneRow> {
    let home = cells.sheet.settings.region;
    let columns: Vec<usize> = cells.sheet.mapping.columns_of(Field::Phone).collect();
    let mut phones: Vec<PhoneRow> = Vec::new();
    for &column in &columns {
        let header = if columns.len() > 1 {
            cells.sheet.mapping.columns[column].header.as_str()
        } else {
            ""
        };
        for piece in number::split(cells.at(column)) {
            let phone = phone(piece, header, country, home);
            let known = |other: &PhoneRow| phone.key.is_some() && (other.key, &other.ext) == (phone.key, &phone.ext);
            match phones.iter_mut().find(|other| known(other)) {
                Some(other) if phone.given == Given::International => other.given = phone.given,
                Some(_) => {}
                None => phones.push(phone),
            }
        }
    }
    phones
}

fn phone(piece: Piece, header: &str, country: Option<Region>, home: Option<Region>) -> PhoneRow {
    let read = number::read(&piece.text, country.or(home)).ok();
    let label = if piece.label.is_empty() {
        header.to_owned()
    } else {
        piece.label
    };
    PhoneRow {
        raw: piece.text,
        label,
        key: read.as_ref().map(|number| number.key),
        given: read.as_ref().map_or(Given::National, |number| number.given),
        ext: read.and_then(|number| number.ext),
    }
}
