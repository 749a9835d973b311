//! What the cells of a table look like, column by column: telephone numbers, dates, and which sign stands before the cents.

use super::SourceError;
use super::date::{Evidence, Order};
use super::money::{Point, point_of};
use super::table::Table;
use crate::number::{self, Region, digits_in};

/// Values that a column's meaning is judged by.
const SAMPLE: usize = 200;

/// What the cells of a column look like.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    pub(super) filled: u32,
    pub(super) phones: u32,
    dots: u32,
    commas: u32,
    pub(super) dates: Evidence,
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
    pub(super) fn point(&self, delimiter: char) -> Point {
        match (self.dots, self.commas) {
            (0, 0) if delimiter == ';' => Point::Comma,
            (dots, commas) if commas > dots => Point::Comma,
            _ => Point::Dot,
        }
    }
}

/// Looks at every cell of the first rows, and at all rows as long as a date could be read two ways.
pub(super) fn look_through(rows: &mut Table, columns: usize, region: Option<Region>) -> Result<Vec<Look>, SourceError> {
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
