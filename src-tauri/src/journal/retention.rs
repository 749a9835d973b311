//! Dropping what was kept for as long as the settings say, a little at a time: whoever writes a call meanwhile never waits for
//! more than one batch.
//!
//! What is old is looked for without holding anybody up; only a batch of it is written. It reads no clock.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::person_tables::TABLES;
use super::{Journal, JournalError};

/// What has a retention of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Ended calls, with all that hangs on them.
    Calls,
    /// Notes of calls, with what they said before.
    Notes,
    /// Contacts over other channels.
    Contacts,
    /// Follow-ups and callbacks that are done.
    Tasks,
    /// Tickets that are closed.
    Tickets,
    /// The audit trail.
    Audit,
}

impl Kept {
    /// All of them, in the order in which they are dropped.
    pub const ALL: [Kept; 6] = [
        Kept::Notes,
        Kept::Calls,
        Kept::Contacts,
        Kept::Tasks,
        Kept::Tickets,
        Kept::Audit,
    ];

    /// The word of the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kept::Calls => "calls",
            Kept::Notes => "notes",
            Kept::Contacts => "contacts",
            Kept::Tasks => "tasks",
            Kept::Tickets => "tickets",
            Kept::Audit => "audit",
        }
    }

    /// Table, key, and what makes a row old at `?1`. The oldest go first.
    fn old(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Kept::Calls => ("calls", "id", "started < ?1 AND ended IS NOT NULL ORDER BY started"),
            Kept::Notes => ("notes", "call", "written_at < ?1 ORDER BY written_at"),
            Kept::Contacts => ("contacts", "id", "at < ?1"),
            Kept::Tasks => ("tasks", "id", "done < ?1"),
            Kept::Tickets => ("tickets", "id", "closed < ?1"),
            Kept::Audit => ("audit", "id", "at < ?1 ORDER BY at"),
        }
    }
}

impl Journal {
    /// How many rows of a kind are from before `before`.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn count_older(&self, kind: Kept, before: DateTime<Utc>) -> Result<u64, JournalError> {
        let (table, _, old) = kind.old();
        let old = old.split(" ORDER BY").next().unwrap_or(old);
        let sql = format!("SELECT count(*) FROM {table} WHERE {old}");
        let count = self
            .conn
            .query_row(&sql, [before.timestamp_millis()], |row| row.get::<_, i64>(0));
        count.map(i64::unsigned_abs).map_err(JournalError::NotRead)
    }

    /// Drops rows of a kind from before `before`, at most `limit`, the oldest first; how many. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing has changed then.
    pub fn drop_older(&mut self, kind: Kept, before: DateTime<Utc>, limit: u32) -> Result<u64, JournalError> {
        let old = old(&self.conn, kind, before, limit).map_err(JournalError::NotRead)?;
        if old.is_empty() {
            return Ok(0);
        }
        self.write(|tx| match kind {
            Kept::Audit => drop_audit(tx, &old, before),
            Kept::Calls => old.iter().try_for_each(|call| drop_call(tx, call)),
            _ => {
                let (table, key, _) = kind.old();
                let mut delete = tx.prepare_cached(&format!("DELETE FROM {table} WHERE {key} = ?1"))?;
                old.iter().try_for_each(|key| delete.execute([key]).map(drop))
            }
        })?;
        Ok(old.len() as u64)
    }

    /// Cuts the log off where nobody reads an older state, so that it does not hold what was dropped.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn cut_log(&mut self) -> Result<bool, JournalError> {
        crate::store::cut_log(&self.conn).map_err(JournalError::NotWritten)
    }
}

fn old(
    conn: &Connection,
    kind: Kept,
    before: DateTime<Utc>,
    limit: u32,
) -> rusqlite::Result<Vec<rusqlite::types::Value>> {
    let (table, key, old) = kind.old();
    conn.prepare_cached(&format!("SELECT {key} FROM {table} WHERE {old} LIMIT ?2"))?
        .query_map(params![before.timestamp_millis(), limit], |row| row.get(0))?
        .collect()
}

/// A call with all that is by call; a task or a ticket of it stays, and is dropped when it is done for so long itself.
fn drop_call(tx: &Connection, call: &rusqlite::types::Value) -> rusqlite::Result<()> {
    for table in TABLES.iter().filter(|table| table.goes_with_its_call()) {
        let sql = format!("DELETE FROM {} WHERE call = ?1", table.name);
        tx.prepare_cached(&sql)?.execute([call])?;
    }
    tx.prepare_cached("DELETE FROM calls WHERE id = ?1")?.execute([call])?;
    Ok(())
}

/// The one gate in the trigger that keeps the trail: open within this transaction alone.
fn drop_audit(tx: &Connection, old: &[rusqlite::types::Value], before: DateTime<Utc>) -> rusqlite::Result<()> {
    tx.execute("INSERT INTO audit_gate VALUES (?1)", [before.timestamp_millis()])?;
    {
        let mut delete = tx.prepare_cached("DELETE FROM audit WHERE id = ?1")?;
        old.iter().try_for_each(|id| delete.execute([id]).map(drop))?;
    }
    tx.execute("DELETE FROM audit_gate", [])?;
    tx.execute(
        "DELETE FROM audit_about WHERE NOT EXISTS (SELECT 1 FROM audit WHERE about = audit_about.id)",
        [],
    )?;
    Ok(())
}
