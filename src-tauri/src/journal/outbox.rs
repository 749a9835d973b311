//! What is written back into the sources: an entry for each call at a customer of theirs, due when its note has settled.
//!
//! An entry is made and changed in the transaction that writes the call or its note. That one is being sent is on disk before
//! it is sent, so that whoever comes after a crash looks before sending again. It knows neither what an entry says nor how
//! it is sent.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, Row, named_params, params};
use serde::{Deserialize, Serialize};

use super::calls::{optional_time, time};
use super::{Journal, JournalError};
use crate::call::{CallId, Line};
use crate::customer::CustomerRef;
use crate::words::{Saying, SentenceView, said_view};

/// An entry of the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OutboxId(pub i64);

/// What is to be written into a source, and how far that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its name here.
    pub id: OutboxId,
    /// The call.
    pub call: CallId,
    /// The source.
    pub source: String,
    /// The source's key of the customer.
    pub record: String,
    /// The customer's name of that day, empty when the call is not in the journal.
    pub name: String,
    /// When the call began, when it is in the journal.
    pub started: Option<DateTime<Utc>>,
    /// Counts what happened to the call and its note.
    pub changed: i64,
    /// The source's key of the entry, once it is known.
    pub entry: Option<String>,
    /// A digest of the text that the source has.
    pub digest: Option<String>,
    /// When an entry was sent of which no answer is known.
    pub begun: Option<DateTime<Utc>>,
    /// Not to be sent before.
    pub due: DateTime<Utc>,
    /// Tries in a row that failed.
    pub tries: u32,
    /// Why the last one did; empty while none did.
    pub trouble: Vec<SentenceView>,
    /// It waits for a person.
    pub refused: bool,
}

/// An entry is made for an ended call at a record of a source that wants it, when one of my lines talked in it or began it,
/// or something was written about it here. The same call at my colleague's desk is my colleague's to write.
const STIR: &str = "
    INSERT INTO outbox (id, call, source, record, due)
    SELECT (SELECT highest FROM numbers_given WHERE name = 'outbox') + row_number() OVER (ORDER BY w.source), c.id, w.source, substr(c.customer, length(w.source) + 2), max(c.ended, :at) + w.settle
    FROM calls c JOIN write_back w ON substr(c.customer, 1, length(w.source) + 1) = w.source || '/'
    WHERE c.id = :call AND c.ended IS NOT NULL AND c.started >= w.since
      AND (EXISTS (SELECT 1 FROM notes n WHERE n.call = c.id AND n.text <> '')
           OR EXISTS (SELECT 1 FROM dispositions d WHERE d.call = c.id)
           OR EXISTS (SELECT 1 FROM call_lines l JOIN my_lines mine USING (extension)
                      WHERE l.call = c.id AND (l.talked_from IS NOT NULL OR l.rang IS NULL))
           OR EXISTS (SELECT 1 FROM outbox o WHERE o.call = c.id AND o.source = w.source))
    ON CONFLICT (call, source, record) DO UPDATE SET changed = changed + 1, due = max(due, excluded.due)";

/// Entries of this call at records that it is not with, after all: gone when nobody has seen them, else to be taken back.
const STRAY: &str = "
    call = :call AND EXISTS (SELECT 1 FROM calls c WHERE c.id = :call AND c.customer IS NOT source || '/' || record)";

const ENTRIES: &str = "
    SELECT o.id, o.call, o.source, o.record, o.changed, o.entry, o.digest, o.begun, max(o.due, coalesce(w.rests, 0)), o.tries, o.trouble, o.refused,
        coalesce(nullif(c.customer_name, ''), c.customer_company, ''), c.started
    FROM outbox o LEFT JOIN calls c ON c.id = o.call LEFT JOIN write_back w ON w.source = o.source
    WHERE o.written < o.changed";

impl Journal {
    /// From now on calls of customers of these sources, and of no others, are written back, each when nothing changed for
    /// `settle`. Calls from before a source was first named are not. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn write_back_to(
        &mut self,
        sources: &[String],
        settle: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<(), JournalError> {
        let names = serde_json::to_string(sources).unwrap_or_default();
        self.write(|tx| {
            tx.execute(
                "DELETE FROM write_back WHERE source NOT IN (SELECT value FROM json_each(?1))",
                [&names],
            )?;
            tx.execute(
                "DELETE FROM outbox WHERE entry IS NULL AND begun IS NULL AND refused = 0
                 AND source NOT IN (SELECT source FROM write_back)",
                [],
            )?;
            tx.execute(
                "INSERT INTO write_back (source, since, settle) SELECT value, ?2, ?3 FROM json_each(?1) WHERE true
                 ON CONFLICT (source) DO UPDATE SET settle = excluded.settle",
                params![names, now.timestamp_millis(), settle.num_milliseconds()],
            )?;
            Ok(())
        })
    }

