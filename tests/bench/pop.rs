//! How much CPU a pop takes, and an import, beside the bare SQL statements on a plain SQLite file.
//!
//! `cargo bench --bench pop`; a tiny shop with `RINGSIDE_BENCH_QUICK=1` or `-- --quick`. Figures go to
//! standard output, and as JSON to the file that `RINGSIDE_BENCH_OUT` names. CPU times are those of the
//! thread, so that a busy machine disturbs them little; trust the ratios more than the figures.

use std::collections::HashMap;
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use cpu_time::ThreadTime;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ringside::call::Party;
use ringside::customer::{Currency, Money};
use ringside::desk::{Found, Identify, Moment};
use ringside::directory::Directory;
use ringside::number::{self, DialContext, Given, Key};
use ringside::pop::view::VerdictKind;
use ringside::source::record::{BalanceRow, CustomerRow, OrderLineRow, PhoneRow, ProductRow, Record, TicketRow};
use rusqlite::{Connection, Statement, params};
use serde::Serialize;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const KEY: [u8; 32] = [42; 32];

/// One line of the table.
#[derive(Serialize)]
struct Figure {
    name: &'static str,
    unit: &'static str,
    value: f64,
    floor: f64,
    ratio: f64,
    note: String,
}

impl Figure {
    fn new(name: &'static str, unit: &'static str, value: f64, floor: f64, note: impl Into<String>) -> Self {
        Figure {
            name,
            unit,
            value,
            floor,
            ratio: value / floor,
            note: note.into(),
        }
    }
}

struct Sizes {
    customers: u32,
    lines: usize,
    products: u32,
    /// How many different customers call.
    callers: usize,
    /// How often each of them calls.
    rounds: usize,
}

fn main() -> Result<()> {
    let quick = std::env::var_os("RINGSIDE_BENCH_QUICK").is_some() || std::env::args().any(|arg| arg == "--quick");
    let sizes = if quick {
        Sizes {
            customers: 2_000,
            lines: 20_000,
            products: 300,
            callers: 200,
            rounds: 3,
        }
    } else {
        Sizes {
            customers: 100_000,
            lines: 1_000_000,
            products: 3_000,
            callers: 1_000,
            rounds: 10,
        }
    };
    let folder = tempfile::tempdir()?;
    let (cache, plain) = (folder.path().join("cache.db"), folder.path().join("plain.db"));
    let shop = Shop::new(&sizes);
    let mut figures = imports(&shop, &cache, &folder.path().join("floor.db"))?;
    copy_plain(&cache, &plain)?;
    figures.extend(pops(&sizes, &shop, &cache, &plain)?);
    for Figure {
        name,
        unit,
        value,
        floor,
        ratio,
        note,
    } in &figures
    {
        println!("{name:<34} {value:>11.1} {unit:<8} floor {floor:>11.1}  ratio {ratio:>6.2}  {note}");
    }
    if let Some(path) = std::env::var_os("RINGSIDE_BENCH_OUT") {
        std::fs::write(path, serde_json::to_vec_pretty(&figures)?)?;
    }
    Ok(())
}

/// A seeded shop: a few customers buy a hundred times as much as most, a few products sell to everybody,
/// and every fourth product has a companion that is often bought with it.
struct Shop {
    people: Vec<Record>,
    lines: Vec<OrderLineRow>,
    numbers: Vec<String>,
    now: DateTime<Utc>,
}

