//! What customers owe and ask for, on its way into the cache: balances, invoices, tickets.

use rusqlite::{OptionalExtension, params};

use super::intake::Intake;
use super::{DirectoryError, Outcome, fingerprint};
use crate::source::record::{BalanceRow, InvoiceRow, TicketRow};

impl Intake {
    /// Takes what a customer owes in one currency. Currencies that are not given for a customer who is given a balance
    /// are settled, and go. One that was computed anew and came to the same is unchanged, and as old as it was computed.
    pub(super) fn balance(&mut self, row: &BalanceRow) -> Result<Outcome, DirectoryError> {
        let Some(customer) = self.resolve_customer(&row.customer)? else {
            let outcome = self.of_nobody(&row.customer);
            return Ok(self.counts.balances.note(outcome));
        };
        self.balances.push((customer, row.currency));
        self.given.push(balance_id(customer, row.currency.code()));
        let BalanceRow {
            customer: _,
            currency,
            open,
            not_due,
            overdue_30,
            overdue_60,
            overdue_more,
            as_of,
        } = row;
        let (currency, as_of) = (currency.code(), as_of.timestamp());
        let values = params![
            customer,
            currency,
            open,
            not_due,
            overdue_30,
            overdue_60,
            overdue_more,
            as_of
        ];
        let mut same = self.connection.prepare_cached(
            "SELECT (open, not_due, overdue_30, overdue_60, overdue_more) = (?3, ?4, ?5, ?6, ?7), as_of = ?8
             FROM balances WHERE customer_id = ?1 AND currency = ?2",
        )?;
        let known: Option<(bool, bool)> = same
            .query_row(values, |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let outcome = compared(known.map(|(same, _)| same));
        if known != Some((true, true)) {
            let replace = "INSERT OR REPLACE INTO balances VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            self.connection.prepare_cached(replace)?.execute(values)?;
        }
        Ok(self.counts.balances.note(outcome))
    }

    /// Takes an invoice.
    pub(super) fn invoice(&mut self, row: &InvoiceRow) -> Result<Outcome, DirectoryError> {
        let Some(customer) = self.resolve_customer(&row.customer)? else {
            let outcome = self.of_nobody(&row.customer);
            return Ok(self.counts.invoices.note(outcome));
        };
        let InvoiceRow {
            customer: _,
            number,
            currency,
            total,
            open,
            issued,
            due,
        } = row;
        let (currency, due) = (currency.code(), due.timestamp());
        let issued = issued.map(|issued| issued.timestamp());
        let mut same = self.connection.prepare_cached(
            "SELECT id, customer_id = ?3 AND currency = ?4 AND total = ?5 AND open = ?6 AND issued IS ?7 AND due = ?8
             AND stream IS ?9 FROM invoices WHERE source = ?1 AND number = ?2",
        )?;
        let values = params![
            self.source,
            number,
            customer,
            currency,
            total,
            open,
            issued,
            due,
            self.stream,
        ];
        let known = same
            .query_row(values, |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))
            .optional()?;
        let outcome = compared(known.map(|(_, same)| same));
        let id = match known {
            Some((id, true)) if self.stream.is_some() => id,
            _ => {
                let mut upsert = self.connection.prepare_cached(
                    "INSERT INTO invoices (source, number, customer_id, currency, total, open, issued, due, stream, seen)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                     ON CONFLICT (source, number) DO UPDATE SET customer_id = excluded.customer_id,
                     currency = excluded.currency, total = excluded.total, open = excluded.open,
                     issued = excluded.issued, due = excluded.due, stream = excluded.stream, seen = excluded.seen
                     RETURNING id",
                )?;
                let values = params![
                    self.source,
                    number,
                    customer,
                    currency,
                    total,
                    open,
                    issued,
                    due,
                    self.stream,
                    self.at
                ];
                upsert.query_row(values, |row| row.get(0))?
            }
        };
        self.invoices.push((customer, id));
        self.given.push(id);
        Ok(self.counts.invoices.note(outcome))
    }

