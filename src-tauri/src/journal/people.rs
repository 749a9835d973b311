//! What agents said of who calls: customers they made, numbers they linked, and whom they chose where several share a
//! number.
//!
//! Each word is written in one transaction with the call it was said in, so that no crash leaves one without the other.
//! It does not know who else has a number, and resolves no reference but its own.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::calls::{follow, put, time};
use super::record::{CallRecord, Choice, Chosen, Created, Link, NewCustomer, Said};
use super::story::{SaidKind, put_word, standing};
use super::{Journal, JournalError};
use crate::call::{CallId, Line};
use crate::customer::CustomerRef;
use crate::number::Key;

/// The source that customers made by agents are of.
pub const DESK: &str = "desk";

const CREATED: &str = "SELECT id, key, name, company, email, call, line, created FROM customers";

impl Journal {
    /// A reference for a customer that is about to be made; never given twice.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn new_reference(&self) -> Result<CustomerRef, JournalError> {
        self.conn
            .query_row("SELECT lower(hex(randomblob(8)))", [], |row| row.get::<_, String>(0))
            .map(|key| CustomerRef::new(DESK, &key))
            .map_err(JournalError::NotRead)
    }

    /// Remembers whom `call` is with, and logs it so. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing has changed then.
    pub fn choose(&mut self, word: &Choice, call: &CallRecord) -> Result<(), JournalError> {
        self.write(|conn| said_of(conn, SaidKind::Chosen, word, call))
    }

    /// The same, and the caller's number is that customer's from now on.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing has changed then.
    pub fn link(&mut self, word: &Choice, call: &CallRecord) -> Result<(), JournalError> {
        self.write(|conn| {
            put_link(conn, word, word.number)?;
            said_of(conn, SaidKind::Linked, word, call)
        })
    }

    /// Makes the customer that `word` names, with `number` as its own, and logs `call` for it. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing has changed then.
    pub fn create(
        &mut self,
        card: &NewCustomer,
        number: Option<Key>,
        word: &Choice,
        call: &CallRecord,
    ) -> Result<(), JournalError> {
        self.write(|conn| {
            let Said { call: said_in, line, at } = &word.said;
            conn.prepare_cached(
                "INSERT INTO customers (key, name, company, email, call, line, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                key(&word.customer),
                card.name,
                card.company,
                card.email,
                said_in.0,
                line.0,
                at.timestamp_millis()
            ])?;
            put_link(conn, word, number)?;
            said_of(conn, SaidKind::Created, word, call)
        })
    }

    /// Takes back what was said in the call of `said`: it is logged for nobody again. A customer made in it goes too, unless another
    /// call or number refers to it by now. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing has changed then.
    pub fn take_back(&mut self, said: &Said) -> Result<(), JournalError> {
        let call = &said.call;
        self.write(|conn| {
            let before = standing(conn, call)?;
            for sql in [
                "DELETE FROM choices WHERE call = ?1",
                "DELETE FROM links WHERE call = ?1",
                "UPDATE calls SET customer = NULL, customer_name = '', customer_company = '' WHERE id = ?1",
                "DELETE FROM customers WHERE call = ?1
                 AND NOT EXISTS (SELECT 1 FROM choices WHERE customer = 'desk/' || customers.key)
                 AND NOT EXISTS (SELECT 1 FROM links WHERE customer = 'desk/' || customers.key)
                 AND NOT EXISTS (SELECT 1 FROM calls WHERE customer = 'desk/' || customers.key)",
            ] {
                conn.prepare_cached(sql)?.execute([&call.0])?;
            }
            put_word(conn, SaidKind::TakenBack, said, before.as_ref(), None)?;
            follow(conn, call, None)
        })
    }

    /// The number is not that customer's after all, and the call of `said` is logged for nobody. Earlier calls stay as they were
    /// logged. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing has changed then.
    pub fn unlink(&mut self, number: Key, customer: &CustomerRef, said: &Said) -> Result<(), JournalError> {
        let call = &said.call;
        self.write(|conn| {
            let before = standing(conn, call)?;
            conn.prepare_cached("DELETE FROM links WHERE number = ?1 AND customer = ?2")?
                .execute(params![signed(number), customer.0])?;
            conn.prepare_cached(
                "UPDATE calls SET customer = NULL, customer_name = '', customer_company = '' WHERE id = ?1",
            )?
            .execute([&call.0])?;
            put_word(conn, SaidKind::TakenBack, said, before.as_ref(), None)?;
            follow(conn, call, None)
        })
    }

    /// Whom a call is with, by an agent's word.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn choice(&self, call: &CallId) -> Result<Option<Choice>, JournalError> {
        self.conn
            .prepare_cached("SELECT call, line, chosen, customer, number FROM choices WHERE call = ?1")
            .and_then(|mut select| {
                select
                    .query_row([&call.0], |row| {
                        Ok(Choice {
                            said: said(row, 0)?,
                            customer: CustomerRef(row.get(3)?),
                            number: row
                                .get::<_, Option<i64>>(4)?
                                .and_then(|key| Key::new(key.cast_unsigned())),
                        })
                    })
                    .optional()
            })
            .map_err(JournalError::NotRead)
    }

    /// The customers that agents linked this number to.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn links(&self, number: Key) -> Result<Vec<Link>, JournalError> {
        self.people(
            "SELECT call, line, linked, customer FROM links WHERE number = ?1",
            number,
            |row| {
                Ok(Link {
                    said: said(row, 0)?,
                    customer: CustomerRef(row.get(3)?),
                })
            },
        )
    }

    /// The customers who were chosen at calls of this number, whoever was chosen last first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn chosen(&self, number: Key) -> Result<Vec<Chosen>, JournalError> {
        // Beside max() SQLite gives the other columns of that same row.
        self.people(
            "SELECT call, line, max(chosen), customer, count(*) FROM choices WHERE number = ?1
             GROUP BY customer ORDER BY 3 DESC",
            number,
            |row| {
                Ok(Chosen {
                    said: said(row, 0)?,
                    customer: CustomerRef(row.get(3)?),
                    times: row.get(4)?,
                })
            },
        )
    }

    /// The customer of this reference, when an agent made it.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn created(&self, reference: &CustomerRef) -> Result<Option<Created>, JournalError> {
        if !is_created(reference) {
            return Ok(None);
        }
        self.conn
            .prepare_cached(&[CREATED, " WHERE key = ?1"].concat())
            .and_then(|mut select| select.query_row([key(reference)], created).optional())
            .map_err(JournalError::NotRead)
    }

    /// All customers that agents made, the newest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn all_created(&self) -> Result<Vec<Created>, JournalError> {
        self.conn
            .prepare_cached(&[CREATED, " ORDER BY created DESC, id DESC"].concat())
            .and_then(|mut select| select.query_map([], created)?.collect())
            .map_err(JournalError::NotRead)
    }

    /// The numbers that agents linked to this customer.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn numbers_of(&self, customer: &CustomerRef) -> Result<Vec<Key>, JournalError> {
        let numbers: Vec<i64> = self
            .conn
            .prepare_cached("SELECT number FROM links WHERE customer = ?1 ORDER BY linked")
            .and_then(|mut select| select.query_map([&customer.0], |row| row.get(0))?.collect())
            .map_err(JournalError::NotRead)?;
        Ok(numbers
            .into_iter()
            .filter_map(|key| Key::new(key.cast_unsigned()))
            .collect())
    }

    fn people<T>(
        &self,
        sql: &str,
        number: Key,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, JournalError> {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut select| select.query_map([signed(number)], read)?.collect())
            .map_err(JournalError::NotRead)
    }
}