impl Shop {
    fn new(sizes: &Sizes) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(20_260_101);
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_600);
        let euro = Currency::from_code("EUR").expect("EUR is in ISO 4217");
        let mut shop = Shop {
            people: Vec::new(),
            lines: Vec::new(),
            numbers: Vec::new(),
            now,
        };
        for product in 0..sizes.products {
            shop.people.push(Record::Product(ProductRow {
                key: product.to_string(),
                name: format!("Product number {product} in a box of twelve"),
                category: format!("Category {}", product % 40),
                price: Some(Money {
                    minor: i64::from(product % 900 + 100),
                    currency: euro,
                }),
                discontinued: product % 50 == 0,
            }));
        }
        for customer in 0..sizes.customers {
            shop.customer(customer, euro, &mut random);
        }
        shop.orders(sizes, euro, &mut random);
        shop
    }

    fn customer(&mut self, n: u32, currency: Currency, random: &mut ChaCha8Rng) {
        // One in twenty shares a switchboard with nineteen others.
        let digits = if random.random_ratio(1, 20) {
            4_930_200_000_000 + u64::from(n / 400)
        } else {
            4_930_100_000_000 + u64::from(n)
        };
        let number = format!("+{digits}");
        let key = n.to_string();
        let phone = PhoneRow {
            raw: number.clone(),
            label: "phone".into(),
            key: Key::new(digits),
            given: Given::International,
            ext: None,
        };
        self.people.push(Record::Customer(CustomerRow {
            key: key.clone(),
            name: format!("Given Family{n}"),
            company: format!("Company {n} Trading Ltd"),
            city: format!("Town {}", n % 900),
            country: Some("DE".into()),
            phones: vec![phone],
            ..CustomerRow::default()
        }));
        if random.random_ratio(1, 3) {
            let (open, not_due) = (90_000, 50_000);
            let (overdue_30, overdue_60, overdue_more) = (30_000, 10_000, 0);
            let as_of = self.now;
            let customer = key.clone();
            self.people.push(Record::Balance(BalanceRow {
                customer,
                currency,
                open,
                not_due,
                overdue_30,
                overdue_60,
                overdue_more,
                as_of,
            }));
        }
        if random.random_ratio(1, 20) {
            let (number, subject) = (format!("T{n}"), "The second box came open".into());
            self.people.push(Record::Ticket(TicketRow {
                customer: key,
                number,
                subject,
                open: true,
                at: self.now,
            }));
        }
        self.numbers.push(number);
    }

    fn orders(&mut self, sizes: &Sizes, currency: Currency, random: &mut ChaCha8Rng) {
        let mut order = 0u32;
        while self.lines.len() < sizes.lines {
            let customer = skewed(random, sizes.customers, 3);
            let at = self.now - TimeDelta::seconds(random.random_range(0..3 * 365 * 86_400));
            order += 1;
            for _ in 0..random.random_range(1..5) {
                let product = skewed(random, sizes.products, 2);
                self.line(customer, order, product, at, currency);
                if product.is_multiple_of(4) && random.random_ratio(1, 2) {
                    self.line(customer, order, product + 1, at, currency);
                }
            }
        }
        self.lines.truncate(sizes.lines);
        // As a shop system exports them: by order, orders by time.
        self.lines.sort_by(|a, b| (a.at, &a.order).cmp(&(b.at, &b.order)));
    }

    fn line(&mut self, customer: u32, order: u32, product: u32, at: DateTime<Utc>, currency: Currency) {
        self.lines.push(OrderLineRow {
            customer: customer.to_string(),
            order: (10_000_000 + order).to_string(),
            at,
            product: product.to_string(),
            quantity_milli: 3_000,
            amount: Money {
                minor: i64::from(product % 900 + 100) * 3,
                currency,
            },
        });
    }
}

/// One of `count`, the first much more often than the last.
fn skewed(random: &mut ChaCha8Rng, count: u32, draws: u32) -> u32 {
    (0..draws).fold(count - 1, |most, _| random.random_range(0..=most))
}

fn imports(shop: &Shop, cache: &Path, floor: &Path) -> Result<Vec<Figure>> {
    let directory = Directory::open(cache, &KEY)?;
    let (start, clock) = (Instant::now(), ThreadTime::now());
    let mut import = directory.begin_import("bench", shop.now)?;
    for row in &shop.people {
        import.record(row)?;
    }
    import.finish()?;
    let people = (
        shop.people.len() as f64 / clock.elapsed().as_secs_f64(),
        start.elapsed(),
    );

    let first = import_lines(shop, &directory)?;
    let again = import_lines(shop, &directory)?;
    let bare = insert_plain(shop, floor)?;
    let rows = shop.lines.len() as f64;
    let rate = |took: Duration| rows / took.as_secs_f64();
    let floor = rate(bare.0);
    Ok(vec![
        Figure::new(
            "import: order lines",
            "rows/s",
            rate(first.0),
            floor,
            format!(
                "{rows:.0} lines with sums and relations, {:.1} s on the clock; floor: plain SQLite, one transaction, {:.1} s",
                first.1.as_secs_f64(),
                bare.1.as_secs_f64()
            ),
        ),
        Figure::new(
            "import: the same lines again",
            "rows/s",
            rate(again.0),
            floor,
            "nothing changes",
        ),
        Figure::new(
            "import: customers, products, …",
            "rows/s",
            people.0,
            floor,
            format!(
                "{} rows, {:.1} s on the clock",
                shop.people.len(),
                people.1.as_secs_f64()
            ),
        ),
    ])
}