    /// Takes a ticket.
    pub(super) fn ticket(&mut self, row: &TicketRow) -> Result<Outcome, DirectoryError> {
        let Some(customer) = self.resolve_customer(&row.customer)? else {
            let outcome = self.of_nobody(&row.customer);
            return Ok(self.counts.tickets.note(outcome));
        };
        let TicketRow {
            customer: _,
            number,
            subject,
            open,
            at,
        } = row;
        let mut same = self.connection.prepare_cached(
            "SELECT id, (customer_id, subject, open, at) = (?3, ?4, ?5, ?6) AND stream IS ?7
             FROM tickets WHERE source = ?1 AND number = ?2",
        )?;
        let values = params![
            self.source,
            number,
            customer,
            subject,
            open,
            at.timestamp(),
            self.stream
        ];
        let known = same
            .query_row(values, |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))
            .optional()?;
        let outcome = compared(known.map(|(_, same)| same));
        let id = match known {
            Some((id, true)) if self.stream.is_some() => id,
            _ => {
                let mut upsert = self.connection.prepare_cached(
                    "INSERT INTO tickets (source, number, customer_id, subject, open, at, stream, seen)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                     ON CONFLICT (source, number) DO UPDATE SET customer_id = excluded.customer_id,
                     subject = excluded.subject, open = excluded.open, at = excluded.at, stream = excluded.stream,
                     seen = excluded.seen RETURNING id",
                )?;
                let values = params![
                    self.source,
                    number,
                    customer,
                    subject,
                    open,
                    at.timestamp(),
                    self.stream,
                    self.at
                ];
                upsert.query_row(values, |row| row.get(0))?
            }
        };
        self.given.push(id);
        Ok(self.counts.tickets.note(outcome))
    }

    /// Takes out the currencies of customers who were given a balance, where `is_given` says that they were not.
    pub(super) fn settle_balances(
        &mut self,
        mut is_given: impl FnMut(&rusqlite::Connection, i64, &str) -> Result<bool, DirectoryError>,
    ) -> Result<(), DirectoryError> {
        let mut known = self
            .connection
            .prepare_cached("SELECT currency FROM balances WHERE customer_id = ?1")?;
        let mut settle = self
            .connection
            .prepare_cached("DELETE FROM balances WHERE customer_id = ?1 AND currency = ?2")?;
        self.balances.sort_unstable();
        for balances in self.balances.chunk_by(|a, b| a.0 == b.0) {
            let customer = balances[0].0;
            let known: Vec<String> = known
                .query_map([customer], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            for code in &known {
                let here = balances.iter().any(|(_, given)| given.code() == code);
                if !here && !is_given(&self.connection, customer, code)? {
                    settle.execute(params![customer, code])?;
                    self.counts.balances.removed += 1;
                }
            }
        }
        self.balances.clear();
        Ok(())
    }

    /// Takes out the invoices of customers who were given others, as a list of what is open means it.
    pub(super) fn settle_invoices(&mut self) -> Result<(), DirectoryError> {
        let sql = "SELECT id FROM invoices WHERE customer_id = ?1 AND source = ?2";
        let mut known = self.connection.prepare_cached(sql)?;
        let mut settle = self.connection.prepare_cached("DELETE FROM invoices WHERE id = ?1")?;
        self.invoices.sort_unstable();
        for given in self.invoices.chunk_by(|a, b| a.0 == b.0) {
            let known: Vec<i64> = known
                .query_map([given[0].0, self.source], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            for id in known {
                if given.binary_search(&(given[0].0, id)).is_err() {
                    settle.execute([id])?;
                    self.counts.invoices.removed += 1;
                }
            }
        }
        self.invoices.clear();
        Ok(())
    }
}

/// Stands for a customer's balance in one currency.
pub(super) fn balance_id(customer: i64, currency: &str) -> i64 {
    fingerprint::of_text(&format!("{customer} {currency}"))
}

/// What became of a row that was there just so, was there otherwise, or was not there.
pub(super) fn compared(same: Option<bool>) -> Outcome {
    match same {
        None => Outcome::Added,
        Some(false) => Outcome::Changed,
        Some(true) => Outcome::Unchanged,
    }
}
