//! Taking a whole source out of the cache.

use rusqlite::OptionalExtension;

use super::intake::Intake;
use super::{DirectoryError, Import, Tally, index, related};

/// What a source gave, the children first. `?1` is the source.
const PARTS: [&str; 17] = [
    "DELETE FROM given WHERE stream IN (SELECT id FROM marks WHERE source = ?1)",
    "DELETE FROM held WHERE stream IN (SELECT id FROM marks WHERE source = ?1)",
    "DELETE FROM marks WHERE source = ?1",
    "DELETE FROM invoices WHERE source = ?1",
    "DELETE FROM tickets WHERE source = ?1",
    "DELETE FROM balances WHERE customer_id IN (SELECT id FROM customers WHERE source = ?1)",
    "DELETE FROM fresh_lines WHERE customer_id IN (SELECT id FROM customers WHERE source = ?1)",
    "DELETE FROM bought WHERE customer_id IN (SELECT id FROM customers WHERE source = ?1)",
    "DELETE FROM order_totals WHERE customer_id IN (SELECT id FROM customers WHERE source = ?1)",
    "DELETE FROM unread_phones WHERE customer_id IN (SELECT id FROM customers WHERE source = ?1)",
    "DELETE FROM phones WHERE customer_id IN (SELECT id FROM customers WHERE source = ?1)",
    "DELETE FROM related WHERE product_id IN (SELECT id FROM products WHERE source = ?1)",
    "DELETE FROM same_as WHERE customer_id IN (SELECT id FROM customers WHERE source = ?1)",
    "UPDATE customers SET person = NULL WHERE person IN (SELECT id FROM customers WHERE source = ?1)",
    "DELETE FROM customers WHERE source = ?1",
    "DELETE FROM products WHERE source = ?1",
    "DELETE FROM sources WHERE id = ?1",
];

impl Import {
    /// Takes out everything that `source` ever gave, as part of this import. `false` when it gave nothing.
    ///
    /// # Errors
    /// When the cache cannot be written; nothing is taken out then.
    pub fn forget(&mut self, source: &str) -> Result<bool, DirectoryError> {
        self.intake.forget(source)
    }
}

impl Intake {
    /// Takes out everything that `source` ever gave, unless it is the one whose rows are taken.
    pub(super) fn forget(&mut self, source: &str) -> Result<bool, DirectoryError> {
        let find = "SELECT id FROM sources WHERE name = ?1";
        let id: Option<i64> = self.connection.query_row(find, [source], |row| row.get(0)).optional()?;
        let Some(id) = id.filter(|id| *id != self.source) else {
            return Ok(false);
        };
        let lines = "DELETE FROM purchases WHERE customer_id IN (SELECT id FROM customers WHERE source = ?1)";
        let removed = self.connection.execute(lines, [id])?;
        index::remove_source(&self.connection, id)?;
        for part in PARTS {
            self.connection.execute(part, [id])?;
        }
        let removed = u64::try_from(removed).unwrap_or(u64::MAX);
        related::purchases_changed(
            &self.connection,
            Tally {
                removed,
                ..Tally::default()
            },
            None,
        )?;
        self.catalogue_changed = true;
        Ok(true)
    }
}
