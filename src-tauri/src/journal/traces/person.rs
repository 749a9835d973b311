//! The traces of one person, and those that are older than the settings keep them.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Kept, Traces, of_call};
use crate::call::CallId;
use crate::journal::JournalError;
use crate::store;

impl Traces {
    /// The traces of these calls, and of others that mention one of `texts`.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn of_person(&self, calls: &[String], texts: &[String]) -> Result<Vec<Kept>, JournalError> {
        let read = || {
            let theirs = theirs(&self.conn, calls, texts)?;
            let kept = theirs.into_iter().map(|call| of_call(&self.conn, &CallId(call)));
            Ok(kept
                .collect::<rusqlite::Result<Vec<_>>>()?
                .into_iter()
                .flatten()
                .collect())
        };
        read().map_err(JournalError::NotRead)
    }

    /// Takes the traces of these calls out, and of others that mention one of `texts`; how many there were.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn erase(&mut self, calls: &[String], texts: &[String]) -> Result<u64, JournalError> {
        let mut erase = || {
            let tx = self.conn.transaction()?;
            let theirs = theirs(&tx, calls, texts)?;
            for call in &theirs {
                tx.prepare_cached("DELETE FROM traces WHERE call = ?1")?
                    .execute([call])?;
            }
            tx.commit()?;
            Ok(theirs.len() as u64)
        };
        erase().map_err(JournalError::NotWritten)
    }

    /// Drops traces from before `before`, at most `limit`; how many.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn drop_older(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, JournalError> {
        let sql = "DELETE FROM traces WHERE call IN (SELECT call FROM traces WHERE began < ?1 LIMIT ?2)";
        let dropped = self.conn.execute(sql, params![before.timestamp_micros(), limit]);
        dropped.map(|rows| rows as u64).map_err(JournalError::NotWritten)
    }

    /// How many traces are from before `before`.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn count_older(&self, before: DateTime<Utc>) -> Result<u64, JournalError> {
        let sql = "SELECT count(*) FROM traces WHERE began < ?1";
        let count = self
            .conn
            .query_row(sql, [before.timestamp_micros()], |row| row.get::<_, i64>(0));
        count.map(i64::unsigned_abs).map_err(JournalError::NotRead)
    }

    /// Writes the file anew without what lies free in it, and cuts its log off. `false` when somebody else reads it.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn wipe(&mut self) -> Result<bool, JournalError> {
        let wiped = store::rewrite(&self.conn).and_then(|()| store::cut_log(&self.conn));
        wiped.map_err(JournalError::NotWritten)
    }
}

/// A step says a text as JSON has it, without the quotes.
fn theirs(conn: &Connection, calls: &[String], texts: &[String]) -> rusqlite::Result<Vec<String>> {
    let mut theirs = Vec::new();
    let mut known = conn.prepare("SELECT call FROM traces WHERE call = ?1")?;
    for call in calls {
        theirs.extend(known.query_row([call], |row| row.get::<_, String>(0)).optional()?);
    }
    let mut mentions = conn.prepare(
        "SELECT DISTINCT call FROM steps WHERE instr(body, ?1) > 0 OR instr(raw, ?2) > 0 OR instr(call, ?2) > 0",
    )?;
    for text in texts {
        let quoted = serde_json::to_string(text).unwrap_or_default();
        let inner = quoted.trim_matches('"');
        let found = mentions.query_map(params![inner, text], |row| row.get(0))?;
        theirs.extend(found.collect::<rusqlite::Result<Vec<String>>>()?);
    }
    theirs.sort_unstable();
    theirs.dedup();
    Ok(theirs)
}
