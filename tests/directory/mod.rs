//! The customer cache on a real disk: what is in it, and what the tests of it share.
#![allow(clippy::unwrap_used)]

mod damage;
mod death;
mod health;
mod imports;
mod reading;
mod rebuilt;
mod search;
mod sync;

use std::path::PathBuf;

use chrono::{DateTime, TimeZone, Utc};
use ringside::customer::{Currency, CustomerRef, Money};
use ringside::directory::{Counts, Directory, Dossier, Holder};
use ringside::number::{Given, Key};
use ringside::source::record::{BalanceRow, CustomerRow, OrderLineRow, PhoneRow, ProductRow, Record, TicketRow};
use rusqlite::Connection;
use tempfile::TempDir;

pub(crate) const KEY: [u8; 32] = [7; 32];

pub(crate) struct Cache {
    pub(crate) folder: TempDir,
}

impl Cache {
    pub(crate) fn new() -> Self {
        Cache {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("cache.db")
    }

    pub(crate) fn open(&self) -> Directory {
        Directory::open(&self.path(), &KEY).unwrap()
    }

    pub(crate) fn import(&self, records: &[Record]) -> Counts {
        import(&self.open(), records, day(100))
    }

    /// The file as SQL sees it, for the tests of what is in it and for damaging it.
    pub(crate) fn sql(&self) -> Connection {
        let connection = Connection::open(self.path()).unwrap();
        let hex: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
        connection.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"")).unwrap();
        connection
    }

    pub(crate) fn dossier(&self, key: &str) -> Dossier {
        dossier(&mut self.open(), key)
    }
}

pub(crate) fn import(directory: &Directory, records: &[Record], at: DateTime<Utc>) -> Counts {
    let mut import = directory.begin_import("files", at).unwrap();
    for record in records {
        import.record(record).unwrap();
    }
    import.finish().unwrap()
}

pub(crate) fn dossier(directory: &mut Directory, key: &str) -> Dossier {
    let reading = directory.read().unwrap();
    let customer = reading.by_reference(&CustomerRef::new("files", key)).unwrap().unwrap();
    reading.dossier(customer.id, day(100)).unwrap().unwrap()
}

pub(crate) fn holders(directory: &mut Directory, digits: u64) -> Vec<Holder> {
    directory.read().unwrap().holders(Key::new(digits).unwrap()).unwrap()
}

pub(crate) fn day(day: i64) -> DateTime<Utc> {
    Utc.timestamp_opt(1_700_000_000 + day * 86_400, 0).unwrap()
}

pub(crate) fn euro(minor: i64) -> Money {
    Money {
        minor,
        currency: Currency::from_code("EUR").unwrap(),
    }
}

pub(crate) fn phone(digits: u64) -> PhoneRow {
    let key = Key::new(digits);
    PhoneRow {
        raw: format!("+{digits}"),
        label: "phone".into(),
        key,
        given: Given::International,
        ext: None,
    }
}

pub(crate) fn customer(key: &str, phones: &[PhoneRow]) -> Record {
    let (name, company) = (format!("Name of {key}"), format!("Company of {key}"));
    Record::Customer(CustomerRow {
        key: key.into(),
        name,
        company,
        phones: phones.to_vec(),
        ..CustomerRow::default()
    })
}

pub(crate) fn product(key: &str) -> Record {
    let (name, category) = (format!("Product {key}"), String::new());
    Record::Product(ProductRow {
        key: key.into(),
        name,
        category,
        price: Some(euro(500)),
        discontinued: false,
        restrictions: Default::default(),
    })
}

pub(crate) fn line(customer: &str, order: &str, at: i64, product: &str, minor: i64) -> Record {
    Record::OrderLine(OrderLineRow {
        customer: customer.into(),
        order: order.into(),
        at: day(at),
        product: product.into(),
        quantity_milli: 1_000,
        amount: euro(minor),
    })
}

pub(crate) fn balance(customer: &str, currency: &str, open: i64) -> Record {
    Record::Balance(BalanceRow {
        customer: customer.into(),
        currency: Currency::from_code(currency).unwrap(),
        open,
        not_due: open,
        overdue_30: 0,
        overdue_60: 0,
        overdue_more: 0,
        as_of: day(90),
    })
}

pub(crate) fn ticket(customer: &str, number: &str, open: bool) -> Record {
    let subject = format!("About {number}");
    Record::Ticket(TicketRow {
        customer: customer.into(),
        number: number.into(),
        subject,
        open,
        at: day(80),
    })
}

pub(crate) fn shop() -> Vec<Record> {
    vec![
        customer("ALFKI", &[phone(4_930_123), phone(4_930_999)]),
        customer("BERGS", &[phone(4_930_999)]),
        product("tea"),
        product("pot"),
        line("ALFKI", "o1", 1, "tea", 100),
        line("ALFKI", "o1", 1, "pot", 900),
        line("ALFKI", "o2", 2, "tea", 200),
        balance("ALFKI", "EUR", 300),
        ticket("ALFKI", "t1", true),
        ticket("ALFKI", "t2", false),
    ]
}

/// Every row of every table but the ages of the copies.
pub(crate) fn contents(cache: &Cache) -> Vec<String> {
    let sql = cache.sql();
    let mut rows = Vec::new();
    for (table, columns) in [
        ("customers", "id, source, key, name, company, city, country, email, vat"),
        ("phones", "*"),
        ("unread_phones", "*"),
        ("products", "*"),
        ("purchases", "*"),
        ("order_totals", "*"),
        ("bought", "*"),
        ("related", "*"),
        ("balances", "*"),
        ("tickets", "id, source, number, customer_id, subject, open, at"),
    ] {
        let mut statement = sql.prepare(&format!("SELECT {columns} FROM {table}")).unwrap();
        let width = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            rows.push(
                (0..width)
                    .map(|i| format!("{:?}|", row.get_ref(i).unwrap()))
                    .collect::<String>()
                    + table,
            );
        }
    }
    rows
}
