//! What the columns of a source's files mean, kept in a small file: guessed once, read ever after, corrected by hand.

use std::io;
use std::path::{Path, PathBuf};

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::super::{Field, Known, Sheet};
use crate::config::write_durably;

const HEAD: &str =
    "# What the columns of these tables mean. It was guessed once and is only read since: correct it here, or
# delete a table to have it guessed anew. The fields are those of `ringside import --help`.

";

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    /// It cannot be read or written.
    #[error("{path} cannot be read or written: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Something in it is wrong.
    #[error("{path}: {what}; correct it, or delete the file to have it guessed anew")]
    Wrong {
        /// The file.
        path: PathBuf,
        /// What.
        what: String,
    },
}

/// The tables that the file knows; none where there is no file.
///
/// # Errors
/// See [`MapError`].
pub fn load(path: &Path) -> Result<Vec<Known>, MapError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            let path = path.to_owned();
            return Err(MapError::Io { path, error });
        }
    };
    let wrong = |what: String| MapError::Wrong {
        path: path.to_owned(),
        what,
    };
    let document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| wrong(error.to_string()))?;
    let Some(tables) = document.get("table") else {
        return Ok(Vec::new());
    };
    let tables = tables
        .as_array_of_tables()
        .ok_or_else(|| wrong("write `[[table]]`".to_owned()))?;
    tables.iter().map(|table| known(table).map_err(wrong)).collect()
}

fn known(table: &Table) -> Result<Known, String> {
    let text = |name: &str| table.get(name).and_then(Item::as_str).map(str::to_owned);
    let file = text("file").ok_or("a table lacks `file`")?;
    let kind = text("kind").ok_or_else(|| format!("the table of {file} lacks `kind`"))?;
    let columns = table.get("columns").and_then(Item::as_table_like);
    let mut known = Vec::new();
    for (column, field) in columns.into_iter().flat_map(|columns| columns.iter()) {
        let field = field
            .as_str()
            .ok_or_else(|| format!("{column} of {file} has no field"))?;
        let field: Field = field.parse().map_err(|error| format!("{column} of {file}: {error}"))?;
        known.push((column.to_owned(), field));
    }
    Ok(Known {
        kind: kind.parse().map_err(|error| format!("{file}: {error}"))?,
        sheet: text("sheet").unwrap_or_default(),
        columns: known,
        file,
    })
}

/// Writes down what is new among `sheets`; what stands there stays as it is.
///
/// # Errors
/// When the file cannot be written.
pub fn store(path: &Path, known: &[Known], sheets: &[Sheet]) -> Result<(), MapError> {
    let is_new = |sheet: &Known| {
        !known
            .iter()
            .any(|known| (&known.file, &known.sheet) == (&sheet.file, &sheet.sheet))
    };
    let new: Vec<Known> = sheets.iter().map(Sheet::known).filter(is_new).collect();
    if new.is_empty() {
        return Ok(());
    }
    let io = |error| MapError::Io {
        path: path.to_owned(),
        error,
    };
    let (before, head) = match std::fs::read_to_string(path) {
        Ok(text) => (text, ""),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (String::new(), HEAD),
        Err(error) => return Err(io(error)),
    };
    let mut document: DocumentMut = before.parse().map_err(|error: toml_edit::TomlError| MapError::Wrong {
        path: path.to_owned(),
        what: error.to_string(),
    })?;
    let tables = document
        .entry("table")
        .or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    if let Some(tables) = tables.as_array_of_tables_mut() {
        new.iter().for_each(|known| tables.push(table(known)));
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(io)?;
    }
    let text = format!("{head}{document}");
    write_durably(path, text.as_bytes()).map_err(io)
}

fn table(known: &Known) -> Table {
    let mut table = Table::new();
    table["file"] = value(&known.file);
    if !known.sheet.is_empty() {
        table["sheet"] = value(&known.sheet);
    }
    table["kind"] = value(known.kind.to_string());
    let mut columns = Table::new();
    for (column, field) in &known.columns {
        columns[column] = value(field.name());
    }
    table["columns"] = Item::Table(columns);
    table
}
