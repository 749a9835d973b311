//! The bulk import, beside bare inserts.

use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use ringside::directory::Directory;
use ringside::source::record::Record;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::{Ground, Shop, open};
use crate::Result;
use crate::figures::Figure;

/// Rows that are made before they are given to the import, so that making them is not measured.
const CHUNK: u32 = 50_000;
/// Lines of the floor.
const FLOOR_LINES: u32 = 1_000_000;

/// What the import took, kept beside the file it made.
#[derive(Serialize, Deserialize)]
pub(super) struct Loaded {
    customers: f64,
    numbers: f64,
    customer_cpu: f64,
    lines: f64,
    line_cpu: f64,
    finish_cpu: f64,
    finish_wall: f64,
    cpu: f64,
    wall: f64,
    rows: f64,
    floor: f64,
    peak_mb: f64,
}

#[derive(Default)]
struct Clock {
    cpu: Duration,
    wall: Duration,
}

impl Clock {
    fn run<T>(&mut self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let (start, clock) = (Instant::now(), ThreadTime::now());
        let done = work()?;
        self.cpu += clock.elapsed();
        self.wall += start.elapsed();
        Ok(done)
    }
}

/// The same rows, without a look at the clock.
pub(super) fn fill(shop: &Shop, directory: &Directory) -> Result<()> {
    let mut import = directory.begin_import("bench", shop.now)?;
    for n in 0..shop.sizes.products {
        import.record(&shop.product(n))?;
    }
    for n in 0..shop.sizes.customers {
        for record in shop.customer(n) {
            import.record(&record)?;
        }
    }
    shop.orders(|line| Ok(import.order_line(&line).map(drop)?))?;
    import.finish()?;
    Ok(())
}

pub(super) fn import(ground: &Ground) -> Result<Loaded> {
    let shop = &ground.shop;
    let directory = open(ground)?;
    let mut import = directory.begin_import("bench", shop.now)?;
    let (mut people, mut orders, mut finish) = (Clock::default(), Clock::default(), Clock::default());
    let (mut rows, mut numbers, mut lines) = (0.0, 0.0, 0.0);
    let products: Vec<Record> = (0..shop.sizes.products).map(|n| shop.product(n)).collect();
    for record in &products {
        import.record(record)?;
    }
    for start in (0..shop.sizes.customers).step_by(CHUNK as usize) {
        let end = shop.sizes.customers.min(start + CHUNK);
        let chunk: Vec<Record> = (start..end).flat_map(|n| shop.customer(n)).collect();
        people.run(|| Ok(chunk.iter().try_for_each(|record| import.record(record).map(drop))?))?;
        rows += chunk.len() as f64;
        numbers += chunk.iter().map(phones).sum::<usize>() as f64;
    }
    let mut chunk = Vec::with_capacity(CHUNK as usize);
    shop.orders(|line| {
        chunk.push(line);
        if chunk.len() == CHUNK as usize {
            lines += chunk.len() as f64;
            orders.run(|| Ok(chunk.iter().try_for_each(|line| import.order_line(line).map(drop))?))?;
            chunk.clear();
        }
        Ok(())
    })?;
    lines += chunk.len() as f64;
    orders.run(|| Ok(chunk.iter().try_for_each(|line| import.order_line(line).map(drop))?))?;
    finish.run(|| Ok(import.finish()?))?;
    let cpu = people.cpu + orders.cpu + finish.cpu;
    let wall = people.wall + orders.wall + finish.wall;
    Ok(Loaded {
        customers: f64::from(shop.sizes.customers),
        numbers,
        customer_cpu: people.cpu.as_secs_f64(),
        lines,
        line_cpu: orders.cpu.as_secs_f64(),
        finish_cpu: finish.cpu.as_secs_f64(),
        finish_wall: finish.wall.as_secs_f64(),
        cpu: cpu.as_secs_f64(),
        wall: wall.as_secs_f64(),
        rows: rows + numbers + lines,
        floor: floor(ground)?,
        peak_mb: super::child::status_mb("VmHWM")?,
    })
}

impl Loaded {
    pub(super) fn figures(&self) -> Vec<Figure> {
        let rows = self.rows;
        let floor = "floor: bare inserts of lines in key order, plain SQLite";
        vec![
            Figure::new(
                "million: bulk import, CPU",
                "rows/s",
                rows / self.cpu,
                self.floor,
                format!(
                    "{rows:.0} rows: customers {:.0} s, lines {:.0} s, sums, relations and order numbers {:.0} s; {floor}",
                    self.customer_cpu, self.line_cpu, self.finish_cpu
                ),
            ),
            Figure::new(
                "million: bulk import, clock",
                "rows/s",
                rows / self.wall,
                self.floor,
                format!("{:.0} s, the last {:.0} to finish", self.wall, self.finish_wall),
            ),
            Figure::new(
                "million: memory of the import",
                "MB peak",
                self.peak_mb,
                128.0,
                "floor: its page cache",
            ),
        ]
    }
}

pub(super) fn phones(record: &Record) -> usize {
    match record {
        Record::Customer(row) => row.phones.len(),
        Record::Product(_) | Record::OrderLine(_) | Record::Balance(_) | Record::Invoice(_) | Record::Ticket(_) => 0,
    }
}

/// Rows a second of CPU time that a plain table takes in its own order.
fn floor(ground: &Ground) -> Result<f64> {
    let path = ground.cache.with_file_name("floor.db");
    let connection = Connection::open(&path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -131072;
         CREATE TABLE purchases (customer_id INTEGER NOT NULL, at INTEGER NOT NULL, number TEXT NOT NULL,
             product_id INTEGER NOT NULL, nth INTEGER NOT NULL, quantity INTEGER NOT NULL, amount INTEGER NOT NULL,
             currency TEXT NOT NULL, PRIMARY KEY (customer_id, at DESC, number, product_id, nth)) WITHOUT ROWID; BEGIN",
    )?;
    let lines = FLOOR_LINES.min(ground.shop.sizes.lines);
    let numbers: Vec<String> = (0..lines).map(|n| (10_000_000 + n / 3).to_string()).collect();
    let clock = ThreadTime::now();
    let mut insert = connection.prepare("INSERT INTO purchases VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'EUR')")?;
    for (n, number) in (0..lines).zip(&numbers) {
        insert.execute(params![
            n / 10,
            1_700_000_000 - i64::from(n) * 60,
            number,
            n % 20_000,
            0,
            3_000,
            900
        ])?;
    }
    connection.execute_batch("COMMIT")?;
    let took = clock.elapsed().as_secs_f64();
    drop(insert);
    drop(connection);
    std::fs::remove_file(path)?;
    Ok(f64::from(lines) / took)
}
