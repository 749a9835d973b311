//! What stands in the file, group by group.

use std::path::Path;

use sha2::{Digest as _, Sha256};
use toml_edit::{DocumentMut, Item, TableLike, Value as Written};

use super::known::{Group, Input, Key, known};
use super::path::{join, unplaced};
use super::place::wrong;
use super::{Blank, Entry, FilledGroup, Sheet, Value};
use crate::config::error::ConfigError;
use crate::config::home::Home;
use crate::config::read::{parse, read_text};

/// The settings of `home` as they stand in the file. What is wrong in it is in the answer.
///
/// # Errors
/// When the file cannot be read.
pub fn look(home: &Home) -> Result<Sheet, ConfigError> {
    let path = home.config_file();
    let text = read_text(&path)?;
    let absent = text.is_none();
    let mut sheet = of_text(&path, &text.unwrap_or_default());
    sheet.absent = absent;
    Ok(sheet)
}

fn of_text(path: &Path, text: &str) -> Sheet {
    // of a text that is no TOML nothing can be shown but what is wrong with it
    let document: DocumentMut = text.parse().unwrap_or_default();
    Sheet {
        file: path.display().to_string(),
        revision: revision(text),
        groups: known()
            .iter()
            .map(|group| filled(group, Some(document.as_table()), ""))
            .collect(),
        wrong: parse(path, text).err().map(|error| wrong(text, &error)),
        restart: false,
        absent: false,
    }
}

/// A text in short.
pub(super) fn revision(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn filled(group: &Group, above: Option<&dyn TableLike>, at: &str) -> FilledGroup {
    let item = above.and_then(|above| above.get(group.name));
    let here = if group.name.is_empty() {
        at.to_owned()
    } else {
        join(at, group.name)
    };
    let entries = match (group.many, group.name) {
        (true, _) => tables(item)
            .into_iter()
            .enumerate()
            .map(|(nth, table)| entry(group, Some(table), join(&here, &nth.to_string())))
            .collect(),
        (false, "") => vec![entry(group, above, here)],
        (false, _) => vec![entry(group, item.and_then(Item::as_table_like), here)],
    };
    FilledGroup {
        name: group.name.to_owned(),
        many: group.many,
        kinds: group.kinds.iter().map(blank).collect(),
        entries,
    }
}

fn tables(item: Option<&Item>) -> Vec<&dyn TableLike> {
    match item {
        Some(Item::ArrayOfTables(tables)) => tables.iter().map(|table| table as &dyn TableLike).collect(),
        Some(Item::Value(Written::Array(array))) => array
            .iter()
            .filter_map(|value| value.as_inline_table().map(|table| table as &dyn TableLike))
            .collect(),
        _ => Vec::new(),
    }
}

fn blank((kind, keys, groups): &(Option<&'static str>, Vec<Key>, Vec<Group>)) -> Blank {
    Blank {
        kind: kind.map(str::to_owned),
        keys: keys.clone(),
        groups: groups.iter().map(|group| filled(group, None, "")).collect(),
    }
}

fn entry(group: &Group, table: Option<&dyn TableLike>, at: String) -> Entry {
    let kind = table.and_then(|table| table.get("kind")).and_then(Item::as_str);
    let known = group.kinds.iter().find(|(name, ..)| name.is_none() || *name == kind);
    let Some((_, keys, groups)) = known else {
        return Entry {
            at,
            kind: kind.map(str::to_owned),
            values: Vec::new(),
            groups: Vec::new(),
        };
    };
    let value = |key: &Key| {
        let item = table?.get(&key.name)?;
        Some((key.name.clone(), value(item, &key.input)?))
    };
    Entry {
        kind: group.kinds[0].0.and(kind).map(str::to_owned),
        values: keys.iter().filter_map(value).collect(),
        groups: groups.iter().map(|group| filled(group, table, &at)).collect(),
        at,
    }
}

fn value(item: &Item, input: &Input) -> Option<Value> {
    match input {
        Input::Toml => Some(Value::Text(toml(item))),
        Input::Pairs { .. } => {
            let pair = |(name, item): (&str, &Item)| (name.to_owned(), text(item));
            Some(Value::Pairs(item.as_table_like()?.iter().map(pair).collect()))
        }
        Input::Texts => Some(Value::Texts(match item.as_array() {
            Some(array) => array.iter().map(plain).collect(),
            None => vec![text(item)],
        })),
        Input::Flag => item
            .as_bool()
            .map(Value::Flag)
            .or_else(|| Some(Value::Text(text(item)))),
        Input::Number => Some(number(item).map_or_else(|| Value::Text(text(item)), Value::Number)),
        Input::Text | Input::Lines | Input::Choice { .. } => Some(Value::Text(text(item))),
        // what is no reference may be the secret itself, and is not shown
        Input::Secret => {
            let text = item.as_str().unwrap_or_default();
            let reference = crate::config::SecretRef::parse(text).is_some();
            Some(Value::Text(if reference { text.to_owned() } else { String::new() }))
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of settings are far below 2^53")]
fn number(item: &Item) -> Option<f64> {
    item.as_integer().map(|whole| whole as f64).or_else(|| item.as_float())
}

fn text(item: &Item) -> String {
    item.as_value().map(plain).unwrap_or_default()
}

fn plain(value: &Written) -> String {
    match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.to_string().trim().to_owned(),
    }
}

/// An item as TOML: a value alone, or the lines of a table.
fn toml(item: &Item) -> String {
    match item {
        Item::Table(table) => {
            let mut document = DocumentMut::new();
            for (name, item) in table.iter() {
                document.insert(name, unplaced(item.clone()));
            }
            document.to_string().trim().to_owned()
        }
        Item::Value(value) => value.to_string().trim().to_owned(),
        Item::ArrayOfTables(_) | Item::None => String::new(),
    }
}
