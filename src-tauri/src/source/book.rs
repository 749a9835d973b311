//! Workbooks, read into grids: XLSX with or without macros, and ODS.
//!
//! A workbook comes from anywhere: nothing in it is run, what unpacks to far more than a table is refused before it is
//! read, and a cell far outside costs nothing, since rows are gathered cell by cell.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;

use calamine::{Data, DataRef, Ods, Reader as _, SheetVisible, Xlsx};

use super::SourceError;
use super::grid::Grid;
use crate::words::Saying;

/// Small workbooks may unpack to this much whatever the ratio.
const FREE_INFLATION: u64 = 16 << 20;
/// XML is packed to a thirtieth at best, deflate can reach a thousandth.
const MAX_INFLATION: u64 = 100;
/// Cells of a sheet that are read; a full sheet of sixteen columns has as many.
const MOST_CELLS: usize = 16 << 20;
/// Columns that are read.
const MOST_COLUMNS: u32 = 1_000;

/// The visible sheets of a workbook that hold anything.
pub(super) fn read(path: &Path) -> Result<Vec<Grid>, SourceError> {
    let broken = |error: calamine::XlsxError| SourceError::Workbook {
        path: path.to_owned(),
        what: Saying::quoted(error),
    };
    let size = check_size(path)?;
    let open = || File::open(path).map(BufReader::new).map_err(|error| io(path, error));
    let mut grids = match Xlsx::new(open()?) {
        Ok(book) => xlsx(path, book)?,
        Err(not_xlsx) => match Ods::new(open()?) {
            Ok(book) => ods(path, book)?,
            Err(_) => return Err(broken(not_xlsx)),
        },
    };
    grids.retain(|grid| !grid.rows.is_empty());
    if grids.is_empty() {
        return Err(SourceError::Empty { path: path.to_owned() });
    }
    if grids.len() == 1 {
        grids[0].name.clear();
    }
    tracing::debug!(size, sheets = grids.len(), "a workbook was read");
    Ok(grids)
}

/// Unpacks everything once and throws it away: what the directory of an archive says of sizes may be a lie.
fn check_size(path: &Path) -> Result<u64, SourceError> {
    let size = std::fs::metadata(path).map_err(|error| io(path, error))?.len();
    let limit = FREE_INFLATION.max(size.saturating_mul(MAX_INFLATION));
    let broken = |error: zip::result::ZipError| SourceError::Workbook {
        path: path.to_owned(),
        what: Saying::quoted(error),
    };
    let file = File::open(path).map_err(|error| io(path, error))?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(broken)?;
    let (mut left, mut buffer) = (limit, vec![0; 64 * 1024]);
    for entry in 0..archive.len() {
        let mut entry = archive.by_index(entry).map_err(broken)?;
        loop {
            let read = entry.read(&mut buffer).map_err(|error| SourceError::Workbook {
                path: path.to_owned(),
                what: Saying::quoted(error),
            })?;
            if read == 0 {
                break;
            }
            left = left.checked_sub(read as u64).ok_or_else(|| SourceError::Inflated {
                path: path.to_owned(),
                limit,
            })?;
        }
    }
    Ok(size)
}

fn xlsx(path: &Path, mut book: Xlsx<BufReader<File>>) -> Result<Vec<Grid>, SourceError> {
    let mut grids = Vec::new();
    for (name, hidden) in sheets(book.sheets_metadata()) {
        if hidden {
            continue;
        }
        let broken = |error: calamine::XlsxError| SourceError::Workbook {
            path: path.to_owned(),
            what: Saying::of("import.sheet_broken")
                .with("sheet", &name)
                .with("why", error),
        };
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            // A sheet that holds a chart alone has no cells.
            Err(calamine::XlsxError::WorksheetNotFound(_)) => continue,
            Err(error) => return Err(broken(error)),
        };
        let mut gather = Gather::new(&name, "import.as_excel");
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let (row, column) = cell.get_position();
            let value = match cell.get_value() {
                DataRef::SharedString(text) => Data::String((*text).to_owned()),
                other => Data::from(other.clone()),
            };
            gather.cell(path, row, column, &value)?;
        }
        grids.push(gather.grid());
    }
    note_hidden(&mut grids, book.sheets_metadata());
    Ok(grids)
}

