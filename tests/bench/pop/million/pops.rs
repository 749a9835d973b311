//! Pops of the million-customer shop: warm, of anybody, cold, and while an import writes.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ringside::desk::Identify;
use ringside::directory::Directory;
use ringside::number::{self, DialContext};
use ringside::source::record::Record;
use rusqlite::Connection;
use rustix::fs::{Advice, fadvise};

use super::{Ground, Shop, open};
use crate::figures::Figure;
use crate::floor::Floor;
use crate::{Result, Times, pop};

/// How many different customers call often.
pub(super) const CALLERS: usize = 1_000;
const ROUNDS: usize = 20;
const COLD: usize = 300;
/// How long one looks, quiet and during a sync.
const WATCHED: Duration = Duration::from_secs(20);
/// A phone rings this often: the processor has time for other things in between.
const EVERY: Duration = Duration::from_millis(4);
/// Rows of one sync.
const SYNC: u32 = 100_000;

pub(super) fn callers(shop: &Shop, seed: u64) -> Vec<String> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let any = |_| random.random_range(0..shop.sizes.customers);
    (0..CALLERS).map(any).map(|n| format!("+{}", shop.number(n))).collect()
}

pub(super) fn identify(ground: &Ground) -> Result<Identify> {
    Ok(Identify::new(
        open(ground)?,
        DialContext::default(),
        Default::default(),
        Vec::new(),
    ))
}

fn plain(ground: &Ground) -> Result<Connection> {
    let connection = Connection::open(&ground.plain)?;
    connection.execute_batch("PRAGMA mmap_size = 0; PRAGMA cache_size = -65536")?;
    Ok(connection)
}

/// Takes a file out of the system's memory.
pub(super) fn drop_page_cache(path: &Path) -> Result<()> {
    let file = std::fs::File::open(path)?;
    file.sync_all()?;
    Ok(fadvise(&file, 0, None, Advice::DontNeed)?)
}

fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

pub(super) fn figures(ground: &Ground) -> Result<Vec<Figure>> {
    number::warm(None);
    let now = ground.shop.now;
    let (often, anybody) = (callers(&ground.shop, 1), callers(&ground.shop, 2));
    let (often, anybody) = (strs(&often), strs(&anybody));
    let mut identify = identify(ground)?;
    let connection = plain(ground)?;
    let mut floor = Floor::new(&connection)?;
    let mut ours = |who: &[&str], rounds| Times::of(who, rounds, |who| pop(&mut identify, who, now).map(drop));
    let mut bare = |who: &[&str], rounds| Times::of(who, rounds, |who| floor.pop(who));
    ours(&often, 1)?;
    bare(&often, 1)?;
    let (warm, warm_bare) = (ours(&often, ROUNDS)?, bare(&often, ROUNDS)?);
    let (random, random_bare) = (ours(&anybody, 1)?, bare(&anybody, 1)?);
    let mut figures = Vec::new();
    let mut both = |p50, p99, unit, ours: &Times, bare: &Times, note: &str| {
        figures.push(Figure::new(p50, unit, ours.at(50), bare.at(50), note));
        figures.push(Figure::new(p99, unit, ours.at(99), bare.at(99), ""));
    };
    both(
        "million: pop, warm, p50",
        "million: pop, warm, p99",
        "CPU µs",
        &warm,
        &warm_bare,
        "verdict and whole view; 1,000 callers × 20, each popped once before; page cache 64 MB; floor: the SQL alone, plain SQLite",
    );
    both(
        "million: pop of anybody, p50",
        "million: pop of anybody, p99",
        "CPU µs",
        &random,
        &random_bare,
        "a customer's first time: pages read and decrypted",
    );
    let (cold, cold_bare) = (cold(ground)?, cold_floor(ground)?);
    both(
        "million: pop, cold, p50",
        "million: pop, cold, p99",
        "ms clock",
        &cold,
        &cold_bare,
        "the file dropped from the system's cache before each",
    );
    Ok(figures)
}

fn cold(ground: &Ground) -> Result<Times> {
    let mut identify = identify(ground)?;
    let callers = callers(&ground.shop, 3);
    pop(&mut identify, &callers[CALLERS - 1], ground.shop.now)?;
    let took = callers.iter().take(COLD).map(|caller| {
        drop_page_cache(&ground.cache)?;
        let start = Instant::now();
        pop(&mut identify, caller, ground.shop.now)?;
        Ok(start.elapsed().as_secs_f64() * 1e3)
    });
    took.collect::<Result<Vec<_>>>().map(Times::sorted)
}

fn cold_floor(ground: &Ground) -> Result<Times> {
    let connection = plain(ground)?;
    let mut floor = Floor::new(&connection)?;
    let callers = callers(&ground.shop, 3);
    floor.pop(&callers[CALLERS - 1])?;
    let took = callers.iter().take(COLD).map(|caller| {
        drop_page_cache(&ground.plain)?;
        let start = Instant::now();
        floor.pop(caller)?;
        Ok(start.elapsed().as_secs_f64() * 1e3)
    });
    took.collect::<Result<Vec<_>>>().map(Times::sorted)
}

