//! Writing the records of a batch into the cache, within the caller's transaction.

use std::collections::HashSet;

use rusqlite::params;

use super::{Sync, Taken, gone};
use crate::directory::accounts::balance_id;
use crate::directory::order_tables::Written;
use crate::directory::orders::OrderLines;
use crate::directory::{DirectoryError, Outcome, Tally, orders, related, removal};
use crate::source::record::Record;

impl Sync {
    pub(super) fn write(&mut self, records: &[Record], taken: &mut Taken) -> Result<(), DirectoryError> {
        let before = self.intake.counts;
        for record in records {
            if self.intake.record(record)? == Outcome::UnknownCustomer {
                taken.unknown_customers.push(record.customer().to_owned());
            }
        }
        self.intake.write_phones()?;
        self.write_orders(records)?;
        self.note_given(records)?;
        let stream = self.intake.stream;
        self.intake.settle_balances(|connection, customer, currency| {
            let sql = "SELECT EXISTS (SELECT 1 FROM given WHERE stream = ?1 AND id = ?2)";
            let id = balance_id(customer, currency);
            Ok(connection
                .prepare_cached(sql)?
                .query_row(params![stream, id], |row| row.get(0))?)
        })?;
        self.intake.invoices.clear();
        if std::mem::take(&mut self.intake.catalogue_changed) {
            related::catalogue_will_change(&self.intake.connection)?;
        }
        self.tally.add_difference(&before, &self.intake.counts);
        Ok(())
    }

    fn write_orders(&mut self, records: &[Record]) -> Result<(), DirectoryError> {
        if self.intake.lines.is_empty() {
            return Ok(());
        }
        let moved = self.drop_moved(records)?;
        let intake = &mut self.intake;
        let lines = std::mem::replace(&mut intake.lines, OrderLines::new(&intake.folder));
        // What is about to be learnt from with all the rest need not be noted line by line.
        let fresh = !related::is_due(&intake.connection)?;
        let Written { tally, baskets: _ } = lines.write(&intake.connection, fresh)?;
        intake.counts.order_lines.add(tally);
        related::count_changes(&intake.connection, tally)?;
        intake.counts.order_lines.removed += moved;
        Ok(())
    }

    /// An order that comes for another customer than before is taken from that one; how many lines it had.
    fn drop_moved(&mut self, records: &[Record]) -> Result<u64, DirectoryError> {
        let mut seen = HashSet::new();
        let mut removed = 0;
        for record in records {
            let Record::OrderLine(row) = record else { continue };
            let Some(now) = self.intake.resolve_customer(&row.customer)? else {
                continue;
            };
            if !seen.insert(row.order.as_str()) {
                continue;
            }
            let intake = &self.intake;
            for customer in removal::customers_of_order(&intake.connection, intake.source, &row.order)? {
                if customer != now {
                    removed += orders::remove(&intake.connection, &intake.folder, customer, &row.order)?;
                }
            }
        }
        related::count_changes(
            &self.intake.connection,
            Tally {
                removed,
                ..Tally::default()
            },
        )?;
        Ok(removed)
    }

    /// Remembers what was given, over a kill as well, and lets go of what was held and is there after all.
    fn note_given(&mut self, records: &[Record]) -> Result<(), DirectoryError> {
        let Some(stream) = &self.stream else { return Ok(()) };
        let intake = &mut self.intake;
        intake.given.sort_unstable();
        intake.given.dedup();
        let mut insert = intake
            .connection
            .prepare_cached("INSERT OR IGNORE INTO given VALUES (?1, ?2)")?;
        for id in intake.given.drain(..) {
            insert.execute([stream.id, id])?;
        }
        if stream.holds {
            let mut release = intake
                .connection
                .prepare_cached("DELETE FROM held WHERE stream = ?1 AND key = ?2")?;
            for record in records {
                release.execute(params![stream.id, gone::key_of(record)])?;
            }
        }
        Ok(())
    }
}
