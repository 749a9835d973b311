//! What can be wrong with a file, and with one row of it. What it is called stands in the message catalogue.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::mapping::{Column, Field, Mapping};
use crate::words::Saying;

/// Why a file cannot be imported at all.
#[derive(Debug)]
pub enum SourceError {
    /// The file cannot be opened or read.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// There is nothing in it, or nothing below the header.
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// It is no text.
    NotText {
        /// The file.
        path: PathBuf,
        /// What it looks like.
        what: Saying,
    },
    /// It is no workbook that can be read.
    Workbook {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: Saying,
    },
    /// It unpacks to far more than any honest table.
    Inflated {
        /// The file.
        path: PathBuf,
        /// Where reading stopped.
        limit: u64,
    },
    /// A column that the kind of file needs was neither named nor guessed.
    Missing {
        /// The file.
        path: PathBuf,
        /// What it seems to be, and what its columns seem to mean.
        mapping: Mapping,
        /// What it lacks.
        fields: Vec<Field>,
    },
    /// Nothing says what the file is.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A field that the record cannot be without is empty.
    Missing(Field),
    /// The text is no amount.
    NotAnAmount(Field, String),
    /// The amount does not fit 64 bits of minor units.
    TooLarge(Field, String),
    /// The text is no date.
    NotADate(Field, String),
    /// The text is no currency.
    NotACurrency(String),
    /// More fields than the header names: a delimiter inside an unquoted text moved the columns.
    TooManyFields {
        /// Fields in the row.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// A quote is opened and never closed within any reasonable length.
    OpenQuote,
    /// A line longer than a megabyte.
    TooLong,
    /// It names a customer that this source never gave.
    UnknownCustomer(String),
}

impl SourceError {
    /// The same for a person.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            SourceError::Io { path, error } => io_saying(path, error),
            SourceError::Empty { path } => Saying::of("import.empty").with("path", path.display()),
            SourceError::NotText { path, what } => Saying::of("import.not_text")
                .with("path", path.display())
                .with_said("what", what.clone()),
            SourceError::Workbook { path, what } => Saying::of("import.workbook")
                .with("path", path.display())
                .with_said("what", what.clone()),
            SourceError::Inflated { path, limit } => Saying::of("import.inflated")
                .with("path", path.display())
                .with("limit", limit),
            SourceError::Missing { path, mapping, fields } => missing(path, mapping, fields),
            SourceError::Unclear { path, columns } => Saying::of("import.unclear")
                .with("path", path.display())
                .with("columns", columns.join(", ")),
        }
    }
}

/// For logs and the command line, which has options for what a window asks with a list.
impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.saying())?;
        match self {
            SourceError::Missing { fields, .. } => {
                let how: Vec<String> = fields.iter().map(|field| format!("--map {field}=COLUMN")).collect();
                write!(f, ". Say which it is with {}", how.join(" "))?;
                let none = fields.as_slice() == [Field::Phone];
                f.write_str(if none {
                    ". If it has none, say --map phone=-"
                } else {
                    ""
                })
            }
            SourceError::Unclear { .. } => {
                f.write_str(". Say which is which, for example --map customer=COLUMN --map phone=COLUMN")
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for SourceError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SourceError::Io { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl Reason {
    /// The same for a person.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            Reason::Missing(field) => Saying::of("import.row_lacks").with_said("field", field.word()),
            Reason::NotAnAmount(field, text) => Saying::of("import.no_amount")
                .with("text", text)
                .with_said("field", field.word()),
            Reason::TooLarge(field, text) => Saying::of("import.too_large")
                .with("text", text)
                .with_said("field", field.word()),
            Reason::NotADate(field, text) => Saying::of("import.no_date")
                .with("text", text)
                .with_said("field", field.word()),
            Reason::NotACurrency(text) => Saying::of("import.no_currency").with("text", text),
            Reason::TooManyFields { found, expected } => Saying::of("import.too_many_fields")
                .with("found", found)
                .with("expected", expected),
            Reason::OpenQuote => Saying::of("import.open_quote"),
            Reason::TooLong => Saying::of("import.line_too_long"),
            Reason::UnknownCustomer(key) => Saying::of("import.unknown_customer").with("key", key),
        }
    }
}

/// For logs, the command line and the report of rows.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.saying().fmt(f)
    }
}

impl std::error::Error for Reason {}

/// What the system says of a file. The two that people meet have words of their own.
pub(crate) fn io_saying(path: &Path, error: &io::Error) -> Saying {
    match error.kind() {
        io::ErrorKind::NotFound => Saying::of("import.not_there").with("path", path.display()),
        io::ErrorKind::PermissionDenied => Saying::of("import.not_allowed").with("path", path.display()),
        _ => Saying::of("import.unreadable")
            .with("path", path.display())
            .with("why", error),
    }
}

/// What the columns of a table lack, one sentence each.
fn missing(path: &Path, mapping: &Mapping, fields: &[Field]) -> Saying {
    let Mapping { kind, columns } = mapping;
    let headers: Vec<&str> = columns.iter().map(|Column { header, .. }| header.as_str()).collect();
    let looks = Saying::of("import.looks_like")
        .with("path", path.display())
        .with_said("kind", kind.word());
    let lacks = fields
        .iter()
        .map(|field| Saying::of("import.no_column").with_said("field", field.word()));
    let there = Saying::of("import.columns").with("columns", headers.join(", "));
    lacks.fold(looks, Saying::and).and(there)
}
