//! Changes of single settings. All of them count or none does, and every comment and every other line stays as it was.

use serde::{Deserialize, Serialize};
use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value as Written, value};
use ts_rs::TS;

use super::known::{Group, Input, Key, known};
use super::look::revision;
use super::path::{Place, Step, empty_table, steps, table, unplace, unplaced};
use super::place::wrong;
use super::{Value, Wrong};
use crate::config::Config;
use crate::config::error::{ConfigError, said};
use crate::config::home::Home;
use crate::config::read::{parse, read_text};
use crate::config::write::{replace, write};
use crate::words::{Saying, said_view};

/// One change, by the address of the setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Change {
    /// This stands there from now on; the entry that follows the last one of a list is made by setting something in it.
    Set {
        /// The address of a key, or of the `kind` of an entry.
        at: String,
        /// What stands there.
        value: Value,
    },
    /// A key, or a whole entry of a list, goes.
    Remove {
        /// Its address.
        at: String,
    },
    /// An entry of a list comes before or behind others.
    Move {
        /// Its address.
        at: String,
        /// Its place from then on, from 0.
        to: u32,
    },
}

impl Change {
    /// The address of what it changes.
    #[must_use]
    pub fn at(&self) -> &str {
        match self {
            Change::Set { at, .. } | Change::Remove { at } | Change::Move { at, .. } => at,
        }
    }
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The file was written in the meantime.
    #[error("config.toml was changed by somebody else; look at it again, then change it")]
    Overtaken,
    /// The settings would be wrong.
    #[error("the setting {} would be wrong", .0.at)]
    Wrong(Wrong),
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] ConfigError),
}

/// Changes the settings of `home`, which stood at `on` when the changes were made. The file is replaced as a whole: a crash
/// leaves the old one or the new one.
///
/// # Errors
/// See [`Refused`]; the file is then as it was.
pub fn change(home: &Home, on: &str, changes: &[Change]) -> Result<(), Refused> {
    let (changed, _) = changed(home, on, changes)?;
    Ok(write(&home.config_file(), &changed)?)
}

/// The settings as they would be; nothing is written.
///
/// # Errors
/// See [`Refused`].
pub fn preview(home: &Home, on: &str, changes: &[Change]) -> Result<Config, Refused> {
    changed(home, on, changes).map(|(_, config)| config)
}

fn changed(home: &Home, on: &str, changes: &[Change]) -> Result<(String, Config), Refused> {
    let path = home.config_file();
    let text = read_text(&path)?.unwrap_or_default();
    if revision(&text) != on {
        return Err(Refused::Overtaken);
    }
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        let error = ConfigError::at(&path, &text, error.span(), error.message().to_owned());
        Refused::Wrong(wrong(&text, &error))
    })?;
    for change in changes {
        apply(&mut document, change).ok_or_else(|| {
            Refused::Wrong(Wrong {
                at: change.at().to_owned(),
                said: said_view(&Saying::of("wrong.no_setting").with("at", change.at())),
                line: 0,
            })
        })??;
    }
    let changed = document.to_string();
    let config = parse(&path, &changed).map_err(|error| Refused::Wrong(wrong(&changed, &error)))?;
    Ok((changed, config))
}

/// `None` where there is no such setting.
fn apply(document: &mut DocumentMut, change: &Change) -> Option<Result<(), Refused>> {
    let way = steps(change.at());
    let root = Place {
        table: document.as_table_mut(),
        inline: false,
    };
    match change {
        Change::Set { at, value } => {
            let key = key_at(&known(), root.table, &way)?;
            let (Step::Name(name), above) = way.split_last()? else {
                return None;
            };
            let place = table(root, above)?;
            Some(set(place, name, &key, value).map_err(|what| {
                Refused::Wrong(Wrong {
                    at: at.clone(),
                    said: said_view(&said(&what)),
                    line: 0,
                })
            }))
        }
        Change::Remove { .. } => remove(root, &way).map(Ok),
        Change::Move { to, .. } => move_entry(root, &way, *to as usize).map(Ok),
    }
}