/// Whether an agent made this customer: no source gives it.
#[must_use]
pub fn is_created(reference: &CustomerRef) -> bool {
    reference.0.split_once('/').is_some_and(|(source, _)| source == DESK)
}

/// Logs `call` as `word` has it, beside who stood there until then.
fn said_of(conn: &Connection, kind: SaidKind, word: &Choice, call: &CallRecord) -> rusqlite::Result<()> {
    let before = standing(conn, &word.said.call)?;
    put_choice(conn, word)?;
    put(conn, call)?;
    let now = standing(conn, &word.said.call)?;
    put_word(conn, kind, &word.said, before.as_ref(), now.as_ref())
}

fn put_choice(conn: &Connection, word: &Choice) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO choices (call, number, customer, line, chosen) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (call) DO UPDATE SET number = excluded.number, customer = excluded.customer,
             line = excluded.line, chosen = excluded.chosen",
    )?
    .execute(params![
        word.said.call.0,
        word.number.map(signed),
        word.customer.0,
        word.said.line.0,
        word.said.at.timestamp_millis()
    ])?;
    Ok(())
}

/// A number that was linked to the customer before stays as it was.
fn put_link(conn: &Connection, word: &Choice, number: Option<Key>) -> rusqlite::Result<()> {
    let Some(number) = number else { return Ok(()) };
    conn.prepare_cached(
        "INSERT OR IGNORE INTO links (number, customer, call, line, linked) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        signed(number),
        word.customer.0,
        word.said.call.0,
        word.said.line.0,
        word.said.at.timestamp_millis()
    ])?;
    Ok(())
}

fn created(row: &Row<'_>) -> rusqlite::Result<Created> {
    Ok(Created {
        id: row.get(0)?,
        reference: CustomerRef::new(DESK, &row.get::<_, String>(1)?),
        card: NewCustomer {
            name: row.get(2)?,
            company: row.get(3)?,
            email: row.get(4)?,
        },
        said: said(row, 5)?,
    })
}

/// Call, line and time from three columns that begin with `first`.
fn said(row: &Row<'_>, first: usize) -> rusqlite::Result<Said> {
    Ok(Said {
        call: CallId(row.get(first)?),
        line: Line(row.get(first + 1)?),
        at: time(row, first + 2)?,
    })
}

fn key(reference: &CustomerRef) -> &str {
    reference.0.split_once('/').map_or("", |(_, key)| key)
}

fn signed(number: Key) -> i64 {
    number.get().cast_signed()
}
