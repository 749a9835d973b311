//! Taking in what files give at one time: one import is one transaction.
//!
//! Readers see the old data until [`Import::finish`] returns and the new data from then on, also when the
//! program is killed in between. Dropping an import undoes it. It knows rows, not files.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::intake::Intake;
use super::order_tables::Written;
use super::orders::OrderLines;
use super::schema::Turn;
use super::{Counts, DirectoryError, Outcome, Tally, related};
use crate::customer::LeftOut;
use crate::source::record::{CustomerRow, OrderLineRow, Record};

/// An import that is under way.
pub struct Import {
    pub(super) intake: Intake,
    /// While it is held, nobody else writes.
    _turn: Turn,
}

impl Import {
    /// Begins to write for `source`. Only one import runs at a time; the second is refused at once, since the
    /// first may take minutes. What memory should not hold waits in `folder`.
    pub(super) fn begin(
        connection: Connection,
        turn: Turn,
        folder: &Path,
        (source, left_out): (&str, LeftOut),
        at: DateTime<Utc>,
    ) -> Result<Self, DirectoryError> {
        connection.busy_timeout(Duration::ZERO)?;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        Intake::gather_search(&connection)?;
        let at = at.timestamp();
        let id = connection.query_row(
            "INSERT INTO sources (name, imported) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET imported = excluded.imported, unfinished = 0 RETURNING id",
            params![source, at],
            |row| row.get(0),
        )?;
        Ok(Import {
            intake: Intake::new(connection, folder, id, at).without(left_out, source),
            _turn: turn,
        })
    }

    /// Takes any row.
    pub fn record(&mut self, record: &Record) -> Result<Outcome, DirectoryError> {
        // Only what a stream no longer gives is looked for later.
        self.intake.given.clear();
        self.intake.record(record)
    }

    /// Takes a customer with all their numbers. The row in the cache is the same as at the last import.
    pub fn customer(&mut self, row: &CustomerRow) -> Result<Outcome, DirectoryError> {
        self.intake.customer(row)
    }

    /// Takes a line of an order. Its order replaces, at the end, what the cache had of that order.
    pub fn order_line(&mut self, row: &OrderLineRow) -> Result<Outcome, DirectoryError> {
        self.intake.given.clear();
        self.intake.order_line(row)
    }

    /// Writes what was gathered, learns from it, and makes all of it visible at once.
    pub fn finish(mut self) -> Result<Counts, DirectoryError> {
        let intake = &mut self.intake;
        intake.write_phones()?;
        intake.settle_balances(|_, _, _| Ok(false))?;
        intake.settle_invoices()?;
        if !intake.lines.is_empty() {
            let lines = std::mem::replace(&mut intake.lines, OrderLines::new(&intake.folder));
            let Written { tally, baskets } = lines.write(&intake.connection, true)?;
            let Tally {
                unknown_customer,
                left_out,
                ..
            } = intake.counts.order_lines;
            intake.counts.order_lines = Tally {
                unknown_customer,
                left_out,
                ..tally
            };
            related::purchases_changed(&intake.connection, tally, baskets)?;
            let stamp = "UPDATE sources SET orders = ?2 WHERE id = ?1";
            intake.connection.execute(stamp, params![intake.source, intake.at])?;
        }
        if intake.catalogue_changed {
            related::catalogue_changed(&intake.connection)?;
        }
        intake.connection.execute_batch("COMMIT")?;
        give_back_room(&intake.connection);
        Ok(intake.counts)
    }
}

/// Gives the log's room back. Readers may hinder it; whoever writes next tries again.
pub(super) fn give_back_room(connection: &Connection) {
    let _busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
}
