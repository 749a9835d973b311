//! What can be wrong with a file, and with one row of it.

use std::io;
use std::path::PathBuf;

use super::mapping::{Field, Kind};

/// Why a file cannot be imported at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file cannot be opened or read.
    #[error("cannot read {}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
    /// There is nothing in it, or nothing below the header.
    #[error("{} is empty: it needs a line with the names of the columns and a line for each record", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// It is no text.
    #[error("{} is {what}, not a table of text: save it as CSV (UTF-8) and import that", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// What it looks like, with its article.
        what: &'static str,
    },
    /// It is no workbook that can be read.
    #[error(
        "{} cannot be read as a workbook: {what}. Open it in your spreadsheet program and save it again as .xlsx or CSV",
        path.display()
    )]
    Workbook {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// It unpacks to far more than any honest table.
    #[error("{} unpacks to more than {limit} bytes, which no table of its size does: unpack it yourself and look inside", path.display())]
    Inflated {
        /// The file.
        path: PathBuf,
        /// Where reading stopped.
        limit: u64,
    },
    /// A column that the kind of file needs was neither named nor guessed.
    #[error("{}", missing(path, *kind, fields, columns))]
    Missing {
        /// The file.
        path: PathBuf,
        /// What the file seems to be.
        kind: Kind,
        /// What it lacks.
        fields: Vec<Field>,
        /// The columns it has.
        columns: Vec<String>,
    },
    /// Nothing says what the file is.
    #[error(
        "{}: cannot tell what is in it. Columns: {}. Say which is which, for example --map customer=COLUMN --map phone=COLUMN",
        path.display(), columns.join(", ")
    )]
    Unclear {
        /// The file.
        path: PathBuf,
        /// The columns it has.
        columns: Vec<String>,
    },
}

/// A row that could not be used. The import goes on without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The file.
    pub file: PathBuf,
    /// Its line, counted from 1, where the row begins.
    pub line: u64,
    /// Why.
    pub reason: Reason,
    /// The key of its record, as far as that can be told; empty otherwise.
    pub key: String,
    /// The row as it stands in the file, cut after the first 4,000 characters.
    pub raw: String,
}

/// Why a row could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A field that the record cannot be without is empty.
    #[error("no {0}")]
    Missing(Field),
    /// The text is no amount.
    #[error("`{1}` is no amount ({0})")]
    NotAnAmount(Field, String),
    /// The amount does not fit 64 bits of minor units.
    #[error("`{1}` is too large ({0})")]
    TooLarge(Field, String),
    /// The text is no date.
    #[error("`{1}` is no date ({0})")]
    NotADate(Field, String),
    /// The text is no currency.
    #[error("`{0}` is no ISO 4217 currency")]
    NotACurrency(String),
    /// More fields than the header names: a delimiter inside an unquoted text moved the columns.
    #[error("{found} fields where the header has {expected}: is a text with a delimiter not quoted?")]
    TooManyFields {
        /// Fields in the row.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// A quote is opened and never closed within any reasonable length.
    #[error("a quote is opened and not closed")]
    OpenQuote,
    /// A line longer than a megabyte.
    #[error("the line is too long")]
    TooLong,
    /// It names a customer that this source never gave.
    #[error("the customer `{0}` is not known: import the customers first")]
    UnknownCustomer(String),
}

fn missing(path: &std::path::Path, kind: Kind, fields: &[Field], columns: &[String]) -> String {
    let what: Vec<&str> = fields.iter().map(|field| field.describe()).collect();
    let how: Vec<String> = fields.iter().map(|field| format!("--map {field}=COLUMN")).collect();
    let none = if fields == [Field::Phone] {
        " If it has none, say --map phone=-"
    } else {
        ""
    };
    format!(
        "{}: it looks like {kind}, but no column with {} was found. Columns: {}. Say which it is with {}.{none}",
        path.display(),
        what.join(" and "),
        columns.join(", "),
        how.join(" ")
    )
}
