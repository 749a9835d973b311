//! One file, looked through: how it is written, what it holds, what its columns mean, how its amounts and dates read.
//!
//! It knows files and mappings; what becomes of a row is `rows`' to say.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::SourceError;
use super::date::{Evidence, Order};
use super::lines::{Format, sniff};
use super::mapping::{Field, Kind, Mapping, same};
use super::money::{Point, point_of};
use super::rows::Rows;
use super::table::RowReader;
use crate::customer::Currency;
use crate::number::{self, Region, digits_in};

/// What the user said, and what holds where a file says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The country of numbers without a country code and of customers without a country.
    pub region: Option<Region>,
    /// The area code of numbers of that country without one; empty for none.
    pub area: String,
    /// The currency of amounts without one.
    pub currency: Currency,
    /// What columns mean, by field and name. `phone` with the name `-`: there are no numbers.
    pub maps: Vec<(Field, String)>,
    /// The time of the import: balances without a date are as of then, and invoices are due or overdue by it.
    pub at: DateTime<Utc>,
}

/// A file that can be read.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub(super) path: PathBuf,
    pub(super) format: Format,
    pub(super) delimiter: char,
    pub(super) settings: Settings,
    pub(super) mapping: Mapping,
    /// The sign before the cents, one for each column.
    pub(super) points: Vec<Point>,
    /// Day or month first, one for each column, and whether the column said it.
    pub(super) orders: Vec<(Order, bool)>,
    /// Columns whose dates hang on the order.
    open_dates: Vec<usize>,
}

/// Values that a column's meaning is judged by.
const SAMPLE: usize = 200;

/// What the cells of a column look like.
#[derive(Clone, Copy, Debug, Default)]
struct Look {
    filled: u32,
    phones: u32,
    dots: u32,
    commas: u32,
    dates: Evidence,
}

impl Sheet {
    /// Looks through a file: all of it where dates could be read two ways, so that the last rows may decide.
    ///
    /// # Errors
    /// When the file cannot be read, is no table, or lacks a column that it cannot do without.
    pub fn inspect(path: &Path, settings: &Settings) -> Result<Self, SourceError> {
        let format = sniff(path)?;
        let mut rows = RowReader::new(format.lines(Arc::default())?)?;
        let empty = || SourceError::Empty { path: path.to_owned() };
        let headers = rows.next()?.ok_or_else(empty)?.fields.map_err(|_| empty())?;
        let headers: Vec<String> = headers.iter().map(|header| header.trim().to_owned()).collect();
        rows.expect_columns(headers.len());
        let looks = look_through(&mut rows, headers.len(), settings.region)?;
        if looks.iter().all(|look| look.filled == 0) {
            return Err(empty());
        }
        let said: Vec<(Field, String)> = settings
            .maps
            .iter()
            .filter(|(_, name)| name == "-" || headers.iter().any(|h| same(h, name)))
            .cloned()
            .collect();
        let phones: Vec<usize> = (0..looks.len())
            .filter(|&at| looks[at].phones * 10 > looks[at].filled * 6)
            .collect();
        let file = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let mapping = Mapping::guess(&file, &headers, &said, &phones).ok_or_else(|| SourceError::Unclear {
            path: path.to_owned(),
            columns: headers.clone(),
        })?;
        check(path, &mapping, &headers, &said)?;
        Ok(Sheet {
            points: looks.iter().map(|look| look.point(rows.delimiter())).collect(),
            orders: looks.iter().map(|look| look.dates.order(settings.region)).collect(),
            open_dates: (0..looks.len()).filter(|&at| looks[at].dates.open > 0).collect(),
            delimiter: rows.delimiter(),
            path: path.to_owned(),
            settings: settings.clone(),
            mapping,
            format,
        })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its size in bytes, for a progress bar.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.format.size()
    }

    /// What it holds and what its columns mean.
    #[must_use]
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Has it a column of this name, in any case and spacing?
    #[must_use]
    pub fn has_column(&self, name: &str) -> bool {
        self.mapping.columns.iter().any(|column| same(&column.header, name))
    }

