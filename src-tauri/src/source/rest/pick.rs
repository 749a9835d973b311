//! What a record has of each field: its values as texts, and its telephone numbers.

use super::path::Place;
use super::stream::{Pick, Stream};
use super::value::{self, As};
use crate::customer::Currency;
use crate::source::record::Record;
use crate::source::rows::key_field;
use crate::source::shape::Shape;
use crate::source::{Field, Settings};

/// What a stream's records mean.
pub(super) struct Reader {
    shape: Shape,
    fields: Vec<(Field, Vec<Pick>)>,
    phones: Vec<Pick>,
    key: Option<usize>,
    home: Currency,
}

/// A record that could not be used.
pub(super) struct Unread {
    pub(super) key: String,
    pub(super) reason: String,
}

impl Reader {
    /// Reads the records of `stream`; what it lacks otherwise.
    pub(super) fn new(stream: &Stream, settings: &Settings) -> Result<Self, Vec<Field>> {
        let (phones, fields): (Vec<_>, Vec<_>) = stream
            .map
            .iter()
            .cloned()
            .partition(|(field, _)| *field == Field::Phone);
        let names: Vec<Field> = fields.iter().map(|(field, _)| *field).collect();
        Ok(Reader {
            shape: Shape::new(stream.gives, &names, settings)?,
            key: names.iter().position(|field| *field == key_field(stream.gives)),
            fields,
            phones: phones.into_iter().flat_map(|(_, picks)| picks).collect(),
            home: settings.currency,
        })
    }

    /// The key of a record; empty when it has none.
    pub(super) fn key(&self, place: Place<'_>) -> String {
        let field = self.key.and_then(|at| self.fields.get(at));
        let text = field.and_then(|(field, picks)| text(picks, *field, 2, place).ok());
        text.unwrap_or_default()
    }

    /// The records of a place in an answer.
    pub(super) fn records(&self, place: Place<'_>) -> Result<Vec<Record>, Unread> {
        let unread = |reason| Unread {
            key: self.key(place),
            reason,
        };
        let digits = self.currency(place).digits();
        let cells: Result<Vec<String>, String> = self
            .fields
            .iter()
            .map(|(field, picks)| text(picks, *field, digits, place))
            .collect();
        let phones = self
            .phones
            .iter()
            .flat_map(|pick| phones(pick, place))
            .collect::<Vec<_>>();
        let cells = cells.map_err(unread)?;
        self.shape
            .records(&cells, &phones)
            .map_err(|reason| unread(reason.to_string()))
    }

    fn currency(&self, place: Place<'_>) -> Currency {
        let field = self.fields.iter().find(|(field, _)| *field == Field::Currency);
        let code = field.and_then(|(field, picks)| text(picks, *field, 2, place).ok());
        code.and_then(|code| Currency::from_code(&code)).unwrap_or(self.home)
    }
}

/// The first text that a field's picks find.
fn text(picks: &[Pick], field: Field, digits: u32, place: Place<'_>) -> Result<String, String> {
    for pick in picks {
        if pick.each.is_none() && pick.only.as_ref().is_some_and(|only| !only.holds(place)) {
            continue;
        }
        let found = items(pick, place)
            .into_iter()
            .find_map(|item| match (&pick.path, &pick.value) {
                (Some(path), _) => path
                    .first(item)
                    .map(|found| value::text(found, pick.written, field, digits)),
                (None, Some(value)) => Some(Ok(value.clone())),
                (None, None) => None,
            });
        let Some(found) = found.transpose()?.filter(|text| !text.is_empty()) else {
            continue;
        };
        return Ok(pick.words.get(&found).cloned().unwrap_or(found));
    }
    Ok(String::new())
}

/// The numbers of a pick with their labels.
fn phones(pick: &Pick, place: Place<'_>) -> Vec<(String, String)> {
    let mut phones = Vec::new();
    for item in items(pick, place) {
        let label = pick
            .label
            .as_deref()
            .map(|label| match super::path::Path::parse(label) {
                Ok(path) if label.starts_with(['$', '^']) => path
                    .first(item)
                    .and_then(|found| value::text(found, As::Plain, Field::Phone, 2).ok())
                    .unwrap_or_default(),
                _ => label.to_owned(),
            });
        let label = label
            .map(|label| pick.words.get(&label).cloned().unwrap_or(label))
            .unwrap_or_default();
        let found = pick.path.as_ref().map(|path| path.all(item)).unwrap_or_default();
        let texts = found
            .into_iter()
            .filter_map(|found| value::text(found, As::Plain, Field::Phone, 2).ok());
        phones.extend(texts.filter(|text| !text.is_empty()).map(|text| (label.clone(), text)));
    }
    phones
}

/// The places that a pick looks at: the record, or the items of a list in it of which `only` holds.
fn items<'v>(pick: &Pick, place: Place<'v>) -> Vec<Place<'v>> {
    let holds = |item: &Place<'_>| pick.only.as_ref().is_none_or(|only| only.holds(*item));
    match &pick.each {
        None => Some(place).into_iter().filter(holds).collect(),
        Some(each) => {
            let items = each.all(place).into_iter().map(|record| Place {
                record,
                parent: Some(place.record),
            });
            items.filter(holds).collect()
        }
    }
}
