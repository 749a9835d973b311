//! Products on their way into the cache: what a source says of each, written as it comes.

use rusqlite::{OptionalExtension, params};

use super::accounts::compared;
use super::intake::Intake;
use super::{DirectoryError, Outcome};
use crate::customer::Restrictions;
use crate::source::record::ProductRow;

impl Intake {
    /// Takes a product.
    pub(super) fn product(&mut self, row: &ProductRow) -> Result<Outcome, DirectoryError> {
        let ProductRow {
            key,
            name,
            category,
            price,
            discontinued,
            restrictions,
        } = row;
        let Restrictions {
            out_of_stock,
            durable,
            sensitive,
        } = restrictions;
        let (price, currency) = (
            price.map(|price| price.minor),
            price.as_ref().map(|price| price.currency.code()),
        );
        let mut same = self.connection.prepare_cached(
            "SELECT id, name = ?3 AND category = ?4 AND price IS ?5 AND currency IS ?6 AND discontinued = ?7
             AND out_of_stock IS ?8 AND durable IS ?9 AND sensitive IS ?10
             AND stream IS ?11 FROM products WHERE source = ?1 AND key = ?2",
        )?;
        let values = params![
            self.source,
            key,
            name,
            category,
            price,
            currency,
            discontinued,
            out_of_stock,
            durable,
            sensitive,
            self.stream
        ];
        let known = same
            .query_row(values, |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))
            .optional()?;
        let outcome = compared(known.map(|(_, same)| same));
        let mut id = known.map(|(id, _)| id);
        if outcome != Outcome::Unchanged {
            self.catalogue_changed = true;
            let mut upsert = self.connection.prepare_cached(
                "INSERT INTO products (source, key, name, category, price, currency, discontinued, out_of_stock, durable,
                 sensitive, stream) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                 ON CONFLICT (source, key) DO UPDATE SET name = excluded.name, category = excluded.category,
                 price = excluded.price, currency = excluded.currency, discontinued = excluded.discontinued,
                 out_of_stock = excluded.out_of_stock, durable = excluded.durable, sensitive = excluded.sensitive,
                 stream = excluded.stream RETURNING id",
            )?;
            id = Some(upsert.query_row(values, |row| row.get(0))?);
        }
        self.given.extend(id);
        Ok(self.counts.products.note(outcome))
    }

    /// A product that only order lines speak of is kept under its key, until its name comes.
    pub(super) fn resolve_product(&mut self, key: &str) -> Result<u32, DirectoryError> {
        if let Some(&id) = self.products.get(key) {
            return Ok(id);
        }
        let mut find = self
            .connection
            .prepare_cached("SELECT id FROM products WHERE source = ?1 AND key = ?2")?;
        let known = find.query_row(params![self.source, key], |row| row.get(0)).optional()?;
        let id = match known {
            Some(id) => id,
            None => {
                self.catalogue_changed = true;
                let mut insert = self.connection.prepare_cached(
                    "INSERT INTO products (source, key, name, category, discontinued) VALUES (?1, ?2, ?2, '', 0)
                     RETURNING id",
                )?;
                insert.query_row(params![self.source, key], |row| row.get(0))?
            }
        };
        self.products.insert(key.to_owned(), id);
        Ok(id)
    }
}
