//! Notes in the journal: saved at every pause in typing, with what they said before.

use chrono::{DateTime, SubsecRound as _, Utc};
use rusqlite::{Connection, Row, params};

use super::calls::{found, time};
use super::outbox::stir;
use super::record::{Note, NoteText, PastNote, SavedNote};
use super::{Journal, JournalError};
use crate::call::{CallId, Line};
use crate::customer::CustomerRef;
use crate::note;
use crate::number::Key;

/// How many earlier texts of one note are kept. A note is saved at every pause, some ten times a call, so this reaches
/// back over several sittings; without a bound one long note would hold its text thousands of times.
const REVISIONS_KEPT: u32 = 50;

const PUT_NOTE: &str = "
    INSERT INTO notes (call, text, written_at, revision, line) VALUES (?1, ?2, ?3, 1, ?4)
    ON CONFLICT (call) DO UPDATE SET text = excluded.text, written_at = excluded.written_at, revision = revision + 1,
        line = excluded.line
    RETURNING revision";

const PAST_NOTES: &str = "
    SELECT n.call, n.text, n.written_at, c.customer,
        (SELECT extension FROM call_lines l WHERE l.call = c.id
         ORDER BY talked_from IS NULL, talked_from DESC, position LIMIT 1)
    FROM calls c JOIN notes n ON n.call = c.id";

impl Journal {
    /// Saves the note of a call, also of one that is not in the journal. Durable on return: only then may anybody be
    /// told that it is saved. A text that did not change keeps its time. Card numbers are struck out, also of what the
    /// note said while one was being typed.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; the earlier text still stands then.
    pub fn save_note(&mut self, call: &CallId, text: &str, at: DateTime<Utc>) -> Result<SavedNote, JournalError> {
        self.save_note_at(call, &Line(String::new()), text, at)
    }

    /// The same with the extension that it was written at; empty where none is known.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; the earlier text still stands then.
    pub fn save_note_at(
        &mut self,
        call: &CallId,
        line: &Line,
        text: &str,
        at: DateTime<Utc>,
    ) -> Result<SavedNote, JournalError> {
        save(&mut self.conn, call, line, text, at.trunc_subsecs(3)).map_err(JournalError::NotWritten)
    }

    /// The note of a call.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn note(&self, call: &CallId) -> Result<Option<Note>, JournalError> {
        found(current(&self.conn, call))
    }

    /// What the note of a call said before, the newest first; at most fifty texts.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn earlier_notes(&self, call: &CallId) -> Result<Vec<Note>, JournalError> {
        let sql = "SELECT text, written_at, revision FROM note_revisions WHERE call = ?1 ORDER BY revision DESC";
        self.conn
            .prepare_cached(sql)
            .and_then(|mut select| select.query_map([&call.0], note_of)?.collect())
            .map_err(JournalError::NotRead)
    }

    /// What the note of a call says and said before, the newest first; at most fifty earlier texts.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn note_texts(&self, call: &CallId) -> Result<Vec<NoteText>, JournalError> {
        let sql = "SELECT text, written_at, line, revision FROM notes WHERE call = ?1
                   UNION ALL SELECT text, written_at, line, revision FROM note_revisions WHERE call = ?1 ORDER BY 4 DESC";
        self.of_call(sql, call, |row| {
            Ok(NoteText {
                text: row.get(0)?,
                at: time(row, 1)?,
                line: Line(row.get(2)?),
            })
        })
    }

    /// At most `limit` notes of this customer's calls, the newest call first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn notes_of(&self, customer: &CustomerRef, limit: u32) -> Result<Vec<PastNote>, JournalError> {
        past_notes(&self.conn, "c.customer = ?1", &customer.0, limit).map_err(JournalError::NotRead)
    }

    /// At most `limit` notes of calls from and to this number, whoever they are logged for, the newest call first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn notes_of_number(&self, number: Key, limit: u32) -> Result<Vec<PastNote>, JournalError> {
        past_notes(&self.conn, "c.number = ?1", &number.get().cast_signed(), limit).map_err(JournalError::NotRead)
    }
}

fn save(
    conn: &mut Connection,
    call: &CallId,
    line: &Line,
    typed: &str,
    at: DateTime<Utc>,
) -> rusqlite::Result<SavedNote> {
    let text = note::struck(typed);
    let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    if let Ok(kept) = current(&tx, call)
        && kept.text == text
    {
        return Ok(SavedNote {
            text: kept.text,
            at: kept.at,
            revision: kept.revision,
        });
    }
    tx.prepare_cached(
        "INSERT INTO note_revisions (call, revision, text, written_at, line)
         SELECT call, revision, text, written_at, line FROM notes WHERE call = ?1",
    )?
    .execute([&call.0])?;
    let revision: u32 = tx
        .prepare_cached(PUT_NOTE)?
        .query_row(params![call.0, text, at.timestamp_millis(), line.0], |row| row.get(0))?;
    tx.prepare_cached("DELETE FROM note_revisions WHERE call = ?1 AND revision + ?2 < ?3")?
        .execute(params![call.0, REVISIONS_KEPT, revision])?;
    if text != typed {
        forget_unfinished(&tx, call, typed)?;
    }
    stir(&tx, call, Some(at))?;
    tx.commit()?;
    let text = text.into_owned();
    Ok(SavedNote { text, at, revision })
}

/// Forgets earlier texts that have the beginning of a card number of `typed`.
fn forget_unfinished(tx: &Connection, call: &CallId, typed: &str) -> rusqlite::Result<()> {
    let mut select = tx.prepare_cached("SELECT revision, text FROM note_revisions WHERE call = ?1")?;
    let earlier = select.query_map([&call.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let earlier: Vec<(u32, String)> = earlier.collect::<Result<_, _>>()?;
    for (revision, text) in earlier {
        if note::begins_a_card_of(&text, typed) {
            tx.prepare_cached("DELETE FROM note_revisions WHERE call = ?1 AND revision = ?2")?
                .execute(params![call.0, revision])?;
        }
    }
    Ok(())
}

fn current(conn: &Connection, call: &CallId) -> rusqlite::Result<Note> {
    conn.prepare_cached("SELECT text, written_at, revision FROM notes WHERE call = ?1")?
        .query_row([&call.0], note_of)
}

fn note_of(row: &Row<'_>) -> rusqlite::Result<Note> {
    Ok(Note {
        text: row.get(0)?,
        at: time(row, 1)?,
        revision: row.get(2)?,
    })
}

fn past_notes(
    conn: &Connection,
    condition: &str,
    value: &dyn rusqlite::ToSql,
    limit: u32,
) -> rusqlite::Result<Vec<PastNote>> {
    // `condition` is one of the constants above; every value is bound.
    let sql = format!("{PAST_NOTES} WHERE {condition} AND n.text <> '' ORDER BY c.started DESC, c.id DESC LIMIT ?2");
    conn.prepare_cached(&sql)?
        .query_map(params![value, limit], |row| {
            Ok(PastNote {
                call: CallId(row.get(0)?),
                text: row.get(1)?,
                at: time(row, 2)?,
                customer: row.get::<_, Option<String>>(3)?.map(CustomerRef),
                line: row.get::<_, Option<String>>(4)?.map(Line),
            })
        })?
        .collect()
}
