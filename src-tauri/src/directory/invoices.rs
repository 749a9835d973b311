//! What a customer owes, from the balance that a source gives and from the invoices that are open.
//!
//! A balance that is given is the balance. Invoices say how long it is overdue, where the balance does not say that
//! itself; without a balance, what is open of them is the balance.

use chrono::{DateTime, Utc};

use super::DirectoryError;
use super::reading::{Reading, money, time};
use crate::customer::{Balance, CustomerId};

impl Reading<'_> {
    /// What a customer owes at the moment `now`, one for each currency.
    pub(super) fn balances(&self, id: CustomerId, now: DateTime<Utc>) -> Result<Vec<Balance>, DirectoryError> {
        let given = self.all(
            "SELECT open, currency, not_due, overdue_30, overdue_60, overdue_more, as_of
             FROM balances WHERE customer_id = ?1",
            id,
            |row| {
                Ok(Balance {
                    open: money(row, 0, 1)?,
                    not_due: row.get(2)?,
                    overdue_30: row.get(3)?,
                    overdue_60: row.get(4)?,
                    overdue_more: row.get(5)?,
                    as_of: time(row, 6)?,
                })
            },
        )?;
        if !self.facts.invoices {
            return Ok(given);
        }
        let mut balances = self.open_invoices(id, now)?;
        for one in given {
            match balances
                .iter_mut()
                .find(|other| other.open.currency == one.open.currency)
            {
                Some(other) => *other = one.aged_as(other),
                None => balances.push(one),
            }
        }
        Ok(balances)
    }

    /// What is open of a customer's invoices, by currency.
    fn open_invoices(&self, id: CustomerId, now: DateTime<Utc>) -> Result<Vec<Balance>, DirectoryError> {
        let open = self.all(
            "SELECT i.open, i.currency, i.due, max(i.seen, coalesce(s.checked, 0))
             FROM invoices i JOIN sources s ON s.id = i.source WHERE i.customer_id = ?1 AND i.open <> 0",
            id,
            |row| Ok((money(row, 0, 1)?, time(row, 2)?, time(row, 3)?)),
        )?;
        let mut balances: Vec<Balance> = Vec::new();
        for (money, due, seen) in open {
            let at = balances.iter().position(|one| one.open.currency == money.currency);
            let at = at.unwrap_or_else(|| {
                balances.push(Balance::nothing(money.currency, seen));
                balances.len() - 1
            });
            balances[at].add(money.minor, due, now);
            balances[at].as_of = balances[at].as_of.max(seen);
        }
        Ok(balances)
    }
}