fn import_lines(shop: &Shop, directory: &Directory) -> Result<(Duration, Duration)> {
    let (start, clock) = (Instant::now(), ThreadTime::now());
    let mut import = directory.begin_import("bench", shop.now)?;
    for row in &shop.lines {
        import.order_line(row)?;
    }
    import.finish()?;
    Ok((clock.elapsed(), start.elapsed()))
}

/// The same tuples into the same table, in the order they come.
fn insert_plain(shop: &Shop, path: &Path) -> Result<(Duration, Duration)> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -131072;
         CREATE TABLE purchases (customer_id INTEGER NOT NULL, at INTEGER NOT NULL, number TEXT NOT NULL,
             product_id INTEGER NOT NULL, nth INTEGER NOT NULL, quantity INTEGER NOT NULL, amount INTEGER NOT NULL,
             currency TEXT NOT NULL, PRIMARY KEY (customer_id, at DESC, number, product_id, nth)) WITHOUT ROWID;",
    )?;
    let number = |text: &str| text.parse::<i64>().unwrap_or_default();
    let mut seen: HashMap<(&str, &str), i64> = HashMap::new();
    let tuples: Vec<_> = shop
        .lines
        .iter()
        .map(|row| {
            let nth = seen.entry((&row.order, &row.product)).or_default();
            *nth += 1;
            (number(&row.customer), row, number(&row.product), *nth - 1)
        })
        .collect();
    let (start, clock) = (Instant::now(), ThreadTime::now());
    connection.execute_batch("BEGIN")?;
    let mut insert = connection.prepare("INSERT INTO purchases VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
    for (customer, row, product, nth) in &tuples {
        let (at, amount, currency) = (row.at.timestamp(), row.amount.minor, row.amount.currency.code());
        insert.execute(params![
            customer,
            at,
            row.order,
            product,
            nth,
            row.quantity_milli,
            amount,
            currency
        ])?;
    }
    connection.execute_batch("COMMIT")?;
    Ok((clock.elapsed(), start.elapsed()))
}

fn copy_plain(cache: &Path, plain: &Path) -> Result<()> {
    let connection = Connection::open(cache)?;
    let hex: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    connection.execute_batch(&format!("PRAGMA key = \"x'{hex}'\""))?;
    connection.execute("ATTACH ?1 AS plain KEY ''", [plain.to_string_lossy()])?;
    connection.query_row("SELECT sqlcipher_export('plain')", [], |_| Ok(()))?;
    Ok(())
}

fn pops(sizes: &Sizes, shop: &Shop, cache: &Path, plain: &Path) -> Result<Vec<Figure>> {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut numbers: Vec<&str> = shop.numbers.iter().map(String::as_str).collect();
    numbers.shuffle(&mut random);
    let (warm, cold) = numbers.split_at(sizes.callers);
    let cold = &cold[..sizes.callers.min(cold.len())];
    number::warm(None);
    let mut identify = Identify::new(
        Directory::open(cache, &KEY)?,
        DialContext::default(),
        Default::default(),
        Vec::new(),
    );
    let floor = Connection::open(plain)?;
    floor.execute_batch("PRAGMA mmap_size = 0; PRAGMA cache_size = -65536")?;
    let mut floor = Floor::new(&floor)?;

    let first = Times::of(cold, 1, |number| pop(&mut identify, number, shop.now).map(drop))?;
    let first_floor = Times::of(cold, 1, |number| floor.pop(number))?;
    let shown = warm
        .iter()
        .map(|number| pop(&mut identify, number, shop.now))
        .collect::<Result<Vec<_>>>()?;
    Times::of(warm, 1, |number| floor.pop(number))?;
    let ours = Times::of(warm, sizes.rounds, |number| {
        pop(&mut identify, number, shop.now).map(drop)
    })?;
    let bare = Times::of(warm, sizes.rounds, |number| floor.pop(number))?;

    let one = shown
        .iter()
        .filter(|found| found.pop.verdict == VerdictKind::One)
        .count();
    let advised = shown.iter().filter(|found| !found.pop.suggestions.is_empty()).count();
    let note = format!(
        "{} callers × {}, {one} of them one customer, {advised} with suggestions",
        warm.len(),
        sizes.rounds
    );
    Ok(vec![
        Figure::new(
            "pop: verdict and whole view, p50",
            "CPU µs",
            ours.at(50),
            bare.at(50),
            note,
        ),
        Figure::new(
            "pop: verdict and whole view, p99",
            "CPU µs",
            ours.at(99),
            bare.at(99),
            "floor: the SQL alone, plain SQLite",
        ),
        Figure::new(
            "pop: a caller's first time, p50",
            "CPU µs",
            first.at(50),
            first_floor.at(50),
            "pages read and decrypted",
        ),
        Figure::new(
            "pop: a caller's first time, p99",
            "CPU µs",
            first.at(99),
            first_floor.at(99),
            "",
        ),
    ])
}

