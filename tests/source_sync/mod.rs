//! Sources that are read again and again, into a real cache.
#![allow(clippy::unwrap_used)]

mod death;
mod described;
mod files;
mod merged;
mod scripted;
mod watched;
mod workbook;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ringside::source::sync::{Plan, Progress, Surroundings};

use crate::directory::{Cache, day};

pub(crate) fn plan(name: &str) -> Plan {
    Plan {
        name: name.to_owned(),
        precedence: 1,
        whole: false,
        allow_deletes: false,
    }
}

/// Time that passes only when somebody waits.
pub(crate) struct World {
    pub(crate) now: DateTime<Utc>,
    pub(crate) waited: Vec<Duration>,
    pub(crate) seen: Vec<Progress>,
    pub(crate) cancel_after: Option<usize>,
}

impl World {
    pub(crate) fn at(at: i64) -> Self {
        World {
            now: day(at),
            waited: Vec::new(),
            seen: Vec::new(),
            cancel_after: None,
        }
    }
}

impl Surroundings for World {
    fn now(&self) -> DateTime<Utc> {
        self.now
    }

    fn chance(&mut self) -> f64 {
        1.0
    }

    fn wait(&mut self, time: Duration) -> bool {
        self.waited.push(time);
        self.now += TimeDelta::from_std(time).unwrap();
        true
    }

    fn is_cancelled(&self) -> bool {
        self.cancel_after.is_some_and(|most| self.seen.len() > most)
    }

    fn progress(&mut self, progress: &Progress) {
        self.seen.push(progress.clone());
    }
}

/// Everything that a cache says, without row numbers and times of reading.
pub(crate) fn said(cache: &Cache) -> Vec<String> {
    let queries = [
        "SELECT 'c', c.key, c.name, c.company, c.email FROM customers c",
        "SELECT 'p', c.key, p.key, p.raw, p.label FROM phones p JOIN customers c ON c.id = p.customer_id",
        "SELECT 'l', c.key, p.number, p.at || '/' || p.nth || '/' || r.key, p.amount
         FROM purchases p JOIN customers c ON c.id = p.customer_id JOIN products r ON r.id = p.product_id",
        "SELECT 't', c.key, o.number, o.at, o.amount FROM order_totals o JOIN customers c ON c.id = o.customer_id",
        "SELECT 'b', c.key, r.key, b.last, '' FROM bought b JOIN customers c ON c.id = b.customer_id
         JOIN products r ON r.id = b.product_id",
        "SELECT 'o', c.key, o.number, '', '' FROM order_numbers o JOIN customers c ON c.id = o.customer_id",
        "SELECT 'i', c.key, i.number, i.open, i.due FROM invoices i JOIN customers c ON c.id = i.customer_id",
        "SELECT 'm', s.name, m.stream, m.read IS NOT NULL, (SELECT count(*) FROM given) FROM marks m
         JOIN sources s ON s.id = m.source",
    ];
    let sql = cache.sql();
    let mut all: Vec<String> = Vec::new();
    for query in queries {
        let mut statement = sql.prepare(query).unwrap();
        let rows = statement.query_map([], |row| {
            let cell = |at| {
                row.get::<_, rusqlite::types::Value>(at)
                    .map(|value| format!("{value:?}"))
            };
            Ok((0..5).map(cell).collect::<Result<Vec<_>, _>>()?.join(" "))
        });
        all.extend(rows.unwrap().map(Result::unwrap));
    }
    all.sort();
    all
}