/// What may stand at an address.
fn key_at(groups: &[Group], above: &dyn TableLike, way: &[Step]) -> Option<Key> {
    match way {
        [Step::Name(name)] => {
            let before_tables = groups.iter().find(|group| group.name.is_empty())?;
            of(&before_tables.kinds[0].1, name)
        }
        [Step::Name(group), rest @ ..] => {
            let group = groups.iter().find(|known| known.name == group)?;
            in_group(group, above.get(group.name), rest)
        }
        _ => None,
    }
}

fn in_group(group: &Group, item: Option<&Item>, way: &[Step]) -> Option<Key> {
    let (here, way): (Option<&dyn TableLike>, &[Step]) = match (group.many, way) {
        (true, [Step::At(nth), rest @ ..]) => (nth_table(item, *nth), rest),
        (false, rest) => (item.and_then(Item::as_table_like), rest),
        (true, _) => return None,
    };
    let has_kinds = group.kinds[0].0.is_some();
    if let ([Step::Name(name)], true) = (way, has_kinds)
        && name == "kind"
    {
        let of = group.kinds.iter().filter_map(|(kind, ..)| kind.map(str::to_owned));
        return Some(Key {
            name: name.clone(),
            input: Input::Choice { of: of.collect() },
            needed: true,
        });
    }
    let kind = here.and_then(|here| here.get("kind")).and_then(Item::as_str);
    let known = group.kinds.iter().find(|(name, ..)| name.is_none() || *name == kind);
    let (_, keys, groups) = known?;
    match way {
        [Step::Name(name)] => of(keys, name),
        [Step::Name(inner), rest @ ..] => {
            let inner = groups.iter().find(|known| known.name == inner)?;
            in_group(inner, here.and_then(|here| here.get(inner.name)), rest)
        }
        _ => None,
    }
}

fn nth_table(item: Option<&Item>, nth: usize) -> Option<&dyn TableLike> {
    match item? {
        Item::ArrayOfTables(tables) => tables.get(nth).map(|table| table as &dyn TableLike),
        Item::Value(Written::Array(array)) => {
            let table = array.get(nth)?.as_inline_table()?;
            Some(table as &dyn TableLike)
        }
        _ => None,
    }
}

fn of(keys: &[Key], name: &str) -> Option<Key> {
    keys.iter().find(|key| key.name == name).cloned()
}

fn set(place: Place<'_>, name: &str, key: &Key, new: &Value) -> Result<(), String> {
    let Place { table, inline } = place;
    match (&key.input, new) {
        (Input::Toml, Value::Text(text)) => {
            let item = toml(text, inline)?;
            table.insert(name, item);
        }
        (Input::Pairs { .. }, Value::Pairs(pairs)) => {
            let item = table.entry(name).or_insert_with(|| empty_table(inline));
            let Some(inner) = item.as_table_like_mut() else {
                return Err(format!("`{name}` is no table"));
            };
            set_pairs(inner, pairs);
        }
        (_, Value::Texts(texts)) => match table.get_mut(name).and_then(Item::as_array_mut) {
            Some(array) => set_texts(array, texts),
            None => put(table, name, texts.iter().map(String::as_str).collect::<Array>().into()),
        },
        (_, Value::Text(text)) => put(table, name, text.as_str().into()),
        (_, Value::Flag(flag)) => put(table, name, (*flag).into()),
        (_, Value::Number(number)) => put(table, name, numeral(*number)),
        (_, Value::Pairs(_)) => return Err(format!("`{name}` takes no names with values")),
    }
    Ok(())
}

