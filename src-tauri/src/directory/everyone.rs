//! What every customer bought, one after the other: for lists of customers, not for a ringing phone.

use super::DirectoryError;
use super::advice::day;
use super::reading::{Reading, currency};
use crate::advisor::relation::{Purchases, Purse};
use crate::customer::{Currency, CustomerId};

impl Reading<'_> {
    /// Gives every customer who ever bought, in no particular order, with what they did; returns do not count. One walk
    /// over all purchases.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn everyone(&self, mut each: impl FnMut(CustomerId, Purchases)) -> Result<(), DirectoryError> {
        let sql = "SELECT customer_id, at, amount, currency FROM purchases WHERE quantity > 0";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let (mut purse, mut paid, mut customer) = (Purse::default(), Currency::EUR, None);
        while let Some(row) = rows.next()? {
            let next = CustomerId(row.get(0)?);
            if let Some(before) = customer.replace(next).filter(|before| *before != next) {
                each(before, purse.take());
            }
            if row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)? != paid.code() {
                paid = currency(row, 3)?;
            }
            purse.add(day(row.get(1)?), row.get(2)?, paid);
        }
        if let Some(last) = customer {
            each(last, purse.take());
        }
        Ok(())
    }
}