fn ods(path: &Path, mut book: Ods<BufReader<File>>) -> Result<Vec<Grid>, SourceError> {
    let mut grids = Vec::new();
    for (name, hidden) in sheets(book.sheets_metadata()) {
        if hidden {
            continue;
        }
        let range = book.worksheet_range(&name).map_err(|error| SourceError::Workbook {
            path: path.to_owned(),
            what: Saying::of("import.sheet_broken")
                .with("sheet", &name)
                .with("why", error),
        })?;
        let mut gather = Gather::new(&name, "import.as_open_document");
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
            gather.cell(
                path,
                top.saturating_add(at(row)),
                left.saturating_add(at(column)),
                value,
            )?;
        }
        grids.push(gather.grid());
    }
    note_hidden(&mut grids, book.sheets_metadata());
    Ok(grids)
}

fn sheets(all: &[calamine::Sheet]) -> Vec<(String, bool)> {
    let tables = all.iter().filter(|sheet| sheet.typ == calamine::SheetType::WorkSheet);
    tables
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect()
}

fn note_hidden(grids: &mut [Grid], all: &[calamine::Sheet]) {
    let hidden: Vec<String> = sheets(all)
        .into_iter()
        .filter(|sheet| sheet.1)
        .map(|sheet| sheet.0)
        .collect();
    if let (Some(first), false) = (grids.first_mut(), hidden.is_empty()) {
        first
            .remarks
            .push(Saying::of("import.hidden_sheets").with("sheets", hidden.join(", ")));
    }
}

/// The cells of a sheet, by row.
struct Gather {
    name: String,
    written: &'static str,
    rows: BTreeMap<u32, Vec<String>>,
    numbers: Vec<u32>,
    cells: usize,
}

impl Gather {
    fn new(name: &str, written: &'static str) -> Self {
        Gather {
            name: name.to_owned(),
            written,
            rows: BTreeMap::new(),
            numbers: Vec::new(),
            cells: 0,
        }
    }

    fn cell(&mut self, path: &Path, row: u32, column: u32, value: &Data) -> Result<(), SourceError> {
        let text = text(value);
        if text.trim().is_empty() || column >= MOST_COLUMNS {
            return Ok(());
        }
        let (at, cells) = (column as usize, self.rows.entry(row).or_default());
        if at >= cells.len() {
            self.cells += at + 1 - cells.len();
            cells.resize(at + 1, String::new());
        }
        cells[at] = text;
        if matches!(value, Data::Float(_) | Data::Int(_)) {
            self.numbers.resize(self.numbers.len().max(at + 1), 0);
            self.numbers[at] += 1;
        }
        if self.cells > MOST_CELLS {
            return Err(SourceError::Workbook {
                path: path.to_owned(),
                what: Saying::of("import.sheet_too_large")
                    .with("sheet", &self.name)
                    .with("most", MOST_CELLS),
            });
        }
        Ok(())
    }

    fn grid(self) -> Grid {
        Grid {
            name: self.name,
            written: self.written,
            rows: self
                .rows
                .into_iter()
                .map(|(row, cells)| (u64::from(row) + 1, cells))
                .collect(),
            numbers: self.numbers,
            ..Grid::default()
        }
    }
}

/// A cell as the text that a table would have: whole numbers without a fraction, dates as ISO 8601.
fn text(value: &Data) -> String {
    match value {
        Data::String(text) => text.trim().to_owned(),
        // Rust writes no exponent and no `.0`.
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(true) => "true".to_owned(),
        Data::Bool(false) => "false".to_owned(),
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            match (hour, minute, second) {
                (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        Data::DateTime(duration) => duration.as_f64().to_string(),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        // `#REF!` and the like say nothing.
        Data::Error(_) | Data::Empty => String::new(),
    }
}

fn io(path: &Path, error: std::io::Error) -> SourceError {
    SourceError::Io {
        path: path.to_owned(),
        error,
    }
}
