//! What people said of the records of the sources: which are one, which are not, and what they are rightly called.
//!
//! It does not know the records.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, params};

use super::calls::time;
use super::{Journal, JournalError};
use crate::customer::CustomerRef;

/// A fact that a person may write in the place of what the sources say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fact {
    /// The person's name.
    Name,
    /// The company.
    Company,
    /// The town.
    City,
}

/// What a person wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Which fact.
    pub fact: Fact,
    /// What it is.
    pub value: String,
    /// When it was written.
    pub at: DateTime<Utc>,
}

impl Fact {
    /// All of them.
    pub const ALL: [Fact; 3] = [Fact::Name, Fact::Company, Fact::City];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Fact::Name => "name",
            Fact::Company => "company",
            Fact::City => "city",
        }
    }

    /// The fact of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Fact::ALL.into_iter().find(|fact| fact.name() == name)
    }
}

impl Journal {
    /// These two records are one person or company. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing has changed then.
    pub fn link_records(
        &mut self,
        one: &CustomerRef,
        other: &CustomerRef,
        at: DateTime<Utc>,
    ) -> Result<(), JournalError> {
        let (one, other) = if one <= other { (one, other) } else { (other, one) };
        self.write(|conn| {
            conn.execute("DELETE FROM records_apart WHERE record IN (?1, ?2)", [&one.0, &other.0])?;
            let sql = "INSERT OR IGNORE INTO record_links (one, other, linked) VALUES (?1, ?2, ?3)";
            conn.execute(sql, params![one.0, other.0, at.timestamp_millis()])?;
            Ok(())
        })
    }

    /// Takes a link back: the two are as they were before, and those in `apart` stand apart from all others again. Durable on
    /// return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing has changed then.
    pub fn undo_link(
        &mut self,
        one: &CustomerRef,
        other: &CustomerRef,
        apart: &[CustomerRef],
        at: DateTime<Utc>,
    ) -> Result<(), JournalError> {
        let (one, other) = if one <= other { (one, other) } else { (other, one) };
        self.write(|conn| {
            conn.execute(
                "DELETE FROM record_links WHERE one = ?1 AND other = ?2",
                [&one.0, &other.0],
            )?;
            for record in apart.iter().filter(|record| [one, other].contains(record)) {
                let sql = "INSERT OR REPLACE INTO records_apart (record, parted) VALUES (?1, ?2)";
                conn.execute(sql, params![record.0, at.timestamp_millis()])?;
            }
            Ok(())
        })
    }

    /// This record is nobody else: what was linked to it by hand is undone, and nothing links it any more. Durable on
    /// return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing has changed then.
    pub fn part_record(&mut self, record: &CustomerRef, at: DateTime<Utc>) -> Result<(), JournalError> {
        self.write(|conn| {
            conn.execute("DELETE FROM record_links WHERE one = ?1 OR other = ?1", [&record.0])?;
            let sql = "INSERT OR REPLACE INTO records_apart (record, parted) VALUES (?1, ?2)";
            conn.execute(sql, params![record.0, at.timestamp_millis()])?;
            Ok(())
        })
    }

    /// The records that people linked.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn record_links(&self) -> Result<Vec<(CustomerRef, CustomerRef)>, JournalError> {
        self.conn
            .prepare_cached("SELECT one, other FROM record_links ORDER BY one, other")
            .and_then(|mut select| {
                let pair = |row: &rusqlite::Row<'_>| Ok((CustomerRef(row.get(0)?), CustomerRef(row.get(1)?)));
                select.query_map([], pair)?.collect()
            })
            .map_err(JournalError::NotRead)
    }

    /// The records that people parted from all others.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn records_apart(&self) -> Result<Vec<CustomerRef>, JournalError> {
        self.conn
            .prepare_cached("SELECT record FROM records_apart ORDER BY record")
            .and_then(|mut select| select.query_map([], |row| Ok(CustomerRef(row.get(0)?)))?.collect())
            .map_err(JournalError::NotRead)
    }

    /// A person says what a fact of a record is; `None`: the sources say it again. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing has changed then.
    pub fn edit(
        &mut self,
        record: &CustomerRef,
        fact: Fact,
        value: Option<&str>,
        at: DateTime<Utc>,
    ) -> Result<(), JournalError> {
        self.write(|conn| {
            match value {
                Some(value) => {
                    let sql = "INSERT OR REPLACE INTO edits (record, field, value, edited) VALUES (?1, ?2, ?3, ?4)";
                    conn.execute(sql, params![record.0, fact.name(), value, at.timestamp_millis()])?;
                }
                None => {
                    let sql = "DELETE FROM edits WHERE record = ?1 AND field = ?2";
                    conn.execute(sql, params![record.0, fact.name()])?;
                }
            }
            Ok(())
        })
    }

    /// What people wrote of a record.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn edits(&self, record: &CustomerRef) -> Result<Vec<Edit>, JournalError> {
        self.conn
            .prepare_cached("SELECT field, value, edited FROM edits WHERE record = ?1")
            .and_then(|mut select| {
                let mut rows = select.query([&record.0])?;
                let mut edits = Vec::new();
                while let Some(row) = rows.next()? {
                    let fact = Fact::named(row.get_ref(0)?.as_str()?);
                    if let Some(fact) = fact {
                        edits.push(Edit {
                            fact,
                            value: row.get(1)?,
                            at: time(row, 2)?,
                        });
                    }
                }
                Ok(edits)
            })
            .map_err(JournalError::NotRead)
    }

    /// Whether people wrote anything of any record.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn has_edits(&self) -> Result<bool, JournalError> {
        self.conn
            .prepare_cached("SELECT 1 FROM edits LIMIT 1")
            .and_then(|mut select| select.query_row([], |_| Ok(())).optional())
            .map(|found| found.is_some())
            .map_err(JournalError::NotRead)
    }
}
