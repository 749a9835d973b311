//! One table, looked through: how it is written, what it holds, what its columns mean, how its amounts and dates read.
//!
//! It knows files and mappings; what becomes of a row is `rows`' to say.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::cells::Cells;
use super::date::Order;
use super::grid::{Grid, GridReader};
use super::lines::{Format, sniff};
use super::look::look_through;
use super::mapping::{Field, Kind, LeftOut, Mapping, same};
use super::money::Point;
use super::rows::Rows;
use super::table::{RowReader, Table};
use super::{SourceError, book, vcard};
use crate::customer::Currency;
use crate::number::Region;

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
    /// Columns that are not read, by name, whatever they would be taken for.
    pub leave_out: Vec<String>,
    /// The time of the import: balances without a date are as of then, and invoices are due or overdue by it.
    pub at: DateTime<Utc>,
}

/// What the columns of a table were found to mean at an earlier time, so that nothing is guessed anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The file's name, without its folder.
    pub file: String,
    /// The sheet of a workbook; empty for a file that is one table.
    pub sheet: String,
    /// What it holds.
    pub kind: Kind,
    /// What each column that is read means.
    pub columns: Vec<(String, Field)>,
}

/// A table that can be read: a file, or a sheet of a workbook.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub(super) path: PathBuf,
    pub(super) form: Form,
    pub(super) delimiter: char,
    pub(super) settings: Settings,
    pub(super) mapping: Mapping,
    /// The sign before the cents, one for each column.
    pub(super) points: Vec<Point>,
    /// Day or month first, one for each column, and whether the column said it.
    pub(super) orders: Vec<(Order, bool)>,
    /// Columns whose dates hang on the order.
    pub(super) open_dates: Vec<usize>,
}

/// A table as it was found.
#[derive(Debug)]
pub struct Looked {
    /// What is known of it.
    pub sheet: Sheet,
    /// Why it cannot be read, where it cannot.
    pub lacks: Option<SourceError>,
}

/// Where the rows are.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// In a file of text, read while it is used.
    Text(Format),
    /// In memory, below the names of the columns in row `header`.
    Grid { grid: Arc<Grid>, header: usize },
}

impl Form {
    fn table(&self) -> Result<Table, SourceError> {
        Ok(match self {
            Form::Text(format) => Table::Text(Box::new(RowReader::new(format.lines(Arc::default())?)?)),
            Form::Grid { grid, header } => Table::Grid(GridReader::new(Arc::clone(grid), *header)),
        })
    }

    /// Numbers of a column that are no text; 0 where everything is text.
    pub(super) fn numbers(&self, column: usize) -> u32 {
        match self {
            Form::Text(_) => 0,
            Form::Grid { grid, .. } => grid.numbers.get(column).copied().unwrap_or(0),
        }
    }
}

impl Sheet {
    /// Looks through a file of one table: all of it where dates could be read two ways, so that the last rows may decide.
    ///
    /// # Errors
    /// When the file cannot be read, is no table, or lacks a column that it cannot do without.
    pub fn inspect(path: &Path, settings: &Settings) -> Result<Self, SourceError> {
        let mut sheets = Sheet::inspect_all(path, settings, &[])?;
        Ok(sheets.swap_remove(0))
    }

    /// The same for every table in it: of a workbook, each sheet that can be seen and of which it is clear what it holds.
    /// What is `known` of a table is not guessed.
    ///
    /// # Errors
    /// As above; a sheet of which nothing says what it holds is an error only when it is the only one.
    pub fn inspect_all(path: &Path, settings: &Settings, known: &[Known]) -> Result<Vec<Self>, SourceError> {
        let (mut sheets, mut unclear) = (Vec::new(), None);
        for Looked { sheet, lacks } in Sheet::look_at(path, settings, known)? {
            match lacks {
                None => sheets.push(sheet),
                Some(error @ SourceError::Unclear { .. }) => {
                    unclear.get_or_insert(error);
                }
                Some(error) => return Err(error),
            }
        }
        match unclear {
            Some(error) if sheets.is_empty() => Err(error),
            _ => Ok(sheets),
        }
    }

