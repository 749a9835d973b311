//! Taking one person out of the journal.
//!
//! What is to be done is on the disk before anything is done, so that whoever starts after a crash goes on with it. The rows go
//! in one transaction; then the file is written anew without what lay free in it, and its log is cut off. It does not know
//! the other stores.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior, params};

use super::audit::{self, Act, AuditEntry};
use super::person::{Subject, point_at, stays};
use super::person_tables::{Fate, TABLES};
use super::{Journal, JournalError};
use crate::call::Line;
use crate::customer::{LeftOut, Mark};
use crate::store;

/// Who does something that the trail has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doer {
    /// The agent's name as the settings have it; empty without one.
    pub agent: String,
    /// Where the agent sits.
    pub line: Line,
}

impl Default for Doer {
    /// Ringside itself.
    fn default() -> Self {
        Doer {
            agent: String::new(),
            line: Line(String::new()),
        }
    }
}

/// An erasure that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// The pseudonym of the person.
    pub person: String,
    /// Who; `None` once the rows are gone, and only bytes may be left.
    pub subject: Option<Subject>,
}

/// How many rows of a table were somebody's.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Removed {
    /// The table.
    pub what: String,
    /// How many rows.
    pub rows: u64,
    /// They stay, without who it was.
    pub anonymous: bool,
}

impl Journal {
    /// Begins to erase somebody, and gives the pseudonym that stands for them from now on. From here on no source brings them
    /// back, and the next start goes on with it. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing has changed then.
    pub fn begin_erasure(&mut self, subject: &Subject, by: &Doer, now: DateTime<Utc>) -> Result<Erasure, JournalError> {
        let left_out = self.left_out()?;
        let records = subject.records.iter().map(|record| left_out.record(record));
        let numbers = subject
            .numbers
            .iter()
            .filter_map(|number| crate::number::Key::new(*number));
        let marks: Vec<Mark> = records.chain(numbers.map(|number| left_out.number(number))).collect();
        let who = serde_json::to_string(subject).unwrap_or_default();
        let mut person = String::new();
        self.write(|tx| {
            person = tx.query_row("SELECT 'erased-' || lower(hex(randomblob(6)))", [], |row| row.get(0))?;
            for mark in &marks {
                tx.prepare_cached("INSERT OR REPLACE INTO left_out (hash, person, since) VALUES (?1, ?2, ?3)")?
                    .execute(params![mark, person, now.timestamp_millis()])?;
            }
            let add = "INSERT INTO erasures (person, began, agent, extension, subject) VALUES (?1, ?2, ?3, ?4, ?5)";
            tx.execute(add, params![person, now.timestamp_millis(), by.agent, by.line.0, who])?;
            Ok(())
        })?;
        Ok(Erasure {
            person,
            subject: Some(subject.clone()),
        })
    }

    /// The erasures that are under way.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn erasures(&self) -> Result<Vec<Erasure>, JournalError> {
        let erasure = |row: &rusqlite::Row<'_>| {
            let who: Option<String> = row.get(1)?;
            Ok(Erasure {
                person: row.get(0)?,
                subject: who.map(|who| serde_json::from_str(&who).unwrap_or_default()),
            })
        };
        self.conn
            .prepare_cached("SELECT person, subject FROM erasures ORDER BY began, person")
            .and_then(|mut select| select.query_map([], erasure)?.collect())
            .map_err(JournalError::NotRead)
    }

    /// Takes the rows of an erasure out, or what tells who it was, all or none; what there was. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing has changed then.
    pub fn erase(&mut self, erasure: &Erasure, now: DateTime<Utc>) -> Result<Vec<Removed>, JournalError> {
        let Some(subject) = &erasure.subject else {
            return Ok(Vec::new());
        };
        erase(&mut self.conn, subject, &erasure.person, now).map_err(JournalError::NotWritten)
    }

    /// Writes the file anew without what lies free in it, and cuts its log off. `false` when somebody else reads an older
    /// state of it, so that the log has to stay.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn wipe(&mut self) -> Result<bool, JournalError> {
        let wipe = || {
            self.conn.flush_prepared_statement_cache();
            store::rewrite(&self.conn)?;
            // the rows of notes have other numbers now
            self.conn
                .execute("INSERT INTO note_words (note_words) VALUES ('rebuild')", [])?;
            store::cut_log(&self.conn)
        };
        wipe().map_err(JournalError::NotWritten)
    }

    /// Nothing of it is left to do. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn end_erasure(&mut self, erasure: &Erasure) -> Result<(), JournalError> {
        self.write(|tx| {
            tx.execute("DELETE FROM erasures WHERE person = ?1", [&erasure.person])
                .map(drop)
        })?;
        store::cut_log(&self.conn).map(drop).map_err(JournalError::NotWritten)
    }

    /// Who was erased, as far as it takes to recognise them.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn left_out(&self) -> Result<LeftOut, JournalError> {
        let read = || {
            let key = self
                .conn
                .query_row("SELECT key FROM left_out_key", [], |row| row.get(0))?;
            let mut select = self.conn.prepare_cached("SELECT hash FROM left_out")?;
            let marks = select.query_map([], |row| row.get(0))?;
            Ok(LeftOut::new(key, marks.collect::<rusqlite::Result<HashSet<Mark>>>()?))
        };
        read().map_err(JournalError::NotRead)
    }

    /// Lets somebody who was erased in again, by a record or a number of theirs; whether there was such a one. Durable on
    /// return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn let_in(&mut self, mark: &Mark, by: &Doer, now: DateTime<Utc>) -> Result<bool, JournalError> {
        let mut was_out = false;
        self.write(|tx| {
            let sql =
                "DELETE FROM left_out WHERE person = (SELECT person FROM left_out WHERE hash = ?1) RETURNING person";
            let mut delete = tx.prepare(sql)?;
            let people = delete.query_map([mark], |row| row.get(0))?;
            let people: Vec<String> = people.collect::<rusqlite::Result<_>>()?;
            let Some(person) = people.first() else { return Ok(()) };
            was_out = true;
            add_entry(tx, Act::PersonLetIn, (String::new(), by.clone()), person, now)
        })?;
        Ok(was_out)
    }
}

