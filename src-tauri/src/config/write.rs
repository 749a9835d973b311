//! Changing `config.toml` while Ringside runs, so that every comment and every other line stays as it was.

use std::fs;
use std::path::Path;

use toml_edit::{Array, DocumentMut, Item, Table, Value, value};

use super::check::{EXTENSION, is_extension};
use super::error::ConfigError;
use super::error::text_of;
use super::home::{Home, write_durably};
use super::read::{parse, read_text};

/// Writes `extensions` as my extensions (`[agent] extensions`). The file is replaced as a whole: a crash leaves the old
/// one or the new one. A file that is a link stays one.
///
/// # Errors
/// When the file is wrong as it is, or one of `extensions` is none; nothing is written then.
pub fn set_extensions(home: &Home, extensions: &[String]) -> Result<(), ConfigError> {
    if !extensions.iter().all(|extension| is_extension(extension)) {
        let path = home.config_file();
        let text = read_text(&path)?.unwrap_or_default();
        return Err(ConfigError::at(&path, &text, None, text_of(EXTENSION)));
    }
    change(home, |document| {
        let agent = document.entry("agent").or_insert_with(|| Item::Table(Table::new()));
        let extensions: Array = extensions.iter().map(String::as_str).collect();
        replace(&mut agent["extensions"], extensions.into());
    })
}

/// Writes whether Ringside starts when somebody logs in (`start_at_login`), as [`set_extensions`] writes.
///
/// # Errors
/// When the file is wrong as it is; nothing is written then.
pub fn set_start_at_login(home: &Home, on: bool) -> Result<(), ConfigError> {
    change(home, |document| replace(&mut document["start_at_login"], on.into()))
}

fn change(home: &Home, change: impl FnOnce(&mut DocumentMut)) -> Result<(), ConfigError> {
    let path = home.config_file();
    let text = read_text(&path)?.unwrap_or_default();
    parse(&path, &text)?;
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        ConfigError::at(&path, &text, error.span(), error.message().to_owned())
    })?;
    change(&mut document);
    write(&path, &document.to_string())
}

/// Replaces a value and keeps the comment behind it.
pub(super) fn replace(item: &mut Item, mut new: Value) {
    if let Some(old) = item.as_value() {
        *new.decor_mut() = old.decor().clone();
    }
    *item = value(new);
}

/// Replaces the file as a whole; one that is a link stays one.
pub(super) fn write(path: &Path, text: &str) -> Result<(), ConfigError> {
    let failed = |source| ConfigError::Io {
        path: path.to_owned(),
        source,
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let target = if path.exists() {
        path.canonicalize().map_err(failed)?
    } else {
        path.to_owned()
    };
    write_durably(&target, text.as_bytes()).map_err(failed)
}