    /// The same with the tables that lack something, for a person who can say what their columns mean.
    ///
    /// # Errors
    /// When the file cannot be read, or no table has anything in it.
    pub fn look_at(path: &Path, settings: &Settings, known: &[Known]) -> Result<Vec<Looked>, SourceError> {
        let grids = match head(path)? {
            head if head.starts_with(b"PK\x03\x04") => book::read(path)?,
            head if vcard::is_vcard(&head) => vcard::read(path)?,
            _ => {
                let form = Form::Text(sniff(path)?);
                return Ok(vec![Sheet::of_form(path, form, settings, known)?]);
            }
        };
        let mut tables = Vec::new();
        for grid in grids {
            let header = grid.header(&grid.name, &grid.said);
            let grid = Arc::new(grid);
            match Sheet::of_form(path, Form::Grid { grid, header }, settings, known) {
                Ok(table) => tables.push(table),
                Err(SourceError::Empty { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        if tables.is_empty() {
            return Err(SourceError::Empty { path: path.to_owned() });
        }
        Ok(tables)
    }

    fn of_form(path: &Path, form: Form, settings: &Settings, known: &[Known]) -> Result<Looked, SourceError> {
        let mut rows = form.table()?;
        let empty = || SourceError::Empty { path: path.to_owned() };
        let headers = rows.next()?.ok_or_else(empty)?.fields.map_err(|_| empty())?;
        let headers: Vec<String> = headers.iter().map(|header| header.trim().to_owned()).collect();
        rows.expect_columns(headers.len());
        let looks = look_through(&mut rows, headers.len(), settings.region)?;
        if looks.iter().all(|look| look.filled == 0) {
            return Err(empty());
        }
        let (sheet, own) = match &form {
            Form::Text(_) => ("", &[][..]),
            Form::Grid { grid, .. } => (grid.name.as_str(), grid.said.as_slice()),
        };
        let out = LeftOut::of(&headers, &settings.leave_out);
        let is_read = |name: &String| (0..headers.len()).any(|at| same(&headers[at], name) && !out.has(at));
        let said: Vec<(Field, String)> = own
            .iter()
            .chain(&settings.maps)
            .filter(|(_, name)| name == "-" || is_read(name))
            .cloned()
            .collect();
        let phones: Vec<usize> = (0..looks.len())
            .filter(|&at| looks[at].phones * 10 > looks[at].filled * 6)
            .collect();
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let file = file.unwrap_or_default();
        let earlier = known.iter().find(|known| known.file == file && known.sheet == sheet);
        let mapping = match earlier {
            Some(known) => Some(Mapping::known(known.kind, &headers, &known.columns, &out)),
            None => Mapping::guess(&format!("{file} {sheet}"), &headers, &said, &phones, &out),
        };
        let (mapping, lacks) = match mapping {
            Some(mapping) => {
                let lacks = lacking(path, &mapping, &said);
                (mapping, lacks)
            }
            None => {
                // Most of what is shown to somebody is customers.
                let mapping = Mapping::of_kind(Kind::Customers, &headers, &said, &phones, &out);
                let columns = headers.clone();
                let path = path.to_owned();
                (mapping, Some(SourceError::Unclear { path, columns }))
            }
        };
        let sheet = Sheet {
            points: looks.iter().map(|look| look.point(rows.delimiter())).collect(),
            orders: looks.iter().map(|look| look.dates.order(settings.region)).collect(),
            open_dates: (0..looks.len()).filter(|&at| looks[at].dates.open > 0).collect(),
            delimiter: rows.delimiter(),
            path: path.to_owned(),
            settings: settings.clone(),
            mapping,
            form,
        };
        Ok(Looked { sheet, lacks })
    }

    /// The rows, the names of the columns first.
    pub(super) fn table(&self) -> Result<Table, SourceError> {
        self.form.table()
    }

    /// The sheet of a workbook; empty where the file is one table.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.form {
            Form::Text(_) => "",
            Form::Grid { grid, .. } => &grid.name,
        }
    }

    /// What its columns mean, to be kept for the next time.
    #[must_use]
    pub fn known(&self) -> Known {
        let file = self.path.file_name().map(|name| name.to_string_lossy().into_owned());
        let columns = self.mapping.columns.iter();
        Known {
            file: file.unwrap_or_default(),
            sheet: self.name().to_owned(),
            kind: self.mapping.kind,
            columns: columns
                .filter_map(|column| Some((column.header.clone(), column.field?)))
                .collect(),
        }
    }

    /// The first rows as they stand there, for a preview.
    ///
    /// # Errors
    /// When it cannot be read again.
    pub fn first_rows(&self, count: usize) -> Result<Vec<Vec<String>>, SourceError> {
        let mut table = self.table()?;
        let _header = table.next()?;
        let mut rows = Vec::with_capacity(count);
        while rows.len() < count {
            let Some(row) = table.next()? else { break };
            rows.extend(row.fields.ok());
        }
        Ok(rows)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its size, for a progress bar: in bytes of text, or in parts of a hundred.
    #[must_use]
    pub fn size(&self) -> u64 {
        match &self.form {
            Form::Text(format) => format.size(),
            Form::Grid { .. } => 100,
        }
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

    /// A row of it with what is needed to read its cells.
    pub(super) fn cells<'r>(&'r self, fields: &'r [String]) -> Cells<'r> {
        Cells {
            mapping: &self.mapping,
            settings: &self.settings,
            points: &self.points,
            orders: &self.orders,
            fields,
        }
    }

    /// Reads the file from its start.
    ///
    /// # Errors
    /// When it cannot be opened again.
    pub fn rows(&self) -> Result<Rows<'_>, SourceError> {
        Rows::new(self)
    }
}

/// What a table lacks to be read, if anything.
fn lacking(path: &Path, mapping: &Mapping, said: &[(Field, String)]) -> Option<SourceError> {
    let no_phones = said.iter().any(|(field, name)| *field == Field::Phone && name == "-");
    let fields: Vec<Field> = mapping
        .missing()
        .into_iter()
        .filter(|field| !(no_phones && *field == Field::Phone))
        .collect();
    (!fields.is_empty()).then(|| SourceError::Missing {
        path: path.to_owned(),
        mapping: mapping.clone(),
        fields,
    })
}

/// The first bytes of a file.
fn head(path: &Path) -> Result<Vec<u8>, SourceError> {
    let io = |error| SourceError::Io {
        path: path.to_owned(),
        error,
    };
    let mut head = Vec::with_capacity(64);
    let file = File::open(path).map_err(io)?;
    file.take(64).read_to_end(&mut head).map_err(io)?;
    Ok(head)
}