    /// What it holds.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.mapping.kind
    }

    /// How it is written, in words: `UTF-8, semicolon`.
    #[must_use]
    pub fn written(&self) -> String {
        let delimiter = match self.delimiter {
            ',' => "comma",
            ';' => "semicolon",
            '\t' => "tab",
            '|' => "bar",
            _ => "its own delimiter",
        };
        format!("{}, {delimiter}", self.format.encoding.name())
    }

    /// What was guessed and could be wrong, in sentences: how dates that could be read two ways are read.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let dates = [Field::Date, Field::Due, Field::AsOf]
            .into_iter()
            .filter_map(|field| self.mapping.column(field));
        dates
            .filter(|at| self.open_dates.contains(at))
            .map(|at| {
                let order = match self.orders[at].0 {
                    Order::DayFirst => "day before month",
                    Order::MonthFirst => "month before day",
                };
                let why = if self.orders[at].1 {
                    "as its other dates show"
                } else {
                    "as usual in the home region"
                };
                format!(
                    "dates in {} are read with the {order}, {why}",
                    self.mapping.columns[at].header
                )
            })
            .collect()
    }

    /// Reads the file from its start.
    ///
    /// # Errors
    /// When it cannot be opened again.
    pub fn rows(&self) -> Result<Rows<'_>, SourceError> {
        Rows::new(self)
    }
}

impl Look {
    fn see(&mut self, cell: &str, sampled: bool, region: Option<Region>) {
        self.dates.see(cell);
        if cell.trim().is_empty() {
            return;
        }
        self.filled += 1;
        match point_of(cell) {
            Some(Point::Dot) => self.dots += 1,
            Some(Point::Comma) => self.commas += 1,
            None => {}
        }
        self.phones += u32::from(sampled && looks_like_phone(cell, region));
    }

    /// What the column shows; where it shows nothing, a comma goes with a semicolon between the fields.
    fn point(&self, delimiter: char) -> Point {
        match (self.dots, self.commas) {
            (0, 0) if delimiter == ';' => Point::Comma,
            (dots, commas) if commas > dots => Point::Comma,
            _ => Point::Dot,
        }
    }
}

/// Looks at every cell of the first rows, and at all rows as long as a date could be read two ways.
fn look_through(rows: &mut RowReader, columns: usize, region: Option<Region>) -> Result<Vec<Look>, SourceError> {
    let mut looks = vec![Look::default(); columns];
    let mut seen = 0;
    while let Some(row) = rows.next()? {
        let fields = row.fields.unwrap_or_default();
        for (look, cell) in looks.iter_mut().zip(&fields) {
            look.see(cell, seen < SAMPLE, region);
        }
        seen += 1;
        let undecided = looks
            .iter()
            .any(|look| look.dates.open > 0 && !look.dates.order(None).1);
        if seen >= SAMPLE * 5 && !undecided {
            break;
        }
    }
    // Phones were judged by the sample alone.
    let sampled = u32::try_from(seen.min(SAMPLE)).unwrap_or(u32::MAX);
    looks.iter_mut().for_each(|look| look.filled = look.filled.min(sampled));
    Ok(looks)
}

/// Digits with what only telephone numbers have around them, and valid where they are read.
fn looks_like_phone(cell: &str, region: Option<Region>) -> bool {
    let dressed = cell.trim_start().starts_with(['+', '(', '0']) && (7..=15).contains(&digits_in(cell));
    let date = super::date::read(cell, Order::DayFirst).is_some();
    dressed
        && !date
        && number::split(cell)
            .iter()
            .any(|piece| number::read(&piece.text, region).is_ok_and(|n| number::is_valid(n.key)))
}

fn check(path: &Path, mapping: &Mapping, headers: &[String], said: &[(Field, String)]) -> Result<(), SourceError> {
    let no_phones = said.iter().any(|(field, name)| *field == Field::Phone && name == "-");
    let fields: Vec<Field> = mapping
        .missing()
        .into_iter()
        .filter(|field| !(no_phones && *field == Field::Phone))
        .collect();
    if fields.is_empty() {
        return Ok(());
    }
    Err(SourceError::Missing {
        path: path.to_owned(),
        kind: mapping.kind,
        fields,
        columns: headers.to_vec(),
    })
}
