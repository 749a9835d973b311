//! Rows of delimited text, each with its line and its raw text.
//!
//! Its own small reader, because a row that cannot be used is reported with line and raw text, and because a quote that is
//! never closed may cost one row and not the rest of the file. It does not know what the columns mean.

use std::collections::VecDeque;

use super::grid::GridReader;
use super::lines::{Line, Lines};
use super::{Reason, SourceError};

/// The longest row with line breaks inside quotes, in lines and in bytes.
const MAX_ROW_LINES: usize = 200;
const MAX_ROW_BYTES: usize = 1024 * 1024;
/// How much of a bad row is kept for its report, in characters.
const MAX_RAW: usize = 4_000;
/// How many lines the delimiter is judged by.
const SAMPLE: usize = 50;

/// One row as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The line that it begins on, counted from 1.
    pub(super) line: u64,
    /// Its text.
    pub(super) raw: String,
    /// Its fields, quotes undone, or why it has none.
    pub(super) fields: Result<Vec<String>, Reason>,
}

/// Rows of a file, however it is written.
pub(super) enum Table {
    /// Delimited text.
    Text(Box<RowReader>),
    /// Something that was read as a whole.
    Grid(GridReader),
}

impl Table {
    /// Says how many columns the header has.
    pub(super) fn expect_columns(&mut self, columns: usize) {
        match self {
            Table::Text(reader) => reader.expect_columns(columns),
            Table::Grid(_) => {}
        }
    }

    /// What parts the fields.
    pub(super) fn delimiter(&self) -> char {
        match self {
            Table::Text(reader) => reader.delimiter(),
            Table::Grid(_) => ',',
        }
    }

    /// How much was read, in the unit of the sheet's size.
    pub(super) fn position(&self) -> u64 {
        match self {
            Table::Text(reader) => reader.position(),
            Table::Grid(reader) => reader.position(),
        }
    }

    /// The next row that is not blank; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Row>, SourceError> {
        match self {
            Table::Text(reader) => reader.next(),
            Table::Grid(reader) => Ok(reader.next()),
        }
    }
}

/// Reads rows.
pub(super) struct RowReader {
    lines: Lines,
    delimiter: char,
    /// Lines read ahead: of a sample, or of a row whose quote never closed.
    ahead: VecDeque<Line>,
    line: u64,
    /// How many fields a row must have to be believed when it goes over several lines.
    columns: Option<usize>,
}

impl RowReader {
    /// Starts at the first line that is not blank, and judges the delimiter by the lines there.
    pub(super) fn new(lines: Lines) -> Result<Self, SourceError> {
        let mut reader = RowReader {
            lines,
            delimiter: ',',
            ahead: VecDeque::new(),
            line: 0,
            columns: None,
        };
        while reader.ahead.len() < SAMPLE {
            match reader.lines.next()? {
                Some(line) => reader.ahead.push_back(line),
                None => break,
            }
        }
        reader.delimiter = match reader.declared() {
            Some(delimiter) => delimiter,
            None => guess(&reader.ahead),
        };
        Ok(reader)
    }

    /// Says how many columns the header has: a quote that was never closed runs into the next quoted text, and gives itself
    /// away by a row of another width.
    pub(super) fn expect_columns(&mut self, columns: usize) {
        self.columns = Some(columns);
    }

    /// What parts the fields.
    pub(super) fn delimiter(&self) -> char {
        self.delimiter
    }

    /// Bytes of the file read so far.
    pub(super) fn position(&self) -> u64 {
        self.lines.position()
    }

    /// The next row that is not blank; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Row>, SourceError> {
        loop {
            let Some(first) = self.take()? else { return Ok(None) };
            if !first.cut && first.text.chars().all(|c| c == self.delimiter || c.is_whitespace()) {
                continue;
            }
            return self.row(&first).map(Some);
        }
    }

    /// `sep=;`, which Excel writes and reads, is taken off.
    fn declared(&mut self) -> Option<char> {
        let declared = self.ahead.front()?.text.strip_prefix("sep=")?.chars().next()?;
        self.ahead.pop_front();
        self.line += 1;
        Some(declared)
    }

    fn take(&mut self) -> Result<Option<Line>, SourceError> {
        let line = match self.ahead.pop_front() {
            Some(line) => Some(line),
            None => self.lines.next()?,
        };
        self.line += u64::from(line.is_some());
        Ok(line)
    }

    fn row(&mut self, first: &Line) -> Result<Row, SourceError> {
        let line = self.line;
        if first.cut {
            return Ok(Row {
                line,
                raw: shortened(&first.text),
                fields: Err(Reason::TooLong),
            });
        }
        let mut raw = first.text.clone();
        let mut taken = Vec::new();
        loop {
            if let Some(fields) = fields(&raw, self.delimiter) {
                let believed = taken.is_empty() || self.columns.is_none_or(|columns| columns == fields.len());
                if !believed {
                    break;
                }
                return Ok(Row {
                    line,
                    raw: shortened(&raw),
                    fields: Ok(fields),
                });
            }
            let more = if taken.len() < MAX_ROW_LINES && raw.len() < MAX_ROW_BYTES {
                self.take()?
            } else {
                None
            };
            let Some(more) = more.filter(|more| !more.cut) else {
                break;
            };
            raw.push('\n');
            raw.push_str(&more.text);
            taken.push(more);
        }
        // The quote never closes: this one line is bad, the lines after it are read again.
        self.line = line;
        for line in taken.into_iter().rev() {
            self.ahead.push_front(line);
        }
        Ok(Row {
            line,
            raw: shortened(&first.text),
            fields: Err(Reason::OpenQuote),
        })
    }
}

/// The fields of a row (RFC 4180); `None` when a quote is still open at its end. A quote inside an unquoted field is text.
fn fields(row: &str, delimiter: char) -> Option<Vec<String>> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut chars = row.chars().peekable();
    let mut quoted = false;
    let mut fresh = true;
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if fresh => quoted = true,
            c if c == delimiter && !quoted => {
                fields.push(std::mem::take(&mut field));
                fresh = true;
                continue;
            }
            c => field.push(c),
        }
        fresh = false;
    }
    fields.push(field);
    (!quoted).then_some(fields)
}

/// The delimiter that parts the first line into most columns and the others into as many.
fn guess(sample: &VecDeque<Line>) -> char {
    let full: Vec<&str> = sample
        .iter()
        .map(|line| line.text.as_str())
        .filter(|text| !text.trim().is_empty())
        .collect();
    let score = |delimiter: char| {
        let counts: Vec<usize> = full
            .iter()
            .filter_map(|line| fields(line, delimiter))
            .map(|f| f.len())
            .collect();
        let columns = counts.first().copied().unwrap_or(0);
        let alike = counts.iter().filter(|&&count| count == columns).count();
        if columns < 2 {
            0
        } else {
            alike * 1000 / counts.len().max(1) * 100 + columns.min(99)
        }
    };
    [',', ';', '\t', '|']
        .into_iter()
        .rev()
        .max_by_key(|&delimiter| score(delimiter))
        .unwrap_or(',')
}

fn shortened(raw: &str) -> String {
    raw.chars().take(MAX_RAW).collect()
}
