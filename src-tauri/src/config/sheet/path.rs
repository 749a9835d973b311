//! Addresses of settings, such as `feed.0.dial.user`, and the way to them in a file.

use toml_edit::{Array, ArrayOfTables, InlineTable, Item, Table, TableLike, Value};

/// One step of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Name(String),
    At(usize),
}

pub(super) fn steps(at: &str) -> Vec<Step> {
    let step = |part: &str| match part.parse() {
        Ok(nth) => Step::At(nth),
        Err(_) => Step::Name(part.to_owned()),
    };
    at.split('.').filter(|part| !part.is_empty()).map(step).collect()
}

/// The address of what is called `name` in `at`.
pub(super) fn join(at: &str, name: &str) -> String {
    match at {
        "" => name.to_owned(),
        at => format!("{at}.{name}"),
    }
}

/// A table of a file. What is made in one that stands within a line stands within that line.
pub(super) struct Place<'d> {
    pub(super) table: &'d mut dyn TableLike,
    pub(super) inline: bool,
}

/// The table behind `steps`; tables on the way are made, and so is the entry that follows the last one of a list.
pub(super) fn table<'d>(place: Place<'d>, steps: &[Step]) -> Option<Place<'d>> {
    let Place { table: here, inline } = place;
    match steps {
        [] => Some(Place { table: here, inline }),
        [Step::Name(name), Step::At(nth), rest @ ..] => {
            let item = here.entry(name).or_insert_with(|| empty_list(inline));
            table(entry(item, *nth)?, rest)
        }
        [Step::Name(name), rest @ ..] => {
            let item = here.entry(name).or_insert_with(|| empty_table(inline));
            let inline = item.is_inline_table();
            let inner = item.as_table_like_mut()?;
            table(Place { table: inner, inline }, rest)
        }
        [Step::At(_), ..] => None,
    }
}

fn entry(item: &mut Item, nth: usize) -> Option<Place<'_>> {
    match item {
        Item::ArrayOfTables(tables) => {
            if nth == tables.len() {
                tables.push(spaced(Table::new()));
            }
            tables.get_mut(nth).map(|table| Place {
                table: table as &mut dyn TableLike,
                inline: false,
            })
        }
        Item::Value(Value::Array(array)) => {
            if nth == array.len() {
                array.push(InlineTable::new());
            }
            let table = array.get_mut(nth)?.as_inline_table_mut()?;
            Some(Place { table, inline: true })
        }
        _ => None,
    }
}

/// An empty table, written the way of the one it is in.
pub(super) fn empty_table(inline: bool) -> Item {
    match inline {
        true => Item::Value(InlineTable::new().into()),
        false => Item::Table(spaced(Table::new())),
    }
}

fn empty_list(inline: bool) -> Item {
    match inline {
        true => Item::Value(Array::new().into()),
        false => Item::ArrayOfTables(ArrayOfTables::new()),
    }
}

fn spaced(mut table: Table) -> Table {
    table.decor_mut().set_prefix("\n");
    table
}

/// Without the place that it had in a file, so that it is written where it stands now.
pub(super) fn unplaced(mut item: Item) -> Item {
    match &mut item {
        Item::Table(table) => unplace(table),
        Item::ArrayOfTables(tables) => tables.iter_mut().for_each(unplace),
        Item::Value(_) | Item::None => {}
    }
    item
}

/// The same for a table and all that is in it.
pub(super) fn unplace(table: &mut Table) {
    table.set_position(None);
    for (_, inner) in table.iter_mut() {
        *inner = unplaced(std::mem::take(inner));
    }
}
