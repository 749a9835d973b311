//! Keeps what the orders teach up to date in the cache.

use rusqlite::{Connection, OptionalExtension, params};

use super::{DirectoryError, Tally};
use crate::advisor::ProductId;
use crate::advisor::learn::{Learnt, Orders};

/// Learning reads every purchase. It is done again when more than one line in so many changed since: a
/// small shop learns from every order, a large one is never more than two per cent behind.
const PATIENCE: u64 = 50;

const LINES: &str = "lines";
const LINES_NOT_LEARNT: &str = "lines_not_learnt";
/// Rises whenever all purchases were learnt from again.
const LEARNT: &str = "learnt";
/// Rises with every change to products or to what is known of their company.
const CATALOGUE: &str = "catalogue";
/// 1 when products changed and readers were not told yet.
const CATALOGUE_WAITS: &str = "catalogue_waits";

/// Counts what an import changed of the purchases, and learns again when it is time to. `baskets` are all orders of the
/// cache, when they are at hand.
pub(super) fn purchases_changed(
    connection: &Connection,
    written: Tally,
    baskets: Option<Orders>,
) -> Result<(), DirectoryError> {
    count_changes(connection, written)?;
    learn_if_due(connection, baskets)
}

/// Counts what was changed of the purchases, for [`learn_if_due`] to judge by.
pub(super) fn count_changes(connection: &Connection, written: Tally) -> Result<(), DirectoryError> {
    let Tally {
        added,
        changed,
        removed,
        ..
    } = written;
    if added + changed + removed == 0 {
        return Ok(());
    }
    let lines = (meta(connection, LINES)? + added).saturating_sub(removed);
    let pending = meta(connection, LINES_NOT_LEARNT)? + added + changed + removed;
    set_meta(connection, LINES, lines)?;
    set_meta(connection, LINES_NOT_LEARNT, pending)
}

/// Whether so much changed that all purchases are to be learnt from again.
pub(super) fn is_due(connection: &Connection) -> Result<bool, DirectoryError> {
    let pending = meta(connection, LINES_NOT_LEARNT)?;
    Ok(pending > 0 && pending * PATIENCE >= meta(connection, LINES)?)
}

/// Learns again when it is time to.
pub(super) fn learn_if_due(connection: &Connection, baskets: Option<Orders>) -> Result<(), DirectoryError> {
    if is_due(connection)? {
        learn(connection, baskets)?;
        connection.execute_batch("DELETE FROM fresh_lines")?;
        catalogue_changed(connection)?;
        set_meta(connection, LEARNT, learnt_version(connection)? + 1)?;
        set_meta(connection, LINES_NOT_LEARNT, 0)?;
    }
    Ok(())
}

/// Notes that products changed, for [`tell_readers`] at the end of a run: readers read all products again.
pub(super) fn catalogue_will_change(connection: &Connection) -> Result<(), DirectoryError> {
    set_meta(connection, CATALOGUE_WAITS, 1)
}

/// Tells readers what [`catalogue_will_change`] noted.
pub(super) fn tell_readers(connection: &Connection) -> Result<(), DirectoryError> {
    if meta(connection, CATALOGUE_WAITS)? == 1 {
        set_meta(connection, CATALOGUE_WAITS, 0)?;
        catalogue_changed(connection)?;
    }
    Ok(())
}

/// Tells every reader that the catalogue in its memory is old.
pub(super) fn catalogue_changed(connection: &Connection) -> Result<(), DirectoryError> {
    set_meta(connection, CATALOGUE, catalogue_version(connection)? + 1)
}

/// The state of products and relations, to compare with.
pub(super) fn catalogue_version(connection: &Connection) -> Result<u64, DirectoryError> {
    meta(connection, CATALOGUE)
}

/// The state of the purchases when they were last learnt from, to compare with.
pub(super) fn learnt_version(connection: &Connection) -> Result<u64, DirectoryError> {
    meta(connection, LEARNT)
}

fn meta(connection: &Connection, name: &str) -> Result<u64, DirectoryError> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    let value: Option<i64> = statement.query_row([name], |row| row.get(0)).optional()?;
    Ok(value.and_then(|value| u64::try_from(value).ok()).unwrap_or(0))
}

fn set_meta(connection: &Connection, name: &str, value: u64) -> Result<(), DirectoryError> {
    let value = i64::try_from(value).unwrap_or(i64::MAX);
    connection
        .prepare_cached("INSERT OR REPLACE INTO meta VALUES (?1, ?2)")?
        .execute(params![name, value])?;
    Ok(())
}

fn learn(connection: &Connection, baskets: Option<Orders>) -> Result<(), DirectoryError> {
    let learnt = baskets.map_or_else(|| all_orders(connection), Ok)?.learn();
    connection.execute_batch("DELETE FROM related; UPDATE products SET orders = 0 WHERE orders <> 0")?;
    let mut count = connection.prepare("UPDATE products SET orders = ?2 WHERE id = ?1")?;
    let mut relate = connection.prepare("INSERT INTO related VALUES (?1, ?2, ?3)")?;
    for Learnt {
        product,
        orders,
        mut related,
    } in learnt
    {
        count.execute(params![product.0, orders])?;
        related.sort_unstable_by_key(|one| one.other);
        for one in related {
            relate.execute(params![product.0, one.other.0, one.together])?;
        }
    }
    Ok(())
}

/// The orders of the shop, without what was returned. The lines of an order may bear several times, so
/// that they need not stand together within their customer.
fn all_orders(connection: &Connection) -> Result<Orders, DirectoryError> {
    let mut statement =
        connection.prepare("SELECT customer_id, number, product_id FROM purchases WHERE quantity > 0")?;
    let mut rows = statement.query([])?;
    let mut orders = Orders::default();
    let mut customer = None;
    let mut lines: Vec<(Box<str>, ProductId)> = Vec::new();
    while let Some(row) = rows.next()? {
        let next = Some(row.get::<_, i64>(0)?);
        if next != customer {
            add(&mut orders, &mut lines);
            customer = next;
        }
        lines.push((
            row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?.into(),
            ProductId(row.get(2)?),
        ));
    }
    add(&mut orders, &mut lines);
    Ok(orders)
}

/// Adds the orders of one customer.
fn add(orders: &mut Orders, lines: &mut Vec<(Box<str>, ProductId)>) {
    lines.sort_unstable();
    for order in lines.chunk_by(|a, b| a.0 == b.0) {
        orders.add(order.iter().map(|line| line.1));
    }
    lines.clear();
}
