//! Contacts with customers over other channels than the telephone, written down by hand.

use chrono::{DateTime, SubsecRound as _, Utc};
use rusqlite::{Row, params};

use super::calls::{COLUMNS, TABLES, logged, select, time};
use super::record::{LoggedCall, LoggedCustomer, Word};
use super::{Journal, JournalError};
use crate::call::Line;
use crate::customer::CustomerRef;
use crate::note;
pub use crate::pop::view::{Channel, Way};

/// The number of a contact; lasting, and never another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct ContactId(pub i64);

/// A contact to write down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContact {
    /// With whom.
    pub customer: LoggedCustomer,
    /// Over which channel.
    pub channel: Channel,
    /// Who turned to whom.
    pub way: Way,
    /// When.
    pub at: DateTime<Utc>,
    /// What was said.
    pub text: String,
    /// Who writes it down.
    pub line: Line,
}

/// A contact in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedContact {
    /// Its number.
    pub id: ContactId,
    /// Over which channel.
    pub channel: Channel,
    /// Who turned to whom.
    pub way: Way,
    /// When.
    pub at: DateTime<Utc>,
    /// What was said.
    pub text: String,
    /// Who wrote it down.
    pub line: Line,
}

impl Journal {
    /// Writes a contact down. Durable on return. Card numbers are struck out of its text.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn put_contact(&mut self, contact: &NewContact, now: DateTime<Utc>) -> Result<ContactId, JournalError> {
        let text = note::struck(&contact.text);
        self.conn
            .prepare_cached(
                "INSERT INTO contacts (id, customer, customer_name, channel, direction, at, text, line, written)
                 VALUES ((SELECT highest + 1 FROM numbers_given WHERE name = 'contacts'), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )
            .and_then(|mut insert| {
                insert.insert(params![
                    contact.customer.reference.0,
                    contact.customer.headline(),
                    Word(contact.channel),
                    Word(contact.way),
                    contact.at.trunc_subsecs(3).timestamp_millis(),
                    text,
                    contact.line.0,
                    now.timestamp_millis(),
                ])
            })
            .map(ContactId)
            .map_err(JournalError::NotWritten)
    }

    /// Takes a contact out again that was written down by mistake. Durable on return. `false` when there is none.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn drop_contact(&mut self, id: ContactId) -> Result<bool, JournalError> {
        let dropped = self.conn.execute("DELETE FROM contacts WHERE id = ?1", [id.0]);
        dropped.map(|rows| rows > 0).map_err(JournalError::NotWritten)
    }

    /// At most `limit` contacts with a customer until then, the latest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn contacts_of(
        &self,
        customer: &CustomerRef,
        until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<LoggedContact>, JournalError> {
        self.conn
            .prepare_cached(
                "SELECT id, channel, direction, at, text, line FROM contacts WHERE customer = ?1 AND at <= ?2
                 ORDER BY at DESC, id DESC LIMIT ?3",
            )
            .and_then(|mut select| {
                let values = params![customer.0, until.timestamp_millis(), limit];
                select.query_map(values, contact)?.collect()
            })
            .map_err(JournalError::NotRead)
    }

    /// At most `limit` calls with a customer that began until then, the latest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn calls_of(
        &self,
        customer: &CustomerRef,
        until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<LoggedCall>, JournalError> {
        let values = params![customer.0, until.timestamp_millis()];
        select(&self.conn, "c.customer = ?1 AND c.started <= ?2", values, limit).map_err(JournalError::NotRead)
    }

    /// At most `limit` calls whose note has a word for each of `words` that begins with it, the latest note first. Accents
    /// and case do not matter; a word has letters and digits alone.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn calls_noted(&self, words: &[String], limit: u32) -> Result<Vec<LoggedCall>, JournalError> {
        let words: Vec<String> = words.iter().filter_map(|word| begun(word)).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM {TABLES}
             WHERE n.rowid IN (SELECT rowid FROM note_words WHERE note_words MATCH ?1 ORDER BY rowid DESC LIMIT ?2)
             ORDER BY n.written_at DESC"
        );
        logged(&self.conn, &sql, params![words.join(" AND "), limit]).map_err(JournalError::NotRead)
    }
}

/// A word as the index is asked for its beginning; `None` where nothing is left of it.
pub(super) fn begun(word: &str) -> Option<String> {
    let word: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
    (!word.is_empty()).then(|| format!("\"{word}\"*"))
}

fn contact(row: &Row<'_>) -> rusqlite::Result<LoggedContact> {
    Ok(LoggedContact {
        id: ContactId(row.get(0)?),
        channel: row.get::<_, Word<_>>(1)?.0,
        way: row.get::<_, Word<_>>(2)?.0,
        at: time(row, 3)?,
        text: row.get(4)?,
        line: Line(row.get(5)?),
    })
}
