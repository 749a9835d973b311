//! Which setting an error of the reader is of.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Wrong;
use super::path::join;
use crate::config::error::{ConfigError, said};
use crate::words::said_view;

/// What the reader said of `text`, with the address of the setting that it means.
pub(super) fn wrong(text: &str, error: &ConfigError) -> Wrong {
    match error {
        ConfigError::Wrong { line, column, what, .. } => Wrong {
            at: offset(text, *line, *column).map_or_else(String::new, |offset| address(text, offset)),
            said: said_view(&said(what)),
            line: u32::try_from(*line).unwrap_or(0),
        },
        ConfigError::Io { .. } | ConfigError::TooLarge { .. } => Wrong {
            at: String::new(),
            said: said_view(&error.saying()),
            line: 0,
        },
    }
}

/// The byte at a line and a column, both from 1, the column in characters.
fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.checked_sub(1)?)
        .map(str::len)
        .sum();
    let rest = text.get(start..)?;
    let within: usize = rest.chars().take(column.checked_sub(1)?).map(char::len_utf8).sum();
    Some(start + within)
}

/// The address of the innermost setting that stands at `offset`; empty where none does.
fn address(text: &str, offset: usize) -> String {
    let Ok(root) = DeTable::parse(text) else {
        return String::new();
    };
    in_table(root.get_ref(), offset, "").unwrap_or_default()
}

fn in_table(table: &DeTable<'_>, offset: usize, at: &str) -> Option<String> {
    let inner = table.iter().find_map(|(name, value)| {
        let here = join(at, name.get_ref());
        in_value(value, offset, &here)
    });
    inner.or_else(|| {
        let own = |(name, value): &(&Spanned<_>, &Spanned<DeValue<'_>>)| {
            holds(&Spanned::span(name), offset) || holds(&value.span(), offset)
        };
        let (name, _) = table.iter().find(own)?;
        Some(join(at, name.get_ref()))
    })
}

fn in_value(value: &Spanned<DeValue<'_>>, offset: usize, at: &str) -> Option<String> {
    match value.get_ref() {
        DeValue::Table(table) => in_table(table, offset, at),
        DeValue::Array(items) => items.iter().enumerate().find_map(|(nth, item)| {
            let DeValue::Table(table) = item.get_ref() else {
                return None;
            };
            let here = join(at, &nth.to_string());
            in_table(table, offset, &here).or_else(|| holds(&item.span(), offset).then_some(here))
        }),
        _ => None,
    }
}

fn holds(span: &Range<usize>, offset: usize) -> bool {
    span.contains(&offset) || span.start == offset
}