fn erase(conn: &mut Connection, subject: &Subject, person: &str, now: DateTime<Utc>) -> rusqlite::Result<Vec<Removed>> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute_batch("PRAGMA defer_foreign_keys = ON")?;
    point_at(&tx, subject)?;
    let removed = count(&tx)?;
    for table in TABLES.iter().filter(|table| table.fate == Fate::Gone) {
        tx.execute(&format!("DELETE FROM {} WHERE {}", table.name, table.whose), [])?;
    }
    for table in TABLES {
        if let Fate::Anonymous(set) = table.fate
            && !set.is_empty()
        {
            let sql = format!("UPDATE {} SET {set} WHERE {}", table.name, table.whose);
            let mut update = tx.prepare(&sql)?;
            match update.parameter_count() {
                0 => update.execute([])?,
                _ => update.execute(&[(":person", person)])?,
            };
        }
    }
    for table in TABLES.iter().filter(|table| table.names_call) {
        let sql = format!(
            "UPDATE {0} SET call = (SELECT anonymous FROM person_calls p WHERE p.call = {0}.call)
             WHERE call IN (SELECT call FROM person_calls)",
            table.name
        );
        tx.execute(&sql, [])?;
    }
    // of somebody else's call that was talked over in theirs
    tx.execute(
        "UPDATE call_steps SET joined = (SELECT anonymous FROM person_calls p WHERE p.call = call_steps.joined)
         WHERE joined IN (SELECT call FROM person_calls)",
        [],
    )?;
    let by = tx.query_row(
        "SELECT agent, extension FROM erasures WHERE person = ?1",
        [person],
        |row| {
            Ok(Doer {
                agent: row.get(0)?,
                line: Line(row.get(1)?),
            })
        },
    )?;
    tx.execute("UPDATE erasures SET subject = NULL WHERE person = ?1", [person])?;
    add_entry(&tx, Act::PersonErased, (said(&removed), by), person, now)?;
    point_at(&tx, &Subject::default())?;
    tx.commit()?;
    Ok(removed)
}

/// How many rows of each table are somebody's.
fn count(tx: &Connection) -> rusqlite::Result<Vec<Removed>> {
    let mut removed = Vec::new();
    for table in TABLES.iter().filter(|table| !table.whose.is_empty()) {
        let sql = format!("SELECT count(*) FROM {} WHERE {}", table.name, table.whose);
        let rows: i64 = tx.query_row(&sql, [], |row| row.get(0))?;
        if rows > 0 {
            removed.push(Removed {
                what: table.name.to_owned(),
                rows: rows.unsigned_abs(),
                anonymous: stays(table.name),
            });
        }
    }
    Ok(removed)
}

fn said(removed: &[Removed]) -> String {
    let parts = removed.iter().map(|one| format!("{}: {}", one.what, one.rows));
    parts.collect::<Vec<_>>().join(", ")
}

/// An entry about somebody who has no other name any more than a pseudonym.
fn add_entry(
    tx: &Connection,
    act: Act,
    (detail, by): (String, Doer),
    person: &str,
    at: DateTime<Utc>,
) -> rusqlite::Result<()> {
    tx.execute("INSERT INTO audit_about (erased) VALUES (?1)", [person])?;
    let about = tx.last_insert_rowid();
    let entry = AuditEntry {
        at,
        agent: by.agent,
        line: by.line,
        act,
        detail,
        call: None,
        customer: None,
    };
    audit::add(tx, &entry, Some(about))
}
