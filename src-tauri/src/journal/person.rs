//! One person in the journal: what is theirs, given out as it stands.
//!
//! Whose a row is stands in `person_tables`, by three lists of the person at hand: records, numbers and calls. It does not
//! know the cache: who has which records and numbers is an argument.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::person_tables::{Fate, TABLES};
use super::{Journal, JournalError};
use crate::customer::CustomerRef;

/// Somebody, by what the stores know them by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Every record of theirs.
    pub records: Vec<CustomerRef>,
    /// The keys of numbers that nobody else has.
    pub numbers: Vec<u64>,
    /// How these numbers, and those that nobody could read, stand in texts.
    pub texts: Vec<String>,
    /// Names and addresses by which a text can be about them.
    pub names: Vec<String>,
}

impl Subject {
    /// Whether all that `other` is known by is known of this one.
    #[must_use]
    pub fn covers(&self, other: &Subject) -> bool {
        other.records.iter().all(|record| self.records.contains(record))
            && other.numbers.iter().all(|number| self.numbers.contains(number))
            && other.texts.iter().all(|text| self.texts.contains(text))
            && other.names.iter().all(|name| self.names.contains(name))
    }
}

/// The lists of the person at hand. They are kept in memory and belong to one connection.
const LISTS: &str = "
    CREATE TEMP TABLE IF NOT EXISTS person_records (reference TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TEMP TABLE IF NOT EXISTS person_numbers (number INTEGER PRIMARY KEY);
    CREATE TEMP TABLE IF NOT EXISTS person_texts (text TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TEMP TABLE IF NOT EXISTS person_calls (call TEXT PRIMARY KEY, anonymous TEXT NOT NULL) WITHOUT ROWID;
    DELETE FROM person_records; DELETE FROM person_numbers; DELETE FROM person_texts; DELETE FROM person_calls;";

/// A call is theirs when it is logged for them, or for nobody and from a number that is theirs alone.
const CALLS: &str = "
    INSERT OR IGNORE INTO person_calls (call, anonymous)
    SELECT id, 'erased:' || lower(hex(randomblob(12))) FROM (
        SELECT id FROM calls WHERE customer IN (SELECT reference FROM person_records)
        UNION SELECT id FROM calls WHERE customer IS NULL AND number IN (SELECT number FROM person_numbers)
        UNION SELECT id FROM calls WHERE customer IS NULL AND number IS NULL AND number_raw <> ''
            AND number_raw IN (SELECT text FROM person_texts)
        UNION SELECT call FROM choices WHERE customer IN (SELECT reference FROM person_records))";

impl Journal {
    /// All that the journal has of somebody, table by table. Times are RFC 3339, numbers are written with a plus.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn everything_of(&self, subject: &Subject) -> Result<Map<String, Value>, JournalError> {
        everything(&self.conn, subject).map_err(JournalError::NotRead)
    }

    /// The calls that are theirs, and whether one of them is on.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn calls_of_person(&self, subject: &Subject) -> Result<(Vec<String>, bool), JournalError> {
        let read = || {
            point_at(&self.conn, subject)?;
            let calls = calls(&self.conn)?;
            let on =
                "SELECT EXISTS (SELECT 1 FROM calls WHERE ended IS NULL AND id IN (SELECT call FROM person_calls))";
            Ok((calls, self.conn.query_row(on, [], |row| row.get(0))?))
        };
        read().map_err(JournalError::NotRead)
    }

    /// The records that people said are one with one of these, these among them.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn linked_with(&self, records: &[CustomerRef]) -> Result<Vec<CustomerRef>, JournalError> {
        let known = serde_json::to_string(records).unwrap_or_default();
        let sql = "WITH RECURSIVE one (reference) AS (
                       SELECT value FROM json_each(?1)
                       UNION SELECT CASE one.reference WHEN l.one THEN l.other ELSE l.one END
                       FROM one JOIN record_links l ON one.reference IN (l.one, l.other))
                   SELECT reference FROM one ORDER BY reference";
        self.references(sql, &known)
    }

    /// Everybody for whom the journal has this number, by an agent's word or by a call.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn who_had(&self, number: u64) -> Result<Vec<CustomerRef>, JournalError> {
        let sql = "SELECT customer FROM links WHERE number = ?1
                   UNION SELECT customer FROM choices WHERE number = ?1
                   UNION SELECT customer FROM calls WHERE number = ?1 AND customer IS NOT NULL";
        self.references(sql, &number.cast_signed())
    }

    /// The numbers that agents linked to this record.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn numbers_linked_to(&self, record: &CustomerRef) -> Result<Vec<u64>, JournalError> {
        let sql = "SELECT number FROM links WHERE customer = ?1";
        self.conn
            .prepare_cached(sql)
            .and_then(|mut select| {
                let number = |row: &Row<'_>| row.get::<_, i64>(0).map(i64::cast_unsigned);
                select.query_map([&record.0], number)?.collect()
            })
            .map_err(JournalError::NotRead)
    }

    /// How the journal calls the customer of this reference; `None` when it knows none.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn name_of(&self, record: &CustomerRef) -> Result<Option<String>, JournalError> {
        let sql = "SELECT name FROM (
                SELECT coalesce(nullif(name, ''), company) AS name, 0 AS nth FROM customers WHERE 'desk/' || key = ?1
                UNION ALL SELECT coalesce(nullif(customer_name, ''), customer_company), 1 FROM calls WHERE customer = ?1
                UNION ALL SELECT customer_name, 2 FROM tasks WHERE customer = ?1
                UNION ALL SELECT customer_name, 3 FROM tickets WHERE customer = ?1
                UNION ALL SELECT customer_name, 4 FROM contacts WHERE customer = ?1
                UNION ALL SELECT name, 5 FROM campaign_entries WHERE customer = ?1
                UNION ALL SELECT value, 6 FROM edits WHERE record = ?1
                UNION ALL SELECT '', 7 FROM links WHERE customer = ?1
                UNION ALL SELECT '', 8 FROM record_links WHERE one = ?1 OR other = ?1)
            ORDER BY name = '', nth LIMIT 1";
        super::calls::found(self.conn.query_row(sql, [&record.0], |row| row.get(0)))
    }

    /// Customers whom the journal alone knows under a name that begins like this, at most twenty.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn called_like(&self, name: &str) -> Result<Vec<CustomerRef>, JournalError> {
        // where nothing is left of a text, it would be in every name
        let sql = "SELECT customer FROM calls
                       WHERE customer IS NOT NULL AND length(?1) > 1 AND instr(lower(customer_name), lower(?1)) > 0
                   UNION SELECT 'desk/' || key FROM customers
                       WHERE length(?1) > 1 AND (instr(lower(name), lower(?1)) > 0 OR instr(lower(company), lower(?1)) > 0)
                   LIMIT 20";
        self.references(sql, &name)
    }

    fn references(&self, sql: &str, value: &dyn rusqlite::ToSql) -> Result<Vec<CustomerRef>, JournalError> {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut select| select.query_map([value], |row| row.get(0).map(CustomerRef))?.collect())
            .map_err(JournalError::NotRead)
    }
}