    /// My lines: what they talk from now on is mine to write back. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn set_my_lines(&mut self, lines: &[Line]) -> Result<(), JournalError> {
        let lines: Vec<&str> = lines.iter().map(|line| line.0.as_str()).collect();
        let lines = serde_json::to_string(&lines).unwrap_or_default();
        self.write(|tx| {
            tx.execute("DELETE FROM my_lines", [])?;
            tx.execute(
                "INSERT OR IGNORE INTO my_lines SELECT value FROM json_each(?1)",
                [&lines],
            )?;
            Ok(())
        })
    }

    /// Nobody is at this call any more: what is to be written of it is due now. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn settle(&mut self, call: &CallId, now: DateTime<Utc>) -> Result<(), JournalError> {
        self.set_entry(
            "due = min(due, ?2) WHERE call = ?1 AND written < changed AND tries = 0 AND refused = 0",
            params![call.0, now.timestamp_millis()],
        )
        .map(drop)
    }

    /// At most `limit` entries that are to be sent by `now`, those that wait longest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn outbox_due(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<OutboxEntry>, JournalError> {
        let sql = format!(
            "{ENTRIES} AND o.refused = 0 AND max(o.due, coalesce(w.rests, 0)) <= ?1 ORDER BY o.due, o.id LIMIT ?2"
        );
        entries(&self.conn, &sql, params![now.timestamp_millis(), limit])
    }

    /// At most `limit` entries that the source does not have as they are, the newest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn outbox(&self, limit: u32) -> Result<Vec<OutboxEntry>, JournalError> {
        entries(
            &self.conn,
            &format!("{ENTRIES} ORDER BY o.refused DESC, o.id DESC LIMIT ?1"),
            [limit],
        )
    }

    /// It is being sent: until an answer is known, it may be there. Durable on return, and only then it may be sent.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn outbox_begin(&mut self, id: OutboxId, now: DateTime<Utc>) -> Result<(), JournalError> {
        self.set_entry("begun = ?2 WHERE id = ?1", params![id.0, now.timestamp_millis()])
            .map(drop)
    }

    /// The source has it, under the key `entry`; what it says there is not known.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn outbox_found(&mut self, id: OutboxId, entry: &str) -> Result<(), JournalError> {
        self.set_entry("entry = ?2, begun = NULL WHERE id = ?1", params![id.0, entry])
            .map(drop)
    }

    /// The source does not have it.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn outbox_not_there(&mut self, id: OutboxId) -> Result<(), JournalError> {
        self.set_entry("begun = NULL WHERE id = ?1", params![id.0]).map(drop)
    }

    /// The source has it as of the change `changed`, under the key `entry`, with the text of this digest.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn outbox_written(
        &mut self,
        id: OutboxId,
        changed: i64,
        entry: Option<&str>,
        digest: &str,
    ) -> Result<(), JournalError> {
        self.set_entry(
            "written = ?2, entry = coalesce(?3, entry), digest = ?4, begun = NULL, tries = 0, trouble = NULL, refused = 0
             WHERE id = ?1",
            params![id.0, changed, entry, digest],
        )
        .map(drop)
    }

    /// It is tried again at `until`.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn outbox_put_off(
        &mut self,
        id: OutboxId,
        until: DateTime<Utc>,
        trouble: &[SentenceView],
    ) -> Result<(), JournalError> {
        self.set_entry(
            "due = max(due, ?2), tries = tries + 1, trouble = ?3 WHERE id = ?1",
            params![id.0, until.timestamp_millis(), written(trouble)],
        )
        .map(drop)
    }

    /// Nothing is sent to this source before `until`.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn outbox_rest(&mut self, source: &str, until: DateTime<Utc>) -> Result<(), JournalError> {
        self.write(|tx| {
            tx.prepare_cached("UPDATE write_back SET rests = ?2 WHERE source = ?1")?
                .execute(params![source, until.timestamp_millis()])?;
            Ok(())
        })
    }

    /// It will not be taken until somebody changes something.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn outbox_refuse(&mut self, id: OutboxId, trouble: &[SentenceView]) -> Result<(), JournalError> {
        self.set_entry(
            "refused = 1, tries = tries + 1, trouble = ?2 WHERE id = ?1",
            params![id.0, written(trouble)],
        )
        .map(drop)
    }

    /// A person says that it is to be tried again now, and its source not left alone. `false` when nothing of it waits.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn outbox_again(&mut self, id: OutboxId, now: DateTime<Utc>) -> Result<bool, JournalError> {
        let mut waits = false;
        self.write(|tx| {
            let change = "UPDATE outbox SET refused = 0, tries = 0, due = ?2 WHERE id = ?1 AND written < changed";
            waits = tx.execute(change, params![id.0, now.timestamp_millis()])? > 0;
            tx.execute(
                "UPDATE write_back SET rests = 0 WHERE source = (SELECT source FROM outbox WHERE id = ?1)",
                [id.0],
            )?;
            Ok(())
        })?;
        Ok(waits)
    }

    /// A person says that it need not be written. What changes later is. `false` when nothing of it waits.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn outbox_drop(&mut self, id: OutboxId) -> Result<bool, JournalError> {
        self.set_entry(
            "written = changed, refused = 0, tries = 0, trouble = NULL WHERE id = ?1 AND written < changed",
            params![id.0],
        )
    }

    /// `change` is one of the texts above; every value is bound.
    fn set_entry(&mut self, change: &str, values: impl rusqlite::Params) -> Result<bool, JournalError> {
        self.conn
            .prepare_cached(&format!("UPDATE outbox SET {change}"))
            .and_then(|mut update| update.execute(values))
            .map(|changed| changed > 0)
            .map_err(JournalError::NotWritten)
    }
}

