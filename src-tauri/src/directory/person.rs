//! One person in the cache: every record and number of theirs, and all that hangs on them, given out as it stands.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};
use serde_json::{Map, Value};

use super::reading::Reading;
use super::{DirectoryError, persons};
use crate::customer::{Customer, CustomerRef};

/// What is given out of a record, `?1`; times as RFC 3339. The names are those of the tables.
const PARTS: [(&str, &str); 9] = [
    (
        "customers",
        "SELECT s.name AS source, c.key, c.name, c.company, c.city, c.country, c.email, c.vat, c.no_advertising,
            strftime('%Y-%m-%dT%H:%M:%SZ', c.seen, 'unixepoch') AS seen
         FROM customers c JOIN sources s ON s.id = c.source WHERE c.id = ?1",
    ),
    (
        "phones",
        "SELECT '+' || key AS number, raw, ext, label FROM phones WHERE customer_id = ?1",
    ),
    (
        "unread_phones",
        "SELECT raw, label FROM unread_phones WHERE customer_id = ?1",
    ),
    (
        "purchases",
        "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', u.at, 'unixepoch') AS at, u.number AS order_number, p.key AS product,
            p.name AS product_name, u.quantity AS quantity_in_thousandths, u.amount AS amount_in_minor_units, u.currency
         FROM purchases u JOIN products p ON p.id = u.product_id WHERE u.customer_id = ?1",
    ),
    (
        "order_totals",
        "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch') AS at, number, amount AS amount_in_minor_units, currency
         FROM order_totals WHERE customer_id = ?1",
    ),
    (
        "balances",
        "SELECT currency, open, not_due, overdue_30, overdue_60, overdue_more,
            strftime('%Y-%m-%dT%H:%M:%SZ', as_of, 'unixepoch') AS as_of FROM balances WHERE customer_id = ?1",
    ),
    (
        "invoices",
        "SELECT number, currency, total, open, strftime('%Y-%m-%dT%H:%M:%SZ', issued, 'unixepoch') AS issued,
            strftime('%Y-%m-%dT%H:%M:%SZ', due, 'unixepoch') AS due FROM invoices WHERE customer_id = ?1",
    ),
    (
        "tickets",
        "SELECT number, subject, open, strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch') AS at
         FROM tickets WHERE customer_id = ?1",
    ),
    (
        "same_as",
        "SELECT reference FROM same_as WHERE customer_id = ?1",
    ),
];

impl Reading<'_> {
    /// Every record of the person that this record is one of, itself among them; nothing when it is not in the cache.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn records_of(&self, record: &CustomerRef) -> Result<Vec<Customer>, DirectoryError> {
        let Some(customer) = self.by_reference(record)? else {
            return Ok(Vec::new());
        };
        let records = self.records(self.leader(customer.id)?)?;
        Ok(if records.is_empty() { vec![customer] } else { records })
    }

    /// The keys of every number of a record.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn keys_of(&self, customer: &Customer) -> Result<Vec<u64>, DirectoryError> {
        let mut find = self
            .connection
            .prepare_cached("SELECT DISTINCT key FROM phones WHERE customer_id = ?1")?;
        let keys = find.query_map([customer.id.0], |row| row.get::<_, i64>(0).map(i64::cast_unsigned))?;
        Ok(keys.collect::<Result<_, _>>()?)
    }

    /// Every record that has this number.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn records_with(&self, number: u64) -> Result<Vec<CustomerRef>, DirectoryError> {
        let mut find = self.connection.prepare_cached(
            "SELECT DISTINCT s.name || '/' || c.key FROM phones p JOIN customers c ON c.id = p.customer_id
             JOIN sources s ON s.id = c.source WHERE p.key = ?1 ORDER BY 1",
        )?;
        let records = find.query_map(params![number.cast_signed()], |row| row.get(0).map(CustomerRef))?;
        Ok(records.collect::<Result<_, _>>()?)
    }

    /// All that the cache has of these records, table by table.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn everything_of(&self, records: &[CustomerRef]) -> Result<Map<String, Value>, DirectoryError> {
        let mut all = Map::new();
        for (name, sql) in PARTS {
            let mut rows = Vec::new();
            for record in records {
                if let Some(id) = persons::row_of(self.connection, record)? {
                    rows.extend(objects(self.connection, sql, id)?);
                }
            }
            all.insert(name.to_owned(), Value::Array(rows));
        }
        Ok(all)
    }
}

fn objects(connection: &Connection, sql: &str, id: i64) -> rusqlite::Result<Vec<Value>> {
    let mut select = connection.prepare(sql)?;
    let names: Vec<String> = select.column_names().into_iter().map(str::to_owned).collect();
    let mut rows = select.query([id])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let mut object = Map::new();
        for (column, name) in names.iter().enumerate() {
            let value = match row.get_ref(column)? {
                ValueRef::Integer(number) => number.into(),
                ValueRef::Real(number) => number.into(),
                ValueRef::Text(text) => Value::String(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Null | ValueRef::Blob(_) => Value::Null,
            };
            object.insert(name.clone(), value);
        }
        all.push(Value::Object(object));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::super::erase::THEIRS;
    use super::super::schema;
    use super::*;

    /// Tables in which nobody's data stands, and why.
    const NOBODYS: [(&str, &str); 12] = [
        ("meta", "counts"),
        ("sources", "names of the settings"),
        ("products", "the shop's own"),
        ("related", "products"),
        ("words", "taken out word by word where nobody else has it"),
        ("country_codes", "country codes"),
        ("order_numbers", "taken out with the customer"),
        ("marks", "where a source was left"),
        ("given", "hashes and row numbers of a reading that goes on"),
        ("held", "taken out by key and number"),
        ("runs", "counts"),
        ("customers", "the record itself"),
    ];

    #[test]
    fn every_table_of_the_cache_is_known_to_export_and_erasure() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("cache.db");
        let mut connection = schema::open(&path, &[7; 32], 64)?;
        schema::prepare(&mut connection, &path)?;
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        let tables: Vec<String> = connection
            .prepare(sql)?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for table in tables {
            let known = THEIRS.contains(&table.as_str())
                || NOBODYS.iter().any(|(name, _)| *name == table)
                || table == "found"
                || table.starts_with("found_");
            assert!(known, "say in directory/erase.rs what becomes of `{table}`");
        }
        for (_, sql) in PARTS {
            assert!(objects(&connection, sql, 1)?.is_empty());
        }
        Ok(())
    }
}
