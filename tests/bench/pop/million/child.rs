//! A process of its own: how soon it can answer the first call, and how much memory it holds afterwards.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Instant;

use ringside::number;
use rusqlite::Connection;

use super::pops::{CALLERS, callers, drop_page_cache, identify};
use super::{Ground, Shop, Sizes};
use crate::figures::Figure;
use crate::floor::Floor;
use crate::{Result, pop};

const TASK: &str = "RINGSIDE_BENCH_CHILD";

/// What the child measured.
struct Told {
    first_ms: f64,
    memory_mb: f64,
}

pub(super) fn figures(ground: &Ground) -> Result<Vec<Figure>> {
    drop_page_cache(&ground.cache)?;
    drop_page_cache(&ground.plain)?;
    let (cold, bare_cold) = (ask(ground, "cache")?, ask(ground, "plain")?);
    let (warm, bare_warm) = (ask(ground, "cache")?, ask(ground, "plain")?);
    let note = "a process from its start until the answer to its first caller; floor: the bare statements";
    Ok(vec![
        Figure::new(
            "million: start to the first pop",
            "ms",
            warm.first_ms,
            bare_warm.first_ms,
            note,
        ),
        Figure::new(
            "million: the same, nothing in memory",
            "ms",
            cold.first_ms,
            bare_cold.first_ms,
            "the files dropped from the system's cache",
        ),
        Figure::new(
            "million: memory at rest",
            "MB resident",
            warm.memory_mb,
            bare_warm.memory_mb,
            format!(
                "after {CALLERS} pops and a hundred searches, page cache full; floor: plain SQLite, same page cache"
            ),
        ),
    ])
}

fn ask(ground: &Ground, which: &str) -> Result<Told> {
    let Sizes {
        customers,
        lines,
        products,
    } = ground.shop.sizes;
    let folder = ground.cache.parent().ok_or("the cache is in a folder")?;
    let start = Instant::now();
    let mut child = Command::new(std::env::current_exe()?)
        .env(
            TASK,
            format!("{which} {customers} {lines} {products} {}", folder.display()),
        )
        .stdout(Stdio::piped())
        .spawn()?;
    let mut told = BufReader::new(child.stdout.take().ok_or("the child has an output")?).lines();
    told.next().ok_or("the child answered nobody")??;
    let first_ms = start.elapsed().as_secs_f64() * 1e3;
    let memory_mb = told.next().ok_or("the child did not tell its memory")??.parse()?;
    child.wait()?;
    Ok(Told { first_ms, memory_mb })
}

/// Does the task, when this process is such a child.
pub(crate) fn run() -> Result<bool> {
    let Ok(task) = std::env::var(TASK) else {
        return Ok(false);
    };
    let words: Vec<&str> = task.splitn(5, ' ').collect();
    let [which, customers, lines, products, folder] = words[..] else {
        return Err("the task is not complete".into());
    };
    let folder = std::path::Path::new(folder);
    let ground = Ground {
        shop: Shop::new(Sizes {
            customers: customers.parse()?,
            lines: lines.parse()?,
            products: products.parse()?,
        }),
        cache: folder.join("cache.db"),
        plain: folder.join("plain.db"),
    };
    let callers = callers(&ground.shop, 1);
    if which == "cache" {
        whole(&ground, &callers)?;
    } else {
        bare(&ground, &callers)?;
    }
    println!("{}", status_mb("VmRSS")?);
    Ok(true)
}

fn whole(ground: &Ground, callers: &[String]) -> Result<()> {
    number::warm(None);
    let mut identify = identify(ground)?;
    pop(&mut identify, &callers[0], ground.shop.now)?;
    said()?;
    for caller in callers {
        pop(&mut identify, caller, ground.shop.now)?;
    }
    let mut directory = super::open(ground)?;
    for typed in super::search::typed(&ground.shop, 2).iter().take(100) {
        directory.read()?.search(&typed.text, 10)?;
    }
    Ok(())
}

fn bare(ground: &Ground, callers: &[String]) -> Result<()> {
    let connection = Connection::open(&ground.plain)?;
    connection.execute_batch("PRAGMA mmap_size = 0; PRAGMA cache_size = -65536")?;
    let mut floor = Floor::new(&connection)?;
    floor.pop(&callers[0])?;
    said()?;
    callers.iter().try_for_each(|caller| floor.pop(caller))
}

fn said() -> Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "answered")?;
    Ok(out.flush()?)
}

/// A figure of this process, as Linux tells it.
pub(super) fn status_mb(name: &str) -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find(|line| line.starts_with(name))
        .ok_or("no such figure")?;
    let kib: f64 = line.split_whitespace().nth(1).ok_or("no value")?.parse()?;
    Ok(kib / 1_000.0)
}