/// Something of a call changed, at `at` where that is later than its end: what is to be written of it did so too. Within the
/// caller's transaction.
pub(super) fn stir(tx: &Connection, call: &CallId, at: Option<DateTime<Utc>>) -> rusqlite::Result<()> {
    let any: bool = tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM write_back)")?
        .query_row([], |row| row.get(0))?;
    if !any {
        return Ok(());
    }
    let strays = [
        format!("DELETE FROM outbox WHERE {STRAY} AND entry IS NULL AND begun IS NULL"),
        format!("UPDATE outbox SET changed = changed + 1 WHERE {STRAY} AND written = changed"),
    ];
    for sql in &strays {
        tx.prepare_cached(sql)?.execute(named_params! {":call": call.0})?;
    }
    let at = at.map_or(0, |at| at.timestamp_millis());
    tx.prepare_cached(STIR)?
        .execute(named_params! {":call": call.0, ":at": at})?;
    Ok(())
}

fn entries(conn: &Connection, sql: &str, values: impl rusqlite::Params) -> Result<Vec<OutboxEntry>, JournalError> {
    conn.prepare_cached(sql)
        .and_then(|mut select| select.query_map(values, entry_of)?.collect())
        .map_err(JournalError::NotRead)
}

/// What went wrong as the journal has it: in no language.
fn written(trouble: &[SentenceView]) -> Option<String> {
    let is_there = !trouble.is_empty();
    is_there.then(|| serde_json::to_string(trouble).unwrap_or_default())
}

/// The same read again. Before this version it was written down in English, and stays so.
fn read(trouble: &str) -> Vec<SentenceView> {
    let quoted = |_| said_view(&Saying::quoted(trouble));
    serde_json::from_str(trouble).unwrap_or_else(quoted)
}

fn entry_of(row: &Row<'_>) -> rusqlite::Result<OutboxEntry> {
    Ok(OutboxEntry {
        id: OutboxId(row.get(0)?),
        call: CallId(row.get(1)?),
        source: row.get(2)?,
        record: row.get(3)?,
        changed: row.get(4)?,
        entry: row.get(5)?,
        digest: row.get(6)?,
        begun: optional_time(row, 7)?,
        due: time(row, 8)?,
        tries: row.get(9)?,
        trouble: row
            .get::<_, Option<String>>(10)?
            .as_deref()
            .map(read)
            .unwrap_or_default(),
        refused: row.get(11)?,
        name: row.get(12)?,
        started: optional_time(row, 13)?,
    })
}

impl OutboxEntry {
    /// The customer's lasting reference.
    #[must_use]
    pub fn customer(&self) -> CustomerRef {
        CustomerRef::new(&self.source, &self.record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Language;
    use crate::words::view_text;

    #[test]
    fn what_went_wrong_is_kept_in_no_language_and_what_was_kept_in_english_stays_so() {
        let why = Saying::of("unwritten.of")
            .with("system", "CRM")
            .with("what", "a note")
            .with_said("why", Saying::of("unwritten.no_find"));
        let kept = written(&said_view(&why)).expect("something");
        let hr = view_text(&read(&kept), Language::Hr);
        assert_eq!(
            hr,
            "CRM (a note): [write_back] u njegovoj datoteci ne kaže kako se unos nalazi"
        );
        for before in ["CRM (a note): answered 403", "[crm] answered 403", "", "null"] {
            assert_eq!(view_text(&read(before), Language::Hr), before);
        }
        assert_eq!(written(&[]), None);
    }
}
