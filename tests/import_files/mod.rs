//! Reading files into records.

mod hostile;
mod restrictions;
mod tables;

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeZone as _, Utc};
use ringside::customer::{Balance, Currency};
use ringside::number::{self, Given, Region};
use ringside::source::record::{BalanceRow, CustomerRow, OrderLineRow, Record};
use ringside::source::{Field, Kind, Read, Reason, Rejected, Rejects, Settings, Sheet, SourceError};
use tempfile::TempDir;

pub(crate) fn settings() -> Settings {
    Settings {
        region: Region::from_code("DE"),
        area: String::new(),
        currency: Currency::from_code("EUR").expect("a currency"),
        maps: Vec::new(),
        leave_out: Vec::new(),
        at: now(),
    }
}

pub(crate) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 10, 0, 0).single().expect("a time")
}

pub(crate) fn northwind(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/sources/northwind")
        .join(file)
}

pub(crate) fn read_all(path: &Path, settings: &Settings) -> Result<(Sheet, Vec<Read>, Vec<Rejected>), SourceError> {
    let sheet = Sheet::inspect(path, settings)?;
    let (mut read, mut rejected) = (Vec::new(), Vec::new());
    let mut rows = sheet.rows()?;
    while let Some(row) = rows.read()? {
        match row {
            Ok(row) => read.push(row),
            Err(row) => rejected.push(row),
        }
    }
    drop(rows);
    Ok((sheet, read, rejected))
}

/// Writes a file and reads it; gives what its rows say.
pub(crate) fn read_bytes(
    name: &str,
    bytes: &[u8],
    settings: &Settings,
) -> Result<(Sheet, Vec<Record>, Vec<Rejected>), SourceError> {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a file");
    let (sheet, read, rejected) = read_all(&path, settings)?;
    Ok((sheet, read.into_iter().map(|row| row.record).collect(), rejected))
}

pub(crate) fn customers(records: &[Record]) -> Vec<&CustomerRow> {
    records
        .iter()
        .filter_map(|record| {
            if let Record::Customer(row) = record {
                Some(row)
            } else {
                None
            }
        })
        .collect()
}

pub(crate) fn lines(records: &[Record]) -> Vec<&OrderLineRow> {
    records
        .iter()
        .filter_map(|record| {
            if let Record::OrderLine(row) = record {
                Some(row)
            } else {
                None
            }
        })
        .collect()
}

pub(crate) fn balances(records: &[Record]) -> Vec<&BalanceRow> {
    records
        .iter()
        .filter_map(|record| {
            if let Record::Balance(row) = record {
                Some(row)
            } else {
                None
            }
        })
        .collect()
}

pub(crate) fn mapped(sheet: &Sheet) -> Vec<String> {
    let columns = sheet.mapping().columns.iter();
    columns
        .filter_map(|column| Some(format!("{} <- {}", column.field?, column.header)))
        .collect()
}