/// The clock of a pop while rows are written as fast as they go, beside the quiet one: new orders of customers all over the
/// shop, and then the first sync of another source.
pub(super) fn during_a_sync(ground: &Ground) -> Result<Vec<Figure>> {
    let copy = Ground {
        shop: Shop::new(ground.shop.sizes),
        cache: ground.cache.with_file_name("synced.db"),
        plain: ground.plain.clone(),
    };
    std::fs::copy(&ground.cache, &copy.cache)?;
    let mut identify = identify(&copy)?;
    watch(&copy, &mut identify, |start| start.elapsed() > EVERY * 2_000)?;
    let quiet = watch(&copy, &mut identify, |start| start.elapsed() > WATCHED)?;
    let mut figures = Vec::new();
    for (what, write) in [("new orders", orders as Write), ("a first sync", people)] {
        let (busy, synced) = while_writing(&copy, &mut identify, write)?;
        let note = format!(
            "{:.0} rows written in {} imports, {:.0} rows/s on the clock; floor: the same pops, nothing written",
            synced.rows, synced.imports, synced.rate
        );
        for (name, percent) in [("p50", 50), ("p99", 99), ("worst", 100)] {
            let name = format!("million: pop during {what}, {name}");
            let note = if percent == 50 { note.as_str() } else { "" };
            figures.push(Figure::new(name, "clock µs", busy.at(percent), quiet.at(percent), note));
        }
    }
    drop(identify);
    for end in ["", "-wal", "-shm"] {
        let _gone = std::fs::remove_file(copy.cache.with_file_name(format!("synced.db{end}")));
    }
    Ok(figures)
}

/// The clock of pops, one at a time, until it is time.
fn watch(ground: &Ground, identify: &mut Identify, until: impl Fn(Instant) -> bool) -> Result<Times> {
    let callers = callers(&ground.shop, 1);
    let (start, mut times) = (Instant::now(), Vec::new());
    for caller in callers.iter().cycle() {
        let clock = Instant::now();
        pop(identify, caller, ground.shop.now)?;
        times.push(clock.elapsed().as_secs_f64() * 1e6);
        if until(start) {
            break;
        }
        std::thread::sleep(EVERY);
    }
    Ok(Times::sorted(times))
}

/// Pops while another thread writes import after import.
fn while_writing(ground: &Ground, identify: &mut Identify, write: Write) -> Result<(Times, Synced)> {
    let stop = AtomicBool::new(false);
    let (busy, synced) = std::thread::scope(|scope| {
        let writer = scope.spawn(|| sync(ground, write, &stop).map_err(|error| error.to_string()));
        let busy = watch(ground, identify, |start| {
            start.elapsed() > WATCHED || writer.is_finished()
        });
        stop.store(true, Ordering::Relaxed);
        (busy, writer.join())
    });
    Ok((busy?, synced.map_err(|_| "the sync panicked")??))
}

struct Synced {
    rows: f64,
    imports: u32,
    rate: f64,
}

/// Writes one import, by its number, and says how many rows it had and how long they took.
type Write = fn(&Ground, &Directory, u32) -> Result<(f64, Duration)>;

fn sync(ground: &Ground, write: Write, stop: &AtomicBool) -> Result<Synced> {
    let (mut rows, mut imports, mut took) = (0.0, 0, Duration::ZERO);
    let directory = open(ground)?;
    while !stop.load(Ordering::Relaxed) {
        let (written, clock) = write(ground, &directory, imports)?;
        (rows, took) = (rows + written, took + clock);
        imports += 1;
    }
    let rate = rows / took.as_secs_f64();
    Ok(Synced { rows, imports, rate })
}

/// New orders of customers all over the shop.
fn orders(ground: &Ground, directory: &Directory, nth: u32) -> Result<(f64, Duration)> {
    let first = nth * SYNC / 2;
    let lines: Vec<_> = (first..)
        .flat_map(|n| ground.shop.order(n))
        .map(|mut line| {
            line.order.insert(0, 'S');
            line
        })
        .take(SYNC as usize)
        .collect();
    let start = Instant::now();
    let mut import = directory.begin_import("bench", ground.shop.now)?;
    for line in &lines {
        import.order_line(line)?;
    }
    import.finish()?;
    Ok((lines.len() as f64, start.elapsed()))
}

/// Customers of another source, with their numbers and balances.
fn people(ground: &Ground, directory: &Directory, nth: u32) -> Result<(f64, Duration)> {
    let first = ground.shop.sizes.customers + nth * SYNC;
    let records: Vec<Record> = (first..first + SYNC).flat_map(|n| ground.shop.customer(n)).collect();
    let rows = records.len() + records.iter().map(super::load::phones).sum::<usize>();
    let start = Instant::now();
    let mut import = directory.begin_import("another", ground.shop.now)?;
    for record in &records {
        import.record(record)?;
    }
    import.finish()?;
    Ok((rows as f64, start.elapsed()))
}
