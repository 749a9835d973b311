//! What a customer's page shows beside the panel: every number, the e-mail address, and the lines of their orders.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, params};

use super::DirectoryError;
use super::reading::{Reading, money, time};
use crate::advisor::ProductId;
use crate::customer::{CustomerId, PurchaseLine};
use crate::number::Key;

/// A way to reach a customer by telephone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The number; `None` where nobody could read it.
    pub key: Option<Key>,
    /// The text in the source.
    pub raw: String,
    /// The extension behind the number.
    pub ext: Option<String>,
    /// What the source calls it; may be empty.
    pub label: String,
}

impl Reading<'_> {
    /// Every number of a customer: those that can be read, then the others.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn reach(&self, id: CustomerId) -> Result<Vec<Reach>, DirectoryError> {
        let mut find = self.connection.prepare_cached(
            "SELECT key, raw, ext, label FROM phones WHERE customer_id = ?1
             UNION ALL SELECT NULL, raw, '', label FROM unread_phones WHERE customer_id = ?1",
        )?;
        let rows = find.query_map([id.0], |row| {
            let key: Option<i64> = row.get(0)?;
            Ok(Reach {
                key: key.and_then(|key| u64::try_from(key).ok()).and_then(Key::new),
                raw: row.get(1)?,
                ext: Some(row.get(2)?).filter(|ext: &String| !ext.is_empty()),
                label: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A customer's e-mail address; empty where none is known.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn email(&self, id: CustomerId) -> Result<String, DirectoryError> {
        let mut find = self
            .connection
            .prepare_cached("SELECT email FROM customers WHERE id = ?1")?;
        Ok(find.query_row([id.0], |row| row.get(0)).optional()?.unwrap_or_default())
    }

    /// At most `limit` purchase lines of a customer until then, the latest order first, the lines of an order together.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn bought_lines(
        &self,
        id: CustomerId,
        until: Option<DateTime<Utc>>,
        limit: u32,
    ) -> Result<Vec<PurchaseLine>, DirectoryError> {
        let mut find = self.connection.prepare_cached(
            "SELECT at, number, product_id, quantity, amount, currency FROM purchases
             WHERE customer_id = ?1 AND at <= ?2 ORDER BY at DESC, number, product_id, nth LIMIT ?3",
        )?;
        let rows = find.query_map(
            params![id.0, until.map_or(i64::MAX, |until| until.timestamp()), limit],
            |row| {
                let product = self.catalogue().products.get(&ProductId(row.get(2)?));
                Ok(PurchaseLine {
                    at: time(row, 0)?,
                    order: row.get(1)?,
                    product: product.map(|product| product.key.clone()).unwrap_or_default(),
                    product_name: product.map(|product| product.name.clone()).unwrap_or_default(),
                    quantity_milli: row.get(3)?,
                    amount: money(row, 4, 5)?,
                })
            },
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
