//! Order lines of an import: gathered, matched with what the cache has, and written customer by customer.
//!
//! What an import says of an order replaces what was known of that order; orders it does not mention stay.
//! All lines wait until the end, because the lines of an order need not stand together and because rows written in the
//! order of the table's key cost half. They wait sorted in a temporary file once they are more than memory should hold;
//! in memory are then the lines of one customer at a time.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use super::DirectoryError;
use super::order_tables::{Line, Numbers, Tables, Written};
use super::sorter::Sorter;
use crate::customer::Currency;
use crate::source::record::OrderLineRow;

/// How much of the lines waits in memory, in bytes.
const LINES_IN_MEMORY: usize = 64 << 20;

/// The lines of an import.
pub(super) struct OrderLines {
    sorter: Sorter,
    folder: PathBuf,
}

/// A line as it came.
pub(super) struct Incoming<'r> {
    pub(super) customer: i64,
    pub(super) product: u32,
    pub(super) row: &'r OrderLineRow,
}

impl OrderLines {
    /// What is more than memory should hold waits in a file in `folder`.
    pub(super) fn new(folder: &Path) -> Self {
        OrderLines {
            sorter: Sorter::new(folder, LINES_IN_MEMORY),
            folder: folder.to_owned(),
        }
    }

    /// A record begins with the customer, so that a customer's lines come together, and ends with the order number.
    pub(super) fn push(&mut self, Incoming { customer, product, row }: Incoming<'_>) -> Result<(), DirectoryError> {
        self.sorter.push(&[
            &customer.to_be_bytes(),
            &product.to_be_bytes(),
            &row.at.timestamp().to_be_bytes(),
            &row.quantity_milli.to_be_bytes(),
            &row.amount.minor.to_be_bytes(),
            row.amount.currency.code().as_bytes(),
            row.order.as_bytes(),
        ])
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sorter.is_empty()
    }

    /// Brings the cache to what the lines say; `fresh`: notes new lines for desks that are running.
    pub(super) fn write(self, connection: &Connection, fresh: bool) -> Result<Written, DirectoryError> {
        let mut table = Tables::new(connection, &self.folder)?;
        table.notes_fresh = fresh;
        let mut sorted = self.sorter.sorted()?;
        let mut group: Vec<Line> = Vec::new();
        let mut currency = Currency::EUR;
        while let Some(record) = sorted.next()? {
            let (customer, rest) = part::<8>(record)?;
            let customer = i64::from_be_bytes(customer);
            if group.first().is_some_and(|line| line.customer != customer) {
                table.replace(&mut group)?;
                group.clear();
                table.numbers.clear();
            }
            let read = line(customer, rest, currency, &mut table.numbers)?;
            currency = read.currency;
            group.push(read);
        }
        table.replace(&mut group)?;
        table.finish(connection)
    }
}

/// Takes an order of a customer out; how many lines it had.
pub(super) fn remove(
    connection: &Connection,
    folder: &Path,
    customer: i64,
    number: &str,
) -> Result<u64, DirectoryError> {
    let mut table = Tables::new(connection, folder)?;
    let before = table.load(customer)?;
    let order = table.numbers.number(number);
    let (gone, kept): (Vec<Line>, Vec<Line>) = before.iter().copied().partition(|line| line.order == order);
    table.apply(&gone, Vec::new())?;
    table.derive(customer, &before, kept)?;
    let sql = "DELETE FROM order_numbers WHERE number = ?1 AND customer_id = ?2";
    connection.prepare_cached(sql)?.execute(params![number, customer])?;
    Ok(gone.len() as u64)
}

/// Reads what [`OrderLines::push`] wrote behind the customer; `likely` is the currency it probably has.
fn line(customer: i64, record: &[u8], likely: Currency, numbers: &mut Numbers) -> Result<Line, DirectoryError> {
    let (product, rest) = part(record)?;
    let (at, rest) = part(rest)?;
    let (quantity, rest) = part(rest)?;
    let (amount, rest) = part(rest)?;
    let (currency, rest) = part::<3>(rest)?;
    let text = |bytes| std::str::from_utf8(bytes).map_err(|error| DirectoryError::Scratch(io::Error::other(error)));
    let unknown = || DirectoryError::Scratch(io::Error::other("not a currency"));
    Ok(Line {
        customer,
        order: numbers.number(text(rest)?),
        product: u32::from_be_bytes(product),
        at: i64::from_be_bytes(at),
        quantity: i64::from_be_bytes(quantity),
        amount: i64::from_be_bytes(amount),
        currency: match likely.code().as_bytes() == currency {
            true => likely,
            false => Currency::from_code(text(&currency)?).ok_or_else(unknown)?,
        },
        nth: 0,
    })
}

/// The first bytes and the rest.
fn part<const N: usize>(record: &[u8]) -> Result<([u8; N], &[u8]), DirectoryError> {
    let short = || DirectoryError::Scratch(io::Error::from(io::ErrorKind::UnexpectedEof));
    let (first, rest) = record.split_first_chunk().ok_or_else(short)?;
    Ok((*first, rest))
}