/// Whether somebody's rows of this table stay when they are erased, without who it was.
#[must_use]
pub fn stays(table: &str) -> bool {
    let known = TABLES.iter().find(|known| known.name == table);
    known.is_some_and(|known| matches!(known.fate, Fate::Anonymous(_) | Fate::Kept(_)))
}

/// Makes the lists those of `subject`.
pub(super) fn point_at(conn: &Connection, subject: &Subject) -> rusqlite::Result<()> {
    conn.execute_batch(LISTS)?;
    for record in &subject.records {
        conn.prepare_cached("INSERT OR IGNORE INTO person_records VALUES (?1)")?
            .execute([&record.0])?;
    }
    for number in &subject.numbers {
        conn.prepare_cached("INSERT OR IGNORE INTO person_numbers VALUES (?1)")?
            .execute([number.cast_signed()])?;
    }
    for text in subject.texts.iter().filter(|text| !text.trim().is_empty()) {
        conn.prepare_cached("INSERT OR IGNORE INTO person_texts VALUES (?1)")?
            .execute(params![text])?;
    }
    conn.execute(CALLS, [])?;
    Ok(())
}

/// The calls on the list.
pub(super) fn calls(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    conn.prepare("SELECT call FROM person_calls ORDER BY call")?
        .query_map([], |row| row.get(0))?
        .collect()
}

fn everything(conn: &Connection, subject: &Subject) -> rusqlite::Result<Map<String, Value>> {
    point_at(conn, subject)?;
    let mut all = Map::new();
    for table in TABLES.iter().filter(|table| !table.whose.is_empty()) {
        let shown = if table.shown.is_empty() { "*" } else { table.shown };
        let sql = format!("SELECT {shown} FROM {} WHERE {}", table.name, table.whose);
        all.insert(table.name.to_owned(), Value::Array(rows(conn, &sql)?));
    }
    Ok(all)
}

/// The rows of a statement as objects, column by column.
pub(super) fn rows(conn: &Connection, sql: &str) -> rusqlite::Result<Vec<Value>> {
    let mut select = conn.prepare(sql)?;
    let names: Vec<String> = select.column_names().into_iter().map(str::to_owned).collect();
    let mut rows = select.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let mut object = Map::new();
        for (column, name) in names.iter().enumerate() {
            object.insert(name.clone(), json(name, row.get_ref(column)?));
        }
        all.push(Value::Object(object));
    }
    Ok(all)
}

/// Later than 1973 in milliseconds; counts and row numbers are smaller.
const A_TIME: i64 = 100_000_000_000;
/// The same in microseconds.
const A_TIME_IN_MICROS: i64 = A_TIME * 1000;

fn json(name: &str, value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) if name == "number" => Value::String(format!("+{number}")),
        ValueRef::Integer(at) if at >= A_TIME_IN_MICROS => moment(chrono::DateTime::from_timestamp_micros(at), at),
        ValueRef::Integer(at) if at >= A_TIME => moment(chrono::DateTime::from_timestamp_millis(at), at),
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => Value::String(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::String(hex::encode(bytes)),
    }
}

fn moment(at: Option<chrono::DateTime<chrono::Utc>>, number: i64) -> Value {
    at.map_or_else(|| number.into(), |at| Value::String(at.to_rfc3339()))
}
