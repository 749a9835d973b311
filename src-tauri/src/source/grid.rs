//! Rows that were read as a whole: a sheet of a workbook, or the cards of an address book. Pure.
//!
//! It does not know which program wrote them.

use std::sync::Arc;

use super::mapping::{Field, LeftOut, Mapping};
use super::table::Row;
use crate::words::Saying;

/// So many rows may stand above the names of the columns.
const ABOVE: usize = 10;

/// A sheet, with its rows as text.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// The sheet's name; empty where there is only one.
    pub(super) name: String,
    /// How it is written, by its message of the catalogue.
    pub(super) written: &'static str,
    /// Its rows, each with its line, counted from 1. Rows without any text are left out.
    pub(super) rows: Vec<(u64, Vec<String>)>,
    /// Of each column, how many cells are numbers and no text.
    pub(super) numbers: Vec<u32>,
    /// What columns surely mean, where the format itself says it.
    pub(super) said: Vec<(Field, String)>,
    /// What else a person should know of it.
    pub(super) remarks: Vec<Saying>,
}

/// Reads a grid row by row.
pub(super) struct GridReader {
    grid: Arc<Grid>,
    at: usize,
}

impl Grid {
    /// Where the names of the columns stand: of the first rows the one whose texts explain most, since titles, merged
    /// groups of columns and empty rows may stand above.
    pub(super) fn header(&self, file: &str, said: &[(Field, String)]) -> usize {
        let filled = |row: &[String]| row.iter().filter(|cell| !cell.is_empty()).count();
        let score = |row: &[String]| {
            let mapping = Mapping::guess(file, row, said, &[], &LeftOut::default());
            let explained = |mapping: Mapping| {
                let known = mapping.columns.iter().filter(|column| column.field.is_some()).count();
                (mapping.missing().is_empty(), known)
            };
            mapping.map_or((false, 0), explained)
        };
        let first = self.rows.iter().take(ABOVE).enumerate();
        let candidates = first.filter(|(_, (_, row))| filled(row) >= 2);
        let scored = candidates.map(|(at, (_, row))| (score(row), at));
        // Of rows that explain as much the first one is meant.
        let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.map_or(0, |(_, at)| at)
    }
}

impl GridReader {
    /// Reads from row `at` on.
    pub(super) fn new(grid: Arc<Grid>, at: usize) -> Self {
        GridReader { grid, at }
    }

    /// How much of it was read, of a hundred.
    pub(super) fn position(&self) -> u64 {
        (self.at * 100 / self.grid.rows.len().max(1)) as u64
    }

    /// The next row; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Row> {
        let (line, cells) = self.grid.rows.get(self.at)?;
        self.at += 1;
        Some(Row {
            line: *line,
            raw: cells.join(" | "),
            fields: Ok(cells.clone()),
        })
    }
}