fn put(table: &mut dyn TableLike, name: &str, new: Written) {
    match table.get_mut(name) {
        Some(item) => replace(item, new),
        None => {
            table.insert(name, value(new));
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "checked to be a whole number that fits")]
fn numeral(number: f64) -> Written {
    let whole = number.fract() == 0.0 && number.abs() < 9e15;
    if whole { (number as i64).into() } else { number.into() }
}

/// What stays keeps the comments beside it.
fn set_texts(array: &mut Array, texts: &[String]) {
    let stays = |value: &Written| value.as_str().is_some_and(|text| texts.iter().any(|one| one == text));
    array.retain(stays);
    let kept: Vec<String> = array
        .iter()
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect();
    if !texts.starts_with(&kept) {
        *array = texts.iter().map(String::as_str).collect();
        return;
    }
    for text in &texts[kept.len()..] {
        array.push(text.as_str());
    }
}

fn set_pairs(table: &mut dyn TableLike, pairs: &[(String, String)]) {
    let gone: Vec<String> = table
        .iter()
        .map(|(name, _)| name.to_owned())
        .filter(|name| pairs.iter().all(|(kept, _)| kept != name))
        .collect();
    for name in gone {
        table.remove(&name);
    }
    for (name, text) in pairs {
        put(table, name, text.as_str().into());
    }
}

/// TOML that a person wrote: one value, or the lines of a table.
fn toml(text: &str, inline: bool) -> Result<Item, String> {
    if let Ok(one) = text.parse::<Written>() {
        return Ok(value(one));
    }
    let document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| error.message().to_owned())?;
    let lines = document.as_table().clone();
    if inline {
        return Ok(value(lines.into_inline_table()));
    }
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    for (name, item) in lines {
        table.insert(&name, unplaced(item));
    }
    Ok(Item::Table(table))
}

fn remove(root: Place<'_>, way: &[Step]) -> Option<()> {
    let (last, above) = way.split_last()?;
    match (last, above) {
        (Step::Name(name), above) => {
            let Place { table: here, .. } = table(root, above)?;
            keep_comment(here, name);
            here.remove(name);
            Some(())
        }
        (Step::At(nth), [above @ .., Step::Name(list)]) => {
            let Place { table: here, .. } = table(root, above)?;
            let empty = match here.get_mut(list)? {
                Item::ArrayOfTables(tables) if *nth < tables.len() => {
                    tables.remove(*nth);
                    tables.is_empty()
                }
                Item::Value(Written::Array(array)) if *nth < array.len() => {
                    array.remove(*nth);
                    array.is_empty()
                }
                _ => return None,
            };
            if empty {
                here.remove(list);
            }
            Some(())
        }
        (Step::At(_), _) => None,
    }
}

/// The lines above a key that goes belong to the page as well: they come above the next key, or below the one before.
fn keep_comment(table: &mut dyn TableLike, name: &str) {
    let comment = table
        .key(name)
        .and_then(|key| key.leaf_decor().prefix()?.as_str().map(str::to_owned));
    let Some(comment) = comment.filter(|comment| comment.contains('#')) else {
        return;
    };
    let names: Vec<(String, bool)> = table
        .iter()
        .map(|(name, item)| (name.to_owned(), item.is_value()))
        .collect();
    let Some(at) = names.iter().position(|(one, _)| one == name) else {
        return;
    };
    if let Some((next, true)) = names.get(at + 1)
        && let Some(mut key) = table.key_mut(next)
    {
        let own = key
            .leaf_decor()
            .prefix()
            .and_then(|own| own.as_str())
            .unwrap_or_default()
            .to_owned();
        key.leaf_decor_mut().set_prefix(comment + &own);
    } else if let Some((before, true)) = at.checked_sub(1).and_then(|at| names.get(at))
        && let Some(before) = table.get_mut(before).and_then(Item::as_value_mut)
    {
        let own = before
            .decor()
            .suffix()
            .and_then(|own| own.as_str())
            .unwrap_or_default()
            .to_owned();
        before.decor_mut().set_suffix(format!("{own}\n{}", comment.trim_end()));
    }
}

fn move_entry(root: Place<'_>, way: &[Step], to: usize) -> Option<()> {
    let [above @ .., Step::Name(list), Step::At(from)] = way else {
        return None;
    };
    let Place { table: here, .. } = table(root, above)?;
    match here.get_mut(list)? {
        Item::ArrayOfTables(tables) if *from < tables.len() && to < tables.len() => {
            let moved = tables.remove(*from);
            tables.insert(to, moved);
            for table in tables.iter_mut() {
                unplace(table);
            }
            Some(())
        }
        Item::Value(Written::Array(array)) if *from < array.len() && to < array.len() => {
            let moved = array.remove(*from);
            array.insert(to, moved);
            Some(())
        }
        _ => None,
    }
}
