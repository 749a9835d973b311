//! What came of a call, in the agent's words: its disposition, and what the customer said to each suggestion.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, params};

use super::calls::time;
use super::outbox::stir;
use super::record::Word;
use super::{Journal, JournalError};
use crate::call::{CallId, Line};
use crate::customer::CustomerRef;
pub use crate::pop::view::OfferAnswer;

/// An answer to a suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// In which call.
    pub call: CallId,
    /// The source's key of the product.
    pub product: String,
    /// What people call it.
    pub product_name: String,
    /// Who said it.
    pub customer: Option<CustomerRef>,
    /// What was said.
    pub answer: OfferAnswer,
    /// Who asked.
    pub line: Line,
    /// When.
    pub at: DateTime<Utc>,
}

/// The disposition of a call, and whose word it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disposed {
    /// One of the shop's codes.
    pub code: String,
    /// Who chose it.
    pub line: Line,
    /// When.
    pub at: DateTime<Utc>,
}

impl Journal {
    /// Sets the disposition of a call, one of the shop's own codes, or takes it away. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn set_disposition(
        &mut self,
        call: &CallId,
        code: Option<&str>,
        line: &Line,
        at: DateTime<Utc>,
    ) -> Result<(), JournalError> {
        self.write(|tx| {
            match code {
                None => tx.execute("DELETE FROM dispositions WHERE call = ?1", [&call.0]),
                Some(code) => tx.execute(
                    "INSERT OR REPLACE INTO dispositions (call, code, line, chosen) VALUES (?1, ?2, ?3, ?4)",
                    params![call.0, code, line.0, at.timestamp_millis()],
                ),
            }?;
            stir(tx, call, Some(at))
        })
    }

    /// The disposition of a call.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn disposition(&self, call: &CallId) -> Result<Option<String>, JournalError> {
        self.conn
            .prepare_cached("SELECT code FROM dispositions WHERE call = ?1")
            .and_then(|mut select| select.query_row([&call.0], |row| row.get(0)).optional())
            .map_err(JournalError::NotRead)
    }

    /// The same with whose word it is.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn disposed(&self, call: &CallId) -> Result<Option<Disposed>, JournalError> {
        let found = self.of_call(
            "SELECT code, line, chosen FROM dispositions WHERE call = ?1",
            call,
            |row| {
                Ok(Disposed {
                    code: row.get(0)?,
                    line: Line(row.get(1)?),
                    at: time(row, 2)?,
                })
            },
        );
        Ok(found?.pop())
    }

    /// Keeps the answer to a suggestion; a later one in the same call replaces it. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn answer_offer(&mut self, offer: &Offer) -> Result<(), JournalError> {
        self.conn
            .execute(
                "INSERT OR REPLACE INTO offers (call, product, product_name, customer, answer, line, answered)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    offer.call.0,
                    offer.product,
                    offer.product_name,
                    offer.customer.as_ref().map(|customer| &customer.0),
                    Word(offer.answer),
                    offer.line.0,
                    offer.at.timestamp_millis(),
                ],
            )
            .map(drop)
            .map_err(JournalError::NotWritten)
    }

    /// The answers of a call, by product.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn offers_of_call(&self, call: &CallId) -> Result<Vec<Offer>, JournalError> {
        self.offers_where("call = ?1 ORDER BY product", [&call.0])
    }

    /// What a customer said in all calls, the newest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn offers_of(&self, customer: &CustomerRef) -> Result<Vec<Offer>, JournalError> {
        self.offers_where("customer = ?1 ORDER BY answered DESC, product", [&customer.0])
    }

    /// At most `limit` things that a customer said until then, the latest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn offers_until(
        &self,
        customer: &CustomerRef,
        until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Offer>, JournalError> {
        self.offers_where(
            "customer = ?1 AND answered <= ?2 ORDER BY answered DESC, call, product LIMIT ?3",
            params![customer.0, until.timestamp_millis(), limit],
        )
    }

    /// What all customers said since `at`, the oldest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn offers_since(&self, at: DateTime<Utc>) -> Result<Vec<Offer>, JournalError> {
        self.offers_where(
            "answered >= ?1 ORDER BY answered, call, product",
            [at.timestamp_millis()],
        )
    }

    fn offers_where(&self, condition: &str, values: impl rusqlite::Params) -> Result<Vec<Offer>, JournalError> {
        // `condition` is one of the constants above; every value is bound.
        let columns = "SELECT call, product, product_name, customer, answer, line, answered FROM offers WHERE ";
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Offer {
                call: CallId(row.get(0)?),
                product: row.get(1)?,
                product_name: row.get(2)?,
                customer: row.get::<_, Option<String>>(3)?.map(CustomerRef),
                answer: row.get::<_, Word<_>>(4)?.0,
                line: Line(row.get(5)?),
                at: time(row, 6)?,
            })
        };
        self.conn
            .prepare_cached(&[columns, condition].concat())
            .and_then(|mut select| select.query_map(values, read)?.collect())
            .map_err(JournalError::NotRead)
    }
}
