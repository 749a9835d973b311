//! The products and their company in memory: asked for at every pop, changed only by an import.

use rusqlite::Connection;

use super::reading::money;
use super::{DirectoryError, related};
use crate::advisor::{Catalogue, ProductId, Related};
use crate::customer::{Product, Restrictions};

/// What a look-up need not ask for, because nobody has it.
#[derive(Clone, Copy, Default)]
pub(super) struct Facts {
    /// Some source gives invoices.
    pub(super) invoices: bool,
    /// Some records are one person.
    pub(super) persons: bool,
}

/// The catalogue as it was at some state of the file.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) catalogue: Catalogue,
    pub(super) facts: Facts,
    /// SQLite's count of other connections' commits when it was last looked at.
    commits: Option<i64>,
    /// The catalogue's own count of changes when it was read.
    version: Option<u64>,
}

impl Kept {
    /// Reads the catalogue again if an import, of this process or another, changed it since.
    pub(super) fn refresh(&mut self, connection: &Connection) -> Result<(), DirectoryError> {
        let commits = connection
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?;
        if self.commits == Some(commits) {
            return Ok(());
        }
        let version = related::catalogue_version(connection)?;
        if self.version != Some(version) {
            self.catalogue = load(connection)?;
            self.version = Some(version);
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM invoices), EXISTS (SELECT 1 FROM customers WHERE person IS NOT NULL)";
        self.facts = connection.prepare_cached(sql)?.query_row([], |row| {
            Ok(Facts {
                invoices: row.get(0)?,
                persons: row.get(1)?,
            })
        })?;
        self.commits = Some(commits);
        Ok(())
    }
}

fn load(connection: &Connection) -> Result<Catalogue, DirectoryError> {
    let mut catalogue = Catalogue::default();
    let mut products = connection.prepare_cached(
        "SELECT id, key, name, category, price, currency, discontinued, orders, out_of_stock, durable, sensitive
         FROM products",
    )?;
    let mut rows = products.query([])?;
    while let Some(row) = rows.next()? {
        let id = ProductId(row.get(0)?);
        let price = row.get::<_, Option<i64>>(4)?.map(|_| money(row, 4, 5)).transpose()?;
        let (key, name, category, discontinued) = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(6)?);
        let restrictions = Restrictions {
            out_of_stock: row.get(8)?,
            durable: row.get(9)?,
            sensitive: row.get(10)?,
        };
        catalogue.restricts.note(restrictions);
        catalogue.products.insert(
            id,
            Product {
                key,
                name,
                category,
                price,
                discontinued,
                restrictions,
            },
        );
        catalogue.orders.insert(id, row.get(7)?);
    }
    let mut related = connection.prepare_cached("SELECT product_id, other_id, together FROM related")?;
    let mut rows = related.query([])?;
    while let Some(row) = rows.next()? {
        let one = Related {
            other: ProductId(row.get(1)?),
            together: row.get(2)?,
        };
        catalogue.related.entry(ProductId(row.get(0)?)).or_default().push(one);
    }
    Ok(catalogue)
}
