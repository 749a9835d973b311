//! How much CPU a pop takes, and an import, beside the bare SQL statements on a plain SQLite file.
//!
//! `cargo bench --bench pop`; a tiny shop with `RINGSIDE_BENCH_QUICK=1` or `-- --quick`, one of a million customers
//! with `RINGSIDE_BENCH_MILLION=1` or `-- --million`. With `RINGSIDE_BENCH_DESK` it makes a home for the desk's window in the
//! folder of that name and measures nothing. Figures go to
//! standard output, and as JSON to the file that `RINGSIDE_BENCH_OUT` names. CPU times are those of the
//! thread, so that a busy machine disturbs them little; trust the ratios more than the figures.

#[path = "../figures.rs"]
mod figures;
mod floor;
mod million;
mod shop;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset, Utc};
use cpu_time::ThreadTime;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use ringside::call::Party;
use ringside::desk::{Found, Identify, Moment, Via};
use ringside::directory::Directory;
use ringside::number::{self, DialContext};
use ringside::pop::view::VerdictKind;
use rusqlite::Connection;

use figures::{Figure, Result};
use floor::{Floor, copy_plain, insert_plain};
use shop::Shop;

const KEY: [u8; 32] = [42; 32];

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
    if million::child()? {
        return Ok(());
    }
    if let Some(home) = std::env::var_os("RINGSIDE_BENCH_DESK") {
        return million::desk::make(Path::new(&home), figures::quick());
    }
    if std::env::var_os("RINGSIDE_BENCH_MILLION").is_some() || std::env::args().any(|arg| arg == "--million") {
        return figures::publish(&million::run(figures::quick())?);
    }
    let sizes = if figures::quick() {
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
    figures::publish(&figures)
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
    let via = Via {
        feed: "",
        called: "",
        trunk: None,
    };
    Ok(black_box(identify.find(via, &party, None, Moment { now, offset })?))
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
        Ok(Times::sorted(times))
    }

    fn sorted(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        Times(times)
    }

    fn at(&self, percent: usize) -> f64 {
        self.0[(self.0.len() - 1) * percent / 100]
    }
}
