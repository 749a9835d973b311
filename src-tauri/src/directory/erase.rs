//! Taking one person out of the cache, down to the bytes, and keeping out who was erased.

use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior};

use super::{DirectoryError, Place, Tally, persons, related, removal, schema};
use crate::customer::{CustomerRef, LeftOut};
use crate::store;

/// Page cache of a connection that changes one customer.
const ONCE_KIB: u32 = 16 * 1024;

/// Says who was erased, asked when an import or a sync has its turn; why it is not known otherwise.
pub type WhoIsLeftOut = Arc<dyn Fn() -> Result<LeftOut, String> + Send + Sync>;

/// For a cache whose people nobody erases.
#[must_use]
pub fn nobody_is_left_out() -> WhoIsLeftOut {
    Arc::new(|| Ok(LeftOut::default()))
}

impl Place {
    /// The same for whoever must not bring people back who were erased.
    #[must_use]
    pub fn leaving_out(self, left_out: WhoIsLeftOut) -> Self {
        Place { left_out, ..self }
    }

    pub(super) fn who_is_left_out(&self) -> Result<LeftOut, DirectoryError> {
        (self.left_out)().map_err(DirectoryError::WhoIsLeftOut)
    }

    /// Whether somebody who wanted to write now could.
    ///
    /// # Errors
    /// [`DirectoryError::Taken`] when somebody else is writing.
    pub fn has_turn(&self) -> Result<(), DirectoryError> {
        schema::take_turn(&self.path).map(drop)
    }

    /// Takes records out with all that is theirs, in one transaction; how many rows there were of each table.
    ///
    /// # Errors
    /// [`DirectoryError::Taken`] when somebody else is writing, and when the cache cannot be written; nothing has changed
    /// then.
    pub fn erase(&self, records: &[CustomerRef]) -> Result<Vec<(String, u64)>, DirectoryError> {
        let _turn = schema::take_turn(&self.path)?;
        let mut connection = schema::open(&self.path, &self.key, ONCE_KIB)?;
        schema::prepare(&mut connection, &self.path)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut counts, mut lines) = (Vec::new(), 0);
        for record in records {
            let sql = "DELETE FROM same_as WHERE reference = ?1";
            transaction.execute(sql, [&record.0])?;
            if let Some(id) = persons::row_of(&transaction, record)? {
                count(&transaction, id, &mut counts)?;
                lines += take_out(&transaction, id)?;
            }
        }
        if !counts.is_empty() {
            // what was taken out of the index lies in its older parts until they are merged
            transaction.execute("INSERT INTO found (found) VALUES ('optimize')", [])?;
            // a name that somebody had before stands here still
            transaction.execute(
                "DELETE FROM words WHERE NOT EXISTS (SELECT 1 FROM found WHERE found MATCH '\"' || word || '\"')",
                [],
            )?;
            let gone = Tally {
                removed: lines,
                ..Tally::default()
            };
            related::count_changes(&transaction, gone)?;
            related::catalogue_changed(&transaction)?;
        }
        transaction.commit()?;
        Ok(counts)
    }

    /// Writes the cache anew without what lies free in it, and cuts its log off. `false` when somebody else reads an older
    /// state of it.
    ///
    /// # Errors
    /// [`DirectoryError::Taken`] when somebody else is writing, and when the cache cannot be written.
    pub fn wipe(&self) -> Result<bool, DirectoryError> {
        let _turn = schema::take_turn(&self.path)?;
        let connection = schema::open(&self.path, &self.key, ONCE_KIB)?;
        store::rewrite(&connection)?;
        Ok(store::cut_log(&connection)?)
    }
}

/// What a customer has rows in, beside their own. A test compares it with the tables there are.
pub(super) const THEIRS: [&str; 10] = [
    "phones",
    "unread_phones",
    "purchases",
    "order_totals",
    "bought",
    "balances",
    "invoices",
    "tickets",
    "same_as",
    "fresh_lines",
];

fn count(connection: &Connection, id: i64, counts: &mut Vec<(String, u64)>) -> Result<(), DirectoryError> {
    let mut add = |table: &str, rows: u64| match counts.iter_mut().find(|(known, _)| known == table) {
        Some((_, sum)) => *sum += rows,
        None if rows > 0 => counts.push((table.to_owned(), rows)),
        None => {}
    };
    add("customers", 1);
    for table in THEIRS {
        let sql = format!("SELECT count(*) FROM {table} WHERE customer_id = ?1");
        let rows: i64 = connection.query_row(&sql, [id], |row| row.get(0))?;
        add(table, rows.unsigned_abs());
    }
    Ok(())
}

/// Takes a customer out, with what only the search and a stream that was read to its middle still know of them; how many order
/// lines that were.
fn take_out(connection: &Connection, id: i64) -> Result<u64, DirectoryError> {
    for sql in [
        "DELETE FROM held WHERE key IN (SELECT key FROM customers WHERE id = ?1
             UNION SELECT number FROM order_totals WHERE customer_id = ?1
             UNION SELECT number FROM invoices WHERE customer_id = ?1
             UNION SELECT number FROM tickets WHERE customer_id = ?1)",
        "DELETE FROM fresh_lines WHERE customer_id = ?1",
        "DELETE FROM order_numbers WHERE customer_id = ?1",
    ] {
        connection.execute(sql, [id])?;
    }
    removal::customer(connection, id)
}
