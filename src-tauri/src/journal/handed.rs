//! What a colleague wrote about a call before it was passed on to us: read beside our own note, never changed by it.

use chrono::{DateTime, SubsecRound as _, Utc};
use rusqlite::params;

use super::calls::{found, time};
use super::{Journal, JournalError};
use crate::call::{CallId, Line};

/// A colleague's note of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedNote {
    /// The colleague's extension.
    pub line: Line,
    /// The text.
    pub text: String,
    /// When it was written.
    pub at: DateTime<Utc>,
}

impl Journal {
    /// Keeps what a colleague wrote about `call`, in place of what was kept of it before. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; the earlier text still stands then.
    pub fn put_handed_note(&mut self, call: &CallId, note: &HandedNote) -> Result<(), JournalError> {
        let put = "INSERT INTO handed_notes (call, extension, text, written_at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (call) DO UPDATE SET extension = excluded.extension, text = excluded.text,
                written_at = excluded.written_at";
        let at = note.at.trunc_subsecs(3).timestamp_millis();
        self.conn
            .prepare_cached(put)
            .and_then(|mut put| put.execute(params![call.0, note.line.0, note.text, at]))
            .map(drop)
            .map_err(JournalError::NotWritten)
    }

    /// What a colleague wrote about `call`.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn handed_note(&self, call: &CallId) -> Result<Option<HandedNote>, JournalError> {
        let sql = "SELECT extension, text, written_at FROM handed_notes WHERE call = ?1";
        found(self.conn.prepare_cached(sql).and_then(|mut select| {
            select.query_row([&call.0], |row| {
                Ok(HandedNote {
                    line: Line(row.get(0)?),
                    text: row.get(1)?,
                    at: time(row, 2)?,
                })
            })
        }))
    }
}
