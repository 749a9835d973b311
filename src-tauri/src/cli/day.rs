//! A day as somebody types it.

use chrono::NaiveDate;

/// Reads a day, or says the one form that it has.
pub(super) fn read_day(text: &str) -> Result<NaiveDate, String> {
    text.parse()
        .map_err(|_| "a day is written as in 2026-11-01: year, month and day in figures".to_owned())
}