fn pop(identify: &mut Identify, number: &str, now: DateTime<Utc>) -> Result<Found> {
    let party = Party {
        number: number.to_owned(),
        ..Party::default()
    };
    let offset = FixedOffset::east_opt(3_600).ok_or("an hour is an offset")?;
    Ok(black_box(identify.find(
        "",
        &party,
        &mut |_| Vec::new(),
        Moment { now, offset },
    )?))
}

/// CPU times in microseconds, sorted.
struct Times(Vec<f64>);

impl Times {
    fn of(numbers: &[&str], rounds: usize, mut work: impl FnMut(&str) -> Result<()>) -> Result<Self> {
        let mut times = Vec::with_capacity(numbers.len() * rounds);
        for number in std::iter::repeat_n(numbers, rounds).flatten() {
            let clock = ThreadTime::now();
            work(number)?;
            times.push(clock.elapsed().as_secs_f64() * 1e6);
        }
        times.sort_by(f64::total_cmp);
        Ok(Times(times))
    }

    fn at(&self, percent: usize) -> f64 {
        self.0[(self.0.len() - 1) * percent / 100]
    }
}

/// The statements a pop needs, with rows stepped through and every column looked at.
struct Floor<'c> {
    begin: Statement<'c>,
    end: Statement<'c>,
    holders: Statement<'c>,
    each: Vec<Statement<'c>>,
    several: Vec<Statement<'c>>,
}

impl<'c> Floor<'c> {
    fn new(connection: &'c Connection) -> Result<Self> {
        let prepare = |sqls: &[&str]| {
            sqls.iter()
                .map(|sql| connection.prepare(sql))
                .collect::<rusqlite::Result<Vec<_>>>()
        };
        let customer = "SELECT c.id, s.name, c.key, c.name, c.company, c.city, c.country, c.seen
             FROM customers c JOIN sources s ON s.id = c.source WHERE c.id = ?1";
        Ok(Floor {
            begin: connection.prepare("BEGIN")?,
            end: connection.prepare("COMMIT")?,
            holders: connection.prepare("SELECT customer_id, given, ext FROM phones WHERE key = ?1")?,
            each: prepare(&[
                customer,
                "SELECT open, currency, not_due, overdue_30, overdue_60, overdue_more, as_of
                 FROM balances WHERE customer_id = ?1",
                "SELECT at, number, amount, currency FROM order_totals WHERE customer_id = ?1 ORDER BY at DESC, number",
                "SELECT at, number, product_id, quantity, amount, currency FROM purchases
                 WHERE customer_id = ?1 ORDER BY at DESC, number, product_id, nth LIMIT 10",
                "SELECT product_id, last FROM bought WHERE customer_id = ?1",
                "SELECT number, subject, at, seen FROM tickets WHERE customer_id = ?1 AND open ORDER BY at DESC",
                "SELECT orders FROM sources WHERE id = 1 AND ?1 > 0",
            ])?,
            several: prepare(&[
                customer,
                "SELECT at FROM order_totals WHERE customer_id = ?1 ORDER BY at DESC LIMIT 1",
            ])?,
        })
    }

    fn pop(&mut self, number: &str) -> Result<()> {
        let key: i64 = number.trim_start_matches('+').parse()?;
        self.begin.execute([])?;
        let mut holders = Vec::new();
        let mut rows = self.holders.query([key])?;
        while let Some(row) = rows.next()? {
            black_box((row.get_ref(1)?, row.get_ref(2)?));
            holders.push(row.get::<_, i64>(0)?);
        }
        drop(rows);
        let statements = if holders.len() == 1 {
            &mut self.each
        } else {
            &mut self.several
        };
        for holder in holders {
            for statement in statements.iter_mut() {
                step(statement, holder)?;
            }
        }
        self.end.execute([])?;
        Ok(())
    }
}

fn step(statement: &mut Statement<'_>, customer: i64) -> Result<()> {
    let columns = statement.column_count();
    let mut rows = statement.query([customer])?;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            black_box(row.get_ref(column)?);
        }
    }
    Ok(())
}
